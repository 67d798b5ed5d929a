"""A plan proposed from what came: types, what is always there, few values, sizes of numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from hotspring.plan.plan import LARGEST, Plan, Planned
from hotspring.plan.schema import LARGEST as LARGEST_SCHEMA

RARE: Final = 0.01
"""A type that fewer of the values have counts as a mistake."""
ALWAYS: Final = 0.99
"""A property that this share of the events has is proposed as required."""
ENOUGH: Final = 50
"""Values seen before few different ones count as all there are, or whole numbers as a rule."""
MOST_VALUES: Final = 12
LEAST_TIMES: Final = 5
"""A value that came less often is in no proposal: it may belong to one person."""
LONGEST_VALUE: Final = 64
HEADROOM: Final = 10
"""A number may be so many times larger than the largest that came."""
MOST_NAMES: Final = 200
"""Different properties of one object that are looked at."""
DEEPEST: Final = 4
NUMBERS: Final = frozenset({"integer", "number"})
TYPES: Final = {
    str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object",
    type(None): "null",
}  # fmt: skip


class Shape:
    """What the values at one place look like, as far as they came."""

    def __init__(self, depth: int = 0) -> None:
        self.count = 0
        self._depth = depth
        self._types: Counter[str] = Counter()
        self._values: Counter[str] = Counter()
        self._many = False
        self._low, self._high = math.inf, -math.inf
        self._members: dict[str, Shape] = {}
        self._items: Shape | None = None

    def see(self, value: Any) -> None:
        """Count one more value."""
        self.count += 1
        self._types[TYPES[type(value)]] += 1
        if isinstance(value, str):
            self._see_text(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._low, self._high = min(self._low, value), max(self._high, value)
        elif self._depth < DEEPEST and isinstance(value, dict):
            for name, member in value.items():
                if name in self._members or len(self._members) < MOST_NAMES:
                    self._members.setdefault(name, Shape(self._depth + 1)).see(member)
        elif self._depth < DEEPEST and isinstance(value, list):
            self._items = self._items or Shape(self._depth + 1)
            for item in value:
                self._items.see(item)

    def _see_text(self, value: str) -> None:
        if self._many or len(value) > LONGEST_VALUE:
            self._many = True
            return
        self._values[value] += 1
        # One that came late may be the thirteenth of few, or the first of many.
        self._many = len(self._values) > 4 * MOST_VALUES

    def schema(self) -> dict[str, Any]:
        """Which schema do they suggest?"""
        types = self._common()
        if not types:
            return {}
        found: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
        if "string" in types and (values := self._few()):
            if types == ["string"]:
                return {"enum": values}
            if types == ["null", "string"]:
                return {"enum": [*values, None]}
        if not NUMBERS.isdisjoint(types):
            found |= self._range()
        if "array" in types and self._items is not None and (items := self._items.schema()):
            found["items"] = items
        if "object" in types and self._members:
            found |= self._object(self._types["object"])
        return found

    def _common(self) -> list[str]:
        least = self.count * RARE
        types = {name for name, count in self._types.items() if count >= least}
        few = "integer" in types and self._types["integer"] < ENOUGH
        if ("number" in self._types or few) and not NUMBERS.isdisjoint(types):
            # What is written without a fraction is a number too.
            types = (types - NUMBERS) | {"number"}
        return sorted(types)

    def _few(self) -> list[str]:
        total = self._types["string"]
        often = sorted(value for value, count in self._values.items() if count >= LEAST_TIMES)
        seen = sum(self._values[value] for value in often)
        fits = 0 < len(often) <= MOST_VALUES and seen >= total * (1 - RARE)
        return often if fits and total >= ENOUGH and not self._many else []

    def _range(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._low >= 0:
            found["minimum"] = 0
        high = _rounded_up(self._high * HEADROOM)
        if self._types.total() >= ENOUGH and math.isfinite(high):
            found["maximum"] = high
        return found

    def _object(self, total: int) -> dict[str, Any]:
        least = total * RARE
        members = {
            name: shape.schema()
            for name, shape in sorted(self._members.items())
            if shape.count >= least
        }
        found: dict[str, Any] = {"properties": members}
        required = [n for n in members if self._members[n].count >= total * ALWAYS]
        if required:
            found["required"] = required
        return found


def learnt(events: Iterable[tuple[str, Mapping[str, Any]]], counts: Mapping[str, int]) -> Plan:
    """Which plan do these (name, properties) propose? Lenient, for people to look through.

    `counts` are the events there are by name. No value stands in it that came fewer than five
    times, and no number as it was.
    """
    shapes: dict[str, Shape] = {}
    for name, properties in events:
        shapes.setdefault(name, Shape()).see(dict(properties))
    planned: dict[str, Planned] = {}
    size = 0
    for name, shape in sorted(shapes.items(), key=lambda item: -counts.get(item[0], 0)):
        schema = shape.schema()
        note = f"Learnt from {shape.count} of {counts.get(name, shape.count)} events."
        size += len(str(schema))
        if len(str(schema)) > LARGEST_SCHEMA // 4 or size > LARGEST // 4:
            schema = {"type": "object"}
        planned[name] = Planned(schema, "lenient", note)
    return Plan(planned)


def _rounded_up(value: float) -> float:
    """The next number of one digit and noughts; infinite where there is none or none above 0."""
    try:
        step = 10.0 ** math.floor(math.log10(value))
        rounded = math.ceil(value / step) * step
    except (OverflowError, ValueError):
        return math.inf
    return int(rounded) if 1 <= rounded < 2**53 else rounded
