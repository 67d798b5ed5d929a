"""The catalogue of traits: kinds, coverage, ages and how values are spread."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import NotFound
from hotspring.event import Event
from hotspring.pool import traits
from tests.laws.folding import DAY, NOW, Folding


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(traits, "clock", lambda: NOW)
    with Folding(tmp_path) as opened:
        said: list[dict[str, Any]] = [
            {"city": "A" if n < 7 else "B", "age": n, "likes": ["tea", "tea", f"t{n}"],
             "since": "2025-01-01" if n % 2 else "2025-03-01", "odd": n or "text"}
            for n in range(11)
        ]  # fmt: skip
        opened.deliver(
            [
                Event(f"m{n}", "identify", "", NOW - (n * 10 + 1) * DAY, (f"user_id:u{n}",), n,
                      traits=json.dumps({"set": one}))
                for n, one in enumerate(said)
            ]
        )  # fmt: skip
        opened.deliver([Event("x", "track", "Other", NOW - DAY, ("user_id:none",), 99)])
        opened.deliver([Event("y", "identify", "", NOW, ("user_id:u3",), 98,
                              traits='{"unset":["city"]}')])  # fmt: skip
        yield opened.app.pool.traits


def test_every_trait_is_told_and_counted_when_somebody_asks(pool: Any) -> None:
    told = {one["name"]: one for one in pool.all()}
    assert list(told) == ["age", "city", "likes", "odd", "since"]
    assert {name: one["kind"] for name, one in told.items()} == {
        "age": "number", "city": "string", "likes": "list", "odd": "number", "since": "datetime",
    }  # fmt: skip
    assert told["odd"]["kinds"] == {"number": 10, "string": 1}
    assert told["city"]["count"] is None
    city = pool.one("city")
    assert (city["count"], city["known"], city["sources"]) == (10, 12, ["shop"])
    # Four are from B: fewer than may be told.
    assert (city["values"], city["other"]) == ([{"value": "A", "count": 6}], 4)
    assert [(one["days"], one["count"]) for one in city["ages"]] == [
        (1, 1), (7, 0), (30, 2), (90, 5), (365, 2), (None, 0),
    ]  # fmt: skip
    assert next(one for one in pool.all() if one["name"] == "city")["count"] == 10
    with pytest.raises(NotFound):
        pool.one("shoe")


def test_numbers_times_and_lists_are_spread(pool: Any) -> None:
    bars = pool.one("age")["bars"]
    assert (len(bars), bars[0]["low"], bars[-1]["high"]) == (20, 0.0, 10.0)
    assert sum(one["count"] for one in bars) == 11
    since = pool.one("since")["bars"]
    assert (since[0]["count"], since[-1]["count"]) == (5, 6)
    assert since[0]["low"].startswith("2024-12-31T16:00") or since[0]["low"] < since[-1]["high"]
    assert pool.one("likes")["values"] == [{"value": "tea", "count": 11}]
    assert pool.one("odd")["other_kinds"] == 1
