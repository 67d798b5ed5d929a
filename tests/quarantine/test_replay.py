"""What was refused is mended and comes in: once, as if it had come right at first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hotspring.collect import SourceFacts
from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.event import Flag, Refused
from hotspring.plan import Plan
from tests.collect.clients import BROWSER, NOW, batch, record, track
from tests.quarantine.mending import Ward

DAY = 86_400_000


@pytest.fixture
def ward(tmp_path: Path):
    with Ward(tmp_path / "pool") as opened:
        yield opened


def sensors_form(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()


def only(ward: Ward) -> dict[str, Any]:
    (row,) = ward.rows()
    return row


def test_a_dry_run_shows_before_and_after_and_changes_nothing(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(track(timestamp="last week")))
    before = ward.whole()
    told = ward.replay({"do": "time", "to": "received"}, dry=True)
    (shown,) = told["entries"]
    assert (shown["reason"], shown["verdict"], shown["still"]) == ("bad_timestamp", "accepted", "")
    assert json.loads(shown["before"])["timestamp"] == "last week"
    assert json.loads(shown["after"])["timestamp"] == NOW
    assert shown["event"]["message_id"] == "m-1"
    assert shown["event"]["at"] == "2026-11-22T08:28:20.000Z"
    assert (told["looked_at"], told["verdicts"]) == (1, {"accepted": 1})
    assert ward.whole() == before
    still = ward.replay(dry=True)
    assert (still["verdicts"], still["still"]) == ({"refused": 1}, {"bad_timestamp": 1})


def test_what_is_mended_keeps_source_time_of_receipt_and_id(ward: Ward) -> None:
    early = {"timestamp": "2026-11-01T00:00:00Z"}
    ward.receive(
        "/v1/batch", batch(track(**early), track(messageId="m-2", event=None, **early)),
        source=SourceFacts("web", public=True), received=NOW - 3 * DAY,
    )  # fmt: skip
    ward.replay({"do": "rename_event", "to": "Product Viewed"}, reason="missing_event_name")
    first, second = ward.rows()
    for name in ("source", "received_ms", "name", "origin_id", "properties"):
        assert first[name] == second[name]
    assert second["message_id"] == "m-2"
    assert second["flags"] == first["flags"] | Flag.MENDED
    assert second["flags"] & Flag.PUBLIC
    (entry,) = ward.entries(status="replayed")
    assert (entry["resolved_by"], entry["why"]) == ("ann", "rename_event Product Viewed")
    assert ward.app.pool.status()["quarantined"] == 0
    assert ward.app.pool.status()["refused"] == 1


def test_replaying_twice_adds_nothing(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(track(timestamp="x")))
    (entry,) = ward.entries()
    fix = {"do": "time", "to": "received"}
    assert ward.replay(fix, ids=[entry["id"]])["verdicts"] == {"accepted": 1}
    before = ward.whole()
    with pytest.raises(Conflict, match="replayed already"):
        ward.replay(fix, ids=[entry["id"]])
    assert ward.replay(fix)["looked_at"] == 0
    assert ward.whole() == before
    with pytest.raises(NotFound):
        ward.replay(fix, ids=["1"])
    with pytest.raises(BadRequest):
        ward.replay(fix, ids=["x"])


@pytest.mark.parametrize("later", [0, 40 * DAY])
def test_an_event_that_came_right_meanwhile_is_not_counted_twice(ward: Ward, later: int) -> None:
    good = track(timestamp=NOW)
    ward.receive("/v1/batch", batch({**good, "event": None}))
    ward.receive("/v1/batch", batch(good))
    # The memory of ids has long forgotten it; the event table has not.
    ward.receive("/v1/batch", batch(track(messageId="later")), received=NOW + later)
    told = ward.replay({"do": "rename_event", "to": good["event"]}, reason="missing_event_name")
    assert told["verdicts"] == {"duplicate": 1}
    assert len(ward.rows()) == 2
    assert ward.entries() == []


def test_the_same_refused_event_twice_comes_in_once(ward: Ward) -> None:
    bad = track(event=None)
    ward.receive("/v1/batch", batch(bad, bad, {**bad, "properties": {"other": 1}}))
    told = ward.replay({"do": "rename_event", "to": "A"})
    assert told["verdicts"] == {"accepted": 1, "conflict": 1, "duplicate": 1}
    assert len(ward.rows()) == 1
    (left,) = ward.entries()
    assert json.loads(left["body"])["properties"] == {"other": 1}


def test_a_conflict_comes_in_beside_the_other_only_under_an_id_of_its_own(ward: Ward) -> None:
    first = track(properties={"n": 1}, context={"library": {"name": "ios"}, "channel": "app"})
    second = {**first, "properties": {"n": 2}, "traits": {"x": 1}}
    ward.receive("/v1/batch", batch(first))
    ward.receive("/v1/batch", batch(second))
    (entry,) = ward.entries()
    assert (entry["reason"], entry["event"]) == ("conflict", "Product Viewed")
    told = ward.replay()
    assert (told["verdicts"], told["still"]) == ({"conflict": 1}, {"conflict": 1})
    assert "new_id" in told["entries"][0]["detail"]
    assert ward.replay({"do": "new_id"})["verdicts"] == {"accepted": 1}
    one, two = ward.rows()
    assert two["message_id"] == f"m-1~{entry['id']}"
    assert json.loads(two["properties"]) == {"n": 2}
    for name in ("source", "received_ms", "type", "name", "ms", "origin_id", "channel", "context"):
        assert one[name] == two[name]
    assert ward.app.pool.status()["conflicts"] == 0


def test_a_conflict_and_a_refusal_at_one_place_are_two_entries(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(track()))
    ward.receive("/v1/batch", batch(track(event=None), track(properties={"n": 2})))
    entries = ward.entries()
    assert {entry["reason"] for entry in entries} == {"conflict", "missing_event_name"}
    assert len({entry["id"] for entry in entries}) == 2
    first, cursor = ward.refusals.page({}, 1, None)
    second, end = ward.refusals.page({}, 1, cursor)
    assert [row["id"] for row in (*first, *second)] == [row["id"] for row in entries]
    assert end is None
    ward.refusals.drop({"ids": [entries[0]["id"]]}, "known", "ann", False)
    assert [entry["id"] for entry in ward.entries()] == [entries[1]["id"]]


def test_what_the_request_said_holds_again(ward: Ward) -> None:
    shared = {"library": {"name": "analytics.js"}, "page": {"url": "https://a.example"}}
    sent = "2026-11-22T07:28:20Z"
    good = track(timestamp="2026-11-22T07:20:00Z", messageId="m-1")
    ward.receive("/v1/batch", batch(good, {**good, "messageId": "m-2", "event": None},
                                    context=shared, sentAt=sent))  # fmt: skip
    assert ward.replay({"do": "rename_event", "to": good["event"]})["verdicts"] == {"accepted": 1}
    first, second = ward.rows()
    for name in ("ms", "context", "channel", "type"):
        assert first[name] == second[name]
    assert first["flags"] & Flag.SKEW_CORRECTED
    body = {"event": None, "userId": "u", "messageId": "m-3"}
    ward.receive("/v1/track", json.dumps(body).encode())
    assert ward.replay({"do": "rename_event", "to": "A"})["verdicts"] == {"accepted": 1}


def test_a_time_that_is_set_is_not_moved_by_the_clock_of_the_client(ward: Ward) -> None:
    early = "2026-11-20T00:00:00+08:00"
    ward.receive("/v1/batch", batch(track(timestamp="?"), sentAt="2020-01-01T00:00:00Z"))
    told = ward.replay({"do": "time", "to": early})
    assert told["entries"][0]["event"]["at"] == "2026-11-19T16:00:00.000Z"
    form = sensors_form(record(time="soon", flush_time=1_500_000_000_000))
    ward.receive("/sa", form)
    told = ward.replay({"do": "time", "to": early})
    assert told["entries"][0]["event"]["at"] == "2026-11-19T16:00:00.000Z"


def test_sensors_records_are_mended_in_their_own_words(ward: Ward) -> None:
    ward.receive("/sa", sensors_form(record(event=None, properties={"$lib": "js", "n": "5"})),
                 headers={"user-agent": BROWSER})  # fmt: skip
    told = ward.replay({"do": "rename_event", "to": "Buy"}, {"do": "cast", "property": "n",
                       "to": "number"}, {"do": "identify", "kind": "phone",
                       "value": "13800138000"})  # fmt: skip
    assert told["verdicts"] == {"accepted": 1}
    row = only(ward)
    assert (row["name"], json.loads(row["properties"])["n"]) == ("Buy", 5)
    assert (row["channel"], row["device"]) == ("web", "desktop")
    assert any("phone:+8613800138000" in members for members in ward.partition())


def test_an_entry_without_its_request_is_known_by_its_members(ward: Ward) -> None:
    segment = json.dumps(track(event=None))
    sensors = json.dumps(record(event=None, time=NOW))
    ward.refuse([Refused(0, "a", "missing_event_name", "", segment)], "old", NOW)
    ward.refuse([Refused(0, "b", "missing_event_name", "", sensors)], "old", NOW)
    told = ward.replay({"do": "rename_event", "to": "A"})
    assert told["verdicts"] == {"accepted": 2}
    assert [row["message_id"] for row in ward.rows()] == ["a", "b"]
    # Nobody knows this sender any more: the least is believed.
    assert all(row["flags"] & Flag.PUBLIC for row in ward.rows())


def test_what_cannot_be_read_is_written_anew(ward: Ward) -> None:
    ward.receive("/v1/batch", b'{"batch":[{"type":"track","event":"A","userId":NaN}]}')
    (entry,) = ward.entries()
    assert ward.replay()["entries"][0]["detail"].endswith("`replace`")
    fix = {"do": "replace", "body": track(messageId="new")}
    with pytest.raises(BadRequest, match="alone"):
        ward.replay(fix)
    assert ward.replay(fix, ids=[entry["id"]])["verdicts"] == {"accepted": 1}
    assert only(ward)["message_id"] == "new"


def test_what_was_kept_in_part_says_so(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(track(properties={"a": "x" * 300_000})))
    assert "only its beginning" in ward.replay()["entries"][0]["detail"]


def test_an_event_with_neither_id_nor_time_gets_the_same_id_each_time(ward: Ward) -> None:
    bad = {"type": "track", "userId": "u"}
    ward.receive("/v1/batch", batch(bad, bad))
    fix = {"do": "rename_event", "to": "A"}
    ids = [one["event"]["message_id"] for one in ward.replay(fix, dry=True)["entries"]]
    assert len(set(ids)) == 2
    ward.replay(fix)
    assert sorted(row["message_id"] for row in ward.rows()) == sorted(ids)


def test_a_changed_plan_lets_in_what_it_refused(ward: Ward) -> None:
    strict = {"events": {"Product Viewed": {"schema": {"required": ["sku"]}, "mode": "strict"}}}
    version = ward.app.pool.plans.put(strict, "ann")["version"]
    ward.judge.follow(Plan.from_json(json.dumps(strict)), version)
    ward.receive("/v1/batch", batch(track()))
    assert ward.replay()["still"] == {"plan_breach": 1}
    assert ward.replay({"do": "rename", "property": "product_id", "to": "sku"}, dry=True)[
        "verdicts"
    ] == {"accepted": 1}
    ward.app.pool.plans.put({"events": {}}, "ann")
    assert ward.replay()["verdicts"] == {"accepted": 1}


def test_entries_are_found_by_what_they_are(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(track(timestamp="x"), track(event="B", timestamp="x")))
    ward.receive("/v1/batch", batch(track(event=5)), source=SourceFacts("app"), received=NOW + 10)
    assert len(ward.entries()) == 3
    assert len(ward.entries(source="shop")) == 2
    assert len(ward.entries(reason="bad_timestamp", event="B")) == 1
    assert len(ward.entries(event="5")) == 1
    assert len(ward.entries(since_ms=NOW + 10)) == 1
    assert len(ward.entries(until_ms=NOW + 10)) == 2
    assert ward.refusals.counts({}) == {"bad_timestamp": 2, "bad_event_name": 1}
    told = ward.replay({"do": "time", "to": "received"}, event="B")
    assert told["looked_at"] == 1
    assert len(ward.entries()) == 2


def test_what_is_dropped_is_closed_with_its_reason_and_still_read(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(track(timestamp="x"), track(messageId="2", timestamp="x")))
    for why in ("", "  ", "x" * 501):
        with pytest.raises(BadRequest, match="say why"):
            ward.refusals.drop({"source": "shop"}, why, "ann", False)
    dry = ward.refusals.drop({"source": "shop"}, "a test shop", "ann", True)
    assert (dry["dropped"], len(ward.entries())) == (2, 2)
    assert ward.refusals.drop({"source": "shop"}, "a test shop", "ann", False)["dropped"] == 2
    assert ward.entries() == []
    told = ward.entries(status="dropped")
    assert [(one["why"], one["resolved_by"]) for one in told] == [("a test shop", "ann")] * 2
    assert ward.app.pool.status()["quarantined"] == 0
    with pytest.raises(Conflict, match="dropped already"):
        ward.refusals.drop({"ids": [told[0]["id"]]}, "again", "ann", False)
    with pytest.raises(Conflict, match="dropped already"):
        ward.replay({"do": "time", "to": "received"}, ids=[told[0]["id"]])


def test_many_are_replayed_portion_by_portion(ward: Ward) -> None:
    ward.receive("/v1/batch", batch(*(track(messageId=f"m{n}", event=None) for n in range(25))))
    fix, after, seen = {"do": "rename_event", "to": "A"}, None, 0
    while True:
        told = ward.refusals.replay({}, [fix], "ann", False, 10, after)
        seen += told["looked_at"]
        after = told["next"]
        if after is None:
            break
    assert (seen, len(ward.rows()), len(ward.entries())) == (25, 25, 0)
    assert sum(map(len, ward.refusals.portions({"status": "replayed"}))) == 25


def test_erasure_finds_who_is_named_by_the_request_alone(ward: Ward) -> None:
    shared = {"externalIds": [{"type": "email", "id": "lin.tell@example.com"}]}
    unnamed = {"type": "track", "messageId": "m-2", "timestamp": "x", "event": "A"}
    ward.receive("/v1/batch", batch(track(userId="lin", context=shared)))
    ward.receive("/v1/batch", batch(unnamed, {**unnamed, "messageId": "m-3"}, context=shared))
    ward.receive("/v1/batch", batch({**unnamed, "messageId": "m-4"}))
    assert all("lin.tell" not in entry["body"] for entry in ward.entries())
    erasures = ward.app.pool.erasures
    erasures._decide = lambda kind, body, by: ward.command(kind, json.loads(body))
    told = erasures.plan("user_id:lin", NOW)
    assert told["quarantined"] == 2
    erasures.confirm("user_id:lin", told["confirm"], "officer", NOW)
    ward.app.erase()
    ward.apply()
    assert [entry["message_id"] for entry in ward.entries()] == ["m-4"]
