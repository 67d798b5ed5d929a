"""What the journal promises when several processes write, and when one is killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from hotspring.journal import DELIVERY, Journal

WRITER = """
import os
import sys
from pathlib import Path
from hotspring.journal import DELIVERY, Journal, Record

folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with Journal(folder, roll_bytes=20_000) as journal:
    print("ready", flush=True)
    sys.stdin.readline()
    for at in range(count):
        bodies = [
            f"{name}-{at}-{part} ".encode() + os.urandom(at % 3000) for part in range(1 + at % 3)
        ]
        for seq, body in zip(journal.append([Record(DELIVERY, 0, b) for b in bodies]), bodies):
            print(seq, body.split(b" ")[0].decode(), flush=True)
"""


def writer(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def acknowledged(process: subprocess.Popen[str]) -> list[tuple[int, str]]:
    """What the writer said was kept; a last line without its end was cut off by the kill."""
    lines = process.communicate()[0].splitlines(keepends=True)
    parts = [line.split() for line in lines if line.endswith("\n")]
    return [(int(seq), name) for seq, name in parts]


def stored(folder: Path) -> dict[int, str]:
    found: dict[int, str] = {}
    with Journal(folder) as journal:
        assert journal.check() == []
        while entries := journal.read(max(found, default=0)):
            for entry in entries:
                assert entry.kind == DELIVERY
                found[entry.seq] = entry.body.split(b" ")[0].decode()
    return found


def test_processes_share_one_order_without_a_gap_while_files_roll(tmp_path: Path) -> None:
    with Journal(tmp_path):
        pass
    processes = [writer(tmp_path, name, 150) for name in ("a", "b", "c")]
    for process in processes:
        start(process)
    answers = [pair for process in processes for pair in acknowledged(process)]
    found = stored(tmp_path)
    assert list(found) == list(range(1, len(found) + 1))
    assert sorted(answers) == sorted(found.items())
    assert len(set(found.values())) == len(found)
    assert len(list((tmp_path / "journal").glob("*.sqlite"))) > 3
    for name in "abc":
        own = [int(text.split("-")[1]) for text in found.values() if text.startswith(name)]
        assert own == sorted(own)


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(7)
    answers: list[tuple[int, str]] = []
    round_ = 0
    while round_ < 6 or len(answers) <= 50:
        round_ += 1
        processes = [writer(tmp_path, f"{name}{round_}", 100_000) for name in "ab"]
        for process in processes:
            start(process)
        time.sleep(chance.uniform(0.05, 0.3))
        for process in processes:
            process.send_signal(signal.SIGKILL)
        for process in processes:
            answers += acknowledged(process)
    found = stored(tmp_path)
    assert list(found) == list(range(1, len(found) + 1))
    assert dict(answers).items() <= found.items()
    assert len(set(found.values())) == len(found)
