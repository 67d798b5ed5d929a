"""What answers about the pool and its people look like; an answer may carry further members."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")
Band = Literal["hot", "warm", "cool", "cold"]


class Shape(BaseModel):
    """An object with at least these members."""

    model_config = ConfigDict(extra="allow")


class Page(Shape, Generic[Item]):
    """One page of a longer list."""

    items: list[Item]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class Listing(Shape, Generic[Item]):
    """A whole list."""

    items: list[Item]


class Problem(Shape):
    """What went wrong, after RFC 9457."""

    type: str = Field(description="A name of the kind of problem.")
    title: str
    status: int
    detail: str = Field(default="", description="What can be done about it.")


class Status(Shape):
    """How much the pool holds and how far it is."""

    events: int = Field(description="Distinct accepted events that are applied.")
    profiles: int = Field(description="Known profiles: those with a strong identifier.")
    anonymous: int = Field(default=0, description="Profiles without a strong identifier.")
    duplicates: int = Field(description="Repeats that were not stored again.")
    quarantined: int = Field(description="Refused events that wait: neither replayed nor dropped.")
    conflicts: int = Field(
        default=0, description="Those of them that repeat an id with another content."
    )
    refused: int = Field(default=0, description="All that were ever refused.")
    lag_seconds: float = Field(description="Age of the oldest event that is not applied yet.")
    as_of: str = Field(description="The moment of this reading, ISO 8601 in UTC.")


class Bands(BaseModel):
    """Profiles by band."""

    hot: int = Field(description="Above 80 °C.")
    warm: int = Field(description="50 to 80 °C.")
    cool: int = Field(description="0 to below 50 °C.")
    cold: int = Field(description="Below 0 °C.")


class Cold(BaseModel):
    """Cold profiles by their past."""

    never_warm: int = Field(description="Without any heat yet.")
    cooled: int = Field(description="Warmed once, cold now.")


class PoolTemperature(Shape):
    """How warm the pool is: known profiles by band, anonymous ones apart."""

    as_of: str
    total: int = Field(description="Known profiles.")
    bands: Bands
    cold: Cold
    anonymous: int | dict[str, Any] = Field(description="Profiles without a strong identifier.")


class Rules(Shape):
    """One version of the temperature rules."""

    version: int = Field(description="Rises with every change.")
    e_half: float = Field(description="The energy that brings a profile half of the way up.")
    rules: list[dict[str, Any]] = Field(
        description="Each rule: the events it looks at, its conditions, points, half-life, cap."
    )


class ProfileLine(Shape):
    """A profile in a list."""

    id: str = Field(description="Public id: opaque, stable, redirects after a merge.")
    temperature: float = Field(description="In °C, as of `as_of`.")
    band: Band
    as_of: str = Field(default="", description="The moment of this reading.")


class Identifier(Shape):
    """What a profile is known by."""

    kind: str
    value: str


class FoundProfile(ProfileLine):
    """A profile in a list, as much of it as was asked for."""

    known: bool = Field(default=True, description="It has a strong identifier.")
    never_warm: bool = Field(default=False, description="Without any heat yet.")
    identifiers: list[Identifier] | None = Field(default=None, description="With `detail`.")
    traits: dict[str, Any] | None = Field(
        default=None, description="With `detail`, by name: value, type, source and time."
    )


class Profile(ProfileLine):
    """One person: everything tied together by identifiers."""

    next_band: Band | None = Field(description="The band silence alone leads to next.")
    next_band_at: str | None = Field(description="When it gets there if nothing happens.")
    identifiers: list[Identifier]
    traits: dict[str, Any] = Field(description="By name: value, type, source and time.")
    flagged: list[dict[str, Any]] = Field(
        default_factory=list, description="What was said of its identifiers: a machine, or not."
    )


class TimelineEvent(Shape):
    """Something a profile did."""

    name: str
    at: str = Field(description="When it happened, ISO 8601 in UTC.")
    source: str = ""
    machine: bool = Field(default=False, description="Machine traffic: it brings no heat.")
    flagged: Literal["machine", "human"] | None = Field(
        default=None, description="What was decided later than at the door; null for nothing."
    )


class Flag(Shape):
    """Something that was said to be machine traffic, or not to be."""

    id: str
    identifier: str = Field(description="The subject, as `kind:value`.")
    event: dict[str, str] | None = Field(
        description="`source` and `message_id` of one event; null for all events of the subject."
    )
    verdict: Literal["machine", "human"]
    cause: Literal["hand", "detector"]
    reason: str
    evidence: dict[str, Any]
    by: str
    at: str = Field(description="When it was decided, ISO 8601 in UTC.")


class Suspect(Shape):
    """Something that acts like a machine, and is not flagged for it yet."""

    kind: Literal["mail_scanner", "robot"]
    profile: str = Field(description="Public id.")
    identifier: str = Field(description="The subject, as `kind:value`.")
    score: float = Field(description="0 to 1.")
    flaggable: bool = Field(description="Likely enough that it would be flagged by itself.")
    events: list[dict[str, str]] = Field(description="Clicks and opens: source and message_id.")
    evidence: dict[str, Any]
    at: str = Field(description="When, ISO 8601 in UTC.")


class Announced(Shape):
    """A profile went from one band to another, as it was announced then; never taken back."""

    id: str
    profile: str
    kind: str = Field(description="`temperature.risen` or `temperature.fallen`.")
    before: Band
    after: Band
    degrees: float = Field(description="Its temperature at that moment, °C.")
    at: str = Field(description="When, ISO 8601 in UTC.")
    cause: str = Field(description="`events`, `silence`, `rules`, `merge` or `flag`.")


class CurvePoint(BaseModel):
    """One reading."""

    at: str
    temperature: float


class Crossing(BaseModel):
    """A band that is reached, if nothing happens before."""

    at: str
    band: Band


class Curve(Shape):
    """The temperature of a profile over time, restated with today's rules and identities."""

    points: list[dict[str, Any]] = Field(description="`at` and `temperature` in °C.")
    kept_until: str | None = Field(
        default=None,
        description="Events up to then may be past their time: their heat is in the temperature of "
        "the profile and not in these points. Null where all are there.",
    )
    forecast: list[CurvePoint] | None = Field(
        default=None, description="What silence will bring from now on, where `ahead` asks for it."
    )
    crossings: list[Crossing] | None = Field(
        default=None, description="The bands it will pass into, the next first."
    )


class Contribution(Shape):
    """What one rule did to a profile's temperature."""

    rule: str


class Merges(Shape):
    """Which evidence made this profile one, and what was suggested but not done."""

    merges: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]


class SuggestedSide(Shape):
    """One of two profiles that may be one person."""

    profile: str = Field(description="Its public id; empty where it is gone.")
    identifiers: list[str] = Field(description="`KIND:VALUE`, the first of them.")
    count: int = Field(description="How many identifiers it has.")


class SuggestedMerge(Shape):
    """Two profiles that may be one person, and why."""

    id: str
    score: float = Field(description="0 to 1; by probability, that of a match.")
    methods: list[str] = Field(description="`rules`, `probability` or both.")
    status: str = Field(description="`open`, `joined`, `refused`, `apart` or `gone`.")
    evidence: list[dict[str, Any]] = Field(description="What speaks for it and what against.")
    a: SuggestedSide
    b: SuggestedSide


class Search(Shape):
    """One search for people to merge."""

    id: str
    method: str
    state: str = Field(description="`queued`, `running`, `done`, `failed` or `cancelled`.")
    progress: float = Field(description="0 to 1.")
    report: dict[str, Any] = Field(description="What was found, what was left out and why.")


class AcceptedMany(Shape):
    """What accepting by score did, or would do."""

    count: int = Field(description="Open suggestions with at least this score.")
    dry_run: bool = Field(description="Nothing was changed.")
    joined: int | None = Field(default=None, description="How many are one profile now.")


class Decided(Shape):
    """A decision that stands in the journal from now on."""


class Consent(Shape):
    """What stands for one purpose and channel."""

    purpose: str
    channel: str = Field(description="Empty where it holds for every channel.")
    given: bool
