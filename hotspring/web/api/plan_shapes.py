"""What the tracking plan looks like in answers."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from hotspring.web.api.shapes import Shape


class PlannedEvent(BaseModel):
    """What is planned for the events of one name."""

    json_schema: dict[str, Any] = Field(
        alias="schema", description="JSON Schema of the properties."
    )
    mode: Literal["strict", "lenient"] = Field(
        default="lenient",
        description="A breach is refused into quarantine, or the event is kept and flagged.",
    )
    note: str = ""


class PlanVersion(Shape):
    """One version of the tracking plan."""

    version: int = Field(description="Rises with every change; 0: no plan was made yet.")
    at: str | None
    by: str
    events: dict[str, PlannedEvent] = Field(default_factory=dict, description="By event name.")
    others: Literal["allow", "lenient", "strict"] = Field(
        default="allow", description="What becomes of track calls whose name is not in the plan."
    )


class PlanChange(BaseModel):
    """What changed for the events of one name."""

    event: str
    change: Literal["added", "removed", "changed"]
    lines: list[str] = Field(description="Path, what stood there, what stands there now.")


class PlanDifference(Shape):
    """What changed from one plan to another."""

    changes: list[PlanChange]
    others: str = Field(description="Empty where it did not change.")


class Breaches(BaseModel):
    """How often the events of one name from one source broke the plan."""

    source: str
    event: str
    mode: Literal["strict", "lenient"]
    events: int
    last: str = Field(description="When the latest was received.")


class TriedEvent(BaseModel):
    """What a plan would mean for the events of one name."""

    event: str
    events: int = Field(description="How many there are.")
    looked_at: int = Field(description="How many of them were looked at.")
    breaking: int = Field(description="How many of those would break the plan.")
    details: list[str] = Field(description="How they would, for the first few.")


class PlanTried(Shape):
    """What a plan would mean for the events that came."""

    events: list[TriedEvent]


class PlanRead(Shape):
    """A plan that is not in force."""

    plan: dict[str, Any] = Field(description="`events` and `others`, as PUT takes it.")


class PlanLearnt(PlanRead, PlanTried):
    """A proposal, and what of the events that came would break it."""
