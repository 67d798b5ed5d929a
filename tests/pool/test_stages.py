"""Stages of the life cycle: the leaf of rules, the page and a look at each person say the same."""

from __future__ import annotations

import datetime as dt
import tempfile
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.analytics import Pace
from hotspring.errors import BadRequest
from hotspring.event import Event, Flag
from hotspring.rules import Question, read
from hotspring.settings import Settings
from tests.analytics.test_lifecycle import STAGES, stage
from tests.laws.folding import DAY, HOUR, NOW, Folding
from tests.pool.test_segments import event

ZONE = "America/New_York"
PEOPLE = 5
DEEDS = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),
        st.integers(0, 60 * 24),
        st.sampled_from(["Order Completed", "Order Completed", "Product Viewed"]),
        st.sampled_from([0, 0, 0, int(Flag.BOT)]),
    ),
    max_size=30,
)
PACES = st.builds(
    lambda new, sleeping, more, loyal: {
        "new": new, "sleeping": sleeping, "lost": sleeping + more, "loyal": loyal
    },
    st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 5),
)  # fmt: skip


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    for module in ("segments", "pool", "analytics", "lifecycle"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)
    with Folding(tmp_path) as found:
        yield found


def date(ms: int) -> int:
    return dt.datetime.fromtimestamp(ms / 1000, zoneinfo.ZoneInfo(ZONE)).date().toordinal()


def expected(deeds: Any, by: str, pace: Pace, now: int) -> dict[str, set[str]]:
    """By a look at each person, with the dates that stand on the clocks of the zone."""
    found: dict[str, set[str]] = defaultdict(set)
    for who in {one[0] for one in deeds}:
        ages = [
            date(now) - date(NOW - hours * HOUR)
            for person, hours, name, flags in deeds
            if person == who and not flags and (by == "visits" or name == "Order Completed")
        ]
        found[stage(ages, pace)].add(f"u{who}")
    return found


@settings(max_examples=12, deadline=None)
@given(DEEDS, PACES, st.sampled_from(["orders", "visits"]), st.integers(0, 240))
def test_the_leaf_finds_whom_a_look_at_each_person_finds(
    deeds: list[tuple[int, int, str, int]], pace: dict[str, int], by: str, later: int
) -> None:
    now = NOW + later * HOUR
    folder, own = tempfile.TemporaryDirectory(), Settings(timezone=ZONE)
    with folder as name, Folding(Path(name), own) as pool:
        pool.deliver([
            Event(f"m{n}", "track", what, NOW - hours * HOUR, (f"user_id:u{who}",), n,
                  flags=flags)
            for n, (who, hours, what, flags) in enumerate(deeds)
        ])  # fmt: skip
        pool.command("pace", {"by": by, "pace": pace})
        there = expected(deeds, by, Pace(**pace), now)
        segments = pool.app.pool.segments
        catalogue = segments._vocabulary.catalogue(now)
        rules = [
            read({"lifecycle": {"any_of": [one]}}, catalogue) for one in STAGES if one != "none"
        ]
        with pool.app.pipeline.lock:
            who = pool.app.pipeline.state.who
        names = {}
        for slot in who.slots(known_only=True).tolist():
            (own,) = pool.app.pool._profiles.identifiers([who.identifiers(slot)])
            names[slot] = own[0]["value"]
        for one, rule in zip(STAGES, rules, strict=False):
            found = segments._asking.slots(Question(rule, catalogue, now))
            assert {names[slot] for slot in found.tolist()} == there[one], one
        # Of some slots only, and of all rules at once.
        some = np.array(sorted(names)[::2], np.int32)
        several = Question.several(rules, catalogue)
        truths = segments._asking.truths(several, now, some)
        for slot, row in zip(truths.slots.tolist(), truths.rules, strict=True):
            for one, true in zip(STAGES, row.tolist(), strict=False):
                assert true == (names[slot] in there[one])


def bought(pool: Folding, **ages: tuple[int, ...]) -> None:
    pool.deliver([
        event(who, NOW - age * DAY, "Order Completed", amount=10.0, currency="CNY")
        for who, these in ages.items() for age in these
    ])  # fmt: skip


def there(found: dict[str, Any]) -> dict[str, int]:
    return {one["name"]: one["profiles"] for one in found["stages"] if one["profiles"]}


def test_a_pace_is_tried_kept_followed_and_taken_back(pool: Folding, tmp_path: Path) -> None:
    bought(pool, ann=(50,), bob=(50, 3), cat=(1,), dan=(10, 20, 40))
    lifecycle, segments = pool.app.pool.lifecycle, pool.app.pool.segments
    asleep = {"lifecycle": {"any_of": ["sleeping", "lost"]}}
    usual = lifecycle.show({}, None, {}, 0)
    assert (usual["kept"], usual["version"], usual["changes"]) == (True, 0, [])
    assert there(usual) == {"active": 2, "new": 1, "loyal": 1}
    assert segments.preview(asleep)["count"] == 0

    tried = lifecycle.show({}, None, {"sleeping": 8, "lost": 40}, 0)
    assert there(tried) == {"lost": 1, "returned": 1, "new": 1, "sleeping": 1}
    moved = {(one["from"], one["to"]): one["profiles"] for one in tried["changes"]}
    assert moved[("active", "lost")] == moved[("loyal", "sleeping")] == 1
    assert segments.preview(asleep)["count"] == 0, "nothing was decided"

    pool.command("pace", {"by": "orders", "pace": {"sleeping": 8, "lost": 40}})
    kept = lifecycle.show({}, None, {}, 0)
    assert there(kept) == there(tried)
    assert (kept["version"], kept["kept"], kept["changes"]) == (1, True, [])
    assert segments.preview(asleep)["count"] == 2
    pool.crash()
    with Folding(tmp_path) as again:
        paces = again.app.pool.lifecycle.paces
        assert paces.told()["pace"] == {"new": 30, "sleeping": 8, "lost": 40, "loyal": 3}
        assert [one["version"] for one in paces.told()["versions"]] == [1, 0]


def test_what_cannot_be_kept_is_refused(pool: Folding) -> None:
    lifecycle = pool.app.pool.lifecycle
    with pytest.raises(BadRequest, match="before lost"):
        lifecycle.keep("orders", {"new": 1, "sleeping": 9, "lost": 9, "loyal": 1}, [], "ann")
    with pytest.raises(BadRequest, match="nothing was decided"):
        lifecycle.paces.undo("ann")


def test_stages_over_time_and_how_often_people_buy(pool: Folding) -> None:
    bought(pool, ann=(300, 290, 5), bob=(100,), cat=tuple(range(0, 60, 5)), dan=(400,))
    pool.deliver([event("eve", NOW - DAY, "Product Viewed")])
    past = pool.app.pool.lifecycle.history({}, None, {}, 360, 4)["points"]
    assert [one["never"] for one in past] == [4, 3, 3, 1]
    assert there(past[-1]) == there(pool.app.pool.lifecycle.show({}, None, {}, 0))
    assert there(past[1]) == {"sleeping": 1, "active": 1}
    found = pool.app.pool.lifecycle.frequency({}, (2, 4, 10))
    assert [one["profiles"] for one in found["states"]] == [1, 2, 1, 0, 1]
    for one in found["states"]:
        assert pool.app.pool.segments.preview(one["rule"])["count"] == one["profiles"], one["name"]


def test_a_second_look_is_the_first_one_until_something_happens(pool: Folding) -> None:
    bought(pool, ann=(3,))
    show = pool.app.pool.lifecycle.show
    first = show({}, None, {}, 30)
    assert show({}, None, {}, 30) is first
    assert show({}, None, {}, 31) is not first
    bought(pool, bob=(3,))
    assert show({}, None, {}, 30)["profiles"] == 2
