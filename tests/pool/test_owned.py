"""Which rows are one person's: all of some origins, stretches of others."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspring.pool.owned import Origins, within

EDGES = st.lists(st.integers(0, 20), min_size=2, max_size=6, unique=True).map(sorted)


@st.composite
def spans(draw: st.DrawFn) -> Origins:
    """Spans of a few subjects that do not overlap, the ends of time among them."""
    found: Origins = []
    for subject in draw(st.lists(st.integers(0, 4), unique=True)):
        edges = [-(2**62), *draw(EDGES), 2**62] if draw(st.booleans()) else draw(EDGES)
        pairs = itertools.pairwise(edges)
        found += [(subject, start, end) for start, end in pairs if draw(st.booleans())]
    return draw(st.permutations(found))


@given(spans(), st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 21))))
def test_a_row_is_owned_where_a_span_of_its_subject_holds_its_moment(
    origins: Origins, rows: list[tuple[int, int]]
) -> None:
    subject = np.array([row[0] for row in rows], np.int32)
    ms = np.array([row[1] for row in rows], np.int64)
    expected = [
        any(one == origin and start <= at < end for origin, start, end in origins)
        for one, at in rows
    ]
    assert within(origins, subject, ms).tolist() == expected
