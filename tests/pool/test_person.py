"""A person gets all that is held of them, and nothing of anybody else."""

from __future__ import annotations

import json
import re
import zoneinfo
from pathlib import Path
from typing import Any

import pytest

from hotspring.delivery import pack
from hotspring.event import Delivery, Event, Flag, Refused
from hotspring.journal import DELIVERY, Record
from hotspring.privacy.mentions import Mentions
from hotspring.settings import Settings
from hotspring.web.person_page import OWN, page
from hotspring.web.person_words import FIELDS, TITLES
from tests.laws.folding import HOUR, NOW, Folding


@pytest.fixture
def pool(tmp_path: Path):
    with Folding(tmp_path / "pool") as opened:
        yield opened


def event(message: str, *ids: str, **more: Any) -> Event:
    given = {"type": "track", "name": "Signed In", "ms": NOW, "content": 1, **more}
    return Event(message_id=message, ids=ids, **given)


def names_of(value: Any) -> set[str]:
    """The names of all fields but those that clients chose."""
    if isinstance(value, list):
        return set().union(*map(names_of, value))
    if not isinstance(value, dict):
        return set()
    inner = (names_of(part) for name, part in value.items() if name not in OWN)
    return set(value).union(*inner)


def test_all_of_one_person_is_told_and_nothing_of_another(pool: Folding) -> None:
    lin, wang = ("user_id:lin-7001", "phone:+8613800138000"), ("user_id:wang-1",)
    decision = {"purpose": "marketing", "given": True, "proof": "form 7"}
    pool.deliver(
        [
            event("one", *lin, ms=NOW - HOUR, traits='{"set":{"city":"杭州"}}'),
            event("two", lin[0], type="consent", properties=json.dumps({"decisions": [decision]})),
            event("file", lin[1], flags=int(Flag.IMPORTED), context='{"locale":"zh-CN"}'),
            event("other", *wang, traits='{"set":{"city":"Suzhou"}}', properties='{"x":"secret"}'),
        ]
    )
    bodies = ['{"userId":"lin-7001","timestamp":"?"}', '{"userId":"wang-1"}', '{"n":13800138000}']
    refused = [Refused(n, f"r{n}", "bad_timestamp", "why", body) for n, body in enumerate(bodies)]
    body = pack(Delivery("shop", NOW, [], refused))
    pool.app.journal.append([Record(DELIVERY, NOW, body)])
    pool.app.pipeline.announce(NOW, everyone=True)
    pool.apply()
    name = pool.app.pool.profile(lin[0])["id"]
    pool.app.pool._person._audit.record_personal("a", "profile.opened", name)
    pool.app.operations.add_import(
        id="i", preset="orders", name="may.csv", size=1, started_ms=NOW - 1, by="me"
    )
    pool.command("refuse", {"id": "r1", "a": "user_id:lin-7001", "b": "card:9"})
    pool.command("refuse", {"id": "r2", "a": "user_id:wang-1", "b": "card:9"})

    facts, portions = pool.app.pool.person(lin[1])
    events = [row for portion in portions for row in portion]
    assert [row["message_id"] for row in events] == ["one", "two", "file"]
    assert events[0]["identifiers"] == list(lin)
    assert events[2]["marks"] == ["imported"]
    assert events[2]["context"] == {"locale": "zh-CN"}
    assert [row["value"] for row in facts["trait_history"]] == ["杭州"]
    assert facts["consent_history"][0]["proof"] == "form 7"
    assert [row["message_id"] for row in facts["quarantine"]] == ["r0", "r2"]
    assert [row["body"]["id"] for row in facts["decisions"]] == ["r1"]
    assert [row["name"] for row in facts["imports"]] == ["may.csv"]
    assert [row["action"] for row in facts["audit"]] == ["profile.opened"]
    assert facts["names"][0] == name
    assert len(facts["names"]) == 2
    assert names_of([facts, events]) - {"names"} <= {*TITLES, *FIELDS}
    for lang in ("zh", "en"):
        text = b"".join(page(facts, [events], lang, zoneinfo.ZoneInfo("Asia/Shanghai"))).decode()
        assert "Asia/Shanghai" in text
        assert f"<dt>{FIELDS['proof'][lang == 'en']}<dd>form 7" in text
        labels = "".join(re.findall(r"<(?:dt|h1|h2)>([^<]*)", text))
        assert bool(re.search("[\u4e00-\u9fff]", labels)) == (lang == "zh")
    whole = json.dumps([facts, events])
    assert not any(text in whole for text in ("wang", "Suzhou", "secret"))


def test_every_event_comes_once_however_many_there_are(pool: Folding, monkeypatch) -> None:
    monkeypatch.setattr("hotspring.pool.person.PORTION", 7)
    pool.deliver([event(f"m{n}", "user_id:lin", ms=NOW - n % 3, content=n) for n in range(40)])
    _, portions = pool.app.pool.person("user_id:lin")
    told = [row["message_id"] for portion in portions for row in portion]
    assert sorted(told) == sorted(f"m{n}" for n in range(40))


def test_a_person_is_found_in_raw_texts_however_they_are_written() -> None:
    from hotspring.collect import Judge

    form = Judge(Settings()).identifiers
    found = Mentions(
        ["user_id:u1", "phone:+8613800138000", "email:lin@example.com", "card:用户卡片七号"], form
    )
    for text in (
        '{"userId": "u1"}', '{"userId":"u1"', '{"traits":{"mobile":"138 0013 8000"}}',
        '{"note":"call +86 138-0013-8000 now"}', '{"properties":{"to":"LIN@Example.com"}}',
        json.dumps({"card": "用户卡片七号"}), '{"user_id":"u1","properties":{}}',
    ):  # fmt: skip
        assert found.in_body(text) is (text != '{"userId":"u1"'), text
    for text in ('{"userId":"u2"}', '{"size":"u1"}', '{"n":"x13800138000"}', '{"n":"u1"}', "?"):
        assert not found.in_body(text), text
    assert found.in_row({"Customer": "u1"}, ["Customer"])
    assert not found.in_row({"Customer": "u1", "n": None}, [])
    assert found.without("ask lin@example.com") == "ask erased"
    assert not Mentions([], form).in_body('{"userId":"u1"}')
