"""The live arrays of identity: identifiers, profile slots and ties, each a tuple of columns."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np

from hotspring.settings import Settings
from hotspring.spare import Copy

USER: Final = "user_id"
"""The kind of which one person has at most one."""
LATEST: Final = np.iinfo(np.int64).max
NEVER: Final = -LATEST
"""Before all times."""
STRONG_FACTOR: Final = 10
"""A device signed in at more than this many times its limit of strong values is nobody's, however
many people they turn out to be: no comparison of them all is needed then."""

# Marks of an identifier.
OWN: Final = 1
"""It was the subject of an event."""
LEAF: Final = 2
"""A claimed value whose only tie is one claim with a public key."""
CROWDED: Final = 4
"""Over its limit: none of its ties holds."""
UNBOUND: Final = 8
"""Some tie of it was taken back."""
WATCHED: Final = 16
"""A weak identifier of a shared device: its sign-ins are followed one by one."""
FOREIGN: Final = 32
"""Its kind is not in the settings: it joins nobody."""

RULED: Final = 64
"""A ruling names it."""
PARTED: Final = 128
"""An unbind named it alone: `unbound_ms` or `disowned_ms` counts."""
BESIDE: Final = 256
"""A weak identifier that a bind tied to a person without being the event's first weak one."""
SPOKE: Final = 512
"""It was the subject of an event other than an unbind of it alone."""

# Marks of a profile slot.
INVOLVED: Final = 1
"""The order of evidence matters here: only the whole component can be recomputed."""

# Classes of ties: the two lowest bits of what an event says about two identifiers.
CLAIMED: Final = 1
"""By a public key about a kind that anyone may type in."""
TAKEN_BACK: Final = 2


class Kinds(NamedTuple):
    """The kinds of the settings as arrays; -1 (the last row) stands for unknown kinds."""

    strong: np.ndarray
    claim: np.ndarray
    user: np.ndarray
    limit: np.ndarray


class Ids(NamedTuple):
    """Columns by dense identifier."""

    print: np.ndarray
    """uint64, keyed fingerprint of the text."""
    kind: np.ndarray
    mark: np.ndarray
    slot: np.ndarray
    """int32, -1 before its first event; of a shared device, the slot of its first person."""
    next: np.ndarray
    """int32, the next member of the same slot."""
    tie: np.ndarray
    """int32, the first of its ties as 2 * tie + side, -1 where none."""
    span: np.ndarray
    """int32, the time line of its shared device, -1 where it is not shared."""
    weak_ties: np.ndarray
    strong_ties: np.ndarray
    first_ms: np.ndarray
    first_key: np.ndarray
    unbound_ms: np.ndarray
    """int64, when an unbind last named it alone."""
    disowned_ms: np.ndarray
    """int64, the same, said with a public key."""
    visit: np.ndarray


class Slots(NamedTuple):
    """Columns by profile slot. An empty slot is dead and not used again."""

    head: np.ndarray
    tail: np.ndarray
    size: np.ndarray
    strong: np.ndarray
    """int32, how many strong identifiers."""
    user: np.ndarray
    """int32, the identifier of its user_id, -1 where none."""
    mark: np.ndarray
    visit: np.ndarray


class Ties(NamedTuple):
    """Columns by tie: all that was said in one class about two identifiers."""

    a: np.ndarray
    b: np.ndarray
    kind: np.ndarray
    first_ms: np.ndarray
    first_key: np.ndarray
    last_ms: np.ndarray
    last_key: np.ndarray
    seen: np.ndarray
    next_a: np.ndarray
    next_b: np.ndarray


class Hashed(NamedTuple):
    """An open-addressed table from 64-bit keys to int32; key 0 is a free place."""

    keys: np.ndarray
    values: np.ndarray


IDS: Final = Ids(
    *(
        np.array([fill], kind)
        for fill, kind in (
            (0, np.uint64), (-1, np.int8), (0, np.uint16), (-1, np.int32), (-1, np.int32),
            (-1, np.int32), (-1, np.int32), (0, np.uint16), (0, np.uint16), (LATEST, np.int64),
            (np.iinfo(np.uint64).max, np.uint64), (NEVER, np.int64), (NEVER, np.int64),
            (0, np.int32),
        )
    )
)  # fmt: skip
"""One fresh row, from which columns grow."""
SLOTS: Final = Slots(
    *(
        np.array([fill], kind)
        for fill, kind in (
            (-1, np.int32), (-1, np.int32), (0, np.int32), (0, np.int32), (-1, np.int32),
            (0, np.uint8), (0, np.int32),
        )
    )
)  # fmt: skip
TIES: Final = Ties(
    *(
        np.array([fill], kind)
        for fill, kind in (
            (-1, np.int32), (-1, np.int32), (0, np.uint8), (0, np.int64), (0, np.uint64),
            (0, np.int64), (0, np.uint64), (0, np.uint32), (-1, np.int32), (-1, np.int32),
        )
    )
)  # fmt: skip

SMALLEST: Final = 1024
Columns = TypeVar("Columns", Ids, Slots, Ties)


def room(columns: Columns, blank: Columns, needed: int) -> Columns:
    """The same columns with place for at least `needed` rows; doubles, so growth is amortised."""
    size = len(columns[0])
    if needed <= size:
        return columns
    size = max(needed, 2 * size, SMALLEST)
    made: list[np.ndarray] = []
    for column, fill in zip(columns, blank, strict=True):
        grown = np.full(size, fill[0], fill.dtype)
        grown[: len(column)] = column
        made.append(grown)
    return type(columns)(*made)


def fresh(blank: Columns) -> Columns:
    """Columns with nothing in them yet."""
    return room(blank, blank, SMALLEST)


def packed(columns: Ids | Slots | Ties, name: str, count: int, copy: Copy) -> dict[str, np.ndarray]:
    """Copies of the first `count` rows, each column under `name.column`.

    Not where the last walk went.
    """
    return {
        f"{name}.{field}": copy(column[:count])
        for field, column in columns._asdict().items()
        if field != "visit"
    }


def unpacked(blank: Columns, name: str, arrays: dict[str, np.ndarray]) -> Columns:
    """Columns from what `packed` gave."""
    count = len(next(column for key, column in arrays.items() if key.startswith(f"{name}.")))
    size = max(count + count // 8 + 1, SMALLEST)
    made = []
    for field, fill in zip(blank._fields, blank, strict=True):
        column = np.empty(size, fill.dtype)
        column[:count] = 0 if field == "visit" else arrays[f"{name}.{field}"]
        column[count:] = fill[0]
        made.append(column)
    columns: Any = type(blank)(*made)
    return cast(Columns, columns)


def kinds(settings: Settings) -> Kinds:
    """The identifier kinds of the settings as arrays, with a last row for unknown ones."""
    declared = settings.identifier_kinds
    return Kinds(
        np.array([*(kind.strong for kind in declared), False]),
        np.array([*(kind.claim for kind in declared), False]),
        np.array([*(kind.name == USER for kind in declared), False]),
        np.array([*(kind.limit for kind in declared), 0], np.int64),
    )
