"""The HTTP API of one open pool: everything but the taking in of events."""

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from hotspring import __version__
from hotspring.accounts import Accounts, Passwords
from hotspring.errors import HotspringError
from hotspring.privacy import Access, Audit
from hotspring.settings import Settings
from hotspring.store import Operations
from hotspring.web.api import (
    alerts,
    audit_log,
    backups,
    boards,
    bots,
    calibrations,
    clusters,
    concentration,
    costs,
    erasures,
    export,
    groups,
    happening,
    health,
    heatmap,
    intake,
    lifecycle,
    links,
    live,
    map_stream,
    outlines,
    overview,
    people,
    person,
    plan,
    portraits,
    potential,
    quarantine,
    records,
    reports,
    rfm,
    rules,
    scores,
    segments,
    session,
    staging,
    suggestions,
    tags,
    templates,
    territory,
    tiers,
    traits,
    users,
    whole,
)
from hotspring.web.api.desk import Desk, Pool
from hotspring.web.api.freshness import NotModified, not_modified
from hotspring.web.api.safety import Safety
from hotspring.web.api.shapes import Problem
from hotspring.web.api.slashes import Slashes
from hotspring.web.api.slow import Slow
from hotspring.web.api.watch import Watch
from hotspring.web.openings import Openings
from hotspring.web.pages import Pages
from hotspring.web.problems import MEDIA_TYPE, problem, problem_of
from hotspring.web.salt import FILE as SALT
from hotspring.web.salt import Salt

ABOUT = """Everything the pool knows, over HTTP.

Send `Authorization: Bearer hs_...`, or sign in and send the cookie of the session, with the header
`X-CSRF-Token` where something is changed. Errors are problem details (RFC 9457). Lists come in
pages: pass `next` as `cursor`. Moments are ISO 8601 in UTC, temperatures are in °C. Answers to
reads carry an `ETag`; `If-None-Match` saves their repetition. A parameter of the query that is not
known is refused."""

ROOMS = (
    heatmap, map_stream, outlines, territory,
    whole, overview, rules, segments, portraits, scores, tiers, groups, clusters, potential,
    reports, boards, alerts, costs, links, rfm, concentration, lifecycle, traits, tags, templates,
    person, people, happening, staging, intake, live, session, users,
    records, audit_log, export,
    backups, bots, plan, quarantine, suggestions, erasures, calibrations, health,
)  # fmt: skip
"""In the order of the document."""


def create_api(
    pool: Pool,
    operations: Operations,
    *,
    settings: Settings,
    uploads: Path,
    origins: Mapping[str, str] | None = None,
    local_token: str = "",
    door: Path | None = None,
    ready: Callable[[], bool] = lambda: True,
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    passwords: Passwords | None = None,
) -> FastAPI:
    """The application that answers for `pool`.

    `uploads` is the folder for files under import, `origins` tells where each setting was said
    (unnamed ones are defaults), `local_token` the secret that lets the owner of this machine in as
    `local`, `door` the file in which the door tells its metrics, `clock` the time in milliseconds
    since 1970 UTC, `passwords` how passwords are hashed, if not as always.
    """
    audit = Audit(operations, clock)
    desk = Desk(
        pool=pool,
        access=Access(operations, audit, clock, local_token),
        accounts=Accounts(operations, audit, settings, clock, passwords),
        slow=Slow(),
        audit=audit,
        settings=settings,
        origins=origins or {},
        uploads=uploads,
        clock=clock,
        ready=ready,
        openings=Openings(settings, _salt(door, settings, clock), clock),
        run=secrets.token_hex(8),
    )
    app = FastAPI(
        title="Hotspring",
        version=__version__,
        description=ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.desk = desk
    app.state.registry = health.registry_of(desk, door)
    for room in ROOMS:
        app.include_router(room.router)
    _tell_errors(app)
    _describe_problems(app)
    app.router.default = Pages(app.router.default)
    app.add_middleware(Watch, requests=health.Requests(app.state.registry))
    app.add_middleware(Safety)
    app.add_middleware(Slashes)
    return app


def _salt(
    door: Path | None, settings: Settings, clock: Callable[[], int]
) -> Callable[[], bytes] | None:
    """The salt that the door counts passers-by with; None where there is no door."""
    return Salt(door.with_name(SALT), settings.zone, clock).today if door else None


def _describe_problems(app: FastAPI) -> None:
    """Say of every operation under /api, in the OpenAPI document, how it tells of errors."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        document = plain()
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        answer = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for path, item in document["paths"].items():
            for operation in item.values():
                operation["responses"].pop("422", None)
                if path.startswith("/api"):
                    operation["responses"] |= {
                        "401": {"description": "No valid token or session.", **answer},
                        "403": {"description": "The role may not do this.", **answer},
                        "4XX": {"description": "The request cannot be met.", **answer},
                        "503": {"description": "Come again later.", **answer},
                    }
        return document

    app.openapi = described  # type: ignore[method-assign]


def _tell_errors(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(HotspringError)
    def known(request: Request, error: HotspringError) -> Response:
        return problem_of(error)

    @app.exception_handler(HTTPException)
    def plain(request: Request, error: HTTPException) -> Response:
        detail = "" if error.status_code == 404 else str(error.detail)
        return problem(error.status_code, detail, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        told = [
            {"where": ".".join(str(part) for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors()
        ]
        return problem(422, "; ".join(f"{e['where']}: {e['detail']}" for e in told), errors=told)

    @app.exception_handler(NotModified)
    def known_already(request: Request, error: NotModified) -> Response:
        return not_modified(error.tag)
