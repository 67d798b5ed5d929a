"""Discovered groups of a pool: found, said, found again, kept as a tag, repeated by a rebuild."""

from __future__ import annotations

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
from tests.pool.test_scores import DAY, opened

BY = [
    {"trait": {"name": "city"}}, {"trait": {"name": "age"}}, {"temperature": {}},
    {"rfm": {"figure": "monetary"}}, {"behaviour": {"event": "Page Viewed"}}, {"band": {}},
    {"lifecycle": {}},
]  # fmt: skip
WAIT = 60.0


def deliver(app: App, *people: tuple[str, str, int, int]) -> None:
    """Who (name, city, age, orders) bought and looked; everybody once looked at a page."""
    now = time.time_ns() // 1_000_000
    events = []
    for name, city, age, orders in people:
        who = (f"user_id:{name}",)
        traits = f'{{"set":{{"city":"{city}","age":{age}}}}}'
        events.append(Event(f"i-{name}-{now}", "identify", "", now - DAY, who, now, traits=traits))
        events += [
            Event(f"o-{name}-{at}-{now}", "track", "Order Completed", now - at * DAY - 5, who, now,
                  amount=100.0 + age, currency="CNY")
            for at in range(orders)
        ]  # fmt: skip
        events.append(Event(f"p-{name}-{now}", "track", "Page Viewed", now - 9, who, now))
    record = Record(DELIVERY, now, pack(Delivery("shop", now, events)), len(events))
    app.pool.wait(app.journal.append([record])[-1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clusters")


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[App]:
    with opened(folder) as found:
        deliver(found, *[(f"a{n}", "Shanghai", 25 + n % 5, 6 + n % 3) for n in range(40)])
        deliver(found, *[(f"b{n}", "Chengdu", 60 + n % 5, 0) for n in range(60)])
        yield found


def ended(app: App, id_: str) -> dict[str, Any]:
    end = time.monotonic() + WAIT
    while (one := app.pool.clusters.one(id_, "en"))["state"] in ("queued", "running"):
        assert time.monotonic() < end, one
        time.sleep(0.01)
    return dict(one)


def value(app: App, who: str) -> str | None:
    found = app.pool.tags.of_profile(f"user_id:{who}")
    return found[0]["value"] if found else None


def test_groups_are_found_kept_as_a_tag_and_found_again(app: App) -> None:
    clusters = app.pool.clusters
    made = clusters.save("", {"name": "Kinds", "traits": BY, "count": 2}, "me", "en")
    one = ended(app, made["id"])
    assert (one["state"], one["error"]) == ("done", "")
    cold, warm = one["found"]["groups"]
    assert (cold["profiles"], warm["profiles"]) == (60, 40)
    assert warm["temperature"] > cold["temperature"]
    assert one["found"]["moved"] is None
    said = {fact["label"]: fact["sentence"] for fact in warm["facts"]}
    assert said["city"] == "city is Shanghai: 100%, of the others 0%"
    assert said["money of orders"].endswith("the others 0")
    assert clusters.one(made["id"], "zh")["found"]["groups"][0]["facts"][0]["sentence"]

    tagged = clusters.tag(made["id"], "", "me", "en")
    assert tagged["tag_name"] == "Kinds"
    assert {value(app, "a1"), value(app, "b1")} == {warm["name"], cold["name"]}
    rule = {"tag": {"id": tagged["tag"], "any_of": [warm["name"]]}}
    assert app.pool.segments.preview(rule)["count"] == 40
    with pytest.raises(Conflict, match="a tag already"):
        clusters.tag(made["id"], "", "me", "en")
    with pytest.raises(Conflict, match="Kinds"):
        app.pool.tags.delete(tagged["tag"], "me")

    names = {warm["id"]: "Buyers"}
    given = {"name": "Kinds", "traits": BY, "count": 2, "names": names}
    renamed = clusters.save(made["id"], given, "me", "en")
    assert [one["name"] for one in renamed["found"]["groups"]] == [cold["name"], "Buyers"]
    assert value(app, "a1") == "Buyers"
    deliver(app, *[(f"c{n}", "Shanghai", 27, 7) for n in range(5)])
    deliver(app, ("b1", "Shanghai", 26, 8))
    assert value(app, "c1") is None
    clusters.refresh(made["id"], "me", "en")
    again = ended(app, made["id"])
    assert (again["state"], again["error"]) == ("done", "")
    kept = [(one["id"], one["name"], one["profiles"]) for one in again["found"]["groups"]]
    assert kept == [(cold["id"], cold["name"], 59), (warm["id"], "Buyers", 46)]
    assert again["found"]["moved"] == {"compared": 100, "profiles": 1, "gone": []}
    assert [value(app, who) for who in ("c1", "b1", "b2")] == ["Buyers", "Buyers", cold["name"]]

    before = clusters.all("en")
    app.pool.rebuild("me")
    assert clusters.all("en") == before
    assert value(app, "c1") == "Buyers"
    clusters.delete(made["id"], "me")
    with pytest.raises(NotFound):
        clusters.one(made["id"], "en")
    assert value(app, "b1") == "Buyers"


def test_what_cannot_be_found_says_why(app: App) -> None:
    clusters = app.pool.clusters
    with pytest.raises(RuleRefused) as refused:
        clusters.save("", {"name": "x", "traits": [{"trait": {"name": "no"}}]}, "me", "en")
    assert [fault.place for fault in refused.value.faults] == ["/traits/0/trait/name"]
    with pytest.raises(BadRequest, match="choose 1 to 20 traits"):
        clusters.save("", {"name": "x", "traits": []}, "me", "en")
    with pytest.raises(RuleRefused):
        clusters.save("", {"name": "x", "traits": [{"score": {"id": "sc_1"}}]}, "me", "en")
    long_ago = {"from": {"ago": 3_000}, "to": {"ago": 2_000}}
    same = [{"behaviour": {"event": "Page Viewed", "window": long_ago}}]
    made = clusters.save("", {"name": "Alike", "traits": same}, "me", "en")
    one = ended(app, made["id"])
    assert one["state"] == "failed"
    assert "nothing tells the profiles apart" in one["error"]
    assert one["found"] is None
    with pytest.raises(Conflict, match="no groups were found yet"):
        clusters.tag(made["id"], "", "me", "en")
    changed = clusters.save(
        made["id"], {"name": "Ages", "traits": [{"trait": {"name": "age"}}], "daily": True},
        "me", "en",
    )  # fmt: skip
    assert changed["daily"]
    one = ended(app, made["id"])
    assert len(one["found"]["groups"]) == 2
    stamp = one["found"]["as_of"]
    clusters.tick(time.time_ns() // 1_000_000)
    assert ended(app, made["id"])["found"]["as_of"] == stamp
    clusters.tick(time.time_ns() // 1_000_000 + DAY)
    assert ended(app, made["id"])["found"]["as_of"] > stamp
    clusters.delete(made["id"], "me")


def test_what_was_found_is_there_after_a_restart(folder: Path) -> None:
    with opened(folder / "again") as app:
        deliver(app, *[(f"a{n}", "Shanghai", 20 + n % 3, 3) for n in range(40)])
        deliver(app, *[(f"b{n}", "Chengdu", 70 + n % 3, 0) for n in range(40)])
        made = app.pool.clusters.save("", {"name": "Kinds", "traits": BY[:2]}, "me", "zh")
        before = ended(app, made["id"])
    with opened(folder / "again") as app:
        assert app.pool.clusters.one(made["id"], "en")["found"] == before["found"]
