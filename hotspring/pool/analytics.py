"""Analyses of an open pool as they are shown: RFM and concentration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.analytics import Concentration, Rfm, Thresholds
from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.orders import Customers, Terms
from hotspring.pipeline import Pipeline
from hotspring.pool import cursors
from hotspring.pool.analyses import Analyses
from hotspring.pool.moments import clock, iso
from hotspring.pool.orders import Counted, Orders
from hotspring.pool.remembered import Remembered
from hotspring.pool.segments import Segments

PORTION: Final = 5_000
YEAR: Final = 365
CUTS: Final = 4
"""Numbers that part five grades."""


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for."""

    counted: Counted = Counted()
    thresholds: Thresholds = Thresholds()
    since: int | None = None


class Analytics:
    """Analyses what happened in an open pool. From any thread."""

    def __init__(self, pipeline: Pipeline, orders: Orders, segments: Segments) -> None:
        self._pipeline = pipeline
        self._segments = segments
        self._orders = orders
        self.analyses: Analyses
        """Those that are found by their file."""
        self._answers = Remembered(lambda: pipeline.position)
        self._parted = Remembered(lambda: pipeline.position, most=2)
        """Customers with their classes: much to hold."""

    def rfm(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Classes and grid with customers, revenue and rules; and who moved `since` a moment."""
        wanted = _read(asked)
        return self._answers.get(wanted, clock(), lambda: self._rfm(wanted))

    def _rfm(self, wanted: Wanted) -> dict[str, Any]:
        since, thresholds = wanted.since, wanted.thresholds
        terms, customers, found = self._found(wanted)
        with self._pipeline.lock:
            known = len(self._pipeline.state.who.slots(known_only=True))
        count, revenue = len(customers.profile), float(customers.amount.sum())
        return {
            **told(terms, self._pipeline),
            "profiles": known,
            "customers": count,
            "orders_count": int(customers.orders.sum()),
            "revenue": money(revenue),
            "thresholds": {"by": thresholds.by, **msgspec.to_builtins(found.cuts)},
            "classes": [_part(one, count, revenue) for one in found.classes],
            "grid": [_part(one, count, revenue) for one in found.grid],
            "since": iso(since),
            "moves": [{"from": a, "to": b, "customers": n} for a, b, n in found.moves],
        }

    def members(
        self, asked: dict[str, Any], name: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of the customers of a class, or of a cell as `5-4`, who brought the most first.

        Raises `NotFound` where there is no such class or cell.
        """
        terms, customers, found = self._found(_read(asked))
        rows = found.rows(name)
        if rows is None:
            raise NotFound(f"there is no class or cell {name!r}")
        with self._pipeline.lock:
            state = self._pipeline.state
            known = np.isin(customers.profile[rows], state.who.slots(known_only=True))
            rows = rows[known]
            order = np.lexsort((customers.profile[rows], -customers.amount[rows]))
            rows = rows[order]
            if cursor is not None:
                amount, slot = cursors.read(cursor, (float, int))
                amounts, slots = customers.amount[rows], customers.profile[rows]
                rows = rows[(amounts < amount) | ((amounts == amount) & (slots > slot))]
            shown, age = rows[:limit], customers.age(terms.at)
            ids = state.who.public_ids(customers.profile[shown])
        told = [
            {
                "id": one, "last_order": iso(int(customers.last[row])), "days": int(age[row]),
                "orders": int(customers.orders[row]), "amount": money(float(customers.amount[row])),
                "class": label, "cell": cell,
            }
            for one, row, (label, cell)
            in zip(ids, shown.tolist(), found.labels(shown), strict=True)
        ]  # fmt: skip
        if len(rows) <= limit:
            return told, None
        last = shown[-1]
        return told, cursors.write((float(customers.amount[last]), int(customers.profile[last])))

    def standing(self, batches: Iterable[pa.RecordBatch], now: int) -> dict[str, Any]:
        """What the orders among one person's events of the last year come to, and which class and
        cell that is by the thresholds of all customers.

        Thresholds may be some minutes old, figures are not.
        """
        wanted = Wanted(Counted(days=YEAR))

        def make() -> tuple[Terms, Any]:
            terms, _, found = self._found(wanted)
            return terms, found.cuts

        terms, cuts = self._answers.get("standing", now, make, stale=True)
        own = msgspec.structs.replace(terms, at=now)
        customers = self._orders.of(batches, own)
        if not len(customers.profile):
            return {**told(own, self._pipeline), "customer": None}
        found = Rfm.within(customers, own, cuts)
        ((label, cell),) = found.labels(slice(0, 1))
        return {
            **told(own, self._pipeline),
            "customer": {
                "class": label, "cell": cell, "last_order": iso(int(customers.last[0])),
                "days": int(customers.age(now)[0]), "orders": int(customers.orders[0]),
                "amount": money(float(customers.amount[0])),
            },
            "thresholds": {"by": wanted.thresholds.by, **msgspec.to_builtins(cuts)},
        }  # fmt: skip

    def worth(self) -> tuple[dict[str, Any], Customers, tuple[str, ...], Any]:
        """Customers of the last year: what counted, the names of the classes, the code of each."""
        terms, customers, found = self._found(Wanted(Counted(days=YEAR)))
        return told(terms, self._pipeline), customers, found.names, found.code

    def customers(self, asked: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        """Every customer with figures, class and cell, in portions."""
        state = self._pipeline.state
        terms, customers, found = self._found(_read(asked))
        age = customers.age(terms.at)

        def portion(rows: slice) -> list[dict[str, Any]]:
            with self._pipeline.lock:
                if self._pipeline.state is not state:
                    raise Conflict("the pool was rebuilt meanwhile; ask again")
                slots = customers.profile[rows]
                ids = state.who.public_ids(slots)
                # Who was joined to another since is told with the other the next time.
                there = np.isin(slots, state.who.slots(known_only=True)).tolist()
            columns = (
                there, ids, customers.last[rows].tolist(), age[rows].tolist(),
                customers.orders[rows].tolist(), customers.amount[rows].tolist(),
                found.labels(rows),
            )  # fmt: skip
            return [
                {
                    "id": one, "last_order": iso(last), "days": days, "orders": orders,
                    "amount": money(amount), "class": label, "cell": cell,
                }
                for still, one, last, days, orders, amount, (label, cell)
                in zip(*columns, strict=True)
                if still
            ]  # fmt: skip

        starts = range(0, len(customers.profile), PORTION)
        return (portion(slice(start, start + PORTION)) for start in starts)

    def concentration(
        self, asked: dict[str, Any], rule: dict[str, Any] | None, everybody: bool
    ) -> dict[str, Any]:
        """How is revenue spread over customers, or over `everybody`; of whom a `rule` is true?"""
        key = ("concentration", msgspec.json.encode((asked, rule, everybody)))
        return self._answers.get(key, clock(), lambda: self._spread(asked, rule, everybody))

    def _spread(
        self, asked: dict[str, Any], rule: dict[str, Any] | None, everybody: bool
    ) -> dict[str, Any]:
        counted = msgspec.convert(asked, Counted)
        among = None if rule is None else self._segments.slots(rule)
        terms, [customers] = self._orders.customers(self._orders.terms(counted, clock()))
        amounts = customers.amount
        if among is not None:
            amounts = amounts[np.isin(customers.profile, among)]
        with self._pipeline.lock:
            known = len(self._pipeline.state.who.slots(known_only=True))
        size = known if among is None else len(among)
        found = Concentration.of(amounts, max(size - len(amounts), 0) if everybody else 0)
        return {
            **told(terms, self._pipeline),
            "profiles": found.profiles,
            "revenue": money(found.revenue),
            "gini": found.gini,
            **{
                name: [{**one._asdict(), "revenue": money(one.revenue)} for one in points]
                for name, points in (
                    ("curve", found.curve), ("tops", found.tops), ("needed", found.needed)
                )
            },
        }  # fmt: skip

    def _found(self, wanted: Wanted) -> tuple[Terms, Customers, Rfm]:
        return self._parted.get(wanted, clock(), lambda: self._part(wanted))

    def _part(self, wanted: Wanted) -> tuple[Terms, Customers, Rfm]:
        _check(wanted.thresholds)
        asked, since = self._orders.terms(wanted.counted, clock()), wanted.since
        if since is not None and since >= asked.at:
            raise BadRequest("`since` must lie before the moment of the reading")
        terms, [customers, *before] = self._orders.customers(
            asked, [] if since is None else [since]
        )
        earlier = (before[0], since) if since is not None else None
        return terms, customers, Rfm.of(customers, terms, wanted.thresholds, earlier)


def _read(asked: dict[str, Any]) -> Wanted:
    return msgspec.convert(asked, Wanted)


def told(terms: Terms, pipeline: Pipeline) -> dict[str, Any]:
    """What counted as an order, and when."""
    return {
        "as_of": iso(terms.at),
        "from": None if terms.days is None else iso(terms.start),
        "days": terms.days,
        "now": terms.now,
        "timezone": pipeline.settings.timezone,
        "orders": list(terms.orders),
        "refunds": list(terms.refunds),
        "field": terms.field,
        "currency": terms.currency,
    }


def money(amount: float) -> float:
    """In hundredths."""
    return round(amount, 2)


def _part(part: Any, customers: int, revenue: float) -> dict[str, Any]:
    many = part.customers
    return {
        "name": part.name,
        "customers": many,
        "share": many / customers if customers else 0.0,
        "revenue": money(part.revenue),
        "revenue_share": part.revenue / revenue if revenue > 0 else None,
        "days": round(part.days, 2) if many else None,
        "frequency": round(part.orders / many, 2) if many else None,
        "amount": money(part.revenue / many) if many else None,
        "rule": part.rule if customers else None,
    }


def _check(by: Thresholds) -> None:
    if not 0 < by.share < 1:
        raise BadRequest("the share that is low lies between 0 and 1")
    if by.by == "hand" and None in (by.days, by.orders, by.amount):
        raise BadRequest("thresholds by hand need days, orders and amount")
    for name, ends in (("recency", by.recency), ("frequency", by.frequency)):
        if ends and (len(ends) != CUTS or bool((np.diff(ends) <= 0).any()) or ends[0] < 0):
            raise BadRequest(f"{name} takes four ascending numbers, as 30,60,90,180")
