"""From lines that stand to events: one per order sold, taken back or cancelled."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.collect.files.grouping import first_given, joined, starts, totals, whole_groups
from hotspring.collect.files.order_lines import State, has_products
from hotspring.collect.files.preset import PLACES, Terms, event, located
from hotspring.collect.files.stage import UNITS, Stage
from hotspring.event import Event

LONGEST_KEY: Final = 100
GROUP: Final = ("key", "refunds")
CARRIED: Final = ("total", "refund", "closed_ms", "currency", "head")


class Order(NamedTuple):
    """One order, or one taking back, gathered from its lines. Money in 1/10,000."""

    key: str
    refunds: bool
    ms: int
    worth: int | None
    total: int | None
    refund: int | None
    closed_ms: int | None
    state: int
    paid: bool
    ids: tuple[str, ...]
    currency: str
    head: str
    products: str
    lines: int
    place: dict[str, str]

    @property
    def money(self) -> int | None:
        return self.worth if self.total is None else self.total


def events(stage: Stage, terms: Terms, size: int) -> Iterator[list[Event]]:
    """The events of a judged file, in the order of their order numbers."""
    portion: list[Event] = []
    for order in _orders(stage, terms, size):
        portion.extend(_of(order, terms))
        if len(portion) >= size:
            yield portion
            portion = []
    if portion:
        yield portion


def _orders(stage: Stage, terms: Terms, size: int) -> Iterator[Order]:
    count = len(terms.columns.identifiers())
    where = [f.name for f in PLACES]
    described = has_products(terms)
    names = [*CARRIED, *(f"id{n}" for n in range(count)), *where]
    # A total order of the lines: what an order holds does not depend on where they stood.
    rows = stage.con.cursor().execute(f"""
        select l.key, l.refunds, l.ms, l.worth, l.state, l.paid,
            case when f.key is null then l.line end as line,
            {", ".join(f"l.{name}" for name in names)}
        from lines l left join faults f on l.key = f.key and l.refunds = f.refunds
        where l.reason is null
        order by l.key, l.refunds, l.ms, l.line, l.head
    """)
    for table in whole_groups(rows.to_arrow_reader(65_536), GROUP):
        begins = starts(table, GROUP)
        at = pa.array(begins)
        keys = table.column("key").take(at).to_pylist()
        refunds = table.column("refunds").take(at).to_pylist()
        ms = table.column("ms").take(at).to_pylist()
        state = np.maximum.reduceat(table.column("state").to_numpy(), begins).tolist()
        paid = np.logical_or.reduceat(table.column("paid").to_numpy(), begins).tolist()
        worth = totals(table.column("worth"), begins)
        lengths = np.diff(np.append(begins, table.num_rows)) if described else np.zeros(len(begins))
        products = joined(table.column("line"), begins)
        total, refund, closed, currency, head = (
            first_given(table.column(name), begins) for name in CARRIED
        )
        ids = _rows([first_given(table.column(f"id{n}"), begins) for n in range(count)], len(keys))
        spots = [first_given(table.column(name), begins) for name in where]
        placed = any(any(column) for column in spots)
        places = _rows(spots, len(keys)) if placed else itertools.repeat(())
        yield from map(
            Order, keys, map(bool, refunds), ms, worth, total, refund, closed, state, paid,
            (tuple(filter(None, given)) for given in ids), currency, head, products,
            lengths.astype(int).tolist(), (_named(where, given) for given in places),
        )  # fmt: skip


def _rows(columns: list[list[Any]], count: int) -> Iterable[tuple[Any, ...]]:
    """Columns as rows, so many of them even without a column."""
    return zip(*columns, strict=True) if columns else itertools.repeat((), count)


def _named(names: list[str], values: tuple[Any, ...]) -> dict[str, str]:
    return {name: value for name, value in zip(names, values, strict=False) if value}


def _of(order: Order, terms: Terms) -> Iterator[Event]:
    """The events of one order."""
    if order.refunds:
        yield _event(order, terms, "refunded", abs(order.money or 0), order.ms)
        return
    cancelled = order.state == State.CANCELLED
    if not cancelled or order.paid:
        yield _event(order, terms, "completed", order.money, order.ms)
    closed = max(order.ms, order.closed_ms or order.ms)
    if cancelled:
        yield _event(order, terms, "cancelled", order.money, closed)
    elif order.refund or order.state == State.REFUNDED:
        back = order.money if order.refund is None else abs(order.refund)
        yield _event(order, terms, "refunded", back, closed)


NAMES: Final = {
    "completed": "Order Completed",
    "refunded": "Order Refunded",
    "cancelled": "Order Cancelled",
}


def _event(order: Order, terms: Terms, what: str, money: int | None, ms: int) -> Event:
    parts = [order.head, f'"currency":"{order.currency}"']
    if money is not None:
        text = _written(money)
        parts.append(f'"total":{text}' + (f',"revenue":{text}' if what == "completed" else ""))
    if order.products:
        parts.append(f'"products":[{order.products}]')
    elif order.lines:
        # An order larger than an event may be keeps its money and says what it left out.
        parts.append(f'"products_omitted":{order.lines}')
    return event(
        f"orders:{what}:{_key(order.key)}",
        NAMES[what],
        ms,
        order.ids,
        properties="{" + ",".join(parts) + "}",
        amount=None if money is None else money / UNITS,
        currency=order.currency,
        place=located(terms, order.place),
    )


def _key(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def _written(units: int) -> str:
    whole, part = divmod(abs(units), UNITS)
    text = f"{whole}.{part:04d}".rstrip("0") if part else str(whole)
    return text if units >= 0 else f"-{text}"
