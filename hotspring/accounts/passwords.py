"""Passwords: how they are kept, how they are compared, and which are too easy to guess."""

from __future__ import annotations

import functools
import importlib.resources
import re
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hotspring.errors import WeakPassword

SHORTEST: Final = 10
LONGEST: Final = 256
"""Hashing what a stranger sends must have an end."""
FEWEST: Final = 5
"""So many different characters at least."""
MEMORY_KIB: Final = 64 << 10
PASSES: Final = 3
LANES: Final = 1
"""argon2id with 64 MiB, 3 passes and 1 lane: above what OWASP asks for (19 MiB, 2 passes), about a
tenth of a second on a small machine."""


class Passwords:
    """Makes and compares hashes of passwords. Slow by intent: call it beside the event loop."""

    def __init__(self, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHasher(passes, memory_kib, LANES)

    def hashed(self, password: str) -> str:
        """The hash to keep: argon2id with a salt of its own and its parameters in it."""
        return self._hasher.hash(_bytes(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Is this the password? Without a hash to compare with it takes as long, and is not."""
        # Made at the first call of either kind, so that not even that one tells.
        nobody = self._nobody
        try:
            right = self._hasher.verify(nobody if kept is None else kept, _bytes(password))
            return right and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        """Was this hash made with other parameters than are used now?"""
        return self._hasher.check_needs_rehash(kept)

    @functools.cached_property
    def _nobody(self) -> str:
        return self.hashed("")


def check(password: str, name: str) -> None:
    """Raise `WeakPassword`, which says what is wrong, where `name` should not take this."""
    told = _plain(password)
    if len(password) < SHORTEST:
        raise WeakPassword("too_short", f"a password has at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPassword("too_long", f"a password has at most {LONGEST} characters")
    if len(set(told)) < FEWEST:
        raise WeakPassword("too_simple", f"a password has at least {FEWEST} different characters")
    same = _letters(told) and _letters(told) == _letters(_plain(name))
    if same or told == _plain(name):
        raise WeakPassword("is_name", "a password must not be the name, nor the name and a number")
    if told in _commonest() or re.sub(r"[\W_]", "", told) in _commonest():
        raise WeakPassword("too_common", "this is one of the commonest passwords; take another one")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _bytes(password: str) -> bytes:
    # The same characters may be typed as different bytes on different keyboards.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@functools.cache
def _commonest() -> frozenset[str]:
    file = importlib.resources.files("hotspring.accounts").joinpath("commonest.txt")
    lines = file.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
