"""From lines that stand to events: one per order sold, taken back or cancelled."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.collect.files.grouping import first_given, joined, starts, totals, whole_groups
from hotspring.collect.files.order_lines import State, has_products, kept, line, tail
from hotspring.collect.files.preset import PLACES, Terms, event, located, value
from hotspring.collect.files.reading import ahead
from hotspring.collect.files.stage import UNITS, Stage
from hotspring.event import Event

LONGEST_KEY: Final = 100
PART: Final = 262_144
"""Lines whose texts are in memory at once, and those of one order more."""
GROUP: Final = ("key", "refunds")
CARRIED: Final = ("total", "refund", "closed_ms", "currency")


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
    for table, names, people in ahead(_told(stage, terms, kept(stage, terms))):
        begins = starts(table, GROUP)
        at = pa.array(begins)
        ranks = table.column("key").take(at)
        keys = _looked_up(names, ranks, "value")
        quoted = _looked_up(names, ranks, "quoted")
        refunds = table.column("refunds").take(at).to_pylist()
        ms = table.column("ms").take(at).to_pylist()
        state = np.maximum.reduceat(table.column("state").to_numpy(), begins).tolist()
        paid = np.logical_or.reduceat(table.column("paid").to_numpy(), begins).tolist()
        worth = totals(table.column("worth"), begins)
        lengths = np.diff(np.append(begins, table.num_rows)) if described else np.zeros(len(begins))
        products = joined(table.column("line"), begins)
        total, refund, closed, currency = (
            first_given(table.column(name), begins).to_pylist() for name in CARRIED
        )
        tails = table.column("tail").take(at).to_pylist()
        heads = [
            f'"order_id":{number},{tail}' if tail else f'"order_id":{number}'
            for number, tail in zip(quoted, tails, strict=True)
        ]
        ids = [
            _looked_up(people[n], first_given(table.column(f"k{n}"), begins), "text")
            for n in range(count)
        ]
        spots = [first_given(table.column(name), begins).to_pylist() for name in where]
        placed = any(any(column) for column in spots)
        places = _rows(spots, len(keys)) if placed else itertools.repeat(())
        yield from map(
            Order, keys, map(bool, refunds), ms, worth, total, refund, closed, state, paid,
            (tuple(filter(None, given)) for given in _rows(ids, len(keys))), currency, heads,
            products, lengths.astype(int).tolist(), (_named(where, given) for given in places),
        )  # fmt: skip


def _told(
    stage: Stage, terms: Terms, columns: dict[str, str]
) -> Iterator[tuple[pa.Table, pa.Table, list[pa.Table]]]:
    """The lines that stand, in order, with what they say; no order is cut apart.

    Beside them the numbers of their orders, and who the people are.
    """
    carried = [int(name[1:]) for name in columns if name.startswith("c") and name[1:].isdigit()]
    codes = [f"k{n}" for n in range(len(terms.columns.identifiers()))]
    own = terms.settings.currency.replace("'", "''")
    absent = {"total": "null::bigint", "refund": "null::bigint", "closed_ms": "null::bigint",
              "currency": f"'{own}'"}  # fmt: skip
    names = [
        *(f"{'p.' + name if name in columns else sql} as {name}" for name, sql in absent.items()),
        *(f"p.{code}" for code in codes),
        *(f"({value(stage, terms, f.name)})::varchar as {f.name}" for f in PLACES),
    ]
    rows = stage.con.cursor().execute(
        f"select {', '.join(columns)} from lines where reason is null order by key, refunds"
    )
    # A total order of the lines: what an order holds does not depend on where they stood.
    told = f"""
        select p.key, p.refunds, p.ms, p.worth, p.state, p.paid, {tail(stage, terms)} as tail,
            case when f.key is null then {line(stage, terms)} end as line, {", ".join(names)}
        from ({stage.cells.source("part", carried)}) p
            left join faults f on p.key = f.key and p.refunds = f.refunds
        order by p.key, p.refunds, p.ms, line, tail
    """
    cursor = stage.con.cursor()

    def of(sql: str) -> pa.Table:
        return cursor.execute(sql).to_arrow_table()

    for part in whole_groups(rows.to_arrow_reader(PART), GROUP):
        # As a table of its own, its size is known to whoever plans the joins.
        cursor.register("arrived", part)
        cursor.execute("create or replace temp table part as select * from arrived")
        cursor.unregister("arrived")
        numbers = of("""
            select rank as code, value, quoted from orders
            where rank between (select min(key) from part) and (select max(key) from part)
            order by rank
        """)
        people = [
            of(f"select code, text from i{n} where code in (select {code} from part) order by code")
            for n, code in enumerate(codes)
        ]
        yield of(told), numbers, people


def _looked_up(known: pa.Table, codes: pa.Array, name: str) -> list[Any]:
    """The column `name` of `known`, which is sorted by its codes; None where there is no code."""
    if not known.num_rows:
        return [None] * len(codes)
    there = codes.is_valid()
    places = np.searchsorted(known.column("code").to_numpy(), codes.fill_null(0).to_numpy())
    found = known.column(name).take(pa.array(np.minimum(places, known.num_rows - 1)))
    return list(pc.if_else(there, found, None).to_pylist())


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
