"""What an erasure leaves behind: keyed fingerprints by which a person stays out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

COMMANDS: Final = ("erase", "readmit", "erased")


class Buried(msgspec.Struct, frozen=True):
    """The body of an `erase`, `readmit` or `erased` command: no identifier, only fingerprints."""

    id: str
    tombstones: tuple[str, ...] = ()
    """Keyed fingerprints of identifiers, 16 hexadecimal digits each."""
    profile: tuple[str, ...] = ()
    """Of an `erase`: those of all the profile's identifiers, with those that stay with others."""
    exact: bool = True
    """Void where the profiles have other identifiers by now: someone agreed to these. False where
    an erasure is repeated in an older copy of the pool."""

    @property
    def prints(self) -> frozenset[int]:
        """Of those who must not come back."""
        return frozenset(int(one, 16) for one in self.tombstones)

    @property
    def whose(self) -> frozenset[int]:
        """By which the profile is found."""
        return self.prints | {int(one, 16) for one in self.profile}


def tombstones(prints: Collection[int]) -> tuple[str, ...]:
    """How are fingerprints written in commands and files?"""
    return tuple(f"{one:016x}" for one in sorted(prints))
