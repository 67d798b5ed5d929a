"""The audit log: read page by page, narrowed, taken away as a file."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from hotspring.errors import BadRequest
from hotspring.pool import iso
from hotspring.privacy import Permission
from hotspring.store import records
from hotspring.web.api.desk import AccessManager, AtDesk, may
from hotspring.web.api.moments import to_ms
from hotspring.web.api.paging import Cursor, Limit, opened, page, sealed
from hotspring.web.api.record_shapes import AuditEntry
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Page
from hotspring.web.api.sheets import SHEET, Form, sheet

router = Room(prefix="/api", tags=["access"])
MANAGE = may(Permission.MANAGE_ACCESS)
COLUMNS = ("id", "at", "actor", "action", "subject", "detail")


def _where(
    desk: AtDesk,
    action: Annotated[
        str | None, Query(max_length=64, description="Only this action, e.g. profile.opened.")
    ] = None,
    actor: Annotated[
        str | None, Query(max_length=64, description="Only what this member or token did.")
    ] = None,
    about: Annotated[
        str | None,
        Query(
            max_length=600,
            description="Only what was done to this: a name or number as it stands in the log, "
            "or a public id or `KIND:VALUE`, which stand there as a keyed hash.",
        ),
    ] = None,
    since: Annotated[
        str | None, Query(max_length=64, description="From this moment on; a date is in the zone.")
    ] = None,
    until: Annotated[str | None, Query(max_length=64, description="Before this moment.")] = None,
) -> records.AuditWhere:
    zone = desk.settings.zone
    return records.AuditWhere(
        action=action,
        actor=actor,
        subjects=None if about is None else (about, desk.audit.pseudonym(about)),
        since_ms=None if since is None else to_ms(since, zone),
        until_ms=None if until is None else to_ms(until, zone),
    )


Where = Annotated[records.AuditWhere, Depends(_where)]


@router.get("/audit", response_model=Page[AuditEntry], dependencies=[MANAGE])
def audit(desk: AtDesk, where: Where, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """What was done that someone may have to answer for? The latest first."""
    before = opened(cursor)
    if before is not None and not (before.isdecimal() and len(before) < 19):
        raise BadRequest("this cursor was not given out here; start without one")
    entries = desk.audit.page(limit + 1, None if before is None else int(before), where)
    shown = entries[:limit]
    following = sealed(str(shown[-1].id)) if len(entries) > limit else None
    return page([_told(entry) for entry in shown], following)


@router.get("/export/audit", **SHEET)
def export_audit(
    desk: AtDesk, by: AccessManager, where: Where, form: Form = "csv"
) -> StreamingResponse:
    """The audit log as a file."""
    desk.audit.record(by, "audit.exported", form)

    def portions() -> Iterator[list[dict[str, Any]]]:
        for entries in desk.audit.portions(where):
            yield [_told(entry) for entry in entries]

    return sheet(portions(), form, "audit", COLUMNS, _cells)


def _told(entry: records.AuditEntry) -> dict[str, Any]:
    told = msgspec.structs.asdict(entry)
    return {**told, "at": iso(told.pop("at_ms")), "detail": msgspec.json.decode(entry.detail)}


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "detail": msgspec.json.encode(row["detail"]).decode()}
