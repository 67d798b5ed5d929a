"""The live debugger: what came last, each once, whoever else asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspring.errors import BadRequest
from hotspring.event import Event, Flag, Refused
from hotspring.pool import arrivals as module
from hotspring.pool import cursors
from tests.laws.folding import NOW, Folding


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Folding]:
    with Folding(tmp_path / "pool") as pool:
        yield pool


def event(n: int, name: str = "Viewed", **more: Any) -> Event:
    return Event(f"m{n}", "track", name, NOW, ("user_id:u", "anonymous_id:a"), n, **more)


def look(pool: Folding, cursor: str | None = None, **asked: Any) -> dict[str, Any]:
    asked = {"verdict": "all", "source": "", "q": "", "limit": 50, **asked}
    return pool.app.pool.arrivals(cursor, **asked)


def ids(told: dict[str, Any]) -> list[str]:
    return [one["message_id"] for one in told["items"]]


def test_what_came_is_shown_as_it_was_understood_or_refused(pool: Folding) -> None:
    flags = int(Flag.PUBLIC | Flag.CLAMPED)
    pool.deliver([event(1, "Order Completed", amount=9.5, properties='{"a": 1}', flags=flags)])
    pool.refuse([Refused(0, "bad", "bad_timestamp", "when?", '{"event":"X"}')], source="app")
    refused, accepted = look(pool)["items"]
    assert (refused["verdict"], refused["reason"], refused["text"]) == (
        "refused", "bad_timestamp", '{"event":"X"}'
    )  # fmt: skip
    assert accepted["identifiers"] == ["user_id:u", "anonymous_id:a"]
    assert accepted["marks"] == ["public_key", "time_clamped"]
    assert (accepted["event"], accepted["amount"], accepted["properties"]) == (
        "Order Completed", 9.5, {"a": 1}
    )  # fmt: skip


def test_a_look_goes_on_where_the_last_one_ended(pool: Folding) -> None:
    pool.deliver([event(1), event(2)])
    first = look(pool)
    assert ids(first) == ["m2", "m1"]
    assert look(pool, first["cursor"])["items"] == []
    pool.deliver([event(n) for n in range(3, 9)])
    second = look(pool, first["cursor"], limit=2)
    assert ids(second) == ["m8", "m7"]
    assert second["skipped"] == 4
    assert look(pool, second["cursor"])["items"] == []


def test_it_is_searched(pool: Folding) -> None:
    pool.deliver([event(1, "Order Completed"), event(2, "Product Viewed")], source="shop")
    pool.deliver([event(3, "Order Completed")], source="app")
    pool.refuse([Refused(0, "bad", "bad_timestamp", "", '{"event":"Order X"}')], source="app")
    assert ids(look(pool, source="app")) == ["bad", "m3"]
    assert ids(look(pool, q="order")) == ["bad", "m3", "m1"]
    assert ids(look(pool, q="order", verdict="accepted")) == ["m3", "m1"]
    assert ids(look(pool, q="m2")) == ["m2"]
    assert ids(look(pool, q="bad_timestamp", verdict="refused")) == ["bad"]


def test_long_properties_are_cut(pool: Folding) -> None:
    pool.deliver([event(1, properties='{"a": "' + "x" * 20_000 + '"}')])
    pool.refuse([Refused(0, "bad", "bad_timestamp", "", "y" * 20_000)])
    for one in look(pool)["items"]:
        assert len(one["text"]) == module.LONGEST
    assert look(pool, verdict="accepted")["items"][0]["properties"] is None


def test_what_is_no_cursor_is_refused(pool: Folding) -> None:
    for cursor in ("x", "", "WyJhIl0"):
        with pytest.raises(BadRequest):
            look(pool, cursor)
    for far in (-(10**30), 10**30):
        assert look(pool, cursors.write((far,)))["items"] == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), max_size=8))
def test_whoever_looks_often_enough_sees_everything_once(
    pool: Folding, steps: list[tuple[int, int, bool]]
) -> None:
    cursor = look(pool, limit=1)["cursor"]
    sent: list[str] = []
    seen: list[str] = []
    number = getattr(pool, "number", 1000)
    for accepted, refused, looks in steps:
        batch = [event(number + n) for n in range(accepted)]
        turned = [Refused(n, f"r{number + n}", "bad_timestamp", "", "") for n in range(refused)]
        number += 10
        if batch:
            pool.deliver(batch)
        if turned:
            pool.refuse(turned)
        sent += [*(one.message_id for one in batch), *(one.message_id for one in turned)]
        if looks:
            told = look(pool, cursor)
            seen += ids(told)[::-1]
            cursor = told["cursor"]
    pool.number = number  # type: ignore[attr-defined]
    seen += ids(look(pool, cursor))[::-1]
    assert seen == sent
