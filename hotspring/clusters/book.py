"""Clusterings as people keep them: by which traits, how many groups, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from hotspring.errors import BadRequest
from hotspring.named import LONGEST_NAME, Book, Named

KEPT: Final = 100
"""Clusterings of one pool."""
MOST_INPUTS: Final = 20
LEAST, MOST = 2, 12
"""Groups of one clustering."""
KINDS: Final = (
    "trait", "temperature", "band", "score", "behaviour", "rfm", "lifecycle", "tag", "tier",
)  # fmt: skip
"""What people may be told apart by."""
FIGURES: Final = ("recency", "frequency", "monetary")


class Column(msgspec.Struct, frozen=True):
    """How one trait becomes a coordinate: `clip((x - middle) / scale)`, of a logarithm or not."""

    input: int
    word: str | None = None
    """Of a word: 1 for whom it holds and 0 for all others; None of a number."""
    log: bool = False
    middle: float = 0.0
    scale: float = 1.0
    fill: float = 0.0
    """Stands where the number is unknown."""


class Read(msgspec.Struct, frozen=True):
    """How one trait was read."""

    known: float
    """Share of the profiles of whom it is known."""
    log: bool = False
    words: int = 0
    """Values that stand for themselves; 0 of a number."""
    unused: Literal["", "unknown", "same"] = ""
    """Why it tells nobody apart: too few have it, or all alike."""


class Fact(msgspec.Struct, frozen=True):
    """What sets a group apart in one trait."""

    input: int
    word: str | None
    """The value whose shares are told; None of a number, whose means are."""
    members: float
    rest: float
    effect: float
    """Cohen's d of a number as it was prepared, Cohen's h of a share (Cohen, Statistical Power
    Analysis, 1988, chapters 2 and 6)."""


class Group(msgspec.Struct, frozen=True):
    """One of the groups that were found."""

    id: str
    name: str
    colour: int
    """A number of its own, by which pages choose a colour that stays."""
    size: int
    temperature: float | None
    """Mean of its members in °C."""
    centre: tuple[float, ...]
    facts: tuple[Fact, ...] = ()


class Moved(msgspec.Struct, frozen=True):
    """What a refresh changed."""

    compared: int
    """Profiles that were in a group before and are in one now."""
    profiles: int
    """Those of them that changed the group."""
    gone: tuple[str, ...] = ()
    """Names of the groups that are not there any more."""


class Found(msgspec.Struct, frozen=True):
    """What a run found."""

    at_ms: int
    profiles: int
    sample: int
    """Profiles that the groups were learnt from; all others were put to the nearest centre."""
    silhouette: float
    """Mean over a sample (Rousseeuw, J. Comput. Appl. Math. 20, 1987), from -1 to 1."""
    shuffled: float
    """The same where each trait was dealt out anew, so that there is nothing to find."""
    tried: tuple[tuple[int, float], ...]
    """Numbers of groups that were tried, with the silhouette of each."""
    columns: tuple[Column, ...]
    read: tuple[Read, ...]
    groups: tuple[Group, ...]
    moved: Moved | None = None

    @property
    def clear(self) -> Literal["strong", "fair", "weak", "none"]:
        """How plain are the groups? By Kaufman and Rousseeuw, Finding Groups in Data, 1990, p. 88,
        and none where traits dealt out anew part almost as well."""
        if self.silhouette <= 0.25 or self.silhouette - self.shuffled < 0.05:
            return "none"
        if self.silhouette <= 0.5:
            return "weak"
        return "fair" if self.silhouette <= 0.7 else "strong"

    def renamed(self, names: Mapping[str, str]) -> Found:
        """The same with these names of groups, by id. Raises `BadRequest` where one cannot be
        kept."""
        groups = []
        for one in self.groups:
            name = " ".join(names.get(one.id, one.name).split())
            if not 1 <= len(name) <= LONGEST_NAME:
                raise BadRequest(f"a group needs a name of 1 to {LONGEST_NAME} characters")
            groups.append(msgspec.structs.replace(one, name=name))
        if len({one.name for one in groups}) < len(groups):
            raise BadRequest("two groups cannot have one name")
        return msgspec.structs.replace(self, groups=tuple(groups))


class Clustering(Named, frozen=True):
    """The body of a `clustering` command: what is asked, and what was found last."""

    traits: tuple[dict[str, Any], ...] = ()
    """By what: objects with one key of `KINDS`."""
    count: int = 0
    """Groups; 0 for as many as part best."""
    daily: bool = False
    language: Literal["zh", "en"] = "zh"
    """In which new groups are named."""
    tag: str = ""
    """The id of the tag that holds who is in which group."""
    found: Found | None = None

    def names(self) -> frozenset[str]:
        """The scores, tags and tiers that it reads, and its own tag."""
        read = {one[kind]["id"] for one in self.traits for kind in one if "id" in one[kind]}
        return frozenset(read | ({self.tag} - {""}))

    def asked(self) -> tuple[tuple[dict[str, Any], ...], int]:
        """What a run answers; what was found holds as long as it stays."""
        return self.traits, self.count

    def checked(self) -> Clustering:
        """What people said, as it may be kept. Raises `BadRequest`."""
        if not 1 <= len(self.traits) <= MOST_INPUTS:
            raise BadRequest(f"choose 1 to {MOST_INPUTS} traits")
        for one in self.traits:
            _check_input(one)
        if any(one in self.traits[:at] for at, one in enumerate(self.traits)):
            raise BadRequest("choose each trait once")
        if self.count and not LEAST <= self.count <= MOST:
            raise BadRequest(f"choose {LEAST} to {MOST} groups, or 0 for as many as part best")
        if self.tag and any(one.get("tag", {}).get("id") == self.tag for one in self.traits):
            raise BadRequest("what was found cannot be found by its own tag")
        return self


def clusterings() -> Book[Clustering]:
    """A book of clusterings, still empty."""
    return Book("clustering", Clustering, KEPT, lambda rule: rule)


def _check_input(one: dict[str, Any]) -> None:
    kind = next(iter(one), "")
    if len(one) != 1 or kind not in KINDS or not isinstance(one[kind], dict):
        raise BadRequest(f"write each trait as an object with one key: {', '.join(KINDS)}")
    if kind == "rfm" and one[kind].get("figure") not in FIGURES:
        raise BadRequest(f"rfm has a figure: {', '.join(FIGURES)}")
    needed = {"trait": "name", "score": "id", "tag": "id", "tier": "id"}.get(kind)
    if needed is not None and not isinstance(one[kind].get(needed), str):
        raise BadRequest(f"{kind} needs its {needed}")
