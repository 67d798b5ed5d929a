"""How much money an event moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

FIELDS: Final = ("revenue", "total", "value")
"""Where money stands, the first that is a number counts (Segment ecommerce specification)."""
SIGNS: Final = "¥￥$€£ "


def amount(properties: Mapping[str, Any]) -> tuple[float | None, str]:
    """How much money, in which currency? Currency is empty where none is given."""
    for field in FIELDS:
        value = number(properties.get(field))
        if value is not None:
            return value, _currency(properties.get("currency"))
    return None, ""


def number(value: object) -> float | None:
    """Which number is this, perhaps written as text with separators? None where it is none."""
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = float(value.strip(SIGNS).replace(",", ""))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        plain = float(value)
    except OverflowError:
        return None
    return plain if math.isfinite(plain) else None


def _currency(value: object) -> str:
    if isinstance(value, str):
        code = value.strip().upper()
        if len(code) == 3 and code.isascii() and code.isalpha():
            return code
    return ""
