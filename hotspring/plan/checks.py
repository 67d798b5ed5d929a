"""A plan made ready for the door: one look by name, then a compiled check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jsonschema_rs

from hotspring.plan.plan import Plan
from hotspring.plan.schema import compiled

MOST_TOLD: Final = 5
"""Breaches of one event that are told; the rest are counted."""
LONGEST_PATH: Final = 80
LONGEST_MESSAGE: Final = 120


class Check:
    """What the events of one name must hold."""

    def __init__(
        self, validator: jsonschema_rs.Validator | None, strict: bool, version: int
    ) -> None:
        """Without a `validator` every event of the name is a breach: the plan does not know it."""
        self._validator = validator
        self.strict = strict
        self._version = version

    def holds(self, properties: Mapping[str, Any]) -> bool:
        """Are these properties as planned?"""
        return self._validator is not None and self._validator.is_valid(properties)

    def detail(self, properties: Mapping[str, Any]) -> str:
        """Where and how do these properties break the plan? Values of the event are not told."""
        if self._validator is None:
            return f"plan {self._version}: no event of this name is planned"
        told = [
            f"{_path(error.instance_path)}: {error.message[:LONGEST_MESSAGE]}"
            for error in self._validator.iter_errors(properties)
        ]
        more = f"; {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
        return f"plan {self._version}: {'; '.join(told[:MOST_TOLD])}{more}"


class Checks:
    """The checks of one version of a plan. Raises `PlanError` where a schema cannot be used."""

    def __init__(self, plan: Plan, version: int, fixed: frozenset[str] = frozenset()) -> None:
        """`fixed` are the names that clients do not choose: they need not stand in the plan."""
        self.version = version
        checks = {
            name: Check(compiled(planned.schema), planned.mode == "strict", version)
            for name, planned in plan.events.items()
        }
        self.of: Callable[[str], Check | None] = checks.get
        """Which check is there for events of this name?"""
        if plan.others != "allow":
            unplanned = Check(None, plan.others == "strict", version)
            known = {**dict.fromkeys(fixed), **checks}
            self.of = lambda name: known.get(name, unplanned)


def _path(steps: list[str | int]) -> str:
    return "/" + "/".join(map(str, steps))[:LONGEST_PATH]
