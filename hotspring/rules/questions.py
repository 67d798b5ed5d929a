"""Questions about one value, as conditions of Ibis that are true or false and never null."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import ibis

from hotspring.rules.moments import stretch
from hotspring.rules.question import Question
from hotspring.rules.tree import Tested

Expr = Any
_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def double(number: float) -> Expr:
    """A number as every engine reads it from text, to the last bit.

    A plain 0.1 is a decimal to DuckDB, and what a decimal becomes as a double may be its neighbour.
    """
    return ibis.literal(repr(float(number))).cast("float64")


def asked(value: Expr, test: Tested, question: Question) -> Expr:
    """Is what a question asks true of this value? Of null it is, where it asks for what is not."""
    wanted: Any = test.value
    match test.op:
        case "exists":
            return value.notnull() if wanted else value.isnull()
        case "ne":
            return ~_any(value, (wanted,))
        case "not_in":
            return ~_any(value, wanted)
        case "eq":
            return _any(value, (wanted,))
        case "in":
            return _any(value, wanted)
        case "between":
            # Each for itself: DuckDB takes a sixth longer to join what may be null.
            low, high = value >= double(wanted[0]), value <= double(wanted[1])
            return low.fill_null(False) & high.fill_null(False)
        case "contains":
            found = value.contains(wanted)
        case "starts_with":
            found = value.startswith(wanted)
        case "during":
            start, end = stretch(wanted, question.now, question.catalogue.zone)
            found = (value >= start) & (value < end)
        case _:
            found = _COMPARE[test.op](value, double(wanted))
    return found.fill_null(False)


def _any(value: Expr, wanted: Any) -> Expr:
    if value.type().is_string() and len(wanted) > 1:
        # DuckDB asks a list once for each word of a dictionary, `IN` for every row.
        return ibis.array(list(wanted)).contains(value).fill_null(False)
    literals = [double(one) if value.type().is_floating() else ibis.literal(one) for one in wanted]
    return value.isin(literals).fill_null(False)
