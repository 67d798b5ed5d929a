"""Orders of an open pool: what counts as one, and what those of each known profile come to."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hotspring.errors import BadRequest
from hotspring.event import Flag
from hotspring.orders import Customers, Deeds, Tally, Terms
from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool.property_columns import property_sql
from hotspring.temperature import RuleSet

MONEY: Final = "amount"
PROPERTIES: Final = "properties."
ORDERED: Final = "Order Completed"
MOST_NAMES: Final = 20
UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)
COLUMNS: Final = ("origin_id", "ms", "name", "flags", "amount", "currency")


class Counted(msgspec.Struct, frozen=True):
    """What counts as an order, as it was asked for; what was not said follows from the rules."""

    orders: tuple[str, ...] = ()
    refunds: tuple[str, ...] | None = None
    field: str = MONEY
    currency: str = ""
    days: int | None = None
    at: int | None = None


class Orders:
    """Reads orders of the known profiles. From any thread; one reading at a time."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._lock = threading.Lock()

    def terms(self, asked: Counted, now: int) -> Terms:
        """What counts, with everything that was not said taken from the rules in force.

        Orders are the events that a rule warms by their money, refunds those that one cools by it.
        """
        rules = self._pipeline.state.rules
        orders, refunds = asked.orders, asked.refunds
        if not orders:
            orders = _weighed(rules, 1) or (ORDERED,)
        if refunds is None:
            refunds = tuple(name for name in _weighed(rules, -1) if name not in orders)
        if twice := set(orders).intersection(refunds):
            raise BadRequest(f"{min(twice)!r} cannot be an order and a refund at once")
        if max(len(orders), len(refunds)) > MOST_NAMES:
            raise BadRequest(f"name at most {MOST_NAMES} events")
        if asked.field != MONEY and not asked.field.removeprefix(PROPERTIES).strip("."):
            raise BadRequest("the field is amount or properties.NAME")
        if asked.field != MONEY and not asked.field.startswith(PROPERTIES):
            raise BadRequest("the field is amount or properties.NAME")
        currency = asked.currency or rules.currency
        if np.isnan(rules.rate(currency)):
            known = ", ".join(sorted({rules.currency, *rules.rates}))
            raise BadRequest(f"the currency {currency!r} has no rate; known: {known}")
        at = now if asked.at is None else min(asked.at, now)
        money = currency if asked.field == MONEY else ""
        return Terms(orders, refunds, asked.field, money, at, asked.days, asked.at is None)

    def customers(self, terms: Terms, earlier: Sequence[int] = ()) -> tuple[Terms, list[Customers]]:
        """Whoever ordered in the window, also as of `earlier` moments where such are given.

        The terms come back without the events that did not happen.
        """
        with self._lock:
            with self._pipeline.lock:
                who = self._pipeline.state.who
                slots, size = who.slots(known_only=True), who.capacity
            tally = Tally(terms, size, earlier)
            for deeds in self.deeds(tally.terms):
                tally.add(deeds)
            return tally.happened(), tally.customers(slots)

    def of(self, batches: Iterable[pa.RecordBatch], terms: Terms) -> Customers:
        """What the events of one person come to; they have all of `COLUMNS`."""
        tally = Tally(terms, 1)
        for batch in batches:
            tally.add(Deeds.of(batch, terms, self._pipeline.state.rules.rate, _one))
        return tally.customers(np.zeros(1, np.int32))[0]

    def active(self, terms: Terms | None, at: int) -> Iterator[tuple[Any, Any]]:
        """Slots and moments up to `at` at which people ordered; did anything, without terms."""
        if terms is not None:
            for deeds in self.deeds(terms):
                bought = deeds.kind < len(terms.orders)
                yield deeds.slot[bought], deeds.ms[bought]
            return
        pipeline = self._pipeline
        with pipeline.lock:
            state, bound = pipeline.state, first_seq(pipeline.position + 1)
        for batch in pipeline.events(state.machines, ("origin_id", "ms", "flags"), 0, bound):
            ms = batch.column("ms").to_numpy()
            counted = batch.column("flags").to_numpy() & UNCOUNTED == 0
            rows = np.flatnonzero(counted & (ms <= at))
            with pipeline.lock:
                slot = state.who.profile_of(batch.column("origin_id").to_numpy()[rows], ms[rows])
            yield slot[slot >= 0], ms[rows][slot >= 0]

    def deeds(self, terms: Terms) -> Iterator[Deeds]:
        """Every order and refund of people in the window."""
        pipeline = self._pipeline
        with pipeline.lock:
            state, bound = pipeline.state, first_seq(pipeline.position + 1)
            who, machines, rules = state.who, state.machines, state.rules

        def owner(origins: npt.NDArray[Any], ms: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
            with pipeline.lock:
                return who.profile_of(origins, ms)

        if terms.field == MONEY:
            events = pipeline.events(machines, COLUMNS, 0, bound)
        else:
            # Properties are looked into only where the name is one of these.
            value = property_sql(_Number(terms.field), "properties", pipeline.settings.timezone)
            columns = ", ".join(machines.columns(("origin_id", "ms", "flags", "name")))
            sql = f"SELECT {columns}, {value} AS amount, '' AS currency FROM events "
            names = [*terms.orders, *terms.refunds]
            found = pipeline.ask(sql + "WHERE list_contains(?, name)", [names])
            events = (machines.seen(batch) for batch in found)
        for batch in events:
            yield Deeds.of(batch, terms, rules.rate, owner)


def _one(origins: npt.NDArray[Any], ms: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    return np.zeros(len(ms), np.int32)


def _weighed(rules: RuleSet, sign: int) -> tuple[str, ...]:
    """The events that rules weigh by their money, with points of this sign."""
    names = (
        name for rule in rules.rules if rule.amount and rule.points * sign > 0
        for name in rule.events if name != "*"
    )  # fmt: skip
    return tuple(dict.fromkeys(names))


class _Number(NamedTuple):
    """A property that is a number, as a column is asked for."""

    field: str
    kind: str = "number"

    @property
    def name(self) -> str:
        return self.field.removeprefix(PROPERTIES)
