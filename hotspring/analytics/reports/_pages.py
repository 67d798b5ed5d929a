"""What happened on pages: rows with their properties as codes, and sums of these by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from hotspring.analytics.report import Slots, number

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Seen(NamedTuple):
    """Rows of the pages that are looked at."""

    slot: Slots
    hits: Ints
    codes: Mapping[str, Codes]
    """By dimension: which of its words, -1 for none."""
    words: Mapping[str, Sequence[str]]

    def rows(self, keep: Any) -> Self:
        """Some of the rows."""
        codes = {name: code[keep] for name, code in self.codes.items()}
        return self._replace(slot=self.slot[keep], hits=self.hits[keep], codes=codes)

    def of(self, bit: int) -> Self:
        """The rows of a kind of event."""
        return self.rows(self.hits & np.int64(bit) != 0)

    def number(self, name: str) -> Floats:
        """A property of each row; not a number where it is none."""
        known = np.array([*map(number, self.words[name]), np.nan])
        return known[self.codes[name]]

    def names(self, name: str) -> list[str | None]:
        """The words of a dimension with none before them: the place is the code plus one."""
        return [None, *self.words[name]]

    def many(self, name: str) -> Ints:
        """How many rows have each of these names?"""
        return np.bincount(self.codes[name] + 1, minlength=len(self.words[name]) + 1)

    def people(self, name: str) -> Ints:
        """How many people have each of these names?"""
        places, _ = pairs(self.codes[name] + 1, self.slot)
        return np.bincount(places, minlength=len(self.words[name]) + 1)

    def named(self, name: str, word: Any) -> Self | None:
        """The rows that have this word, or none; None where nobody ever said such a word."""
        if word is not None and word not in self.words[name]:
            return None
        code = -1 if word is None else list(self.words[name]).index(word)
        return self.rows(self.codes[name] == code)


def pairs(one: Any, other: Any) -> tuple[Ints, Ints]:
    """Every pair of two columns of small numbers once."""
    keys = np.unique((one.astype(np.int64) << 32) | other.astype(np.int64))
    return keys >> 32, keys & 0xFFFFFFFF


def medians(place: Any, values: Floats, size: int) -> list[float | None]:
    """By place: a value that half of them do not exceed; None where there are no values."""
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.lexsort((values[known], place[known]))]
    many = np.bincount(place[order], minlength=size)
    first = np.cumsum(many) - many
    return [
        float(values[order[start + (count - 1) // 2]]) if count else None
        for start, count in zip(first.tolist(), many.tolist(), strict=True)
    ]


def usual(seen: Seen, name: str, of: str) -> list[str | None]:
    """By name: the most frequent word of another dimension, of equal ones the first."""
    there = seen.rows(seen.codes[of] >= 0)
    keys, many = np.unique(
        (there.codes[name].astype(np.int64) + 1 << 32) | there.codes[of], return_counts=True
    )
    words = seen.words[of]
    found: list[str | None] = [None] * (len(seen.words[name]) + 1)
    most = dict[int, tuple[int, str]]()
    for key, count in zip(keys.tolist(), many.tolist(), strict=True):
        place, word = key >> 32, words[key & 0xFFFFFFFF]
        if place not in most or (-count, word) < most[place]:
            most[place] = (-count, word)
            found[place] = word
    return found
