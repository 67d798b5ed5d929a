"""Analyses in memory, for tests of the door in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.web.api.fake_analyses import FakeAnalyses
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
        self.analyses = FakeAnalyses()

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

    def members(
        self, asked: dict[str, Any], name: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        self.asked = asked
        row = {"id": "p_1", "last_order": AS_OF, "days": 3, "orders": 1, "amount": 100.0,
               "class": "important_value", "cell": "5-5"}  # fmt: skip
        return [row], None

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


PACE = {"new": 30, "sleeping": 60, "lost": 180, "loyal": 3}
LOYAL = {"name": "loyal", "profiles": 9, "share": 1.0}


class FakePaces:
    """One decision, which can be taken back."""

    def __init__(self) -> None:
        self.version = 0

    def told(self) -> dict[str, Any]:
        one = {"version": self.version, "by": "orders", "pace": PACE, "orders": [],
               "decided_at": None, "decided_by": None}  # fmt: skip
        return {**one, "versions": [one]}

    def undo(self, by: str) -> None:
        self.version += 1


class FakeLifecycle:
    """Nine who are loyal; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: tuple[Any, ...] = ()
        self.paces = FakePaces()

    def show(
        self, asked: dict[str, Any], by: str | None, pace: dict[str, Any], back: int
    ) -> dict[str, Any]:
        self.asked = (asked, by, pace, back)
        return {
            **COUNTED, "by": by or "orders", "profiles": 9, "never": 0, "pace": PACE | pace,
            "kept": not pace, "version": self.paces.version, "suggested": PACE, "gaps": 50,
            "gap_quartiles": [7, 14, 21], "spread": [{"least": 1, "before": None, "gaps": 50}],
            "stages": [LOYAL], "since": None,
            "moves": [{"from": "loyal", "to": "loyal", "profiles": 9}], "changes": [],
        }  # fmt: skip

    def history(
        self, asked: dict[str, Any], by: str | None, pace: dict[str, Any], back: int, points: int
    ) -> dict[str, Any]:
        self.asked = (asked, by, pace, back, points)
        return {"as_of": AS_OF, "points": [{"at": AS_OF, "never": 0, "stages": [LOYAL]}]}

    def frequency(self, asked: dict[str, Any], ends: tuple[int, ...]) -> dict[str, Any]:
        self.asked = (asked, ends)
        once = {"name": "once", "least": 1, "most": 1, "profiles": 9, "share": 1.0, "rule": {}}
        return {**COUNTED, "profiles": 9, "states": [once]}

    def keep(self, by: str, pace: dict[str, int], orders: list[str], who: str) -> dict[str, Any]:
        self.paces.version += 1
        return self.paces.told()
