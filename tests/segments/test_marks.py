"""Marks are sets of slots by question, and the latest times decide as all of them would."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspring.rules import Question, read
from hotspring.rules.catalogue import Catalogue
from hotspring.segments import marks

SIZE = 6
SLOTS = st.lists(st.integers(0, SIZE - 1), unique=True).map(sorted)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "drop", "put", "all"]), st.integers(0, 70), SLOTS,
        st.lists(st.booleans(), min_size=SIZE, max_size=SIZE),
    ),
    max_size=30,
)  # fmt: skip


@given(STEPS)
def test_a_mark_is_what_was_said_last(steps: list[tuple[str, int, list[int], list[bool]]]) -> None:
    kept, model = marks.Marks(), dict[int, set[int]]()
    kept.reach(SIZE)
    for key in range(0, 70, 2):
        kept.add(key)
        model[key] = set()
    for what, key, slots, truths in steps:
        if what == "add" and key not in model:
            kept.add(key)
            model[key] = set()
        elif key not in model:
            continue
        elif what == "drop":
            kept.drop(key)
            del model[key]
        elif what == "put":
            truth = np.array(truths[: len(slots)], bool)
            moved = kept.put(key, np.array(slots, np.int32), truth)
            new = {slot for slot, one in zip(slots, truths, strict=False) if one}
            after = model[key] - set(slots) | new
            assert set(moved.tolist()) == model[key] ^ after
            model[key] = after
        elif what == "all":
            moved = kept.put_all(key, np.array(truths, bool))
            after = {slot for slot, one in enumerate(truths) if one}
            assert set(moved.tolist()) == model[key] ^ after
            model[key] = after
    everyone = np.arange(SIZE, dtype=np.int32)
    for key, inside in model.items():
        assert set(everyone[kept.of(key, everyone)].tolist()) == inside


TESTS = st.one_of(
    st.tuples(st.sampled_from(["ge", "gt", "le", "lt", "eq", "ne"]), st.integers(0, 4)),
    st.tuples(st.just("between"), st.tuples(st.integers(0, 2), st.integers(2, 4)).map(list)),
)


@given(
    TESTS, st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, 50)), max_size=25),
    st.integers(1, 50),
)  # fmt: skip
def test_the_latest_times_decide_as_all_of_them_would(
    test: tuple[str, object], done: list[tuple[int, int]], days: int
) -> None:
    op, value = test
    window = {"from": {"ago": days}}
    leaf = {"behaviour": {"event": "a", "op": op, "value": value, "window": window}}
    there = Catalogue(events={"a": {}})
    now = 50 * 86_400_000
    counted = Question(read(leaf, there), there, now).counted()
    assert counted is not None
    recent = marks.Recent(counted.depth)
    recent.reach(SIZE)
    slots = np.array([slot for slot, _ in done], np.int32)
    recent.take(slots, np.array([day * 86_400_000 for _, day in done], np.int64))
    kept = marks.Marks()
    kept.reach(SIZE)
    kept.add("a")
    since = counted.start(now, there.zone)
    kept.sweep("a", recent, since, np.array(counted.truths))
    everyone = np.arange(SIZE, dtype=np.int32)
    many = [sum(one == slot and day >= 50 - days for one, day in done) for slot in range(SIZE)]
    first, last = value if isinstance(value, list) else (value, value)
    expected = [
        {
            "ge": n >= first, "gt": n > first, "le": n <= first, "lt": n < first,
            "eq": n == first, "ne": n != first, "between": first <= n <= last,
        }[op]
        for n in many
    ]  # fmt: skip
    assert kept.of("a", everyone).tolist() == expected
    kept.add("some")
    moved = kept.sweep("some", recent, since, np.array(counted.truths), everyone[::2])
    assert kept.of("some", everyone).tolist() == [
        n % 2 == 0 and one for n, one in enumerate(expected)
    ]
    assert moved.tolist() == [n for n, one in enumerate(expected) if one and n % 2 == 0]
