"""Membership kept step by step is what a full evaluation gives, and is told exactly once."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.pool.membership import TIMED_MS
from hotspring.rules import Question, read
from hotspring.segments import Saved, members
from hotspring.tags import Saved as Tag
from hotspring.tags import Value
from tests.laws.folding import DAY, HAPPENINGS, HOUR, NOW, PLACES, Folding

PHONE = "phone:+8613800138001"
BOUGHT = {"behaviour": {"event": "Order Completed"}}
RULES: dict[str, Any] = {
    "bought": BOUGHT,
    "often": {"behaviour": {"event": None, "op": "ge", "value": 3}},
    "lately": {"behaviour": {"event": "Product Viewed", "window": {"from": {"ago": 2}}}},
    "twice": {"behaviour": {"event": "Product Viewed", "window": {"from": {"ago": 3}},
                            "op": "eq", "value": 2}},
    "idle": {"behaviour": {"event": None, "window": {"from": {"ago": 1}}, "op": "lt", "value": 2}},
    "before": {"behaviour": {"event": "Other", "window": {"from": {"ago": 9}, "to": {"ago": 3}}}},
    "once": {"behaviour": {"event": None, "measure": "first",
                           "op": "during", "value": {"from": {"ago": 5}}}},
    "spent": {"behaviour": {"event": "Order Completed", "measure": "sum", "field": "amount",
                            "currency": "CNY", "op": "ge", "value": 100,
                            "window": {"from": {"at": "2025-10-02"}}}},
    "left": {"sequence": {"first": {"event": "Product Added"}, "then": {"event": "Order Completed"},
                          "within": {"amount": 20, "unit": "hour"}, "followed": False}},
    "then": {"sequence": {"first": {"event": "Product Viewed"}, "then": {"event": None},
                          "within": {"amount": 2}, "window": {"from": {"ago": 4}}}},
    "warm": {"band": {"any_of": ["hot", "warm"]}},
    "cooled": {"temperature": {"op": "lt", "value": 10}},
    "soon": {"next_band": {"within": {"amount": 2}}},
    "phone": {"identifier": {"kind": "phone"}},
    "city": {"trait": {"name": "city", "op": "eq", "value": "A"}},
    "visits": {"trait": {"name": "visits", "op": "ge", "value": 2}},
    "near": {"district": {"any_of": ["33"]}},
    "asleep": {"lifecycle": {"any_of": ["sleeping", "returned"]}},
    "loyal": {"lifecycle": {"any_of": ["loyal", "new"]}},
    "both": {"and": [{"segment": {"id": "bought"}}, {"not": {"segment": {"id": "lately"}}}]},
}  # fmt: skip
TRAITS = (
    "", "", '{"set":{"city":"A"}}', '{"set":{"city":"B"}}', '{"unset":["city"]}',
    '{"increment":{"visits":1}}',
)  # fmt: skip
FULL = [*({"ids": ("user_id:u0", "phone:+8613800138000"), "ms": NOW - 30 * DAY, "name": name,
           "type": "track", "flags": 0, "amount": None} for name in
          ("Order Completed", "Product Viewed", "Product Added", "Other")),
        {"ids": ("user_id:u1",), "ms": NOW - 30 * DAY, "name": "Other", "type": "track", "flags": 0,
         "amount": 1.0, "traits": '{"set":{"city":"B","visits":0}}'}]  # fmt: skip
"""Everything that the rules name, a month ago."""

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("event"), HAPPENINGS, st.sampled_from(TRAITS), st.sampled_from(PLACES)),
        st.tuples(st.just("now"), HAPPENINGS, st.sampled_from(TRAITS), st.integers(-9, 3)),
        st.tuples(st.just("time"), st.integers(1, 60)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("retract"), st.integers(0, 5)),
        st.tuples(st.just("flag"), st.sampled_from(["user_id:u1", "user_id:u2"])),
        st.tuples(st.just("pace"), st.sampled_from(["visits", "orders"])),
        st.tuples(st.just("look")),
        st.tuples(st.just("kill")),
        st.tuples(st.just("torn")),
    ),
    min_size=6, max_size=22,
)  # fmt: skip


class Living:
    """A pool with segments, at a moment that goes on."""

    def __init__(self, folder: Path, rules: dict[str, Any] = RULES) -> None:
        self.folder = folder
        self.rules = rules
        self.now = NOW
        self.count = 0
        self.separations: list[dict[str, Any]] = []
        self.pool = Folding(folder)
        self.deliver(FULL)
        self.pace("visits")
        for name, rule in self.rules.items():
            saved = msgspec.to_builtins(Saved(name, name, rule=rule))
            self.pool.command("segment", saved)
            values = (Value(rule=rule),)
            self.pool.command("tag", Tag(f"tg_{name}", name, kind="rule", values=values))
        self.look()

    def deliver(self, rows: list[dict[str, Any]]) -> None:
        events = []
        for fields in rows:
            self.count += 1
            events.append(Event(message_id=f"m{self.count}", content=self.count, **fields))
        self.pool.deliver(events, received=self.now)

    def pace(self, by: str) -> None:
        days = {"new": 2, "sleeping": 3, "lost": 7, "loyal": 2}
        self.pool.command("pace", {"by": by, "pace": days})

    def look(self) -> None:
        """What the thread does, and what it says applied."""
        self.pool.app.pool.segments.membership.tick(self.now)
        self.pool.apply()

    def kill(self) -> None:
        self.pool.crash()
        self.pool = Folding(self.folder)

    def torn(self) -> None:
        """Killed after something was told and before it was applied."""
        self.pool.app.pool.segments.membership.tick(self.now)
        self.kill()

    def undo(self, which: int) -> None:
        merges = self.pool.merges()
        if not merges:
            return
        key, merge = merges[which % len(merges)]
        sides = self.pool.app.pool.separation(key, merge)
        self.count += 1
        body = {"id": f"u{self.count}", **sides}
        self.separations.append(body)
        self.pool.command("separate", body)

    def retract(self, which: int) -> None:
        if self.separations:
            gone = self.separations.pop(which % len(self.separations))
            self.pool.command("retract", {"command": gone["id"]})

    def flag(self, key: str) -> None:
        body = self.pool.app.pool._bots.body([key], [], "a scanner", self.now)
        self.pool.command("flag", body | {"verdict": "machine"})

    def full(self) -> dict[str, set[int]]:
        """Who is in each segment, by a full evaluation of its own."""
        segments = self.pool.app.pool.segments
        segments.membership._traits.forget()
        there = segments._catalogue(self.now)
        asked = {
            one: Question(read(rule, there), there, self.now) for one, rule in self.rules.items()
        }
        return {one: set(segments._asking.slots(rule).tolist()) for one, rule in asked.items()}

    def told(self) -> dict[str, Counter[int]]:
        """What the log adds up to, by segment: identifiers, and how often each is in."""
        rows = self.pool.app._store.query("SELECT * FROM memberships ORDER BY seq").to_pylist()
        found: dict[str, Counter[int]] = {}
        for row in rows:
            inside = found.setdefault(row["segment"], Counter())
            if row["cause"] == "first":
                inside.clear()
                inside.update(members.unpacked(row["whole"]).tolist())
            inside.update(members.unpacked(row["entered_ids"]).tolist())
            inside.subtract(members.unpacked(row["left_ids"]).tolist())
            assert set(inside.values()) <= {0, 1}, "entered twice, or left without being in"
            assert sum(inside.values()) == row["count"]
        return found

    def check(self) -> None:
        who = self.pool.app.pipeline.state.who
        roll = self.pool.app.pool.segments.membership
        told = self.told()
        for segment, full in self.full().items():
            kept = set(roll.slots(segment).tolist())
            assert kept == full, segment
            ids = np.array([one for one, n in told[segment].items() if n], np.int32)
            assert set(who.slots_of(ids).tolist()) == kept, segment
            assert len(ids) == len(kept), segment

    def check_tags(self) -> None:
        """A tag by the same rule says of each profile what the segment says of all."""
        tags, full = self.pool.app.pool.tags, self.full()
        there = self.pool.app.pool.segments._catalogue(self.now)
        for slot in self.pool.app.pipeline.state.who.slots(known_only=True).tolist():
            told = tags._rules.of(slot, tags._shelf.book(), there, self.now)
            assert set(told) == {f"tg_{name}" for name, inside in full.items() if slot in inside}


@settings(max_examples=8, deadline=None)
@given(STEPS)
def test_membership_kept_step_by_step_is_a_full_evaluation(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        living = Living(Path(name))
        try:
            for kind, *more in steps:
                if kind == "event":
                    fields, traits, place = more
                    living.deliver([{**fields, "traits": traits, "place": place}])
                elif kind == "now":
                    fields, traits, hours = more
                    ms = living.now + hours * HOUR
                    living.deliver([{**fields, "ms": ms, "traits": traits}])
                elif kind == "time":
                    living.now += more[0] * HOUR + TIMED_MS
                elif kind == "look":
                    living.look()
                else:
                    getattr(living, kind)(*more)
            # A second look finds what the first one found out too late, as who joined whom.
            living.now += TIMED_MS
            living.look()
            living.check()
            living.check_tags()
        finally:
            living.pool.crash()


WRITES = (
    '{"set":{"city":"A"}}', '{"set":{"city":"B","visits":3}}', '{"set":{"visits":1}}',
    '{"set":{"city":"A","visits":2}}', '{"unset":["city"]}', '{"increment":{"visits":1}}',
    '{"delete":true}',
)  # fmt: skip
TOLD = {
    "city": RULES["city"],
    "visits": RULES["visits"],
    "nowhere": {"trait": {"name": "city", "op": "exists", "value": False}},
}
WRITTEN = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"), st.sampled_from(["user_id:u0", "user_id:u1"]),
            st.sampled_from(WRITES), st.sampled_from([-2, -1, 0, 0, 0, 1]),
        ),
        st.tuples(st.just("time"), st.integers(1, 3)),
    ),
    min_size=12, max_size=16,
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(WRITTEN)
def test_what_was_just_written_decides_as_all_that_ever_was(steps: list[tuple[Any, ...]]) -> None:
    """Nobody is merged here, so that writes alone move people, and each is looked at by itself."""
    with tempfile.TemporaryDirectory() as name:
        living = Living(Path(name), TOLD)
        try:
            event = {"name": "Other", "type": "track", "flags": 0, "amount": None}
            for kind, *more in steps:
                if kind == "time":
                    living.now += more[0] * HOUR
                    continue
                user, traits, hours = more
                living.deliver(
                    [{**event, "ids": (user,), "ms": living.now + hours * HOUR, "traits": traits}]
                )
                living.now += 1
                living.look()
                living.check()
        finally:
            living.pool.crash()


def test_the_log_tells_what_made_somebody_enter_and_leave(tmp_path: Path) -> None:
    living = Living(tmp_path, {"active": {"behaviour": {"event": "Other", "window": {
        "from": {"ago": 12, "unit": "hour"}}}}, "phone": RULES["phone"]})  # fmt: skip
    try:
        event = {"name": "Other", "type": "track", "flags": 0, "amount": None}
        for who in ("user_id:u1", PHONE):
            living.deliver([{**event, "ids": (who,), "ms": living.now}])
            living.look()
        living.deliver([{**event, "ids": ("user_id:u1", PHONE), "ms": living.now - 20 * DAY}])
        living.look()
        living.now += 13 * HOUR
        living.look()
        rows = living.pool.app._store.query("SELECT * FROM memberships ORDER BY seq").to_pylist()
        told = [
            (row["segment"], "left" if row["left"] else "entered", row["cause"])
            for row in rows
            if row["cause"] != "first"
        ]
        assert told == [
            ("active", "entered", "event"), ("active", "entered", "event"),
            ("phone", "entered", "event"),
            # Two who are one now: one of them is in nothing any more, the other has both.
            ("active", "left", "identity"), ("phone", "left", "identity"),
            ("phone", "entered", "identity"), ("active", "left", "time"),
        ]  # fmt: skip
        living.check()
    finally:
        living.pool.crash()


def test_an_identifier_that_somebody_brings_is_seen_at_once(tmp_path: Path) -> None:
    living = Living(tmp_path, {"phone": RULES["phone"]})
    try:
        event = {"name": "Other", "type": "track", "flags": 0, "amount": None}
        living.deliver([{**event, "ids": ("user_id:u1", PHONE), "ms": living.now}])
        living.look()
        living.check()
    finally:
        living.pool.crash()
