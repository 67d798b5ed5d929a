"""Passers-by: whoever did not agree to be known is counted, for one day, and never followed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Final

from hotspring.collect.verdict import Reason, Unfit

KIND: Final = "passer_by"
"""No setting declares it: what a client sends as an identifier never becomes one of these."""
TOLD: Final = frozenset({"track", "page", "screen"})
"""Calls that say what happened. All others say who somebody is."""
REFUSED: Final = "who passes by without consent has no account, traits or decisions"
UNKNOWN: Final = "who passes by is counted by the address of the request, which is not known here"

Salt = Callable[[], bytes]
"""The secret of the day, 32 bytes."""


def own_salt() -> Salt:
    """A salt that ends with this process."""
    salt = secrets.token_bytes(32)
    return lambda: salt


def passer(salt: Salt, kind: str, address: str, agent: str, source: str) -> str:
    """Under which identifier is a passer-by counted today? Raises `Unfit`.

    128 bits of BLAKE2b over address, user agent and source, keyed by the salt of the day: the same
    visitor is the same until midnight, and nobody afterwards, as the salt is gone by then.
    """
    if kind not in TOLD:
        raise Unfit(Reason.NO_IDENTIFIER, REFUSED)
    if not address:
        raise Unfit(Reason.NO_IDENTIFIER, UNKNOWN)
    told = "\0".join((source, address, agent)).encode("utf-8", "replace")
    return f"{KIND}:{hashlib.blake2b(told, digest_size=16, key=salt()).hexdigest()}"
