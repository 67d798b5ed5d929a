"""The analyses that events of many answer: what there is, questions, and who is behind a number."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body, Path, Query, Request, Response
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, ProfileReader, SegmentEditor, may
from hotspring.web.api.named_shapes import Language, Naming
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.rooms import Room
from hotspring.web.api.segments import Segment
from hotspring.web.api.shapes import FoundProfile, Page, Shape
from hotspring.web.api.sheets import MEDIA, sheet

router = Room(prefix="/api", tags=["analytics"])
READ = may(Permission.READ_PROFILES)
Name = Annotated[str, Path(max_length=64, description="Of the analysis.")]
RunId = Annotated[str, Path(max_length=64, description="Id of the run.")]
Given = Annotated[
    dict[str, Any], Body(description="Its parameters, by the schema that the list tells.")
]
Wait = Annotated[
    float, Query(ge=0, le=30, description="Seconds after which the run is told instead.")
]


class AnalysisItem(Shape):
    """One analysis."""

    name: str
    words: dict[str, Any] = Field(
        description="Title, about, tables, columns, figures (kind and words), and sentences with "
        "figures as blanks; each in English and Chinese. `values` call what columns of the kind "
        "word hold, `none` what null stands for in a column."
    )
    parameters: dict[str, Any] = Field(
        description="JSON Schema; `format` names the editor of a field, `x-zh` its Chinese; "
        "what few ask for is marked `x-fine`."
    )
    example: dict[str, Any] = Field(description="Parameters that make sense in a shop.")
    drills: bool = Field(description="The profiles behind its numbers can be listed.")


class AnalysisList(Shape):
    """Every analysis."""

    items: list[AnalysisItem]
    dimensions: list[str] = Field(
        description="By what events can be told apart, beside `properties.NAME`, `tier:ID` and "
        "`segment:ID`."
    )


class AnalysisColumn(Shape):
    """A column of a table."""

    name: str
    kind: str = Field(
        description="text, event, group, word, step, number, count, share (0 to 1), duration "
        "(ms), moment (ms since 1970, UTC), money, day or flag."
    )
    key: bool = Field(description="With the other keys it tells one row from all others.")
    drill: bool = Field(description="Its numbers count profiles, who can be listed.")


class AnalysisTable(Shape):
    """Rows under columns."""

    name: str
    columns: list[AnalysisColumn]
    rows: list[list[Any]]


class AnalysisChart(Shape):
    """How columns of a table are drawn."""

    kind: Literal["funnel", "line", "bar", "ranking", "curve", "heat", "triangle", "sankey"]
    table: str
    x: str
    y: list[str]
    by: str = Field(
        description="A column that parts the rows into series; empty for none. Of a sankey, where "
        "links lead to; the column `level` says from which step.",
    )


class AnalysisAnswer(Shape):
    """What an analysis tells."""

    state: Literal["done"]
    name: str
    parameters: dict[str, Any] = Field(description="As they were understood, defaults filled in.")
    as_of: str
    version: int = Field(description="What was applied: the same until something is.")
    timezone: str
    currency: str
    start: str = Field(alias="from", description="The first day.")
    until: str = Field(description="The last day, included.")
    figures: dict[str, float | int | None]
    tables: list[AnalysisTable]
    charts: list[AnalysisChart]
    sentence: str = Field(description="Which sentence of its words fits.")


class AnalysisRun(Shape):
    """A run that works on an answer."""

    id: str
    name: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = Field(description="0 to 1.")
    error: str
    answer: AnalysisAnswer | None = Field(description="Once it is done.")
    started_at: str
    finished_at: str | None
    by: str


class AnalysisQuery(Shape):
    """A question for an engine that reads the blocks itself."""

    name: str
    engine: Literal["duckdb", "spark"]
    table: str = Field(description="Which table of the answer it tells.")
    sql: str = Field(
        description="Over the relations. Rows have no order, units without events no row, numbers "
        "are not rounded."
    )
    relations: dict[str, dict[str, str]] = Field(
        description="Types by column, by relation: `events` are the files, `owners` what "
        "`/api/export/owners` gives."
    )
    files: list[str] = Field(description="The sealed blocks of events, within the data folder.")
    waiting: int = Field(description="Events that no block holds yet.")


class Behind(Shape):
    """A number of an answer."""

    parameters: dict[str, Any]
    cell: dict[str, Any] = Field(
        description="`table`, `column`, and the values of the row's key columns by name."
    )


class BehindKept(Behind, Naming):
    """A number of an answer, and what its profiles shall be called."""


@router.get("/analytics", response_model=AnalysisList, dependencies=[READ])
def analyses(desk: AtDesk) -> dict[str, Any]:
    """Which analyses are there, what may each be asked, and what do its answers mean?"""
    return desk.pool.analytics.analyses.all()


@router.post(
    "/analytics/{name}",
    response_model=AnalysisAnswer | AnalysisRun,
    responses={
        200: {"content": {MEDIA["csv"]: {"schema": {"type": "string"}}}},
        202: {"model": AnalysisRun, "description": "It takes longer: look at the run."},
    },
)
def analyse(
    request: Request,
    response: Response,
    desk: AtDesk,
    by: ProfileReader,
    name: Name,
    body: Given,
    wait: Wait = 2.0,
    age: Annotated[
        float, Query(ge=0, le=600, description="An answer so many seconds old will do.")
    ] = 0.0,
    table: Annotated[str, Query(max_length=64, description="As CSV: which; the first.")] = "",
) -> Any:
    """What does an analysis tell? At once where that is quick or known; else the run (202).

    With `Accept: text/csv` a table of the answer as a file.
    """
    asked = desk.pool.analytics.analyses
    if "text/csv" in request.headers.get("accept", ""):
        columns, rows = asked.table(name, body, table)
        portion = [dict(zip(columns, row, strict=True)) for row in rows]
        return sheet([portion], "csv", name, columns)
    found = asked.ask(name, body, wait, by, age)
    if "tables" not in found:
        response.status_code = 202
    return found


@router.get("/analytics/runs/{run_id}", response_model=AnalysisRun, dependencies=[READ])
def analysis_run(desk: AtDesk, run_id: RunId) -> dict[str, Any]:
    """How far is this run, and what did it find?"""
    return desk.pool.analytics.analyses.run(run_id)


@router.post("/analytics/runs/{run_id}/cancel", response_model=AnalysisRun, dependencies=[READ])
def cancel_analysis(desk: AtDesk, run_id: RunId) -> dict[str, Any]:
    """End this run."""
    return desk.pool.analytics.analyses.cancel(run_id)


@router.post("/analytics/{name}/sql", response_model=AnalysisQuery, dependencies=[READ])
def analysis_query(
    desk: AtDesk,
    name: Name,
    body: Given,
    engine: Annotated[Literal["duckdb", "spark"], Query(description="Whose SQL.")] = "duckdb",
) -> dict[str, Any]:
    """What does an engine beside the pool ask, a cluster for one, to tell the same?"""
    return desk.pool.analytics.analyses.query(name, body, engine)


@router.post("/analytics/{name}/profiles", response_model=Page[FoundProfile])
def analysis_profiles(
    desk: AtDesk,
    by: ProfileReader,
    name: Name,
    body: Annotated[Behind, Body()],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Which known profiles are behind a number? The hottest first."""
    found, following = desk.pool.analytics.analyses.profiles(
        name, body.parameters, body.cell, limit, cursor
    )
    desk.audit.record_personal(by, "profile.searched", name, by="analysis", found=len(found))
    return page(found, following)


@router.post("/analytics/{name}/segment", response_model=Segment, status_code=201)
def analysis_segment(
    desk: AtDesk,
    by: SegmentEditor,
    name: Name,
    body: Annotated[BehindKept, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Keep the known profiles behind a number as a list, which is a segment."""
    called = (body.name, body.description)
    kept = desk.pool.analytics.analyses.segment(name, body.parameters, body.cell, called, by, lang)
    desk.audit.record(by, "segment.created", str(kept["id"]), name=body.name)
    return kept
