"""What the orders of each profile come to, added up batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Flag
from hotspring.orders.customers import Customers, Terms

UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)
LARGEST: Final = 1e12
"""Greater numbers are not added, as in rules."""
MILLIONTHS: Final = 1e6

Floats = npt.NDArray[np.float64]
Slots = npt.NDArray[np.int32]
Owners = Callable[[npt.NDArray[Any], npt.NDArray[Any]], Slots]
"""Whose are events with these subjects at these times? -1 where nobody's."""


class Deeds(NamedTuple):
    """Some orders and refunds, a row for each."""

    slot: Slots
    ms: npt.NDArray[np.int64]
    kind: npt.NDArray[np.uint8]
    """Which of the names it has: those of orders first, then those of refunds."""
    worth: Floats
    """Money in whole millionths, 0 where none is told."""

    @classmethod
    def of(
        cls, batch: pa.RecordBatch, terms: Terms, rate: Callable[[str], float], owner: Owners
    ) -> Deeds:
        """Those of people, as rules read them, with `terms.start <= ms < terms.end`.

        `batch` has origin_id, ms, name, flags, amount and currency; `rate` is what one unit of a
        currency is worth, in one and the same.
        """
        names = pa.array([*terms.orders, *terms.refunds], pa.string())
        kind, flags = _codes(batch.column("name"), names), batch.column("flags").to_numpy()
        ms = batch.column("ms").to_numpy()
        wanted = (kind < len(names)) & (flags & UNCOUNTED == 0)
        rows = np.flatnonzero(wanted & (ms >= terms.start) & (ms < terms.end))
        slot = owner(batch.column("origin_id").to_numpy()[rows], ms[rows])
        worth = _worth(batch, rows, rate, terms.currency)
        return cls(slot, ms[rows], kind[rows], worth).at(slot >= 0)

    def at(self, rows: npt.NDArray[Any]) -> Deeds:
        """Some of them only."""
        return Deeds(self.slot[rows], self.ms[rows], self.kind[rows], self.worth[rows])


class Tally:
    """Sums by profile, as of the moment of the terms and as of earlier ones."""

    def __init__(self, terms: Terms, size: int, earlier: Sequence[int] = ()) -> None:
        """`size` is how many slots there are."""
        self._each = [terms, *(terms.before(at) for at in earlier)]
        start = min(one.start for one in self._each)
        self.terms = msgspec.structs.replace(terms, days=None) if start < terms.start else terms
        """What to read: the windows of all moments."""
        self._sums = [_Sums(size, len(terms.orders)) for _ in self._each]
        self._seen = np.zeros(len(terms.orders) + len(terms.refunds), np.int64)

    def add(self, deeds: Deeds) -> None:
        """Count some more."""
        self._seen += np.bincount(deeds.kind, minlength=len(self._seen))
        for one, sums in zip(self._each, self._sums, strict=True):
            sums.add(deeds, one.start, one.end)

    def customers(self, slots: Slots) -> list[Customers]:
        """Those of these slots who ordered, as of each moment."""
        return [sums.customers(slots) for sums in self._sums]

    def happened(self) -> Terms:
        """The terms without the events that did not happen, which no rule could name; with all
        orders where none of them did.
        """
        terms = self._each[0]
        count = len(terms.orders)
        orders = tuple(name for name, n in zip(terms.orders, self._seen[:count], strict=True) if n)
        refunds = [name for name, n in zip(terms.refunds, self._seen[count:], strict=True) if n]
        return msgspec.structs.replace(terms, orders=orders or terms.orders, refunds=tuple(refunds))


class _Sums:
    def __init__(self, size: int, orders: int) -> None:
        """The first so many kinds are `orders`."""
        self.size = size
        self._kinds = orders
        self._last = np.full(size, -(2**62), np.int64)
        self._orders = np.zeros(size, np.int64)
        self._worth = np.zeros(size)

    def add(self, deeds: Deeds, start: int, end: int) -> None:
        """Those with `start <= ms < end`."""
        window = (np.int64(start), np.int64(end))
        _added(self._last, self._orders, self._worth, self._kinds, *window, *deeds)

    def customers(self, slots: Slots) -> Customers:
        there = slots[slots < self.size]
        there = there[self._orders[there] > 0]
        worth = self._worth[there] / MILLIONTHS
        return Customers(there, self._last[there], self._orders[there], worth)


@numba.njit(cache=True, nogil=True)
def _added(
    last: Any, orders: Any, total: Any, kinds: Any, start: Any, end: Any,
    slot: Any, ms: Any, kind: Any, worth: Any,
) -> None:  # fmt: skip
    for row in range(len(slot)):
        whose = slot[row]
        if whose < len(last) and start <= ms[row] < end:
            if kind[row] < kinds:
                total[whose] += worth[row]
                orders[whose] += 1
                last[whose] = max(last[whose], ms[row])
            else:
                total[whose] -= worth[row]


def _worth(
    batch: pa.RecordBatch,
    rows: npt.NDArray[np.int64],
    rate: Callable[[str], float],
    currency: str,
) -> Floats:
    """Money of some events in whole millionths, as rules read it."""
    amount = batch.column("amount").take(pa.array(rows)).to_numpy(zero_copy_only=False)
    if currency and len(rows):
        words = batch.column("currency")
        if not isinstance(words, pa.DictionaryArray):
            words = words.dictionary_encode()
        one = rate(currency)
        rates = np.array([rate(word) / one for word in words.dictionary.to_pylist()])
        amount = amount * rates[words.indices.to_numpy()[rows]]
    counted = np.abs(amount) <= LARGEST
    return np.where(counted, np.floor(amount * MILLIONTHS + 0.5), 0.0)


def _codes(words: pa.Array, known: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Which of the known names is each? One more than the last for any other."""
    if isinstance(words, pa.DictionaryArray):
        codes = _codes(words.dictionary, known)
        return np.asarray(codes[words.indices.to_numpy()])
    found = pc.fill_null(pc.index_in(words, known), len(known))
    return np.asarray(found.to_numpy(zero_copy_only=False), np.uint8)
