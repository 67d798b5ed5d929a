"""What goes into the journal and what comes out."""

from __future__ import annotations

from typing import Final

import msgspec

DAMAGED: Final = 0
"""An entry whose bytes no longer match their checksum; its body says which."""
DELIVERY: Final = 1
COMMAND: Final = 2


class Record(msgspec.Struct, frozen=True, gc=False):
    """Something to be kept: its kind, when it came, how many events it holds and its bytes."""

    kind: int
    at_ms: int
    body: bytes
    events: int = 0


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A record as it stands in the journal, under its number."""

    seq: int
    kind: int
    at_ms: int
    body: bytes
    events: int = 0
