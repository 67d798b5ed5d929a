"""Journeys out of rows: borders to the millisecond, repeats, conversions that follow each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.attribution import Journeys, Window, walk

DAY = 86_400_000
NAN = float("nan")
WIDE = Window(start=0, end=10**12)
NAMES = ("a", "b", "c")
Journey = tuple[list[str], list[int], float | None]


class Row(NamedTuple):
    slot: int
    ms: int
    touch: int
    brought: float | None


def walked(rows: list[Row], window: Window = WIDE) -> tuple[list[Journey], tuple[float, float]]:
    """Journeys as (touches, ages, value or None), and the conversions without any touch."""
    found, whose, *alone, when = walk(
        np.array([row.slot for row in rows], np.int32),
        np.array([row.ms for row in rows], np.int64),
        np.array([row.touch for row in rows], np.int32),
        np.array([NAN if row.brought is None else row.brought for row in rows]),
        window,
        NAMES,
    )
    assert len(whose) == len(found.ends) == len(when)
    return listed(found), (alone[0], alone[1])


def listed(found: Journeys) -> list[Journey]:
    assert found.age is not None
    given, begin = [], 0
    for at, end in enumerate(found.ends.tolist()):
        names = [found.names[code] for code in found.touch[begin:end]]
        value = float(found.value[at]) if found.conversions[at] else None
        assert found.conversions[at] + found.nulls[at] == 1
        given.append((names, found.age[begin:end].tolist(), value))
        begin = end
    return given


def plain(rows: list[Row], window: Window) -> tuple[list[Journey], tuple[float, float]]:
    """The same by comparing every touch with every conversion."""
    found, alone, worth = list[Journey](), 0, 0.0
    for slot in dict.fromkeys(row.slot for row in rows):
        mine = [row for row in rows if row.slot == slot]
        reached, before = set[int](), None
        for row in mine:
            if row.brought is None:
                continue
            taken = [
                at for at, one in enumerate(mine)
                if 0 <= row.ms - one.ms <= window.lookback_ms
                and not (window.once and before is not None and one.ms <= before)
            ]  # fmt: skip
            before = row.ms
            if not window.start <= row.ms < window.end:
                continue
            reached.update(taken)
            touches = without_repeats([mine[at] for at in taken], window.repeat_ms)
            if touches:
                found.append(journey(touches, row.ms, row.brought))
            else:
                alone, worth = alone + 1, worth + row.brought
        left = [
            one for at, one in enumerate(mine)
            if at not in reached and one.touch >= 0 and window.start <= one.ms < window.end
        ]  # fmt: skip
        runs = list[list[Row]]()
        for one in left:
            if not runs or one.ms - runs[-1][-1].ms > window.lookback_ms:
                runs.append([])
            runs[-1].append(one)
        found += [journey(without_repeats(run, window.repeat_ms), run[-1].ms, None) for run in runs]
    return found, (alone, worth)


def without_repeats(rows: list[Row], repeat: int) -> list[Row]:
    touches = [row for row in rows if row.touch >= 0]
    return [
        row for at, row in enumerate(touches)
        if not at
        or row.touch != touches[at - 1].touch
        or row.ms - touches[at - 1].ms > repeat
    ]  # fmt: skip


def journey(touches: list[Row], ms: int, brought: float | None) -> Journey:
    return [NAMES[row.touch] for row in touches], [ms - row.ms for row in touches], brought


some = st.builds(
    Row, st.integers(0, 2), st.integers(0, 40), st.integers(-1, 2),
    st.none() | st.sampled_from([0.0, 1.5, 20.0]),
)  # fmt: skip


@given(
    rows=st.lists(some, max_size=25),
    borders=st.tuples(st.integers(0, 30), st.integers(10, 45)),
    lookback=st.integers(1, 20),
    repeat=st.integers(0, 6),
    once=st.booleans(),
)
def test_a_walk_is_every_touch_compared_with_every_conversion(
    rows: list[Row], borders: tuple[int, int], lookback: int, repeat: int, once: bool
) -> None:
    rows.sort(key=lambda row: (row.slot, row.ms, row.touch))
    window = Window(
        start=borders[0], end=borders[1], lookback_ms=lookback, repeat_ms=repeat, once=once
    )
    found, alone = walked(rows, window)
    expected, expected_alone = plain(rows, window)
    assert (sorted(found, key=str), alone) == (sorted(expected, key=str), expected_alone)
    # What is at one moment has no order.
    rows.reverse()
    again, _ = walked(sorted(rows, key=lambda row: (row.slot, row.ms)), window)
    assert sorted(again, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(("late", "counts"), [(-1, False), (0, True), (1, True)])
def test_the_lookback_ends_at_a_millisecond(late: int, counts: bool) -> None:
    rows = [Row(0, 10**10 - 7 * DAY + late, 0, None), Row(0, 10**10, -1, 9.0)]
    found, alone = walked(rows)
    assert found[0] == ((["a"], [7 * DAY - late], 9.0) if counts else (["a"], [0], None))
    assert alone == ((0, 0) if counts else (1, 9))


@pytest.mark.parametrize(("late", "counts"), [(-1, True), (0, True), (1, False)])
def test_a_touch_counts_up_to_the_very_moment(late: int, counts: bool) -> None:
    rows = [Row(0, 10**10, -1, 9.0), Row(0, 10**10 + late, 0, None)]
    found, _ = walked(sorted(rows, key=lambda row: row.ms))
    assert found[0][2] == (9.0 if counts else None)


@pytest.mark.parametrize(("at", "counts"), [(99, False), (100, True), (199, True), (200, False)])
def test_conversions_count_from_the_start_up_to_before_the_end(at: int, counts: bool) -> None:
    rows = [Row(0, 98, 0, None), Row(0, at, -1, 9.0)]
    found, _ = walked(rows, Window(start=100, end=200))
    assert [one[2] for one in found] == ([9.0] if counts else [])


def test_a_conversion_may_be_its_own_touch() -> None:
    assert walked([Row(0, 5, 1, 2.0)]) == ([(["b"], [0], 2.0)], (0, 0))


def test_a_touch_serves_every_conversion_or_the_next_one_only() -> None:
    rows = [Row(0, 1, 0, None), Row(0, 2, -1, 5.0), Row(0, 3, 1, None), Row(0, 4, -1, 6.0)]
    assert [one[0] for one in walked(rows)[0]] == [["a"], ["a", "b"]]
    once = Window(start=0, end=10**12, once=True)
    assert [one[0] for one in walked(rows, once)[0]] == [["a"], ["b"]]


def test_every_journey_has_its_owner() -> None:
    rows = [Row(4, 1, 0, None), Row(4, 2, -1, 5.0), Row(4, 3, 1, None), Row(7, 1, 2, 1.0)]
    columns = [np.array([row.slot for row in rows], np.int32), np.array([r.ms for r in rows])]
    touch = np.array([row.touch for row in rows], np.int32)
    found = walk(*columns, touch, np.array([NAN, 5.0, NAN, 1.0]), WIDE, NAMES)
    assert found.whose.tolist() == [4, 7, 4]
    assert found.journeys.nulls.tolist() == [0, 0, 1]


def test_nothing_gives_no_journey() -> None:
    assert walked([]) == ([], (0, 0))
