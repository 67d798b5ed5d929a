"""What people decided about identities: a set of rulings, whatever the order they came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from hotspring.errors import BadRequest

Sides = tuple[frozenset[int], frozenset[int]]


class Separate(msgspec.Struct, frozen=True):
    """No profile may be joined across these two sides, and no device of one serve the other."""

    id: str
    a: tuple[str, ...]
    b: tuple[str, ...]


class Join(msgspec.Struct, frozen=True):
    """Someone vouches that these two belong together."""

    id: str
    a: str
    b: str


class Retract(msgspec.Struct, frozen=True):
    """An earlier (or later) ruling does not count."""

    command: str


class Refuse(msgspec.Struct, frozen=True):
    """A suggestion that need not be shown again."""

    id: str
    a: str
    b: str


Ruling = Separate | Join | Retract | Refuse
SHAPES: Final[dict[str, type[Ruling]]] = {
    "separate": Separate, "join": Join, "retract": Retract, "refuse": Refuse,
}  # fmt: skip


def ruling(kind: str, body: dict[str, Any]) -> Ruling:
    """The ruling of a command; raises `BadRequest` where the body does not fit its kind."""
    if kind not in SHAPES:
        raise BadRequest(f"identity knows no command {kind!r}; it knows {', '.join(SHAPES)}")
    try:
        return msgspec.convert(body, SHAPES[kind])
    except msgspec.ValidationError as error:
        raise BadRequest(f"{kind}: {error}") from error


class Rulings:
    """All rulings so far, with identifiers as dense numbers."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str], Ruling] = {}
        """By kind and id: the same command twice is one."""
        self._separations: dict[str, Sides] = {}
        self._joins: dict[str, tuple[int, int]] = {}
        self._refused: dict[str, frozenset[int]] = {}
        self._withdrawn: set[str] = set()
        self._named: dict[int, set[str]] = {}

    def add(self, kind: str, body: dict[str, Any], number: Callable[[str], int]) -> list[int]:
        """Take a ruling in; for which identifiers does it change anything?"""
        new = ruling(kind, body)
        name = new.command if isinstance(new, Retract) else new.id
        if (kind, name) in self.given:
            return []
        self.given[kind, name] = new
        if isinstance(new, Retract):
            self._withdrawn.add(name)
            return self._withdraw(name)
        if name in self._withdrawn:
            return []
        ids: set[int] = set()
        if isinstance(new, Refuse):
            self._refused[name] = frozenset((number(new.a), number(new.b)))
        elif isinstance(new, Join):
            self._joins[name] = (number(new.a), number(new.b))
            ids.update(self._joins[name])
        else:
            a = frozenset(map(number, new.a))
            self._separations[name] = (a, frozenset(map(number, new.b)) - a)
            ids.update(*self._separations[name])
        for i in ids:
            self._named.setdefault(i, set()).add(name)
        return sorted(ids)

    def _withdraw(self, name: str) -> list[int]:
        self._refused.pop(name, None)
        ids = set(self._joins.pop(name, ()))
        ids.update(*self._separations.pop(name, ()))
        for i in ids:
            self._named[i].discard(name)
        return sorted(ids)

    def rename(self, texts: Mapping[str, str]) -> None:
        """Let rulings speak of these identifiers by other texts; whom they concern stays."""
        for key, ruling in self.given.items():
            if isinstance(ruling, Separate):
                a, b = (tuple(texts.get(one, one) for one in side) for side in (ruling.a, ruling.b))
                self.given[key] = Separate(ruling.id, a, b)
            elif isinstance(ruling, Join | Refuse):
                ends = texts.get(ruling.a, ruling.a), texts.get(ruling.b, ruling.b)
                self.given[key] = type(ruling)(ruling.id, *ends)

    def refused(self, a: int, b: int) -> bool:
        """Did someone refuse to be asked about these two again?"""
        return frozenset((a, b)) in self._refused.values()

    def apart(self) -> Iterator[tuple[str, Sides]]:
        """What people decided to keep apart: `refused` pairs and `separated` sides."""
        for pair in self._refused.values():
            a, *b = sorted(pair)
            yield "refused", (frozenset((a,)), frozenset(b))
        for sides in self._separations.values():
            yield "separated", sides

    def about(self, ids: Iterable[int]) -> tuple[dict[str, Sides], dict[str, tuple[int, int]]]:
        """The separations and joins that name any of these identifiers."""
        if not self._separations and not self._joins:
            return {}, {}
        names = sorted({name for i in ids for name in self._named.get(i, ())})
        return (
            {name: self._separations[name] for name in names if name in self._separations},
            {name: self._joins[name] for name in names if name in self._joins},
        )
