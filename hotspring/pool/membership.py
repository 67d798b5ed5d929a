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
from hotspring.pool.leaves import Came, Leaves
from hotspring.pool.moments import clock
from hotspring.pool.segment_shelf import SegmentShelf
from hotspring.pool.trait_columns import TraitColumns
from hotspring.pool.vocabulary import GOOD_MS, SOON_MS, Vocabulary
from hotspring.rules import Catalogue, Question, read
from hotspring.segments import Roll, Saved, members
from hotspring.store import Store

log = structlog.get_logger("hotspring.segments")

PAUSE: Final = 2.0
"""Seconds between looks."""
SHARE: Final = 0.5
"""Of the time, at most: after a long look the next one waits."""
TIMED_MS: Final = 30_000
"""So often time alone may move people."""
ANEW_MS: Final = 86_400_000
"""So often everybody is asked anew: what leaves no trace, as events past their time, shows then."""
MOST_LOOKED: Final = 200_000
"""Of more profiles than these, and a fifth of all, everybody is asked, one segment at a time."""
AT_ONCE: Final = 16
"""Segments that are counted before that is told."""
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


Truths = Callable[[Question], np.ndarray]
Told = tuple[str, np.ndarray, np.ndarray, members.Cause]
"""A segment, who entered and who left it by their identifiers, and why."""


class Asked(NamedTuple):
    """A segment as it is asked."""

    kept: Kept[Saved]
    key: str
    """Another one whenever anybody may be in it for another reason than what happened to them."""
    question: Question
    leaves: list[tuple[Any, tuple[str, Question]]]
    """Its leaves, with the key and the question of each."""


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
        self._keys: dict[str, str] = {}
        self._counted: dict[str, Counted] = {}
        self._ruled: dict[str, int] = {}
        self._told: dict[str, int] = {}
        """Changes since everybody in a segment was told."""
        self._timed_at = self._anew_at = self._as_of = 0
        self._leaves, self._begun = Leaves(pipeline, store, asking, traits), False
        self._ground: Any = None
        self._missing = False
        """Does a rule name what is not there?"""
        self._questions: list[Asked] = []
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
        book = self._shelf.book()
        if not book.kept and not self._roll.segments and self._state is not None:
            self._rest()
            return
        came = self._follow(now)
        late = moved = members.NOBODY if came is None else self._leaves.look(came, now)
        if not 0 <= now - self._timed_at < TIMED_MS:
            late = self._leaves.pass_time(self._timed_at, now)
            self._timed_at = now
        other = members.NOBODY if came is None else np.intersect1d(came.other, moved)
        causes: list[tuple[members.Cause, np.ndarray]] = [
            ("event", np.setdiff1d(moved, other)),
            ("identity", other),
            ("time", np.setdiff1d(late, moved)),
        ]
        asked = self._asked(book, now)
        known = [one for one in asked if self._keys.get(one.kept.id) == one.key]
        # Each by itself: a place in the journal tells of a segment once.
        for cause, slots in causes:
            self._look(known, slots, cause, now)
        if len(known) < len(asked):
            self._count_all([one for one in asked if self._keys.get(one.kept.id) != one.key], now)
        self._as_of = now

    def _rest(self) -> None:
        """There is nothing to keep."""
        self._ear.wanted = False
        with self._pipeline.lock:
            self._ear.take()
        self._leaves, self._begun = (
            Leaves(self._pipeline, self._store, self._asking, self._traits),
            False,
        )

    def _follow(self, now: int) -> Came | None:
        """Hear what came; None where everybody is asked anew. Takes up the roll where slots were
        numbered anew."""
        if self._pipeline.state is not self._state:
            self._load(now)
        self._ear.wanted = True
        with self._lock, self._pipeline.lock:
            state, heard = self._pipeline.state, self._ear.take()
            if state is not self._state:
                raise _Anew
            size = state.who.capacity
            self._roll.reach(size)
            touched = np.union1d(heard.warmed, heard.other).astype(np.int32)
            lost = self._roll.settle(touched, state.who.slots_of)
            came = None
            anew = heard.everyone or len(touched) > max(MOST_LOOKED, size // 5)
            if anew or not self._begun or now - self._anew_at >= ANEW_MS:
                self._leaves, self._begun = (
                    Leaves(self._pipeline, self._store, self._asking, self._traits),
                    True,
                )
                self._leaves.begin()
                self._keys, self._anew_at = {}, now
            else:
                came = self._leaves.hear(heard)
        self._leave(lost, now)
        return came

    def _leave(self, gone: dict[str, np.ndarray], now: int) -> None:
        """Tell who left because they are no profile of their own any more."""
        nobody = members.NOBODY
        self._tell([(one, nobody, ids, "identity") for one, ids in gone.items() if len(ids)], now)

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
            state = self._pipeline.state
            roll.reach(state.who.capacity)
            gone = roll.load(inside, state.who.slots_of)
        with self._lock:
            self._state = state
            self._roll, self._keys, self._begun = roll, {}, False
        self._told = {segment: len(changes) for segment, changes in told.items()}
        self._leave(gone, now)

    # --- what is asked ---

    def _asked(self, book: Book[Saved], now: int) -> list[Asked]:
        """Every segment that can be asked, with its leaves kept. What cannot is noted as failed."""
        with self._lock:
            for segment in {*self._roll.segments, *self._counted} - book.kept.keys():
                self._roll.drop(segment)
                self._counted.pop(segment, None)
                self._keys.pop(segment, None)
        if not book.kept:
            # What there is to name is not looked up before somebody names it.
            return []
        # What a rule names may have come since the last look.
        there = self._vocabulary.catalogue(now, SOON_MS if self._missing else GOOD_MS)
        ground = (book.seq, there, self._asking.drawn(), self._asking.stages.key(), self._leaves)
        if self._ground == ground:
            return self._questions
        found, self._missing = list[Asked](), False
        for kept in book.listed():
            try:
                found.append(self._one(kept, there, now))
            except RuleRefused as refused:
                self._missing |= any(fault.code == "unknown_name" for fault in refused.faults)
                with self._lock:
                    told = Counted(now, "failed", str(refused), kept.since, 0)
                    self._counted[kept.id] = told
                    self._keys.pop(kept.id, None)
        self._leaves.follow({leaf: one for each in found for leaf, one in each.leaves}, there, now)
        self._ground, self._questions = ground, found
        return found

    def _one(self, kept: Kept[Saved], there: Catalogue, now: int) -> Asked:
        given = {"segment": {"id": kept.id}} if kept.said.rule is None else kept.said.rule
        question = Question(read(given, there), there, now)
        parts = question.parts().items()
        leaves = [(leaf, (self._key(one, there), one)) for leaf, one in parts]
        key = f"{kept.since} {question.rule} {[key for _, (key, _) in leaves]}"
        return Asked(kept, key, question, leaves)

    def _key(self, leaf: Question, there: Catalogue) -> str:
        """What a leaf hangs on beside what people do."""
        needs = leaf.needs
        facts, rows = needs.relations["profiles"], needs.relations.get("events", {})
        return " ".join(
            str(one)
            for one in (
                needs,
                leaf.versions,
                self._asking.shapes(needs.areas),
                there.outlets if "lon" in facts else "",
                there.rates if "currency" in rows else "",
                self._asking.stages.key() if "lifecycle" in facts else "",
            )
        )

    def _count(self, one: Asked, known: np.ndarray, truths: Truths) -> Told:
        """Take everybody up (`known`, int32) as the leaves tell."""
        segment, ruled = one.kept.id, one.kept.since
        cause: members.Cause = "live"
        with self._lock:
            if segment not in self._roll.segments:
                cause = "first"
                self._roll.begin(segment)
            elif self._ruled.get(segment) != ruled:
                cause = "rule"
            inside = self._roll.slots(segment)
        self._ruled[segment] = ruled
        truth = np.zeros(max(known.max(initial=-1), inside.max(initial=-1)) + 1, bool)
        truth[known[truths(one.question)]] = True
        moved = truth.copy()
        moved[inside] ^= True
        slots = np.flatnonzero(moved).astype(np.int32)
        return (segment, *self._taken(segment, slots, truth[slots]), cause)

    def _count_all(self, asked: list[Asked], now: int) -> None:
        """Take everybody up in these segments."""
        with self._pipeline.lock:
            known = self._pipeline.state.who.slots(known_only=True)
        for first in range(0, len(asked), AT_ONCE):
            some = asked[first : first + AT_ONCE]
            truths = self._leaves.truths(known)
            self._tell([self._count(one, known, truths) for one in some], now)
            with self._lock:
                for one in some:
                    self._keys[one.kept.id] = one.key
                    self._counted[one.kept.id] = Counted(now, "current", None, one.kept.since, 0)
            if self._closing.is_set():
                return

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

    def _look(self, asked: list[Asked], slots: np.ndarray, cause: members.Cause, now: int) -> None:
        """Take up these slots as the leaves tell."""
        if not len(slots):
            return
        with self._pipeline.lock:
            who = self._pipeline.state.who
            known = (slots < who.capacity) & who.are_known(np.minimum(slots, who.capacity - 1))
        truths, told = self._leaves.truths(slots), list[Told]()
        for one in asked:
            truth = truths(one.question) & known
            with self._lock:
                other = self._roll.others(one.kept.id, slots, truth)
            if len(other):
                entered, left = self._taken(
                    one.kept.id, other, truth[np.searchsorted(slots, other)]
                )
                if len(entered) or len(left):
                    told.append((one.kept.id, entered, left, cause))
        self._tell(told, now)

    # --- what is told ---

    def _tell(self, told: list[Told], now: int) -> None:
        """Journal who entered and who left."""
        moves, ids = list[members.Move](), 0
        for segment, entered, left, cause in told:
            self._told[segment] = self._told.get(segment, 0) + 1
            whole = None
            if cause in ("first", "rule") or self._told[segment] > WHOLE:
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
