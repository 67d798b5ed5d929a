"""What people name and keep: each change is a decision, and what stands is folded from them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Final, Generic, Self, TypeVar

import msgspec

from hotspring.errors import BadRequest, Changed, Conflict, NotFound

LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 2_000


class Named(msgspec.Struct, frozen=True):
    """The body of a command that keeps something, new or changed: all that people say of it."""

    id: str
    name: str
    description: str = ""

    @classmethod
    def of(cls, said: dict[str, Any], id_: str) -> Self:
        """What people said of this thing. Raises `BadRequest` where it is of another form."""
        try:
            return msgspec.convert({**said, "id": id_}, cls)
        except msgspec.ValidationError as error:
            raise BadRequest(str(error)) from error

    def asks(self) -> tuple[Any, ...]:
        """The rules within it, as plain values."""
        return ()

    def words(self) -> tuple[str, ...]:
        """The words that it gives people, as a tag its values."""
        return ()

    def names(self) -> frozenset[str]:
        """The ids of what it needs beside those that its rules name."""
        return frozenset()


S = TypeVar("S", bound=Named)


class Kept(msgspec.Struct, Generic[S], frozen=True):
    """Something as it stands."""

    said: S
    rules: tuple[Any, ...]
    """The rules within it, as they were read."""
    version: int
    """How often it was saved."""
    since: int
    """Journal position of the last change of more than its name and description."""
    created_ms: int
    created_by: str
    updated_ms: int
    updated_by: str

    @property
    def id(self) -> str:
        """By which all else names it; never given twice."""
        return self.said.id

    @property
    def name(self) -> str:
        """What people call it; it may be changed."""
        return self.said.name

    @property
    def description(self) -> str:
        """What it is for, in people's own words."""
        return self.said.description


class Book(Generic[S]):
    """Everything of one kind, after some of the commands about it.

    `word` is what one is called and the command that keeps it; `word_deleted` forgets it again.
    """

    def __init__(self, word: str, said: type[S], most: int, read: Callable[[Any], Any]) -> None:
        """`read` makes a rule of plain values that were checked when they were kept."""
        self.word = word
        self.most = most
        self.seq = 0
        """Commands up to this journal position are folded in."""
        self.kept: dict[str, Kept[S]] = {}
        """What is not deleted, by id."""
        self._said = said
        self._read = read

    @property
    def commands(self) -> tuple[str, str]:
        """The kinds of commands that it is made of."""
        return (self.word, f"{self.word}_deleted")

    def copy(self) -> Book[S]:
        """The same at this moment, whatever comes later."""
        other = Book(self.word, self._said, self.most, self._read)
        other.seq, other.kept = self.seq, dict(self.kept)
        return other

    def take(self, seq: int, kind: str, at_ms: int, by: str, body: str) -> None:
        """Fold in one command."""
        self.seq = seq
        if kind != self.word:
            self.kept.pop(msgspec.json.decode(body)["id"], None)
            return
        said = msgspec.json.decode(body, type=self._said)
        before = self.kept.get(said.id)
        same = before is not None and _nameless(before.said) == _nameless(said)
        self.kept[said.id] = Kept(
            said=said,
            rules=tuple(self._read(one) for one in said.asks()),
            version=1 if before is None else before.version + 1,
            since=before.since if before is not None and same else seq,
            created_ms=at_ms if before is None else before.created_ms,
            created_by=by if before is None else before.created_by,
            updated_ms=at_ms,
            updated_by=by,
        )

    def one(self, id_: str) -> Kept[S]:
        """The one with this id. Raises `NotFound`."""
        if id_ not in self.kept:
            raise NotFound(f"there is no {self.word} {id_}")
        return self.kept[id_]

    def unchanged(self, id_: str, version: int | None) -> None:
        """Raises `Changed` where another version stands than was looked at. None: any may."""
        before = self.kept.get(id_)
        if before is not None and version is not None and before.version != version:
            raise Changed(
                f"{before.name!r} was changed meanwhile by {before.updated_by}; "
                "look at it again, then save"
            )

    def listed(self) -> list[Kept[S]]:
        """All of them, by name."""
        return sorted(self.kept.values(), key=lambda one: (_key(one.name), one.id))

    def named(self, name: str) -> Kept[S] | None:
        """The one of this name, however it is written."""
        key = _key(name)
        return next((one for one in self.kept.values() if _key(one.name) == key), None)

    def checked(self, id_: str, name: str, description: str) -> tuple[str, str]:
        """Name and description as they may be kept. Raises `BadRequest`, or `Conflict` where
        another one than `id_` has the name."""
        name, description = _plain(name), description.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadRequest(f"a {self.word} needs a name of 1 to {LONGEST_NAME} characters")
        if len(description) > LONGEST_TEXT:
            raise BadRequest(f"a description has at most {LONGEST_TEXT} characters")
        other = self.named(name)
        if other is not None and other.id != id_:
            raise Conflict(f"there is a {self.word} named {other.name!r} already")
        if id_ not in self.kept and len(self.kept) >= self.most:
            raise Conflict(f"a pool has at most {self.most} {self.word}s; delete some first")
        return name, description


def _nameless(said: Named) -> Named:
    return msgspec.structs.replace(said, name="", description="")


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _key(name: str) -> str:
    """What is the same name, however it is typed."""
    return unicodedata.normalize("NFKC", _plain(name)).casefold()
