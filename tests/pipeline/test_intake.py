"""What the journal brings becomes rows: once, in columns, with what was refused beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotspring.delivery import Packed, pack
from hotspring.event import Delivery, Event, Flag, Place, Refused
from hotspring.journal import DELIVERY, Record
from tests.laws.folding import DAY, NOW, Folding


@pytest.fixture
def pool(tmp_path: Path):
    with Folding(tmp_path / "pool") as opened:
        yield opened


def event(message: str, **more: Any) -> Event:
    given = {"ms": NOW, "ids": ("user_id:lin",), "content": 1, "name": "Signed In", **more}
    return Event(message_id=message, type=given.pop("type", "track"), **given)


def rows(pool: Folding, sql: str) -> list[dict[str, Any]]:
    return [row for batch in pool.app.pipeline.ask(sql, []) for row in batch.to_pylist()]


def test_a_repeat_is_counted_and_a_contradiction_is_shown(pool: Folding) -> None:
    pool.deliver([event("a"), event("b"), event("a")])
    pool.deliver([event("a", content=2, properties='{"n":7}')])
    pool.deliver([event("a")], source="other shop")
    status = pool.app.pool.status()
    assert (status["events"], status["duplicates"], status["conflicts"]) == (3, 1, 1)
    chosen = {"source": "shop", "reason": "conflict"}
    ((shown,), following) = pool.app.pool.refusals.page(chosen, 10, None)
    assert following is None
    assert shown["message_id"] == "a"
    assert '"n":7' in json.loads(shown["body"])["properties"]


def test_the_window_of_repeats_is_seven_days(pool: Folding) -> None:
    pool.deliver([event("a")], received=NOW)
    pool.deliver([event("a")], received=NOW + 7 * DAY)
    assert pool.app.pool.status()["events"] == 1
    pool.deliver([event("a")], received=NOW + 8 * DAY)
    assert pool.app.pool.status()["events"] == 2


def test_repeats_are_known_after_a_restart(tmp_path: Path) -> None:
    for ending in ("close", "crash"):
        folder = tmp_path / ending
        with Folding(folder) as pool:
            pool.deliver([event("a"), event("file", flags=int(Flag.IMPORTED))])
            getattr(pool, ending)()
        with Folding(folder) as pool:
            pool.deliver([event("a")], received=NOW + DAY)
            pool.deliver([event("file", flags=int(Flag.IMPORTED))], received=NOW + 900 * DAY)
            status = pool.app.pool.status()
            assert (status["events"], status["duplicates"]) == (2, 2)


def test_refused_events_are_listed_newest_first_page_by_page(pool: Folding) -> None:
    refused = [Refused(n, f"m{n}", "bad_timestamp", "why", "{}") for n in range(5)]
    body = pack(Delivery("shop", NOW, [event("good")], refused))
    pool.app.journal.append([Record(DELIVERY, NOW, body, 1)])
    pool.apply()
    first, cursor = pool.app.pool.refusals.page({}, 3, None)
    second, end = pool.app.pool.refusals.page({}, 3, cursor)
    assert [row["message_id"] for row in (*first, *second)] == ["m4", "m3", "m2", "m1", "m0"]
    assert end is None
    assert pool.app.pool.status()["events"] == 1
    assert pool.app.pool.refusals.page({"reason": "too_old"}, 3, None) == ([], None)


def test_machines_are_kept_and_bring_no_heat(pool: Folding) -> None:
    pool.deliver([event("a", flags=int(Flag.BOT), name="Order Completed", amount=999.0)])
    profile = pool.app.pool.profile("user_id:lin")
    assert (profile["events"], profile["temperature"], profile["never_warm"]) == (1, -20.0, True)


def test_places_are_columns(pool: Folding) -> None:
    pool.deliver([event("a", place=Place(121.47, 31.23, "gps", 50.0, 310101)), event("b")])
    found = rows(pool, "SELECT lon, lat, place_origin, precision, adcode FROM events ORDER BY seq")
    assert list(found[0].values()) == [121.47, 31.23, "gps", 50.0, 310101]
    assert list(found[1].values()) == [None] * 5
    place = pool.app.pool.profile("user_id:lin")["place"]
    assert (place["adcode"], place["origin"]) == (310101, "gps")


def test_traits_and_consent_are_asked_of_a_profile(pool: Folding) -> None:
    decision = {"purpose": "marketing", "channel": "sms", "given": True, "proof": "form 7"}
    pool.deliver(
        [
            event("late", ms=NOW - 10, traits='{"set":{"city":"Hangzhou"}}'),
            event("early", ms=NOW - 20, traits='{"set":{"city":"Suzhou","level":3}}'),
            event("yes", type="consent", ms=NOW - 9, properties=_decided(decision)),
            event("no", type="consent", ms=NOW, properties=_decided({**decision, "given": False})),
        ]
    )
    traits = pool.app.pool.profile("user_id:lin")["traits"]
    assert (traits["city"]["value"], traits["level"]["value"]) == ("Hangzhou", 3)
    assert (traits["level"]["type"], traits["level"]["source"]) == ("number", "shop")
    (standing,) = pool.app.pool.consent("user_id:lin")
    assert (standing["purpose"], standing["channel"], standing["given"]) == (
        "marketing", "sms", False,
    )  # fmt: skip


def test_profiles_are_found_by_what_holds_now(pool: Folding) -> None:
    lives = '{"set":{"city":"%s"}}'
    pool.deliver(
        [
            event("old", ids=("user_id:a",), ms=NOW - 9, traits=lives % "Suzhou"),
            event("new", ids=("user_id:a",), traits=lives % "Hangzhou"),
            event("other", ids=("user_id:b",), traits=lives % "Suzhou"),
        ]
    )

    def found(q: str | None, city: str) -> list[str]:
        rows, _ = pool.app.pool.profiles(q, ("city", city), None, "temperature", 9, None)
        return [row["id"] for row in rows]

    a, b = (pool.app.pool.profile(f"user_id:{who}")["id"] for who in "ab")
    assert found(None, "Suzhou") == [b]
    assert found(None, "Hangzhou") == [a]
    assert found("user_id:b", "Hangzhou") == []
    assert found(None, "Nowhere") == []
    exported = {row["id"]: row for part in pool.app.pool.export(None) for row in part}
    assert exported[a]["traits"] == pool.app.pool.profile(a)["traits"]


def test_rows_of_an_earlier_version_may_be_shorter(pool: Folding) -> None:
    whole = msgspec.msgpack.decode(pack(Delivery("shop", NOW, [event("m")])), type=Packed)
    texts = {name: whole.texts[name] for name in ("message_id", "type", "name")}
    numbers = {name: whole.numbers[name] for name in ("ms", "content")}
    body = msgspec.msgpack.encode(msgspec.structs.replace(whole, texts=texts, numbers=numbers))
    pool.app.journal.append([Record(DELIVERY, NOW, body, 1)])
    pool.apply()
    (row,) = rows(pool, "SELECT properties, channel, amount FROM events")
    assert row == {"properties": "{}", "channel": "", "amount": None}


def test_what_is_no_longer_readable_is_skipped_and_counted(pool: Folding) -> None:
    pool.deliver([event("a")])
    pool.deliver([event("b")])
    files = sorted((pool.app.folder / "journal").glob("*.sqlite"))
    assert files
    # The pool below must read the journal anew: it has neither blocks nor a snapshot.
    pool.crash()
    _damage(files[-1])
    with Folding(pool.app.folder) as again:
        status = again.app.pool.status()
        assert (status["events"], status["damaged"]) == (1, 1)
        (finding,) = (one for one in again.app.pool.check() if one["check"] == "journal")
        assert not finding["ok"]
        assert files[-1].name in finding["detail"]


def _damage(file: Path) -> None:
    """Change one byte in the body of the second record."""
    import sqlite3

    with sqlite3.connect(file) as connection:
        (table,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%body%'"
        ).fetchone()
        (body,) = connection.execute(f"SELECT body FROM {table} WHERE seq = 2").fetchone()
        changed = bytes([*body[:-1], body[-1] ^ 1])
        connection.execute(f"UPDATE {table} SET body = ? WHERE seq = 2", [changed])
    connection.close()


def _decided(decision: dict[str, Any]) -> str:
    return json.dumps({"decisions": [decision]})
