"""Refused events: to read, to take away as a file, to mend and replay, to drop with a reason."""

from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import StreamingResponse

from hotspring.errors import BadRequest
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Desk, QuarantineEditor, QuarantineReader, may
from hotspring.web.api.freshness import by_version
from hotspring.web.api.moments import to_ms
from hotspring.web.api.paging import Cursor, Limit, opened, page, sealed
from hotspring.web.api.quarantine_shapes import (
    Dropped,
    Dropping,
    Quarantined,
    Replayed,
    Replaying,
    Select,
)
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Page
from hotspring.web.api.sheets import SHEET, Form, sheet

router = Room(prefix="/api/quarantine", tags=["quarantine"])
READ_QUARANTINE = may(Permission.READ_QUARANTINE)
COLUMNS = (
    "id", "received_at", "source", "event", "message_id", "reason", "detail", "status",
    "resolved_at", "resolved_by", "why", "body",
)  # fmt: skip

Source = Annotated[str | None, Query(max_length=64, description="Only of it.")]
Reason = Annotated[str | None, Query(max_length=64, description="Only for it.")]
EventName = Annotated[str | None, Query(max_length=256, description="Only of this name.")]
Since = Annotated[str | None, Query(description="Only received from this moment on.")]
Until = Annotated[str | None, Query(description="Only received before this moment.")]
Status = Annotated[
    Literal["open", "replayed", "dropped", "any"],
    Query(description="What became of them: `open` where nothing was decided yet."),
]


@router.get("", response_model=Page[Quarantined], dependencies=[READ_QUARANTINE, by_version])
def quarantine(
    desk: AtDesk,
    by: QuarantineReader,
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    status: Status = "open",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Which events were refused, and why? The latest first."""
    chosen = _chosen(desk, source, reason, event, since, until, status)
    after = opened(cursor)
    found, following = desk.pool.refusals.page(chosen, limit, after)
    desk.audit.record(by, "quarantine.read", source or "", reason=reason)
    return page(found, None if following is None else sealed(following))


@router.get("/export", **SHEET)
def export_quarantine(
    desk: AtDesk,
    by: QuarantineReader,
    form: Form = "csv",
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    status: Status = "open",
) -> StreamingResponse:
    """Refused events as a file, the oldest first."""
    chosen = _chosen(desk, source, reason, event, since, until, status)
    desk.audit.record(by, "quarantine.exported", form, **_criteria(chosen))
    portions = desk.pool.refusals.portions(chosen)
    return sheet(portions, form, "quarantine", COLUMNS)


@router.post("/replay", response_model=Replayed)
def replay_quarantine(desk: AtDesk, by: QuarantineEditor, body: Replaying) -> dict[str, Any]:
    """Mend open entries and let in those that the door would take now.

    They keep their source, the time they were received and their message id; what does not pass
    stays open. With `dry_run` nothing is changed.
    """
    chosen = _select(desk, body.select)
    done = desk.pool.refusals.replay(chosen, body.fixes, by, body.dry_run, body.limit, body.after)
    fixes = [str(fix.get("do", "")) for fix in body.fixes]
    told = {**_criteria(chosen), "fixes": fixes, "verdicts": done["verdicts"]}
    subject = chosen.get("source") or ""
    if body.dry_run:
        desk.audit.record(by, "quarantine.read", subject, **told)
    else:
        desk.audit.record(by, "quarantine.replayed", subject, **told)
    return done


@router.post("/drop", response_model=Dropped)
def drop_quarantine(desk: AtDesk, by: QuarantineEditor, body: Dropping) -> dict[str, Any]:
    """Close open entries for good, with a reason; they stay to be read."""
    chosen = _select(desk, body.select)
    if not chosen:
        raise BadRequest("say which entries: name `ids` or at least one other criterion")
    done = desk.pool.refusals.drop(chosen, body.why, by, body.dry_run)
    if not body.dry_run:
        told = {**_criteria(chosen), "entries": done["dropped"]}
        desk.audit.record(by, "quarantine.dropped", chosen.get("source") or "", **told)
    return done


def _select(desk: Desk, select: Select) -> dict[str, Any]:
    zone = desk.settings.zone
    return {
        **select.model_dump(exclude_none=True, exclude={"since", "until"}, exclude_defaults=True),
        **({"since_ms": to_ms(select.since, zone)} if select.since else {}),
        **({"until_ms": to_ms(select.until, zone)} if select.until else {}),
    }


def _chosen(
    desk: Desk,
    source: str | None,
    reason: str | None,
    event: str | None,
    since: str | None,
    until: str | None,
    status: str,
) -> dict[str, Any]:
    select = Select(source=source, reason=reason, event=event, since=since, until=until)
    return {**_select(desk, select), "status": None if status == "any" else status}


def _criteria(chosen: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as the audit log may tell it."""
    ids = {"ids": len(chosen["ids"])} if "ids" in chosen else {}
    names = ("source", "reason", "event", "since_ms", "until_ms", "status")
    return {**{name: chosen[name] for name in names if chosen.get(name) is not None}, **ids}
