"""Where a protocol keeps what people mend: the name, the time, the properties, the identifiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

Body = dict[str, Any]
"""One event as its client wrote it, decoded."""


class Words(msgspec.Struct, frozen=True):
    """The members of one event's JSON object by their meaning."""

    path: str
    """Where an event that says everything itself may come in."""
    event: str
    time: str
    sent: str
    """When the client sent it, by its own clock; empty where nothing is corrected by it."""
    type: str
    identify: Callable[[Body, str, str], None]
    """Put an identifier (kind, value) into the event, in the place of others of its kind."""
    properties: str = "properties"


def replaced(listed: Any, kind: str, value: str) -> list[dict[str, str]]:
    """Which list of `type` and `id` names this identifier and no other of its kind?"""
    others = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if not (isinstance(one, dict) and one.get("type") == kind)
    ]
    return [*others, {"type": kind, "id": value}]
