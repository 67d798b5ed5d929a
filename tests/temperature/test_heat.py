"""Live energies in cases: caps at midnight, long histories, growth, what is announced."""

from __future__ import annotations

import datetime as dt
import math
import zoneinfo

import msgspec
import numpy as np
import pytest

from hotspring.errors import FolderError
from hotspring.temperature import Heat, RuleSet, Weigher, law, rules
from hotspring.temperature.weigh import Weights
from tests.temperature.reference import DAY_MS, Deed, batch, slots

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
NOW = 1_760_000_000_000
TITLE = {"zh": "z", "en": "e"}


def rule(**changes: object) -> dict[str, object]:
    return {
        "id": "r", "title": TITLE, "events": ["a"], "points": 2, "half_life_days": 30, **changes,
    }  # fmt: skip


def heat_of(*some: dict[str, object], zone: zoneinfo.ZoneInfo = SHANGHAI, size: int = 3) -> Heat:
    many = [{**one, "id": str(i)} for i, one in enumerate(some)]
    body = {"title": TITLE, "e_half": 10, "currency": "CNY", "rates": {}, "rules": many}
    return Heat(RuleSet.from_json(msgspec.json.encode(body)), zone, size)


def tell(
    heat: Heat, slot: int, *deeds: Deed, zone: zoneinfo.ZoneInfo = SHANGHAI, sign: int = 1
) -> None:
    events = batch(deeds)
    weights = Weigher(heat.rules, zone).weigh(events)
    heat.add(slots([slot] * len(deeds)), events.column("ms").to_numpy(), weights, sign)


def local(zone: zoneinfo.ZoneInfo, *moment: int) -> int:
    return int(dt.datetime(*moment, tzinfo=zone).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (SHANGHAI, (2024, 5, 1), 24),
        (NEW_YORK, (2024, 3, 10), 23),
        (NEW_YORK, (2024, 11, 3), 25),
    ],
)
def test_a_cap_counts_from_midnight_to_midnight(
    zone: zoneinfo.ZoneInfo, day: tuple[int, int, int], hours: int
) -> None:
    start = local(zone, *day)
    end = start + hours * 3_600_000
    heat = heat_of(rule(cap=3, half_life_days=1), zone=zone)
    tell(heat, 0, *(Deed("a", ms) for ms in (start, start + 1, end - 1)), zone=zone)
    tell(heat, 1, *(Deed("a", ms) for ms in (start - 1, start, end - 1, end)), zone=zone)
    now = end + DAY_MS
    today = 3 * 2.0 ** (-(now - start) / DAY_MS)
    before = local(zone, *(dt.date(*day) - dt.timedelta(days=1)).timetuple()[:3])
    others = 2 * 2.0 ** (-(now - before) / DAY_MS) + 2 * 2.0 ** (-(now - end) / DAY_MS)
    assert heat.energy(now, 0)[0] == pytest.approx(today, rel=1e-12)
    assert heat.energy(now, 1)[0] == pytest.approx(today + others, rel=1e-12)


def test_what_a_cap_held_back_comes_when_events_are_taken_back() -> None:
    heat = heat_of(rule(cap=3))
    tell(heat, 0, *(Deed("a", NOW + i) for i in range(5)))
    full = heat.energy(NOW + 9, 0)[0]
    tell(heat, 0, *(Deed("a", NOW + i) for i in range(3)), sign=-1)
    assert heat.energy(NOW + 9, 0)[0] == pytest.approx(full)
    tell(heat, 0, Deed("a", NOW + 3), sign=-1)
    assert heat.energy(NOW + 9, 0)[0] == pytest.approx(full * 2 / 3)


def test_cells_of_a_merge_add_up_before_the_cap() -> None:
    heat = heat_of(rule(cap=3), rule(points=-2, cap=3, events=["b"]))
    for slot in (0, 1):
        tell(heat, slot, Deed("a", NOW), Deed("b", NOW + 1))
    tell(heat, 0, Deed("a", NOW))
    heat.merge(0, 1)
    assert heat.energy(NOW + 1).tolist() == [0.0, pytest.approx(0.0, abs=1e-15), 0.0]
    alone = heat_of(rule(cap=3))
    tell(alone, 0, Deed("a", NOW), Deed("a", NOW))
    tell(alone, 1, Deed("a", NOW + DAY_MS))
    alone.merge(0, 1)
    tell(alone, 2, Deed("a", NOW), Deed("a", NOW), Deed("a", NOW + DAY_MS))
    assert alone.energy(NOW + 2 * DAY_MS, 1) == pytest.approx(alone.energy(NOW + 2 * DAY_MS, 2))


def test_a_million_events_of_one_profile() -> None:
    count = 1_000_000
    heat = heat_of(rule(half_life_days=1 / 24), rule(half_life_days=3650, cap=1000), size=1)
    ms = NOW + np.arange(count, dtype=np.int64) * 60_000
    days = Weigher(heat.rules, SHANGHAI)._days.of(ms)
    for number in (0, 1):
        weights = Weights(
            np.arange(count, dtype=np.int32),
            np.full(count, number, np.int16),
            np.full(count, 2.0),
            days if number else np.zeros(count, np.int32),
        )
        heat.add(np.zeros(count, np.int32), ms, weights)
    now = int(ms[-1])
    hourly = math.fsum(2 * 2.0 ** (-minute / 60) for minute in range(20_000))
    slow, quick = sorted((term.half_life_ms, term.energy) for term in heat.terms(0, now))[::-1]
    assert quick[1] == pytest.approx(hourly, rel=1e-9)
    per_day = np.unique(days, return_counts=True)[1]
    assert (per_day * 2 > 1000).sum() > 600
    starts = Weigher(heat.rules, SHANGHAI)._days.start(np.unique(days))
    kept = np.minimum(per_day * 2.0, 1000) * np.exp2(-(now - starts) / (3650 * DAY_MS))
    assert slow[1] == pytest.approx(math.fsum(kept), rel=1e-9)


def test_slots_grow_and_keep_what_they_had() -> None:
    heat = heat_of(rule(), rule(cap=3), size=0)
    for size in (1, 10, 5, 5_000):
        heat.ensure(size)
        tell(heat, 0, Deed("a", NOW))
    assert heat.size == 5_000
    assert heat.energy(NOW, 0)[0] == pytest.approx(4 * 2 + 3 * 2 ** (-_since(NOW) / 30))
    assert heat.counts(NOW).never_warm == 4_999


def _since(ms: int) -> float:
    """Days since midnight in Shanghai."""
    return (ms + 8 * 3_600_000) % DAY_MS / DAY_MS


def test_many_cells_are_all_found_again() -> None:
    heat = heat_of(rule(cap=100, points=1), size=200)
    rng = np.random.default_rng(3)
    who = rng.integers(0, 200, 60_000).astype(np.int32)
    day = rng.integers(19_000, 19_100, 60_000).astype(np.int32)
    ms = day.astype(np.int64) * DAY_MS
    ones = np.ones(60_000)
    heat.add(
        who, ms, Weights(np.arange(60_000, dtype=np.int32), np.zeros(60_000, np.int16), ones, day)
    )
    dump = heat.dump()
    assert len(dump["cell_key"]) == len(set(zip(who.tolist(), day.tolist(), strict=True)))
    assert dump["cell_sum"].sum() == dump["cell_count"].sum() == 60_000


def test_a_slot_out_of_reach_is_refused() -> None:
    heat = heat_of(rule())
    with pytest.raises(IndexError, match="slot 3 is not below 3"):
        tell(heat, 3, Deed("a", NOW))
    with pytest.raises(IndexError):
        heat.merge(0, 7)
    with pytest.raises(IndexError):
        heat.energy(NOW, [4])
    tell(heat, -1, Deed("a", NOW))
    assert heat.counts(NOW).never_warm == 3


def test_a_clock_that_went_back_reads_as_of_the_last_event() -> None:
    heat = heat_of(rule())
    tell(heat, 0, Deed("a", NOW))
    assert heat.energy(NOW - DAY_MS, 0)[0] == 2.0
    assert heat.terms(0, NOW - DAY_MS)[0].energy == 2.0


def test_clearing_forgets_heat_but_not_what_was_announced() -> None:
    heat = heat_of(rule(points=40, cap=40))
    tell(heat, 0, Deed("a", NOW))
    moves = heat.sweep(NOW)
    heat.announced(moves.slot, moves.after)
    heat.clear([0])
    assert heat.energy(NOW, 0)[0] == 0
    assert not heat.warmed(0)[0]
    tell(heat, 0, Deed("a", NOW))
    assert heat.degrees(NOW, 0)[0] > 80
    assert not len(heat.sweep(NOW).slot)


def test_silence_alone_lets_a_profile_fall_through_all_bands_once() -> None:
    heat = heat_of(rule(points=100))
    tell(heat, 1, Deed("a", NOW))
    told = []
    for day in range(400):
        moves = heat.sweep(NOW + day * DAY_MS, dead_zone=1.0)
        heat.announced(moves.slot, moves.after)
        told += list(
            zip(moves.slot.tolist(), moves.before.tolist(), moves.after.tolist(), strict=True)
        )
    assert told == [
        (1, law.COLD, law.HOT), (1, law.HOT, law.WARM), (1, law.WARM, law.COOL),
        (1, law.COOL, law.COLD),
    ]  # fmt: skip


def test_a_dead_zone_keeps_a_profile_from_flapping() -> None:
    heat = heat_of(rule(points=1, amount=True))
    edge = law.energy_of(50, 10)
    tell(heat, 0, Deed("a", NOW, amount=math.expm1(edge * 1.001)))
    assert heat.degrees(NOW, 0)[0] == pytest.approx(50.06, abs=0.05)
    assert heat.sweep(NOW, [0], 1.0).after.tolist() == [law.COOL]
    assert heat.sweep(NOW, [0], 0.0).after.tolist() == [law.WARM]
    heat.announced(np.array([0], np.int32), np.array([law.WARM], np.int8))
    later = NOW + DAY_MS // 4
    assert 49 < heat.degrees(later, 0)[0] < 50
    assert not len(heat.sweep(later, [0], 1.0).slot)
    assert heat.sweep(later, [0], 0.0).after.tolist() == [law.COOL]
    assert not len(heat.sweep(later, [], 0.0).slot)


def test_a_merged_profile_is_not_announced_as_fallen() -> None:
    heat = heat_of(rule(points=100))
    tell(heat, 0, Deed("a", NOW))
    moves = heat.sweep(NOW)
    heat.announced(moves.slot, moves.after)
    heat.merge(0, 1)
    assert heat.sweep(NOW).slot.tolist() == [1]


def test_other_rules_keep_what_was_announced() -> None:
    heat = heat_of(rule(points=100))
    tell(heat, 2, Deed("a", NOW))
    moves = heat.sweep(NOW)
    heat.announced(moves.slot, moves.after)
    fresh = heat_of(rule(points=1), size=0)
    fresh.restore_announcements(heat.announcements())
    assert fresh.size == 3
    assert fresh.sweep(NOW).before.tolist() == [law.HOT]


def test_a_snapshot_of_other_half_lives_is_refused() -> None:
    state = heat_of(rule()).dump()
    with pytest.raises(FolderError, match="other rules"):
        heat_of(rule(half_life_days=31)).load(state)


def test_shipped_rules_warm_a_shopper_as_one_expects() -> None:
    shipped = rules.sets()["ecommerce"]
    heat = Heat(shipped, SHANGHAI, 1)
    views = [Deed("Product Viewed", NOW + i) for i in range(20)]
    tell(heat, 0, *views)
    browsing = heat.degrees(NOW + 100, 0)[0]
    tell(heat, 0, Deed("Product Added", NOW + 200), Deed("Order Completed", NOW + 300, 200.0))
    bought = heat.degrees(NOW + 300, 0)[0]
    tell(heat, 0, Deed("Order Completed", NOW + 400, 300.0), Deed("Product Reviewed", NOW + 500))
    loyal = heat.degrees(NOW + 500, 0)[0]
    assert -20 < browsing < 0 < bought < 80 < loyal
    assert heat.degrees(NOW + 400 * DAY_MS, 0)[0] < 0
