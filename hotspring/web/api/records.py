"""Sources and tokens."""

from typing import Annotated, Any

import msgspec
from fastapi import Path

from hotspring.pool import iso
from hotspring.privacy import Permission
from hotspring.web.api.desk import AccessManager, AtDesk, may
from hotspring.web.api.freshness import by_version_and_time
from hotspring.web.api.overview import SourceHealth
from hotspring.web.api.record_shapes import (
    CreatedSource,
    CreatedToken,
    NewSource,
    NewToken,
    Source,
    Token,
)
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api", tags=["access"])
Named = Annotated[str, Path(max_length=64, description="Its name.")]
MANAGE = may(Permission.MANAGE_ACCESS)


@router.get("/sources", response_model=Listing[Source], dependencies=[MANAGE])
def sources(desk: AtDesk) -> dict[str, Any]:
    """Where may events come from?"""
    return {"items": [_told(source) for source in desk.access.sources()]}


@router.get(
    "/sources/activity",
    response_model=Listing[SourceHealth],
    dependencies=[may(Permission.READ_POOL), by_version_and_time],
)
def source_activity(desk: AtDesk) -> dict[str, Any]:
    """Which sources send, which fell silent, how much came from each?"""
    return {"items": desk.pool.sources.all(desk.clock())}


@router.post("/sources", response_model=CreatedSource, status_code=201)
def create_source(desk: AtDesk, by: AccessManager, body: NewSource) -> dict[str, Any]:
    """Make a source; its write key is in this answer and nowhere else."""
    source, key = desk.access.create_source(
        body.name, by=by, public=body.public, datum=body.datum, project=body.project
    )
    return {**_told(source), "write_key": key}


@router.delete("/sources/{name}", status_code=204)
def revoke_source(desk: AtDesk, by: AccessManager, name: Named) -> None:
    """Take a write key back; what came with it stays."""
    desk.access.revoke_source(name, by=by)


@router.get("/tokens", response_model=Listing[Token], dependencies=[MANAGE])
def tokens(desk: AtDesk) -> dict[str, Any]:
    """Who may read or change what?"""
    return {"items": [_told(token) for token in desk.access.tokens()]}


@router.post("/tokens", response_model=CreatedToken, status_code=201)
def create_token(desk: AtDesk, by: AccessManager, body: NewToken) -> dict[str, Any]:
    """Make a token; its text is in this answer and nowhere else."""
    token, text = desk.access.create_token(body.name, body.role, by=by, days=body.days)
    return {**_told(token), "token": text}


@router.delete("/tokens/{name}", status_code=204)
def revoke_token(desk: AtDesk, by: AccessManager, name: Named) -> None:
    """Take a token back."""
    desk.access.revoke_token(name, by=by)


def _told(record: Any) -> dict[str, Any]:
    """A record with its moments written out; the shape of the answer leaves the hashes behind."""
    return {
        ("at" if name == "at_ms" else name.replace("_ms", "_at")): (
            iso(value) if name.endswith("_ms") else value
        )
        for name, value in msgspec.structs.asdict(record).items()
    }
