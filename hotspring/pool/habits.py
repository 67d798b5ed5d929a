"""Habits that events show: by which channels, at which hours, and about what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.days import Days

HOUR_MS: Final = 3_600_000
THEMES: Final = {
    "category": re.compile(r"(.*[_.])?(categor(y|ies)|topic|column)(_?name)?|品类|类目|分类|栏目"),
    "brand": re.compile(r"(.*[_.])?brand(_?name)?|品牌"),
    "product": re.compile(
        r"((page|product|item|goods|sku|content|article|video|course)_?)?(name|title)"
        r"|product|item|goods|商品(名称?)?|名称|标题"
    ),
}
"""Which properties tell what an event was about, by the end of their names."""
MOST_LETTERS: Final = 80


def theme(name: str) -> str | None:
    """What does a property of this name tell: a category, a brand, a product, or none of these?"""
    plain = name.lower()
    return next((key for key, form in THEMES.items() if form.fullmatch(plain)), None)


def themes(properties: str) -> Iterator[tuple[str, str]]:
    """What one event was about, each thing once, from its properties as JSON."""
    body = msgspec.json.decode(properties)
    found = dict.fromkeys(_told(body))
    for inner in body.get("products") or () if isinstance(body.get("products"), list) else ():
        if isinstance(inner, dict):
            found |= dict.fromkeys(_told(inner))
    yield from found


def _told(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        key = theme(name) if isinstance(value, str) else None
        if key is not None and 0 < len(value.strip()) <= MOST_LETTERS:
            yield key, value.strip()


def week(ms: np.ndarray, days: Days) -> np.ndarray:
    """int64[7, 24]: how many moments lie in each hour of the week, Monday first, by the clocks."""
    day = days.of(ms)
    hour = np.minimum((ms - days.start(day)) // HOUR_MS, 23)
    # 1970-01-01 was a Thursday.
    place = (day + 3) % 7 * 24 + hour
    return np.bincount(place, minlength=7 * 24).reshape(7, 24)


def shares(counts: Counter[str], most: int, of: int) -> list[dict[str, Any]]:
    """The commonest of some words, with their share of so many events."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]
    return [{"value": word, "events": n, "share": n / max(of, 1)} for word, n in ordered]
