"""What the simulated brand pays for its campaigns and to be found, by day and source."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, Final

from hotspring.demo.adverts import ADVERTS
from hotspring.demo.seasons import campaign_on
from hotspring.demo.visits import SOURCES

USUAL: Final = {"wechat": 260.0, "sms": 180.0, "cpc": 420.0}
"""Yuan a day for each source of a medium, in a campaign that moves nobody."""


def costs(seed: int, first: dt.date, days: int) -> list[dict[str, Any]]:
    """The costs of so many days, as `/api/costs` takes them: louder campaigns are dearer."""
    rng = random.Random(f"{seed} costs")
    found = []
    for day in (first + dt.timedelta(days=number) for number in range(days)):
        campaign = campaign_on(day)
        for medium, sources in SOURCES.items() if campaign else ():
            assert campaign is not None
            amount = USUAL[medium] * campaign.lift
            found += [
                {
                    "from": day.isoformat(), "utm_source": source, "utm_medium": medium,
                    "utm_campaign": campaign.name, "currency": "CNY",
                    "amount": round(amount * rng.uniform(0.6, 1.4), 2),
                }
                for source in sources
            ]  # fmt: skip
        found += [
            {
                "from": day.isoformat(), "utm_source": advert.source,
                "utm_medium": advert.medium, "utm_campaign": advert.campaign, "currency": "CNY",
                "amount": amount,
            }
            for advert in ADVERTS
            if (amount := advert.paid(seed, day)) > 0
        ]  # fmt: skip
    return found
