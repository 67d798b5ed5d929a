"""Analyses in memory, for tests of the door in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.web.api.fake_map import AS_OF

CLASSES = (
    "important_value", "important_develop", "important_keep", "important_win_back",
    "general_value", "general_develop", "general_keep", "general_win_back",
)  # fmt: skip
COUNTED = {
    "as_of": AS_OF, "from": AS_OF, "days": 365, "now": True, "timezone": "UTC",
    "orders": ["Order Completed"], "refunds": [], "field": "amount", "currency": "CNY",
}  # fmt: skip


def part(name: str, customers: int) -> dict[str, Any]:
    rule = {"behaviour": {"event": "Order Completed"}}
    return {
        "name": name, "customers": customers, "share": customers / 9, "revenue": customers * 100.0,
        "revenue_share": customers / 9, "days": 3.0, "frequency": 1.0, "amount": 100.0,
        "rule": rule,
    }  # fmt: skip


class FakeAnalytics:
    """Nine customers; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def rfm(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.asked = asked
        grid = [f"{r}-{f}" for r in range(5, 0, -1) for f in range(5, 0, -1)]
        cuts = {"days": 30, "orders": 2, "amount": 99.5,
                "recency": [7, 30, 90, 180], "frequency": [2, 3, 4, 5]}  # fmt: skip
        return {
            **COUNTED, "profiles": 20, "customers": 9, "orders_count": 12, "revenue": 900.0,
            "thresholds": {"by": "mean", **cuts},
            "classes": [part(name, 9 if name == CLASSES[0] else 0) for name in CLASSES],
            "grid": [part(name, 9 if name == "5-5" else 0) for name in grid],
            "since": None,
            "moves": [{"from": "none", "to": "important_value", "customers": 9}],
        }  # fmt: skip

    def customers(self, asked: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        self.asked = asked
        yield [{"id": "p_1", "last_order": AS_OF, "days": 3, "orders": 1, "amount": 100.0,
                "class": "important_value", "cell": "5-5"}]  # fmt: skip

    def concentration(
        self, asked: dict[str, Any], rule: dict[str, Any] | None, everybody: bool
    ) -> dict[str, Any]:
        self.asked = {"counted": asked, "rule": rule, "everybody": everybody}
        end = {"profiles": 9, "share": 1.0, "revenue": 900.0, "revenue_share": 1.0}
        return {**COUNTED, "profiles": 9, "revenue": 900.0, "gini": 0.25, "curve": [end],
                "tops": [end], "needed": [end]}  # fmt: skip


class FakeLifecycle:
    """Nine who are loyal; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: tuple[Any, ...] = ()

    def show(
        self, asked: dict[str, Any], by: str, pace: dict[str, Any], back: int
    ) -> dict[str, Any]:
        self.asked = (asked, by, pace, back)
        loyal = {"name": "loyal", "profiles": 9, "share": 1.0}
        days = {"new": 30, "sleeping": 60, "lost": 180, "loyal": 3}
        return {
            **COUNTED, "by": by, "profiles": 9, "pace": days, "suggested": days, "gaps": 50,
            "gap_quartiles": [7, 14, 21], "stages": [loyal],
            "since": None, "moves": [{"from": "loyal", "to": "loyal", "profiles": 9}],
        }  # fmt: skip
