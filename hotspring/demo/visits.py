"""One visit of one simulated customer: the calls a client library would send."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final

from hotspring.demo.adverts import Advert
from hotspring.demo.cities import CITIES, Shop
from hotspring.demo.goods import CATEGORIES, PRODUCTS, Product, wanted
from hotspring.demo.people import Person
from hotspring.demo.seasons import Campaign

Call = tuple[int, dict[str, Any]]
"""When it happens (milliseconds since 1970 UTC), and the Segment message without its id."""

AGENTS: Final = {
    "web": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36",
    "miniprogram": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60 miniProgram",
    "app": "Mozilla/5.0 (Linux; Android 15; SIM-1) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Mobile Safari/537.36",
}
SOURCES: Final = {
    "wechat": ("moments", "official-account"),
    "sms": ("sms",),
    "cpc": ("douyin", "xiaohongshu", "baidu"),
}
"""Where a campaign reaches people, by its medium."""


class Visit:
    """One visit: who, when, where, in which channel, and the calls so far."""

    def __init__(
        self,
        rng: random.Random,
        person: Person,
        shop: Shop,
        ms: int,
        channel: str,
        campaign: Campaign | None,
        signed_in: bool,
        advert: Advert | None = None,
    ) -> None:
        self._rng = rng
        self._person = person
        self.shop = shop
        self._ms = ms
        self._channel = channel
        self._campaign = campaign
        self._signed_in = signed_in
        self._advert = advert
        self.in_campaign = campaign is not None
        self.calls: list[Call] = []

    def say(self, kind: str, name: str = "", after: float = 25, **fields: Any) -> None:
        """Adds a call, some seconds after the one before."""
        self._ms += int(1000 * (1 + self._rng.expovariate(1 / after)))
        message: dict[str, Any] = {"type": kind, "context": self._context()}
        if kind == "track":
            message["event"] = name
        elif name:
            message["name"] = name
        if self._channel != "store":
            message["anonymousId"] = self._person.browser(self._channel)
        if self._signed_in:
            message["userId"] = self._person.user_id
        message.update(fields)
        self.calls.append((self._ms, message))

    def _context(self) -> dict[str, Any]:
        person = self._person
        context: dict[str, Any] = {"channel": self._channel}
        if self._channel in AGENTS:
            context["userAgent"] = AGENTS[self._channel]
        externals = externals_of(person, self._channel)
        if externals:
            context["externalIds"] = externals
        if self._channel == "app":
            context["device"] = {"id": f"sim-device-{person.number:06d}", "type": "android"}
        if self._channel == "store":
            context["location"] = {"latitude": self.shop.lat, "longitude": self.shop.lon}
        elif self._channel == "web":
            context["location"] = {"city": CITIES[person.city].name}
        else:
            context["location"] = {
                "latitude": round(person.lat + self._rng.gauss(0, 0.004), 5),
                "longitude": round(person.lon + self._rng.gauss(0, 0.004), 5),
            }
        if self._campaign is not None:
            medium = self._rng.choice(tuple(SOURCES))
            sources = SOURCES[medium]
            context["campaign"] = {
                "name": self._campaign.name,
                "source": sources[self._person.number % len(sources)],
                "medium": medium,
            }
        elif self._advert is not None:
            context["campaign"] = self._advert.told
        return context

    def sign_in(self, traits: dict[str, Any]) -> None:
        """The person tells who it is; later calls of the visit carry the account."""
        self._signed_in = True
        self.say("identify", after=12, traits=traits)
        _, message = self.calls[-1]
        message["context"]["externalIds"] = [
            *message["context"].get("externalIds", []),
            *externals_of(self._person, "store"),
        ]
        self.say("track", "Signed Up", after=2)

    def consent(self, rng: random.Random) -> None:
        """Most newcomers agree to messages, by the channels they choose."""
        if rng.random() < 0.75:
            proof = {"form": "sim-signup-v1"}
            for channel in rng.sample(("sms", "wechat", "email"), k=rng.choice((1, 2))):
                told = {"purpose": "marketing", "channel": channel, "proof": proof}
                self.say("track", "Consent Given", after=3, properties=told)

    @staticmethod
    def counter(rng: random.Random, person: Person, month: int) -> list[Product]:
        """What a customer takes at the counter of a shop."""
        groups = rng.choices(range(len(CATEGORIES)), wanted(person.taste, month), k=2)
        return [rng.choice(PRODUCTS[group]) for group in dict.fromkeys(groups)]

    def look_around(self, month: int) -> list[Product]:
        """Pages, lists and products looked at; what was liked is returned."""
        rng = self._rng
        taste = wanted(self._person.taste, month)
        page = "screen" if self._channel in ("app", "miniprogram") else "page"
        self.say(page, "Home")
        liked = []
        for group in rng.choices(range(len(CATEGORIES)), taste, k=rng.choice((1, 1, 2))):
            if rng.random() < 0.5:
                self.say("track", "Product List Viewed", properties={"category": CATEGORIES[group]})
            for product in rng.sample(PRODUCTS[group], k=rng.choice((1, 1, 2))):
                self.say("track", "Product Viewed", 35, properties=product.told())
                if rng.random() < 0.3:
                    liked.append(product)
                elif rng.random() < 0.08:
                    self.say("track", "Product Added to Wishlist", properties=product.told())
        return liked

    def buy(self, liked: list[Product], number: str, size: float, discount: float) -> None:
        """Puts what was liked into the cart, checks out and pays."""
        rng = self._rng
        lines = []
        for product in liked[:3]:
            count = max(1, round(size * rng.lognormvariate(0, 0.4) / product.price))
            lines.append({**product.told(), "quantity": count})
            if self._channel != "store":
                self.say("track", "Product Added", properties=lines[-1])
        total = round(sum(line["price"] * line["quantity"] for line in lines) * (1 - discount), 2)
        if self._channel != "store":
            self.say("track", "Checkout Started", properties={"value": total, "currency": "CNY"})
        order: dict[str, Any] = {
            "order_id": number,
            "revenue": total,
            "total": total,
            "currency": "CNY",
            "products": lines,
        }
        if self._channel == "store":
            order |= {"shop": self.shop.name, "card": self._person.card}
        if discount:
            order["coupon"] = "SIM-" + str(round(discount * 100))
            self.say("track", "Coupon Applied", after=5, properties={"coupon": order["coupon"]})
        self.say("track", "Order Completed", 60, properties=order)


def externals_of(person: Person, channel: str) -> list[dict[str, str]]:
    """By what a channel knows the person besides the account: a card, an openid."""
    if channel == "store":
        return [{"type": "card", "id": person.card}]
    if channel == "miniprogram":
        return [{"type": "openid@wxsim0001", "id": f"sim-openid-{person.number:06d}"}]
    return []


def traits(person: Person, city: str, rng: random.Random) -> dict[str, Any]:
    """What a simulated customer tells when signing in. Every profile is marked as simulated."""
    told: dict[str, Any] = {
        "simulated": True,
        "name": f"模拟用户 {person.number:06d}",
        "city": city,
        "gender": rng.choice(("女", "女", "男")),
        "favourite": CATEGORIES[person.taste],
        "birthday": f"{rng.randint(1965, 2006)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    }
    if rng.random() < 0.7:
        told["phone"] = person.phone
    if rng.random() < 0.35:
        told["email"] = person.email
    return told


def day_start(day: dt.date, zone: dt.tzinfo) -> int:
    """When does `day` begin in `zone`, in milliseconds since 1970 UTC?"""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def spread(rng: random.Random, hours: tuple[float, ...]) -> Iterator[int]:
    """Moments of a day in milliseconds after its start, busy where `hours` is."""
    while True:
        hour = rng.choices(range(24), hours)[0]
        yield int((hour + rng.random()) * 3_600_000)
