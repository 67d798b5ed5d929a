"""What changed from one plan to another, in lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from hotspring.plan.plan import Plan

MISSING: Final = object()
MOST_LINES: Final = 200
"""Changed lines told of one event."""


class Change(msgspec.Struct, frozen=True):
    """What changed for the events of one name."""

    event: str
    change: str
    """`added`, `removed` or `changed`."""
    lines: list[str] = []
    """Of a changed one: a path, what stood there and what stands there now."""


class Difference(msgspec.Struct, frozen=True):
    """What changed from one plan to another."""

    changes: list[Change]
    others: str = ""
    """What becomes of events the plan does not name, where that changed: `allow -> strict`."""


def difference(before: Plan, after: Plan) -> Difference:
    """What changed from one plan to another? Events in the order of their names."""
    changes = []
    for name in sorted(before.events.keys() | after.events.keys()):
        old, new = before.events.get(name), after.events.get(name)
        if old is None or new is None:
            changes.append(Change(name, "added" if old is None else "removed"))
        elif _text(old) != _text(new):
            lines = list(_lines("", msgspec.to_builtins(old), msgspec.to_builtins(new)))
            changes.append(Change(name, "changed", lines[:MOST_LINES]))
    others = "" if before.others == after.others else f"{before.others} -> {after.others}"
    return Difference(changes, others)


def _lines(path: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys()):
            yield from _lines(f"{path}/{name}", old.get(name, MISSING), new.get(name, MISSING))
    elif old is MISSING:
        yield f"+ {path}: {_text(new)}"
    elif new is MISSING:
        yield f"- {path}: {_text(old)}"
    elif type(old) is not type(new) or old != new:
        yield f"~ {path}: {_text(old)} -> {_text(new)}"


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
