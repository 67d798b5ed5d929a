"""A quiet day is noticed by itself: beside the same weekdays before it, and the week before."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any
from zoneinfo import ZoneInfo

from tests.story.conftest import PATIENCE, Server

USUAL, QUIET, WEEKS = 12, 2, 8


def visits(day: dt.date, many: int, zone: ZoneInfo) -> list[dict[str, Any]]:
    """So many people look at something just after a day began."""
    when = dt.datetime.combine(day, dt.time(0, 0, 1), zone).isoformat()
    return [
        {
            "type": "track", "event": "Product Viewed", "timestamp": when,
            "messageId": f"alert-{day}-{n}", "userId": f"alert-{day}-{n}",
        }
        for n in range(many)
    ]  # fmt: skip


def visitors(server: Server, asked: dict[str, Any]) -> int:
    told = server.api.post("/api/analytics/traffic", params={"wait": 30}, json=asked)
    return int(told.json()["figures"]["visitors"])


def card(report: str, **target: Any) -> dict[str, Any]:
    return {
        "report": report, "show": "figure", "name": "visitors", "target": target, "alert": True
    }  # fmt: skip


def test_a_quiet_day_is_noticed_and_taken_note_of(server: Server) -> None:
    key = server.source("alert-shop")
    zone = ZoneInfo(server.get("status")["timezone"])
    today = dt.datetime.now(zone).date()
    # Of the day before as well, so that it is the same should this one end meanwhile.
    for day in (today, today - dt.timedelta(days=1)):
        server.send(key, *visits(day, QUIET, zone))
        for weeks in range(1, WEEKS + 1):
            server.send(key, *visits(day - dt.timedelta(weeks=weeks), USUAL, zone))
    asked = {"analysis": "traffic", "parameters": {"days": 7, "sources": ["alert-shop"]}}
    made = server.api.post("/api/reports", json={"name": "Shop", **asked})
    assert made.status_code == 201, made.text
    report = made.json()["id"]
    total = {"days": 7 * (WEEKS + 1), "sources": ["alert-shop"]}
    end = time.monotonic() + PATIENCE
    while visitors(server, total) < 2 * (QUIET + WEEKS * USUAL):
        assert time.monotonic() < end, visitors(server, total)
        time.sleep(0.05)

    cards = [
        card(report, weeks=WEEKS),
        card(report, change=0.1),
        # Fewer are better: that is met.
        card(report, less=True),
    ]
    board = server.api.post("/api/dashboards", json={"name": "Shop", "cards": cards}).json()
    items = server.until("alerts", lambda told: len(told["items"]) == 2)["items"]
    unusual, missed = sorted(items, key=lambda one: not one["usual"])
    assert (unusual["usual"], unusual["value"]) == (True, QUIET)
    assert (round(unusual["low"], 6), round(unusual["high"], 6)) == (10.8, 13.2)
    assert (missed["usual"], missed["value"], missed["high"]) == (False, 2 * QUIET, None)
    assert round(missed["low"], 6) == 26.4
    assert {one["ended_at"] for one in items} == {None}

    (seen,) = server.command("alerts", "--seen", str(unusual["id"]))
    assert seen["seen_by"]
    assert {one["id"] for one in server.command("alerts")} == {unusual["id"], missed["id"]}

    # Watched no more, both end.
    quiet = [{**one, "alert": False} for one in board["cards"]]
    for one in quiet:
        one.pop("report_name")
    changed = {"name": "Shop", "cards": quiet, "version": board["version"]}
    answer = server.api.put(f"/api/dashboards/{board['id']}", json=changed)
    assert answer.status_code == 200, answer.text
    ended = server.until("alerts", lambda told: all(one["ended_at"] for one in told["items"]))
    assert len(ended["items"]) == 2
