"""What every leaf of the segments' rules says of everybody, kept as people go on doing things.

What came tells which leaves may say something else, and of whom. How often somebody did something
follows from the latest times of it, which are at hand; whatever else hangs on rows is asked of the
engine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Flag
from hotspring.pipeline import Pipeline
from hotspring.pool.asking import Asking
from hotspring.pool.trait_columns import TraitColumns
from hotspring.pool.trait_news import Told, TraitNews, by_trait
from hotspring.rules import Catalogue, Question
from hotspring.segments import marks
from hotspring.store import Store

IDLE: Final = int(Flag.BOT | Flag.SPENT)
READ: Final = ("origin_id", "ms", "flags", "name")
READ_OF_SOME: Final = (*READ, "seq", "key")
"""With what tells which were there at a moment, and which are machine traffic."""
DEEP: Final = 3
"""So many of the latest times are kept at least."""
DEEPEST: Final = 5
"""A leaf that counts further than this is asked of the engine."""
AT_ONCE: Final = 16
"""Leaves that are asked of everybody in one go."""
NOBODY: Final = np.empty(0, np.int32)
Leaf: TypeAlias = Any
"""A leaf of a rule."""


class Rows(NamedTuple):
    """What people did."""

    slot: np.ndarray
    ms: np.ndarray
    name: Any
    """Arrow column, plain or as words of a dictionary."""

    def of(self, event: str | None) -> np.ndarray:
        """bool[n]: which are events of this name?"""
        if event is None:
            return np.ones(len(self.slot), bool)
        found = pc.equal(self.name, event)
        return np.asarray(found.to_numpy(zero_copy_only=False), bool)

    def only(self, mine: np.ndarray) -> Rows:
        """Some of them."""
        return Rows(self.slot[mine], self.ms[mine], self.name.filter(pa.array(mine)))


NOTHING: Final = Rows(NOBODY, np.empty(0, np.int64), pa.array([], pa.string()))


class Came(NamedTuple):
    """What was heard of, by slot; everyone in it is known."""

    whole: np.ndarray
    """int32: whose every leaf is to be asked."""
    other: np.ndarray
    """int32: of those, who was known before: they are somebody else now, or were decided about."""
    warmed: np.ndarray
    """int32: who did something, and nothing else happened to them."""
    told: Told | None
    """What was written about those."""
    decided: np.ndarray
    """int32: of those, who may have decided something."""
    rows: Rows
    """What people did, those of `whole` too."""


class Leaves:
    """Keeps the leaves over one state of a pool. For one thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, asking: Asking, traits: TraitColumns
    ) -> None:
        self._pipeline = pipeline
        self._traits = traits
        self._news = TraitNews(pipeline, store)
        self._asking = asking
        self._marks = marks.Marks()
        self._asked: dict[Leaf, Question] = {}
        self._at_hand: dict[Leaf, Any] = {}
        """Those that follow from the latest times, and how."""
        self._keys: dict[Leaf, str] = {}
        """Another one whenever the leaf may be true for another reason than what people did."""
        self._recent: dict[str | None, marks.Recent] = {}
        """By name of event; None: of any event."""
        self._whole = np.empty(0, bool)
        """By slot: is all of it in the marks?"""
        self._coming: dict[str | None, tuple[np.ndarray, np.ndarray]] = {}
        """Slots and times of what is still to come, by name of event as `_recent`."""
        self._catalogue = Catalogue()
        self._bound = 0
        """The events with a `seq` before this one are in all that is at hand."""

    def truths(self, slots: np.ndarray) -> Callable[[Question], np.ndarray]:
        """Tells (bool[n]) of which of these slots a rule is true, all of whose leaves are kept."""
        of = functools.cache(lambda leaf: self._marks.of(leaf, slots))
        return lambda question: question.holds(of)

    # --- which leaves there are ---

    def follow(
        self, wanted: Mapping[Leaf, tuple[str, Question]], there: Catalogue, now: int
    ) -> None:
        """Keep these leaves and no others; new ones are asked of everybody."""
        self._catalogue = there
        fresh = [leaf for leaf, (key, _) in wanted.items() if self._keys.get(leaf) != key]
        for leaf in self._keys.keys() - wanted.keys():
            self._marks.drop(leaf)
        for leaf in fresh:
            if leaf not in self._keys:
                self._marks.add(leaf)
        self._keys = {leaf: key for leaf, (key, _) in wanted.items()}
        self._asked = {leaf: question for leaf, (_, question) in wanted.items()}
        found = ((leaf, question.counted()) for leaf, question in self._asked.items())
        self._at_hand = {leaf: one for leaf, one in found if one and one.depth <= DEEPEST}
        self._remember(now)
        for leaf in fresh:
            if leaf in self._at_hand:
                self._sweep(leaf, now)
        if fresh:
            self._traits.forget()
        if not self._news.begun and by_trait(self._asked):
            self._news.begin(len(self._whole), now)
        self._ask_all([leaf for leaf in fresh if leaf not in self._at_hand], now)

    def _remember(self, now: int) -> None:
        """Have the latest times of all that is counted, as many of them as are counted."""
        depth = dict[str | None, int]()
        for one in self._at_hand.values():
            depth[one.event] = max(depth.get(one.event, DEEP), one.depth)
        for event in self._recent.keys() - depth.keys():
            del self._recent[event], self._coming[event]
        missing = [
            event
            for event, deep in depth.items()
            if event not in self._recent or self._recent[event].depth < deep
        ]
        if not missing:
            return
        for event in missing:
            self._recent[event] = marks.Recent(depth[event])
            self._recent[event].reach(len(self._whole))
            self._coming[event] = (NOBODY, np.empty(0, np.int64))
        with self._pipeline.lock:
            state = self._pipeline.state
            machines, mapping = state.machines, state.who.mapping()
        for batch in self._pipeline.events(machines, READ, 0, self._bound):
            rows = _rows(pa.Table.from_batches([batch]), mapping, len(self._whole))
            self._take(rows, now, missing)

    def _take(self, rows: Rows, now: int, events: Iterable[str | None]) -> None:
        """Remember when these were done."""
        late = rows.ms > now
        for event in events:
            mine = rows.of(event)
            past, to_come = mine & ~late, mine & late
            self._recent[event].take(rows.slot[past], rows.ms[past])
            if to_come.any():
                slots, ms = self._coming[event]
                self._coming[event] = (
                    np.append(slots, rows.slot[to_come]), np.append(ms, rows.ms[to_come])
                )  # fmt: skip

    # --- what people do ---

    def begin(self) -> None:
        """Hear all that comes from now on. Whoever calls it holds the lock of the pipeline."""
        state = self._pipeline.state
        self._bound = state.bound
        self._reach(state.who.capacity)
        self._whole[: state.who.capacity] = state.who.known

    def hear(self, heard: Any) -> Came:
        """Take up what an ear heard. Whoever calls it holds the lock of the pipeline."""
        state = self._pipeline.state
        who, self._bound = state.who, state.bound
        self._reach(who.capacity)
        known = heard.warmed[who.are_known(heard.warmed)]
        new = known[~self._whole[known]]
        other = heard.other[heard.other < who.capacity]
        whole, other = np.union1d(other, new).astype(np.int32), other[self._whole[other]]
        self._whole[whole] = who.are_known(whole)
        warmed = np.setdiff1d(known, whole).astype(np.int32)
        if not heard.news:
            return Came(whole, other, warmed, None, NOBODY, NOTHING)
        seen = pa.Table.from_batches([state.machines.seen(one.events) for one in heard.news])
        origins = seen.column("origin_id").to_numpy()
        slots = who.profile_of(origins, seen.column("ms").to_numpy())

        told, writes = None, pa.Table.from_batches([one.traits for one in heard.news])
        if self._news.begun and writes.num_rows:
            when = writes.column("ms").to_numpy()
            self._news.heard(when)
            slot = who.profile_of(writes.column("origin_id").to_numpy(), when)
            mine = np.isin(slot, warmed)
            told = Told(slot[mine], writes.filter(pa.array(mine)))
        subjects = np.concatenate([one.consents.column("origin_id") for one in heard.news])
        decided = np.intersect1d(slots[np.isin(origins, subjects)], warmed).astype(np.int32)
        return Came(whole, other, warmed, told, decided, done(seen, slots))

    def look(self, came: Came, now: int) -> np.ndarray:
        """Ask what may be another by that; gives those (int32) of whom anything may be."""
        moved = [came.whole]
        rows = came.rows.only(~np.isin(came.rows.slot, came.whole))
        if len(came.whole):
            self._read(came.whole, now)
        self._take(rows, now, self._recent)
        moved += [
            self._sweep(leaf, now, slots)
            for leaf in self._at_hand
            for slots in (came.whole, came.warmed)
        ]
        others = [leaf for leaf in self._asked if leaf not in self._at_hand]
        self._ask(others, came.whole, now)
        for waker, slots in (("any", came.warmed), ("consent", came.decided)):
            woken = [leaf for leaf in others if self._asked[leaf].wakes == waker]
            moved.append(self._ask(woken, slots, now))
        if self._news.begun:
            self._news.others(came.whole, now)
            moved.append(self._ask_of_writes(came.told, now))
        moved.append(self._ask_of_rows(rows, came.warmed, now))
        moved.append(self._arrive(now))
        return _all(moved)

    def _ask_of_writes(self, told: Told | None, now: int) -> np.ndarray:
        """Ask what hangs on traits of whoever some were written of."""
        if told is None:
            return NOBODY
        leaves, moved = by_trait(self._asked), [NOBODY]
        said, unsure = self._news.take(told, leaves)
        for name, one in said.items():
            questions = [self._asked[leaf] for leaf in leaves[name]]
            truths = self._news.truths(questions, one.texts, self._catalogue, now)
            for place, leaf in enumerate(leaves[name]):
                moved.append(self._marks.put(leaf, one.slots, truths[:, place]))
        moved.append(self._ask([leaf for some in leaves.values() for leaf in some], unsure, now))
        return _all(moved)

    def _ask_of_rows(self, rows: Rows, warmed: np.ndarray, now: int) -> np.ndarray:
        """Ask what hangs on events of whoever did any such thing."""
        hung = self._hung()
        names = {name for leaf in hung for name in self._asked[leaf].events}
        hit = np.zeros(len(rows.slot), bool)
        for name in names:
            hit |= rows.of(name)
        slots = np.intersect1d(rows.slot[hit], warmed).astype(np.int32)
        return self._ask(hung, slots, now)

    def _hung(self) -> list[Leaf]:
        """What the engine is asked of that hangs on events."""
        asked = self._asked.items()
        return [leaf for leaf, one in asked if one.wakes == "event" and leaf not in self._at_hand]

    def _read(self, slots: np.ndarray, now: int) -> None:
        """Have the latest times of these slots anew."""
        if not self._recent:
            return
        for event, recent in self._recent.items():
            recent.clear(slots)
            there, ms = self._coming[event]
            stays = ~np.isin(there, slots)
            self._coming[event] = (there[stays], ms[stays])
        with self._pipeline.lock:
            machines = self._pipeline.state.machines
        seen, slot = self._asking.events_of(slots, READ_OF_SOME)
        before = seen.column("seq").to_numpy() < self._bound
        seen, slot = seen.filter(pa.array(before)), slot[before]
        if not seen.num_rows:
            return
        batches = [machines.seen(one) for one in seen.combine_chunks().to_batches()]
        rows = done(pa.Table.from_batches(batches), slot)
        self._take(rows.only(np.isin(rows.slot, slots)), now, self._recent)

    def _reach(self, size: int) -> None:
        more = size - len(self._whole)
        if more > 0:
            more = max(more, len(self._whole) // 4)
            self._whole = np.append(self._whole, np.zeros(more, bool))
        self._marks.reach(len(self._whole))
        if self._news.begun:
            self._news.reach(len(self._whole))
        for recent in self._recent.values():
            recent.reach(len(self._whole))

    # --- what time brings ---

    def pass_time(self, before: int, now: int) -> np.ndarray:
        """Ask what time alone may have changed since `before` (ms); gives those (int32) of whom
        something is another."""
        moved = [self._sweep(leaf, now) for leaf, one in self._at_hand.items() if one.fades]
        timed = self._several(list(self._asked)).timed()
        needs = {leaf: self._asked[leaf].needs for leaf in timed}
        told = [leaf for leaf, one in needs.items() if one.traits or one.scores or one.tiers]
        moved.append(self._ask_all([leaf for leaf in timed if leaf not in told], now))
        # What traits say of everybody may be a minute old: whose answer is another is asked again.
        moved.append(self._ask(told, self._others(told, now), now))
        hung = self._several(self._hung())
        # An edge is passed when a moment is more than the length ago, or exactly so.
        spans = [(before - one - 1, now - one) for one in hung.lengths()]
        if hung.staged():
            spans += self._asking.stages.spans(before, now)
        if spans and before:
            moved.append(self._ask(self._hung(), self._asking.since(spans), now))
        moved.append(self._arrive(now))
        return _all(moved)

    def _arrive(self, now: int) -> np.ndarray:
        """Take up what was still to come and is past now; gives whose (int32) it is."""
        found = [NOBODY]
        for event, (slots, ms) in self._coming.items():
            due = ms <= now
            if due.any():
                self._recent[event].take(slots[due], ms[due])
                self._coming[event] = (slots[~due], ms[~due])
                found.append(slots[due])
        slots = _all(found)
        for leaf in self._at_hand if len(slots) else ():
            self._sweep(leaf, now, slots)
        return slots

    # --- how each is asked ---

    def _sweep(self, leaf: Leaf, now: int, slots: np.ndarray | None = None) -> np.ndarray:
        """Tell this of everybody, or of these, by the latest times; gives those (int32) of whom it
        is another now."""
        one = self._at_hand[leaf]
        since = one.start(now, self._catalogue.zone)
        recent = self._recent[one.event]
        return self._marks.sweep(leaf, recent, since, np.array(one.truths), slots)

    def _several(self, leaves: Sequence[Leaf]) -> Any:
        return Question.several(leaves, self._catalogue)

    def _ask(self, leaves: Sequence[Leaf], slots: np.ndarray, now: int) -> np.ndarray:
        """Ask the engine of some slots; gives those of whom something is another now."""
        if not leaves or not len(slots):
            return NOBODY
        truths = self._asking.truths(self._several(leaves), now, slots)
        at, moved = np.searchsorted(slots, truths.slots), []
        for place, leaf in enumerate(leaves):
            truth = np.zeros(len(slots), bool)
            truth[at] = truths.rules[:, place]
            moved.append(self._marks.put(leaf, slots, truth))
        return _all(moved)

    def _others(self, leaves: Sequence[Leaf], now: int) -> np.ndarray:
        """int32: of whom does any of these seem to say something else?"""
        if not leaves:
            return NOBODY
        truths = self._asking.truths(self._several(leaves), now)
        there = truths.slots < len(self._whole)
        slots = truths.slots[there]
        marks = np.stack([self._marks.of(leaf, slots) for leaf in leaves], axis=1)
        found: np.ndarray = np.sort(slots[(marks != truths.rules[there]).any(axis=1)])
        return found

    def _ask_all(self, leaves: Sequence[Leaf], now: int) -> np.ndarray:
        """Ask the engine of everybody."""
        moved = [NOBODY]
        for first in range(0, len(leaves), AT_ONCE):
            some = leaves[first : first + AT_ONCE]
            truths = self._asking.truths(self._several(some), now)
            # Who came since is heard of next time.
            there = truths.slots < len(self._whole)
            for place, leaf in enumerate(some):
                truth = np.zeros(len(self._whole), bool)
                truth[truths.slots[there]] = truths.rules[there, place]
                moved.append(self._marks.put_all(leaf, truth))
        return _all(moved)


def _rows(seen: pa.Table, mapping: Any, size: int) -> Rows:
    """Rows of those slots that there is room for."""
    slots = mapping.profile_of(seen.column("origin_id").to_numpy(), seen.column("ms").to_numpy())
    return done(seen, np.where(slots < size, slots, -1))


def done(seen: pa.Table, slots: np.ndarray) -> Rows:
    """What people did, by their slots: no machine traffic, no content that is gone."""
    human = (seen.column("flags").to_numpy() & IDLE) == 0
    rows = Rows(slots, seen.column("ms").to_numpy(), seen.column("name"))
    return rows.only(human & (slots >= 0))


def _all(moved: Iterable[np.ndarray]) -> np.ndarray:
    return np.unique(np.concatenate([NOBODY, *moved])).astype(np.int32)
