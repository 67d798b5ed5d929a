"""The whole pool: how much it holds, how warm it is, by which rules."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from hotspring.privacy import Permission
from hotspring.settings import Configuration, Settings
from hotspring.web.api.desk import AtDesk, Operator, RuleEditor, may
from hotspring.web.api.freshness import Tagged, by_version, by_version_and_time
from hotspring.web.api.moments import to_ms
from hotspring.web.api.record_shapes import Finding, SettingShown
from hotspring.web.api.shapes import Decided, Listing, PoolTemperature, Rules, Status

router = APIRouter(prefix="/api", tags=["pool"], route_class=Tagged)
GIVEN_HERE = ("version", "at", "by")
READ = may(Permission.READ_POOL)


@router.get("/status", response_model=Status, dependencies=[READ, by_version_and_time])
def status(desk: AtDesk) -> dict[str, Any]:
    """How much does the pool hold, and how far is it?"""
    return desk.pool.status()


@router.get(
    "/temperature", response_model=PoolTemperature, dependencies=[READ, by_version_and_time]
)
def temperature(
    desk: AtDesk,
    at: Annotated[
        str | None,
        Query(description="A past moment, restated with today's rules; absent for now."),
    ] = None,
) -> dict[str, Any]:
    """How many profiles are hot, warm, cool and cold?"""
    return desk.pool.temperature(None if at is None else to_ms(at, desk.settings.zone))


@router.get("/temperature/rules", response_model=Rules, dependencies=[READ, by_version])
def rules(desk: AtDesk) -> dict[str, Any]:
    """By which rules is the temperature read now?"""
    return _flat(desk.pool.rules())


@router.put("/temperature/rules", response_model=Rules)
def put_rules(
    desk: AtDesk, by: RuleEditor, body: Annotated[dict[str, Any], Body()]
) -> dict[str, Any]:
    """Make these the rules from now on, as a new version; all temperatures follow.

    Takes what GET gives: `version`, `at` and `by` are set anew.
    """
    given = {name: value for name, value in body.items() if name not in GIVEN_HERE}
    changed = _flat(desk.pool.put_rules(given, by))
    desk.audit.record(by, "rules.changed", str(changed["version"]))
    return changed


@router.get(
    "/temperature/rules/versions",
    response_model=Listing[Rules],
    dependencies=[READ, by_version],
)
def rule_versions(desk: AtDesk) -> dict[str, Any]:
    """Which rules stood when, and who changed them?"""
    return {"items": [_flat(version) for version in desk.pool.rule_versions()]}


@router.post("/rebuild", response_model=Decided)
def rebuild(desk: AtDesk, by: Operator) -> dict[str, Any]:
    """Build the state anew from what is recorded, and compare."""
    desk.audit.record(by, "folder.rebuilt")
    return desk.pool.rebuild(by)


@router.get("/doctor", response_model=Listing[Finding])
def doctor(desk: AtDesk, by: Operator) -> dict[str, Any]:
    """Is the folder sound, and what should be done?"""
    return {"items": desk.pool.check()}


@router.get("/config", response_model=Listing[SettingShown])
def config(desk: AtDesk, by: Operator) -> dict[str, Any]:
    """With which settings does it run, and where was each of them said?"""
    said = {name: desk.origins.get(name, "default") for name in Settings.__struct_fields__}
    return {"items": Configuration(desk.settings, said).shown()}


def _flat(version: dict[str, Any]) -> dict[str, Any]:
    """A version of the rules as one object, which can be sent back as it is."""
    return {**{name: version[name] for name in GIVEN_HERE if name in version}, **version["body"]}
