"""A persona says what the pages of everybody say, and what a look at the person's events gives."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspring.event import Flag
from hotspring.pool import habits
from hotspring.settings import Settings
from tests.laws.folding import DAY, NOW, Folding
from tests.pool.test_rfm import shopping
from tests.pool.test_segments import event

ZONE = "America/New_York"


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    for module in ("segments", "pool", "analytics", "lifecycle"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)
    with Folding(tmp_path, Settings(timezone=ZONE)) as found:
        yield found


def test_everybody_stands_where_the_pages_of_all_say(pool: Folding) -> None:
    pool.deliver(shopping(40))
    analytics, lifecycle = pool.app.pool.analytics, pool.app.pool.lifecycle
    year = {"counted": {"days": 365}}
    rows = {row["id"]: row for part in analytics.customers(year) for row in part}
    assert len(rows) > 8
    stages, never = Counter[str](), 0
    people, _ = pool.app.pool.profiles(None, None, None, "temperature", 200, None)
    for person in people:
        persona = pool.app.pool.persona(person["id"])
        own, row = persona["rfm"]["customer"], rows.get(person["id"])
        assert (own is None) == (row is None)
        if row is not None:
            assert {**own, "id": person["id"]} == row
        if persona["lifecycle"]["stage"] is None:
            never += 1
        else:
            stages[persona["lifecycle"]["stage"]] += 1
    found = lifecycle.show({}, None, {}, 0)
    assert never == found["never"]
    assert dict(stages) == {
        one["name"]: one["profiles"] for one in found["stages"] if one["profiles"]
    }


def test_channels_content_and_hours_of_one_person(pool: Folding) -> None:
    rows = [
        ("app", {"category": "茶", "brand": "A", "name": "乌龙"}),
        ("app", {"category": "茶", "products": [{"brand": "B"}, {"brand": "B", "name": "红茶"}]}),
        ("mini", {"page_title": "首页", "category": 7}),
        ("mini", {}),
    ]
    pool.deliver([
        event("ann", NOW - number * (DAY + 5_400_000), "Product Viewed", channel=channel,
              properties=properties)
        for number, (channel, properties) in enumerate(rows)
    ])  # fmt: skip
    pool.deliver([event("ann", NOW - DAY, "Bot Viewed", flags=int(Flag.BOT)),
                  event("bob", NOW - DAY, "Product Viewed", channel="sms")])  # fmt: skip
    found = pool.app.pool.persona("user_id:ann")
    assert found["events"] == 4
    assert [(one["value"], one["events"], one["share"]) for one in found["channels"]] == [
        ("app", 2, 0.5), ("mini", 2, 0.5)
    ]  # fmt: skip
    content = {one["kind"]: {v["value"]: v["events"] for v in one["values"]} for one in
               found["content"]}  # fmt: skip
    assert content == {
        "category": {"茶": 2}, "brand": {"A": 1, "B": 1},
        "product": {"乌龙": 1, "红茶": 1, "首页": 1},
    }  # fmt: skip
    hours = Counter[tuple[int, int]]()
    for number in range(4):
        moment = (NOW - number * (DAY + 5_400_000)) / 1000
        local = dt.datetime.fromtimestamp(moment, zoneinfo.ZoneInfo(ZONE))
        hours[local.weekday(), local.hour] += 1
    told = {(day, hour): n for day, row in enumerate(found["hours"]) for hour, n in enumerate(row)}
    assert {place: n for place, n in told.items() if n} == dict(hours)


def test_the_name_of_a_property_tells_what_it_is_about() -> None:
    names = {
        "category": "category", "product_category": "category", "类目": "category",
        "brand": "brand", "brand_name": "brand", "name": "product", "product_name": "product",
        "商品名称": "product", "page_title": "product", "price": None, "file": None,
        "user_name": None,
    }  # fmt: skip
    assert {name: habits.theme(name) for name in names} == names
