"""A person is told how they are sorted, and were."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.web.person_page import TABLES
from hotspring.web.person_words import FIELDS, TITLES
from tests.pool.test_person import names_of
from tests.pool.test_stored_segments import counted, deliver, opened, save

CAME = {"behaviour": {"event": "Signed In"}}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with opened(tmp_path) as found:
        deliver(found, "Signed In", "lin", "wang")
        deliver(found, "Order Completed", "ann")
        yield found


def facts(app: App, who: str) -> dict[str, Any]:
    return app.pool.person(f"user_id:{who}")[0]


def names(app: App, who: str, part: str) -> list[str]:
    return [one["name"] for one in facts(app, who)[part]]


def test_a_person_is_told_how_they_are_and_were_sorted(app: App) -> None:
    pool = app.pool
    both = save(app, "Both", CAME)["id"]
    listed = pool.segments.upload("Listed", "", b"user_id:wang\n", "me", "en")["id"]
    alone = save(app, "Alone", {"and": [CAME, {"not": {"segment": {"id": listed}}}]})["id"]
    gone = save(app, "Gone", {"not": {"behaviour": {"event": "Order Completed"}}})["id"]
    tiers = [{"name": "Rest"}, {"name": "Came", "rule": CAME}]
    said = {"name": "Visits", "by": "rules", "tiers": tiers}
    scheme = pool.tiers.save("", said, "me", "en")["id"]
    lines = [{"rule": CAME, "points": 7}]
    pool.scores.save("", {"name": "Activity", "lines": lines}, "me", "en")
    pool.groups.save("", {"name": "Callers", "rule": CAME, "weight": 1}, "me", "en")
    for id_, many in ((both, 2), (listed, 1), (alone, 1), (gone, 2)):
        counted(app, id_, many)
    deliver(app, "Order Completed", "lin")
    counted(app, gone, 1)
    while not names(app, "lin", "tier_history"):
        pool.standings.tick(int(time.time() * 1_000))

    told = facts(app, "lin")
    assert told["segments"] == [{"id": alone, "name": "Alone"}, {"id": both, "name": "Both"}]
    moves = [(one["name"], one["change"], one["cause"]) for one in told["segment_history"]]
    assert sorted(moves) == [
        ("Alone", "entered", "first"), ("Both", "entered", "first"),
        ("Gone", "entered", "first"), ("Gone", "left", "event"),
    ]  # fmt: skip
    assert [(one["name"], one["points"]) for one in told["scores"]] == [("Activity", 7.0)]
    assert [(one["name"], one["tier"]) for one in told["tiers"]] == [("Visits", "Came")]
    assert [one["name"] for one in told["tier_history"]] == ["Visits: Came"]
    assert names(app, "lin", "groups") == ["Callers"]
    assert names(app, "wang", "segments") == ["Both", "Gone", "Listed"]
    assert names_of(told) - {"names"} <= {*TITLES, *FIELDS}
    assert set(TABLES) <= set(told)

    pool.tiers.delete(scheme, "me")
    assert names(app, "lin", "tier_history") == [f"{scheme}/1"]
