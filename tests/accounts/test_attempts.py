"""How often one may try, by name and by address."""

from __future__ import annotations

import time

import pytest

from hotspring.accounts import attempts as module
from hotspring.accounts.attempts import Attempts
from hotspring.errors import TooManyTries


class Time:
    """The clock of the limits, set by hand."""

    now = 1_772_323_200.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(module.time, "time", clock.time)
    return clock


def tries(count: int, name: str = "ann", address: str = "a", limit: Attempts | None = None) -> int:
    """How many of so many tries are let through?"""
    assert limit is not None
    through = 0
    for _ in range(count):
        try:
            limit.password(name, address)
        except TooManyTries:
            break
        through += 1
    return through


def test_ten_tries_at_one_name_from_one_address(clock: Time) -> None:
    limit = Attempts()
    assert tries(20, limit=limit) == 10
    with pytest.raises(TooManyTries) as refused:
        limit.password("ann", "a")
    assert 890 <= refused.value.seconds <= 901
    # Others are not kept out by it, nor is she elsewhere.
    assert tries(5, name="bob", limit=limit) == 5
    assert tries(5, address="b", limit=limit) == 5
    clock.now += 902
    assert tries(20, limit=limit) == 10


def test_many_addresses_share_one_name(clock: Time) -> None:
    limit = Attempts()
    through = sum(tries(10, address=f"a{n}", limit=limit) for n in range(15))
    assert through == 100
    clock.now += 3_601
    assert tries(1, address="z", limit=limit) == 1


def test_many_names_share_one_address(clock: Time) -> None:
    limit = Attempts()
    assert sum(tries(1, name=f"n{n}", limit=limit) for n in range(150)) == 100
    with pytest.raises(TooManyTries):
        limit.link("a")


def test_who_comes_in_starts_anew_there(clock: Time) -> None:
    limit = Attempts()
    assert tries(9, limit=limit) == 9
    limit.came_in("ann", "a")
    assert tries(20, limit=limit) == 10


def test_an_address_of_the_new_kind_counts_by_its_network(clock: Time) -> None:
    limit = Attempts()
    through = sum(tries(1, address=f"2001:db8::{n:x}", limit=limit) for n in range(15))
    assert through == 10
    assert tries(1, address="2001:db8:0:1::1", limit=limit) == 1
    assert sum(tries(1, name="bob", address="::ffff:1.2.3.4", limit=limit) for _ in range(9)) == 9
    assert tries(9, name="bob", address="1.2.3.4", limit=limit) == 1


def test_made_up_names_do_not_fill_the_memory(clock: Time) -> None:
    limit = Attempts()
    counters = limit._limiter.storage.storage  # type: ignore[attr-defined]
    for n in range(500):
        tries(1, name=f"n{n}", limit=limit)
    assert len(counters) == 201
    clock.now += 3_700
    end = time.monotonic() + 60
    while len(counters) > 10 and time.monotonic() < end:
        tries(1, name="ann", address="b", limit=limit)
        time.sleep(0.02)
    assert len(counters) <= 4


def test_codes_are_few(clock: Time) -> None:
    limit = Attempts()
    day = 0
    for _ in range(100):
        try:
            limit.code("ann")
            day += 1
        except TooManyTries as refused:
            if refused.seconds > 901:
                break
            clock.now += refused.seconds + 1
    assert day == 30
