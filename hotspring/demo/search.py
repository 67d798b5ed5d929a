"""What the simulated brand pays a search engine day by day, and how many more come for it."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, Final

SOURCE: Final = "bing"
ADVERTISED: Final[dict[str, Any]] = {
    "name": "brand-words", "source": SOURCE, "medium": "search",
}  # fmt: skip
"""The campaign that is told of a visit by it."""
LEVELS: Final = (60.0, 140.0, 280.0, 520.0, 840.0)
"""Yuan a day: one level a week, as somebody who tries it out would set it."""
PAUSED: Final = 0.12
"""Days without any: the budget was spent, or the card had run out."""
MOST: Final = 0.45
"""So many more visits, for one without it, would the largest spending bring."""
HALF: Final = 200.0
"""Yuan a day that bring half of them."""


def paid(seed: int, day: dt.date) -> float:
    """What the brand pays on this day."""
    year, week, _ = day.isocalendar()
    level = random.Random(f"{seed} search {year} {week}").choice(LEVELS)
    luck = random.Random(f"{seed} search {day.isoformat()}")
    return 0.0 if luck.random() < PAUSED else round(level * luck.uniform(0.6, 1.4), 2)


def pull(amount: float) -> float:
    """How many come by search for each one who comes without it, where so much is paid a day."""
    return float(MOST * (1 - 2 ** (-amount / HALF)))
