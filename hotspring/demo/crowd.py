"""Who else is at the door while the simulation is live: passers-by, machines and broken clients."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from typing import Any, Final

from hotspring.demo.cities import CITIES
from hotspring.demo.goods import CATEGORIES, PRODUCTS
from hotspring.demo.people import Person
from hotspring.demo.seasons import HOURS
from hotspring.demo.visits import AGENTS, Call

BROWSERS: Final = 6_000
"""Passers-by come back: so many browsers are about."""
VISITS_A_MINUTE: Final = 50.0
"""At the middle of a working day; the hours of the day scale it."""
KNOWN: Final = 0.06
"""Share of these visits that come from the browser of a customer who has not signed in today."""
BOTS: Final = (
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
)


def crowd(seed: int, minute: int, zone: zoneinfo.ZoneInfo, people: list[Person]) -> list[Call]:
    """Who passes by in a minute (counted since 1970 UTC)? The same for the same seed and minute."""
    rng = random.Random(f"{seed}/crowd/{minute}")
    start = minute * 60_000
    hour = dt.datetime.fromtimestamp(start / 1000, zone)
    share = hour.minute / 60
    pace = HOURS[hour.hour] * (1 - share) + HOURS[(hour.hour + 1) % 24] * share
    calls: list[Call] = []
    for _ in range(_poisson(rng, VISITS_A_MINUTE * pace)):
        calls += _passes_by(rng, start, people)
    if rng.random() < 0.25:
        calls += _bot(rng, start)
    if rng.random() < 0.4:
        calls.append((start + rng.randrange(60_000), _broken(rng)))
    calls.sort(key=lambda call: call[0])
    for place, (_, message) in enumerate(calls):
        message.setdefault("messageId", f"sim-{seed}-crowd-{minute}-{place:04d}")
    return calls


def _passes_by(rng: random.Random, start: int, people: list[Person]) -> list[Call]:
    ms = start + rng.randrange(60_000)
    if people and rng.random() < KNOWN:
        person = rng.choice(people)
        browser, city = person.browser("web"), person.city
    else:
        number = int(BROWSERS * rng.random() ** 2)
        browser = f"sim-passer-{number:05d}"
        city = random.Random(number).choices(range(len(CITIES)), [c.millions for c in CITIES])[0]
    context = {
        "channel": "web",
        "userAgent": AGENTS["web"],
        "location": {"city": CITIES[city].name},
    }
    calls: list[Call] = []
    for step in range(1 + min(6, int(rng.expovariate(0.6)))):
        product = rng.choice(PRODUCTS[rng.randrange(len(CATEGORIES))])
        message: dict[str, Any] = {"anonymousId": browser, "context": context}
        if step == 0:
            message |= {"type": "page", "name": "Home", "properties": {"path": "/"}}
        else:
            message |= {"type": "track", "event": "Product Viewed", "properties": product.told()}
        calls.append((ms, message))
        ms += int(rng.expovariate(1 / 20_000)) + 2_000
    return calls


def _bot(rng: random.Random, start: int) -> list[Call]:
    """A crawler: every product page, evenly, at any hour."""
    agent = rng.choice(BOTS)
    pages = rng.randint(5, 12)
    return [
        (
            start + place * (60_000 // pages),
            {
                "type": "page",
                "name": "Product",
                "anonymousId": f"sim-bot-{BOTS.index(agent)}",
                "context": {"channel": "web", "userAgent": agent},
                "properties": {"path": f"/tea/{rng.randrange(32)}"},
            },
        )
        for place in range(pages)
    ]


def greeting(seed: int, since: int) -> list[Call]:
    """One of every badly built client, within the first minute after `since` (ms): whoever opens
    the demo finds refused events to mend."""
    rng = random.Random(f"{seed}/greeting/{since}")
    return [
        (since + 2_000 + 8_000 * place, {**message, "messageId": f"sim-{seed}-{since}-{place}"})
        for place, message in enumerate(_all_broken(rng))
    ]


def _broken(rng: random.Random) -> dict[str, Any]:
    return rng.choice(_all_broken(rng))


def _all_broken(rng: random.Random) -> tuple[dict[str, Any], ...]:
    """What badly built clients send; the door refuses each with a reason."""
    base: dict[str, Any] = {
        "type": "track",
        "event": "Product Viewed",
        "anonymousId": f"sim-passer-{rng.randrange(BROWSERS):05d}",
        "context": {"channel": "web"},
    }
    return (
        {**base, "anonymousId": "undefined"},
        {**base, "event": ""},
        {**base, "timestamp": "yesterday evening"},
        {**base, "timestamp": "2099-01-01T00:00:00Z"},
        {**base, "properties": "price=128"},
        {**base, "type": "trakc"},
    )


def _poisson(rng: random.Random, mean: float) -> int:
    """Knuth's product of uniforms; the mean stays below 100."""
    limit, product, count = 2.718281828459045**-mean, rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
