"""By which pace an open pool tells the stages of the life cycle: each change is a decision."""

from __future__ import annotations

import threading
from typing import Any, Final, Literal

import msgspec

from hotspring.analytics import Pace
from hotspring.errors import BadRequest
from hotspring.pool.decisions import Decisions
from hotspring.pool.moments import iso
from hotspring.pool.rulebook import Decide
from hotspring.store import Store

KIND: Final = "pace"
"""The command that says so; it says all of it."""
MOST_DAYS: Final = 36_500
SHOWN: Final = 20
"""Versions that are told, the newest ones."""


class Said(msgspec.Struct, frozen=True):
    """The body of a `pace` command."""

    by: Literal["orders", "visits"] = "orders"
    """What it is to be active: to order, or to do anything."""
    pace: Pace = Pace()
    orders: tuple[str, ...] = ()
    """Events that are orders; those of the rules of temperature where none are named."""


class Version(msgspec.Struct, frozen=True):
    """What was decided, when, and by whom."""

    said: Said
    seq: int = 0
    """Journal position; 0 before anything was decided."""
    at_ms: int | None = None
    by: str = ""


USUAL: Final = Version(Said())
"""What holds until somebody decides."""


class Paces:
    """Keeps the pace of a pool. From any thread."""

    def __init__(self, store: Store, decide: Decide) -> None:
        self._decisions = Decisions(store, [KIND])
        self._decide = decide
        self._lock = threading.RLock()
        self._versions = [USUAL]

    def versions(self) -> list[Version]:
        """Everything that ever held, the usual one first; the last holds."""
        with self._lock:
            for row in self._decisions.new():
                said = msgspec.json.decode(row["body"], type=Said)
                self._versions.append(Version(said, row["seq"], row["at_ms"], row["by"]))
            return list(self._versions)

    def now(self) -> Said:
        """What holds."""
        return self.versions()[-1].said

    def keep(self, said: Said, by: str) -> None:
        """Decide. Raises `BadRequest` where the stages could not be told apart."""
        check(said.pace)
        with self._lock:
            if said != self.now():
                self._decide(KIND, msgspec.json.encode(said).decode(), by)

    def undo(self, by: str) -> None:
        """Decide again what held before the last decision."""
        with self._lock:
            versions = self.versions()
            if len(versions) < 2:
                raise BadRequest("nothing was decided yet, so nothing can be taken back")
            self._decide(KIND, msgspec.json.encode(versions[-2].said).decode(), by)

    def told(self) -> dict[str, Any]:
        """What holds, which version it is, and which there were, the newest first."""
        versions = self.versions()
        listed = list(enumerate(versions))[::-1]
        return {**_told(*listed[0]), "versions": [_told(*one) for one in listed[:SHOWN]]}


def check(pace: Pace) -> None:
    """Raises `BadRequest` where stages could not be told apart by this pace."""
    for name, number in msgspec.structs.asdict(pace).items():
        if not 1 <= number <= MOST_DAYS:
            raise BadRequest(f"{name} takes 1 to {MOST_DAYS}")
    if pace.sleeping >= pace.lost:
        raise BadRequest("sleeping must come before lost")


def _told(number: int, version: Version) -> dict[str, Any]:
    return {
        "version": number,
        "by": version.said.by,
        "pace": msgspec.to_builtins(version.said.pace),
        "orders": list(version.said.orders),
        "decided_at": iso(version.at_ms),
        "decided_by": version.by or None,
    }
