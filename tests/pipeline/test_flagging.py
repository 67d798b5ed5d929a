"""Flags through the pool: who is flagged, what it does to every reading, and what is told of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.errors import BadRequest, NotFound
from hotspring.event import Delivery, Event
from hotspring.journal import DELIVERY, Record
from hotspring.settings import Settings
from tests.laws.folding import DAY, NOW, Folding


def seen(message: str, who: str = "user_id:lin", **more: Any) -> Event:
    return Event(message, "track", "Signed Up", NOW, (who,), hash(message) >> 2, **more)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with contextlib.closing(App(tmp_path / "pool", Settings())) as opened:
        opened.start()
        told = [seen("m1"), seen("m2"), seen("m3", "user_id:mei")]
        opened.journal.append([Record(DELIVERY, NOW, pack(Delivery("shop", NOW, told)), 3)])
        opened.catch_up()
        yield opened


def readings(app: App) -> tuple[float, float, float]:
    """The temperature now, the last of the curve, and the energy by its contributions."""
    person = app.pool.profile("user_id:lin")
    curve = app.pool.curve("user_id:lin", NOW - DAY, NOW, 5)["points"]
    parts = sum(part["energy"] for part in app.pool.contributions("user_id:lin"))
    return person["temperature"], curve[-1]["temperature"], parts


def test_every_reading_follows_a_flag_and_its_end(app: App) -> None:
    before = readings(app)
    past = app.pool.temperature(NOW + 1)["cold"]["never_warm"]
    app.pool.flag(["user_id:lin"], [], "machine", "a crawler", "ops")
    assert readings(app) == (-20.0, -20.0, 0.0)
    assert app.pool.profile("user_id:lin")["never_warm"]
    assert app.pool.temperature(NOW + 1)["cold"]["never_warm"] == past + 1
    events, _ = app.pool.timeline("user_id:lin", 9, None)
    assert [(event["machine"], event["flagged"]) for event in events] == [(True, "machine")] * 2
    app.pool.unflag(["user_id:lin"], [], "", "ops")
    after = readings(app)
    assert after[1:] == pytest.approx(before[1:])
    assert app.pool.temperature(NOW + 1)["cold"]["never_warm"] == past


def test_one_event_is_flagged(app: App) -> None:
    whole = readings(app)[2]
    named = [{"source": "shop", "message_id": "m1"}]
    done = app.pool.flag([], named, "machine", "", "ops")
    assert done["events"] == [{"source": "shop", "message_id": "m1", "subject": "user_id:lin"}]
    assert readings(app)[2] == pytest.approx(whole / 2, rel=1e-3)
    (flag,), _ = app.pool.flags(10, None)
    assert flag["event"] == {"source": "shop", "message_id": "m1"}
    assert (flag["identifier"], flag["by"], flag["cause"]) == ("user_id:lin", "ops", "hand")
    app.pool.unflag([], named, "", "ops")
    assert app.pool.flags(10, None) == ([], None)


def test_a_profile_is_flagged_with_all_that_is_its_own(app: App) -> None:
    lin = app.pool.profile("user_id:lin")
    done = app.pool.flag([lin["id"]], [], "machine", "a test account", "ops")
    assert done["identifiers"] == ["user_id:lin"]
    (flag,) = app.pool.profile("user_id:lin")["flagged"]
    assert (flag["reason"], flag["verdict"]) == ("a test account", "machine")
    assert app.pool.profile("user_id:mei")["flagged"] == []


def test_flags_come_in_pages_newest_first(app: App) -> None:
    for who in ("user_id:a", "user_id:b", "user_id:c"):
        app.pool.flag([who], [], "machine", "", "ops")
    first, cursor = app.pool.flags(2, None)
    rest, end = app.pool.flags(2, cursor)
    told = [flag["identifier"] for flag in (*first, *rest)]
    assert (told, end) == (["user_id:c", "user_id:b", "user_id:a"], None)


def test_what_is_not_there_cannot_be_flagged(app: App) -> None:
    with pytest.raises(NotFound, match="sent no event m9"):
        app.pool.flag([], [{"source": "shop", "message_id": "m9"}], "machine", "", "ops")
    with pytest.raises(NotFound):
        app.pool.flag(["p_unknown"], [], "machine", "", "ops")
    with pytest.raises(BadRequest, match="at least one"):
        app.pool.flag([], [], "machine", "", "ops")
    with pytest.raises(BadRequest, match="KIND:VALUE"):
        app.pool.flag(["lin"], [], "machine", "", "ops")


def test_a_flag_is_announced_with_its_cause(app: App) -> None:
    many = [seen(f"n{n}", "user_id:hot") for n in range(60)]
    app.journal.append([Record(DELIVERY, NOW, pack(Delivery("shop", NOW, many)), len(many))])
    app.catch_up()
    app.pipeline.announce(NOW, everyone=True)
    app.catch_up()
    app.pool.flag(["user_id:hot"], [], "machine", "", "ops")
    app.pipeline.announce(NOW, everyone=False)
    app.catch_up()
    told, _ = app.pool.announcements(1, None)
    assert (told[0]["before"], told[0]["after"], told[0]["cause"]) == ("hot", "cold", "flag")


def test_flags_are_told_while_some_are_sealed_and_some_are_fresh(app: App) -> None:
    app.pool.flag(["user_id:lin"], [], "machine", "", "ops")
    app.seal()
    app.pool.flag(["user_id:mei"], [], "machine", "", "ops")
    told, _ = app.pool.flags(10, None)
    assert [flag["identifier"] for flag in told] == ["user_id:mei", "user_id:lin"]
    assert app.pool.profile("user_id:lin")["flagged"]


def test_the_list_tells_what_counts(tmp_path: Path) -> None:
    said = [("machine", "detector"), ("human", "detector"), ("human", "hand"), ("machine", "hand")]
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([seen("m1")])
        told = []
        for number, (verdict, cause) in enumerate(said):
            body = {"id": f"f{number}", "identifiers": ["user_id:lin"], "cause": cause}
            pool.command("flag", {**body, "verdict": verdict})
            (flag,), _ = pool.app.pool.flags(9, None)
            (event,), _ = pool.app.pool.timeline("user_id:lin", 9, None)
            assert flag["verdict"] == event["flagged"]
            told.append(flag["verdict"])
        assert told == ["machine", "machine", "human", "machine"]


def test_a_flag_on_a_message_of_someone_erased_goes_for_everyone(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([seen("m1")], received=NOW)
        pool.deliver([seen("m1", "user_id:mei")], received=NOW + 8 * DAY)
        event = {"source": "shop", "message_id": "m1", "subject": "user_id:mei"}
        pool.command("flag", {"id": "f1", "events": [event]})
        assert pool.app.pool.profile("user_id:mei")["never_warm"]
        found = pool.app.pool.erasures._found("user_id:lin", NOW + 9 * DAY)
        stones = [f"{one:016x}" for one in found.prints]
        pool.command("erase", {"id": "e1", "tombstones": stones, "profile": stones})
        assert pool.app.pool.flags(9, None) == ([], None)
        assert not pool.app.pool.profile("user_id:mei")["never_warm"]
        assert pool.app.pipeline.replace_by_rebuild()
