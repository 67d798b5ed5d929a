"""What the last minutes come to: counted minute by minute, by page, source, channel and event."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hotspring.orders import Deeds, Terms
from hotspring.pool.moments import iso
from hotspring.pool.window import MINUTE_MS, MINUTES, Coded, Rows, begin
from hotspring.temperature import RuleSet

TOP: Final = 10
"""So many of each kind are named."""
PASSERS: Final = 1 << 32
"""From here on a visitor is a passer-by."""
MILLIONTHS: Final = 1e6

Ints = npt.NDArray[np.int64]


class Present(NamedTuple):
    """The events that count, and whose they are."""

    rows: Rows
    visitor: Ints
    """The slot of a profile, or the number of a passer-by from `PASSERS` on."""

    @classmethod
    def of(cls, rows: Rows, slot: npt.NDArray[np.int32]) -> Present:
        """Those of profiles and of subjects in nobody's hands, which are passers-by."""
        origin = rows.numbers["origin_id"].astype(np.int64)
        return cls(rows, np.where(slot >= 0, slot.astype(np.int64), PASSERS + origin))

    def people(self) -> Ints:
        """Slots of profiles, each once."""
        found = np.unique(self.visitor)
        return found[found < PASSERS]


def counted(present: Present, terms: Terms, rules: RuleSet, now: int) -> dict[str, Any]:
    """What the window that ends at `now` (ms) comes to; money in the currency of the rules."""
    rows, visitor = present
    first, ms = begin(now), rows.numbers["ms"]
    # What is dated a moment ahead belongs to the minute that runs.
    minute = np.minimum((ms - first) // MINUTE_MS, MINUTES - 1)
    pairs = np.unique(minute << 34 | visitor)
    known = pairs & (2 * PASSERS - 1) < PASSERS
    orders, revenue = _sold(rows, minute, terms, rules)
    figures = {
        "events": np.bincount(minute, minlength=MINUTES),
        "people": np.bincount(pairs[known] >> 34, minlength=MINUTES),
        "passers_by": np.bincount(pairs[~known] >> 34, minlength=MINUTES),
        "orders": orders,
    }
    everybody = np.unique(visitor)
    minutes = [
        {
            "at": iso(first + at * MINUTE_MS),
            **{name: int(column[at]) for name, column in figures.items()},
            "revenue": round(float(revenue[at]) / MILLIONTHS, 2),
        }
        for at in range(MINUTES)
    ]
    return {
        "minutes": minutes,
        "totals": {
            "events": len(rows),
            "people": int((everybody < PASSERS).sum()),
            "passers_by": int((everybody >= PASSERS).sum()),
            "orders": int(orders.sum()),
            "revenue": round(float(revenue.sum()) / MILLIONTHS, 2),
        },
        "currency": terms.currency,
        "pages": _top(rows.texts["page"], visitor),
        "sources": _top(rows.texts["source"], visitor),
        "channels": _top(rows.texts["channel"], visitor),
        "names": _top(rows.texts["name"], visitor),
    }


def _sold(rows: Rows, minute: Ints, terms: Terms, rules: RuleSet) -> tuple[Ints, Any]:
    """Orders, and their money less that of refunds in millionths, by minute."""
    batch = pa.RecordBatch.from_pydict(
        {
            # Each row is its own subject here: `Deeds` tells of subjects, not of rows.
            "origin_id": np.arange(len(rows), dtype=np.int32),
            "ms": rows.numbers["ms"],
            "flags": np.zeros(len(rows), np.int32),
            "name": _texts(rows.texts["name"]),
            "amount": pa.array(rows.numbers["amount"], from_pandas=True),
            "currency": _texts(rows.texts["currency"]),
        }
    )
    deeds = Deeds.of(batch, terms, rules.rate, lambda at, _: at.astype(np.int32))
    when, bought = minute[deeds.slot], deeds.kind < len(terms.orders)
    worth = np.where(bought, deeds.worth, -deeds.worth)
    return (
        np.bincount(when[bought], minlength=MINUTES),
        np.bincount(when, weights=worth, minlength=MINUTES),
    )


def _texts(coded: Coded) -> pa.Array:
    codes = pa.array(coded.codes, mask=coded.codes < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(coded.words, pa.string()))


def _top(coded: Coded, visitor: Ints) -> list[dict[str, Any]]:
    """The words of most visitors, then of most events."""
    there = coded.codes >= 0
    codes = coded.codes[there].astype(np.int64)
    events = np.bincount(codes, minlength=len(coded.words))
    pairs = np.unique(codes << 34 | visitor[there])
    visitors = np.bincount(pairs >> 34, minlength=len(coded.words))
    order = sorted(
        (at for at in np.flatnonzero(events).tolist() if coded.words[at]),
        key=lambda at: (-visitors[at], -events[at], coded.words[at]),
    )
    return [
        {"name": coded.words[at], "events": int(events[at]), "visitors": int(visitors[at])}
        for at in order[:TOP]
    ]
