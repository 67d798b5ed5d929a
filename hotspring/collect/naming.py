"""Names and ids of events: those the protocol fixes, and those a client makes up."""

from __future__ import annotations

from typing import Final

from hotspring.collect.identifiers import REPLACEMENT
from hotspring.collect.verdict import Reason, Unfit

LONGEST: Final = 256
FIXED: Final = {
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "identify": "Identified",
    "group": "Grouped",
    "alias": "Aliased",
    "bind": "Identifier Bound",
    "unbind": "Identifier Unbound",
}
"""The event name of each type of call but track, which brings its own."""


def event_name(value: object) -> str:
    """What is the name of a track call? Raises `Unfit` where it has none that can be used."""
    if value is None:
        raise Unfit(Reason.MISSING_EVENT_NAME)
    if not isinstance(value, str) or len(value) > 2 * LONGEST:
        raise Unfit(Reason.BAD_EVENT_NAME)
    name = value.strip()
    if not name:
        raise Unfit(Reason.MISSING_EVENT_NAME)
    if len(name) > LONGEST or any(ord(c) < 32 or ord(c) == 127 for c in name):
        raise Unfit(Reason.BAD_EVENT_NAME)
    return name


def fixed(kind: object) -> str:
    """What is the name of a call of this type? Raises `Unfit` where there is no such type."""
    if kind is None or kind == "":
        raise Unfit(Reason.MISSING_TYPE)
    name = FIXED.get(kind) if isinstance(kind, str) else None
    if name is None:
        raise Unfit(Reason.UNKNOWN_TYPE)
    return name


def message_id(value: object) -> str:
    """Which id did the client give? Empty where it gave none; raises `Unfit`."""
    if type(value) is str:
        if len(value) <= LONGEST and value.isprintable() and REPLACEMENT not in value:
            return value
    elif value is None:
        return ""
    elif isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 512:
        return str(value)
    raise Unfit(Reason.BAD_MESSAGE_ID)
