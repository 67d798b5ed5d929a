"""Alerts: watched figures that were not as they should be, and who took note."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, SegmentEditor, may
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

router = Room(prefix="/api", tags=["boards"])


class Alert(Shape):
    """A figure of a card that missed its target, or was not as usual, from when to when."""

    id: int
    dashboard: str
    dashboard_name: str | None = Field(description="Null where it is not there any more.")
    card: str
    title: str = Field(description="Of the card, where people called it otherwise.")
    report_name: str
    analysis: str
    figure: str
    usual: bool = Field(description="Was it held to the same weekdays, not to a target?")
    value: float = Field(description="When the alert began.")
    low: float | None = Field(description="It should have been at least so much.")
    high: float | None = Field(description="It should have been at most so much.")
    currency: str = Field(description="Of figures of money.")
    began_at: str
    ended_at: str | None = Field(description="Null while it goes on.")
    seen_at: str | None = Field(description="When somebody took note.")
    seen_by: str


@router.get("/alerts", response_model=Listing[Alert], dependencies=[may(Permission.READ_PROFILES)])
def alerts(desk: AtDesk) -> dict[str, Any]:
    """Which watched figures are not as they should be, and which were not?"""
    return {"items": desk.pool.boards.alerts.all()}


@router.post("/alerts/{id}/seen", response_model=Alert)
def alert_seen(
    desk: AtDesk,
    by: SegmentEditor,
    id: Annotated[int, Path(ge=1, le=2**53, description="As it was answered.")],
) -> dict[str, Any]:
    """Take note of an alert; who did so first stays."""
    told = desk.pool.boards.alerts.seen(id, by)
    desk.audit.record(by, "alert.seen", str(id), dashboard=told["dashboard"])
    return told
