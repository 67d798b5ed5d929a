"""Tags of a pool: by rule and by hand, named by segments, counted when somebody asks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, NotFound, RuleRefused
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from hotspring.settings import Settings
from hotspring.tags import Saved, Value, checked

BOUGHT = {"behaviour": {"event": "Order Completed"}}
OFTEN = {"behaviour": {"event": "Order Completed", "op": "ge", "value": 2}}
SEEN = {"behaviour": {"event": None}}
LEVEL = {"name": "Level", "kind": "rule", "values": [
    {"value": "gold", "rule": OFTEN}, {"value": "silver", "rule": BOUGHT},
    {"value": "none yet", "rule": SEEN}]}  # fmt: skip


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
        deliver(found, "Order Completed", "ann", "ann", "bob")
        deliver(found, "Signed In", "cat")
        yield found


def deliver(app: App, name: str, *who: str) -> None:
    now = time.time_ns() // 1_000_000
    events = [
        Event(f"{name}-{at}-{now}", "track", name, now - 1, (f"user_id:{one}",), now)
        for at, one in enumerate(who)
    ]
    record = Record(DELIVERY, now, pack(Delivery("shop", now, events)), len(events))
    app.pool.wait(app.journal.append([record])[-1])


def save(app: App, said: dict[str, Any], id_: str = "") -> dict[str, Any]:
    return app.pool.tags.save(id_, said, "me", "en")


def counts(app: App, id_: str) -> dict[str, int]:
    return {one["value"]: one["count"] for one in app.pool.tags.one(id_, "en")["values"]}


def matching(app: App, tag: str, *values: str) -> int:
    leaf: dict[str, Any] = {"id": tag, **({"any_of": list(values)} if values else {})}
    return int(app.pool.segments.preview({"tag": leaf})["count"])


def test_the_first_rule_that_is_true_gives_the_value(app: App) -> None:
    level = save(app, LEVEL)
    assert (level["state"], level["count"], level["owner"]) == ("unknown", None, "me")
    assert counts(app, level["id"]) == {"gold": 1, "silver": 1, "none yet": 1}
    told = app.pool.tags.all("en")
    assert [(one["state"], one["count"], one["known"]) for one in told] == [("counted", 3, 3)]
    assert matching(app, level["id"]) == 3
    assert matching(app, level["id"], "gold", "none yet") == 2
    assert app.pool.tags.of_profile("user_id:bob")[0]["value"] == "silver"
    exported = [row for part in app.pool.tags.export(level["id"], None) for row in part]
    assert {(row["identifiers"][0]["value"], row["value"]) for row in exported} == {
        ("ann", "gold"), ("bob", "silver"), ("cat", "none yet"),
    }  # fmt: skip
    (only,) = (row for part in app.pool.tags.export(level["id"], "gold") for row in part)
    assert only["value"] == "gold"
    rows, _ = app.pool.tags.members(level["id"], "silver", 5, None)
    assert [row["id"] for row in rows] == [app.pool.profile("user_id:bob")["id"]]
    with pytest.raises(BadRequest, match="set by its rules"):
        app.pool.tags.mark(level["id"], ["user_id:ann"], "gold", True, "me")


def test_what_is_set_by_hand_says_who_and_when_and_can_be_taken_back(app: App) -> None:
    tags = app.pool.tags
    friend = save(app, {"name": "Friend", "values": [{"value": "old"}, {"value": "new"}]})["id"]
    first = tags.mark(friend, ["user_id:ann", "user_id:bob", "user_id:x"], "old", True, "lin")
    assert (first["found"], first["unknown"]) == (2, ["user_id:x"])
    name = app.pool.profile("user_id:ann")["id"]
    tags.mark(friend, [name], "new", True, "wang")
    (told,) = tags.of_profile("user_id:ann")
    assert (told["name"], told["value"], told["by"]) == ("Friend", "new", "wang")
    off = tags.mark(friend, [name], "", False, "wang")
    assert tags.of_profile(name) == []
    tags.undo(off["entry"], "wang")
    assert counts(app, friend) == {"old": 1, "new": 1}
    tags.undo(first["entry"], "lin")
    assert counts(app, friend) == {"old": 0, "new": 1}
    with pytest.raises(Conflict, match="already"):
        tags.undo(first["entry"], "lin")
    with pytest.raises(NotFound, match="no change"):
        tags.undo(1, "lin")
    with pytest.raises(BadRequest, match="'odd' is no value"):
        tags.mark(friend, [name], "odd", True, "lin")
    with pytest.raises(NotFound, match="none of these"):
        tags.mark(friend, ["p_0000000000000000"], "old", True, "lin")
    history = app.pool.person(name)[0]["tag_history"]
    assert [(one["value"], one["held"], one["taken_back"]) for one in history] == [
        ("old", True, True), ("new", True, False), ("", False, True),
    ]  # fmt: skip


def test_what_names_a_tag_keeps_it_and_follows_it(app: App) -> None:
    level = save(app, LEVEL)["id"]
    rule = {"tag": {"id": level, "any_of": ["gold"]}}
    segment = app.pool.segments.save("", "Best", "", rule, "me", "en")
    assert segment["sentence"] == "The tag “Level” is “gold”"
    told = app.pool.tags.one(level, "en")
    assert told["used_by"] == [{"kind": "segment", "id": segment["id"], "name": "Best"}]
    with pytest.raises(Conflict, match="used by 'Best'"):
        app.pool.tags.delete(level, "me")
    with pytest.raises(Conflict, match="'Best' uses this"):
        save(app, {**LEVEL, "values": LEVEL["values"][1:]}, level)
    rules = ({"segment": {"id": segment["id"]}}, {"trait": {"name": "x"}})
    values = [{"value": f"v{at}", "rule": one} for at, one in enumerate(rules)]
    with pytest.raises(RuleRefused) as refused:
        save(app, {**LEVEL, "values": values}, level)
    assert [(one.place, one.code) for one in refused.value.faults] == [
        ("/values/0/rule/segment/id", "cycle"), ("/values/1/rule/trait/op", "missing"),
    ]  # fmt: skip
    with pytest.raises(BadRequest, match="stays by rule"):
        save(app, {"name": "Level", "kind": "hand"}, level)
    renamed = save(app, {**LEVEL, "name": "Rank", "owner": "CRM"}, level)
    assert (renamed["version"], renamed["owner"], renamed["created_by"]) == (2, "CRM", "me")
    assert app.pool.segments.one(segment["id"], "en")["sentence"] == "The tag “Rank” is “gold”"
    app.pool.segments.delete(segment["id"], "me")
    assert app.pool.tags.delete(level, "me") == "Rank"
    with pytest.raises(RuleRefused):
        matching(app, level)


@pytest.mark.parametrize(("said", "why"), [
    ({"kind": "rule"}, "needs a rule"),
    ({"kind": "rule", "values": [{"value": "a"}]}, "a rule for every value"),
    ({"values": [{"rule": BOUGHT}]}, "has no rules"),
    ({"values": [{"value": "a"}, {"value": " a"}]}, "there twice"),
    ({"values": [{"value": "a"}, {"value": " "}]}, "needs a word"),
    ({"values": [{"value": str(n)} for n in range(101)]}, "at most 100"),
    ({"values": [{"value": "a" * 101}]}, "at most 100"),
    ({"owner": "a" * 101}, "at most 100"),
])  # fmt: skip
def test_a_tag_that_means_nothing_is_refused(said: dict[str, Any], why: str) -> None:
    values = [Value(**one) for one in said.get("values", ())]
    with pytest.raises(BadRequest, match=why):
        checked(said.get("kind", "hand"), values, said.get("owner", ""))


def test_a_thousand_tags_are_listed_without_asking_anything(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [
        msgspec.json.encode(
            Saved(f"tg_{n}", f"Tag {n}", owner="me", kind="rule", values=(Value(rule=BOUGHT),))
        ).decode()
        for n in range(1_000)
    ]
    app.pool._deciding.decide_all("tag", bodies, "me")

    def asked(*_: Any) -> Any:
        raise AssertionError("something was counted")

    monkeypatch.setattr(app.pool.tags._ground.asking, "truths", asked)
    told = app.pool.tags.all("zh")
    assert len(told) == 1_000
    assert {one["state"] for one in told} == {"unknown"}


def test_who_is_erased_leaves_no_tag(tmp_path: Path) -> None:
    with opened(tmp_path) as app:
        deliver(app, "Order Completed", "ann", "bob")
        friend = save(app, {"name": "Friend"})["id"]
        app.pool.tags.mark(friend, ["user_id:ann", "user_id:bob"], "", True, "me")
        plan = app.pool.erasures.plan("user_id:ann", time.time_ns() // 1_000_000)
        now = time.time_ns() // 1_000_000
        app.pool.erasures.confirm("user_id:ann", plan["confirm"], "me", now)
        rows = app._store.query("SELECT count(*) AS n FROM tagged").to_pylist()
        assert rows == [{"n": 1}]
        app.pool.erasures.readmit("user_id:ann", "me", now)
        deliver(app, "Signed In", "ann")
        assert app.pool.tags.of_profile("user_id:ann") == []
        assert matching(app, friend) == 1
    with opened(tmp_path) as app:
        assert app._store.query("SELECT count(*) AS n FROM tagged").to_pylist() == [{"n": 1}]
        assert matching(app, friend) == 1
