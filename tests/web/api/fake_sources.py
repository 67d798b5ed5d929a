"""How one source does, for tests of the doors in front of them."""

from __future__ import annotations

from typing import Any


class FakeSources:
    """One source that sends."""

    def all(self, now: int) -> list[dict[str, Any]]:
        return [
            {
                "name": "web", "state": "healthy", "last_at": "2026-03-01T00:00:00.000Z",
                "events": 12, "accepted_today": 3, "refused_today": 1, "hours": [0] * 23 + [3],
            }
        ]  # fmt: skip
