"""Saved reports and dashboards of a pool: kept, held to what there is, repeated by a rebuild."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from hotspring.app import App
from hotspring.errors import Changed, Conflict, NotFound, ParametersRefused
from tests.pool.test_scores import deliver, opened

ASKED = {"steps": [{"event": "Signed In"}, {"event": "Shared"}]}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with opened(tmp_path_factory.mktemp("boards")) as found:
        deliver(found, ("ann", "Signed In", 3), ("ann", "Shared", 2), ("bob", "Signed In", 1))
        yield found


def save(app: App, name: str, id_: str = "", **asked: Any) -> dict[str, Any]:
    said = {"name": name, "analysis": "funnel", "parameters": {**ASKED, **asked}}
    return app.pool.boards.reports.save(id_, said, "me")


def test_what_a_report_needs_stays_and_a_report_that_is_shown_stays(app: App) -> None:
    pool = app.pool
    kept = pool.segments.save("", "Hot", "", {"band": {"any_of": ["hot"]}}, "me", "en")
    hot = {"segment": {"id": kept["id"]}}
    one = save(app, "Sharing", rule=hot)
    assert one["faults"] == []
    with pytest.raises(Conflict, match="'Sharing'"):
        pool.segments.delete(kept["id"], "me")
    using = [{"kind": "report", "id": one["id"], "name": "Sharing"}]
    assert pool.segments.one(kept["id"], "en")["used_by"] == using
    card = {"report": one["id"], "show": "figure", "name": "rate"}
    board = pool.boards.dashboards.save("", {"name": "Wall", "cards": []}, "me")
    board = pool.boards.dashboards.pin(board["id"], card, "me")
    with pytest.raises(Conflict, match="'Wall'"):
        pool.boards.reports.delete(one["id"], "me")
    with pytest.raises(NotFound):
        pool.boards.dashboards.pin(board["id"], {**card, "report": "rp_none"}, "me")

    before = pool.boards.reports.all(), pool.boards.dashboards.all()
    pool.rebuild("me")
    assert (pool.boards.reports.all(), pool.boards.dashboards.all()) == before

    pool.boards.dashboards.delete(board["id"], "me")
    pool.boards.reports.delete(one["id"], "me")
    pool.segments.delete(kept["id"], "me")
    assert (pool.boards.reports.all(), pool.boards.dashboards.all()) == ([], [])


def test_pins_and_arrangements_at_one_time_lose_no_card(app: App) -> None:
    """Whoever arranges may be refused, and looks again; whoever pins never is."""
    shelf = app.pool.boards.dashboards
    card = {"report": save(app, "Pinned")["id"], "show": "figure", "name": "rate"}
    board = shelf.save("", {"name": "Busy", "cards": [card]}, "me")
    going = threading.Barrier(3)

    def pin(who: str) -> None:
        going.wait()
        for at in range(3):
            shelf.pin(board["id"], {**card, "title": f"{who} {at}"}, who)

    with ThreadPoolExecutor(2) as hands:
        pinning = [hands.submit(pin, who) for who in ("ann", "bob")]
        going.wait()
        turned = 0
        while turned < 3:
            read = shelf.one(board["id"])
            said = {"name": "Busy", "cards": read["cards"][::-1]}
            with contextlib.suppress(Changed):
                shelf.save(board["id"], said, "cat", read["version"])
                turned += 1
        for one in pinning:
            one.result()
    titles = sorted(one["title"] for one in shelf.one(board["id"])["cards"])
    assert titles == ["", *(f"{who} {at}" for who in ("ann", "bob") for at in range(3))]
    shelf.delete(board["id"], "me")
    app.pool.boards.reports.delete(card["report"], "me")


def test_a_report_whose_event_is_gone_says_so_and_may_still_be_renamed(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = app.pool.boards.reports
    one = save(app, "Sharing")
    with pytest.raises(ParametersRefused):
        save(app, "Other", steps=[{"event": "No Such"}])
    # As if its events had been dropped by age.
    left = msgspec.structs.replace(reports.there(), events={"Signed In": {}})
    monkeypatch.setattr(reports, "there", lambda: left)
    (fault,) = reports.one(one["id"])["faults"]
    assert (fault["where"], fault["code"]) == ("/steps/1/event", "unknown_name")
    assert "Shared" in fault["detail"]
    assert save(app, "Sharing once", one["id"])["name"] == "Sharing once"
    reports.delete(one["id"], "me")


def test_an_answer_of_a_moment_ago_will_do_where_that_was_said(app: App) -> None:
    analyses = app.pool.analytics.analyses
    first = analyses.ask("funnel", ASKED, 60.0, "me")
    deliver(app, ("cat", "Signed In", 1))
    assert analyses.ask("funnel", ASKED, 60.0, "me", 600.0) is first
    again = analyses.ask("funnel", ASKED, 60.0, "me")
    assert again["figures"]["started"] == first["figures"]["started"] + 1
    assert analyses.ask("funnel", ASKED, 60.0, "me", 600.0) is again
