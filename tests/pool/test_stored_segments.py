"""Segments that are kept: what a pool says of them, also after it was opened again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, NotFound, RuleRefused
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from hotspring.settings import Settings

BUYERS = {"behaviour": {"event": "Order Completed"}}
PATIENCE = 60.0


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[App]:
    app = App(folder / "pool", Settings())
    app.start()
    try:
        yield app
    finally:
        app.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with opened(tmp_path) as found:
        deliver(found, "Order Completed", "ann", "bob")
        yield found


def deliver(app: App, name: str, *who: str) -> None:
    now = time.time_ns() // 1_000_000
    events = [
        Event(f"{name}-{one}-{now}", "track", name, now - 1, (f"user_id:{one}",), now)
        for one in who
    ]
    record = Record(DELIVERY, now, pack(Delivery("shop", now, events)), len(events))
    app.pool.wait(app.journal.append([record])[-1])


def save(app: App, name: str, rule: Any, id_: str = "") -> dict[str, Any]:
    return app.pool.segments.save(id_, name, "", rule, "me", "en")


def counted(app: App, id_: str, count: int) -> dict[str, Any]:
    """The segment as soon as so many are in it."""
    end = time.monotonic() + PATIENCE
    while True:
        told = app.pool.segments.one(id_, "en")
        if told["count"] == count and told["state"] == "current":
            return told
        assert time.monotonic() < end, told
        time.sleep(0.02)


def logged(app: App, id_: str, count: int) -> list[dict[str, Any]]:
    """Its history as soon as that tells of so many: who came is counted first and logged then."""
    end = time.monotonic() + PATIENCE
    while True:
        points = app.pool.segments.history(id_, 1)
        if points and points[-1]["count"] == count:
            return points
        assert time.monotonic() < end, points
        time.sleep(0.02)


def test_a_segment_is_counted_and_stays_over_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as app:
        deliver(app, "Order Completed", "ann", "bob")
        made = save(app, "Buyers", BUYERS)
        assert counted(app, made["id"], 2)["sentence"] == "Did “Order Completed”"
        others = save(app, "Others", {"not": {"segment": {"id": made["id"]}}})
        counted(app, others["id"], 0)
        save(app, "Customers", BUYERS, made["id"])
        told = counted(app, made["id"], 2)
        fixed = {one: told[one] for one in told if one != "as_of"}
        assert (told["id"], told["version"], told["created_by"]) == (made["id"], 2, "me")
    with opened(tmp_path) as app:
        again = counted(app, made["id"], 2)
        assert {one: again[one] for one in fixed} == fixed
        assert app.pool.segments.preview({"segment": {"id": made["id"]}})["count"] == 2
        deliver(app, "Signed In", "cat")
        assert app.pool.segments.preview({"segment": {"id": others["id"]}})["count"] == 1


def test_names_are_unique_and_used_segments_stay(app: App) -> None:
    buyers = save(app, "Buyers", BUYERS)
    for name in ("BUYERS", " buyers "):
        with pytest.raises(Conflict, match="'Buyers' already"):
            save(app, name, BUYERS)
    with pytest.raises(BadRequest, match="1 to 100"):
        save(app, " ", BUYERS)
    with pytest.raises(BadRequest, match="a rule"):
        save(app, "Nothing", None)
    user = save(app, "Not they", {"not": {"segment": {"id": buyers["id"]}}})
    assert user["sentence"] == "Not (is in the segment “Buyers”)"
    with pytest.raises(Conflict, match="used by 'Not they'"):
        app.pool.segments.delete(buyers["id"], "me")
    with pytest.raises(RuleRefused) as refused:
        save(app, "Buyers", {"or": [{"segment": {"id": user["id"]}}]}, buyers["id"])
    assert [(one.place, one.code) for one in refused.value.faults] == [
        ("/or/0/segment/id", "cycle")
    ]
    assert app.pool.segments.delete(user["id"], "me") == "Not they"
    assert app.pool.segments.delete(buyers["id"], "me") == "Buyers"
    with pytest.raises(NotFound):
        app.pool.segments.one(buyers["id"], "zh")
    with pytest.raises(RuleRefused):
        app.pool.segments.preview({"segment": {"id": buyers["id"]}})


def test_segments_overlap_and_are_compared_with_the_rest(app: App) -> None:
    deliver(app, "Signed In", "bob", "cat")
    buyers = save(app, "Buyers", BUYERS)["id"]
    here = save(app, "Here", {"behaviour": {"event": "Signed In"}})["id"]
    for one in (buyers, here):
        counted(app, one, 2)
    told = app.pool.segments.overlap([here, buyers])
    assert [one["name"] for one in told["sets"]] == ["Here", "Buyers"]
    parts = {tuple(one["ids"]): one["count"] for one in told["parts"]}
    assert parts == {(here,): 1, (buyers,): 1, (here, buyers): 1}
    with pytest.raises(BadRequest, match="once"):
        app.pool.segments.overlap([here, here])
    told = app.pool.segments.compare(buyers)
    assert (told["members"], told["rest"]) == (2, 1)
    assert [one["of"] for one in told["numbers"]] == ["temperature"]


def test_a_change_must_leave_askable_who_names_it(app: App) -> None:
    small = save(app, "Small", BUYERS)
    many = {"or": [{"segment": {"id": small["id"]}}] * 200}
    save(app, "Many", many)
    with pytest.raises(Conflict, match="'Many' uses this and could not be asked"):
        save(app, "Small", {"or": [BUYERS] * 6}, small["id"])
    assert save(app, "Small", {"or": [BUYERS] * 5}, small["id"])["version"] == 2


def test_a_list_is_read_in_every_form_and_stays_as_it_is(app: App) -> None:
    deliver(app, "Signed In", "cat", "王小明")
    segments = app.pool.segments

    def upload(name: str, text: str, encoding: str = "utf-8") -> dict[str, Any]:
        return segments.upload(name, "", text.encode(encoding), "me", "en")

    told = upload("Bare", "ann\n\n王小明\nnobody\n", "gb18030")
    assert (told["kind"], told["rule"], told["found"], told["unknown"]) == ("static", None, 2, 1)
    counted(app, told["id"], 2)
    told = upload("Typed", "user_id:ann\nuser_id:bob\nphone:12\n")
    assert (told["found"], told["unknown"], told["refusals"]) == (2, 0, 1)
    assert told["refused"] == [{"line": 3, "text": "12", "reason": "this is no phone"}]
    told = upload("Columns", "\ufeffkind,value\r\nuser_id,bob\r\nuser_id,cat\r\nuser_id,bob\r\n")
    assert told["found"] == 3
    counted(app, told["id"], 2)
    for bad in ("", "kind,value\n"):
        with pytest.raises(BadRequest, match="empty"):
            upload("Empty", bad)
    rule = {"and": [BUYERS, {"not": {"segment": {"id": told["id"]}}}]}
    assert segments.preview(rule)["count"] == 1
    assert counted(app, save(app, "Ann", rule)["id"], 1)["sentence"].endswith("“Columns”)")
    with pytest.raises(BadRequest, match="no rule"):
        save(app, "Columns", BUYERS, told["id"])
    assert save(app, "Renamed", None, told["id"])["kind"] == "static"


def test_a_snapshot_stays_and_the_log_tells_who_came(app: App) -> None:
    made = save(app, "Buyers", BUYERS)
    counted(app, made["id"], 2)
    copy = app.pool.segments.snapshot(made["id"], "Then", "", "me", "en")
    counted(app, copy["id"], 2)
    for number in range(5):
        deliver(app, "Order Completed", f"new{number}")
        counted(app, made["id"], 3 + number)
    assert app.pool.segments.one(copy["id"], "en")["count"] == 2
    points = logged(app, made["id"], 7)
    assert sum(one["entered"] for one in points) == 5
    sizes = {one["id"]: one["counts"] for one in app.pool.segments.sizes(3)["items"]}
    assert sizes == {made["id"]: [None, None, 7], copy["id"]: [None, None, 2]}
    first, following = app.pool.segments.changes(made["id"], 3, None)
    rest, end = app.pool.segments.changes(made["id"], 3, following)
    assert (len(first), len(rest), end) == (3, 2, None)
    named = [app.pool.profile(f"user_id:new{n}")["id"] for n in range(4, -1, -1)]
    assert [one["profile"] for one in [*first, *rest]] == named
    assert {(one["change"], one["cause"]) for one in [*first, *rest]} == {("entered", "event")}
