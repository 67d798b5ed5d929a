"""What happens to machines: kills between two writes, clocks that jump, disks that forget."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from hotspring import durable
from hotspring.backup import Maker
from hotspring.errors import FolderError, FolderInUse, JournalUnavailable
from hotspring.event import Event
from hotspring.settings import Settings
from hotspring.store import manifest as manifests
from tests.folders.disks import read_only
from tests.laws.folding import DAY, HOUR, NOW, Folding, same_warmth


class Killed(BaseException):
    """The process ended here."""


def told(first: int, count: int, at: int = NOW) -> list[Event]:
    return [
        Event(f"m{n}", "track", "Order Completed", at, (f"user_id:u{n % 5}",), n, amount=9.0)
        for n in range(first, first + count)
    ]


@contextlib.contextmanager
def killed_at(moment: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """End the process before the write number `moment`; which writes were begun?"""
    begun: list[str] = []

    def watched(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def write(*args: Any, **kwargs: Any) -> Any:
            begun.append(name)
            if len(begun) == moment:
                raise Killed
            return real(*args, **kwargs)

        patch.setattr(owner, name, write)

    with monkeypatch.context() as patch:
        watched(durable, "sync_file")
        watched(durable, "sync_folder")
        watched(manifests, "write")
        watched(np, "save")
        watched(Path, "replace")
        watched(Path, "unlink")
        watched(shutil, "rmtree")
        yield begun


def test_a_seal_a_snapshot_or_a_compaction_killed_at_any_write_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, sent, moment, finished = tmp_path / "pool", 0, 0, False
    with Folding(folder) as pool:
        for _ in range(6):
            pool.deliver(told(sent, 7))
            pool.app.seal()
            sent += 7
    while not finished:
        moment += 9
        with Folding(folder) as pool:
            pool.deliver(told(sent, 7))
            sent += 7
            partition, warmth = pool.partition(), pool.warmth()
            with killed_at(moment, monkeypatch) as begun, contextlib.suppress(Killed):
                pool.app.save()
                pool.app._store.compact()
                finished = True
        with Folding(folder) as again:
            assert again.partition() == partition, begun
            assert same_warmth(again.warmth(), warmth)
            assert again.app.pool.status()["events"] == sent
            assert [one for one in again.app.pool.check() if not one["ok"]] == []
    assert moment > 50, "it was killed at too few moments to prove anything"
    with Folding(folder) as pool:
        assert pool.app.pipeline.replace_by_rebuild()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_an_hour_loses_and_repeats_nothing(tmp_path: Path, hours: int) -> None:
    jumped = NOW + hours * HOUR
    with Folding(tmp_path / "jumped") as pool, Folding(tmp_path / "steady") as steady:
        for one in (pool, steady):
            one.deliver(told(0, 20))
            one.app.pipeline.announce(NOW, everyone=True)
            one.apply()
        pool.deliver(told(15, 20), received=jumped)
        steady.deliver(told(15, 20))
        for now in (jumped, jumped + 60_000, NOW + 2 * HOUR):
            pool.app.pipeline.announce(now, everyone=True)
            pool.apply()
        assert pool.app.pool.status()["events"] == 35
        assert pool.app.pool.status()["duplicates"] == 5
        assert same_warmth(
            {key: ("", heat) for key, (_, heat) in pool.warmth().items()},
            {key: ("", heat) for key, (_, heat) in steady.warmth().items()},
        )
        rows = pool.app.pool.announcements(500, None)[0]
        told_of = [(row["profile"], row["before"], row["after"]) for row in reversed(rows)]
        for profile in {row[0] for row in told_of}:
            mine = [row for row in told_of if row[0] == profile]
            assert all(a[2] == b[1] for a, b in itertools.pairwise(mine)), mine
        pool.app.save()
        assert pool.app.journal.drop(10**9, jumped) == []
        assert pool.app.pipeline.replace_by_rebuild()


def test_a_disk_that_became_read_only_answers_and_takes_up_again(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver(told(0, 20))
        pool.app.seal()
        pool.deliver(told(20, 5))
        pool.app.journal.close()  # a file that is open stays writable: only a disk itself can tell
        with read_only(tmp_path / "pool"):
            with pytest.raises(JournalUnavailable):
                pool.deliver(told(25, 5))
            with pytest.raises((OSError, duckdb.IOException), match="Permission denied"):
                pool.app.save()
            assert pool.app.pool.profile("user_id:u1")["events"] == 5
            found = {one["check"]: one for one in pool.app.pool.check()}
            assert not found["disk"]["ok"]
        pool.deliver(told(25, 5))
        pool.app.save()
        warmth = pool.warmth()
    with Folding(tmp_path / "pool") as again:
        assert again.app.pool.status()["events"] == 30
        assert same_warmth(again.warmth(), warmth)


def test_a_second_owner_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        with pytest.raises(FolderInUse, match=f"in use by process {os.getpid()}"):
            Folding(tmp_path / "pool")
        pool.deliver(told(0, 3))
        assert pool.app.pool.status()["events"] == 3


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("how", ["cut", "header", "half"])
def test_a_newest_journal_file_that_is_damaged_takes_no_event_with_it_that_was_sealed(
    tmp_path: Path, how: str, sealed: bool
) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        pool.deliver(told(0, 50))
        pool.app.save()
        for part in range(8):
            pool.deliver(told(50 + part, 1))
        if sealed:
            pool.app.seal()
        warmth = pool.warmth()
    file = folder / "journal/0001.sqlite"
    if how == "cut":
        os.truncate(file, file.stat().st_size - 4096)
    elif how == "header":
        body = bytearray(file.read_bytes())
        body[:16] = os.urandom(16)
        file.write_bytes(body)
    else:
        os.truncate(file, file.stat().st_size // 2)
    with Folding(folder, Settings()) as again:
        status = again.app.pool.status()
        if sealed or how == "header":
            assert status["events"] == 58
            assert same_warmth(again.warmth(), warmth)
        else:
            assert 50 <= status["events"] <= 58
        again.deliver(told(200, 4))
        assert again.app.pool.status()["events"] == status["events"] + 4
        found = {one["check"]: one for one in again.app.pool.check()}
        assert not found["journal"]["ok"]
        assert "0001.sqlite" in found["journal"]["detail"]
        assert found["position"]["ok"]
    with Folding(folder) as again:
        assert again.app.pool.status()["events"] == status["events"] + 4
        assert again.app.pipeline.replace_by_rebuild()


def test_a_damaged_block_is_named_and_mended_from_a_backup(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver(told(0, 50))
        pool.app.save()
        app = pool.app
        maker = Maker(app.folder, app._store, app.journal, app.operations)
        backup = Path(maker.make(tmp_path / "safe", 0, lambda share: None)["backup"])
        warmth = pool.warmth()
    block = next((tmp_path / "pool/blocks").glob("events-*"))
    body = bytearray(block.read_bytes())
    body[len(body) // 3] ^= 1
    block.write_bytes(body)
    with Folding(tmp_path / "pool") as pool:
        (found,) = [one for one in pool.app.pool.check() if not one["ok"]]
        assert (found["check"], block.name in found["detail"]) == ("blocks", True)
        assert "from a backup" in found["advice"]
    shutil.copy(backup / "blocks" / block.name, block)
    with Folding(tmp_path / "pool") as pool:
        assert [one for one in pool.app.pool.check() if not one["ok"]] == []
        assert pool.app.pipeline.replace_by_rebuild()
        assert same_warmth(pool.warmth(NOW + DAY), warmth)


@pytest.mark.parametrize("left", [0, 1])
def test_a_table_of_identifiers_that_lost_rows_is_refused_not_read_beyond(
    tmp_path: Path, left: int
) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        for first in (0, 2, 4):
            pool.deliver(told(first, 2))
            pool.app.seal()
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text())
    blocks = manifest["blocks"]["identifiers"]
    assert len(blocks) == 3
    # All but the newest are lost, or all.
    manifest["blocks"]["identifiers"] = blocks[2:] if left else []
    file.write_text(json.dumps(manifest))
    shutil.rmtree(folder / "journal")
    with pytest.raises(FolderError, match="identifiers has no rows of"):
        Folding(folder)


def test_a_damaged_record_that_was_sealed_is_replayed_from_the_tables(tmp_path: Path) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        pool.deliver(told(0, 20))
        pool.app.save()
        pool.deliver(told(20, 10))
        pool.deliver([Event("join", "identify", "", NOW, ("user_id:u1", "anonymous_id:a1"), 1)])
        pool.deliver(told(30, 10))
        pool.app.seal()
        pool.deliver(told(40, 10))
        partition, warmth = pool.partition(), pool.warmth()
    with contextlib.closing(sqlite3.connect(folder / "journal/0001.sqlite")) as db:
        db.execute("UPDATE entry SET crc = crc + 1 WHERE seq IN (3, 4)")
        db.commit()
    with Folding(folder) as again:
        assert again.partition() == partition
        assert same_warmth(again.warmth(), warmth)
        again.deliver(told(0, 60))
        assert again.app.pool.status()["events"] == 61
        assert again.app.pipeline.replace_by_rebuild()
        assert again.app.pool.status()["damaged"] == 2
