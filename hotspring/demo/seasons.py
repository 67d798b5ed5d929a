"""When the simulated brand is busy: the year, the week, the hours of a day, its campaigns."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

HOURS: Final = (
    0.22, 0.10, 0.05, 0.03, 0.03, 0.06, 0.20, 0.55, 0.85, 1.00, 1.10, 1.25,
    1.40, 1.30, 1.15, 1.10, 1.05, 1.10, 1.25, 1.55, 1.85, 1.90, 1.40, 0.65,
)  # fmt: skip
"""How busy an hour of the day is; 1 is the middle of a working day."""

MONTHS: Final = (1.15, 0.80, 0.95, 1.10, 1.05, 1.10, 0.95, 0.95, 1.10, 1.00, 1.20, 1.10)
WEEKDAYS: Final = (0.92, 0.90, 0.92, 0.95, 1.08, 1.20, 1.15)


class Campaign(NamedTuple):
    """A push of the brand: who responds comes more often while it lasts."""

    name: str
    title: str
    first: tuple[int, int]
    """Month and day; month 0 is every month."""
    days: int
    lift: float


CAMPAIGNS: Final = (
    Campaign("new-year", "年货节", (1, 10), 10, 2.2),
    Campaign("goddess-day", "女神节", (3, 5), 4, 1.8),
    Campaign("spring-tea", "春茶上新", (4, 1), 7, 1.9),
    Campaign("520", "520 告白季", (5, 18), 4, 2.0),
    Campaign("618", "618 年中大促", (6, 14), 6, 2.6),
    Campaign("mid-autumn", "中秋礼盒", (9, 8), 8, 2.0),
    Campaign("double-11", "双十一", (11, 5), 7, 3.0),
    Campaign("double-12", "双十二", (12, 9), 4, 2.0),
    Campaign("member-day", "会员日", (0, 8), 1, 1.6),
    Campaign("weekend-tea", "月末周末茶会", (0, 25), 3, 1.5),
)


def campaign_on(day: dt.date) -> Campaign | None:
    """Which campaign runs on `day`? The first that fits."""
    for campaign in CAMPAIGNS:
        month, first = campaign.first
        start = dt.date(day.year, month or day.month, first)
        if 0 <= (day - start).days < campaign.days:
            return campaign
    return None


def busy(day: dt.date) -> float:
    """How busy is `day`, without its campaign? 1 is a usual day."""
    ahead = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    share = (day.day - 1) / (ahead - day.replace(day=1)).days
    year = MONTHS[day.month - 1] * (1 - share) + MONTHS[day.month % 12] * share
    return year * WEEKDAYS[day.weekday()]
