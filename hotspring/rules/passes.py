"""One pass over a relation of many rows: what every leaf wants of it, by profile."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

import ibis

from hotspring.rules.moments import EVER, NEAR, NOW, Stretch

Table = Any
"""A table of Ibis."""
Expr = Any
"""A column of Ibis, or a condition on rows."""
Aggregate = Callable[[Table, Expr], Expr]
"""Of a table, over the rows that meet a condition; over all of them where it is None."""


class Rows(NamedTuple):
    """Rows of a relation that a leaf wants."""

    key: Hashable
    """The same for the same rows."""
    names: frozenset[str] | None
    """All of them have one of these names; None where any name will do."""
    times: Stretch
    """And all of them a time within."""
    hold: Callable[[Table], Expr]
    """Which rows are wanted?"""


class Pass:
    """Collects what leaves want of one relation, then makes a table with a row for each profile
    that has any such row.
    """

    def __init__(self, relation: str, names: str) -> None:
        self.relation = relation
        self.possible = True
        """May the rule hold for who has no row here?"""
        self._names = names
        self._wanted: dict[Hashable, Rows] = {}
        self._lines: dict[Hashable, tuple[str, Callable[[Table], Expr]]] = {}
        self._aggregates: dict[Hashable, tuple[str, Rows, Aggregate]] = {}

    def want(self, rows: Rows) -> Rows:
        """Keep these rows in the pass."""
        return self._wanted.setdefault(rows.key, rows)

    def line(self, key: Hashable, make: Callable[[Table], Expr]) -> str:
        """The name of a column beside the rows, as windows over them give it."""
        return self._lines.setdefault(key, (f"line_{len(self._lines)}", make))[0]

    def column(self, rows: Rows, key: Hashable, make: Aggregate) -> str:
        """The name of the column that holds an aggregate over these rows by profile."""
        rows = self.want(rows)
        name = f"{self.relation}_{len(self._aggregates)}"
        return self._aggregates.setdefault((rows.key, key), (name, rows, make))[0]

    def table(self, source: Table, later: bool = False) -> Table:
        """Every aggregate by profile, which is the column `{relation}_profile`.

        With `later` the moment of asking is put in later (`NOW` stands for it): times that hang on
        it cannot be compared with others yet.
        """
        chosen = source.filter(self._filter(source, later))
        alone = len(self._wanted) == 1
        lines = {name: make(chosen) for name, make in self._lines.values()}
        if lines:
            chosen = chosen.mutate(**lines)
        made = {
            name: make(chosen, None if alone else rows.hold(chosen))
            for name, rows, make in self._aggregates.values()
        }
        grouped = chosen.group_by(chosen["profile"]).aggregate(**made)
        return grouped.rename({f"{self.relation}_profile": "profile"})

    def _filter(self, source: Table, later: bool) -> Expr:
        """Exactly what is wanted where that is one thing; else what any of them may want."""
        wanted = list(self._wanted.values())
        if len(wanted) == 1:
            return wanted[0].hold(source)
        conditions = [ibis.literal(True)]
        names = [rows.names for rows in wanted]
        if None not in names:
            some = sorted({name for these in names if these is not None for name in these})
            conditions.append(source[self._names].isin(some))
        starts, ends = ({getattr(r.times, end) for r in wanted} for end in ("start", "end"))
        start, end = min(starts), max(ends)
        if later and _mixed(starts):
            start = -EVER
        if later and _mixed(ends):
            end = EVER
        if start > -EVER:
            conditions.append(source["ms"] >= start)
        if end < EVER:
            conditions.append(source["ms"] < end)
        return ibis.and_(*conditions)


def _mixed(times: set[int]) -> bool:
    """Do some of these hang on the moment of asking and others not?"""
    return len({abs(time - NOW) < NEAR for time in times}) > 1
