"""RFM: customers by how lately, how often and for how much they ordered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from hotspring.errors import BadRequest
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Exporter, ProfileReader, may
from hotspring.web.api.moments import to_ms
from hotspring.web.api.orders import Asked, Counted
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Page, Shape
from hotspring.web.api.sheets import SHEET, Form, sheet

router = Room(prefix="/api", tags=["analytics"])
READ = may(Permission.READ_PROFILES)
COLUMNS = ("id", "last_order", "days", "orders", "amount", "class", "cell")
Class = Literal[
    "important_value", "important_develop", "important_keep", "important_win_back",
    "general_value", "general_develop", "general_keep", "general_win_back",
]  # fmt: skip


class Part(Shape):
    """A class or a cell of the grid."""

    name: str = Field(description="Of a class; of a cell its grades, as `5-4`.")
    customers: int
    share: float = Field(description="Of all customers.")
    revenue: float
    revenue_share: float | None = Field(description="Of all revenue; null where there is none.")
    days: float | None = Field(description="Since the last order, in the mean.")
    frequency: float | None = Field(description="Orders of each, in the mean.")
    amount: float | None = Field(description="Revenue of each, in the mean.")
    rule: dict[str, Any] | None = Field(
        description="The rule that is true of exactly these; null where no rule can be."
    )


class ClassPart(Part):
    """One of the eight classes."""

    name: Class


class Cuts(Shape):
    """The thresholds as numbers."""

    by: Literal["mean", "quantile", "hand"]
    days: int = Field(description="Recent: the last order is at most so many days ago.")
    orders: float = Field(description="Frequent: at least so many orders.")
    amount: float = Field(description="Much money: at least so much.")
    recency: list[int] = Field(description="Days at most, for grades 5 to 2.")
    frequency: list[int] = Field(description="Orders at least, for grades 2 to 5.")


class Move(Shape):
    """Customers who went from one class to another, or stayed."""

    from_: Class | Literal["none"] = Field(alias="from", description="`none`: no order then.")
    to: Class | Literal["none"]
    customers: int


class RfmShown(Counted):
    """Customers by recency, frequency and money."""

    profiles: int = Field(description="Known profiles of the pool.")
    customers: int = Field(description="Those of them with an order in the window.")
    orders_count: int = Field(description="Orders in the window.")
    revenue: float = Field(description="What they came to, less refunds.")
    thresholds: Cuts
    classes: list[ClassPart] = Field(description="The eight classes: every customer is in one.")
    grid: list[Part] = Field(description="25 cells by grades of recency and frequency, 5-5 first.")
    since: str | None = Field(description="The earlier moment of the moves.")
    moves: list[Move] = Field(description="By the thresholds of now, the most first.")


def _numbers(text: str, name: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise BadRequest(f"{name} takes four ascending numbers, as 30,60,90,180") from error


def _wanted(
    desk: AtDesk,
    counted: Asked,
    by: Annotated[
        Literal["mean", "quantile", "hand"], Query(description="How thresholds are found.")
    ] = "mean",
    share: Annotated[
        float, Query(gt=0, lt=1, description="By quantile: the share of customers that is low.")
    ] = 0.5,
    high_days: Annotated[
        int | None, Query(ge=0, le=36_500, description="By hand: recent is at most so many days.")
    ] = None,
    high_orders: Annotated[
        float | None, Query(ge=1, le=1e9, description="By hand: frequent is at least so many.")
    ] = None,
    high_amount: Annotated[
        float | None, Query(ge=-1e12, le=1e12, description="By hand: much is at least so much.")
    ] = None,
    recency: Annotated[
        str, Query(max_length=100, description="Four numbers of days that part the grades.")
    ] = "",
    frequency: Annotated[
        str, Query(max_length=100, description="Four numbers of orders that part the grades.")
    ] = "",
    since: Annotated[
        str | None, Query(max_length=64, description="An earlier moment: who moved since?")
    ] = None,
) -> dict[str, Any]:
    return {
        "counted": counted,
        "thresholds": {
            "by": by,
            "share": share,
            "days": high_days,
            "orders": high_orders,
            "amount": high_amount,
            "recency": _numbers(recency, "recency"),
            "frequency": _numbers(frequency, "frequency"),
        },
        "since": None if since is None else to_ms(since, desk.settings.zone),
    }


Wanted = Annotated[dict[str, Any], Depends(_wanted)]


@router.get("/rfm", response_model=RfmShown, dependencies=[READ])
def rfm(desk: AtDesk, wanted: Wanted) -> dict[str, Any]:
    """Which customers are worth what: eight classes and a grid, each with its rule?"""
    return desk.pool.analytics.rfm(wanted)


class RfmMember(Shape):
    """A customer with class and cell."""

    id: str
    last_order: str
    days: int = Field(description="Since the last order; a day that has begun counts.")
    orders: int
    amount: float = Field(description="Less refunds.")
    class_: Class = Field(alias="class")
    cell: str = Field(description="Grades of recency and frequency, as `5-4`.")


@router.get("/rfm/members", response_model=Page[RfmMember])
def rfm_members(
    desk: AtDesk,
    by: ProfileReader,
    wanted: Wanted,
    name: Annotated[str, Query(max_length=40, description="Of a class, or a cell as `5-4`.")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who is in a class or a cell? Those who brought the most first."""
    found, following = desk.pool.analytics.members(wanted, name, limit, cursor)
    desk.audit.record_personal(by, "profile.searched", name, by="rfm", found=len(found))
    return page(found, following)


@router.get("/export/rfm", **SHEET)
def export_rfm(desk: AtDesk, by: Exporter, wanted: Wanted, form: Form = "csv") -> StreamingResponse:
    """Every customer with figures, class and grades."""
    desk.audit.record(by, "profile.exported", form, analysis="rfm")
    return sheet(desk.pool.analytics.customers(wanted), form, "rfm", COLUMNS)
