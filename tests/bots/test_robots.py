"""Robots are faster than a hand, or as even as a clock."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspring.bots import robots

START = 1_760_000_000_000


def found(*people: list[int]) -> dict[int, float]:
    origins = np.repeat(np.arange(len(people), dtype=np.int32), [len(times) for times in people])
    ms = np.array([START + time for times in people for time in times], np.int64)
    return {robot.origin: robot.score for robot in robots.suspects(origins, ms)}


def test_an_even_rhythm_and_an_inhuman_pace_are_found() -> None:
    even = [n * 60_000 for n in range(50)]
    fast = [n * 100 for n in range(400)]
    rng = np.random.default_rng(7)
    human = np.cumsum(rng.exponential(20_000, 200)).astype(int).tolist()
    assert set(found(even, fast, human)) == {0, 1}


def test_a_few_events_say_nothing() -> None:
    assert found([n * 60_000 for n in range(29)]) == {}
    assert found() == {}


def test_what_was_sent_in_one_batch_is_no_rhythm() -> None:
    assert found([0] * 40, [n // 40 * 5_000_000 for n in range(110)]) == {}


@given(st.integers(0, 2**32 - 1))
def test_people_are_not_suspected(seed: int) -> None:
    """Gaps of people spread widely (log-normal, sigma 1)."""
    rng = np.random.default_rng(seed)
    gaps = rng.lognormal(np.log(15_000), 1.0, 150)
    assert found(np.cumsum(np.maximum(gaps, 600)).astype(int).tolist()) == {}
