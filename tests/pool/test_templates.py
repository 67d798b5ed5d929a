"""Templates over an open pool: what is switched on is what people would have saved by hand."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.collect import Judge, SourceFacts
from hotspring.demo.brand import Brand
from hotspring.demo.people import People
from hotspring.demo.sender import body
from hotspring.errors import Conflict, NotFound
from hotspring.settings import Settings
from hotspring.templates import templates
from tests.laws.folding import DAY, NOW, Folding
from tests.pool.test_segments import event

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
DAYS = 6


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    for module in ("segments", "pool", "tags", "scores", "templates"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)
    with Folding(tmp_path) as found:
        monkeypatch.setattr(found.app.pool._deciding, "wait", lambda position: found.apply())
        yield found


def shoppers() -> list[Any]:
    """Half of ten people buy milk powder, all of them look at fruit."""
    found = []
    for n in range(10):
        about = {"category": "奶粉"}
        if n < 5:
            found.append(event(f"u{n}", NOW - 3 * DAY - n, "Product Added", properties=about))
        seen = {"category": "水果"}
        found.append(event(f"u{n}", NOW - 2 * DAY - n, "Product Viewed", properties=seen))
        found.append(event(f"u{n}", NOW - DAY - n, "Store Visited"))
    return found


def on(pool: Folding, *items: str, **how: Any) -> dict[str, str]:
    given = {"names": {}, "replace": False, "rules": False, "language": "zh", **how}
    names, replace, rules = given["names"], given["replace"], given["rules"]
    done = pool.app.pool.templates.apply(
        "retail", names, items, replace, rules, "me", given["language"]
    )
    return {one["id"]: one["outcome"] for one in done}


def off(pool: Folding, *items: str, rules: bool = False) -> dict[str, str]:
    done = pool.app.pool.templates.remove("retail", items, rules, "me", "zh")
    return {one["id"]: one["outcome"] for one in done}


def commands(pool: Folding) -> int:
    rows = pool.app.pool._store.query("SELECT count(*) AS n FROM commands")
    return int(rows.column("n")[0].as_py())


def item(pool: Folding, id_: str, **how: Any) -> dict[str, Any]:
    told = pool.app.pool.templates.one(
        "retail", how.get("names", {}), "zh", how.get("count", False)
    )
    return next(one for one in told["items"] if one["id"] == id_)


def test_an_empty_pool_reads_every_item_and_can_switch_on_none(pool: Folding) -> None:
    for language in ("zh", "en"):
        for told in pool.app.pool.templates.all(language):
            assert told["size"] == len(templates()[told["id"]].items)
            assert (told["on"], told["able"]) == (0, 0)
            whole = pool.app.pool.templates.one(told["id"], {}, language, count=True)
            for one in whole["items"]:
                assert one["problems"]
                assert one["count"] is None
                assert all(part["sentence"] for part in one["parts"])
            assert not any(one["there"] for one in whole["names"] if one["kind"] != "words")
    before = commands(pool)
    assert set(on(pool).values()) == {"lacking"}
    assert commands(pool) == before


def test_on_the_simulated_brand_what_can_be_asked_is_asked(pool: Folding) -> None:
    first = dt.datetime.fromtimestamp(NOW / 1000, ZONE).date() - dt.timedelta(days=DAYS)
    brand = Brand(3, first, ZONE, People(3, founders=120, newcomers=4))
    judge = Judge(Settings())
    protocol = judge.protocols["/v1/batch"]
    for day in range(DAYS):
        calls = brand.day(day)
        envelope = protocol.decode("/v1/batch", b"", {}, body(calls), 50_000_000)
        pool.deliver(judge.judge(envelope, SourceFacts("demo"), NOW)[0], received=NOW)
    able = {}
    for id_ in templates():
        told = pool.app.pool.templates.one(id_, {}, "en", count=True)
        able[id_] = {one["id"] for one in told["items"] if one["ready"]}
        for one in told["items"]:
            assert (one["count"] is not None) == (one["ready"] and one["kind"] != "rule")
        done = pool.app.pool.templates.apply(id_, {}, [], False, False, "me", "en")
        made = {one["id"] for one in done if one["outcome"] == "created"}
        assert made == {
            one["id"] for one in told["items"] if one["ready"] and one["kind"] != "rule"
        }
    assert {"baby_buyers", "taste", "buying", "store_visited"} <= able["retail"]
    goods = next(
        one for one in pool.app.pool.templates.one("retail", {}, "en")["names"]
        if one["key"] == "goods"
    )  # fmt: skip
    assert goods["name"] == "Product Added", "orders of the brand tell no category"
    assert goods["seen"] > 0
    shares = {
        one["key"]: (one["there"], one["share"])
        for one in pool.app.pool.templates.one("retail", {}, "en")["names"]
        if one["kind"] == "property"
    }
    assert shares["category"] == (True, 1.0)
    assert all(share is None or 0 <= share <= 1 for _, share in shares.values())


def test_what_is_switched_on_is_what_is_saved_by_hand(pool: Folding) -> None:
    pool.deliver(shoppers())
    told = item(pool, "baby_buyers", count=True)
    assert (told["count"], told["state"], told["ready"]) == (5, "off", True)
    assert on(pool, "baby_buyers", "taste", "buying") == {
        "baby_buyers": "created", "taste": "created", "buying": "lacking"
    }  # fmt: skip
    kept = pool.app.pool.segments.one(told["made"], "zh")
    assert kept["name"] == "母婴买家"
    by_hand = pool.app.pool.segments.save("", "同样", "", kept["rule"], "me", "zh")
    pool.app.pool.segments.membership.tick(NOW)
    pool.apply()
    pages = [
        pool.app.pool.segments.members(one, 10, None)[0] for one in (kept["id"], by_hand["id"])
    ]
    assert pages[0] == pages[1]
    assert len(pages[0]) == 5
    tag = pool.app.pool.tags.one(item(pool, "taste")["made"], "zh")
    assert [one["value"] for one in tag["values"]] == ["母婴", "生鲜", "家电", "数码"]
    assert tag["values"][0]["count"] == 5


def test_switched_on_twice_it_is_there_once_in_any_language(pool: Folding) -> None:
    pool.deliver(shoppers())
    first = on(pool)
    assert set(first.values()) == {"created", "lacking", "not_allowed"}
    before = commands(pool)
    for language in ("zh", "en"):
        again = on(pool, language=language)
        assert again == {
            one: "unchanged" if what == "created" else what for one, what in first.items()
        }
    assert commands(pool) == before


def test_what_people_changed_stays_unless_they_say_otherwise(pool: Folding) -> None:
    pool.deliver(shoppers())
    on(pool, "baby_buyers")
    made = item(pool, "baby_buyers")["made"]
    rule = {"behaviour": {"event": "Store Visited"}}
    pool.app.pool.segments.save(made, "我的叫法", "", rule, "me", "zh")
    assert item(pool, "baby_buyers")["state"] == "changed"
    assert on(pool, "baby_buyers") == {"baby_buyers": "kept"}
    names = {"baby": ["水果"], "goods": "Product Viewed"}
    assert on(pool, "baby_buyers", names=names, replace=True) == {"baby_buyers": "replaced"}
    kept = pool.app.pool.segments.one(made, "zh")
    assert kept["name"] == "我的叫法"
    assert kept["rule"]["behaviour"]["where"][0]["value"] == "水果"
    assert item(pool, "baby_buyers", names=names)["state"] == "on"


def test_it_is_taken_off_again_where_nothing_uses_it(pool: Folding) -> None:
    pool.deliver(shoppers())
    on(pool, "baby_buyers", "taste")
    made = item(pool, "baby_buyers")["made"]
    user = pool.app.pool.segments.save("", "x", "", {"segment": {"id": made}}, "me", "zh")
    assert off(pool, "baby_buyers", "taste", "buying") == {
        "baby_buyers": "used", "taste": "deleted", "buying": "absent"
    }  # fmt: skip
    pool.app.pool.segments.delete(user["id"], "me")
    assert off(pool, "baby_buyers") == {"baby_buyers": "deleted"}
    with pytest.raises(NotFound):
        pool.app.pool.segments.one(made, "zh")
    assert on(pool, "baby_buyers") == {"baby_buyers": "created"}
    pool.app.pool.segments.membership.tick(NOW)
    pool.apply()
    assert len(pool.app.pool.segments.members(made, 10, None)[0]) == 5


def test_rules_of_temperature_are_proposed_and_nothing_more(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.deliver(shoppers())
    tried: list[Any] = []

    def preview(body: Any, *_: Any) -> dict[str, str]:
        tried.append(body)
        return {"id": "pv"}

    rulebook = pool.app.pool.rulebook
    monkeypatch.setattr(rulebook, "preview", preview)
    assert on(pool, "store_visited") == {"store_visited": "not_allowed"}
    asked = {"rules": True}
    assert on(pool, "store_visited", "live_viewed", **asked) == {
        "live_viewed": "lacking", "store_visited": "proposed"
    }  # fmt: skip
    before = rulebook.now()
    assert [one["id"] for one in tried[0]["rules"][:-1]] == [
        one["id"] for one in before["body"]["rules"]
    ]
    assert item(pool, "store_visited")["state"] == "off", "it was only proposed"
    rulebook.put(tried[0], "me")
    assert item(pool, "store_visited")["state"] == "on"
    assert on(pool, "store_visited", **asked) == {"store_visited": "unchanged"}
    assert off(pool, "store_visited", rules=True) == {"store_visited": "proposed"}
    assert {**tried[-1], "rules": tuple(tried[-1]["rules"])} == before["body"]

    def busy(*_: Any) -> None:
        raise Conflict("preview pv is running")

    monkeypatch.setattr(rulebook, "preview", busy)
    assert off(pool, "store_visited", rules=True) == {"store_visited": "refused"}
