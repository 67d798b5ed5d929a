"""Shapley: what a channel adds to the others, in the mean of all orders in which they may join."""

from __future__ import annotations

import math
from typing import Any, Final, Literal, NamedTuple

import numba
import numpy as np

from hotspring.attribution.journeys import Credit, Floats, Ints, Journeys

MOST_PLAYERS: Final = 12

Worth = Literal["conversions", "rate"]


class Shapley(NamedTuple):
    """The Shapley value of each channel in one of two games, both exact over all coalitions.

    `conversions`: a coalition is worth the conversions of those journeys that touched nobody
    outside of it. Nothing is lost by another channel, so no credit is negative; each conversion is
    shared evenly by the different channels of its journey (Zhao, Mahboobi and Bagheri, "Shapley
    value methods for attribution modeling in online advertising", 2018).

    `rate`: a coalition is worth the conversions per journey among the same journeys, and 0 where
    there are none; credits are scaled so that they add up to the conversions of all journeys.
    Journeys without a conversion count, so that a channel in whose company fewer convert may be
    credited with less than nothing.

    At most 12 channels play; of more, those of the fewest conversions are one player, `…`.
    """

    journeys: Journeys
    """Those of the players."""
    grouped: tuple[str, ...]
    """Channels that were taken together as `…`."""
    credit: Credit
    worth: Worth

    @classmethod
    def of(cls, journeys: Journeys, worth: Worth = "conversions") -> Shapley:
        """The value of each channel, for conversions and for their value."""
        told, grouped = journeys.grouped(MOST_PLAYERS)
        players = len(told.names)
        masks = _masks(told.touch, told.ends)

        def within(weights: Floats) -> Floats:
            return _within(np.bincount(masks, weights, 1 << players).astype(float), players)

        games = [within(told.conversions), within(told.value)]
        if worth == "rate":
            journeyed = within(told.conversions + told.nulls)
            scale = float(journeyed[-1])
            some = np.where(journeyed > 0, journeyed, 1.0)
            games = [np.where(journeyed > 0, game / some, 0.0) * scale for game in games]
        many, much = (_values(game, players) for game in games)
        return cls(told, grouped, Credit(many, much), worth)


def _within(exact: Floats, players: int) -> Floats:
    """By coalition: the sum over its own subsets, in place of that of the coalition itself."""
    total = exact.copy()
    for player in range(players):
        pairs = total.reshape(-1, 2, 1 << player)
        pairs[:, 1] += pairs[:, 0]
    return total


def _values(game: Floats, players: int) -> Floats:
    """Sum over coalitions S without a player of |S|! (n-|S|-1)! / n! · (v(S + player) - v(S))."""
    sizes = np.zeros(1 << players, np.int64)
    for player in range(players):
        sizes.reshape(-1, 2, 1 << player)[:, 1] += 1
    each = np.array([1 / (players * math.comb(players - 1, n)) for n in range(players)])
    found = np.zeros(players)
    for player in range(players):
        pairs = game.reshape(-1, 2, 1 << player)
        before = sizes.reshape(-1, 2, 1 << player)[:, 0]
        found[player] = float((each[before] * (pairs[:, 1] - pairs[:, 0])).sum())
    return found


@numba.njit(cache=True, nogil=True)
def _masks(touch: Any, ends: Any) -> Ints:
    """Which channels did each journey touch? A bit for each."""
    masks = np.zeros(len(ends), np.int64)
    begin = 0
    for journey in range(len(ends)):
        for at in range(begin, ends[journey]):
            masks[journey] |= np.int64(1) << touch[at]
        begin = ends[journey]
    return masks
