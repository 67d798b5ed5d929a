"""Copies in memory that was made ready are copies like any other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from hotspring.spare import Spare, itself

KINDS = st.sampled_from([np.uint8, np.int32, np.float64, np.bool_, "<U3"])
ARRAYS = some.arrays(KINDS, some.array_shapes(max_dims=2, min_side=0, max_side=40))


@given(st.lists(ARRAYS, max_size=8), st.integers(0, 4_000))
def test_a_copy_has_the_values_and_nothing_else_of_the_array(
    arrays: list[np.ndarray], size: int
) -> None:
    spare = Spare(size)
    copies = [spare.copy(array[::2]) for array in arrays]
    for array, copied in zip(arrays, copies, strict=True):
        assert copied.dtype == array.dtype
        np.testing.assert_array_equal(copied, array[::2])
        assert not np.shares_memory(copied, array)
        copied[...] = np.ones(1, copied.dtype)[0]
    for number, one in enumerate(copies):
        assert not any(np.shares_memory(one, other) for other in copies[:number])


def test_what_fits_is_not_put_elsewhere() -> None:
    spare, array = Spare(1_024), np.arange(64)
    assert np.shares_memory(spare.copy(array), spare._bytes)
    assert np.shares_memory(spare.copy(array), spare._bytes)
    assert not np.shares_memory(spare.copy(array), spare._bytes)
    assert itself(array) is array
