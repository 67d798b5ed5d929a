"""What makes a segment different from the rest, over an open pool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspring.event import Event, Place
from hotspring.pool import comparing
from hotspring.pool.comparing import Comparing
from hotspring.rules import Catalogue
from tests.laws.folding import DAY, NOW, Folding

XIHU = Place(120.13, 30.26, "gps", 50.0, 330_106)
SHANGHAI = Place(121.47, 31.23, "city", 60_000.0, 310_000)
THERE = Catalogue(
    traits={"age": "number", "city": "string", "likes": "list", "born": "datetime", "box": "object"}
)


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    monkeypatch.setattr(comparing, "LEAST", 1)
    with Folding(tmp_path) as found:
        found.deliver([
            event("ann", place=XIHU, name="Order Completed", amount=90_000.0, currency="CNY",
                  traits='{"set":{"age":30,"city":"Hangzhou","likes":["tea","silk"],"vip":true}}'),
            event("bob", place=XIHU, traits='{"set":{"age":41,"city":"Hangzhou","box":{"a":1}}}'),
            event("cat", place=SHANGHAI, traits='{"set":{"age":20,"city":"Suzhou"}}'),
            event("cat", NOW - DAY + 1, traits='{"increment":{"age":2},"append":{"likes":"tea"}}'),
            event("dan",
                  traits='{"set":{"age":"old","city":"Wuxi","born":"2025-02-01T00:00:00Z"}}'),
            event("eve", traits='{"set":{"age":99,"city":"Hangzhou"}}'),
            event("eve", NOW - DAY + 1, traits='{"delete":true}'),
            event("", ids=("anonymous_id:x",), traits='{"set":{"age":1,"city":"Hangzhou"}}'),
        ])  # fmt: skip
        yield found


def event(who: str, ms: int = NOW - DAY, **more: Any) -> Event:
    given = {"type": "track", "name": "Other", "ids": (f"user_id:{who}",), "content": ms, **more}
    return Event(message_id=f"{who}-{ms}", ms=ms, **given)


def compare(pool: Folding, *who: str) -> dict[str, Any]:
    profiles = pool.app.pool._profiles
    slots = np.array([profiles.slot(f"user_id:{one}", NOW) for one in who], np.int32)
    return Comparing(pool.app.pipeline, pool.app._store).compare(slots, THERE, NOW)


def test_every_trait_band_and_province_is_told(pool: Folding) -> None:
    told = compare(pool, "ann", "bob")
    assert (told["members"], told["rest"]) == (2, 3)
    numbers = {one["name"]: one for one in told["numbers"]}
    assert numbers["age"]["members"] == {"count": 2, "mean": 35.5, "median": 35.5}
    assert numbers["age"]["rest"] == {"count": 1, "mean": 22.0, "median": 22.0}
    assert numbers["age"]["effect"] == 1.0
    assert numbers[""]["of"] == "temperature"
    assert numbers[""]["members"]["count"] == 2
    shares = {(one["of"], one["name"], one["value"]): one for one in told["shares"]}
    sides = {key: (one["members"], one["rest"]) for key, one in shares.items()}
    assert sides["trait", "city", "Hangzhou"] == (1.0, 0.0), "cleared traits are gone"
    assert sides["trait", "likes", "tea"] == (0.5, pytest.approx(1 / 3, abs=1e-6))
    assert sides["trait", "likes", "silk"] == (0.5, 0.0)
    assert sides["trait", "vip", "true"] == (0.5, 0.0)
    assert sides["province", "", "33"] == (1.0, 0.0)
    assert sides["province", "", "31"] == (0.0, pytest.approx(1 / 3, abs=1e-6))
    bands = {value: pair for (of, _, value), pair in sides.items() if of == "band"}
    assert sum(pair[0] for pair in bands.values()) == pytest.approx(1)
    assert bands["never_warm"][1] == pytest.approx(1, abs=1e-6)
    assert not any(name == "box" for _, name, _ in shares)
    for rows in (told["numbers"], told["shares"]):
        effects = [abs(row["effect"]) for row in rows]
        assert effects == sorted(effects, reverse=True)


def test_a_time_is_told_in_days_before(pool: Folding) -> None:
    born = next(one for one in compare(pool, "dan")["numbers"] if one["name"] == "born")
    assert born["members"]["mean"] == (NOW - 1_738_368_000_000) // DAY


def test_values_of_few_are_left_out(pool: Folding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "LEAST", 2)
    shares = compare(pool, "ann", "bob")["shares"]
    found = {(one["name"], one["value"]) for one in shares if one["of"] == "trait"}
    assert found == {("city", "Hangzhou"), ("likes", "tea")}


def test_nobody_and_everybody_can_be_compared(pool: Folding) -> None:
    assert compare(pool)["members"] == 0
    told = compare(pool, "ann", "bob", "cat", "dan", "eve")
    assert told["rest"] == 0
    assert {one["rest"] for one in told["shares"]} == {0.0}


def test_of_many_so_many_are_drawn_and_the_same_ones_again(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MOST", 2)
    told = compare(pool, "ann")
    assert (told["members"], told["rest"], told["compared"]) == (1, 4, {"members": 1, "rest": 2})
    assert compare(pool, "ann") == told
