"""What the simulated brand pays day by day to be found, and how many more come for it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class Advert(NamedTuple):
    """One place where the brand pays to be found."""

    source: str
    medium: str
    campaign: str
    most: float
    """So many more visits, for one without it, would the largest spending bring."""
    half: float
    """Yuan a day that bring half of them."""

    @property
    def told(self) -> Mapping[str, Any]:
        """The campaign as a visit by it tells it."""
        return {"name": self.campaign, "source": self.source, "medium": self.medium}

    def paid(self, seed: int, day: dt.date) -> float:
        """What the brand pays here on this day."""
        year, week, _ = day.isocalendar()
        level = random.Random(f"{seed} {self.source} {year} {week}").choice(LEVELS)
        luck = random.Random(f"{seed} {self.source} {day.isoformat()}")
        return 0.0 if luck.random() < PAUSED else round(level * luck.uniform(0.6, 1.4), 2)

    def pull(self, amount: float) -> float:
        """How many come by it for each one who comes without, where so much is paid a day."""
        return self.most * (1 - 2 ** (-amount / self.half))


ADVERTS: Final = (
    Advert("bing", "search", "brand-words", 0.4, 220.0),
    Advert("zhihu", "content", "tea-answers", 0.15, 140.0),
)
LEVELS: Final = (60.0, 140.0, 280.0, 520.0, 840.0)
"""Yuan a day: one level a week, as somebody who tries it out would set it."""
PAUSED: Final = 0.12
"""The part of the days without any: the budget was spent, or the card had run out."""


def pulls(seed: int, day: dt.date) -> list[float]:
    """By advert: how many come by it on this day for each one who comes without any."""
    return [advert.pull(advert.paid(seed, day)) for advert in ADVERTS]


def found_by(rng: random.Random, pulled: list[float]) -> Advert | None:
    """By which advert does one of all who come come? As many do as come for it."""
    at = rng.random() * (1 + sum(pulled))
    for advert, more in zip(ADVERTS, pulled, strict=True):
        at -= more
        if at < 0:
            return advert
    return None
