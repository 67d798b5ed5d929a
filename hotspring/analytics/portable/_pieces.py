"""Pieces of which portable forms are put together."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any, Final

import ibis

from hotspring.analytics.portable import Table
from hotspring.analytics.portable._calendar import Expr, whole

OWN: Final = "profile"
QUANTILES: Final = {"q25": (1, 4), "median": (1, 2), "q75": (3, 4), "q90": (9, 10)}


def one_of(events: Table, first: int, many: int) -> Expr:
    """Of each event: is it one of so many steps from a first on?"""
    steps = [events[f"step_{at}"] for at in range(first, first + many)]
    return functools.reduce(operator.or_, steps, ibis.literal(False))


def number(condition: Expr) -> Expr:
    """1 where it is true, else 0."""
    return condition.fill_null(False).cast("int64")


def in_order(*more: str) -> Any:
    """The window of an owner in the order of time, no frame; what has one moment has no order."""
    return ibis.window(group_by=OWN, order_by=["ms", *more])


def until_now() -> Any:
    """The window of an owner up to a moment, with all that happened at it."""
    return ibis.range_window(group_by=OWN, order_by="ms", preceding=None, following=0)


def sessions(events: Table, gap: int, edge: int | None = None) -> Table:
    """The events with the number of their session as `session`: it ends where nothing happens for
    longer than `gap` ms, and none goes over the edge."""
    events = events.mutate(before=events["ms"].lag().over(in_order()))
    ms, before = events["ms"], events["before"]
    begins = before.isnull() | (ms - before > whole(gap))
    if edge is not None:
        begins |= (ms >= whole(edge)) & (before < whole(edge))
    # Of several events at one moment any may be the one that begins it: so all see it counted.
    events = events.mutate(begins=number(begins))
    return events.mutate(session=events["begins"].sum().over(until_now())).drop("before", "begins")


def spine(numbers: Sequence[int], name: str) -> Table:
    """A table of these numbers."""
    some = ibis.array([whole(one) for one in numbers])
    return some.unnest().name(name).as_table()


def named(number: Expr, names: Sequence[str | None]) -> Expr:
    """The name with each number."""
    texts = [(number == whole(at), ibis.literal(name, "string")) for at, name in enumerate(names)]
    return ibis.cases(*texts)


def share(part: Expr, all_: Expr) -> Expr:
    """Of a whole; null where there is none."""
    return part.cast("float64") / all_.nullif(whole(0)).cast("float64")


def ranked(table: Table, by: str, value: str) -> Table:
    """The table with the place of each value among those of one group, from 1, and their number."""
    group = ibis.window(group_by=by)
    row = ibis.row_number().over(ibis.window(group_by=by, order_by=[value, OWN]))
    return table.mutate(rank=row + whole(1), ranks=table[value].count().over(group))


def quantiles(table: Table, value: str) -> dict[str, Expr]:
    """Aggregates of what is `ranked`: values that somebody has."""
    found = {}
    for name, (over, under) in QUANTILES.items():
        # The smallest rank that is no less than this part of all.
        rank = (table["ranks"] * whole(over) + whole(under - 1)) // whole(under)
        found[name] = table[value].max(where=table["rank"] == rank)
    return found
