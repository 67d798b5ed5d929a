"""What the script for web pages tells of a visit, beside what the shop itself does."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from hotspring.demo.visits import Call

SITE: Final = "https://shop.example"
FIELDS: Final = ("name", "phone", "city", "address", "note")
FORM: Final = {"form": "#checkout"}


class Element(NamedTuple):
    """What can be clicked, and where on its page it stands."""

    selector: str
    text: str
    x: float
    y: float


LEADS: Final = {
    "Product List Viewed": Element("#nav-categories", "全部茶品", 0.3, 0.04),
    "Product Viewed": Element('a[data-hs="product"]', "", 0.5, 0.4),
    "Product Added to Wishlist": Element('button[data-hs="wish"]', "收藏", 0.8, 0.3),
    "Product Added": Element('button[data-hs="cart"]', "加入购物车", 0.7, 0.35),
    "Checkout Started": Element('button[data-hs="checkout"]', "去结算", 0.85, 0.9),
    "Coupon Applied": Element('button[data-hs="coupon"]', "使用优惠券", 0.6, 0.7),
}
"""What is clicked before such an event."""
IDLE: Final = (
    Element("#nav-story", "品牌故事", 0.5, 0.04), Element("#search", "搜索", 0.9, 0.04),
    Element('main > img[aria-label="banner"]', "", 0.5, 0.15),
)  # fmt: skip
"""What is clicked and leads nowhere."""


class Tab:
    """The browser of one visit: the page that is open."""

    def __init__(self, rng: random.Random, name: str) -> None:
        self._rng = rng
        self._name = name
        self._pages = 0
        self._path = ""
        self._since = 0

    def open(self, ms: int, like: dict[str, Any], path: str) -> Iterator[Call]:
        """Leaves the page that is open for another."""
        yield from self.leave(ms - 50, like)
        self._pages += 1
        self._path, self._since = path, ms
        told = {"path": path, "url": SITE + path, "view": f"{self._name}-{self._pages}"}
        yield ms, self._said(like, "page", told)

    def leave(self, ms: int, like: dict[str, Any]) -> Iterator[Call]:
        if self._path:
            depth = round(min(1.0, 0.15 + self._rng.betavariate(2, 1.6)), 2)
            told = {"view": f"{self._name}-{self._pages}", "depth": depth, "part": 1,
                    "dwell_ms": max(ms - self._since, 1)}  # fmt: skip
            yield ms, self._track(like, "Page Left", told)

    def click(self, ms: int, like: dict[str, Any], on: Element) -> Call:
        def near(place: float) -> float:
            return round(min(max(place + self._rng.gauss(0, 0.02), 0), 1), 3)

        said = {
            "selector": on.selector,
            "text": on.text,
            "page_x": near(on.x),
            "page_y": near(on.y),
        }
        return ms, self._track(like, "Element Clicked", said)

    def fill(self, start: int, end: int, like: dict[str, Any], many: int) -> Iterator[Call]:
        """Fills in so many fields of the form; only with all of them it is sent."""
        entered = FIELDS[:many]
        yield start, self._track(like, "Form Started", {**FORM, "field": FIELDS[0]})
        each = max((end - start) // (many + 1), 1)
        for step, field in enumerate(entered, 1):
            told = {"field": field, "step": step, "dwell_ms": each, "changed": field != "note"}
            yield start + each * step, self._track(like, "Form Field Left", {**FORM, **told})
        whole = {**FORM, "fields": list(entered), "steps": many, "dwell_ms": end - start}
        if many == len(FIELDS):
            yield end, self._track(like, "Form Submitted", whole)
        else:
            yield end, self._track(like, "Form Abandoned", {**whole, "field": entered[-1]})

    def _track(self, like: dict[str, Any], event: str, told: dict[str, Any]) -> dict[str, Any]:
        return {**self._said(like, "track", {**told, "path": self._path}), "event": event}

    def _said(self, like: dict[str, Any], kind: str, told: dict[str, Any]) -> dict[str, Any]:
        whose: dict[str, Any] = {
            name: like[name] for name in ("anonymousId", "userId") if name in like
        }
        context = {**like["context"], "page": {"path": self._path}}
        return {"type": kind, **whose, "context": context, "properties": told}


def seen(calls: Sequence[Call], rng: random.Random, name: str) -> Iterator[Call]:
    """The calls of a visit on the web, and what the script tells of it; not in order of time."""
    tab, before = Tab(rng, name), 0
    for ms, message in calls:
        event = message.get("event", "")
        if message["type"] == "page":
            yield from tab.open(ms, message, "/")
            continue
        if event in LEADS:
            yield tab.click(ms - 300, message, LEADS[event])
        if event == "Product Viewed":
            yield from tab.open(ms - 100, message, f"/tea/{message['properties']['product_id']}")
        elif event == "Checkout Started":
            yield from tab.open(ms - 100, message, "/checkout")
        elif event == "Order Completed":
            yield from tab.fill(before + 100, ms - 100, message, len(FIELDS))
        yield ms, message
        before = ms
    last, like = calls[-1]
    if like.get("event") != "Order Completed" and rng.random() < 0.15:
        yield from tab.open(last + 5_000, like, "/checkout")
        yield from tab.fill(last + 6_000, last + 40_000, like, rng.choice((1, 2, 2, 3, 4)))
        last += 41_000
    if rng.random() < 0.3:
        yield tab.click(last + 1_000, like, rng.choice(IDLE))
    yield from tab.leave(last + 3_000, like)
