"""The whole pool: how much it holds, how warm it is, whether it is well."""

from typing import Annotated, Any

from fastapi import Query

from hotspring.privacy import Permission
from hotspring.settings import Configuration, Settings
from hotspring.web.api.desk import AtDesk, Operator, may
from hotspring.web.api.freshness import by_version_and_time
from hotspring.web.api.moments import to_ms
from hotspring.web.api.record_shapes import Finding, SettingShown
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Decided, Listing, PoolTemperature, Status

router = Room(prefix="/api", tags=["pool"])
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
