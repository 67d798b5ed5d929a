"""Suggested merges: searched for, listed, accepted or refused; none is applied by itself."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from fastapi.responses import StreamingResponse

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Exporter, IdentityEditor, ProfileReader, may
from hotspring.web.api.paging import Cursor, Limit, page
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import AcceptedMany, Decided, Listing, Page, Search, SuggestedMerge
from hotspring.web.api.sheets import SHEET, Form, sheet

router = Room(prefix="/api", tags=["suggestions"])
READ = may(Permission.READ_PROFILES)
COLUMNS = ("id", "score", "methods", "status", "evidence", "a", "b", "found_at")

Method = Literal["rules", "probability"]
Id = Annotated[str, Path(max_length=64, description="As it was answered.")]
Found = Annotated[Method | None, Query(description="Only those found this way.")]
Least = Annotated[float, Query(ge=0, le=1, description="Only with at least this score.")]
Status = Annotated[
    Literal["open", "joined", "refused", "apart", "gone"], Query(description="How it stands.")
]


@router.get("/suggestions", response_model=Page[SuggestedMerge], dependencies=[READ])
def suggestions(
    desk: AtDesk,
    by: ProfileReader,
    status: Status = "open",
    method: Found = None,
    least: Least = 0.0,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Which profiles may be one person? The highest score first."""
    found, following = desk.pool.suggestions.page(status, method, least, limit, cursor)
    desk.audit.record(by, "suggestion.listed", found=len(found))
    return page(found, following)


@router.get("/suggestions/runs", response_model=Listing[Search], dependencies=[READ])
def searches(desk: AtDesk) -> dict[str, Any]:
    """When were people to merge searched for, and what was found? The latest first."""
    return {"items": desk.pool.suggestions.runs()}


@router.post("/suggestions/runs", response_model=Search, status_code=202)
def start_search(
    desk: AtDesk,
    by: IdentityEditor,
    method: Annotated[Method, Query(description="By stated rules, or learnt from the pool.")],
) -> dict[str, Any]:
    """Search the pool for profiles that may be one person; answers at once, the job goes on."""
    run = desk.pool.suggestions.start(method, by)
    desk.audit.record(by, "suggestion.searched", str(run["id"]), method=method)
    return run


@router.get("/suggestions/runs/{run_id}", response_model=Search, dependencies=[READ])
def merge_search(desk: AtDesk, run_id: Id) -> dict[str, Any]:
    """How far is this search, and what did it find?"""
    return desk.pool.suggestions.run(run_id)


@router.post("/suggestions/runs/{run_id}/cancel", response_model=Search)
def cancel_search(desk: AtDesk, by: IdentityEditor, run_id: Id) -> dict[str, Any]:
    """Stop this search; what was suggested before stays."""
    run = desk.pool.suggestions.cancel(run_id)
    desk.audit.record(by, "suggestion.search_cancelled", run_id)
    return run


@router.post("/suggestions/accept", response_model=AcceptedMany)
def accept_all(
    desk: AtDesk,
    by: IdentityEditor,
    least: Annotated[float, Query(ge=0.5, le=1, description="All with at least this score.")],
    method: Found = None,
    dry_run: Annotated[bool, Query(description="Count only, change nothing.")] = True,
) -> dict[str, Any]:
    """Join all open suggestions above a score; without `dry_run=false` they are only counted."""
    done = desk.pool.suggestions.accept_all(method, least, dry_run, by)
    if not dry_run:
        desk.audit.record(by, "suggestion.accepted", least=least, count=done["count"])
    return done


@router.post("/suggestions/{suggestion}/accept", response_model=Decided)
def accept(desk: AtDesk, by: IdentityEditor, suggestion: Id) -> dict[str, Any]:
    """Join the two profiles; the answer names the command that can be retracted."""
    decided = desk.pool.suggestions.accept(suggestion, by)
    desk.audit.record(by, "suggestion.accepted", suggestion)
    return decided


@router.post("/suggestions/{suggestion}/refuse", response_model=Decided)
def refuse(desk: AtDesk, by: IdentityEditor, suggestion: Id) -> dict[str, Any]:
    """Never suggest the two again; the answer names the command that can be retracted."""
    decided = desk.pool.suggestions.refuse(suggestion, by)
    desk.audit.record(by, "suggestion.refused", suggestion)
    return decided


@router.get("/export/suggestions", **SHEET)
def export_suggestions(
    desk: AtDesk,
    by: Exporter,
    form: Form = "csv",
    status: Status = "open",
    method: Found = None,
    least: Least = 0.0,
) -> StreamingResponse:
    """All suggested merges with both sides' identifiers."""
    desk.audit.record(by, "suggestion.exported", form)
    pages = desk.pool.suggestions.export(status, method, least)
    return sheet(pages, form, "suggestions", COLUMNS, _cells)


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "methods": " ".join(row["methods"]),
        "evidence": "; ".join(one["en"] for one in row["evidence"]),
        "a": " ".join(row["a"]["identifiers"]),
        "b": " ".join(row["b"]["identifiers"]),
    }
