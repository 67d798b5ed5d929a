"""The doctor: every illness of a folder is found, named, and given something to do."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import FolderError
from hotspring.event import Event
from hotspring.pipeline import Keeper
from hotspring.pool import examine
from hotspring.settings import Settings
from tests.laws.folding import NOW, Folding
from tests.laws.test_erasure_laws import erase

DAY = 86_400_000
HOURS = 3_600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Folding(tmp_path / "pool", Settings()) as pool:
        for part in range(3):
            ids = (f"user_id:u{part}",)
            pool.deliver([Event(f"m{part}", "track", "Other", NOW, ids, part)])
            pool.app.save()
        pool.deliver([Event("late", "track", "Other", NOW, ("user_id:u1",), 9)])
    return tmp_path / "pool"


def flip(path: Path, at: float = 0.5) -> str:
    body = bytearray(path.read_bytes())
    body[int(len(body) * at)] ^= 0xFF
    path.write_bytes(body)
    return path.name


def ill(folder: Path) -> dict[str, str]:
    """What is not well, and what to do about it."""
    found = {one["check"]: one for one in examine(folder)}
    assert len(found) == 11
    sick = {name: one for name, one in found.items() if not one["ok"]}
    assert all(one["advice"] for one in sick.values())
    return {name: f"{one['detail']} -> {one['advice']}" for name, one in sick.items()}


def test_a_sound_folder_is_well_open_and_closed(folder: Path) -> None:
    assert ill(folder) == {}
    with Folding(folder) as pool:
        found = pool.app.pool.check()
    assert [one["check"] for one in found if not one["ok"]] == []
    assert [one["check"] for one in found][-2:] == ["pipeline", "keeping"]
    assert all(one["detail"] for one in found)


def test_who_reads_while_rows_go_is_no_illness(folder: Path) -> None:
    for path in folder.glob("blocks/*"):
        os.utime(path, (time.time() - 2 * HOURS, time.time() - 2 * HOURS))
    with Folding(folder) as pool:
        keeper, store = pool.app._keeper, pool.app._store
        with store.held():
            erase(pool, "user_id:u1")
            tended(keeper)
            assert store.retired
            assert keeper._pipeline.erasing.works
            found = pool.app.pool.check()
            assert [one for one in found if not one["ok"]] == []
        keeper._erased_at = 0.0
        tended(keeper)
        assert not store.retired
        assert not keeper._pipeline.erasing.works


def tended(keeper: Keeper) -> None:
    keeper.tend()
    while not keeper._idle():
        time.sleep(0.01)


def manifest(folder: Path, **changes: Any) -> str:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return str(next(iter(changes.values())))


def newer_records(folder: Path) -> str:
    with sqlite3.connect(folder / "operations.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    return "9999"


def open_key(folder: Path) -> str:
    (folder / "pool.key").chmod(0o644)
    return "chmod go="


def stray(folder: Path) -> str:
    file = folder / "blocks/events-99999999.parquet"
    file.write_bytes(b"half")
    os.utime(file, (time.time() - 7200,) * 2)
    return file.name


def half_a_projection(folder: Path) -> str:
    block, *_ = json.loads((folder / "manifest.json").read_text())["blocks"]["events"]
    file = folder / f"projections/{Path(block['file']).stem}-{block['crc']:08x}.arrow"
    file.write_bytes(b"ARROW1")
    return file.name


ILLNESSES: dict[str, tuple[str, Callable[[Path], str]]] = {
    "a changed block": ("blocks", lambda f: flip(next((f / "blocks").glob("events-*")))),
    "a missing block": ("blocks", lambda f: _gone(next((f / "blocks").glob("commands-*")))),
    "a changed snapshot": ("snapshot", lambda f: flip(next((f / "snapshots").rglob("*.npy")))),
    "half a projection": ("projections", half_a_projection),
    "a newer manifest": ("blocks", lambda f: manifest(f, format=99)),
    "tables ahead of the journal": ("position", lambda f: manifest(f, sealed=77)),
    "changed records": ("records", lambda f: flip(f / "operations.db", 0.0)),
    "newer records": ("records", newer_records),
    "no records": ("records", lambda f: _gone(f / "operations.db")),
    "a key others may read": ("secrets", open_key),
    "a missing key": ("secrets", lambda f: _gone(f / "pool.key")),
    "a folder others may enter": ("secrets", lambda f: f.chmod(0o755) or "chmod go="),
    "a stray block": ("leftovers", stray),
    "a restore that did not end": (
        "leftovers",
        lambda f: (f / "restoring").touch() or "run the same restore again",
    ),
    "no journal": ("journal", lambda f: [p.unlink() for p in (f / "journal").iterdir()] and "jou"),
}


def _gone(path: Path) -> str:
    path.unlink()
    return path.name


@pytest.mark.parametrize("illness", ILLNESSES)
def test_an_illness_is_named_with_what_to_do(folder: Path, illness: str) -> None:
    check, infect = ILLNESSES[illness]
    named = infect(folder)
    found = ill(folder)
    assert named in found[check]


def test_damage_in_the_journal_says_whether_anything_is_lost(folder: Path) -> None:
    file = next((folder / "journal").glob("*.sqlite"))
    with sqlite3.connect(file) as db:
        last = db.execute("SELECT max(seq) FROM entry").fetchone()[0]
        db.execute("UPDATE entry SET crc = crc + 1 WHERE seq = 2")
    assert "record 2: its checksum" in ill(folder)["journal"]
    assert "nothing is lost" in ill(folder)["journal"]
    with sqlite3.connect(file) as db:
        db.execute("UPDATE entry SET crc = crc + 1 WHERE seq = ?", [last])
    db.close()
    assert "not applied yet" in ill(folder)["journal"]


def test_a_clock_that_stands_before_the_newest_event_is_told(folder: Path) -> None:
    with Folding(folder) as pool:
        late = int(time.time() * 1000) + 3_600_000
        pool.deliver([Event("x", "track", "Other", NOW, ("user_id:u1",), 9)], received=late)
    told = ill(folder)["clock"]
    assert "s behind the newest event" in told
    assert 3_500 < float(told.split()[0]) <= 3_600


def test_little_room_and_a_disk_for_reading_only_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspring.pool.check.LEAST_FREE", 1 << 60)
    assert "GB free" in ill(folder)["disk"]
    monkeypatch.setattr(os, "access", lambda path, mode, **_: False)
    assert "read-only" in ill(folder)["disk"]


def test_trouble_of_the_keeper_and_a_stopped_pipeline_are_told(folder: Path) -> None:
    with Folding(folder) as pool:
        pool.app._keeper.trouble = "No space left on device"
        pool.app._runner.failure = RuntimeError()
        found = {one["check"]: one for one in pool.app.pool.check()}
    assert (found["keeping"]["ok"], found["keeping"]["detail"]) == (
        False,
        "No space left on device",
    )
    assert "stopped by RuntimeError" in found["pipeline"]["detail"]


def test_whether_anyone_can_let_others_in_is_told(folder: Path) -> None:
    def look(pool: Folding) -> Any:
        return next(one for one in pool.app.pool.check() if one["check"] == "members")

    with Folding(folder) as pool:
        assert look(pool)["detail"].startswith("nobody has signed in yet")
        members = pool.app.operations.members
        ann = members.add(name="ann", name_key="ann", role="admin", language="", created_ms=1)
        assert look(pool)["ok"]
        ann = members.change(ann, password_hash="x")
        assert look(pool)["detail"] == "1 of 1 members can sign in as administrator"
        with sqlite3.connect(folder / "operations.db") as db:
            db.execute("UPDATE users SET active = 0")
        db.close()
        assert not look(pool)["ok"]
        assert "hotspring user link" in look(pool)["advice"]


def test_a_newer_folder_is_not_opened(folder: Path) -> None:
    manifest(folder, format=99)
    with pytest.raises(FolderError, match="newer version"):
        Folding(folder)
