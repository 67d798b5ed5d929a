"""What all events of one request have in common."""

from __future__ import annotations

import msgspec


class SourceFacts(msgspec.Struct, frozen=True):
    """What the pool knows about the sender of a request."""

    name: str
    public: bool = False
    """Its key is readable by anyone, as in a web page."""
    datum: str = "wgs84"
    """The datum of the coordinates it sends."""


class Sitting(msgspec.Struct, frozen=True):
    """What all events of one request have in common."""

    received_ms: int
    latest_ms: int
    """Times after this one are refused."""
    shift_ms: int = 0
    """By how much the client's clock is behind."""
    flags: int = 0
    address: str = ""
    datum: str = "wgs84"
    source: str = ""
