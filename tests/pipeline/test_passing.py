"""Passers-by in the pool: counted with the traffic, and nobody's profile, heat or place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import Event, Flag, Place
from tests.laws.folding import DAY, HOUR, NOW, Folding, same_warmth
from tests.pool.test_analyses import ask, stop_clocks, table

HERE = Place(120.155, 30.274, "ip", 10_000.0)
DEVICES = ("anonymous_id:a0", "anonymous_id:a1")


def passed(message: str, who: str = "0" * 32, ms: int = NOW - HOUR, **more: Any) -> Event:
    return Event(
        message, "page", "Page Viewed", ms, (f"passer_by:{who}",), hash(message) >> 2,
        flags=int(Flag.PASSER_BY | Flag.PUBLIC), **more,
    )  # fmt: skip


def came(message: str, who: str, ms: int = NOW - HOUR, name: str = "Page Viewed") -> Event:
    kind = "page" if name == "Page Viewed" else "track"
    return Event(message, kind, name, ms, (who,), hash(message) >> 2)


def visitors(pool: Folding, **given: Any) -> tuple[Any, Any, Any]:
    found = ask(pool, "traffic", **given)["figures"]
    return found["visitors"], found["views"], found["sessions"]


def test_who_passes_by_is_counted_and_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as pool:
        pool.deliver([came("m1", "user_id:lin"), came("m2", "anonymous_id:a0")])
        before, place = pool.warmth(), pool.places()
        pool.deliver(
            [
                passed("p1", place=HERE),
                passed("p2", ms=NOW - HOUR + 60_000),
                passed("p3", who="1" * 32),
            ]
        )
        assert pool.warmth() == before
        assert pool.places() == place
        assert visitors(pool) == (4, 5, 4)
        assert visitors(pool, people="known") == (1, 1, 1)
        assert visitors(pool, by="name") == (4, 5, 4)
        assert pool.app.pool.status()["events"] == 5
        assert pool.app.pool.temperature(NOW)["anonymous"] == 1
        assert ask(pool, "paths")["figures"]["people"] == 2
        rows = pool.app.pool.arrivals(None, "accepted", "", "", 9)["items"]
        assert [row["marks"] for row in rows if row["message_id"] == "p1"] == [
            ["public_key", "passer_by"]
        ]


def test_flags_reach_no_profile_through_them(tmp_path: Path) -> None:
    with Folding(tmp_path) as pool:
        pool.deliver([came("m1", "user_id:lin", name="Order Completed"), passed("p1")])
        before = pool.warmth()
        named = {"source": "shop", "message_id": "p1", "subject": "passer_by:" + "0" * 32}
        pool.command("flag", {"id": "f_1", "events": [named], "verdict": "machine"})
        assert pool.warmth() == before
        pool.command("unflag", {"id": "f_2", "identifiers": [named["subject"]]})
        assert pool.warmth() == before
        assert pool.app.pool.suspects(10_000) == []


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*DEVICES, "user_id:u", "", "", " "]), st.integers(0, 40)),
        max_size=24,
    )
)
def test_a_rebuild_and_everybody_else_are_as_if_they_had_not_passed(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, int]]
) -> None:
    def told(which: str, at: int, hours: int) -> Event:
        if which.strip():
            return came(f"m{at}", which, NOW - hours * HOUR, "Order Completed")
        return passed(f"m{at}", f"{len(which)}" * 32, NOW - hours * HOUR, place=HERE)

    events = [told(which, at, hours) for at, (which, hours) in enumerate(drawn)]
    people = [one for one in events if not one.flags & Flag.PASSER_BY]
    with Folding(tmp_path_factory.mktemp("pool")) as pool:
        pool.deliver(people)
        warmth, places = pool.warmth(), pool.places()
        # What came before is a repeat; the passers-by are new, between the others.
        pool.deliver(events)
        assert same_warmth(pool.warmth(), warmth)
        assert pool.places() == places
        assert pool.app.pipeline.replace_by_rebuild()
        assert same_warmth(pool.warmth(), warmth)
        assert pool.places() == places


def test_days_are_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as pool:
        events = [passed(f"p{n}", f"{n}" * 32, NOW - n * DAY) for n in range(3)]
        pool.deliver(events)
        trend = table(ask(pool, "traffic", days=3), "trend")
        assert [row["visitors"] for row in trend] == [1, 1, 1]
