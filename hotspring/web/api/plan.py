"""The tracking plan: what is in force, what was before, what broke it."""

from typing import Annotated, Any

from fastapi import Body, Path, Query

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Desk, RuleEditor, may
from hotspring.web.api.freshness import by_version
from hotspring.web.api.moments import to_ms
from hotspring.web.api.plan_shapes import (
    Breaches,
    PlanDifference,
    PlanLearnt,
    PlanRead,
    PlanTried,
    PlanVersion,
)
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api/plan", tags=["plan"])
GIVEN_HERE = ("version", "at", "by")
READ = may(Permission.READ_POOL)
Version = Annotated[int, Path(ge=0, le=2**31 - 1, description="Number of the version.")]
Since = Annotated[str | None, Query(description="Only events received from this moment on.")]
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


@router.get("/learn", response_model=PlanLearnt)
def learn_plan(
    desk: AtDesk,
    by: RuleEditor,
    since: Since = None,
    new: Annotated[
        bool, Query(description="Add to the plan in force what it does not name yet.")
    ] = False,
) -> dict[str, Any]:
    """Which plan does what came suggest? A proposal to look through; nothing is changed.

    No value stands in it that came fewer than five times, and no number as it came.
    """
    return desk.pool.plans.learn(_since(desk, since), new)


@router.post("/try", response_model=PlanTried)
def try_plan(desk: AtDesk, by: RuleEditor, body: PlanBody, since: Since = None) -> dict[str, Any]:
    """How many of the events that came would break this plan? Nothing is changed by asking."""
    return desk.pool.plans.trial(_given(body), _since(desk, since))


@router.post("/import", response_model=PlanRead)
def import_plan(desk: AtDesk, by: RuleEditor, body: PlanBody) -> dict[str, Any]:
    """How does another tool's plan read as ours? Nothing is changed; put what is answered."""
    return desk.pool.plans.read(body)


@router.get("/breaches", response_model=Listing[Breaches], dependencies=[READ])
def breaches(desk: AtDesk, since: Since = None) -> dict[str, Any]:
    """How many events broke the plan, by source and event? The most frequent first."""
    return {"items": desk.pool.plans.breaches(_since(desk, since))}


def _since(desk: Desk, since: str | None) -> int:
    return 0 if since is None else to_ms(since, desk.settings.zone)


def _given(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in GIVEN_HERE}


def _flat(version: dict[str, Any]) -> dict[str, Any]:
    """A version of the plan as one object, which can be sent back as it is."""
    return {**{name: version[name] for name in GIVEN_HERE}, **version["body"]}
