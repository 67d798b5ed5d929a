"""What the law of ONE-ID reads and what it answers: evidence, doubts, devices, persons."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from hotspring.identity.rulings import Sides

Stamp = tuple[int, int]
"""Time in milliseconds and key of an event: the canonical order."""
BEFORE_ALL: Final[Stamp] = (-(1 << 62), 0)


class Reason(enum.StrEnum):
    """Why a tie joins nobody."""

    TWO_USERS = "two_user_ids"
    CROWDED = "over_limit"
    CLAIM = "public_claim"
    SEPARATED = "separated"


class Pair(msgspec.Struct, gc=False):
    """All that was said about two identifiers: earliest and latest word of each class."""

    a: int
    b: int
    words: list[tuple[Stamp, Stamp] | None]
    """By class: trusted, claimed, taken back, claim taken back."""

    unbound: tuple[int, int] = (BEFORE_ALL[0], BEFORE_ALL[0])
    """When an unbind last named one of the two alone, by a trusted key and by a public one."""

    def standing(self) -> tuple[bool, bool]:
        """Does the pair hold on trusted words, and does it on claims?"""
        last = [word[1][0] if word else BEFORE_ALL[0] for word in self.words]
        trusted = max(last[2], self.unbound[0])
        return last[0] > trusted, last[1] > max(trusted, last[3], self.unbound[1])

    def taken_back(self) -> bool:
        """Did an unbind ever name the pair or one of the two alone, whether it holds or not?"""
        alone = max(self.unbound) > BEFORE_ALL[0]
        return alone or self.words[2] is not None or self.words[3] is not None


class Scene(NamedTuple):
    """A set of identifiers with all the evidence about them, closed or up to crowded ones."""

    kind: Mapping[int, int]
    """Kind of every identifier that occurs."""
    print: Mapping[int, int]
    own: frozenset[int] | set[int]
    """Those that were the subject of an event other than an unbind of them alone."""
    crowded: frozenset[int] | set[int]
    """Those known to be over their limit, whose evidence need not be all here."""
    pairs: list[Pair]
    separations: Mapping[str, Sides] = {}
    joins: Mapping[str, tuple[int, int]] = {}
    parted: bool = False
    """An unbind named one of them alone."""


class Doubt(NamedTuple):
    """A tie that joins nobody, and why: a suggestion."""

    a: int
    b: int
    reason: Reason


class Device(msgspec.Struct, gc=False):
    """Weak identifiers that are one device, and the strong ones it signs in to."""

    members: list[int]
    doors: list[tuple[int, int]]
    """(weak, strong) of every sign-in that counts."""
    people: list[int]
    """Representatives of the distinct persons; empty where it is nobody's."""
    vouched: list[int] = msgspec.field(default_factory=list)
    """The strong identifiers to which a human joined it."""
    nobody: bool = False
    """Over the limit of persons."""


class Partition(msgspec.Struct, gc=False):
    """Who is one person."""

    person: dict[int, int]
    """Of every strong identifier, a representative of its person."""
    devices: list[Device]
    joined: list[tuple[int, int]]
    """The joins that made the persons and devices: a forest."""
    doubts: list[Doubt]
    crowded: set[int]
    leaves: set[int]
    """Claimed values with no tie but one claim that joined them."""
    plain: bool
    """Nothing here depends on order: more trusted evidence within limits just joins."""
