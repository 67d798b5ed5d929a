"""What was decided about segments, folded into those that there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.rules import Catalogue, read

SAVED: Final = "segment"
DELETED: Final = "segment_deleted"
KINDS: Final = (SAVED, DELETED)
"""The commands of which segments are made."""
LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 2_000
MOST: Final = 2_000
"""Segments of one pool."""


class Saved(msgspec.Struct, frozen=True):
    """The body of a `segment` command: all that people say of a segment, new or changed."""

    id: str
    name: str
    description: str = ""
    kind: Literal["dynamic", "static"] = "dynamic"
    rule: dict[str, Any] | None = None


class Kept(msgspec.Struct, frozen=True):
    """A segment as it stands."""

    id: str
    name: str
    description: str
    kind: Literal["dynamic", "static"]
    rule: Any
    """As `read` gives it; None of a list."""
    written: dict[str, Any] | None
    """The same as plain values."""
    version: int
    """How often it was saved."""
    ruled: int
    """Journal position of the last change of what it asks."""
    created_ms: int
    created_by: str
    updated_ms: int
    updated_by: str


class Book:
    """The segments of a pool, after some of the commands about them."""

    def __init__(self) -> None:
        self.seq = 0
        """Commands up to this journal position are folded in."""
        self.kept: dict[str, Kept] = {}
        """Every segment that is not deleted, by id."""

    def copy(self) -> Book:
        """The same at this moment, whatever comes later."""
        other = Book()
        other.seq, other.kept = self.seq, dict(self.kept)
        return other

    def take(self, seq: int, kind: str, at_ms: int, by: str, body: str) -> None:
        """Fold in one command."""
        self.seq = seq
        if kind == DELETED:
            id_ = msgspec.json.decode(body)["id"]
            self.kept.pop(id_, None)
            return
        said = msgspec.json.decode(body, type=Saved)
        before = self.kept.get(said.id)
        same = before is not None and before.written == said.rule
        self.kept[said.id] = Kept(
            id=said.id,
            name=said.name,
            description=said.description,
            kind=said.kind,
            rule=None if said.rule is None else read(said.rule, None),
            written=said.rule,
            version=1 if before is None else before.version + 1,
            ruled=before.ruled if before is not None and same else seq,
            created_ms=at_ms if before is None else before.created_ms,
            created_by=by if before is None else before.created_by,
            updated_ms=at_ms,
            updated_by=by,
        )

    def one(self, id_: str) -> Kept:
        """A segment by its id. Raises `NotFound`."""
        if id_ not in self.kept:
            raise NotFound(f"there is no segment {id_}")
        return self.kept[id_]

    def listed(self) -> list[Kept]:
        """All of them, by name."""
        return sorted(self.kept.values(), key=lambda one: (_key(one.name), one.id))

    def named(self, name: str) -> Kept | None:
        """The segment of this name, however it is written."""
        key = _key(name)
        return next((one for one in self.kept.values() if _key(one.name) == key), None)

    def checked(self, id_: str, name: str, description: str) -> tuple[str, str]:
        """Name and description as they may be kept. Raises `BadRequest`, or `Conflict` where
        another segment than `id_` has the name."""
        name, description = _plain(name), description.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadRequest(f"a segment needs a name of 1 to {LONGEST_NAME} characters")
        if len(description) > LONGEST_TEXT:
            raise BadRequest(f"a description has at most {LONGEST_TEXT} characters")
        other = self.named(name)
        if other is not None and other.id != id_:
            raise Conflict(f"there is a segment named {other.name!r} already")
        if id_ not in self.kept and len(self.kept) >= MOST:
            raise Conflict(f"a pool has at most {MOST} segments; delete some first")
        return name, description

    def into(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue with these segments in it."""
        rules: Mapping[str, Any] = {one.id: one.rule for one in self.kept.values()}
        names = {one.id: one.name for one in self.kept.values()}
        return msgspec.structs.replace(catalogue, segments=rules, segment_names=names)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _key(name: str) -> str:
    """What is the same name, however it is typed."""
    return unicodedata.normalize("NFKC", _plain(name)).casefold()
