"""Customers: what the orders of each come to in a window, and how a rule asks for the same."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

DAY_MS: Final = 86_400_000

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Customers(NamedTuple):
    """Whoever ordered in a window, a row for each."""

    profile: npt.NDArray[np.int32]
    last: Ints
    """When the last order was, ms since 1970 UTC."""
    orders: Ints
    """How many there were, at least one."""
    amount: Floats
    """What they came to, less refunds."""

    def age(self, at: int) -> Ints:
        """Days since the last order, where a day that has begun counts whole."""
        return -((self.last - at) // DAY_MS)


class Terms(msgspec.Struct, frozen=True):
    """What counts as an order, and when."""

    orders: tuple[str, ...]
    """Names of events."""
    refunds: tuple[str, ...]
    """Names of events whose money is taken off."""
    field: str
    """`amount`, the money of the event, or the number at `properties.PATH`."""
    currency: str
    """In which `amount` is read."""
    at: int
    """The moment of the reading, ms since 1970 UTC."""
    days: int | None
    """How long before it the window begins; None for ever."""
    now: bool
    """Is the moment this one? Rules then go on with time, and what happens at it counts."""

    @property
    def start(self) -> int:
        """From when on events count."""
        return -(2**62) if self.days is None else self.at - self.days * DAY_MS

    @property
    def end(self) -> int:
        """Before when."""
        return self.at + 1 if self.now else self.at

    def before(self, at: int) -> Terms:
        """The same as of an earlier moment."""
        return msgspec.structs.replace(self, at=at, now=False)

    def ago(self, days: int) -> dict[str, Any]:
        """The moment so many days before the reading, as rules write it."""
        if self.now:
            return {"ago": days, "unit": "day"}
        return {"at": _iso(self.at - days * DAY_MS)}

    def window(self) -> dict[str, Any]:
        """The window as rules write it."""
        found = {} if self.days is None else {"from": self.ago(self.days)}
        return found if self.now else {**found, "to": {"at": _iso(self.at)}}

    def ordered(self, **asked: Any) -> dict[str, Any]:
        """A leaf of a rule about the orders of the window."""
        return {"behaviour": {**_step(self.orders), "window": self.window(), **asked}}

    def spent(self, op: str, amount: float) -> dict[str, Any]:
        """A leaf of a rule about what they came to."""
        asked: dict[str, Any] = {"measure": "sum", "field": self.field, "op": op, "value": amount}
        if self.field == "amount":
            asked["currency"] = self.currency
        if self.refunds:
            asked["less"] = _step(self.refunds)
        return self.ordered(**asked)

    def latest(self, since: int | None, until: int | None) -> dict[str, Any]:
        """A leaf of a rule: the last order was at most `since` days ago, more than `until`."""
        asked = {"from": since, "to": until}
        value = {name: self.ago(days) for name, days in asked.items() if days is not None}
        return self.ordered(measure="last", op="during", value=value)


def _step(names: tuple[str, ...]) -> dict[str, Any]:
    if len(names) == 1:
        return {"event": names[0]}
    return {"event": None, "where": [{"field": "name", "op": "in", "value": list(names)}]}


def _iso(ms: int) -> str:
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
