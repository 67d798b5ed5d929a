"""The thermometer and its crossings, in cases that can be checked by hand."""

from __future__ import annotations

import math

import pytest

from hotspring.temperature import law
from hotspring.temperature.law import COLD, COOL, HOT, WARM, Term

DAY = 86_400_000
NOW = 1_760_000_000_000


@pytest.mark.parametrize(
    ("energy", "degrees"),
    [(0, -20), (10, 40), (20, 70), (30, 85), (math.inf, 100), (-1e9, -40)],
)
def test_each_half_energy_halves_the_way_to_a_hundred(energy: float, degrees: float) -> None:
    assert law.degrees(energy, 10) == degrees


def test_bands_meet_where_the_thermometer_says() -> None:
    def band(temperature: float) -> int:
        return law.band(law.energy_of(temperature, 10), 10)

    assert [band(t) for t in (80.001, 80, 50, 49.999, 0, -0.001)] == [
        HOT, WARM, WARM, COOL, COOL, COLD,
    ]  # fmt: skip
    assert law.BANDS[HOT] == "hot"
    assert law.BANDS[COLD] == "cold"


def test_the_limits_of_the_thermometer_have_energies() -> None:
    assert law.energy_of(100, 10) == math.inf
    assert law.degrees(law.energy_of(-40, 10), 10) == -40
    assert law.energy_of(-60, 10) == law.energy_of(-40, 10)


def test_a_single_term_leaves_its_band_in_closed_form() -> None:
    some = [Term(100.0, 30 * DAY)]
    edge = law.energy_of(80, 10)
    expected = NOW + 30 * DAY * math.log2(100 / edge)
    assert law.next_band(some, 10, NOW) == (WARM, math.ceil(expected))
    assert law.next_crossing(some, NOW, edge) == math.floor(expected) + 1


def test_silence_may_raise_a_band() -> None:
    some = [Term(-8.0, DAY), Term(10.0, 90 * DAY)]
    assert law.energy_at(some, NOW, NOW) == 2.0
    assert law.energy_at(some, NOW, NOW + 10 * DAY) == pytest.approx(9.25, abs=0.005)
    e_half = 2.0 / 0.2  # 2.0 reads below 0 degrees, 9.25 above
    assert law.band(2.0, e_half) == COLD
    band, ms = law.next_band(some, e_half, NOW) or (None, 0)
    assert band == COOL
    assert 0 < ms - NOW < DAY


def test_a_bump_that_only_grazes_the_threshold_is_seen() -> None:
    some = [Term(-8.0, DAY), Term(10.0, 90 * DAY)]
    peak = max(range(5 * DAY, 20 * DAY, 3_600_000), key=lambda p: law.energy_at(some, NOW, NOW + p))
    top = law.energy_at(some, NOW, NOW + peak)
    ms = law.next_crossing(some, NOW, top - 1e-9)
    assert ms is not None
    assert abs(ms - NOW - peak) < DAY
    assert law.next_crossing(some, NOW, top + 1e-4) is None


def test_the_cold_stay_cold_for_ever() -> None:
    assert law.next_band([], 10, NOW) is None
    assert law.next_band([Term(0.0, DAY)], 10, NOW) is None
    assert law.next_band([Term(1.0, DAY)], 10, NOW) is None
    assert law.next_band([Term(-50.0, 3650 * DAY)], 10, NOW) is None


def test_zero_is_approached_but_not_crossed() -> None:
    assert law.next_crossing([Term(5.0, DAY)], NOW, 0.0) is None
    assert law.next_crossing([Term(-5.0, DAY)], NOW, 0.0) is None
    ms = law.next_crossing([Term(5.0, DAY), Term(-1.0, 10 * DAY)], NOW, 0.0)
    assert ms is not None
    assert ms - NOW == pytest.approx(DAY * math.log2(5) / 0.9, abs=1)


def test_three_crossings_the_first_is_told() -> None:
    some = [Term(-100.0, DAY / 24), Term(60.0, DAY), Term(-30.0, 20 * DAY), Term(22.0, 200 * DAY)]
    seen = []
    now = NOW
    while (ms := law.next_crossing(some, NOW, 9.0) if now == NOW else _next(some, now)) is not None:
        seen.append((ms - NOW) / DAY)
        now = ms
    assert len(seen) == 4
    assert seen == sorted(seen)


def _next(some: list[Term], now: int) -> int | None:
    moved = [Term(law.energy_at([term], NOW, now), term.half_life_ms) for term in some]
    return law.next_crossing(moved, now, 9.0)


def test_half_lives_from_an_hour_to_ten_years_stand_together() -> None:
    some = [Term(1e6, DAY / 24), Term(1.0, 3650 * DAY)]
    band, ms = law.next_band(some, 2.0, NOW) or (None, 0)
    assert band == WARM
    assert law.band(law.energy_at(some, NOW, ms), 2.0) == WARM
    later = [Term(law.energy_at([term], NOW, ms), term.half_life_ms) for term in some]
    assert law.next_band(later, 2.0, ms) is not None
