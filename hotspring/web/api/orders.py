"""What counts as an order: the same words wherever customers are analysed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field

from hotspring.web.api.desk import AtDesk
from hotspring.web.api.moments import to_ms
from hotspring.web.api.shapes import Shape

YEAR = 365
MOST_DAYS = 36_500


class Counted(Shape):
    """What counted as an order, and when."""

    as_of: str = Field(description="The moment of the reading.")
    start: str | None = Field(alias="from", description="Of the window; null for ever.")
    days: int | None = Field(description="Length of the window; null for ever.")
    now: bool = Field(description="The moment was that of the question.")
    timezone: str = Field(description="Of dates that name none.")
    orders: list[str] = Field(description="Events that are orders.")
    refunds: list[str] = Field(description="Events whose money is taken off.")
    field: str = Field(description="Where the money is.")
    currency: str = Field(description="In which it is told; empty for a property.")


def _counted(
    desk: AtDesk,
    orders: Annotated[
        str,
        Query(
            max_length=4_000,
            description="Events that are orders, separated by commas; by the rules of temperature.",
        ),
    ] = "",
    refunds: Annotated[
        str | None,
        Query(
            max_length=4_000,
            description="Events whose money is taken off; empty for none; by the rules without.",
        ),
    ] = None,
    field: Annotated[
        str, Query(max_length=500, description="`amount`, or `properties.NAME` for a number.")
    ] = "amount",
    currency: Annotated[
        str, Query(max_length=20, description="In which amounts are read; that of the pool.")
    ] = "",
    days: Annotated[
        int, Query(ge=0, le=MOST_DAYS, description="Length of the window; 0 for ever.")
    ] = YEAR,
    at: Annotated[
        str | None, Query(max_length=64, description="A past moment instead of this one.")
    ] = None,
) -> dict[str, Any]:
    return {
        "orders": _names(orders),
        "refunds": None if refunds is None else _names(refunds),
        "field": field,
        "currency": currency,
        "days": days or None,
        "at": None if at is None else to_ms(at, desk.settings.zone),
    }


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


Asked = Annotated[dict[str, Any], Depends(_counted)]
"""What is to count as an order."""
