"""A number of every profile: what a behaviour comes to, a trait, the temperature or a score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from hotspring.errors import RuleFault, RuleRefused

KINDS: Final[dict[str, dict[str, Any]]] = {
    "behaviour": {"op": "ge", "value": 1},
    "trait": {"op": "between", "value": [0, 1]},
    "temperature": {"op": "ge", "value": 0},
    "score": {"op": "ge", "value": 0},
}
"""What may be measured; and what makes a question of it, which leaves of rules always are."""
FADING: Final = ("count", "sum")
LONGEST_DAYS: Final = 36_500.0
DAY_MS: Final = 86_400_000
Read = Callable[[Any], Any]
"""A rule from plain values. Raises `RuleRefused`."""


class Measure(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is measured: a leaf of a rule without a comparison."""

    of: dict[str, Any]
    """An object with one key of `KINDS`, as `{"behaviour": {"event": "Visited"}}`."""
    half_life: float | None = None
    """Days after which an event counts half, of a count or a sum."""

    @property
    def leaf(self) -> dict[str, Any]:
        """The same as a leaf with a comparison, as rules are written."""
        ((kind, body),) = self.of.items()
        return {kind: {**body, **KINDS[kind]}}

    @property
    def half_life_ms(self) -> int | None:
        return None if self.half_life is None else round(self.half_life * DAY_MS)


def measured(measure: Measure, read: Read, place: str) -> Any:
    """The leaf of a measure, checked. Raises `RuleRefused` with places that begin with `place`."""
    of, days = measure.of, measure.half_life
    if len(of) != 1 or next(iter(of)) not in KINDS:
        fault = (place, "shape", f"write an object with one key: {', '.join(KINDS)}")
        raise RuleRefused([RuleFault(*fault)])
    ((kind, body),) = of.items()
    if not isinstance(body, dict):
        raise RuleRefused([RuleFault(f"{place}/{kind}", "shape", "write an object")])
    if compared := {"op", "value"}.intersection(body):
        where = f"{place}/{kind}/{min(compared)}"
        raise RuleRefused([RuleFault(where, "unknown_field", "it is measured, not compared")])
    if days is not None and (kind != "behaviour" or body.get("measure", "count") not in FADING):
        raise RuleRefused([RuleFault(place, "wrong_type", "only a count or a sum fades")])
    if days is not None and not 0 < days <= LONGEST_DAYS:
        raise RuleRefused([RuleFault(place, "wrong_value", "a half-life has 0 to 36500 days")])
    try:
        return placed(lambda: read(measure.leaf), place)
    except RuleRefused as refused:
        faults = [_unmeasured(one, f"{place}/{kind}") for one in refused.faults]
        raise RuleRefused(faults) from refused


def _unmeasured(fault: RuleFault, place: str) -> RuleFault:
    """A fault of the comparison, which nobody wrote, says that there is no number."""
    if fault.place != f"{place}/op":
        return fault
    return RuleFault(place, "wrong_type", "only what is a number can be measured")


def placed(read: Callable[[], Any], place: str) -> Any:
    """What this gives; faults of it are told with places that begin with `place`."""
    try:
        return read()
    except RuleRefused as refused:
        faults = [RuleFault(place + ("" if one.place == "/" else one.place), one.code, one.message)
                  for one in refused.faults]  # fmt: skip
        raise RuleRefused(faults) from refused
