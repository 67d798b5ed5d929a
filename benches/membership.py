"""What do segments that stay current cost? CPU with and without them, at the same rate of events.

python -m benches.membership FOLDER [RATE] [SECONDS] [SEGMENTS]

FOLDER is a pool, as `hotspring bench start --folder FOLDER` leaves one. It is written to: give a
copy. People who have no traits yet tell 40 each first. Of the segments three in five ask for
traits, three in ten for behaviour, one in ten for temperatures.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record

BODY = 1_000
NAMES = ("Order Completed", "Product Viewed", "Product Added", "Signed In")
CITIES = 40
NUMBERS, WORDS = 19, 19
"""Traits of everybody beside a city and an age."""
FIRST = "SELECT text FROM identifiers WHERE kind = 'anonymous_id' ORDER BY id LIMIT ?"


def rules(count: int) -> list[dict[str, Any]]:
    """So many rules of the three kinds."""
    found: list[dict[str, Any]] = []
    for n in range(count):
        name = NAMES[n % len(NAMES)]
        window = {"from": {"ago": 1 + n % 60}}
        if n % 10 < 6:
            city = {"trait": {"name": "city", "op": "eq", "value": f"city{n % CITIES}"}}
            age = {"trait": {"name": "age", "op": "ge", "value": n % 70}}
            found.append({"or": [city, age]} if n % 2 else {"and": [city, age]})
        elif n % 10 < 9:
            found.append({"behaviour": {"event": name, "window": window, "value": 1 + n % 3}})
        else:
            found.append({"temperature": {"op": "ge", "value": n % 90}})
    return found


def bodies(texts: list[str], number: int, random: np.random.Generator, now: int) -> bytes:
    """One delivery of people who are known, every twentieth of whom tells traits."""
    events = []
    for at, who in enumerate(random.integers(0, len(texts), BODY).tolist()):
        traits = ""
        if at % 20 == 0:
            traits = f'{{"set":{{"city":"city{at % CITIES}","age":{at % 90}}}}}'
        key = number * BODY + at
        name = NAMES[at % len(NAMES)]
        more: dict[str, Any] = {"traits": traits} if traits else {}
        events.append(Event(f"bench{now}-{key}", "track", name, now, (texts[who],), key, **more))
    return pack(Delivery("bench", now, events))


def fill(app: App) -> None:
    """Let everybody tell 40 traits, where nobody did."""
    store = app.pool.segments._asking._store
    if store.query("SELECT 1 FROM trait_writes WHERE name = 'text0' LIMIT 1").num_rows:
        return
    began = time.monotonic()
    texts = named(app, 1 << 31)
    random = np.random.default_rng(3)
    for number, first in enumerate(range(0, len(texts), BODY)):
        now = time.time_ns() // 1_000_000
        body = pack(Delivery("bench", now, told(texts[first : first + BODY], first, random)))
        app.journal.append([Record(DELIVERY, now, body, BODY)])
        if number % 50 == 0:
            app.catch_up()
    app.catch_up()
    print(f"the traits of {len(texts)} took {time.monotonic() - began:.0f} s", flush=True)


def told(texts: list[str], first: int, random: np.random.Generator) -> list[Event]:
    """One event of each of these people, with all traits."""
    numbers = random.integers(0, 100, (len(texts), NUMBERS)).tolist()
    words = random.integers(0, 8, (len(texts), WORDS)).tolist()
    now = time.time_ns() // 1_000_000
    found = []
    for at, who in enumerate(texts):
        traits: dict[str, Any] = {"city": f"city{(first + at) % CITIES}", "age": (first + at) % 90}
        traits |= {f"number{n}": value for n, value in enumerate(numbers[at])}
        traits |= {f"text{n}": f"word{value}" for n, value in enumerate(words[at])}
        given = json.dumps({"set": traits})
        key = first + at
        found.append(Event(f"told{key}", "identify", "Identify", now, (who,), key, traits=given))
    return found


def named(app: App, most: int) -> list[str]:
    """The first identifiers of so many people."""
    found: list[str] = (
        app.pool.segments._asking._store.query(FIRST, [most]).column("text").to_pylist()
    )
    return found


def run(app: App, texts: list[str], rate: int, seconds: float) -> tuple[float, float]:
    """CPU seconds a second while events come at a rate, and for how long it ran."""
    random = np.random.default_rng(1)
    began, cpu, sent = time.monotonic(), time.process_time(), 0
    while (spent := time.monotonic() - began) < seconds:
        if sent * BODY < rate * spent:
            now = time.time_ns() // 1_000_000
            app.journal.append([Record(DELIVERY, now, bodies(texts, sent, random, now), BODY)])
            sent += 1
        else:
            time.sleep(0.005)
    app.catch_up()
    ran = time.monotonic() - began
    return (time.process_time() - cpu) / ran, sent * BODY / ran


def settled(app: App, since_ms: int) -> float:
    """Seconds until every segment is as of a moment after `since_ms`."""
    began = time.monotonic()
    while True:
        found = app.pool.segments.all("en")
        if all(one["state"] == "current" and one["as_of"] >= iso(since_ms) for one in found):
            return time.monotonic() - began
        time.sleep(0.1)


def iso(ms: int) -> str:
    """A moment as the pool writes it."""
    from hotspring.pool import iso as written

    return written(ms)


def main(folder: Path, rate: int, seconds: float, count: int) -> None:
    """Print both loads, and how late the segments were."""
    app = App(folder)
    app.start()
    try:
        # A folder that was left in haste repeats what was not sealed.
        while app.pipeline.position < app.journal.head():
            time.sleep(0.1)
        fill(app)
        texts = named(app, 1_000_000)
        traits = b'{"set":{"city":"city1","age":1}}'.decode()
        now = time.time_ns() // 1_000_000
        first = [
            Event(f"b{now}{n}", "track", name, now, (texts[0],), n, traits=traits)
            for n, name in enumerate(NAMES)
        ]
        app.journal.append([Record(DELIVERY, now, pack(Delivery("bench", now, first)), 4)])
        app.catch_up()
        print(app.pool.status()["events"], "events,", app.pool.status()["profiles"], "profiles")
        # What a start leaves to be done is done before anything is measured.
        run(app, texts, rate, seconds)
        before, fast = run(app, texts, rate, seconds)
        print(f"without segments: {before:.3f} cores at {fast:.0f} events a second")
        began = time.monotonic()
        made = [
            app.pool.segments.save("", f"bench {now} {n}", "", rule, "bench", "en")["id"]
            for n, rule in enumerate(rules(count))
        ]
        settled(app, time.time_ns() // 1_000_000)
        print(f"{count} segments saved and first counted in {time.monotonic() - began:.1f} s")
        kept, fast = run(app, texts, rate, seconds)
        late = settled(app, time.time_ns() // 1_000_000)
        print(f"with {count} segments: {kept:.3f} cores at {fast:.0f} events a second")
        print(f"they were current {late:.1f} s after the last event")
        for one in made:
            app.pool.segments.delete(one, "bench")
        after, fast = run(app, texts, rate, seconds)
        print(f"without segments again: {after:.3f} cores at {fast:.0f} events a second")
        print(f"{kept - (before + after) / 2:.3f} cores more")
    finally:
        app.abandon()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]),
        int(given[1]) if len(given) > 1 else 20_000,
        float(given[2]) if len(given) > 2 else 30.0,
        int(given[3]) if len(given) > 3 else 200,
    )
