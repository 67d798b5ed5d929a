"""Request bodies for load: built once, made new by putting fresh numbers into marked places."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Final

import msgspec

BATCH: Final = 100
NEW_PROFILES: Final = 0.05
SECOND_IDENTIFIERS: Final = 0.10
REPEATS: Final = 0.01
BAD: Final = 0.005
SKEW: Final = 1.6
"""Shape of the Pareto law by which profiles are drawn: a tenth of them brings most events."""

NAMES: Final = (
    "Products Searched", "Product List Viewed", "Product Viewed", "Product Clicked",
    "Product Added", "Product Removed", "Cart Viewed", "Checkout Started", "Coupon Applied",
    "Payment Info Entered", "Order Completed", "Product Added to Wishlist", "Product Shared",
    "Promotion Viewed", "Promotion Clicked", "Article Read", "Video Played", "Search Filtered",
    "Message Opened", "Signed In",
)  # fmt: skip
OWN: Final = b"@@own@@@"
"""Stands for the number of the request."""
EARLIER: Final = b"@@last@@"
"""Stands for the number of the request before."""


class Bodies:
    """An endless supply of batch bodies over `profiles` people, different each time."""

    def __init__(self, profiles: int, templates: int, batch: int = BATCH, seed: int = 1,
                 newcomers: float = NEW_PROFILES) -> None:  # fmt: skip
        self._random = random.Random(seed)
        self._profiles = profiles
        self._batch = batch
        self._newcomers = newcomers
        self._time = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        made = [self._events() for _ in range(templates)]
        self._templates = [
            self._body(events, made[at - 1], first=at == 0) for at, events in enumerate(made)
        ]

    def body(self, number: int) -> bytes:
        """The body of request `number`: its own ids, and a few events of the request before."""
        template = self._templates[number % len(self._templates)]
        whole = template.replace(OWN, b"%08x" % number)
        return whole.replace(EARLIER, b"%08x" % (number - 1))

    def everyone(self) -> Iterator[bytes]:
        """Bodies that bring every profile once."""
        for first in range(0, self._profiles, self._batch):
            people = range(first, min(first + self._batch, self._profiles))
            yield _joined([self._event(f"first-{person}", person) for person in people])

    def _events(self) -> list[bytes]:
        return [
            self._event(f"{OWN.decode()}-{at}-{self._random.getrandbits(64):016x}", self._person())
            for at in range(self._batch)
        ]

    def _body(self, events: list[bytes], earlier: list[bytes], first: bool) -> bytes:
        """Replace a few events by repeats of the request before, and a few by broken ones.

        The request before the first one never was: its body repeats nothing.
        """
        events = list(events)
        for at in range(len(events)):
            chance = self._random.random()
            if chance < REPEATS and not first:
                events[at] = earlier[at].replace(OWN, EARLIER)
            elif REPEATS <= chance < REPEATS + BAD:
                events[at] = events[at].replace(self._time.encode(), b"yesterday")
        return _joined(events)

    def _person(self) -> int | None:
        """One of the known people, some far oftener than others; None for somebody new."""
        if self._random.random() < self._newcomers:
            return None
        rank = int(self._random.paretovariate(SKEW - 1) - 1)
        return (
            (rank if rank < self._profiles else self._random.randrange(self._profiles))
            * (2_654_435_761)
            % self._profiles
        )

    def _event(self, message_id: str, person: int | None) -> bytes:
        draw = self._random
        anonymous = f"new-{message_id}" if person is None else f"visitor-{person:012d}"
        event = {
            "type": "track",
            "messageId": message_id,
            "anonymousId": anonymous,
            "event": draw.choice(NAMES),
            "timestamp": self._time,
            "properties": {
                "product_id": f"sku-{draw.randrange(10_000):05d}",
                "category": f"category-{draw.randrange(40)}",
                "price": draw.randrange(100, 100_000) / 100,
                "quantity": draw.randrange(1, 4),
                "currency": "CNY",
            },
            "context": {
                "library": {"name": "analytics.js", "version": "next-1.84.3"},
                "page": {"path": f"/products/{draw.randrange(400)}"},
                "locale": "zh-CN",
            },
        }
        if person is not None and draw.random() < SECOND_IDENTIFIERS:
            event["userId"] = f"member-{person:012d}"
        return msgspec.json.encode(event)


def _joined(events: list[bytes]) -> bytes:
    return b'{"batch":[' + b",".join(events) + b"]}"
