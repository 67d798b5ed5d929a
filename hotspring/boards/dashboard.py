"""Dashboards: cards in an order, each one figure, chart or table of a saved report."""

from __future__ import annotations

import math
from typing import Annotated, Final, Literal

import msgspec

from hotspring.errors import BadRequest
from hotspring.named import LONGEST_NAME, Book, Named

MOST: Final = 200
"""Dashboards of one pool."""
MOST_CARDS: Final = 50
WIDTHS: Final = (1, 4)
"""Columns of a card, of four."""
HEIGHTS: Final = (1, 4)
"""Rows of a card."""
MOST_MINUTES: Final = 1_440
MOST_WEEKS: Final = 26
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]


class Target(msgspec.Struct, frozen=True):
    """What a figure is to reach: a value, or what it was in the period before."""

    value: float | None = None
    """None: the same figure of the period as long that ends where this one begins."""
    change: float = 0.0
    """So much more than in the period before, as a share: 0.1 is a tenth more."""
    less: bool = False
    """Is it met from below, as costs are?"""
    weeks: Annotated[int, msgspec.Meta(ge=0, le=MOST_WEEKS)] = 0
    """Instead of all that: is the last whole day as usual, by the same weekday of so many weeks
    before?"""


class Card(msgspec.Struct, frozen=True):
    """One figure, chart or table of a report, and how large it is shown."""

    id: Text
    report: Text
    show: Literal["figure", "chart", "table"]
    name: Annotated[str, msgspec.Meta(max_length=400)]
    """Of a figure or table its name; of a chart kind, table, columns and what parts its rows, with
    a space between them."""
    title: Text = ""
    """Where people call it otherwise than the report does."""
    width: Annotated[int, msgspec.Meta(ge=WIDTHS[0], le=WIDTHS[1])] = 2
    height: Annotated[int, msgspec.Meta(ge=HEIGHTS[0], le=HEIGHTS[1])] = 2
    target: Target | None = None
    alert: bool = False
    """Is it watched on the overview?"""


class Dashboard(Named, frozen=True):
    """The body of a `dashboard` command: its cards in their order."""

    cards: tuple[Card, ...] = ()
    minutes: Annotated[int, msgspec.Meta(ge=0, le=MOST_MINUTES)] = 0
    """It is refreshed so often; 0 by hand only."""

    def names(self) -> frozenset[str]:
        """The reports that it shows."""
        return frozenset(card.report for card in self.cards)

    def checked(self) -> Dashboard:
        """The same. Raises `BadRequest` where it cannot be kept."""
        if len(self.cards) > MOST_CARDS:
            raise BadRequest(f"a dashboard has at most {MOST_CARDS} cards")
        if len({card.id for card in self.cards}) < len(self.cards):
            raise BadRequest("two cards cannot have one id")
        for card in self.cards:
            if card.target is None:
                if card.alert:
                    raise BadRequest("an alert needs a target")
                continue
            if card.show != "figure":
                raise BadRequest("only a figure has a target")
            if not all(map(math.isfinite, (card.target.value or 0.0, card.target.change))):
                raise BadRequest("a target is a number")
        return self


def dashboards() -> Book[Dashboard]:
    """A book of dashboards, still empty."""
    return Book("dashboard", Dashboard, MOST, lambda rule: rule)
