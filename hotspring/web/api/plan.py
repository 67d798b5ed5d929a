"""The tracking plan: what is in force, what was before, what broke it."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, RuleEditor, may
from hotspring.web.api.freshness import Tagged, by_version
from hotspring.web.api.moments import to_ms
from hotspring.web.api.plan_shapes import Breaches, PlanDifference, PlanVersion
from hotspring.web.api.shapes import Listing

router = APIRouter(prefix="/api/plan", tags=["plan"], route_class=Tagged)
GIVEN_HERE = ("version", "at", "by")
READ = may(Permission.READ_POOL)
Version = Annotated[int, Path(ge=0, le=2**31 - 1, description="Number of the version.")]
PlanBody = Annotated[dict[str, Any], Body(description="`events` by name, and `others`.")]


@router.get("", response_model=PlanVersion, dependencies=[READ, by_version])
def plan(desk: AtDesk) -> dict[str, Any]:
    """Which properties should events have?"""
    return _flat(desk.pool.plans.show(None))


@router.put("", response_model=PlanVersion)
def put_plan(desk: AtDesk, by: RuleEditor, body: PlanBody) -> dict[str, Any]:
    """Make this the plan for what comes from now on, as a new version.

    Takes what GET gives: `version`, `at` and `by` are set anew. Within two seconds the door judges
    by it; what was taken in or refused before stays as it was judged then.
    """
    changed = _flat(desk.pool.plans.put(_given(body), by))
    desk.audit.record(by, "plan.changed", str(changed["version"]))
    return changed


@router.get("/versions", response_model=Listing[PlanVersion], dependencies=[READ, by_version])
def plan_versions(desk: AtDesk) -> dict[str, Any]:
    """Which plan stood when, and who changed it? The latest first."""
    return {"items": [_flat(version) for version in desk.pool.plans.versions()]}


@router.get("/versions/{version}", response_model=PlanVersion, dependencies=[READ, by_version])
def plan_version(desk: AtDesk, version: Version) -> dict[str, Any]:
    """How did this version of the plan read? 0 is the empty plan."""
    return _flat(desk.pool.plans.show(version))


@router.post("/versions/{version}/restore", response_model=PlanVersion)
def restore_plan(desk: AtDesk, by: RuleEditor, version: Version) -> dict[str, Any]:
    """Make this version the plan again, as a new version."""
    changed = _flat(desk.pool.plans.restore(version, by))
    desk.audit.record(by, "plan.changed", str(changed["version"]), restored=version)
    return changed


@router.get("/versions/{version}/diff", response_model=PlanDifference, dependencies=[READ])
def plan_diff(
    desk: AtDesk,
    version: Version,
    before: Annotated[
        int | None,
        Query(alias="from", ge=0, le=2**31 - 1, description="Compared with; else that in force."),
    ] = None,
) -> dict[str, Any]:
    """What is different in this version of the plan?"""
    return desk.pool.plans.difference(before, version)


@router.post("/diff", response_model=PlanDifference, dependencies=[READ])
def draft_diff(desk: AtDesk, body: PlanBody) -> dict[str, Any]:
    """What would this plan change? Nothing is changed by asking."""
    return desk.pool.plans.difference(None, _given(body))


@router.get("/breaches", response_model=Listing[Breaches], dependencies=[READ])
def breaches(
    desk: AtDesk,
    since: Annotated[
        str | None, Query(description="Only events received from this moment on.")
    ] = None,
) -> dict[str, Any]:
    """How many events broke the plan, by source and event? The most frequent first."""
    since_ms = 0 if since is None else to_ms(since, desk.settings.zone)
    return {"items": desk.pool.plans.breaches(since_ms)}


def _given(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in GIVEN_HERE}


def _flat(version: dict[str, Any]) -> dict[str, Any]:
    """A version of the plan as one object, which can be sent back as it is."""
    return {**{name: version[name] for name in GIVEN_HERE}, **version["body"]}
