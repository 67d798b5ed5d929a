"""Laws of temperature, each held against the definition on random histories."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import zoneinfo
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.temperature import Heat, RuleSet, Weigher, history, law
from tests.temperature.reference import DAY_MS, Deed, batch, energy, slots, tolerance

ZONES = [zoneinfo.ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Asia/Kolkata")]
START = 1_700_000_000_000
PEOPLE = 4
RULES = RuleSet.from_json(
    """{
  "title": {"zh": "试", "en": "Trial"}, "e_half": 10, "currency": "CNY", "rates": {"USD": 7.25},
  "rules": [
    {"id": "spark", "title": {"zh": "一", "en": "1"}, "events": ["a"], "points": 7,
     "half_life_days": 0.041666666666666664},
    {"id": "bought", "title": {"zh": "二", "en": "2"}, "events": ["a", "b"], "points": 1.5,
     "half_life_days": 60, "amount": true},
    {"id": "seen", "title": {"zh": "三", "en": "3"}, "events": ["c", "d"], "points": 1,
     "half_life_days": 1, "cap": 2.5},
    {"id": "spent", "title": {"zh": "四", "en": "4"}, "events": ["d"], "points": 0.7,
     "half_life_days": 3650, "amount": true, "cap": 6},
    {"id": "cross", "title": {"zh": "五", "en": "5"}, "events": ["e"], "points": -4,
     "half_life_days": 3650},
    {"id": "returned", "title": {"zh": "六", "en": "6"}, "events": ["e", "f"], "points": -2,
     "half_life_days": 60, "amount": true, "cap": 5},
    {"id": "any", "title": {"zh": "七", "en": "7"}, "events": ["*"], "points": 0.01,
     "half_life_days": 60}
  ]}"""
)

borders = [
    int(dt.datetime(*day, tzinfo=zone).timestamp() * 1000)
    for zone in ZONES
    for day in ((2023, 11, 5), (2023, 11, 6), (2024, 3, 10), (2024, 3, 11), (2024, 2, 29))
]
moments = st.one_of(
    st.integers(START, START + 200 * DAY_MS),
    st.integers(START, START + 2 * DAY_MS),
    st.builds(int.__add__, st.sampled_from(borders), st.integers(-2, 2)),
)
deeds = st.builds(
    Deed,
    name=st.sampled_from("abcdefg"),
    ms=moments,
    amount=st.one_of(st.none(), st.floats(-10, 1e6)),
    currency=st.sampled_from(["", "CNY", "USD", "XXX"]),
    flags=st.sampled_from([0, 0, 0, 1, 2]),
)
histories = st.lists(st.tuples(st.integers(0, PEOPLE - 1), deeds), min_size=1, max_size=40)
silences = st.one_of(st.integers(0, 3 * DAY_MS), st.integers(0, 4000 * DAY_MS))
zones = st.sampled_from(ZONES)
History = Sequence[tuple[int, Deed]]


def warmed(heat: Heat, zone: zoneinfo.ZoneInfo, told: History, sign: int = 1) -> Heat:
    """Add what is told, as one batch."""
    events = batch([deed for _, deed in told])
    weights = Weigher(heat.rules, zone).weigh(events)
    heat.add(slots(who for who, _ in told), events.column("ms").to_numpy(), weights, sign)
    return heat


def end_of(told: History, silence: int) -> int:
    return max(deed.ms for _, deed in told) + silence


def agrees(heat: Heat, zone: zoneinfo.ZoneInfo, owned: History, now: int, ever: History) -> None:
    """Does every profile read what the definition says of the events it owns?"""
    for who, seen in enumerate(heat.energy(now).tolist()):
        expected = energy(heat.rules, zone, [deed for w, deed in owned if w == who], now)
        # What was ever added bounds the rounding that taking back leaves behind.
        assert abs(seen - expected) <= tolerance(heat.rules, [deed for _, deed in ever], now)


@given(histories, zones, silences, st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_live_energy_is_the_definition_in_any_order_and_any_batches(
    told: History, zone: zoneinfo.ZoneInfo, silence: int, chance: object
) -> None:
    now = end_of(told, silence)
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    heat = Heat(RULES, zone, PEOPLE)
    while shuffled:
        size = chance.randint(1, len(shuffled))  # type: ignore[attr-defined]
        warmed(heat, zone, shuffled[:size])
        shuffled = shuffled[size:]
    for who in range(PEOPLE):
        own = [deed for w, deed in told if w == who]
        expected = energy(RULES, zone, own, now)
        assert abs(heat.energy(now, who)[0] - expected) <= tolerance(RULES, own, now)


@given(histories, zones, st.integers(-2 * DAY_MS, 210 * DAY_MS), st.integers(0, 220))
@settings(max_examples=120, deadline=None)
def test_rows_by_day_tell_the_definition_at_any_moment_from_any_base(
    told: History, zone: zoneinfo.ZoneInfo, moment: int, base: int
) -> None:
    at = START + moment
    deposits = history.Deposits(RULES, zone)
    events = batch([deed for _, deed in told])
    weights = Weigher(RULES, zone).weigh(events)
    ms = events.column("ms").to_numpy()
    rows = deposits.in_order(deposits.rows(slots(who for who, _ in told), ms, weights))
    days = deposits.days_of(rows["ms"])
    today = int(deposits.days_of(np.array([at]))[0])
    kept, more = np.zeros((PEOPLE, deposits.half_lives)), np.zeros((PEOPLE, 1))
    warm = np.zeros(PEOPLE, bool)
    # The base is the end of a day that was over by then.
    end = min(int(deposits.days_of(np.array([START]))[0]) + base, today - 1)
    for day in np.unique(days).tolist():
        if day <= end:
            deposits.add(rows[days == day], day, deposits.end_of(end), kept, warm)
        else:
            deposits.add(rows[days == day], day, at, more, warm)
    degrees, states = np.empty(PEOPLE, np.int16), np.empty(PEOPLE, np.int8)
    left = deposits.cooled(at - deposits.end_of(end))
    deposits.view(kept, left, more, warm, degrees, states)
    found = kept @ left + more[:, 0]
    for who in range(PEOPLE):
        own = [deed for w, deed in told if w == who and deed.ms <= at]
        bound = tolerance(RULES, own, at) if own else 0.0
        assert abs(found[who] - energy(RULES, zone, own, at)) <= bound
    assert np.abs(degrees - 100 * law.degrees(found, RULES.e_half)).max() <= 0.51
    assert np.array_equal(np.minimum(states, law.COLD), law.band(found, RULES.e_half))


steps = st.one_of(
    st.tuples(st.just("merge"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("take back"), st.integers(0, 7), st.just(0)),
    st.tuples(st.just("tell"), st.integers(1, 10), st.just(0)),
    st.tuples(st.just("save and load"), st.just(0), st.just(0)),
)


@given(histories, zones, silences, st.lists(steps, max_size=12))
@settings(max_examples=120, deadline=None)
def test_merging_taking_back_and_restarting_equal_owning_the_events(
    told: History, zone: zoneinfo.ZoneInfo, silence: int, acts: list[tuple[str, int, int]]
) -> None:
    now = end_of(told, silence)
    heat = Heat(RULES, zone, PEOPLE)
    waiting, owned = list(told), []
    for act, a, b in [*acts, ("tell", len(told), 0)]:
        if act == "tell" and waiting:
            warmed(heat, zone, waiting[:a])
            owned += waiting[:a]
            waiting = waiting[a:]
        elif act == "merge":
            heat.merge(a, b)
            owned = [(b if who == a else who, deed) for who, deed in owned]
        elif act == "take back" and a < len(owned):
            warmed(heat, zone, [owned.pop(a)], sign=-1)
        elif act == "save and load":
            state = heat.dump()
            heat = Heat(RULES, zone)
            heat.load(state)
    agrees(heat, zone, owned, now, told)
    for who in range(PEOPLE):
        mine = [deed for w, deed in owned if w == who]
        brings = Weigher(RULES, zone).weigh(batch(mine)).weight
        assert bool(heat.warmed(who)[0]) == bool((brings > 0).any())
        if not len(brings):
            assert heat.energy(now, who)[0] == 0.0


@given(histories, zones, silences)
@settings(max_examples=60, deadline=None)
def test_taking_everything_back_leaves_exactly_nothing(
    told: History, zone: zoneinfo.ZoneInfo, silence: int
) -> None:
    heat = warmed(warmed(Heat(RULES, zone, PEOPLE), zone, told), zone, told, sign=-1)
    assert heat.energy(end_of(told, silence)).tolist() == [0.0] * PEOPLE
    assert not len(heat.dump()["cell_key"])


@given(histories, zones, st.integers(-50 * DAY_MS, 300 * DAY_MS))
@settings(max_examples=100, deadline=None)
def test_a_reading_of_any_past_moment_is_the_definition(
    told: History, zone: zoneinfo.ZoneInfo, offset: int
) -> None:
    own = [deed for _, deed in told]
    at = START + offset
    seen = history.reading(batch(own), RULES, zone, at)
    assert abs(seen.energy - energy(RULES, zone, own, at)) <= tolerance(RULES, own, at)
    assert seen.degrees == law.degrees(seen.energy, RULES.e_half)
    parts = history.contributions(batch(own), RULES, zone, at)
    assert math.fsum(p.energy for p in parts) == pytest.approx(
        seen.energy, abs=tolerance(RULES, own, at)
    )
    assert math.fsum(abs(p.share) for p in parts) == pytest.approx(1 if any(
        p.energy for p in parts) else 0)  # fmt: skip


@given(histories, zones, st.integers(-5 * DAY_MS, 100 * DAY_MS), st.integers(1, 300 * DAY_MS))
@settings(max_examples=60, deadline=None)
def test_the_curve_is_the_reading_of_each_of_its_moments(
    told: History, zone: zoneinfo.ZoneInfo, offset: int, length: int
) -> None:
    own = batch([deed for _, deed in told])
    start = START + offset
    moments, energies, degrees = history.curve(own, RULES, zone, start, start + length, points=7)
    assert moments[0] == start
    assert moments[-1] == start + length
    assert (np.diff(moments) > 0).all()
    assert degrees.tolist() == law.degrees(energies, RULES.e_half).tolist()
    for ms, seen in zip(moments.tolist(), energies.tolist(), strict=True):
        bound = tolerance(RULES, [deed for _, deed in told], ms)
        assert abs(seen - history.reading(own, RULES, zone, ms).energy) <= bound


terms = st.lists(
    st.builds(
        law.Term,
        st.floats(-200, 200),
        st.sampled_from([1 / 24, 1, 3, 14, 14.001, 60, 180, 3650]).map(lambda d: d * DAY_MS),
    ),
    max_size=4,
)


@given(terms, st.sampled_from([10.0, 0.3]))
@settings(max_examples=200, deadline=None)
def test_a_band_is_left_at_the_moment_a_dense_scan_says(
    some: list[law.Term], e_half: float
) -> None:
    now = START
    here = law.band(law.energy_at(some, now, now), e_half)
    answer = law.next_band(some, e_half, now)
    noise = 1e-12 * math.fsum(abs(term.energy) for term in some)
    if answer is not None:
        band, ms = answer
        assert ms > now
        assert law.band(law.energy_at(some, now, ms), e_half) == band != here
        assert law.band(law.energy_at(some, now, ms - 1), e_half) == here
    last = answer[1] - 1 - now if answer else 400_000 * DAY_MS
    scan = {int(last * k / 300) for k in range(301)} | {
        int(10 ** (k / 20)) for k in range(320) if 10 ** (k / 20) <= last
    }
    for passed in scan:
        then = law.energy_at(some, now, now + passed)
        if all(abs(then - edge) > noise for edge in law.edges(e_half)):
            assert law.band(then, e_half) == here


@given(terms, st.sampled_from([10.0, 0.3]), st.sampled_from([0, 1, 30, 4_000]))
@settings(max_examples=100, deadline=None)
def test_all_bands_to_come_are_those_a_dense_scan_says(
    some: list[law.Term], e_half: float, days: int
) -> None:
    now, until = START, START + days * DAY_MS
    found = law.crossings(some, e_half, now, until)
    noise = 1e-12 * math.fsum(abs(term.energy) for term in some)
    assert [ms for _, ms in found] == sorted({ms for _, ms in found})
    stretches = itertools.pairwise([now, *(ms for _, ms in found), until + 1])
    here = law.band(law.energy_at(some, now, now), e_half)
    for band, (start, end) in zip([here, *(band for band, _ in found)], stretches, strict=True):
        for k in range(60):
            then = law.energy_at(some, now, start + (end - 1 - start) * k // 59)
            if all(abs(then - edge) > noise for edge in law.edges(e_half)):
                assert law.band(then, e_half) == band


@given(terms, st.floats(-50, 50))
@settings(max_examples=200, deadline=None)
def test_a_level_is_crossed_at_the_moment_a_dense_scan_says(
    some: list[law.Term], level: float
) -> None:
    now = START
    above = law.energy_at(some, now, now) >= level
    ms = law.next_crossing(some, now, level)
    if ms is not None:
        assert (law.energy_at(some, now, ms) >= level) != above
        assert (law.energy_at(some, now, ms - 1) >= level) == above
    noise = 1e-12 * math.fsum(abs(term.energy) for term in some)
    last = ms - 1 - now if ms else 4_000 * DAY_MS
    for passed in itertools.chain(range(0, last, max(last // 300, 1)), (last,)):
        then = law.energy_at(some, now, now + passed)
        if abs(then - level) > noise:
            assert (then >= level) == above


energies = st.floats(-1e3, 1e3)
halves = st.floats(0.1, 1e3)


@given(energies, energies, halves)
def test_more_energy_never_reads_colder(a: float, b: float, e_half: float) -> None:
    low, high = sorted((a, b))
    assert law.degrees(low, e_half) <= law.degrees(high, e_half)
    assert law.band(low, e_half) >= law.band(high, e_half)
    assert -40 <= law.degrees(low, e_half) <= 100


@given(st.floats(-40, 99.9), halves)
def test_energy_and_degrees_are_inverse(temperature: float, e_half: float) -> None:
    back = law.degrees(law.energy_of(temperature, e_half), e_half)
    assert back == pytest.approx(temperature, abs=1e-9)


@given(halves)
def test_value_and_slope_meet_where_energy_is_zero(e_half: float) -> None:
    assert law.degrees(0.0, e_half) == law.degrees(-0.0, e_half) == -20
    step = 1e-6 * e_half
    right = (law.degrees(step, e_half) - law.degrees(0.0, e_half)) / step
    left = (law.degrees(0.0, e_half) - law.degrees(-step, e_half)) / step
    assert right == pytest.approx(left, rel=1e-5)
    assert left == pytest.approx(120 * math.log(2) / e_half, rel=1e-5)


@given(st.lists(energies, min_size=1), halves)
def test_arrays_read_as_single_energies_do(many: list[float], e_half: float) -> None:
    array = np.array(many)
    assert law.degrees(array, e_half) == pytest.approx([law.degrees(e, e_half) for e in many])
    assert law.band(array, e_half).tolist() == [law.band(e, e_half) for e in many]


@given(histories, zones, silences, st.floats(0, 5))
@settings(max_examples=60, deadline=None)
def test_counts_and_sweeps_follow_the_readings(
    told: History, zone: zoneinfo.ZoneInfo, silence: int, dead_zone: float
) -> None:
    now = end_of(told, silence)
    heat = warmed(Heat(RULES, zone, PEOPLE), zone, told)
    bands = law.band(heat.energy(now), RULES.e_half)
    mask = np.array([True, False, True, True])
    counts = heat.counts(now, mask)
    assert [getattr(counts, name) for name in law.BANDS] == [
        int(((bands == code) & mask).sum()) for code in range(4)
    ]
    cold = (bands == law.COLD) & mask
    assert counts.never_warm == int((cold & ~heat.warmed(np.arange(PEOPLE))).sum())
    assert counts.never_warm + counts.cooled == counts.cold
    crossed, before, after = heat.sweep(now, dead_zone=dead_zone)
    for who in range(PEOPLE):
        warm_enough = law.band(
            law.energy_of(float(heat.degrees(now, who)[0]) - dead_zone, RULES.e_half), RULES.e_half
        )
        if who in crossed:
            assert after[crossed == who][0] < before[crossed == who][0] == law.COLD
        else:
            assert warm_enough == law.COLD or (dead_zone == 0 and bands[who] == law.COLD)
    heat.announced(crossed, after)
    assert not len(heat.sweep(now, dead_zone=dead_zone).slot)
