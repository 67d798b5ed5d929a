"""A backup is made while events flow; what it holds is a pool, to the last acknowledged event."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path

from tests.story.conftest import COMMAND, ENVIRONMENT, PATIENCE, Server
from tests.story.test_kill import SENDERS, check, send


def test_a_backup_under_load_is_restored_with_everything_acknowledged_before(
    own_server: Server, tmp_path: Path
) -> None:
    safe = tmp_path / "safe"
    key = own_server.source("shop")
    sent: set[str] = set()
    acknowledged: set[str] = set()
    stop = threading.Event()
    senders = [
        threading.Thread(target=send, args=(own_server.url, key, stop, sent, acknowledged, (0, n)))
        for n in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    while len(acknowledged) < 500:
        time.sleep(0.01)
    own_server.command("backup", str(safe))
    before = set(acknowledged)
    report = own_server.command("backup", str(safe))
    meanwhile = len(acknowledged) - len(before)
    stop.set()
    for sender in senders:
        sender.join()
    assert meanwhile > 0, "nothing was taken in while the backup was made"
    assert report["position"] > 0
    proof = _restore(safe, tmp_path / "again")
    assert proof["position"] == report["position"]
    assert proof["findings"] == []
    check(tmp_path / "again", sent, before)
    again = Server(tmp_path / "again")
    try:
        assert again.send(key, {"type": "track", "event": "Signed In", "userId": "new"})["accepted"]
    finally:
        again.stop()


def _restore(safe: Path, folder: Path) -> dict[str, object]:
    words = ["restore", str(safe), "--data", str(folder), "--json"]
    done = subprocess.run(
        [*COMMAND, *words], env=ENVIRONMENT, capture_output=True, text=True, timeout=2 * PATIENCE
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told
