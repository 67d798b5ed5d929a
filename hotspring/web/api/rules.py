"""The rules of temperature: read, tried on the whole pool or on one profile, changed, restored."""

from typing import Annotated, Any

from fastapi import Body, Path
from pydantic import BaseModel, ConfigDict, Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Desk, ProfileReader, RuleEditor, may
from hotspring.web.api.freshness import by_version
from hotspring.web.api.rooms import Room
from hotspring.web.api.rule_shapes import Comparison, CurrencyUse, EventUse, Preview, Trial
from hotspring.web.api.shapes import Listing, Rules

router = Room(prefix="/api/temperature/rules", tags=["rules"])
GIVEN_HERE = ("version", "at", "by")
READ = may(Permission.READ_POOL)
READ_PROFILES = may(Permission.READ_PROFILES)
CHANGE = may(Permission.CHANGE_RULES)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Of a version of the rules.")]
PreviewId = Annotated[str, Path(max_length=64, description="Id of the preview.")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rules: dict[str, Any] | None = Field(None, description="A whole rule set, as GET gives it.")
    version: Version | None = Field(None, description="Or the number of a version there was.")

    def given(self) -> dict[str, Any] | None:
        return None if self.rules is None else _bare(self.rules)


class WantedPreview(_Wanted):
    """Which rules to try, and against which."""

    against: Version | None = Field(
        None, description="A version to compare with; the rules in force if absent."
    )


class WantedTest(_Wanted):
    """Which rules to try on whom."""

    profile: str = Field(max_length=600, description="A public id, or `KIND:VALUE`.")


@router.get("", response_model=Rules, dependencies=[READ, by_version])
def rules(desk: AtDesk) -> dict[str, Any]:
    """By which rules is the temperature read now?"""
    return _flat(desk.pool.rulebook.now())


@router.put("", response_model=Rules)
def put_rules(
    desk: AtDesk, by: RuleEditor, body: Annotated[dict[str, Any], Body()]
) -> dict[str, Any]:
    """Make these the rules from now on, as a new version; all temperatures follow.

    Takes what GET gives: `version`, `at` and `by` are set anew. Answers when the new temperatures
    are in place; events go on being applied meanwhile.
    """
    return _changed(desk, by, desk.pool.rulebook.put(_bare(body), by))


@router.get("/versions", response_model=Listing[Rules], dependencies=[READ, by_version])
def rule_versions(desk: AtDesk) -> dict[str, Any]:
    """Which rules stood when, and who changed them?"""
    return {"items": [_flat(version) for version in desk.pool.rulebook.versions()]}


@router.get("/versions/{number}", response_model=Rules, dependencies=[READ, by_version])
def rule_version(desk: AtDesk, number: Number) -> dict[str, Any]:
    """Which rules were this version?"""
    return _flat(desk.pool.rulebook.version(number))


@router.get(
    "/versions/{number}/compare/{other}",
    response_model=Comparison,
    dependencies=[READ, by_version],
)
def compare_versions(desk: AtDesk, number: Number, other: Number) -> dict[str, Any]:
    """Which rules differ between two versions, and in what?

    How profiles would move is a preview of one `against` the other.
    """
    return desk.pool.rulebook.compare(number, other)


@router.post("/versions/{number}/restore", response_model=Rules)
def restore_version(desk: AtDesk, by: RuleEditor, number: Number) -> dict[str, Any]:
    """Make the content of an earlier version the rules from now on, as a new version."""
    return _changed(desk, by, desk.pool.rulebook.restore(number, by), restored=number)


@router.get("/currencies", response_model=Listing[CurrencyUse], dependencies=[READ, by_version])
def currencies(desk: AtDesk) -> dict[str, Any]:
    """In which currencies come the events that rules weigh by amount, and at which rate?

    Without a rate an event is kept, and brings no heat by such rules.
    """
    return {"items": desk.pool.rulebook.currencies()}


@router.get("/events", response_model=Listing[EventUse], dependencies=[CHANGE, by_version])
def events(desk: AtDesk) -> dict[str, Any]:
    """Which events came, how often, and which rules look at them by name?

    The most frequent first, 500 at most.
    """
    return {"items": desk.pool.rulebook.events()}


@router.post("/test", response_model=Trial)
def test_rules(desk: AtDesk, by: ProfileReader, body: WantedTest) -> dict[str, Any]:
    """How warm would one profile be by other rules, and why?"""
    found = desk.pool.rulebook.test(body.profile, body.given(), body.version)
    desk.audit.record_personal(by, "profile.opened", body.profile, part="rules")
    return found


@router.get("/previews", response_model=Listing[Preview], dependencies=[READ_PROFILES])
def previews(desk: AtDesk) -> dict[str, Any]:
    """Which rules were tried since the start? The latest first."""
    return {"items": desk.pool.rulebook.previews()}


@router.post("/previews", response_model=Preview, status_code=202)
def start_preview(desk: AtDesk, by: RuleEditor, body: WantedPreview) -> dict[str, Any]:
    """Find out what rules would do to the whole pool; answers at once, the work goes on."""
    return desk.pool.rulebook.preview(body.given(), body.version, body.against, by)


@router.get("/previews/{preview_id}", response_model=Preview, dependencies=[READ_PROFILES])
def preview(desk: AtDesk, preview_id: PreviewId) -> dict[str, Any]:
    """How far is this preview, and what did it find?"""
    return desk.pool.rulebook.one_preview(preview_id)


@router.post("/previews/{preview_id}/cancel", response_model=Preview)
def cancel_preview(desk: AtDesk, by: RuleEditor, preview_id: PreviewId) -> dict[str, Any]:
    """Stop this preview; it changed nothing."""
    return desk.pool.rulebook.cancel_preview(preview_id)


@router.post("/previews/{preview_id}/accept", response_model=Rules)
def accept_preview(desk: AtDesk, by: RuleEditor, preview_id: PreviewId) -> dict[str, Any]:
    """Make the rules of this preview those from now on, as a new version."""
    return _changed(desk, by, desk.pool.rulebook.accept(preview_id, by), preview=preview_id)


def _changed(desk: Desk, by: str, version: dict[str, Any], **how: Any) -> dict[str, Any]:
    changed = _flat(version)
    desk.audit.record(by, "rules.changed", str(changed["version"]), **how)
    return changed


def _bare(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in GIVEN_HERE}


def _flat(version: dict[str, Any]) -> dict[str, Any]:
    """A version of the rules as one object, which can be sent back as it is."""
    return {**{name: version[name] for name in GIVEN_HERE if name in version}, **version["body"]}
