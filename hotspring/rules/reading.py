"""From JSON to a rule, or to everything that is wrong with it, each with its place."""

from __future__ import annotations

import functools
import types
import typing
from typing import Any, Final

import msgspec

from hotspring.errors import RuleFault, RuleRefused
from hotspring.rules.catalogue import Catalogue
from hotspring.rules.checks import Checks
from hotspring.rules.nested import size
from hotspring.rules.tree import LEAVES, And, Leaf, Not, Or, Part, Rule, Value, Window

DEEPEST: Final = 12
"""Levels of a rule, its leaves included."""
MOST: Final = 200
"""Leaves of a rule."""
MOST_WHOLE: Final = 1_000
"""Leaves of a rule together with those of the segments that it names."""
MOST_FAULTS: Final = 50
"""So many are told at once."""


def read(given: Any, catalogue: Catalogue | None, own: str = "") -> Rule:
    """The rule that these plain values of JSON say, checked against what there is.

    Without a catalogue only its form is looked at, for what was checked when it was kept.
    `own` is the id of the thing that it is to be a rule of: it must not lead back to it.
    Raises `RuleRefused`, which holds every fault with its place as a JSON pointer.
    """
    reader = _Reader(None if catalogue is None else Checks(catalogue, own))
    rule = reader.node(given, "", 1)
    if reader.faults or rule is None:
        raise RuleRefused(reader.faults)
    if catalogue is not None and size(rule, catalogue.things) > MOST_WHOLE:
        said = f"with those of the segments that it names, it has more than {MOST_WHOLE} leaves"
        raise RuleRefused([RuleFault("/", "too_large", said)])
    return rule


@functools.cache
def _fields(kind: type[Part]) -> dict[str, Any]:
    """The fields of a struct by the names they have in JSON."""
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


class _Enough(Exception):
    pass


class _Reader:
    def __init__(self, checks: Checks | None) -> None:
        self.faults: list[RuleFault] = []
        self._checks = checks
        self._leaves = 0

    def node(self, given: Any, at: str, depth: int) -> Rule | None:
        try:
            return self._node(given, at, depth)
        except _Enough:
            if depth > 1:
                raise
            return None

    def _node(self, given: Any, at: str, depth: int) -> Rule | None:
        if depth > DEEPEST:
            self._fault(at, "too_deep", f"a rule has at most {DEEPEST} levels")
            return None
        if not isinstance(given, dict) or len(given) != 1:
            self._fault(at, "shape", f"write an object with one key: {', '.join(_KEYS)}")
            return None
        ((key, value),) = given.items()
        place = f"{at}/{_escaped(key)}"
        if key == "not":
            inner = self.node(value, place, depth + 1)
            return None if inner is None else Not(of=inner)
        if key in ("and", "or"):
            return self._group(And if key == "and" else Or, value, place, depth)
        if key not in LEAVES:
            self._fault(at, "unknown_leaf", f"{key!r} is not one of {', '.join(_KEYS)}")
            return None
        return self._leaf(LEAVES[key], value, place)

    def _group(self, kind: type[And | Or], given: Any, at: str, depth: int) -> Rule | None:
        if not isinstance(given, list) or not given:
            self._fault(at, "shape", "write a list of at least one rule")
            return None
        parts = [self.node(one, f"{at}/{i}", depth + 1) for i, one in enumerate(given)]
        found = tuple(part for part in parts if part is not None)
        return kind(of=found) if len(found) == len(given) else None

    def _leaf(self, kind: type[Leaf], given: Any, at: str) -> Rule | None:
        self._leaves += 1
        if self._leaves > MOST:
            self._fault("", "too_large", f"a rule has at most {MOST} leaves")
            raise _Enough
        leaf: Any = self._part(kind, given, at)
        if leaf is not None and self._checks is not None:
            for where, code, message in self._checks.leaf(leaf):
                self._fault(at + where, code, message)
        return leaf  # type: ignore[no-any-return]

    def _part(self, kind: type[Part], given: Any, at: str) -> Part | None:
        """A struct, field by field, so that all that is wrong with it is told."""
        if not isinstance(given, dict):
            self._fault(at, "shape", "write an object")
            return None
        known = _fields(kind)
        before = len(self.faults)
        for name in given:
            if name not in known:
                said = f"{name!r} is not one of {', '.join(known)}"
                self._fault(f"{at}/{_escaped(name)}", "unknown_field", said)
        values = {}
        for name, field in known.items():
            if name in given:
                values[field.name] = self._value(field.type, given[name], f"{at}/{name}")
            elif field.required:
                self._fault(f"{at}/{name}", "missing", f"{name!r} is missing")
        return None if len(self.faults) > before else kind(**values)

    def _value(self, kind: Any, given: Any, at: str) -> Any:
        inner = _struct_in(kind)
        if inner is not None and isinstance(given, dict):
            return self._part(inner, given, at)
        several = _structs_in(kind)
        if several is not None and isinstance(given, list):
            return tuple(self._part(several, one, f"{at}/{i}") for i, one in enumerate(given))
        try:
            return msgspec.convert(given, _PLAIN if kind == Value else kind)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$")
            self._fault(at + _pointer(path), "wrong_type", _lower(message))
            return None

    def _fault(self, place: str, code: str, message: str) -> None:
        self.faults.append(RuleFault(place or "/", code, message))
        if len(self.faults) >= MOST_FAULTS:
            raise _Enough


_KEYS: Final = ("and", "or", "not", *LEAVES)
_PLAIN: Final = bool | int | float | str | tuple[bool | int | float | str, ...] | None
"""Values of questions, but windows."""


def _struct_in(kind: Any) -> type[Part] | None:
    """The struct that a type is, or may be."""
    if kind == Value:
        return Window
    options = typing.get_args(kind) if _is_union(kind) else (kind,)
    return next((one for one in options if isinstance(one, type) and issubclass(one, Part)), None)


def _structs_in(kind: Any) -> type[Part] | None:
    """The struct of which a type is a tuple."""
    if typing.get_origin(kind) is not tuple:
        return None
    return _struct_in(typing.get_args(kind)[0])


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _pointer(path: str) -> str:
    return path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")


def _escaped(key: Any) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
