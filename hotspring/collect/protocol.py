"""What a client protocol is: the paths it serves and how it reads a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from hotspring.collect.call import Envelope
from hotspring.collect.words import Words

PACKAGE: Final = "hotspring.collect.protocols"


class Protocol(msgspec.Struct, frozen=True):
    """A client protocol: one module below `protocols` defines one."""

    paths: frozenset[str]
    """Without trailing slashes; each is served with and without."""
    decode: Callable[[str, bytes, Mapping[str, str], bytes, int], Envelope]
    """Path without its trailing slash, query as sent, headers by lower-case name, body, and the
    most bytes it may hold unpacked. Pure; raises `Unreadable`."""
    words: Words
    """Where an event keeps what people mend."""
    methods: frozenset[str] = frozenset({"POST"})
    never_refuse: bool = False
    """Its clients raise an error in their program on anything but 200."""
