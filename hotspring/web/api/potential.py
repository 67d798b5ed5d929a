"""Potential customers: who never did something, ranked by a score, with reasons."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api import export
from hotspring.web.api.desk import AtDesk, Exporter, ProfileReader, SegmentEditor, may
from hotspring.web.api.named_shapes import Language
from hotspring.web.api.paging import Cursor, Limit
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import FoundProfile, Listing, Shape
from hotspring.web.api.sheets import SHEET, Form, sheet

router = Room(prefix="/api", tags=["potential"])
READ = may(Permission.READ_PROFILES)
DAY_MS = 86_400_000
RunId = Annotated[str, Path(max_length=64, description="Id of the run.")]
Goal = Annotated[
    str, Query(min_length=1, max_length=400, description="The event that they never did.")
]
ById = Annotated[str, Query(min_length=1, max_length=64, description="Id of the score.")]


class PotentialReason(Shape):
    """What gave somebody points."""

    title: str
    points: float


class PotentialProfile(FoundProfile):
    """Who never did it, with the points and what gave them."""

    points: float
    reasons: list[PotentialReason] = Field(description="The most first.")
    limited: float = Field(
        description="What floor or cap gave or took; with the reasons it is all."
    )


class PotentialCut(Shape):
    """Where a share of them parts from the rest."""

    share: float
    points: float = Field(description="They have at least so many.")
    profiles: int


class PotentialPage(Shape):
    """One page of them, those with the most points first."""

    as_of: str
    goal: str
    score: str
    candidates: int = Field(description="Known profiles that never did it.")
    cuts: list[PotentialCut]
    items: list[PotentialProfile]
    next: str | None


class PotentialAsked(Shape):
    """What a score is to foretell."""

    goal: str = Field(min_length=1, max_length=400, description="The event.")
    horizon_days: float = Field(default=30, gt=0, le=3650, description="It counts within so long.")


class PotentialRun(Shape):
    """A run that learns a score."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = Field(description="0 to 1.")
    goal: str
    horizon_days: float
    cut: str = Field(description="Learnt before it, tested after it.")
    error: str = Field(description="Why it failed, and what to do.")
    score: str | None = Field(description="The id of the score that was kept.")
    auc: float | None = Field(description="The chance of the right order, after the cut.")
    auc_error: float | None
    lift: float | None = Field(description="How much likelier the first tenth was than all.")
    tested: int | None = Field(description="Profiles that it was tested on.")
    reached: int | None = Field(description="Those of them that did it within the horizon.")
    started_at: str
    finished_at: str | None
    by: str


@router.get("/potential", response_model=PotentialPage)
def potential(
    desk: AtDesk,
    by: ProfileReader,
    goal: Goal,
    score: ById,
    limit: Limit = 50,
    cursor: Cursor = None,
    lang: Language = "zh",
) -> dict[str, Any]:
    """Who never did something, and is likeliest to by a score? With what gave the points."""
    found = desk.pool.potential.ranked(goal, score, limit, cursor, lang)
    desk.audit.record_personal(
        by, "profile.searched", score, by="potential", found=len(found["items"])
    )
    return found


@router.get("/potential/runs", response_model=Listing[PotentialRun], dependencies=[READ])
def potential_runs(desk: AtDesk) -> dict[str, Any]:
    """Which scores were learnt since the server started, and how well do they tell?"""
    return {"items": desk.pool.potential.runs()}


@router.post("/potential/runs", response_model=PotentialRun, status_code=201)
def learn_potential(
    desk: AtDesk, by: SegmentEditor, body: Annotated[PotentialAsked, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Learn from the pool's own past who does something for the first time; keep it as a score.

    It is tested on the last so many days. Refused where the history is too thin, failed where what
    people did before tells no better than chance.
    """
    run = desk.pool.potential.learn(body.goal, round(body.horizon_days * DAY_MS), by, lang)
    desk.audit.record(by, "potential.started", str(run["id"]))
    return run


@router.get("/potential/runs/{run_id}", response_model=PotentialRun, dependencies=[READ])
def potential_run(desk: AtDesk, run_id: RunId) -> dict[str, Any]:
    """How far is this run, and how well does what it learnt tell?"""
    return desk.pool.potential.run(run_id)


@router.post("/potential/runs/{run_id}/cancel", response_model=PotentialRun)
def cancel_potential(desk: AtDesk, by: SegmentEditor, run_id: RunId) -> dict[str, Any]:
    """End this run; nothing is kept of it."""
    return desk.pool.potential.cancel(run_id)


@router.get("/export/potential", **SHEET)
def export_potential(
    desk: AtDesk, by: Exporter, goal: Goal, score: ById, form: Form = "csv"
) -> StreamingResponse:
    """All of them in this order with identifiers, traits and, as value, their points."""
    portions = desk.pool.potential.export(goal, score)
    desk.audit.record(by, "profile.exported", form, analysis="potential")
    return sheet(portions, form, "potential", (*export.COLUMNS, "value"), export.cells)
