"""Recency, frequency, money: eight classes and a grid of customers, each with its rule.

Customers are parted by thresholds and never by rank: who has the same figures is in the same class,
whatever their order, and every class is a rule that asks for exactly its customers. Recency is in
whole days (one that has begun counts), frequency in orders, money in hundredths.

The classes are those of the eight combinations of high and low by three thresholds, as they are
taught in Chinese retail; the grid is Hughes' (Strategic Database Marketing, 1994), by recency and
frequency.
"""

from __future__ import annotations

import math
from typing import Any, Final, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.orders import Customers, Terms

CLASSES: Final = (
    "important_value", "important_develop", "important_keep", "important_win_back",
    "general_value", "general_develop", "general_keep", "general_win_back",
)  # fmt: skip
"""重要价值, 重要发展, 重要保持, 重要挽留, then the same without much money: 一般. In the order of
their codes: 4 for little money, 2 for long ago, 1 for few orders."""
GRADES: Final = 5
GRID: Final = tuple(f"{r}-{f}" for r in range(GRADES, 0, -1) for f in range(GRADES, 0, -1))
QUINTILES: Final = (0.2, 0.4, 0.6, 0.8)

Codes = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Where high begins: at the mean, at a quantile of the customers, or where a hand puts it."""

    by: Literal["mean", "quantile", "hand"] = "mean"
    share: float = 0.5
    """By quantile: this share of the customers is low, at most those with the same figures more."""
    days: int | None = None
    """By hand: who ordered at most so many days ago is recent."""
    orders: float | None = None
    """By hand: so many orders are frequent."""
    amount: float | None = None
    """By hand: so much money is much."""
    recency: tuple[int, ...] = ()
    """Four ascending numbers of days, the upper ends of grades 5 to 2; quintiles without."""
    frequency: tuple[int, ...] = ()
    """Four ascending numbers of orders, the lower ends of grades 2 to 5; quintiles without."""


class Cuts(msgspec.Struct, frozen=True):
    """The thresholds as numbers."""

    days: int
    orders: float
    amount: float
    recency: tuple[int, ...]
    frequency: tuple[int, ...]


class Part(NamedTuple):
    """A class or a cell: how many, what they bring, and how a rule asks for them."""

    name: str
    customers: int
    orders: int
    revenue: float
    days: float
    """Since the last order, in the mean; 0 where nobody is."""
    rule: dict[str, Any] | None
    """None where no rule can hold."""


class Rfm(NamedTuple):
    """Which customers are in which class and cell, and who moved since an earlier moment."""

    cuts: Cuts
    classes: list[Part]
    grid: list[Part]
    """Named `R-F` by grades, `5-5` first."""
    moves: list[tuple[str, str, int]]
    """From class to class since an earlier moment, the most first; `none` is nobody's customer."""
    code: Codes
    """The class of each customer."""
    cell: Codes
    """The place in the grid of each."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the classes are called, by code."""
        return CLASSES

    @classmethod
    def of(
        cls,
        customers: Customers,
        terms: Terms,
        thresholds: Thresholds,
        earlier: tuple[Customers, int] | None = None,
    ) -> Rfm:
        """Part these customers, and those of an earlier moment by the same thresholds: people
        move, the yardstick does not.
        """
        cuts = cut(customers, terms.at, thresholds)
        age = customers.age(terms.at)
        code, cell = _classes(customers, age, cuts), _cells(customers, age, cuts)
        rules = [_class_rule(terms, cuts, number) for number in range(len(CLASSES))]
        asked = [_cell_rule(terms, cuts, *map(int, name.split("-"))) for name in GRID]
        moves: list[tuple[str, str, int]] = []
        if earlier is not None:
            then, at = earlier
            before = _classes(then, then.age(at), cuts)
            moves = _moves(then.profile, before, customers.profile, code)
        classes = _parts(customers, age, code, CLASSES, rules)
        return cls(cuts, classes, _parts(customers, age, cell, GRID, asked), moves, code, cell)

    @classmethod
    def within(cls, customers: Customers, terms: Terms, cuts: Cuts) -> Rfm:
        """Part these customers by thresholds that were found before; only codes are told."""
        age = customers.age(terms.at)
        return cls(cuts, [], [], [], _classes(customers, age, cuts), _cells(customers, age, cuts))

    def rows(self, name: str) -> Ints | None:
        """Which customers are in this class or cell? None where there is no such."""
        if name in CLASSES:
            return np.flatnonzero(self.code == CLASSES.index(name))
        if name in GRID:
            return np.flatnonzero(self.cell == GRID.index(name))
        return None

    def labels(self, rows: slice | Ints) -> list[tuple[str, str]]:
        """Class and cell of some customers."""
        codes, cells = self.code[rows].tolist(), self.cell[rows].tolist()
        return [(CLASSES[code], GRID[cell]) for code, cell in zip(codes, cells, strict=True)]


# --- thresholds ---


def cut(customers: Customers, at: int, by: Thresholds) -> Cuts:
    """Where do the thresholds lie for these customers?

    A quantile is the smallest figure that so large a share does not exceed, and high is what lies
    above it: the inverse of the empirical distribution (type 1 of Hyndman and Fan, 1996).
    """
    age, orders, amount = customers.age(at), customers.orders, customers.amount
    if not len(age):
        return Cuts(by.days or 0, by.orders or 0.0, by.amount or 0.0, by.recency, by.frequency)
    recency = by.recency or tuple(_quantiles(age, *QUINTILES))
    frequency = by.frequency or tuple(low + 1 for low in _quantiles(orders, *QUINTILES))
    match by.by:
        case "mean":
            three = (
                math.floor(age.mean()),
                math.ceil(orders.mean()),
                math.ceil(round(amount.mean() * 100, 4)) / 100,
            )
        case "quantile":
            three = (
                _quantiles(age, 1 - by.share)[0],
                _quantiles(orders, by.share)[0] + 1,
                (math.floor(round(_quantiles(amount, by.share)[0] * 100, 4)) + 1) / 100,
            )
        case "hand":
            three = (by.days or 0, by.orders or 0.0, by.amount or 0.0)
    return Cuts(*three, recency, frequency)


def _quantiles(values: Ints | Floats, *shares: float) -> list[Any]:
    # A share such as 0.8 of ten must be the eighth, whatever 0.8 is as a double.
    ranks = np.ceil(len(values) * np.array(shares) - 1e-9).astype(np.int64)
    places = np.clip(ranks, 1, len(values)) - 1
    found: list[Any] = np.partition(values, places)[places].tolist()
    return found


# --- classes and cells ---


def _classes(customers: Customers, age: Ints, cuts: Cuts) -> Codes:
    code = (age > cuts.days) * np.int8(2)
    code += customers.orders < cuts.orders
    code += (customers.amount < cuts.amount) * np.int8(4)
    return code


def _cells(customers: Customers, age: Ints, cuts: Cuts) -> Codes:
    worse = np.searchsorted(np.array(cuts.recency), age, side="left")
    fewer = GRADES - 1 - np.searchsorted(np.array(cuts.frequency), customers.orders, side="right")
    return (worse * GRADES + fewer).astype(np.int8)


def _parts(
    customers: Customers, age: Ints, code: Codes, names: Any, rules: list[dict[str, Any] | None]
) -> list[Part]:
    size = len(names)
    many = np.bincount(code, minlength=size)
    orders = np.bincount(code, customers.orders, minlength=size)
    revenue = np.bincount(code, customers.amount, minlength=size)
    days = np.bincount(code, age, minlength=size) / np.maximum(many, 1)
    columns = (many.tolist(), orders.tolist(), revenue.tolist(), days.tolist())
    return [
        Part(name, number, int(ordered), money, old, rule)
        for name, number, ordered, money, old, rule in zip(names, *columns, rules, strict=True)
    ]


def _moves(
    then: npt.NDArray[np.int32], before: Codes, now: npt.NDArray[np.int32], after: Codes
) -> list[tuple[str, str, int]]:
    names, nobody = (*CLASSES, "none"), len(CLASSES)
    size = int(max(then.max(initial=-1), now.max(initial=-1))) + 1
    sides = []
    for profile, code in ((then, before), (now, after)):
        side = np.full(size, nobody, np.int8)
        side[profile] = code
        sides.append(side)
    pairs = np.bincount(sides[0] * len(names) + sides[1], minlength=len(names) ** 2)
    pairs[-1] = 0
    found = [
        (names[at // len(names)], names[at % len(names)], int(pairs[at]))
        for at in np.flatnonzero(pairs).tolist()
    ]
    return sorted(found, key=lambda move: (-move[2], names.index(move[0]), names.index(move[1])))


# --- rules ---


def _class_rule(terms: Terms, cuts: Cuts, code: int) -> dict[str, Any] | None:
    recent = terms.latest(None, cuts.days) if code & 2 else terms.latest(cuts.days, None)
    often = terms.ordered(op="lt" if code & 1 else "ge", value=cuts.orders)
    return {"and": [recent, often, terms.spent("lt" if code & 4 else "ge", cuts.amount)]}


def _cell_rule(terms: Terms, cuts: Cuts, recency: int, frequency: int) -> dict[str, Any] | None:
    """None where grades fall together, so that nobody can be in one of them."""
    if not cuts.recency or not cuts.frequency:
        return None
    ends = (None, *cuts.recency, None)
    until, since = ends[GRADES - recency], ends[GRADES - recency + 1]
    lows = (1, *cuts.frequency)
    least = lows[frequency - 1]
    most = cuts.frequency[frequency - 1] - 1 if frequency < GRADES else None
    if (until is not None and until == since) or (most is not None and most < least):
        return None
    often = (
        terms.ordered(op="ge", value=least)
        if most is None
        else terms.ordered(op="between", value=[least, most])
    )
    return {"and": [terms.latest(since, until), often]}
