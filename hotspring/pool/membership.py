"""Who is in which segment, kept current beside the pipeline.

Whom the pipeline touched, and whose windows time moved, is asked of all segments at once. What
changed is journaled; what stands is what the journal said, so that a process that is killed finds
what it did not say and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import msgspec
import numpy as np
import structlog

from hotspring.errors import HotspringError, RuleRefused
from hotspring.named import Book, Kept
from hotspring.pipeline import Pipeline
from hotspring.pool.asking import Asking
from hotspring.pool.moments import clock
from hotspring.pool.segment_shelf import SegmentShelf
from hotspring.pool.trait_columns import TraitColumns
from hotspring.pool.vocabulary import SOON_MS, Vocabulary
from hotspring.rules import Catalogue, Question, read
from hotspring.segments import Roll, Saved, members
from hotspring.store import Store

log = structlog.get_logger("hotspring.segments")

PAUSE: Final = 1.0
SHARE: Final = 0.25
"""Of the time, at most: after a long look the next one waits."""
TIMED_MS: Final = 30_000
"""So often time alone may move people."""
ANEW_MS: Final = 86_400_000
"""So often everybody is asked anew: what leaves no trace, as events past their time, shows then."""
MOST_LOOKED: Final = 200_000
"""Of more profiles than these, and a fifth of all, everybody is asked, one segment at a time."""
WHOLE: Final = 2_000
"""Changes of a segment after which everybody who is in it is told again."""
MOST_IDS: Final = 1_000_000
"""People told in one command."""
LAST: Final = """
SELECT segment, at_ms, ruled, whole, entered_ids, left_ids FROM memberships m
WHERE seq >= (SELECT max(seq) FROM memberships w WHERE w.segment = m.segment AND whole IS NOT NULL)
ORDER BY segment, seq
"""
Journal = Callable[[str, str], int]
"""Journals a command of the pool itself (kind, body) and gives its position."""


class Counted(NamedTuple):
    """How a segment stands."""

    at_ms: int
    state: Literal["current", "failed"]
    problem: str | None
    ruled: int
    people: int


Told = tuple[str, np.ndarray, np.ndarray, members.Cause]
"""A segment, who entered and who left it by their identifiers, and why."""


class Asked(NamedTuple):
    """A segment as it is asked."""

    kept: Kept[Saved]
    key: str
    """Another one whenever anybody may be in it for another reason than what happened to them."""
    question: Question


class _Anew(Exception):
    """Everybody is numbered anew."""


class Membership:
    """Keeps all segments of an open pool current. From any thread; one thread works."""

    def __init__(
        self, pipeline: Pipeline, store: Store, shelf: SegmentShelf, vocabulary: Vocabulary,
        asking: Asking, traits: TraitColumns, journal: Journal, head: int,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._store = store
        self._shelf = shelf
        self._vocabulary = vocabulary
        self._asking = asking
        self._traits = traits
        self._journal = journal
        self._lock = threading.RLock()
        """Held while the roll changes."""
        self._roll = Roll()
        self._state: object = None
        self._ear = pipeline.listen()
        self._dirty = members.NOBODY
        self._keys: dict[str, str] = {}
        self._counted: dict[str, Counted] = {}
        self._ruled: dict[str, int] = {}
        self._told: dict[str, int] = {}
        """Changes since everybody in a segment was told."""
        self._several: tuple[tuple[str, ...], Any] = ((), None)
        self._seen = self._timed_at = self._anew_at = self._as_of = 0
        self._leaves: dict[Any, np.ndarray] = {}
        """What the leaves that time alone moves said last: bool by slot, packed."""
        self._pace = ""
        self._position = head
        """Of the last command that was journaled, here or before a restart."""
        self._wake, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="segments", daemon=True)

    # --- answers ---

    def of(self, kept: Kept[Saved]) -> Counted | None:
        """How does this segment stand? None where it was not counted yet."""
        with self._lock:
            found = self._counted.get(kept.id)
            if found is None or found.ruled != kept.since:
                return None
            current = found.state == "current"
            return found._replace(
                people=self._roll.count(kept.id) if current else 0,
                at_ms=max(found.at_ms, self._as_of) if current else found.at_ms,
            )

    def slots(self, segment: str) -> np.ndarray:
        """int32: who is in a segment that is counted."""
        with self._lock:
            return self._roll.slots(segment)

    # --- the thread ---

    def start(self) -> None:
        """Begin to keep segments current."""
        self._thread.start()

    def hurry(self) -> None:
        """Something was decided about segments."""
        self._wake.set()

    def close(self) -> None:
        """End all of it."""
        self._closing.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self.tick(clock())
            except (HotspringError, _Anew) as error:
                log.warning("segments wait", error=str(error))
                self._state = None
            except Exception as error:
                log.error("segments could not be kept current", exc_info=error)
                self._state = None
            spent = time.monotonic() - began
            self._wake.wait(max(PAUSE, spent * (1 / SHARE - 1)))
            self._wake.clear()

    # --- one look ---

    def tick(self, now: int) -> None:
        """Bring every segment up to what is applied at this moment, as seen at `now` (ms)."""
        if self._pipeline.position < self._position:
            # What was told last must be in the table before more is told.
            return
        decided, book = self._vocabulary.decided(), self._shelf.book()
        if not book.kept and not self._roll.segments and self._state is not None:
            with self._pipeline.lock:
                self._ear.take()
            return
        self._follow(now)
        timed = not 0 <= now - self._timed_at < TIMED_MS
        pace = self._asking.stages.key()
        still = (decided, pace) == (self._seen, self._pace)
        if still and not len(self._dirty) and not timed and self._keys:
            self._as_of = now
            return
        asked = self._asked(book, now)
        for one in asked:
            if self._keys.get(one.kept.id) != one.key:
                self._count(one, now)
                if self._closing.is_set():
                    return
        self._seen, self._pace = decided, pace
        if timed:
            self._dirty = np.union1d(self._dirty, self._moved(asked, now)).astype(np.int32)
        self._look(asked, now)
        self._timed_at = now if timed else self._timed_at
        self._as_of = now

    def _follow(self, now: int) -> None:
        """Hear whom the pipeline touched; take up the roll anew where slots were numbered anew."""
        lost: dict[str, np.ndarray] = {}
        with self._lock, self._pipeline.lock:
            touched, everyone = self._ear.take()
            state = self._pipeline.state
            size = state.who.capacity
            if state is self._state:
                self._roll.reach(size)
                lost = self._roll.settle(touched, state.who.slots_of)
        if state is not self._state:
            self._load(now)
            self._state, self._dirty, everyone = state, members.NOBODY, True
        self._leave(lost, now)
        self._dirty = np.union1d(self._dirty, touched).astype(np.int32)
        if everyone or len(self._dirty) > max(MOST_LOOKED, size // 5):
            self._keys = {}
        if now - self._anew_at >= ANEW_MS:
            self._keys, self._anew_at = {}, now

    def _leave(self, gone: dict[str, np.ndarray], now: int) -> None:
        """Tell who left because they are no profile of their own any more."""
        nobody = members.NOBODY
        self._tell([(one, nobody, ids, "live") for one, ids in gone.items() if len(ids)], now)

    def _load(self, now: int) -> None:
        """Become what the table tells."""
        told: dict[str, list[tuple[bytes | None, bytes, bytes]]] = {}
        for row in self._store.query(LAST).to_pylist():
            change = (row["whole"], row["entered_ids"], row["left_ids"])
            told.setdefault(row["segment"], []).append(change)
            self._ruled[row["segment"]] = row["ruled"]
        inside = {segment: members.folded(changes) for segment, changes in told.items()}
        roll = Roll()
        with self._pipeline.lock:
            roll.reach(self._pipeline.state.who.capacity)
            gone = roll.load(inside, self._pipeline.state.who.slots_of)
        with self._lock:
            self._roll, self._keys, self._leaves = roll, {}, {}
        self._told = {segment: len(changes) for segment, changes in told.items()}
        self._leave(gone, now)

    # --- what is asked ---

    def _asked(self, book: Book[Saved], now: int) -> list[Asked]:
        """Every segment that can be asked. What cannot is noted as failed."""
        with self._lock:
            for segment in {*self._roll.segments, *self._counted} - book.kept.keys():
                self._roll.drop(segment)
                self._counted.pop(segment, None)
                self._keys.pop(segment, None)
        if not book.kept:
            return []
        catalogue = self._vocabulary.catalogue(now)
        found, missing = list[Asked](), False
        for kept in book.listed():
            try:
                found.append(self._one(kept, catalogue, now))
            except RuleRefused as refused:
                missing |= any(fault.code == "unknown_name" for fault in refused.faults)
                with self._lock:
                    told = Counted(now, "failed", str(refused), kept.since, 0)
                    self._counted[kept.id] = told
                    self._keys.pop(kept.id, None)
        if missing:
            # What a rule names may have come since the last look.
            self._vocabulary.catalogue(now, SOON_MS)
        return found

    def _one(self, kept: Kept[Saved], catalogue: Catalogue, now: int) -> Asked:
        given = {"segment": {"id": kept.id}} if kept.said.rule is None else kept.said.rule
        question = Question(read(given, catalogue), catalogue, now)
        needs = question.needs
        outlets = catalogue.outlets if "lon" in needs.relations["profiles"] else ()
        places = self._asking.shapes(needs.areas)
        paced = "lifecycle" in needs.relations["profiles"]
        pace = self._asking.stages.key() if paced else ""
        also = (places, outlets, pace, question.versions)
        return Asked(kept, f"{kept.since} {question.rule} {needs} {also}", question)

    def _count(self, one: Asked, now: int) -> None:
        """Ask everybody."""
        segment, ruled = one.kept.id, one.kept.since
        self._traits.forget()
        alone = Question.several((one.question.rule,), one.question.catalogue)
        truths = self._asking.truths(alone, now)
        found = truths.slots[truths.rules[:, 0]]
        cause: members.Cause = "live"
        with self._lock:
            if segment not in self._roll.segments:
                cause = "first"
                self._roll.begin(segment)
            elif self._ruled.get(segment) != ruled:
                cause = "rule"
            everyone = np.union1d(self._roll.slots(segment), found).astype(np.int32)
        self._ruled[segment] = ruled
        truth = np.isin(everyone, found)
        self._tell([(segment, *self._taken(segment, everyone, truth), cause)], now)
        with self._lock:
            self._keys[segment] = one.key
            self._counted[segment] = Counted(now, "current", None, ruled, 0)

    def _taken(
        self, segment: str, slots: np.ndarray, truth: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Who entered and who left, as the roll is told that these slots are in or not."""
        with self._lock, self._pipeline.lock:
            who = self._pipeline.state.who
            if self._pipeline.state is not self._state:
                raise _Anew
            # Who is part of another by now is heard of next time.
            known = (slots < who.capacity) & who.are_known(np.minimum(slots, who.capacity - 1))
            self._roll.reach(who.capacity)
            moved = self._roll.take(segment, slots, truth & known, who.firsts)
        return moved.entered, moved.left

    def _moved(self, asked: list[Asked], now: int) -> np.ndarray:
        """int32: whom time alone may have moved since it was last looked."""
        several, before = self._combined(asked), self._timed_at
        found = [members.NOBODY]
        # An edge is passed when a moment is more than the length ago, or exactly so.
        spans = [(before - one - 1, now - one) for one in several.lengths()]
        if several.staged():
            spans += self._asking.stages.spans(before, now)
        if spans and before:
            found.append(self._asking.since(spans))
        leaves = several.timed()
        if leaves:
            truths = self._asking.truths(self._leaf_rules(leaves), now)
            size = int(truths.slots.max(initial=-1)) + 1
            for at, leaf in enumerate(leaves):
                marks = np.zeros(size, bool)
                marks[truths.slots] = truths.rules[:, at]
                fresh, old = np.packbits(marks), self._leaves.get(leaf)
                if old is not None:
                    wide = max(len(fresh), len(old))
                    a, b = (np.pad(one, (0, wide - len(one))) for one in (fresh, old))
                    found.append(np.flatnonzero(np.unpackbits(a ^ b)).astype(np.int32))
                self._leaves[leaf] = fresh
        self._leaves = {leaf: self._leaves[leaf] for leaf in leaves}
        return np.unique(np.concatenate(found)).astype(np.int32)

    def _combined(self, asked: list[Asked]) -> Any:
        """All segments as one question, which is compiled once."""
        keys = tuple(one.key for one in asked)
        if self._several[0] != keys or self._several[1] is None:
            catalogue = asked[0].question.catalogue if asked else Catalogue()
            rules = [one.question.rule for one in asked]
            self._several = (keys, Question.several(rules, catalogue))
        return self._several[1]

    def _leaf_rules(self, leaves: tuple[Any, ...]) -> Any:
        catalogue = self._several[1].catalogue
        return Question.several(leaves, catalogue)

    def _look(self, asked: list[Asked], now: int) -> None:
        """Ask all segments of who may have moved."""
        slots = self._dirty
        if not len(slots) or not asked:
            self._dirty = members.NOBODY
            return
        truths = self._asking.truths(self._combined(asked), now, slots)
        at, told = np.searchsorted(slots, truths.slots), list[Told]()
        for number, one in enumerate(asked):
            truth = np.zeros(len(slots), bool)
            truth[at] = truths.rules[:, number]
            entered, left = self._taken(one.kept.id, slots, truth)
            if len(entered) or len(left):
                told.append((one.kept.id, entered, left, "live"))
        self._tell(told, now)
        self._dirty = members.NOBODY

    # --- what is told ---

    def _tell(self, told: list[Told], now: int) -> None:
        """Journal who entered and who left."""
        moves, ids = list[members.Move](), 0
        for segment, entered, left, cause in told:
            self._told[segment] = self._told.get(segment, 0) + 1
            whole = None
            if cause != "live" or self._told[segment] > WHOLE:
                self._told[segment] = 0
                whole = self._roll.ids(segment)
            first = cause == "first"
            moves.append(
                members.Move(
                    segment, now, cause, self._roll.count(segment),
                    0 if first else len(entered), len(left),
                    b"" if first else members.packed(entered), members.packed(left),
                    self._ruled.get(segment, 0), None if whole is None else members.packed(whole),
                )
            )  # fmt: skip
            ids += len(entered) + len(left) + (0 if whole is None else len(whole))
            if ids > MOST_IDS:
                self._send(moves)
                moves, ids = [], 0
        if moves:
            self._send(moves)

    def _send(self, moves: list[members.Move]) -> None:
        body = msgspec.json.encode(members.Moves(moves)).decode()
        self._position = self._journal(members.KIND, body)
