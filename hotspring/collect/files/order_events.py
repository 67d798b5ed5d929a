"""From lines that stand to events: one per order sold, taken back or cancelled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.collect.files.grouping import (
    Starts,
    first_given,
    joined,
    starts,
    totals,
    whole_groups,
)
from hotspring.collect.files.order_lines import State, has_products, kept, line, tail
from hotspring.collect.files.preset import PLACES, Terms, columns_of_events, located, value
from hotspring.collect.files.reading import ahead
from hotspring.collect.files.stage import UNITS, Stage
from hotspring.event import Event

LONGEST_KEY: Final = 100
PART: Final = 262_144
"""Lines whose texts are in memory at once, and those of one order more."""
WHATS: Final = {
    "completed": "Order Completed",
    "refunded": "Order Refunded",
    "cancelled": "Order Cancelled",
}
COMPLETED, REFUNDED, CANCELLED = range(3)
GROUP: Final = ("key", "refunds")
SORTED: Final = [(name, "ascending") for name in (*GROUP, "ms", "line", "tail")]
"""A total order of the lines: what an order holds does not depend on where they stood."""
CARRIED: Final = ("total", "refund", "closed_ms", "currency")


class Orders(NamedTuple):
    """Orders, and takings back, gathered from their lines, in columns. Money in 1/10,000."""

    numbers: pa.Array
    heads: pa.Array
    """What is said of the order, as the inside of a JSON object."""
    takes_back: np.ndarray
    ms: np.ndarray
    money: pa.Array
    refund: pa.Array
    closed_ms: np.ndarray
    """When it came to its end, never before `ms`."""
    state: np.ndarray
    paid: np.ndarray
    ids: list[pa.Array]
    currency: pa.Array
    products: pa.Array
    """Its articles as a piece of a JSON object; null where none are told."""
    places: list[dict[str, str]] | None


def events(stage: Stage, terms: Terms, size: int) -> Iterator[list[Event]]:
    """The events of a judged file, in the order of their order numbers."""
    for lines, numbers, people in ahead(_told(stage, terms, kept(stage, terms))):
        made = _events(_gathered(lines, numbers, people, has_products(terms)), terms)
        for begin in range(0, len(made), size):
            yield made[begin : begin + size]


def _gathered(
    lines: pa.Table, numbers: pa.Table, people: list[pa.Table], described: bool
) -> Orders:
    begins = starts(lines, GROUP)
    at = pa.array(begins)
    ranks = lines.column("key").take(at)
    total, refund, closed, currency = (first_given(lines.column(name), begins) for name in CARRIED)
    spots = {f.name: first_given(lines.column(f.name), begins) for f in PLACES}
    placed = {name: spot.to_pylist() for name, spot in spots.items() if spot.null_count < len(spot)}
    ms = lines.column("ms").take(at).to_numpy()
    tails = lines.column("tail").take(at)
    return Orders(
        numbers=_looked_up(numbers, ranks, "value"),
        heads=pc.binary_join_element_wise(
            '"order_id":',
            _looked_up(numbers, ranks, "quoted"),
            pc.if_else(pc.equal(tails, ""), "", ","),
            tails,
            "",
        ),
        takes_back=lines.column("refunds").take(at).to_numpy().astype(bool),
        ms=ms,
        money=pc.coalesce(total, totals(lines.column("worth"), begins)),
        refund=refund,
        closed_ms=np.maximum(ms, closed.fill_null(0).to_numpy()),
        state=np.maximum.reduceat(lines.column("state").to_numpy(), begins),
        paid=np.logical_or.reduceat(lines.column("paid").to_numpy(), begins),
        ids=[
            _looked_up(known, first_given(lines.column(f"k{n}"), begins), "text")
            for n, known in enumerate(people)
        ],
        currency=currency,
        products=_products(lines, begins) if described else pa.nulls(len(begins), pa.string()),
        places=[
            {name: place for name, place in zip(placed, given, strict=True) if place}
            for given in zip(*placed.values(), strict=True)
        ]
        if placed
        else None,
    )


def _products(lines: pa.Table, begins: Starts) -> pa.Array:
    told = joined(lines.column("line"), begins)
    listed = pc.binary_join_element_wise('"products":[', told, "]", "")
    # An order larger than an event may be keeps its money and says what it left out.
    counts = pa.array(np.diff(np.append(begins, lines.num_rows))).cast(pa.string())
    omitted = pc.binary_join_element_wise('"products_omitted":', counts, "")
    return pc.if_else(pc.equal(told, ""), omitted, listed)


def _events(orders: Orders, terms: Terms) -> list[Event]:
    """The events of these orders, one order after the other."""
    at, what, ms, money = _steps(orders)
    named = pa.array(what)
    texts = _written(money)
    currency = orders.currency.take(at)
    parts = [
        orders.heads.take(at),
        pc.binary_join_element_wise('"currency":"', currency, '"', ""),
        pc.binary_join_element_wise('"total":', texts, ""),
        pc.binary_join_element_wise(
            '"revenue":', pc.if_else(pc.equal(named, COMPLETED), texts, None), ""
        ),
        orders.products.take(at),
    ]
    body = pc.binary_join_element_wise(*parts, ",", null_handling="skip")
    whats = pa.array(list(WHATS)).take(named)
    ids = [known.take(at).to_pylist() for known in orders.ids]
    places = None
    if orders.places is not None and terms.locate is not None:
        places = [located(terms, orders.places[n]) for n in at.to_pylist()]
    return columns_of_events(
        pc.binary_join_element_wise("orders", whats, _shortened(orders.numbers.take(at)), ":"),
        pa.array(list(WHATS.values())).take(named),
        ms,
        [tuple(filter(None, given)) for given in zip(*ids, strict=True)] or [()] * len(at),
        pc.binary_join_element_wise("{", body, "}", ""),
        [None if units is None else units / UNITS for units in money.to_pylist()],
        currency,
        places,
    )


def _steps(orders: Orders) -> tuple[pa.Array, np.ndarray, np.ndarray, pa.Array]:
    """Of which order each event is, what happened (its place in `WHATS`), when, and the money."""
    back = orders.takes_back
    cancelled = ~back & (orders.state == State.CANCELLED)
    returned = orders.refund.fill_null(0).to_numpy() != 0
    first = back | ~cancelled | orders.paid
    second = ~back & (cancelled | returned | (orders.state == State.REFUNDED))
    turned = pc.coalesce(pc.abs(orders.refund), orders.money)
    money = [
        pc.if_else(pa.array(back), pc.abs(orders.money.fill_null(0)), orders.money),
        pc.if_else(pa.array(cancelled), orders.money, turned),
    ]
    what = [
        np.where(back, REFUNDED, COMPLETED),
        np.where(cancelled, CANCELLED, REFUNDED),
    ]
    steps = [np.flatnonzero(first), np.flatnonzero(second)]
    at = np.concatenate(steps)
    order = np.argsort(at, kind="stable")
    return (
        pa.array(at[order]),
        np.concatenate([what[n][steps[n]] for n in (0, 1)])[order],
        np.concatenate([orders.ms[steps[0]], orders.closed_ms[steps[1]]])[order],
        pa.concat_arrays([money[n].take(pa.array(steps[n])) for n in (0, 1)]).take(pa.array(order)),
    )


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
    told = f"""
        select p.key, p.refunds, p.ms, p.worth, p.state, p.paid, {tail(stage, terms)} as tail,
            case when f.key is null then {line(stage, terms)} end as line, {", ".join(names)}
        from ({stage.cells.source("part", carried)}) p
            left join faults f on p.key = f.key and p.refunds = f.refunds
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
        lines = of(told)
        # The engine would carry the texts through its sort.
        yield lines.take(pc.sort_indices(lines, sort_keys=SORTED)), numbers, people


def _looked_up(known: pa.Table, codes: pa.Array, name: str) -> pa.Array:
    """The column `name` of `known`, which is sorted by its codes; null where there is no code."""
    codes = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    if not known.num_rows:
        return pa.nulls(len(codes), pa.string())
    places = np.searchsorted(known.column("code").to_numpy(), codes.fill_null(0).to_numpy())
    places = pa.array(
        np.minimum(places, known.num_rows - 1), mask=~codes.is_valid().to_numpy(False)
    )
    return known.column(name).combine_chunks().take(places)


def _shortened(numbers: pa.Array) -> pa.Array:
    """Order numbers as a part of an id: long ones become a hash."""
    if pc.max(pc.utf8_length(numbers)).as_py() <= LONGEST_KEY:
        return numbers
    return pa.array([_key(number) for number in numbers.to_pylist()], pa.string())


def _key(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def _written(units: pa.Array) -> pa.Array:
    """Money as a number in JSON, without zeros at its end."""
    low = units.fill_null(0).to_numpy()
    data = np.stack([low, low >> 63], axis=1)
    exact = pa.Array.from_buffers(pa.decimal128(19, 4), len(low), [None, pa.py_buffer(data)])
    text = pc.utf8_rtrim(pc.utf8_rtrim(exact.cast(pa.string()), "0"), ".")
    return pc.if_else(units.is_valid(), text, None)
