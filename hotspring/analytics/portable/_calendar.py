"""Days, weeks and months of moments as expressions: the clocks of a zone are whole numbers in them,
since engines differ in what they know of zones."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np

from hotspring.analytics.parameters import Period, Unit, begins, units
from hotspring.days import DAY_MS, Days

Expr = Any


def whole(number: int) -> Expr:
    """A number of 64 bits; engines take a plain one for as small as it is."""
    return ibis.literal(int(number), "int64")


def unit_of(ms: Expr, unit: Unit, days: Days, among: Period) -> Expr:
    """In which day, week or month does each moment lie? Moments lie within these days."""
    day = _day_of(ms, days, among)
    if unit == "day":
        return day
    if unit == "week":
        return (day + whole(3)) // whole(7)
    first, last = (int(units(np.int64(one), unit)) for one in among)
    months = [(day < whole(begins(one + 1, unit)), whole(one)) for one in range(first, last)]
    return ibis.cases(*months, else_=whole(last)) if months else whole(last)


def _day_of(ms: Expr, days: Days, among: Period) -> Expr:
    """As many pieces as clocks were changed: each has a length of days of 24 hours, the last of
    which may be shorter or longer."""
    numbers = np.arange(among.first, among.last + 1)
    shift = numbers * DAY_MS - days.start(numbers)
    changes = np.flatnonzero(np.diff(shift))
    pieces = []
    for at in changes.tolist():
        end = int(days.start(numbers[at + 1 : at + 2])[0])
        pieces.append((ms < whole(end), _counted(ms, int(shift[at]), int(numbers[at]))))
    last = _counted(ms, int(shift[-1]), among.last)
    return ibis.cases(*pieces, else_=last) if pieces else last


def _counted(ms: Expr, shift: int, last: int) -> Expr:
    return ibis.least((ms + whole(shift)) // whole(DAY_MS), whole(last))


def dated(number: Expr, unit: Unit, among: Period) -> Expr:
    """The first day of a unit as `2026-01-31`."""
    if unit == "month":
        first, last = (int(units(np.int64(one), unit)) for one in among)
        days = [(number == whole(one), whole(begins(one, unit))) for one in range(first, last + 1)]
        number = ibis.cases(*days)
    elif unit == "week":
        number = number * whole(7) - whole(3)
    date = ibis.date(1970, 1, 1) + number.cast("int32").as_interval("D")
    return date.strftime("%Y-%m-%d")
