"""The latest known place of every profile, as a fold that does not depend on order."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Flag
from hotspring.spare import Copy

ORIGINS: Final = ("gps", "adcode", "city", "ip")
"""How a place is known, by its code."""
CHANNELS: Final = (
    "web", "app", "miniprogram", "wechat", "wecom", "server", "store", "import", "other",
)  # fmt: skip
"""Channels by their bit; the last stands for all that have no bit of their own."""
COLUMNS: Final = (
    "ms", "flags", "channel", "lon", "lat", "adcode", "place_origin", "precision",
)  # fmt: skip
"""What is read of an event."""

NEVER: Final = np.iinfo(np.int64).min
NOT_YET: Final = np.iinfo(np.int64).max
STEPS: Final = 1e7
"""Places are kept in so many steps of a degree, some centimetres each."""

Slots = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

FIELDS: Final[dict[str, tuple[Any, Any]]] = {
    "ms": (np.int64, NEVER),
    "lon": (np.int32, 0),
    "lat": (np.int32, 0),
    "precision": (np.float32, 0),
    "adcode": (np.int32, 0),
    "origin": (np.int8, -1),
    "first": (np.int64, NOT_YET),
    "channels": (np.int16, 0),
    "events": (np.int32, 0),
}
"""Type of each column, and what stands for nothing."""


class Known(NamedTuple):
    """What is known of profiles, one entry for each slot."""

    ms: npt.NDArray[np.int64]
    """When they were at their place; `NEVER` where no event told of one."""
    lon: npt.NDArray[np.int32]
    """Ten-millionths of a degree, WGS-84, as `lat`."""
    lat: npt.NDArray[np.int32]
    precision: npt.NDArray[np.float32]
    """Radius in metres within which the true place is expected."""
    adcode: npt.NDArray[np.int32]
    origin: npt.NDArray[np.int8]
    """Position in `ORIGINS`, -1 without a place."""
    first: npt.NDArray[np.int64]
    """The time of the first event; the greatest number where no person's event is there."""
    channels: npt.NDArray[np.int16]
    """A bit for each of `CHANNELS` that brought an event."""
    events: npt.NDArray[np.int32]
    """How many events they have."""

    @property
    def located(self) -> Mask:
        """Which slots have a place?"""
        return np.asarray(self.origin >= 0)

    @property
    def people(self) -> Mask:
        """Which slots hold an event that no machine made?"""
        return np.asarray(self.events > 0)


class Whereabouts:
    """The places of all profiles by slot, from events that no machine made.

    The latest place counts, by event time; of two at the same moment the more precise one, then
    the greater numbers: so the order of events does not matter, and merging two profiles takes
    the later of their places. Not safe against a second thread that writes.
    """

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self._columns = _blank(size)

    def ensure(self, size: int) -> None:
        """Let there be at least `size` slots; new ones know nothing."""
        if size > len(self._columns.ms):
            old = self._columns
            self._columns = _blank(max(size, len(old.ms) * 3 // 2))
            pairs: Any = zip(self._columns, old, strict=True)
            for new, column in pairs:
                new[: len(column)] = column
        self.size = max(self.size, size)

    def take(self, events: pa.RecordBatch, slots: Slots, but: Slots | None = None) -> None:
        """Take in events (with `COLUMNS`), given the slot of each; -1 and those of `but` not."""
        wanted = (events.column("flags").to_numpy() & int(Flag.BOT)) == 0
        if but is not None and len(but):
            wanted &= ~np.isin(slots, but)
        bits = _place(events.column("channel"), CHANNELS[:-1], len(CHANNELS) - 1)
        channel = np.int16(1) << bits.astype(np.int16)
        _take(self._columns, np.array(slots, np.int32), wanted, Told.by(events), channel)

    def merge(self, pairs: npt.NDArray[np.int32]) -> None:
        """Give all that is known of losers to winners, pair by pair (loser, winner)."""
        if len(pairs):
            _merge(self._columns, np.array(pairs, np.int32))

    def clear(self, slots: Slots) -> None:
        """Forget all about some profiles."""
        columns: Any = zip(self._columns, FIELDS.values(), strict=True)
        for column, (_, nothing) in columns:
            column[slots] = nothing

    def known(self) -> Known:
        """What is known now: the live arrays, to be read under the lock of who writes."""
        columns: Any = self._columns
        return Known(*(column[: self.size] for column in columns))

    def same(self, slots: Slots, other: Whereabouts, others: Slots) -> bool:
        """Is the same known of these slots as of the `others` of another?"""
        pairs: Any = zip(self.known(), other.known(), strict=True)
        return all(np.array_equal(a[slots], b[others]) for a, b in pairs)

    def dump(self, copy: Copy = np.copy) -> dict[str, npt.NDArray[Any]]:
        """The whole state as arrays, by way of `copy`."""
        return {name: copy(column) for name, column in self.known()._asdict().items()}

    def load(self, state: dict[str, npt.NDArray[Any]]) -> None:
        """Become what `dump` gave."""
        self.size = len(state["ms"])
        self._columns = Known(*(np.array(state[name], kind) for name, (kind, _) in FIELDS.items()))


class Told(NamedTuple):
    """The places that events tell, in arrays of one entry each."""

    ms: npt.NDArray[np.int64]
    lon: npt.NDArray[np.int32]
    lat: npt.NDArray[np.int32]
    precision: npt.NDArray[np.float32]
    adcode: npt.NDArray[np.int32]
    origin: npt.NDArray[np.int8]
    """-1 where an event tells none."""

    @classmethod
    def by(cls, events: pa.RecordBatch) -> Told:
        """What a batch of events (with `COLUMNS`) tells."""
        count, ms = events.num_rows, np.array(events.column("ms"), np.int64)
        if events.column("lon").null_count == count:
            # Sources that send no places are the common case.
            none = np.zeros(count, np.int32)
            nowhere = np.full(count, -1, np.int8)
            return cls(ms, none, none, np.zeros(count, np.float32), none, nowhere)
        valid = events.column("lon").is_valid().to_numpy(zero_copy_only=False)
        origin = _place(events.column("place_origin"), ORIGINS, len(ORIGINS) - 1)
        return cls(
            ms,
            _steps(events.column("lon")),
            _steps(events.column("lat")),
            np.array(pc.fill_null(events.column("precision"), 0.0), np.float32),
            np.array(pc.fill_null(events.column("adcode"), 0), np.int32),
            np.where(valid, origin, -1).astype(np.int8),
        )

    def order(self, slots: Slots) -> npt.NDArray[np.int64]:
        """An order by slot in which of each slot's places the one that counts comes last."""
        order = np.lexsort((self.ms, slots))
        ms, slot = self.ms[order], slots[order]
        if ((ms[1:] == ms[:-1]) & (slot[1:] == slot[:-1])).any():
            ties = (self.origin, self.adcode, self.lat, self.lon, -self.precision)
            order = np.lexsort((*ties, self.ms, slots))
        return order


def _blank(size: int) -> Known:
    return Known(*(np.full(size, nothing, kind) for kind, nothing in FIELDS.values()))


def _place(column: pa.Array, names: tuple[str, ...], other: int) -> npt.NDArray[np.int32]:
    """Which of these names is each value? `other` for all else."""
    found = pc.index_in(column, pa.array(names, pa.string()))
    return np.array(pc.fill_null(found, other), np.int32)


def _steps(column: pa.Array) -> npt.NDArray[np.int32]:
    degrees = np.array(pc.fill_null(column, 0.0), np.float64)
    return np.rint(degrees * STEPS).astype(np.int32)


@numba.njit(cache=True, nogil=True)
def _later(a: Any, i: Any, b: Any, j: Any) -> bool:
    """Does the place of entry `i` of `a` count before that of entry `j` of `b`?"""
    if a.ms[i] != b.ms[j]:
        return a.ms[i] > b.ms[j]  # type: ignore[no-any-return]
    if a.precision[i] != b.precision[j]:
        return a.precision[i] < b.precision[j]  # type: ignore[no-any-return]
    if a.lon[i] != b.lon[j]:
        return a.lon[i] > b.lon[j]  # type: ignore[no-any-return]
    if a.lat[i] != b.lat[j]:
        return a.lat[i] > b.lat[j]  # type: ignore[no-any-return]
    if a.adcode[i] != b.adcode[j]:
        return a.adcode[i] > b.adcode[j]  # type: ignore[no-any-return]
    return a.origin[i] > b.origin[j]  # type: ignore[no-any-return]


@numba.njit(cache=True, nogil=True)
def _put(known: Any, slot: Any, found: Any, i: Any) -> None:
    known.ms[slot] = found.ms[i]
    known.lon[slot] = found.lon[i]
    known.lat[slot] = found.lat[i]
    known.precision[slot] = found.precision[i]
    known.adcode[slot] = found.adcode[i]
    known.origin[slot] = found.origin[i]


@numba.njit(cache=True, nogil=True)
def _take(known: Any, slots: Any, wanted: Any, found: Any, channel: Any) -> None:
    for i in range(len(slots)):
        slot = slots[i]
        if slot < 0 or not wanted[i]:
            continue
        known.events[slot] += 1
        known.channels[slot] |= channel[i]
        known.first[slot] = min(known.first[slot], found.ms[i])
        if found.origin[i] < 0:
            continue
        if known.origin[slot] < 0 or _later(found, i, known, slot):
            _put(known, slot, found, i)


@numba.njit(cache=True, nogil=True)
def _merge(known: Any, pairs: Any) -> None:
    for row in range(len(pairs)):
        loser, winner = pairs[row, 0], pairs[row, 1]
        if loser == winner:
            continue
        known.events[winner] += known.events[loser]
        known.channels[winner] |= known.channels[loser]
        known.first[winner] = min(known.first[winner], known.first[loser])
        if known.origin[loser] >= 0 and (
            known.origin[winner] < 0 or _later(known, loser, known, winner)
        ):
            _put(known, winner, known, loser)
        known.ms[loser] = NEVER
        known.lon[loser] = 0
        known.lat[loser] = 0
        known.precision[loser] = 0
        known.adcode[loser] = 0
        known.origin[loser] = -1
        known.first[loser] = NOT_YET
        known.channels[loser] = 0
        known.events[loser] = 0
