"""What a tracking plan is, as people write it, and the table of its versions."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

import msgspec

from hotspring.errors import PlanError
from hotspring.plan.schema import compiled
from hotspring.store import Table

MOST_EVENTS: Final = 2_000
LARGEST: Final = 1 << 20
"""Bytes of a whole plan as JSON."""
LONGEST_NAME: Final = 256
LONGEST_NOTE: Final = 2_000

Mode = Literal["strict", "lenient"]
"""What becomes of an event that breaks its schema: refused into quarantine, or kept with a flag."""
Others = Literal["allow", "lenient", "strict"]
"""What becomes of a track call whose name is not in the plan."""

PLAN_VERSIONS: Final = Table.versions("plan_versions", "hotspring.plan")
"""Every plan that was ever put in force, as JSON, numbered from 1."""


class Planned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is planned for the events of one name."""

    schema: dict[str, Any]
    """JSON Schema of the properties."""
    mode: Mode = "lenient"
    note: str = ""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tracking plan: by event name, which properties there are."""

    events: dict[str, Planned] = {}
    others: Others = "allow"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Which plan is written here? Raises `PlanError` that names the event and what is wrong."""
        if len(text) > LARGEST:
            raise PlanError(f"the plan is larger than {LARGEST >> 20} MB")
        try:
            plan = msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, RecursionError) as error:
            raise PlanError(f"the plan cannot be read: {error}") from error
        if len(plan.events) > MOST_EVENTS:
            raise PlanError(f"a plan names at most {MOST_EVENTS} events")
        for name, planned in plan.events.items():
            if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME:
                raise PlanError(
                    f"{name[:64]!r} is no event name: 1 to {LONGEST_NAME} characters, "
                    "without blanks around it"
                )
            if len(planned.note) > LONGEST_NOTE:
                raise PlanError(f"{name}: a note has at most {LONGEST_NOTE} characters")
            try:
                compiled(planned.schema)
            except PlanError as error:
                raise PlanError(f"{name}: {error}") from error
        return plan

    def to_json(self) -> str:
        """The plan as JSON that `from_json` reads."""
        return msgspec.json.encode(self).decode()
