"""Who the simulated customers are, and the truth about them that no model reads."""

from __future__ import annotations

import functools
from typing import Any, Final, NamedTuple

import numpy as np

from hotspring.demo.cities import CITIES, SPREAD, Shop, shops

NEVER: Final = 10**6
FOUNDERS: Final = 4_200
"""Customers the brand has when the simulation begins."""
NEWCOMERS: Final = 48
"""New customers on a usual day."""
MEAN_STAY: Final = 170.0
"""Days after which a customer leaves for good, on average; influence of friends prolongs it."""
CHANNELS: Final = ("miniprogram", "app", "web", "store")


class Person(NamedTuple):
    """One simulated customer. Days count from the first day of the simulation."""

    number: int
    city: int
    shop: int
    lon: float
    lat: float
    channel: str
    """Where most visits happen."""
    joins: int
    leaves: int
    """The day from which no visit comes any more; `NEVER` where that is out of sight."""
    pause: tuple[int, int]
    """First and last day of an absence after which the customer returns."""
    rate: float
    """Visits a day in a usual week."""
    basket: float
    """What one order is worth, in yuan, in the middle."""
    responds: float
    """0: campaigns change nothing; 1: they work in full."""
    influence: float
    """Friends this person brings or wakes, relative to others."""
    invited_by: int
    """Number of the friend who brought this person, -1 without one."""
    partner: int
    """Number of the person with whom a tablet is shared, -1 without one."""
    taste: int

    @property
    def user_id(self) -> str:
        return f"sim-{self.number:06d}"

    @property
    def card(self) -> str:
        return f"SIM{self.number:08d}"

    @property
    def phone(self) -> str:
        """A number of the range 154, which no Chinese operator has been given."""
        return f"154{self.number:08d}"

    @property
    def email(self) -> str:
        return f"sim-{self.number:06d}@example.com"

    def browser(self, channel: str) -> str:
        """The anonymous id of this person's device in a channel; partners share a tablet."""
        if channel == "web" and self.partner >= 0:
            return f"sim-tablet-{min(self.number, self.partner):06d}"
        return f"sim-{channel}-{self.number:06d}"

    def truth(self) -> dict[str, Any]:
        """What really holds for this person: for judging models, never for feeding them."""
        return {
            "user_id": self.user_id,
            "city": CITIES[self.city].name,
            "joins_day": self.joins,
            "leaves_day": None if self.leaves == NEVER else self.leaves,
            "pause_days": list(self.pause) if self.pause[0] < NEVER else None,
            "visits_a_day": round(self.rate, 4),
            "responds_to_campaigns": round(self.responds, 3),
            "influence": round(self.influence, 4),
            "invited_by": f"sim-{self.invited_by:06d}" if self.invited_by >= 0 else None,
            "shares_tablet_with": f"sim-{self.partner:06d}" if self.partner >= 0 else None,
        }


class People:
    """All customers by the day they joined; the same seed gives the same people."""

    def __init__(self, seed: int, founders: int = FOUNDERS, newcomers: float = NEWCOMERS) -> None:
        self.seed = seed
        self.shops: tuple[Shop, ...] = shops(seed)
        self._founders = founders
        self._newcomers = newcomers
        self._shops_of = [
            [i for i, shop in enumerate(self.shops) if shop.city == city]
            for city in range(len(CITIES))
        ]
        self._all: list[Person] = []
        self._ends: list[int] = []

    def until(self, day: int) -> list[Person]:
        """Who has joined by `day`, in order of their numbers?"""
        while len(self._ends) <= day:
            self._join(len(self._ends))
        return self._all[: self._ends[day]]

    def _join(self, day: int) -> None:
        rng = np.random.default_rng([self.seed, 12, day])
        count = self._founders if day == 0 else int(rng.poisson(self._newcomers))
        cities = rng.choice(len(CITIES), count, p=_city_shares())
        influence = rng.pareto(2.2, count)
        rates = np.minimum(rng.gamma(0.9, 0.11, count) + 0.003, 0.6)
        stays = rng.exponential(MEAN_STAY, count) * (1 + np.minimum(influence, 3) * 0.3)
        draws = rng.random((count, 10))
        spots = rng.normal(0, SPREAD, (count, 2))
        baskets = rng.lognormal(4.3, 0.5, count)
        inviters = self._inviters(rng, count, day)
        for i in range(count):
            self._all.append(
                self._person(
                    day, int(cities[i]), draws[i], spots[i], float(rates[i]), float(stays[i]),
                    float(baskets[i]), float(influence[i]), int(inviters[i]),
                )
            )  # fmt: skip
        self._ends.append(len(self._all))

    def _inviters(self, rng: np.random.Generator, count: int, day: int) -> np.ndarray[Any, Any]:
        """A third of newcomers were brought by a friend; who brings many has much influence."""
        nobody = np.full(count, -1)
        here = [p for p in self._all if p.joins <= day < p.leaves and p.influence > 0.1]
        if not here:
            return nobody
        weight = np.array([p.influence * p.rate for p in here])
        chosen = rng.choice([p.number for p in here], count, p=weight / weight.sum())
        return np.where(rng.random(count) < 0.35, chosen, nobody)

    def _person(
        self, day: int, city: int, draw: np.ndarray[Any, Any], spot: np.ndarray[Any, Any],
        rate: float, stay: float, basket: float, influence: float, inviter: int,
    ) -> Person:  # fmt: skip
        number = len(self._all)
        if inviter >= 0 and draw[0] < 0.7:
            city = self._all[inviter].city
        near = self._shops_of[city]
        leaves = day + 1 + int(stay)
        pause = (NEVER, NEVER)
        if draw[1] < 0.18:
            start = day + 5 + int(draw[2] * 60)
            pause = (start, start + 20 + int(draw[3] * 40))
        # Couples join on the same day, one number after the other, and share a tablet.
        couple = draw[4] < 0.04 and number > 0 and self._all[-1].joins == day
        partner = number - 1 if couple and self._all[-1].partner < 0 else -1
        if partner >= 0:
            self._all[partner] = self._all[partner]._replace(partner=number)
        return Person(
            number=number,
            city=city,
            shop=near[int(draw[5] * len(near))],
            lon=round(CITIES[city].lon + float(spot[0]), 5),
            lat=round(CITIES[city].lat + float(spot[1]) * 0.9, 5),
            channel=CHANNELS[int(np.searchsorted((0.46, 0.68, 0.88, 1.0), draw[6]))],
            joins=day,
            leaves=leaves if leaves < day + 720 else NEVER,
            pause=pause,
            rate=rate,
            basket=basket,
            responds=float(draw[7] ** 1.5),
            influence=influence,
            invited_by=inviter,
            partner=partner,
            taste=int(draw[8] * 8),
        )


@functools.cache
def _city_shares() -> np.ndarray[Any, Any]:
    sizes = np.array([city.millions for city in CITIES])
    return np.asarray(sizes / sizes.sum())
