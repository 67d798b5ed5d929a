"""One event as its client wrote it: read just far enough to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.collect.context import EMPTY, Context
from hotspring.collect.scan import END, START
from hotspring.collect.verdict import Unfit

NOTHING: Final = msgspec.Raw(b"")


class Call(msgspec.Struct, rename="camel", gc=False):
    """A call in the words of the Segment specification; anything may stand in its fields."""

    type: Any = None
    event: Any = None
    name: Any = None
    message_id: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    previous_id: Any = None
    group_id: Any = None
    timestamp: Any = None
    original_timestamp: Any = None
    sent_at: Any = None
    properties: msgspec.Raw = NOTHING
    traits: msgspec.Raw = NOTHING
    context: msgspec.Raw = NOTHING


read_call: Final = msgspec.json.Decoder(Call).decode


class Told(Call):
    """A call that another protocol was translated into: what only that protocol can say."""

    claims: tuple[tuple[str, object], ...] = ()
    """Identifiers as (kind, value)."""
    operations: Mapping[str, Any] | None = None
    """Trait operations."""
    surroundings: Context = EMPTY
    """The context, already read."""
    datum: str = ""
    """The datum of its coordinates, where the client tells it."""


class Plain(NamedTuple):
    """A body whose events were found by `scan`."""

    rows: np.ndarray
    """int32[events, WIDTH]"""
    odd: dict[int, Call]
    """The events among them that the scan leaves to others, by their place."""

    def calls(self, body: bytes) -> list[Call | Unfit]:
        """All events, read."""
        return [self.call(body, at) for at in range(len(self.rows))]

    def call(self, body: bytes, at: int) -> Call:
        """The event at this place, read."""
        return self.odd.get(at) or read_call(self.text(body, at))

    def text(self, body: bytes, at: int) -> bytes:
        """How the event at this place was written."""
        return body[self.rows[at, START] : self.rows[at, END]]


class Envelope(msgspec.Struct, frozen=True):
    """One request, decoded: who sends, when by its clock, and which events."""

    calls: list[Call | Unfit]
    """The events in their order; one that could not be read is its verdict."""
    write_key: str = ""
    project: str = ""
    sent_at: object = None
    body: bytes = b""
    """The JSON that was sent, to quote what is refused."""
    path: str = ""
    """Where it came in."""
    agent: str = ""
    """The user agent of the request, where the protocol reads it."""
    plain: Plain | None = None
    """Stands in for `calls` where the body is plain."""
