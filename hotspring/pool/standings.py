"""Who stood in which tier and when, written down beside the pipeline at least once an hour."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import structlog

from hotspring.errors import Conflict, HotspringError, RuleRefused
from hotspring.named import Kept
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import clock, iso
from hotspring.pool.tiers import Stood, Tiers
from hotspring.segments import members
from hotspring.store import Store
from hotspring.tiers import Scheme, standing

log = structlog.get_logger("hotspring.tiers")

EVERY_MS: Final = 3_000_000
"""So often everybody is looked at, somewhat more than once an hour."""
PAUSE: Final = 5.0
DAY_MS: Final = 86_400_000
WHOLE: Final = 100
"""Looks of a tier after which everybody who is in it is told again."""
TOLD: Final = """
SELECT seq, segment, at_ms, cause, ruled, whole, entered_ids, left_ids FROM standings
WHERE segment = ? AND ruled = ? AND at_ms <= ? ORDER BY seq
"""


class Fallen(NamedTuple):
    """Somebody left a tier by what happened."""

    ids: np.ndarray
    tier: int
    at_ms: int


class _State:
    """What is known of a scheme as it is now."""

    def __init__(self, ruled: int) -> None:
        self.ruled = ruled
        self.record = standing.Record.folded([])
        self.since = 0
        """The moment of the first look; 0 where there was none."""
        self.looked = 0
        self.fallen: list[Fallen] = []
        self.looks = 0


class Standings:
    """Writes down who stands where, and tells who keeps a tier by grace. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, tiers: Tiers, journal: Callable[[str, str], int],
        head: int,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._store = store
        self._tiers = tiers
        self._journal = journal
        self._position = head
        self._lock, self._working = threading.RLock(), threading.Lock()
        self._states: dict[str, _State] = {}
        self._wake, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="standings", daemon=True)
        tiers.held, tiers.recorded, tiers.hurry = self.held, self.recorded, self._wake.set

    # --- the thread ---

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

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
            except HotspringError as error:
                log.warning("tiers wait", error=str(error))
            except Exception as error:
                log.error("tiers could not be looked at", exc_info=error)
            self._wake.wait(max(PAUSE, time.monotonic() - began))
            self._wake.clear()

    def tick(self, now: int, every_ms: int = EVERY_MS) -> None:
        """Look at every scheme that is new, was changed, or was not looked at for so long."""
        with self._working:
            self._tick(now, every_ms)

    def _tick(self, now: int, every_ms: int) -> None:
        if self._pipeline.position < self._position:
            # What was told last must be in the table before it is read.
            return
        book = self._tiers.shelf.book()
        with self._lock:
            self._states = {id_: one for id_, one in self._states.items() if id_ in book.kept}
        for kept in book.listed():
            if self._closing.is_set():
                return
            state = self._state(kept)
            if state.looked == 0 or now - state.looked >= every_ms:
                try:
                    self._look(kept, state, now)
                except RuleRefused as error:
                    log.warning("a scheme of tiers cannot be asked", error=str(error))
                    state.looked = now

    def _look(self, kept: Kept[Scheme], state: _State, now: int) -> None:
        """Ask everybody, and journal who moved."""
        found = self._tiers.read(kept.said, kept.rules, now)
        with self._pipeline.lock:
            who = self._pipeline.state.who
            slots = found.slots
            there = slots < who.capacity
            there[there] = who.are_known(slots[there])
            slots, codes = slots[there], found.codes[there]
            names = standing.named(
                state.record, who.slots_of(state.record.ids), slots, who.firsts(slots)
            )
        after = standing.Record.of(names, codes)
        with self._lock:
            size, first = len(kept.said.tiers), state.since == 0
            moved = standing.moved(state.record, after, size)
            state.looks += 1
            whole = first or state.looks % WHOLE == 0
            told = range(size) if whole else moved
            nobody = members.NOBODY
            moves = []
            for tier in told:
                entered, left = moved.get(tier, (nobody, nobody))
                inside = after.ids[after.codes == tier]
                moves.append(
                    members.Move(
                        standing.place(kept.id, tier), now, "first" if first else "live",
                        len(inside), 0 if first else len(entered), len(left),
                        b"" if first else members.packed(entered), members.packed(left),
                        kept.since, members.packed(inside) if whole else None,
                    )
                )  # fmt: skip
                if len(left):
                    state.fallen.append(Fallen(left, tier, now))
            edge = now - kept.said.grace * DAY_MS
            state.fallen = [one for one in state.fallen if one.at_ms > edge]
            state.record, state.looked = after, now
            state.since = state.since or now
            if moves:
                body = msgspec.json.encode(members.Moves(moves)).decode()
                self._position = self._journal(standing.KIND, body)

    # --- what is known ---

    def held(
        self, kept: Kept[Scheme], slots: np.ndarray, codes: np.ndarray, now: int
    ) -> np.ndarray:
        """The tiers that slots hold: the highest of the days of grace."""
        if not kept.said.grace or not len(slots):
            return codes
        with self._lock:
            state = self._state(kept)
            stood = [(state.record.ids, state.record.codes)]
            edge = now - kept.said.grace * DAY_MS
            stood += [_all(one) for one in state.fallen if one.at_ms > edge]
        by_slot = self._by_slot(stood, int(slots.max()) + 1)
        found: np.ndarray = np.maximum(codes, by_slot[slots]).astype(np.int8)
        return found

    def recorded(self, kept: Kept[Scheme], at: int) -> Stood:
        """How everybody stood at a past moment. Raises `Conflict` where nobody looked yet."""
        with self._lock:
            since = self._state(kept).since
        if since == 0 or since > at:
            said = "is being looked at for the first time" if since == 0 else f"since {iso(since)}"
            raise Conflict(f"{kept.name!r} is written down as it is now: {said}")
        tiers, stood = [], []
        edge = at - kept.said.grace * DAY_MS
        for tier in range(len(kept.said.tiers)):
            told = self._told(kept, tier, at)
            tiers.append(_folded(told))
            stood += [_all(one) for one in _fallen(told, tier) if one.at_ms > edge]
        record = standing.Record.folded(tiers)
        if kept.said.grace:
            stood.append((record.ids, record.codes))
        else:
            stood = [(record.ids, record.codes)]
        with self._pipeline.lock:
            size = self._pipeline.state.who.capacity
            slots = self._pipeline.state.who.slots(known_only=True)
        codes = self._by_slot(stood, size)[slots]
        there = codes >= 0
        return Stood(slots[there].astype(np.int32), codes[there], np.empty((int(there.sum()), 0)))

    def _by_slot(self, stood: list[tuple[np.ndarray, np.ndarray]], size: int) -> np.ndarray:
        with self._pipeline.lock:
            who = self._pipeline.state.who
            placed = [(who.slots_of(ids), codes) for ids, codes in stood]
        return standing.highest(size, *placed)

    def _state(self, kept: Kept[Scheme]) -> _State:
        """What is known of a scheme, read from the table where that was not done yet."""
        with self._lock:
            state = self._states.get(kept.id)
            if state is not None and state.ruled == kept.since:
                return state
            state = _State(kept.since)
            tiers = []
            for tier in range(len(kept.said.tiers)):
                told = self._told(kept, tier, 2**62)
                tiers.append(_folded(told))
                state.fallen += _fallen(told, tier)
                if told:
                    state.since = told[0]["at_ms"]
                    state.looked = max(state.looked, told[-1]["at_ms"])
            state.record = standing.Record.folded(tiers)
            self._states[kept.id] = state
            return state

    def _told(self, kept: Kept[Scheme], tier: int, at: int) -> list[dict[str, Any]]:
        asked = [standing.place(kept.id, tier), kept.since, at]
        found: list[dict[str, Any]] = self._store.query(TOLD, asked).to_pylist()
        return found


def _folded(told: list[dict[str, Any]]) -> np.ndarray:
    return members.folded((row["whole"], row["entered_ids"], row["left_ids"]) for row in told)


def _fallen(told: list[dict[str, Any]], tier: int) -> list[Fallen]:
    rows = [row for row in told if row["cause"] == "live" and row["left_ids"]]
    return [Fallen(members.unpacked(row["left_ids"]), tier, row["at_ms"]) for row in rows]


def _all(fallen: Fallen) -> tuple[np.ndarray, np.ndarray]:
    return fallen.ids, np.full(len(fallen.ids), fallen.tier, np.int8)
