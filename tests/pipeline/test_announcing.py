"""A crossing is announced once: when heat comes, when silence cools, whatever comes between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.errors import JournalUnavailable
from hotspring.event import Event, Flag
from hotspring.settings import Settings
from tests.laws.folding import DAY, NOW, Folding
from tests.laws.test_erasure_laws import erase


def bought(message: str, who: str = "user_id:lin", amount: float = 5_000.0, **more: Any) -> Event:
    given = {"ms": NOW, "content": 1, "amount": amount, **more}
    return Event(message_id=message, type="track", name="Order Completed", ids=(who,), **given)


def announced(pool: Folding, now: int, everyone: bool = True) -> list[tuple[str, str, str, str]]:
    """What one look at `now` announces, as (kind, before, after, cause)."""
    seen = pool.app.pool.announcements(1_000, None)[0]
    pool.app.pipeline.announce(now, everyone)
    pool.apply()
    told = pool.app.pool.announcements(1_000, None)[0]
    fresh = told[: len(told) - len(seen)]
    return [(one["kind"], one["before"], one["after"], one["cause"]) for one in reversed(fresh)]


@pytest.fixture
def pool(tmp_path: Path):
    with Folding(tmp_path / "pool") as opened:
        yield opened


def test_heat_is_announced_once(pool: Folding) -> None:
    pool.deliver([bought(f"m{n}") for n in range(20)])
    (one,) = announced(pool, NOW, everyone=False)
    assert one == ("temperature.risen", "cold", "hot", "events")
    assert announced(pool, NOW, everyone=False) == []
    assert announced(pool, NOW) == []


def test_silence_alone_cools_and_is_announced_once(pool: Folding) -> None:
    pool.deliver([bought(f"m{n}") for n in range(20)])
    announced(pool, NOW)
    steps = [announced(pool, NOW + day * DAY) for day in range(0, 1_500, 10)]
    told = [one for step in steps for one in step]
    assert [(before, after) for _, before, after, _ in told] == [
        ("hot", "warm"),
        ("warm", "cool"),
        ("cool", "cold"),
    ]
    assert {(kind, cause) for kind, _, _, cause in told} == {("temperature.fallen", "silence")}


def test_near_a_threshold_nothing_flaps(pool: Folding) -> None:
    pool.deliver([bought("m0", amount=50.0)])
    reading = pool.app.pool.temperature  # counts use the plain thresholds all the same
    told = [one for day in range(60) for one in announced(pool, NOW + day * DAY // 24)]
    assert len(told) <= 2
    assert sum(reading()["bands"].values()) == 1


def test_neither_a_crash_nor_a_rebuild_tells_anything_twice(tmp_path: Path) -> None:
    with Folding(tmp_path) as pool:
        pool.deliver([bought(f"m{n}") for n in range(20)])
        assert len(announced(pool, NOW)) == 1
    with Folding(tmp_path) as pool:
        assert announced(pool, NOW) == []
        assert len(pool.app.pool.announcements(10, None)[0]) == 1
        assert pool.app.pipeline.replace_by_rebuild()
        assert announced(pool, NOW) == []


def test_a_change_of_rules_carries_its_cause(pool: Folding) -> None:
    pool.deliver([bought(f"m{n}") for n in range(20)])
    announced(pool, NOW)
    quiet = {**pool.app.pool.rulebook.now()["body"], "e_half": 1e6}
    pool.command("rules", quiet)
    assert announced(pool, NOW) == [("temperature.fallen", "hot", "cold", "rules")]


def test_a_merge_carries_its_cause(pool: Folding) -> None:
    phone, bind = "phone:+8613800138000", Event(
        "b", "bind", "Identifier Bound", NOW, ("user_id:lin", "phone:+8613800138000"), 7
    )  # fmt: skip
    pool.deliver([bought("a", amount=20.0), *(bought(f"p{n}", who=phone) for n in range(20))])
    before = announced(pool, NOW)
    assert {after for _, _, after, _ in before} == {"cool", "hot"}
    pool.deliver([bind])
    told = announced(pool, NOW)
    assert all(cause == "merge" for _, _, _, cause in told)


def test_machines_and_strangers_are_not_announced(pool: Folding) -> None:
    robots = [bought(f"r{n}", flags=int(Flag.BOT)) for n in range(20)]
    strangers = [bought(f"s{n}", who="anonymous_id:a1") for n in range(20)]
    pool.deliver([*robots, *strangers])
    assert announced(pool, NOW) == []


def test_the_dead_zone_is_a_setting(tmp_path: Path) -> None:
    with Folding(tmp_path, Settings(announce_degrees=200.0)) as pool:
        pool.deliver([bought(f"m{n}") for n in range(20)])
        assert announced(pool, NOW) == []


def test_what_a_full_disk_kept_back_is_announced_later(
    pool: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.deliver([bought(f"m{n}") for n in range(20)])

    def full(_: object) -> None:
        raise JournalUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(pool.app.journal, "append", full)
        with pytest.raises(JournalUnavailable):
            pool.app.pipeline.announce(NOW, everyone=False)
    assert announced(pool, NOW, everyone=False) == [("temperature.risen", "cold", "hot", "events")]


def test_what_was_announced_before_a_kill_is_not_announced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([bought(f"m{n}") for n in range(20)])
        assert len(announced(pool, NOW)) == 1
    monkeypatch.setattr("hotspring.pipeline.trunk.MOST_BYTES", 1)
    app = App(tmp_path / "pool", Settings())
    try:
        head = app.journal.head()
        while app.pipeline.position < head - 1:
            app.pipeline.step()
        app.pipeline.announce(NOW, everyone=True)
        assert app.journal.head() == head, "the announcement stands in the journal already"
        while app.pipeline.step():
            pass
        app.pipeline.announce(NOW, everyone=True)
        assert app.journal.head() == head
    finally:
        app.abandon()


@pytest.mark.parametrize("others", [0, 1, 3])
def test_a_rebuild_that_numbers_anew_looks_at_the_same_people(pool: Folding, others: int) -> None:
    who = ["user_id:lin", *(f"user_id:wang{n}" for n in range(others))]
    for n in range(4):
        pool.deliver([bought(f"m{n}-{one}", one) for one in who])
    erase(pool, "user_id:lin")
    before = pool.app.pipeline.state.who.capacity
    assert pool.app.pipeline.replace_by_rebuild()
    assert pool.app.pipeline.state.who.capacity < before
    told = announced(pool, NOW, everyone=False)
    assert [(before, after) for _, before, after, _ in told] == [("cold", "hot")] * others
    assert announced(pool, NOW) == []
