"""A small pool of made-up people whose temperatures lie in every band."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.story.conftest import Server

PEOPLE = 60
HOTTEST = "user_id:u-000"


def seed(server: Server) -> None:
    """Send everybody's past, and wait until it is applied."""
    key = server.source("shop")
    now = dt.datetime.now(dt.UTC)
    batch = [message for number in range(PEOPLE) for message in _past(number, now)]
    for start in range(0, len(batch), 200):
        server.send(key, *batch[start : start + 200])
    # One that is refused, so that the quarantine is not empty.
    server.send(key, {"type": "track", "userId": "u-000", "event": "Order Completed",
                      "timestamp": "2999-01-01T00:00:00Z", "messageId": "late"})  # fmt: skip
    server.until("status", lambda status: status["profiles"] >= PEOPLE and status["quarantined"])


def _past(number: int, now: dt.datetime) -> list[dict[str, Any]]:
    """The first are regulars of these days, the last came once, long ago or not at all."""
    user = f"u-{number:03d}"
    about = {"name": f"Test {number}", "phone": f"1990000{number:04d}", "city": "上海"}
    # Known by the name of their city at first, later by where they order.
    told = [_message("identify", user, f"i{number}", now, 200, traits=about,
                     context={"location": {"city": "上海"}})]  # fmt: skip
    here = {"longitude": 121.45 + number % 8 / 100, "latitude": 31.2 + number // 8 / 100}
    orders = max(0, 12 - number // 4)
    for order in range(orders):
        days = number * 2 + order * 5
        told.append(
            _message("track", user, f"o{number}-{order}", now, days, event="Order Completed",
                     properties={"total": 30 + number, "currency": "CNY"},
                     context={"location": here})
        )  # fmt: skip
        told.append(
            _message("track", user, f"v{number}-{order}", now, days, event="Product Viewed",
                     properties={"name": "乌龙茶"},
                     context={"location": here})
        )  # fmt: skip
    return told


def _message(
    kind: str, user: str, name: str, now: dt.datetime, days: float, **more: Any
) -> dict[str, Any]:
    at = (now - dt.timedelta(days=days, minutes=7)).isoformat()
    return {"type": kind, "userId": user, "messageId": name, "timestamp": at, **more}
