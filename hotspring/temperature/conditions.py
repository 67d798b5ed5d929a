"""What a rule may ask of an event: typed questions about the event's own fields, never code."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.errors import RulesError

Scalar = str | int | float | bool
Op = Literal["eq", "ne", "in", "not_in", "gt", "ge", "lt", "le", "exists", "contains"]

COLUMNS: Final = ("name", "channel", "device", "source")
PROPERTIES: Final = "properties."
MISSING: Final = object()

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question about one field of an event: `name`, `channel`, `device`, `source` or
    `properties.PATH` (dots lead into nested objects).

    Kinds are never mixed: the text "5" is not the number 5, and true is not 1. A field that is
    missing or null satisfies only `ne`, `not_in` and `exists: false`. `contains` asks whether a
    text holds a text, or a list an element; `gt`, `ge`, `lt`, `le` compare numbers.
    """

    field: str
    op: Op
    value: Scalar | list[Scalar] = True

    def check(self, rule: str) -> None:
        """Is the question well put? Raises `RulesError` that names the rule and what to change."""
        if self.field not in COLUMNS and not path_of(self.field):
            raise RulesError(
                f"rule {rule}: a condition cannot read {self.field!r}; "
                f"write one of {', '.join(COLUMNS)} or properties.NAME"
            )
        if isinstance(self.value, list) != (self.op in ("in", "not_in")):
            raise RulesError(
                f"rule {rule}: {self.field} {self.op} needs "
                + ("one value" if isinstance(self.value, list) else "a list of values")
            )
        if self.op in _ORDER and _kind(self.value) is not float:
            raise RulesError(f"rule {rule}: {self.field} {self.op} needs a number as its value")
        if self.op == "exists" and not isinstance(self.value, bool):
            raise RulesError(f"rule {rule}: {self.field} exists needs true or false as its value")

    def holds(self, found: Any) -> bool:
        """Does the answer `found` (`MISSING` or None where there is none) satisfy the question?"""
        here = found is not MISSING and found is not None
        match self.op:
            case "exists":
                return here == self.value
            case "eq" | "in":
                return here and any(_same(found, value) for value in self._values())
            case "ne" | "not_in":
                return not here or not any(_same(found, value) for value in self._values())
            case "contains" if isinstance(found, str):
                return isinstance(self.value, str) and self.value in found
            case "contains" if isinstance(found, list):
                return any(_same(item, self.value) for item in found)
            case "contains":
                return False
        return here and _kind(found) is float and _ORDER[self.op](found, self.value)

    def _values(self) -> list[Scalar]:
        return self.value if isinstance(self.value, list) else [self.value]


class Answers:
    """The fields of a batch as conditions read them; properties are decoded only where asked."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._decoded: dict[int, Any] = {}

    def hold(self, condition: Condition, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """In which of the rows does a condition hold?"""
        if condition.field in COLUMNS:
            column = self._batch.column(condition.field).take(pa.array(rows))
            words = pc.dictionary_encode(column)
            verdicts = np.array([condition.holds(w) for w in words.dictionary.to_pylist()], bool)
            return verdicts[words.indices.to_numpy()] if len(rows) else np.empty(0, bool)
        path = path_of(condition.field)
        found = (condition.holds(_follow(self._properties(int(row)), path)) for row in rows)
        return np.fromiter(found, bool, len(rows))

    def numbers(self, field: str, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
        """Which number stands at `properties.PATH` in each row? Not a number where none does."""
        path = path_of(field)
        found = (_follow(self._properties(int(row)), path) for row in rows)
        numbers = (value if _kind(value) is float else np.nan for value in found)
        return np.fromiter(numbers, np.float64, len(rows))

    def _properties(self, row: int) -> Any:
        if row not in self._decoded:
            text = self._batch.column("properties")[row].as_py()
            try:
                self._decoded[row] = msgspec.json.decode(text)
            except msgspec.DecodeError:
                # A text that is no JSON answers no question; the event keeps its other rules.
                self._decoded[row] = {}
        return self._decoded[row]


def path_of(field: str) -> list[str]:
    """Which steps lead to `properties.PATH`? None where that is not what is written."""
    path = field.removeprefix(PROPERTIES).split(".")
    return path if field.startswith(PROPERTIES) and all(path) else []


def _follow(value: Any, path: list[str]) -> Any:
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return MISSING
        value = value[step]
    return value


def _kind(value: Any) -> type:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float
    return type(value)


def _same(a: Any, b: Any) -> bool:
    return _kind(a) is _kind(b) and bool(a == b)
