"""The simulated brand: what its customers do on a day, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from hotspring.demo import pages
from hotspring.demo.adverts import Advert, found_by, pulls
from hotspring.demo.cities import CITIES
from hotspring.demo.people import NEVER, People, Person
from hotspring.demo.seasons import HOURS, Campaign, busy, campaign_on
from hotspring.demo.visits import Call, Visit, day_start, externals_of, spread, traits

FADING_DAYS = 21
"""So long before leaving a customer already comes less: what a churn model could see."""


class Brand:
    """A seeded brand whose first simulated day is `first`. Nothing here reads a clock."""

    def __init__(
        self, seed: int, first: dt.date, zone: zoneinfo.ZoneInfo, people: People | None = None
    ) -> None:
        self.seed = seed
        self.first = first
        self.zone = zone
        self.people = people or People(seed)

    def date(self, day: int) -> dt.date:
        return self.first + dt.timedelta(days=day)

    def start_ms(self, day: int) -> int:
        return day_start(self.date(day), self.zone)

    def day_of(self, ms: int) -> int:
        """On which day of the simulation does a moment lie?"""
        return (dt.datetime.fromtimestamp(ms / 1000, self.zone).date() - self.first).days

    def day(self, day: int) -> list[Call]:
        """What happens on a day, in order of time, every message with its id."""
        people = self.people.until(day)
        campaign = campaign_on(self.date(day))
        calls: list[Call] = list(self._roll(people)) if day == 0 else []
        if campaign is not None and (day == 0 or campaign_on(self.date(day - 1)) != campaign):
            calls += self._push(day, people, campaign)
        guests = self._guests(day, people, campaign)
        for person in guests:
            calls += self._visits(day, person, campaign)
        calls.sort(key=lambda call: call[0])
        for place, (_, message) in enumerate(calls):
            message["messageId"] = f"sim-{self.seed}-{day:05d}-{place:06d}"
        return calls

    def _roll(self, people: list[Person]) -> Iterator[Call]:
        """The list of members with which the brand begins."""
        for person in people:
            rng = random.Random(f"{self.seed}/{person.number}")
            told = traits(person, CITIES[person.city].name, rng)
            message = {
                "type": "identify",
                "userId": person.user_id,
                "traits": told,
                "context": {"channel": "server", "externalIds": externals_of(person, "store")},
            }
            yield self.start_ms(0) + person.number, message

    def _push(self, day: int, people: list[Person], campaign: Campaign) -> Iterator[Call]:
        """The campaign's message, and who opens it and follows it."""
        for person in people:
            rng = random.Random(f"{self.seed}/{day}/push/{person.number}")
            if not person.joins < day < person.leaves or rng.random() > 0.5:
                continue
            ms = self.start_ms(day) + int((9.5 + rng.random()) * 3_600_000)
            steps = [("Message Delivered", 1.0), ("Message Opened", 0.2 + 0.6 * person.responds)]
            steps.append(("Message Clicked", 0.1 + 0.5 * person.responds))
            for name, chance in steps:
                if rng.random() > chance:
                    break
                yield (
                    ms,
                    {
                        "type": "track",
                        "event": name,
                        "userId": person.user_id,
                        "properties": {"campaign": campaign.name, "title": campaign.title},
                        "context": {"channel": "wechat", "campaign": {"name": campaign.name}},
                    },
                )
                ms += int(rng.expovariate(1 / 5_400_000)) + 4_000

    def _guests(self, day: int, people: list[Person], campaign: Campaign | None) -> list[Person]:
        """Who comes on this day? Newcomers; the others by habit, season, campaign and friends."""
        if not people:
            return []
        draws = np.random.default_rng([self.seed, 21, day]).random(len(people))
        rates = np.array([person.rate for person in people])
        responds = np.array([person.responds for person in people])
        joins = np.array([person.joins for person in people])
        leaves = np.array([person.leaves for person in people])
        pauses = np.array([person.pause for person in people])
        lift = 1 + (campaign.lift - 1) * responds if campaign is not None else 1.0
        fading = np.where(leaves - day <= FADING_DAYS, 0.35, 1.0)
        # Whoever brought or was brought by a friend hears of the brand more often.
        friends = np.array([1.15 if person.invited_by >= 0 else 1.0 for person in people])
        found = 1 + sum(pulls(self.seed, self.date(day)))
        chance = np.minimum(rates * busy(self.date(day)) * lift * found * fading * friends, 0.95)
        away = (pauses[:, 0] <= day) & (day <= pauses[:, 1])
        come = (draws < chance) & (joins <= day) & (day < leaves) & ~away
        if day > 0:
            come |= joins == day
        return [people[i] for i in np.flatnonzero(come)]

    def _visits(self, day: int, person: Person, campaign: Campaign | None) -> Iterator[Call]:
        rng = random.Random(f"{self.seed}/{day}/{person.number}")
        newcomer = person.joins == day and day > 0
        here = campaign if campaign and rng.random() < person.responds * 0.8 else None
        channel = "web" if person.partner >= 0 and rng.random() < 0.5 else person.channel
        if newcomer and channel == "store":
            channel = "miniprogram"
        elif rng.random() < 0.15:
            channel = rng.choice(("miniprogram", "web", "store"))
        ms = self.start_ms(day) + next(spread(rng, HOURS))
        signed_in = not newcomer and rng.random() < {"web": 0.6, "store": 0.5}.get(channel, 1.0)
        shop = self.people.shops[person.shop]
        advert = None if channel == "store" else self._advert(day, person)
        visit = Visit(rng, person, shop, ms, channel, here, signed_in, advert)
        if newcomer and person.invited_by >= 0:
            host = self.people.until(day)[person.invited_by]
            before = max(self.start_ms(day), ms - int(rng.expovariate(1 / 3_600_000)))
            yield before, self._line(host, "Invite Sent", {"friend": person.user_id})
            visit.say("track", "Invite Opened", properties=self._invite(person))
        self._inside(visit, rng, person, channel, day, newcomer)
        if channel == "web":
            name = f"{day}-{person.number}"
            yield from pages.seen(visit.calls, random.Random(f"{self.seed}/{name}/pages"), name)
        else:
            yield from visit.calls
        yield from self._after(rng, person, day, visit)

    def _advert(self, day: int, person: Person) -> Advert | None:
        rng = random.Random(f"{self.seed}/{day}/{person.number}/advert")
        return found_by(rng, pulls(self.seed, self.date(day)))

    def _inside(
        self,
        visit: Visit,
        rng: random.Random,
        person: Person,
        channel: str,
        day: int,
        newcomer: bool,
    ) -> None:
        month = self.date(day).month
        if channel == "store":
            visit.say("track", "Store Visited", properties={"shop": visit.shop.name})
            liked = Visit.counter(rng, person, month)
        else:
            liked = visit.look_around(month)
        if newcomer:
            visit.sign_in(traits(person, CITIES[person.city].name, rng))
            visit.consent(rng)
            if person.invited_by >= 0:
                visit.say("track", "Invite Accepted", properties=self._invite(person))
        buys = liked and rng.random() < (0.5 if channel == "store" else 0.2)
        if buys:
            discount = 0.1 if visit.in_campaign else 0.0
            number = f"SIM-{day:05d}-{person.number:06d}"
            visit.buy(liked, number, person.basket, discount)
            if rng.random() < min(0.35, person.influence * 0.1):
                visit.say("track", "Product Shared", properties=liked[0].told())

    def _invite(self, person: Person) -> dict[str, Any]:
        return {"inviter": f"sim-{person.invited_by:06d}", "campaign": "bring-a-friend"}

    def _after(self, rng: random.Random, person: Person, day: int, visit: Visit) -> Iterator[Call]:
        """What follows a purchase within the day: a review, a refund, a complaint."""
        ms = visit.calls[-1][0]
        bought = [m["properties"] for _, m in visit.calls if m.get("event") == "Order Completed"]
        if bought:
            later = min(self.start_ms(day + 1) - 1, ms + int((0.5 + rng.random() * 3) * 3_600_000))
            luck = rng.random()
            if luck < 0.10:
                yield later, self._line(person, "Product Reviewed", {"rating": rng.choice((4, 5))})
            elif luck < 0.13:
                told = {k: bought[0][k] for k in ("order_id", "total", "currency")}
                yield later, self._line(person, "Order Refunded", told)
            elif luck < 0.14:
                yield later, self._line(person, "Complaint Filed", {"topic": "delivery"})
        elif 0 <= person.leaves - day <= FADING_DAYS and rng.random() < 0.1:
            yield ms + 30_000, self._line(person, "Unsubscribed", {"topic": "newsletter"})

    @staticmethod
    def _line(person: Person, name: str, properties: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "track",
            "event": name,
            "userId": person.user_id,
            "properties": properties,
            "context": {"channel": "server"},
        }

    def truth(self, day: int) -> Iterator[dict[str, Any]]:
        """The truth about everyone who has joined by `day`, one record each, a header first."""
        people = self.people.until(day)
        friends: dict[int, list[str]] = defaultdict(list)
        for person in people:
            if person.invited_by >= 0:
                friends[person.invited_by].append(person.user_id)
        yield {
            "simulated": True,
            "seed": self.seed,
            "first_day": self.first.isoformat(),
            "days_count_from": "first_day",
            "people": len(people),
            "note": "What really holds in the simulation. For judging models; no model reads it.",
        }
        for person in people:
            told = person.truth()
            told["brings"] = friends.get(person.number, [])
            told["never_leaves_in_sight"] = person.leaves == NEVER
            yield told
