"""What the keeper does by the clock: events past their time go, files of imports too."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from hotspring.event import Event
from hotspring.pipeline import keep
from hotspring.pipeline.retain import tidy
from hotspring.settings import Settings
from hotspring.store import records
from tests.laws.folding import Folding

DAY_MS = 86_400_000


def test_the_keeper_drops_what_is_due_once_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "QUIET_SECONDS", -1.0)
    old = int(time.time() * 1000) - 40 * DAY_MS
    rows = [Event(f"m{n}", "track", "Other", old, ("user_id:u1",), n) for n in range(10)]
    with Folding(tmp_path / "pool", Settings(retention_days={"default": 30})) as pool:
        pool.deliver(rows, received=old)
        end = time.monotonic() + 60
        while pool.app._store.query("SELECT count(*) AS n FROM events")["n"][0].as_py() > 1:
            pool.app._keeper.tend()
            assert time.monotonic() < end
            time.sleep(0.01)
        assert pool.app.pool.status()["events"] == 10
        while not pool.app._keeper._idle():
            time.sleep(0.01)
        assert pool.app._keeper.trouble == ""
        (line,) = pool.app.operations.audit(5, where=records.AuditWhere(action="events.dropped"))
        assert line.detail == '{"gone":9,"emptied":1}'


def test_whether_work_is_under_way_is_told_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "QUIET_SECONDS", -1.0)
    with Folding(tmp_path / "pool") as pool:
        told = pool.app.pipeline.readings.numbers
        assert (told["keeper_busy"], told["keeper_trouble"]) == ({"": False}, {"": False})
        pool.deliver([Event("m", "track", "Other", int(time.time() * 1000), ("user_id:u1",), 1)])
        pool.app._keeper.tend()
        assert told["keeper_busy"] == {"": True}
        end = time.monotonic() + 60
        while not pool.app._keeper._idle():
            assert time.monotonic() < end
            time.sleep(0.01)
        assert told["keeper_busy"] == {"": False}


def test_what_imports_left_goes_by_age(tmp_path: Path) -> None:
    folder = tmp_path / "imports"
    folder.mkdir()
    now = time.time()
    for name, days in (("a.rejects.csv", 40), ("b.rejects.csv", 2), ("c.csv", 2), ("d.csv", 0)):
        (folder / name).write_text("row")
        os.utime(folder / name, (now - days * 86_400 - 60,) * 2)
    assert tidy(tmp_path, 30, now) == ["a.rejects.csv", "c.csv"]
    assert tidy(tmp_path, 0, now) == []
    assert tidy(tmp_path / "nowhere", 30, now) == []
