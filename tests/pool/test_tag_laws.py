"""Tags by hand are what a plain list of all that was said gives, whatever happens to identities."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.pool.membership import TIMED_MS
from hotspring.segments import Saved as Segment
from hotspring.tags import Saved, Value, marks
from tests.laws.folding import DAY, HAPPENINGS, MAILS, NOW, PHONES, USERS, Folding

KEYS = st.one_of(USERS, PHONES, MAILS)
LEVELS = ("gold", "silver")
TAGS = (
    Saved("vip", "VIP"),
    Saved("level", "Level", values=tuple(map(Value, LEVELS))),
)
RULE = {"and": [{"tag": {"id": "level", "any_of": ["gold"]}}, {"not": {"tag": {"id": "vip"}}}]}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("event"), HAPPENINGS),
        st.tuples(st.just("event"), HAPPENINGS),
        st.tuples(st.just("mark"), st.lists(KEYS, min_size=1, max_size=3), st.just("vip"),
                  st.just(""), st.booleans()),
        st.tuples(st.just("mark"), st.lists(KEYS, min_size=1, max_size=3), st.just("level"),
                  st.sampled_from(LEVELS), st.sampled_from((True, True, False))),
        st.tuples(st.just("take_back"), st.integers(0, 9)),
        st.tuples(st.just("separate"), st.integers(0, 5)),
        st.tuples(st.just("retract"), st.integers(0, 5)),
        st.tuples(st.just("look")),
        st.tuples(st.just("seal")),
        st.tuples(st.just("kill")),
        st.tuples(st.just("rebuild")),
    ),
    min_size=8, max_size=24,
)  # fmt: skip


class Said(NamedTuple):
    """Something that was said of people: the plain list holds all of them, in order."""

    entry: int
    keys: frozenset[str]
    tag: str
    value: str
    held: bool


class Living:
    """A pool, and beside it the plain list."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pool = Folding(folder)
        self.now = NOW
        self.count = 0
        self.said: list[Said] = []
        self.undone: set[int] = set()
        self.separations: list[str] = []
        for one in TAGS:
            self.pool.command("tag", one)
        self.pool.command("segment", Segment("s", "Gold", rule=RULE))

    def event(self, fields: dict[str, Any]) -> None:
        self.count += 1
        name = f"m{self.count}"
        self.pool.deliver([Event(message_id=name, content=self.count, **fields)])

    def mark(self, keys: list[str], tag: str, value: str, held: bool) -> None:
        who = self.pool.app.pipeline.state.who
        there = {key: who.find(key) for key in keys}
        ids = np.array([number for number in there.values() if number >= 0], np.int32)
        said = marks.Marked([marks.mark(tag, ids, value if held else "", held)])
        self.pool.command(marks.MARKED, said)
        known = frozenset(key for key, number in there.items() if number >= 0)
        entry = self.pool.app.pipeline.position
        self.said.append(Said(entry, known, tag, value, held))

    def take_back(self, which: int) -> None:
        if self.said:
            entry = self.said[which % len(self.said)].entry
            self.pool.command(marks.UNDONE, marks.Undone(entry))
            self.undone.add(entry)

    def separate(self, which: int) -> None:
        merges = self.pool.merges()
        if merges:
            key, merge = merges[which % len(merges)]
            self.count += 1
            body = {"id": f"u{self.count}", **self.pool.app.pool.separation(key, merge)}
            self.separations.append(body["id"])
            self.pool.command("separate", body)

    def retract(self, which: int) -> None:
        if self.separations:
            gone = self.separations.pop(which % len(self.separations))
            self.pool.command("retract", {"command": gone})

    def look(self) -> None:
        self.now += TIMED_MS
        self.pool.app.pool.segments.membership.tick(self.now)
        self.pool.apply()

    def seal(self) -> None:
        self.pool.app.seal()

    def kill(self) -> None:
        self.pool.crash()
        self.pool = Folding(self.folder)

    def rebuild(self) -> None:
        assert self.pool.app.pipeline.replace_by_rebuild()

    def plain(self) -> dict[frozenset[str], dict[str, str]]:
        """Which tags has everybody, by the plain list?"""
        found = {}
        for person in self.pool.partition():
            held: dict[str, str] = {}
            for said in self.said:
                if said.entry not in self.undone and person & said.keys:
                    held.pop(said.tag, None)
                    if said.held:
                        held[said.tag] = said.value
            found[person] = held
        return found

    def check(self) -> None:
        plain, pool = self.plain(), self.pool.app.pool
        who = self.pool.app.pipeline.state.who
        slots = {person: int(pool._profiles.slot(max(person), NOW + DAY)) for person in plain}
        for person, held in plain.items():
            told = {one["id"]: one["value"] for one in pool.tags.of_slot(slots[person], self.now)}
            assert told == held, person
        known = {person for person in plain if who.are_known(np.array([slots[person]]))[0]}
        for tag, value in (("vip", None), *(("level", one) for one in LEVELS)):
            wanted = {slots[one] for one in known
                      if tag in plain[one] and value in (None, plain[one][tag])}  # fmt: skip
            assert set(pool.tags.among(tag, value).tolist()) == wanted, (tag, value)
        gold = {slots[one] for one in known if plain[one] == {"level": "gold"}}
        assert set(pool.segments.slots(RULE).tolist()) == gold
        self.look()
        self.look()
        assert set(pool.segments.membership.slots("s").tolist()) == gold


@settings(max_examples=10, deadline=None)
@given(STEPS)
def test_tags_by_hand_are_what_was_said_last_of_each_person(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        living = Living(Path(name))
        try:
            for kind, *more in steps:
                getattr(living, kind)(*more)
            living.check()
        finally:
            living.pool.crash()


def test_a_file_names_a_person_twice_and_the_last_line_counts(tmp_path: Path) -> None:
    with Folding(tmp_path) as pool:
        both = ("user_id:u0", "phone:+8613800138000")
        pool.deliver([Event("m", "track", "Other", NOW - DAY, both, 1)])
        people, said = pool.app.pool.tags._people, list[str]()
        people._mark = lambda kind, body, by: said.append(body) or 7
        file = b"kind,value,tag\nphone,13800138000,gold\nuser_id,u0,  silver \nuser_id,ghost,gold\n"
        given = people.read(file + b"user_id,u0,tin\n")
        entry, told = people.take("level", LEVELS, given, True, "me")
        assert (entry, told.found, told.unknown, told.refusals) == (7, 2, 1, 1)
        (refused,) = told.refused
        assert refused == {"line": 5, "text": "u0", "reason": "'tin' is no value of this tag"}
        (mark,) = msgspec.json.decode(said[0], type=marks.Marked).marks
        assert mark.value == "silver"
