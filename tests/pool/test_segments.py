"""A rule over an open pool names whom a look at each person would name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from hotspring.errors import RuleRefused
from hotspring.event import Event, Flag, Place
from hotspring.rules import LEAVES, Question, read
from tests.laws.folding import DAY, HOUR, NOW, Folding
from tests.rules.pools import pool as people_of
from tests.rules.reference import Reference
from tests.rules.some import CATALOGUE, behaviours, sequences

XIHU = Place(120.13, 30.26, "gps", 50.0, 330_106)
SHANGHAI = Place(121.47, 31.23, "city", 60_000.0, 310_000)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120.0, 30.0], [120.5, 30.0], [120.5, 30.5], [120.0, 30.5], [120.0, 30.0]]],
}


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    for module in ("segments", "pool"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)
    with Folding(tmp_path) as found:
        yield found


def event(who: str, ms: int, name: str = "Other", **more: Any) -> Event:
    properties = json.dumps(more.pop("properties", {}))
    given = {"type": "track", "channel": "app", **more}
    kind = given.pop("type")
    ids = given.pop("ids", (f"user_id:{who}",))
    number = abs(hash((who, ms, name, properties))) % 2**60
    return Event(
        f"{who}-{ms}-{name}-{number}", kind, name, ms, ids, number, properties=properties, **given
    )


def matching(pool: Folding, rule: Any) -> set[str]:
    """The user ids of whom the rule is true."""
    segments = pool.app.pool.segments
    catalogue = segments._vocabulary.catalogue(NOW)
    found = segments._asking.answer(Question(read(rule, catalogue), catalogue, NOW), 1_000)
    assert found.matches == len(found.sample)
    profiles = [pool.app.pool._profiles.read(slot, NOW) for slot in found.sample.tolist()]
    return {
        one["value"] for row in profiles for one in row["identifiers"] if one["kind"] == "user_id"
    }


def test_facts_of_people(pool: Folding) -> None:
    area = pool.app.pool.heatmap.territory.add_areas(SQUARE, "West lake", "me")["items"][0]["id"]
    pool.deliver([
        event("ann", NOW - DAY, "Order Completed", amount=90_000.0, currency="CNY", place=XIHU,
              traits='{"set":{"city":"Hangzhou","age":31,"born":"1995-02-03","likes":["tea",3]}}',
              ids=("user_id:ann", "phone:+8613800138000")),
        event("bob", NOW - 2 * DAY, place=SHANGHAI,
              traits='{"set":{"city":"Shanghai","age":"31"}}'),
        event("bob", NOW - DAY, traits='{"increment":{"visits":2},"append":{"likes":"tea"}}'),
        event("cat", NOW - DAY, traits='{"set":{"city":"Hangzhou","visits":1,"age":7}}'),
        event("cat", NOW - HOUR, traits='{"unset":["city"],"increment":{"visits":4}}'),
        event("", NOW - HOUR, ids=("anonymous_id:x",), traits='{"set":{"city":"Hangzhou"}}'),
    ])  # fmt: skip

    def trait(name: str, op: str, value: Any) -> set[str]:
        return matching(pool, {"trait": {"name": name, "op": op, "value": value}})

    assert trait("city", "eq", "Hangzhou") == {"ann"}, "anonymous ones are not counted"
    assert trait("city", "ne", "Hangzhou") == {"bob", "cat"}
    assert trait("age", "ge", 8) == {"ann"}, "a text is no number"
    assert trait("visits", "between", [2, 5]) == {"bob", "cat"}
    assert trait("likes", "contains", "tea") == {"ann", "bob"}
    assert trait("born", "during", {"to": {"at": "1995-02-04"}}) == {"ann"}
    traits = pool.app.pool.segments._asking._traits
    for name, value, count in (
        ("city", "Hangzhou", 2), ("visits", "5", 1), ("age", "31", 2), ("likes", '["tea"]', 1),
        ("likes", '["tea",3]', 1), ("city", '"Hangzhou"', 0), ("nothing", "x", 0),
    ):  # fmt: skip
        assert traits.mask(name, value, NOW).sum() == count, "as the map filters, anonymous too"
    ann = pool.app.pool.profile("user_id:ann")
    assert matching(pool, {"band": {"any_of": [ann["band"]]}}) == {"ann"}
    assert matching(pool, {"band": {"any_of": ["cold"]}}) == {"bob", "cat"}
    assert matching(pool, {"temperature": {"op": "ge", "value": ann["temperature"] - 1}}) == {"ann"}
    assert matching(pool, {"identifier": {"kind": "phone"}}) == {"ann"}
    assert matching(pool, {"district": {"any_of": ["33", "310101"]}}) == {"ann"}
    assert matching(pool, {"district": {"any_of": ["31"]}}) == {"bob"}
    assert matching(pool, {"trade_area": {"any_of": [area]}}) == {"ann"}


def test_soon_cooling_is_what_the_law_says(pool: Folding) -> None:
    amounts = {f"u{n}": 40.0 * 3**n for n in range(9)}
    names = ("Order Completed", "Order Refunded")
    pool.deliver([
        event(who, NOW - (n + 1) * DAY, name, amount=amount, currency="CNY")
        for n, (who, amount) in enumerate(amounts.items())
        for name in (names if n % 2 else names[:1])
    ])  # fmt: skip
    for days in (1, 10, 40, 200):
        rule = {"next_band": {"within": {"amount": days}, "any_of": ["warm", "cool"]}}
        told = [pool.app.pool._profiles.read(pool.app.pool._slot(f"user_id:{who}", NOW), NOW)
                for who in amounts]  # fmt: skip
        soon = {
            who for who, one in zip(amounts, told, strict=True)
            if one["next_band"] in ("warm", "cool")
            and one["next_band_at"] <= pool_iso(NOW + days * DAY)
        }  # fmt: skip
        assert matching(pool, rule) == soon


def pool_iso(ms: int) -> str:
    from hotspring.pool import iso

    return iso(ms)


def test_consent_as_it_stands(pool: Folding) -> None:
    def decided(who: str, ms: int, *given: tuple[str, bool]) -> Event:
        body = [{"purpose": "marketing", "channel": c, "given": yes} for c, yes in given]
        return event(who, ms, "consent", type="consent", properties={"decisions": body})

    pool.deliver([
        decided("ann", NOW - 3 * DAY, ("", True), ("sms", False)),
        decided("bob", NOW - 3 * DAY, ("sms", True)),
        decided("bob", NOW - 2 * DAY, ("", False)),
        decided("cat", NOW - 2 * DAY, ("sms", True), ("sms", False)),
    ])  # fmt: skip

    def consent(channel: str, yes: bool) -> set[str]:
        leaf = {"purpose": "marketing", "channel": channel, "given": yes}
        return matching(pool, {"consent": leaf})

    assert consent("", True) == {"ann"}
    assert consent("", False) == {"bob"}
    assert consent("sms", True) == set()
    assert consent("sms", False) == {"ann", "bob", "cat"}


def test_machines_and_shared_devices(pool: Folding) -> None:
    pool.deliver([
        event("ann", NOW - DAY, "Product Viewed"),
        event("bob", NOW - DAY, "Product Viewed", flags=int(Flag.BOT)),
        event("cat", NOW - DAY, "Product Viewed"),
    ])  # fmt: skip
    for n, who in enumerate(("ann", "bob", "ann", "bob")):
        both = (f"user_id:{who}", "anonymous_id:tablet")
        pool.deliver([event(who, NOW - (9 - n) * HOUR, "Signed In", ids=both),
                      event("", NOW - (9 - n) * HOUR + 1, f"tap {who}",
                            ids=("anonymous_id:tablet",))])  # fmt: skip
    did = {"behaviour": {"event": "Product Viewed"}}
    assert matching(pool, did) == {"ann", "cat"}
    assert matching(pool, {"not": did}) == {"bob"}
    now = pool.app.pool._bots.body(["user_id:cat"], [], "a scanner", NOW)
    pool.command("flag", now | {"verdict": "machine"})
    later = pool.app.pool._bots.body(["user_id:bob"], [], "a person", NOW)
    pool.command("flag", later | {"verdict": "human"})
    assert matching(pool, did) == {"ann", "bob"}
    for who in ("ann", "bob"):
        assert matching(pool, {"behaviour": {"event": f"tap {who}", "value": 2}}) == {who}


def test_what_the_pool_does_not_have_is_refused(pool: Folding) -> None:
    pool.deliver([event("ann", NOW - DAY)])
    for leaf in (
        {"tag": {"id": "vip"}}, {"score": {"id": "x", "op": "ge", "value": 1}},
        {"tier": {"id": "x", "any_of": ["y"]}},
        {"segment": {"id": "x"}}, {"trait": {"name": "x", "op": "eq", "value": 1}},
    ):  # fmt: skip
        with pytest.raises(RuleRefused) as refused:
            pool.app.pool.segments.preview(leaf)
        assert [fault.code for fault in refused.value.faults] == ["unknown_name"]


def test_properties_of_any_name_and_kind(pool: Folding) -> None:
    names = ('a"b', "it's", "x\\y", "a/b", "m~n", "[*]", "$", "用户", "' OR 1=1 --")
    told = {**dict.fromkeys(names, 5), "text": "5", "deep": {"er": True}, "at": "2025-10-01",
            "until": "2025-10-01T08:00:00+09:00", "list": ["x", 3]}  # fmt: skip
    pool.deliver([event("ann", NOW - DAY, properties=told), event("bob", NOW - DAY)])

    def where(name: str, op: str, value: Any) -> set[str]:
        asked = {"field": f"properties.{name}", "op": op, "value": value}
        return matching(pool, {"behaviour": {"event": "Other", "where": [asked]}})

    for name in names:
        assert where(name, "eq", 5) == {"ann"}, name
        assert where(name, "ne", 5) == {"bob"}, name
    assert where("text", "eq", "5") == {"ann"}
    assert where("deep.er", "eq", True) == {"ann"}
    assert where("deep", "exists", True) == {"ann"}
    assert where("list", "contains", "x") == {"ann"}
    window = {"from": {"at": "2025-10-01"}, "to": {"at": "2025-10-01T00:00:00.001"}}
    assert where("at", "during", window) == {"ann"}, "a date begins in the zone of the pool"
    window = {"from": {"at": "2025-09-30T23:00:00Z"}, "to": {"at": "2025-09-30T23:00:01Z"}}
    assert where("until", "during", window) == {"ann"}


def test_a_name_that_came_since_is_found(pool: Folding, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.deliver([event("ann", NOW - DAY)])
    pool.app.pool.segments.preview({"behaviour": {"event": "Other"}})
    pool.deliver([event("ann", NOW - HOUR, "Signed In")])
    later = {"behaviour": {"event": "Signed In"}}
    with pytest.raises(RuleRefused):
        pool.app.pool.segments.preview(later)
    monkeypatch.setattr("hotspring.pool.segments.clock", lambda: NOW + 10_000)
    assert pool.app.pool.segments.preview(later)["count"] == 1


def test_places_are_named_in_the_language_of_the_sentence(pool: Folding) -> None:
    found = pool.app.pool.segments.preview({"district": {"any_of": ["33", "3301", "330106"]}})
    assert found["sentence"] == {
        "zh": "最近出现在浙江省、杭州市或西湖区",
        "en": "Was last seen in Zhejiang, Hangzhou or Xihu",
    }


def test_a_preview_tells_count_sample_and_sentence(pool: Folding) -> None:
    pool.deliver([event(f"u{n}", NOW - DAY, "Order Completed", amount=5.0) for n in range(30)])
    found = pool.app.pool.segments.preview({"behaviour": {"event": "Order Completed"}})
    assert (found["count"], len(found["sample"])) == (30, 10)
    assert found["sentence"] == {"zh": "做过「Order Completed」", "en": "Did “Order Completed”"}
    known = pool.app.pool.segments.vocabulary()
    assert set(known["leaves"]) == set(LEAVES)
    assert known["events"] == {"Order Completed": {}}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """People with events of all kinds, in a pool and as the reference reads them."""
    people = people_of(3, 40)
    for number, one in enumerate(people):
        for at, each in enumerate(one["events"]):
            # The reference's own times, apart from each other, so that no two are one event.
            each["ms"] += (number * 97 + at) % 3
    with Folding(tmp_path_factory.mktemp("crowd")) as found:
        found.deliver([event(f"p{n}", NOW - DAY, "Other") for n in range(len(people))])
        found.deliver([_told(n, at, e) for n, one in enumerate(people)
                       for at, e in enumerate(one["events"])])  # fmt: skip
        yield Crowd(found, people)


class Crowd:
    """A pool, and its people as the reference reads them."""

    def __init__(self, pool: Folding, people: list[dict[str, Any]]) -> None:
        self.pool = pool
        self.people = people


def _told(number: int, at: int, each: dict[str, Any]) -> Event:
    import datetime

    properties = {k: v for k, v in each["properties"].items() if v is not None}
    if "d" in properties:
        moment = datetime.datetime.fromtimestamp(properties["d"] / 1000, datetime.UTC)
        properties["d"] = moment.isoformat(timespec="milliseconds")
    return Event(
        f"{number}-{at}", "track", each["name"], each["ms"], (f"user_id:p{number}",),
        number * 100 + at, properties=json.dumps(properties), channel=each["channel"],
        device=each["device"], amount=each["amount"], currency=each["currency"],
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(behaviours() | sequences())
def test_behaviour_over_the_store_agrees_with_the_reference(crowd: Crowd, leaf: Any) -> None:
    pool, people = crowd.pool, crowd.people
    rule = {"behaviour" if "measure" in leaf else "sequence": leaf}
    # The catalogue of the pool, but with the rates that the reference uses.
    catalogue = CATALOGUE
    found = pool.app.pool.segments._asking.answer(
        Question(read(rule, catalogue), catalogue, NOW), 1_000
    )
    slots = {n: pool.app.pool._slot(f"user_id:p{n}", NOW) for n in range(len(people))}
    other = {"name": "Other", "ms": NOW - DAY, "channel": "app", "device": "", "source": "shop",
             "amount": None, "currency": "", "properties": {}}  # fmt: skip
    reference = Reference(NOW, CATALOGUE)
    expected = {
        slots[n] for n, one in enumerate(people)
        if reference.true(rule, {**one, "events": [other, *one["events"]]})
    }  # fmt: skip
    assert set(found.sample.tolist()) == expected
