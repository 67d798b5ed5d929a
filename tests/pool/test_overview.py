"""The whole pool at a glance: its days and its flow by the law, traffic, sources, concerns."""

from __future__ import annotations

import collections
import datetime as dt
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import Event, Refused
from hotspring.pool import trend as module
from hotspring.pool.brought import Brought, Stretch
from hotspring.pool.moments import iso
from hotspring.pool.overview import Overview
from hotspring.pool.past import temperature_at
from hotspring.settings import Settings
from hotspring.temperature import law
from tests.laws.folding import DAY, HOUR, NOW, Folding, events, in_parts

WEEK = 7 * DAY


def bought(n: int, who: str, ago: int, amount: float = 500.0) -> Event:
    ms = NOW - ago
    return Event(f"m{n}", "track", "Order Completed", ms, (f"user_id:{who}",), n, amount=amount)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Folding]:
    with Folding(tmp_path / "pool") as pool:
        yield pool
        pool.app.pool.close()


def overview(pool: Folding) -> Overview:
    return pool.app.pool._overview


def look(pool: Folding, now: int = NOW) -> Any:
    """What a first look finds once the days are made."""
    end = time.monotonic() + 60
    while True:
        overview(pool)._flow._until = 0
        told = overview(pool).show(now)
        if not told["history"]["computing"] and told["flow"] is not None:
            return told
        assert time.monotonic() < end
        time.sleep(0.02)


@settings(max_examples=8, deadline=None)
@given(rows=events(), cuts=st.lists(st.integers(0, 20), max_size=3))
def test_the_days_are_what_each_moment_alone_would_be(rows: list[Event], cuts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder, Folding(Path(folder) / "pool") as pool:
        for part in in_parts(rows, cuts):
            pool.deliver(part)
        told = look(pool)
        pipeline, version = pool.app.pipeline, pool.app.pool.rulebook.number()
        assert len(told["history"]["days"]) == 30
        zone = pool.app.settings.zone
        for day in told["history"]["days"][-16:]:
            end = dt.datetime.fromisoformat(day["as_of"])
            assert day == {"day": day["day"], **temperature_at(pipeline, version, ms_of(end))}
            assert end.astimezone(zone).date().isoformat() == day["day"]
        # Everybody who is known today went one way, and those of then come from where they were.
        state = pipeline.state
        slots = state.who.slots(known_only=True)
        now = collections.Counter(
            law.BANDS[band] for band in law.band(state.heat.energy(NOW, slots), state.rules.e_half)
        )
        since = dt.datetime.fromisoformat(told["flow"]["since"])
        assert WEEK - DAY < NOW - ms_of(since) <= WEEK
        week = temperature_at(pipeline, version, ms_of(since))
        came, went = collections.Counter(), collections.Counter()
        for one in told["flow"]["flows"]:
            went[one["from"]] += one["profiles"]
            came[one["to"]] += one["profiles"]
        assert came == now
        assert {band: went[band] for band in law.BANDS} == week["bands"]
        assert went["new"] == len(slots) - week["total"]
        pool.app.pool.close()


def ms_of(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)


def test_who_came_and_who_cooled_is_told(pool: Folding) -> None:
    pool.deliver([bought(n, "old", 20 * DAY, 5000.0) for n in range(6)])
    pool.deliver([bought(10 + n, "fresh", HOUR, 5000.0) for n in range(6)])
    told = look(pool)
    flows = {(one["from"], one["to"]): one["profiles"] for one in told["flow"]["flows"]}
    assert sum(flows.values()) == 2
    assert any(before == "new" for before, _ in flows)
    assert [day["total"] for day in told["history"]["days"]] == [0] * 10 + [1] * 20
    later = look(pool, NOW + 60 * DAY)
    assert {one["from"] for one in later["flow"]["flows"]} <= set(law.BANDS)


def test_days_are_kept_until_they_are_old(pool: Folding, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = []

    class Counted(Brought):
        def read(self) -> Iterator[Stretch]:
            readings.append(1)
            return super().read()

    monkeypatch.setattr(module, "Brought", Counted)
    pool.deliver([bought(1, "a", DAY)])
    first = look(pool)
    look(pool)
    pool.deliver([bought(2, "b", 2 * DAY)])
    assert look(pool)["history"] == first["history"]
    assert len(readings) == 1, "all days come from one reading"
    monkeypatch.setattr(pool.app.pool._trend, "_told", pool.app.pool._trend._told._replace(due=0.0))
    overview(pool).show(NOW)
    assert look(pool)["history"]["days"][-1]["total"] == 2
    look(pool, NOW + DAY)
    assert len(readings) == 3
    assert pool.app.pipeline.replace_by_rebuild()
    look(pool)
    assert len(readings) == 4
    pool.app.pool._trend.close()
    assert not (pool.app.folder / module.FOLDER).exists()


def test_a_pass_that_fails_is_told_to_the_log_and_tried_again(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(module, "Brought", lambda *_: 1 / 0)
        told = overview(pool).show(NOW)
    assert (told["history"], told["flow"]) == ({"computing": False, "days": []}, None)
    assert look(pool)["history"]["days"]


def test_what_came_in_by_the_minute(pool: Folding) -> None:
    minute = NOW - NOW % 60_000
    pool.deliver([bought(n, "a", n) for n in range(3)], received=minute - 60_000)
    pool.deliver([bought(10, "a", 10)], received=minute)
    pool.deliver([bought(11, "a", 11)], received=minute - 60 * 60_000)
    pool.refuse([Refused(0, "x", "bad_timestamp", "", "{}")], received=minute - 60_000)
    told = look(pool)["traffic"]
    assert len(told["minutes"]) == 60
    assert told["minutes"][-1] == {"at": iso(minute), "accepted": 1, "refused": 0}
    assert told["minutes"][-2] == {"at": iso(minute - 60_000), "accepted": 3, "refused": 1}
    assert (told["per_minute"], told["last_hour"], told["refused_last_hour"]) == (3, 4, 1)


def test_sources_are_healthy_silent_failing_new_or_closed(pool: Folding) -> None:
    for name in ("shop", "app", "bad", "idle"):
        pool.app.operations.add_source(
            name=name, key_hash=name, key_prefix="wk_", public=False, datum="wgs84", project="",
            created_ms=1,
        )  # fmt: skip
    pool.deliver([bought(1, "a", HOUR)], source="shop", received=NOW - HOUR)
    pool.deliver([bought(2, "a", DAY)], source="app", received=NOW - 2 * DAY)
    pool.deliver([bought(3, "a", DAY)], source="import", received=NOW - HOUR)
    pool.refuse([Refused(0, "x", "bad_timestamp", "", "{}")], source="bad", received=NOW - HOUR)
    told = look(pool)
    states = {one["name"]: one["state"] for one in told["sources"]}
    assert states == {
        "shop": "healthy", "app": "silent", "bad": "failing", "idle": "new", "import": "closed",
    }  # fmt: skip
    concerns = {(one["kind"], one.get("source")) for one in told["attention"]}
    assert {("source_silent", "app"), ("source_failing", "bad"), ("quarantine", None)} <= concerns
    pool.app.pool._overview._sources._until = 0.0
    forgotten = look(pool, NOW + 40 * DAY)
    assert ("source_silent", "app") not in {
        (one["kind"], one.get("source")) for one in forgotten["attention"]
    }


def test_what_wants_attention_of_the_pool_itself(tmp_path: Path) -> None:
    status = {
        "ready": False, "lag_seconds": 9.0, "damaged": 2, "quarantined": 5, "conflicts": 2,
    }  # fmt: skip
    with Folding(tmp_path / "pool", Settings()) as pool:
        store, sources, trend = pool.app._store, pool.app.pool.sources, pool.app.pool._trend
        failed = [{"state": "failed", "finished_at": "x"}, {"state": "done", "finished_at": "w"}]
        shown = Overview(store, sources, trend, lambda: status, dict, lambda: failed).show(NOW)
        told = {one["kind"]: one.get("count") for one in shown["attention"]}
        assert told == {
            "stopped": None, "lag": None, "damaged": 2, "quarantine": 3, "conflicts": 2,
            "backup_failed": None,
        }  # fmt: skip
        pool.app.pool.close()
