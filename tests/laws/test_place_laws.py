"""Where a profile is: a function of the set of events, whatever happens on the way."""

from __future__ import annotations

from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event, Flag, Place
from hotspring.pipeline.retain import Retention
from hotspring.settings import Settings
from tests.laws.folding import DAY, NOW, Folding, events, in_parts

FEW = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
HANGZHOU = Place(120.15, 30.27, "gps", 50.0, 330_106)
SHANGHAI = Place(121.47, 31.23, "gps", 50.0, 310_101)
SPOTS = 3
"""How many of the columns tell the place: time, longitude, latitude."""


@given(rows=events(), data=st.data())
@FEW
def test_order_portions_and_restarts_do_not_matter(folders, rows: list[Event], data) -> None:
    folder = folders()
    mixed = data.draw(st.permutations(rows))
    with Folding(folders()) as straight:
        straight.deliver(rows)
        places = straight.places()
        assert straight.app.pipeline.replace_by_rebuild()
        assert straight.places() == places
    for part in in_parts(mixed, data.draw(st.lists(st.integers(0, 30), max_size=3))):
        with Folding(folder) as pool:
            pool.deliver(part)
            if data.draw(st.booleans()):
                pool.app.save()
    with Folding(folder) as pool:
        assert pool.places() == places


@given(rows=events(), choice=st.integers(0, 1_000))
@FEW
def test_an_undo_gives_each_side_its_own_place_and_its_retraction_restores(
    folders, rows: list[Event], choice
) -> None:
    with Folding(folders()) as pool:
        pool.deliver(rows)
        merges = pool.merges()
        if not merges:
            return
        before = pool.places()
        pool.command(
            "separate", {"id": "u1", **pool.app.pool.separation(*merges[choice % len(merges)])}
        )
        assert pool.app.pipeline.replace_by_rebuild()
        pool.command("retract", {"command": "u1"})
        assert pool.places() == before


def told(n: int, user: str, place: Place | None, days: int, flags: int = 0) -> Event:
    ids = (f"user_id:{user}",)
    return Event(f"m{n}", "track", "Other", NOW - days * DAY, ids, n, flags=flags, place=place)


def place_of(pool: Folding, user: str) -> tuple[int, ...]:
    return pool.places()[frozenset({f"user_id:{user}"})][:SPOTS]


def test_a_flag_takes_the_place_away_and_gives_it_back(tmp_path: Path) -> None:
    with Folding(tmp_path) as pool:
        pool.deliver([told(1, "a", HANGZHOU, 9), told(2, "a", SHANGHAI, 3), told(3, "b", None, 1)])
        before = pool.places()
        assert place_of(pool, "a")[1] == 1_214_700_000
        named = {"source": "shop", "message_id": "m2", "subject": "user_id:a"}
        pool.command("flag", {"id": "f1", "events": [named]})
        assert place_of(pool, "a")[1] == 1_201_500_000
        pool.command("flag", {"id": "f2", "identifiers": ["user_id:a"]})
        known = pool.app.pipeline.state.where.known()
        assert not known.located.any()
        assert known.people.sum() == 1
        pool.command("unflag", {"id": "f3", "events": [named]})
        pool.command("unflag", {"id": "f4", "identifiers": ["user_id:a"]})
        assert pool.places() == before
        assert pool.app.pipeline.replace_by_rebuild()


def test_machine_traffic_tells_no_place(tmp_path: Path) -> None:
    with Folding(tmp_path) as pool:
        pool.deliver([told(1, "a", HANGZHOU, 9), told(2, "a", SHANGHAI, 3, int(Flag.BOT))])
        assert place_of(pool, "a")[1] == 1_201_500_000


def test_who_is_erased_is_nowhere(tmp_path: Path) -> None:
    with Folding(tmp_path) as pool:
        pool.deliver([told(1, "a", HANGZHOU, 9), told(2, "b", SHANGHAI, 3)])
        who = pool.app.pipeline.state.who
        print_ = f"{who.print_of('user_id:a'):016x}"
        pool.command("erase", {"id": "e1", "tombstones": [print_], "profile": [print_]})
        assert {frozenset({"user_id:b"})} == pool.partition()
        known = pool.app.pipeline.state.where.known()
        assert known.located.sum() == known.people.sum() == 1
        assert 1_201_500_000 not in known.lon.tolist()


def test_a_place_goes_with_the_event_that_is_past_its_time(tmp_path: Path) -> None:
    terms = Settings(retention_days={"default": 30})
    with Folding(tmp_path, terms) as pool:
        old = [told(n, f"u{n}", HANGZHOU, 90) for n in range(3)]
        pool.deliver(old, received=NOW - 89 * DAY)
        pool.deliver([told(9, "u0", SHANGHAI, 2)])
        pool.app.save()
        Retention(pool.app.pipeline, pool.app._store, terms).work(NOW)
        assert place_of(pool, "u0")[1] == 1_214_700_000
        assert pool.app.pipeline.state.where.known().located.sum() == 1
        assert pool.app.pipeline.replace_by_rebuild()
    with Folding(tmp_path, terms) as pool:
        assert pool.app.pipeline.state.where.known().located.sum() == 1
