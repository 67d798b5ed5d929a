"""Saved reports, and dashboards whose cards show them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Desk, SegmentEditor, may
from hotspring.web.api.named_shapes import Id, Kept, Naming
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

router = Room(prefix="/api", tags=["boards"])
READ = may(Permission.READ_PROFILES)
Saving = Literal["report.created", "report.changed", "dashboard.created", "dashboard.changed"]


class ReportGiven(Naming):
    """A question, and what it is called."""

    analysis: str = Field(max_length=64, description="The name of the analysis.")
    parameters: dict[str, Any] = Field(description="As the analysis is asked.")


class Seen(Shape):
    """Which version was looked at before it was changed."""

    version: int = Field(description="As it was answered; refused where another one stands now.")


class ReportChanged(ReportGiven, Seen):
    """The same, and which version was changed."""


class ReportFault(Shape):
    """Why a report cannot be asked as it is."""

    where: str = Field(description="JSON pointer into the parameters.")
    code: str
    detail: str


class SavedReport(Kept):
    """An analysis with its parameters."""

    analysis: str
    parameters: dict[str, Any]
    faults: list[ReportFault] = Field(
        description="What is not there any more, so that it cannot be asked; else empty."
    )


class Target(Shape):
    """What a figure is to reach."""

    value: float | None = Field(
        default=None, description="Null: what it was in the period before, which is as long."
    )
    change: float = Field(
        default=0.0, description="So much more than in the period before: 0.1 is a tenth."
    )
    less: bool = Field(default=False, description="Less is better.")
    weeks: int = Field(
        default=0,
        ge=0,
        le=26,
        description="Instead: is the last whole day as usual, by the same weekday of so many "
        "weeks before? 0: not so.",
    )


class CardGiven(Shape):
    """One figure, chart or table of a report."""

    id: str = Field(default="", max_length=64, description="Empty of a new one.")
    report: str = Field(max_length=64, description="The id of the report.")
    show: Literal["figure", "chart", "table"]
    name: str = Field(
        max_length=400,
        description="Of a figure or table its name; of a chart kind, table, columns joined by "
        "commas, and what parts its rows, with a space between them.",
    )
    title: str = Field(default="", max_length=100, description="Else as the report calls it.")
    width: int = Field(default=2, ge=1, le=4, description="Columns, of four.")
    height: int = Field(default=2, ge=1, le=4, description="Rows.")
    target: Target | None = Field(default=None, description="Of a figure.")
    alert: bool = Field(default=False, description="Watched on the overview.")


class Card(CardGiven):
    """The same, with the name of its report."""

    report_name: str | None


class DashboardGiven(Naming):
    """Cards, and how often they are refreshed."""

    cards: list[CardGiven] = Field(default_factory=list, max_length=50)
    minutes: int = Field(
        default=0, ge=0, le=1_440, description="Refreshed so often; 0: by hand only."
    )


class DashboardChanged(DashboardGiven, Seen):
    """The same, and which version was changed."""


class Dashboard(Kept):
    """Cards in their order."""

    cards: list[Card]
    minutes: int


@router.get("/reports", response_model=Listing[SavedReport], dependencies=[READ])
def reports(desk: AtDesk) -> dict[str, Any]:
    """Which reports are saved, and can each be asked?"""
    return {"items": desk.pool.boards.reports.all()}


@router.post("/reports", response_model=SavedReport, status_code=201)
def create_report(
    desk: AtDesk, by: SegmentEditor, body: Annotated[ReportGiven, Body()]
) -> dict[str, Any]:
    """Save an analysis with its parameters under a name."""
    saved = desk.pool.boards.reports.save("", body.model_dump(), by)
    return _noted(desk, by, "report.created", saved)


@router.get("/reports/{id}", response_model=SavedReport, dependencies=[READ])
def report(desk: AtDesk, id: Id) -> dict[str, Any]:
    """What does a report ask?"""
    return desk.pool.boards.reports.one(id)


@router.put("/reports/{id}", response_model=SavedReport)
def change_report(
    desk: AtDesk, by: SegmentEditor, id: Id, body: Annotated[ReportChanged, Body()]
) -> dict[str, Any]:
    """Change what it asks, or what it is called, unless somebody else changed it meanwhile."""
    saved = desk.pool.boards.reports.save(id, body.model_dump(), by, body.version)
    return _noted(desk, by, "report.changed", saved)


@router.delete("/reports/{id}", status_code=204)
def delete_report(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a report, unless a dashboard shows it."""
    name = desk.pool.boards.reports.delete(id, by)
    desk.audit.record(by, "report.deleted", id, name=name)


@router.get("/dashboards", response_model=Listing[Dashboard], dependencies=[READ])
def dashboards(desk: AtDesk) -> dict[str, Any]:
    """Which dashboards are there?"""
    return {"items": desk.pool.boards.dashboards.all()}


@router.post("/dashboards", response_model=Dashboard, status_code=201)
def create_dashboard(
    desk: AtDesk, by: SegmentEditor, body: Annotated[DashboardGiven, Body()]
) -> dict[str, Any]:
    """Make a dashboard, with or without cards."""
    saved = desk.pool.boards.dashboards.save("", body.model_dump(), by)
    return _noted(desk, by, "dashboard.created", saved)


@router.get("/dashboards/{id}", response_model=Dashboard, dependencies=[READ])
def dashboard(desk: AtDesk, id: Id) -> dict[str, Any]:
    """Which cards are on a dashboard?"""
    return desk.pool.boards.dashboards.one(id)


@router.put("/dashboards/{id}", response_model=Dashboard)
def change_dashboard(
    desk: AtDesk, by: SegmentEditor, id: Id, body: Annotated[DashboardChanged, Body()]
) -> dict[str, Any]:
    """Change its name, its cards with their order and sizes, how often it is refreshed, unless
    somebody else changed it meanwhile."""
    saved = desk.pool.boards.dashboards.save(id, body.model_dump(), by, body.version)
    return _noted(desk, by, "dashboard.changed", saved)


@router.post("/dashboards/{id}/cards", response_model=Dashboard, status_code=201)
def pin_card(
    desk: AtDesk, by: SegmentEditor, id: Id, body: Annotated[CardGiven, Body()]
) -> dict[str, Any]:
    """Put one more card at the end of a dashboard."""
    saved = desk.pool.boards.dashboards.pin(id, body.model_dump(), by)
    return _noted(desk, by, "dashboard.changed", saved)


@router.delete("/dashboards/{id}", status_code=204)
def delete_dashboard(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a dashboard. Its reports stay."""
    name = desk.pool.boards.dashboards.delete(id, by)
    desk.audit.record(by, "dashboard.deleted", id, name=name)


def _noted(desk: Desk, by: str, action: Saving, saved: dict[str, Any]) -> dict[str, Any]:
    """What was saved, once the audit log has it."""
    desk.audit.record(by, action, saved["id"], name=saved["name"], version=saved["version"])
    return saved
