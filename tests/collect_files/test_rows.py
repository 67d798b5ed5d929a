"""Files of events and of people: each row becomes one event."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from hotspring.collect.files import stage
from hotspring.errors import ImportRefused
from hotspring.event import Place
from hotspring.settings import Settings
from tests.collect_files.conftest import NOW, Given, take

EVENTS = [
    ["event", "user_id", "timestamp", "amount", "page", "depth", "code"],
    ["Page Read", "u1", "1704161100", "", "home", "3", "007"],
    ["Page Read", "u1", "1704161100", "", "home", "3", "007"],
    ["buy", "u2", "1704161101000", "9.5", "shop", "4.5", "08"],
]


def test_columns_without_a_field_are_properties(given: Given) -> None:
    taken = take(given(EVENTS), "events")
    assert [e.name for e in taken.events] == ["Page Read", "Page Read", "Order Completed"]
    assert taken.properties(0) == {"page": "home", "depth": 3, "code": "007"}
    assert taken.properties(2) == {"page": "shop", "depth": 4.5, "code": "08", "value": 9.5}
    assert (taken.events[2].amount, taken.events[2].currency) == (9.5, "CNY")


@pytest.mark.parametrize("at_once", [1, 3, 1_000])
def test_equal_rows_are_counted_however_many_are_compared_at_once(
    given: Given, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(stage, "HASHED", at_once)
    rows = [["event", "user_id", "timestamp"]]
    rows += [["Page Read", f"u{n % 7}", "1704161100"] for n in range(20)]
    assert take(given(rows), "events").report.duplicate_rows == 13


def test_repeated_events_are_kept_with_ids_of_their_own(given: Given) -> None:
    path = given(EVENTS)
    taken = take(path, "events")
    first, second, third = (event.message_id for event in taken.events)
    assert second == f"{first}:1"
    assert taken.report.duplicate_rows == 1
    assert (
        take(given(EVENTS, name="other.csv"), "events", now=NOW + 1, size=1).events == taken.events
    )
    dropped = take(path, "events", drop_duplicates=True)
    assert [event.message_id for event in dropped.events] == [first, third]


def test_shuffled_events_are_the_same_events(given: Given) -> None:
    header, *rows = EVENTS
    turned = take(given([header, *reversed(rows)], name="turned.csv"), "events").events
    straight = take(given(EVENTS), "events").events
    assert {e.message_id: e for e in turned} == {e.message_id: e for e in straight}


def test_an_id_of_the_events_own_is_kept(given: Given) -> None:
    rows = [["event_id", "event", "user_id", "time"], ["e-1", "pv", "u", "2024-01-01"]]
    (event,) = take(given(rows), "events").events
    assert (event.message_id, event.name) == ("e-1", "Product Viewed")


@pytest.mark.parametrize(
    ("reason", "row"),
    [
        ("no event name", ["", "u", "2024-01-01", "", "m"]),
        ("event name too long", ["x" * 201, "u", "2024-01-01", "", "m"]),
        ("no identifier", ["pv", "undefined", "2024-01-01", "", "m"]),
        ("no timestamp", ["pv", "u", "", "", "m"]),
        ("bad timestamp", ["pv", "u", "x", "", "m"]),
        ("timestamp too old", ["pv", "u", "1989-12-31", "", "m"]),
        ("future timestamp", ["pv", "u", "2077-01-01", "", "m"]),
        ("bad amount", ["pv", "u", "2024-01-01", "x", "m"]),
        ("message id too long", ["pv", "u", "2024-01-01", "", "m" * 201]),
    ],
)
def test_an_event_that_cannot_stand(given: Given, reason: str, row: list[str]) -> None:
    rows = [
        ["event", "user_id", "time", "amount", "message_id"],
        ["pv", "u", "2024-01-01", "1", "1"],
        row,
    ]
    taken = take(given(rows), "events")
    assert taken.reasons == {3: reason}
    assert taken.rejects[0].cells == tuple(cell or None for cell in row)
    assert len(taken.events) == 1


def test_an_event_larger_than_events_may_be(given: Given) -> None:
    rows = [["event", "user_id", "time", "note"], ["pv", "u", "2024-01-01", "x" * 2000]]
    taken = take(given(rows), "events", Settings(max_event_kilobytes=1))
    assert taken.reasons == {2: "event too large"}


def test_json_lines_keep_nested_values(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl.gz"
    lines = [
        {"event": "Read", "user_id": 7, "time": 1704161100, "tags": ["a", "b"], "on": {"x": 'q"'}},
        {"event": "Read", "user_id": 8, "time": 1704161100, "ok": True, "on": {"x": None}},
        "no object",
    ]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    taken = take(path, "events")
    assert taken.properties(0) == {"tags": ["a", "b"], "on.x": 'q"'}
    assert taken.properties(1) == {"ok": True}
    assert [e.ids for e in taken.events] == [("user_id:7",), ("user_id:8",)]
    assert taken.reasons == {3: "not a JSON object"}
    assert taken.report.rows == 3


PEOPLE = [
    ["会员ID", "手机号", "姓名", "性别", "生日", "积分", "备注"],
    ["u1", "138 0013 8000", "张三", "女", "1990-01-02", "120", ""],
    ["", "", "李四", "男", "", "7", "x"],
    ["u3", "", "", "", "", "", ""],
]


def test_people_with_identifiers_and_traits(given: Given) -> None:
    taken = take(given(PEOPLE), "profiles")
    first, second = taken.events
    assert (first.type, first.name) == ("identify", "")
    assert first.ids == ("user_id:u1", "phone:+8613800138000")
    assert msgspec.json.decode(first.traits) == {
        "set": {"name": "张三", "gender": "女", "birthday": "1990-01-02", "积分": 120}
    }
    assert (second.ids, second.traits) == (("user_id:u3",), "")
    assert taken.reasons == {3: "no identifier"}
    assert taken.report.profiles == 2


def test_undated_people_are_the_same_on_any_later_day(given: Given) -> None:
    path = given(PEOPLE)
    first, later = take(path, "profiles").events, take(path, "profiles", now=NOW + 10**9).events
    assert [(e.message_id, e.content) for e in first] == [(e.message_id, e.content) for e in later]
    assert [e.ms for e in first] == [NOW, NOW]
    assert later[0].ms == NOW + 10**9


def test_people_dated_by_a_column_or_a_constant(given: Given) -> None:
    rows = [["phone", "updated_at", "level"], ["13800138000", "2024-01-02 10:05", "gold"]]
    assert take(given(rows), "profiles").events[0].ms == 1_704_161_100_000
    path = given([row[::2] for row in rows])
    (event,) = take(path, "profiles", mapping="time==2024-01-02 10:05").events
    assert event.ms == 1_704_161_100_000
    with pytest.raises(ImportRefused, match="'soon' is no time"):
        take(path, "profiles", mapping="time==soon")


def test_an_openid_belongs_to_an_app(given: Given) -> None:
    rows = [["openid", "level"], ["o-1", "gold"]]
    (event,) = take(given(rows), "profiles", mapping={"openid@wx1": "openid"}).events
    assert event.ids == ("openid@wx1:o-1",)


def test_places_are_found_by_whom_the_caller_asks(given: Given) -> None:
    asked: list[Mapping[str, str]] = []

    def locate(fields: Mapping[str, str]) -> Place | None:
        asked.append(dict(fields))
        return Place(104.06, 30.67, "city", 20_000.0, 510100)

    rows = [["event", "user", "time", "城市", "省份"], ["pv", "u", "2024-01-01", "成都", ""]]
    (event,) = take(given(rows), "events", locate=locate).events
    assert asked == [{"city": "成都"}]
    assert event.place is not None
    assert event.place.adcode == 510100
