"""What every route needs at hand: the pool, the records, who asks and whether they may."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from hotspring.accounts import Accounts, Signed
from hotspring.errors import Forbidden, Unauthorised
from hotspring.measure import Readings
from hotspring.privacy import Access, Audit, Permission, Role
from hotspring.settings import Settings
from hotspring.web.api import entry
from hotspring.web.api.analyses import Analytics, Boards, Costs, Lifecycle
from hotspring.web.api.slow import Slow
from hotspring.web.api.sorting import (
    Clusters,
    Groups,
    Potential,
    Scores,
    Segments,
    Tags,
    Templates,
    Tiers,
    Traits,
)
from hotspring.web.openings import Links, Openings

Rows = tuple[list[dict[str, Any]], str | None]  # One page, and the cursor of the next one.


class Plans(Protocol):
    """The tracking plan of the open pool. Every method may be called from any thread."""

    def show(self, version: int | None) -> dict[str, Any]: ...
    def versions(self) -> list[dict[str, Any]]: ...
    def put(self, body: dict[str, Any], by: str) -> dict[str, Any]: ...
    def restore(self, version: int, by: str) -> dict[str, Any]: ...
    def difference(self, before: int | None, after: int | dict[str, Any]) -> dict[str, Any]: ...
    def learn(self, since_ms: int, new_only: bool) -> dict[str, Any]: ...
    def trial(self, body: dict[str, Any], since_ms: int) -> dict[str, Any]: ...
    def read(self, document: Any) -> dict[str, Any]: ...
    def breaches(self, since_ms: int) -> list[dict[str, Any]]: ...


Given = dict[str, Any] | None
"""A rule set as it was sent, or none."""


class Rulebook(Protocol):
    """The rules of the open pool as the API uses them."""

    def now(self) -> dict[str, Any]: ...
    def versions(self) -> list[dict[str, Any]]: ...
    def version(self, number: int) -> dict[str, Any]: ...
    def compare(self, before: int, after: int) -> dict[str, Any]: ...
    def put(self, body: dict[str, Any], by: str) -> dict[str, Any]: ...
    def restore(self, number: int, by: str) -> dict[str, Any]: ...
    def preview(
        self, body: Given, version: int | None, against: int | None, by: str
    ) -> dict[str, Any]: ...
    def previews(self) -> list[dict[str, Any]]: ...
    def one_preview(self, preview_id: str) -> dict[str, Any]: ...
    def cancel_preview(self, preview_id: str) -> dict[str, Any]: ...
    def accept(self, preview_id: str, by: str) -> dict[str, Any]: ...
    def test(self, key: str, body: Given, version: int | None) -> dict[str, Any]: ...
    def currencies(self) -> list[dict[str, Any]]: ...
    def events(self) -> list[dict[str, Any]]: ...


class Suggestions(Protocol):
    """The suggested merges of an open pool."""

    def start(self, method: str, by: str) -> dict[str, Any]: ...
    def runs(self) -> list[dict[str, Any]]: ...
    def run(self, run_id: str) -> dict[str, Any]: ...
    def cancel(self, run_id: str) -> dict[str, Any]: ...
    def page(
        self, status: str, method: str | None, least: float, limit: int, cursor: str | None
    ) -> Rows: ...
    def export(
        self, status: str, method: str | None, least: float
    ) -> Iterator[list[dict[str, Any]]]: ...
    def accept(self, suggestion: str, by: str) -> dict[str, Any]: ...
    def refuse(self, suggestion: str, by: str) -> dict[str, Any]: ...
    def accept_all(
        self, method: str | None, least: float, dry_run: bool, by: str
    ) -> dict[str, Any]: ...


class Erasures(Protocol):
    """Who is to be forgotten, and who may come back."""

    def plan(self, key: str, now: int) -> dict[str, Any]: ...
    def confirm(self, key: str, token: str, by: str, now: int) -> dict[str, Any]: ...
    def all(self) -> list[dict[str, Any]]: ...
    def one(self, erasure: str) -> dict[str, Any]: ...
    def readmit(self, key: str, by: str, now: int) -> dict[str, Any]: ...


class Refusals(Protocol):
    """The refused events of the open pool. Every method may be called from any thread."""

    def page(self, selection: dict[str, Any], limit: int, cursor: str | None) -> Rows: ...
    def portions(self, selection: dict[str, Any]) -> Iterator[list[dict[str, Any]]]: ...
    def replay(
        self,
        selection: dict[str, Any],
        fixes: Sequence[Mapping[str, Any]],
        by: str,
        dry_run: bool,
        limit: int,
        after: str | None,
    ) -> dict[str, Any]: ...
    def drop(
        self, selection: dict[str, Any], why: str, by: str, dry_run: bool
    ) -> dict[str, Any]: ...


class Sources(Protocol):
    """Where events come from. Every method may be called from any thread."""

    def all(self, now: int) -> list[dict[str, Any]]: ...


class Calibrations(Protocol):
    """Rules learnt from the past of an open pool."""

    def start(
        self, goal: str, horizon_ms: int, cut: int, share: float, by: str
    ) -> dict[str, Any]: ...
    def all(self) -> list[dict[str, Any]]: ...
    def span(self) -> dict[str, str | None]: ...
    def one(self, job_id: str) -> dict[str, Any]: ...
    def cancel(self, job_id: str) -> dict[str, Any]: ...
    def accept(self, job_id: str, by: str) -> dict[str, Any]: ...
    def report(self, job_id: str, language: Literal["zh", "en"]) -> str: ...


class Live(Protocol):
    """The map for whoever watches."""

    def watch(
        self, level: str, resolution: int, lang: str, deliver: Callable[[bytes | None], None]
    ) -> Any: ...
    def leave(self, watcher: Any) -> None: ...


class Happening(Protocol):
    """The last minutes for whoever watches."""

    def now(self, lang: str) -> dict[str, Any]: ...
    def watch(self, lang: str, deliver: Callable[[bytes | None], None]) -> Any: ...
    def leave(self, watcher: Any) -> None: ...


class Territory(Protocol):
    """Trade areas and outlets."""

    def districts(self, lang: str = "zh") -> dict[str, str]: ...
    def areas(self) -> list[dict[str, Any]]: ...
    def add_areas(
        self, given: dict[str, Any], name: str, by: str, datum: str = "wgs84"
    ) -> dict[str, Any]: ...
    def change_area(self, id_: str, name: str | None, geometry: Any) -> dict[str, Any]: ...
    def outlets(self) -> list[dict[str, Any]]: ...
    def add_outlets(
        self,
        rows: Any,
        datum: str,
        by: str,
        lines: Any = (),
        try_only: bool = False,
        lang: str = "zh",
    ) -> dict[str, Any]: ...
    def change_outlet(self, id_: str, given: dict[str, Any], datum: str) -> dict[str, Any]: ...
    def delete(self, kind: Any, id_: str) -> None: ...
    def restore(self, kind: Any, id_: str) -> dict[str, Any]: ...
    def delete_outlets(self, ids: list[str]) -> int: ...
    def restore_outlets(self, ids: list[str]) -> int: ...
    def analysis(self, level: str, lang: str) -> dict[str, Any]: ...


class HeatMap(Protocol):
    """How warm people are, by area. Every method may be called from any thread."""

    @property
    def live(self) -> Live: ...
    @property
    def territory(self) -> Territory: ...
    def days(self) -> dict[str, Any]: ...
    def show(self, asked: Any, profiles: bool) -> dict[str, Any]: ...


class Pool(Protocol):
    """The open pool as the API uses it. Every method may be called from any thread."""

    @property
    def plans(self) -> Plans: ...
    @property
    def refusals(self) -> Refusals: ...

    @property
    def heatmap(self) -> HeatMap: ...
    @property
    def happening(self) -> Happening: ...

    @property
    def segments(self) -> Segments: ...
    @property
    def scores(self) -> Scores: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def tags(self) -> Tags: ...
    @property
    def traits(self) -> Traits: ...
    @property
    def tiers(self) -> Tiers: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def clusters(self) -> Clusters: ...
    @property
    def potential(self) -> Potential: ...
    @property
    def lifecycle(self) -> Lifecycle: ...
    @property
    def analytics(self) -> Analytics: ...
    @property
    def boards(self) -> Boards: ...
    @property
    def costs(self) -> Costs: ...
    @property
    def links(self) -> Links: ...

    @property
    def sources(self) -> Sources: ...

    @property
    def erasures(self) -> Erasures: ...

    @property
    def rulebook(self) -> Rulebook: ...

    @property
    def calibrations(self) -> Calibrations: ...

    @property
    def version(self) -> int:
        """Changes with everything that is applied."""

    @property
    def suggestions(self) -> Suggestions:
        """Profiles that may be one person."""

    def status(self) -> dict[str, Any]: ...
    def temperature(self, at_ms: int | None) -> dict[str, Any]: ...
    def overview(self) -> dict[str, Any]: ...
    def arrivals(
        self, cursor: str | None, verdict: str, source: str, q: str, limit: int
    ) -> dict[str, Any]: ...
    def profiles(
        self,
        q: str | None,
        trait: tuple[str, str] | None,
        band: str | None,
        sort: str,
        limit: int,
        cursor: str | None,
        detail: bool = False,
        among: str | None = None,
    ) -> Rows: ...
    def export(self, band: str | None) -> Iterator[list[dict[str, Any]]]:
        """All known profiles with identifiers and traits, in portions."""

    def deidentified(
        self, what: str, keep: list[str], hours: bool
    ) -> Iterator[list[dict[str, Any]]]:
        """All known `profiles`, or all `events`, without anything that names a person."""

    def person(self, key: str) -> tuple[dict[str, Any], Iterator[list[dict[str, Any]]]]:
        """All that is held of one person, and apart from it the events, in portions."""

    def profile(self, key: str) -> dict[str, Any]: ...
    def announcements(self, limit: int, cursor: str | None) -> Rows: ...
    def timeline(self, key: str, limit: int, cursor: str | None) -> Rows: ...
    def curve(
        self, key: str, from_ms: int, to_ms: int, points: int, ahead_ms: int
    ) -> dict[str, Any]: ...
    def persona(self, key: str) -> dict[str, Any]: ...
    def contributions(self, key: str) -> list[dict[str, Any]]: ...
    def merges(self, key: str) -> dict[str, Any]: ...
    def undo(self, key: str, merge_id: str, by: str) -> dict[str, Any]: ...
    def retract(self, command_id: str, by: str) -> dict[str, Any]: ...
    def flags(self, limit: int, cursor: str | None) -> Rows: ...
    def flag(
        self,
        keys: Sequence[str],
        events: Sequence[dict[str, str]],
        verdict: Literal["machine", "human"],
        reason: str,
        by: str,
    ) -> dict[str, Any]: ...
    def unflag(
        self, keys: Sequence[str], events: Sequence[dict[str, str]], reason: str, by: str
    ) -> dict[str, Any]: ...
    def suspects(self, days: float) -> list[dict[str, Any]]: ...
    def flag_suspects(self, days: float, by: str) -> dict[str, Any]: ...
    def consent(self, key: str) -> list[dict[str, Any]]: ...
    def start_import(self, path: Path, options: dict[str, Any], by: str) -> dict[str, Any]: ...
    def stage(self, path: Path, name: str) -> dict[str, Any]: ...
    def staged(self, file_id: str, options: dict[str, Any]) -> dict[str, Any]: ...
    def import_staged(self, file_id: str, options: dict[str, Any], by: str) -> dict[str, Any]: ...
    def drop_staged(self, file_id: str) -> None: ...
    def imports(self) -> list[dict[str, Any]]: ...
    def import_job(self, job_id: str) -> dict[str, Any]: ...
    def import_rejects(self, job_id: str) -> Path: ...
    def cancel_import(self, job_id: str) -> dict[str, Any]: ...
    def start_backup(self, target: str | None, keep: int | None, by: str) -> dict[str, Any]: ...
    def backups(self) -> list[dict[str, Any]]: ...
    def backup_shelf(self) -> dict[str, Any]: ...
    def backup_job(self, job_id: str) -> dict[str, Any]: ...
    def cancel_backup(self, job_id: str) -> dict[str, Any]: ...
    def rebuild(self, by: str) -> dict[str, Any]: ...
    def readings(self) -> Readings: ...
    def check(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Desk:
    """What every route needs at hand."""

    pool: Pool
    access: Access
    accounts: Accounts
    slow: Slow
    """For what hashes passwords."""
    audit: Audit
    settings: Settings
    origins: Mapping[str, str]
    """Where each setting was said."""
    uploads: Path
    """Where files lie while they are imported."""
    clock: Callable[[], int]
    """Milliseconds since 1970 UTC."""
    ready: Callable[[], bool]
    openings: Openings
    """Counts who follows a short link."""
    run: str
    """Tells this run of the process from others, so that old entity tags do not match."""


async def desk_of(request: Request) -> Desk:
    """The desk of the application that answers this request."""
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]
_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token: `hotspring token create`."
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


_cookie = APIKeyCookie(
    name=entry.COOKIE,
    auto_error=False,
    scheme_name="session",
    description="Of who signed in; what changes something needs the header X-CSRF-Token as well.",
)
Cookie = Annotated[str | None, Depends(_cookie)]


def admitted(
    request: Request, desk: Desk, bearer: Bearer, cookie: Cookie, permission: Permission
) -> str:
    """The name of who asks with a token, or is signed in, and may. Raises where nobody is."""
    if bearer is None and cookie:
        signed = desk.accounts.sessions.find(cookie)
        if signed is not None:
            entry.check_origin(request)
            entry.check_csrf(request, signed)
            desk.access.permit(signed.user.name, Role(signed.user.role), permission)
            return signed.user.name
        raise Unauthorised("the session is over; sign in again")
    return desk.access.admit(bearer.credentials if bearer else "", permission).name


def _needs(permission: Permission) -> Callable[..., Awaitable[str]]:
    # On the loop where a token is known; a thread only where the records have to be read.
    async def guard(request: Request, desk: AtDesk, bearer: Bearer, cookie: Cookie) -> str:
        known = desk.access.known(bearer.credentials, permission) if bearer else None
        if known is not None:
            return known.name
        return await run_in_threadpool(admitted, request, desk, bearer, cookie, permission)

    return guard


def _signed(request: Request, desk: AtDesk, cookie: Cookie) -> Signed:
    signed = desk.accounts.sessions.find(cookie or "")
    if signed is None:
        raise Unauthorised("nobody is signed in")
    entry.check_origin(request)
    entry.check_csrf(request, signed)
    return signed


AtHome = Annotated[Signed, Depends(_signed)]
"""Who is signed in: for what concerns nobody but them, whatever their role."""
_GUARDS: Mapping[Permission, Callable[..., Awaitable[str]]] = {p: _needs(p) for p in Permission}


def may(permission: Permission) -> Any:
    """A dependency that admits only who has this permission, and gives the actor's name."""
    return Depends(_GUARDS[permission])


class Asker(NamedTuple):
    """Who asks for what is about nobody in particular, and whether they may see people too."""

    name: str
    profiles: bool


def _asker(request: Request, desk: AtDesk, bearer: Bearer, cookie: Cookie) -> Asker:
    name = admitted(request, desk, bearer, cookie, Permission.READ_POOL)
    return Asker(name, _role(desk, bearer, cookie).may(Permission.READ_PROFILES))


def _role(desk: AtDesk, bearer: Bearer, cookie: Cookie) -> Role:
    """The role of who was admitted."""
    signed = desk.accounts.sessions.find(cookie) if bearer is None and cookie else None
    if signed is not None:
        return Role(signed.user.role)
    return desk.access.admit(bearer.credentials if bearer else "", Permission.READ_POOL).role


AnyAsker = Annotated[Asker, Depends(_asker)]


class Sorter(NamedTuple):
    """Who changes segments, tags and scores, and whether they may change rules too."""

    name: str
    rules: bool


def _sorter(request: Request, desk: AtDesk, bearer: Bearer, cookie: Cookie) -> Sorter:
    name = admitted(request, desk, bearer, cookie, Permission.CHANGE_SEGMENTS)
    return Sorter(name, _role(desk, bearer, cookie).may(Permission.CHANGE_RULES))


AnySorter = Annotated[Sorter, Depends(_sorter)]


def still(permission: Permission) -> Any:
    """A dependency that gives a question: may who began this answer still be told more?

    For answers that go on: a token may be taken back, a session may end meanwhile.
    """

    def dependency(
        request: Request, desk: AtDesk, bearer: Bearer, cookie: Cookie
    ) -> Callable[[], bool]:
        def holds() -> bool:
            try:
                admitted(request, desk, bearer, cookie, permission)
            except (Unauthorised, Forbidden):
                return False
            return True

        return holds

    return Depends(dependency)


PoolReader = Annotated[str, may(Permission.READ_POOL)]
ProfileReader = Annotated[str, may(Permission.READ_PROFILES)]
ImportReader = Annotated[str, may(Permission.READ_IMPORTS)]
QuarantineEditor = Annotated[str, may(Permission.CHANGE_QUARANTINE)]
QuarantineReader = Annotated[str, may(Permission.READ_QUARANTINE)]
Importer = Annotated[str, may(Permission.IMPORT)]
Eraser = Annotated[str, may(Permission.ERASE)]
Exporter = Annotated[str, may(Permission.EXPORT)]
IdentityEditor = Annotated[str, may(Permission.CHANGE_IDENTITY)]
BotFlagger = Annotated[str, may(Permission.FLAG_BOTS)]
MapEditor = Annotated[str, may(Permission.CHANGE_MAP)]
SegmentEditor = Annotated[str, may(Permission.CHANGE_SEGMENTS)]
RuleEditor = Annotated[str, may(Permission.CHANGE_RULES)]
Operator = Annotated[str, may(Permission.OPERATE)]
AccessManager = Annotated[str, may(Permission.MANAGE_ACCESS)]
