"""Traits as coordinates in which distances mean something: each has about the same say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.clusters.book import Column, Read

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

FAR: Final = 4.0
"""Spreads from the middle; whoever is further out counts as so far, so that no group is made of a
few who stand out."""
SKEWED: Final = 1.0
"""A number from 0 on with more skewness than this is read by its logarithm."""
LEAST_KNOWN: Final = 0.1
"""Share of the profiles that must have a trait for it to be used."""
MOST_WORDS: Final = 8
RARE: Final = 0.01
"""Values that fewer share stand for nothing by themselves."""
LEAST: Final = 5
"""Profiles that must have a value: what fewer have may name somebody."""
NORMAL: Final = 1.349
"""The distance of the quartiles of a normal distribution, in standard deviations."""


class Input(NamedTuple):
    """One trait of some profiles."""

    values: Floats | None
    """Numbers, not a number where unknown; None of words."""
    codes: Ints | None = None
    """Of words: which each has, -1 for none."""
    words: tuple[str, ...] = ()

    def at(self, rows: npt.NDArray[np.int64] | slice) -> Input:
        """Of some of the profiles only."""
        return Input(
            None if self.values is None else self.values[rows],
            None if self.codes is None else self.codes[rows],
            self.words,
        )


def learn(inputs: Sequence[Input]) -> tuple[tuple[Column, ...], tuple[Read, ...]]:
    """How are these traits to be read? Robustly: by median and quartiles, of a logarithm where
    the number is skewed; words by 0 and 1, all of a trait together as wide as one number."""
    columns, read = list[Column](), list[Read]()
    for at, one in enumerate(inputs):
        made, how = _number(at, one.values) if one.values is not None else _words(at, one)
        columns += made
        read.append(how)
    return tuple(columns), tuple(read)


def coordinates(inputs: Sequence[Input], columns: Sequence[Column]) -> Floats:
    """float64[profiles, columns]: the same profiles as points."""
    out = np.empty((_rows(inputs), len(columns)))
    for at, column in enumerate(columns):
        out[:, at] = _coordinate(inputs[column.input], column)
    return out


def _coordinate(given: Input, column: Column) -> Floats:
    if column.word is None:
        assert given.values is not None
        values = np.where(np.isfinite(given.values), given.values, column.fill)
        if column.log:
            values = np.log1p(np.maximum(values, 0.0))
        away: Floats = (values - column.middle) / column.scale
        return np.clip(away, -FAR, FAR)
    assert given.codes is not None
    code = given.words.index(column.word) if column.word in given.words else -2
    return np.asarray(((given.codes == code) - column.middle) / column.scale, np.float64)


def _number(at: int, values: Floats) -> tuple[list[Column], Read]:
    known = values[np.isfinite(values)]
    share = len(known) / max(len(values), 1)
    if share < LEAST_KNOWN:
        return [], Read(share, unused="unknown")
    log = bool(known.min() >= 0.0) and _skewness(known) > SKEWED
    fill = float(np.median(known))
    told = np.where(np.isfinite(values), values, fill)
    told = np.log1p(told) if log else told
    low, middle, high = np.quantile(told, (0.25, 0.5, 0.75))
    spread = float(told.std())
    if spread <= 1e-12 * max(1.0, abs(float(middle))):
        return [], Read(share, unused="same")
    # Where most have the same value the quartiles tell nothing, and where a tail is long they
    # would stretch it: between them and the deviation the greater one is taken.
    scale = max(float(high - low) / NORMAL, spread)
    return [Column(at, None, log, float(middle), scale, fill)], Read(share, log)


def _words(at: int, given: Input) -> tuple[list[Column], Read]:
    assert given.codes is not None
    size = max(len(given.codes), 1)
    known = float((given.codes >= 0).mean()) if len(given.codes) else 0.0
    if known < LEAST_KNOWN:
        return [], Read(known, unused="unknown")
    counts = np.bincount(given.codes[given.codes >= 0], minlength=len(given.words))
    shares = counts / size
    order = sorted(range(len(given.words)), key=lambda word: (-counts[word], given.words[word]))
    chosen = [
        word for word in order[:MOST_WORDS]
        if counts[word] >= LEAST and RARE <= shares[word] <= 1 - RARE
    ]  # fmt: skip
    if not chosen:
        return [], Read(known, unused="same")
    scale = float(np.sqrt(sum(shares[word] * (1 - shares[word]) for word in chosen)))
    made = [Column(at, given.words[w], False, float(shares[w]), scale) for w in chosen]
    return made, Read(known, words=len(made))


def _skewness(values: Floats) -> float:
    away = values - values.mean()
    spread = float(np.sqrt((away**2).mean()))
    return float((away**3).mean()) / spread**3 if spread > 0 else 0.0


def _rows(inputs: Sequence[Input]) -> int:
    first = inputs[0]
    held = first.values if first.values is not None else first.codes
    return 0 if held is None else len(held)
