"""Whom the pipeline touched is told once, however often and in how many parts it was."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspring.pipeline.ear import Ear
from hotspring.pipeline.state import Touched

SLOTS = st.lists(st.integers(0, 300), max_size=12).map(lambda slots: np.array(slots, np.int32))
TOUCHED = st.builds(Touched, SLOTS, SLOTS, gone=SLOTS, regrouped=SLOTS)


@given(st.lists(st.none() | TOUCHED, max_size=30))
def test_each_is_told_once_at_the_next_taking(heard: list[Touched | None]) -> None:
    """None stands for somebody who takes."""
    ear = Ear()
    warmed: set[int] = set()
    other: set[int] = set()
    for one in [*heard, None]:
        if one is not None:
            ear.hear(one)
            warmed |= {*one.warmed.tolist()}
            other |= {*one.changed.tolist(), *one.gone.tolist(), *one.regrouped.tolist()}
            continue
        told = ear.take()
        assert (told.warmed.dtype, told.other.dtype) == (np.int32, np.int32)
        assert (told.warmed.tolist(), told.other.tolist()) == (sorted(warmed), sorted(other))
        assert not told.everyone
        warmed, other = set(), set()


def test_where_it_may_be_anybody_that_is_told_once() -> None:
    ear = Ear()
    ear.hear(None)
    assert ear.take().everyone
    assert not ear.take().everyone
