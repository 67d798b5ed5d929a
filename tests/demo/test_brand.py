"""The simulated brand: the same for the same seed, plausible, and clearly made up."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections import Counter

import numpy as np
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.collect import Judge, SourceFacts
from hotspring.demo.brand import FADING_DAYS, Brand
from hotspring.demo.cities import CITIES, shops
from hotspring.demo.crowd import BOTS, crowd
from hotspring.demo.people import NEVER, People
from hotspring.demo.seasons import HOURS, busy, campaign_on
from hotspring.demo.sender import body
from hotspring.demo.visits import Call
from hotspring.event import Flag
from hotspring.settings import Settings

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
FIRST = dt.date(2026, 3, 20)
DAYS = 50


def small(seed: int = 3) -> Brand:
    return Brand(seed, FIRST, ZONE, People(seed, founders=400, newcomers=8))


@pytest.fixture(scope="module")
def brand() -> Brand:
    return small()


@pytest.fixture(scope="module")
def history(brand: Brand) -> list[list[Call]]:
    return [brand.day(day) for day in range(DAYS)]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_a_day_depends_on_the_seed_alone(seed: int, days: list[int]) -> None:
    asked_in_any_order = Brand(seed, FIRST, ZONE, People(seed, founders=40, newcomers=3))
    for day in days:
        fresh = Brand(seed, FIRST, ZONE, People(seed, founders=40, newcomers=3))
        assert asked_in_any_order.day(day) == fresh.day(day)


def test_another_seed_is_another_brand(brand: Brand) -> None:
    assert body(small(4).day(1)) != body(brand.day(1))
    assert shops(3) != shops(4)


def test_every_message_has_an_id_of_its_own_and_lies_on_its_day(
    brand: Brand, history: list[list[Call]]
) -> None:
    ids = [message["messageId"] for calls in history for _, message in calls]
    assert len(set(ids)) == len(ids)
    for day, calls in enumerate(history):
        moments = [ms for ms, _ in calls]
        assert moments == sorted(moments)
        assert moments[0] >= brand.start_ms(day)
        # A visit late in the evening may end after midnight.
        assert moments[-1] < brand.start_ms(day + 1) + 3 * 3_600_000


def test_the_door_accepts_the_whole_history(history: list[list[Call]]) -> None:
    judge = Judge(Settings())
    protocol = judge.protocols["/v1/batch"]
    late = history[-1][-1][0] + 86_400_000
    names: Counter[str] = Counter()
    for calls in history[::7]:
        envelope = protocol.decode("/v1/batch", b"", {}, body(calls), 50_000_000)
        events, refused = judge.judge(envelope, SourceFacts("simulated"), late)
        assert not refused
        assert len(events) == len(calls)
        assert all(event.flags & Flag.BOT == 0 for event in events)
        names.update(event.name for event in events)
    assert names["Order Completed"] > 50
    # The site tells what the script for web pages does: enough for a click map.
    assert names["Element Clicked"] > names["Form Submitted"] > 0
    assert names["Form Started"] == names["Form Submitted"] + names["Form Abandoned"]
    assert names["Page Viewed"] == names["Page Left"]
    assert names["Product Viewed"] > names["Product Added"] > names["Order Completed"] / 3


def test_nobody_comes_after_leaving_or_while_away(brand: Brand, history: list[list[Call]]) -> None:
    people = {person.user_id: person for person in brand.people.until(DAYS)}
    by_browser = {p.browser(p.channel): p for p in people.values() if p.partner < 0}
    seen = 0
    for day, calls in enumerate(history):
        for _, message in calls:
            if message["context"]["channel"] in ("server", "wechat"):
                continue
            who = people.get(message.get("userId", "")) or by_browser.get(
                message.get("anonymousId", "")
            )
            if who is not None:
                seen += 1
                assert who.joins <= day < who.leaves
                assert not who.pause[0] <= day <= who.pause[1]
    assert seen > 5_000


def test_the_truth_is_told_of_everyone(brand: Brand) -> None:
    header, *people = brand.truth(DAYS)
    assert header["simulated"] is True
    assert header["people"] == len(people) == len(brand.people.until(DAYS))
    invited = {p["user_id"]: p["invited_by"] for p in people if p["invited_by"]}
    assert len(invited) > 50
    for host in people:
        assert all(invited[friend] == host["user_id"] for friend in host["brings"])
    influence = np.array([p["influence"] for p in people])
    brings = np.array([len(p["brings"]) for p in people])
    assert influence[brings > 0].mean() > 1.5 * influence[brings == 0].mean()


def test_some_leave_some_return_and_those_who_leave_fade_before(brand: Brand) -> None:
    people = brand.people.until(DAYS)
    leaving = [p for p in people if FADING_DAYS < p.leaves < DAYS]
    assert len(leaving) > 30
    assert any(p.leaves == NEVER or p.leaves > 365 for p in people)
    assert any(p.pause[1] < DAYS and p.pause[1] < p.leaves for p in people)


def test_a_person_is_anonymous_before_signing_in(history: list[list[Call]]) -> None:
    newcomers = 0
    for calls in history[1:]:
        for _, message in calls:
            if message["type"] == "identify" and "anonymousId" in message:
                browser = message["anonymousId"]
                before = [m for ms, m in calls if m.get("anonymousId") == browser]
                assert any("userId" not in m for m in before)
                newcomers += 1
    assert newcomers > 100


def test_people_are_clearly_made_up(brand: Brand, history: list[list[Call]]) -> None:
    for person in brand.people.until(DAYS):
        number = phonenumbers.parse(person.phone, "CN")
        assert not phonenumbers.is_valid_number(number), "this number could be someone's"
        assert person.email.endswith("@example.com")
    told = [m["traits"] for calls in history for _, m in calls if m["type"] == "identify"]
    assert len(told) > 400
    assert all(traits["simulated"] is True and "模拟" in traits["name"] for traits in told)


def test_days_have_a_rhythm(brand: Brand, history: list[list[Call]]) -> None:
    hours = Counter(
        dt.datetime.fromtimestamp(ms / 1000, ZONE).hour
        for calls in history[1:]
        for ms, message in calls
        if message["context"]["channel"] != "server"
    )
    assert hours[20] + hours[21] > 10 * (hours[3] + hours[4])
    usual = [len(c) for d, c in enumerate(history) if d and not campaign_on(brand.date(d))]
    pushed = [len(c) for d, c in enumerate(history) if d and campaign_on(brand.date(d))]
    assert np.mean(pushed) > 1.2 * np.mean(usual)


def test_seasons_and_campaigns_of_the_calendar() -> None:
    assert campaign_on(dt.date(2026, 11, 11)).name == "double-11"  # type: ignore[union-attr]
    assert campaign_on(dt.date(2026, 6, 18)).name == "618"  # type: ignore[union-attr]
    assert campaign_on(dt.date(2026, 7, 20)) is None
    for first in (dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)):
        window = [campaign_on(first + dt.timedelta(days=n)) for n in range(60)]
        assert any(window)
    assert busy(dt.date(2026, 11, 14)) > busy(dt.date(2026, 2, 10))
    assert len(HOURS) == 24


def test_people_live_where_people_live(brand: Brand) -> None:
    everyone = People(5, founders=6_000).until(0)
    counts = Counter(person.city for person in everyone)
    assert counts[0] > 3 * counts[len(CITIES) - 4]
    for person in everyone:
        city = CITIES[person.city]
        assert abs(person.lon - city.lon) < 0.3
        assert abs(person.lat - city.lat) < 0.3
    assert len({city.adcode for city in CITIES}) == len(CITIES)
    assert {shop.city for shop in brand.people.shops} == set(range(len(CITIES)))


def test_the_crowd_holds_passers_by_bots_and_broken_clients(brand: Brand) -> None:
    people = brand.people.until(5)
    noon = brand.start_ms(5) // 60_000 + 12 * 60
    calls = list(itertools.chain.from_iterable(crowd(3, noon + i, ZONE, people) for i in range(40)))
    assert calls == [c for i in range(40) for c in crowd(3, noon + i, ZONE, people)]
    judge = Judge(Settings())
    envelope = judge.protocols["/v1/batch"].decode("/v1/batch", b"", {}, body(calls), 50_000_000)
    events, refused = judge.judge(envelope, SourceFacts("simulated"), noon * 60_000 + 10**8)
    assert {r.reason for r in refused} >= {"no_identifier", "bad_timestamp", "unknown_type"}
    assert 0.001 < len(refused) / len(calls) < 0.02
    bots = [event for event in events if event.flags & Flag.BOT]
    assert 0 < len(bots) < 0.1 * len(events)
    assert {event.ids[0] for event in bots} <= {
        f"anonymous_id:sim-bot-{i}" for i in range(len(BOTS))
    }
    night = [crowd(3, noon + 15 * 60 + i, ZONE, people) for i in range(40)]
    assert sum(map(len, night)) < 0.3 * len(calls)
