"""How sets of profiles overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.errors import BadRequest
from hotspring.segments import overlap

SETS = st.lists(st.sets(st.integers(0, 20)), min_size=2, max_size=5)


@given(SETS)
def test_the_parts_share_nobody_and_come_to_the_union(sets: list[set[int]]) -> None:
    found = overlap([np.array(sorted(one), np.int32) for one in sets])
    everybody = set().union(*sets)
    expected = [tuple(n for n, one in enumerate(sets) if who in one) for who in everybody]
    assert dict(found) == {places: expected.count(places) for places in expected}
    assert [count for _, count in found] == sorted((count for _, count in found), reverse=True)


@pytest.mark.parametrize("count", [0, 1, 6])
def test_two_to_five_sets_are_laid_over_each_other(count: int) -> None:
    with pytest.raises(BadRequest, match="2 to 5"):
        overlap([np.arange(3, dtype=np.int32)] * count)
