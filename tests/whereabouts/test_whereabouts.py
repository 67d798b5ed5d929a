"""The latest place of a profile: a fold that knows no order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import EVENT_SCHEMA, Flag
from hotspring.whereabouts import COLUMNS, Whereabouts

SLOTS = 4
ROWS = st.lists(
    st.tuples(
        st.integers(0, SLOTS - 1),
        st.integers(0, 3),
        st.sampled_from(["web", "store", "kiosk", ""]),
        st.sampled_from([None, (120.1, 30.2), (120.1, 30.3), (-46.6, -23.5)]),
        st.sampled_from(["gps", "city"]),
        st.sampled_from([50.0, 20_000.0]),
        st.sampled_from([0, 0, 0, int(Flag.BOT)]),
    ),
    max_size=12,
)


def batch(rows) -> tuple[pa.RecordBatch, np.ndarray]:
    schema = pa.schema([EVENT_SCHEMA.field(name) for name in COLUMNS])
    found = [
        {
            "ms": ms,
            "flags": flags,
            "channel": channel,
            "lon": place and place[0],
            "lat": place and place[1],
            "adcode": place and 330_106,
            "place_origin": place and origin,
            "precision": place and precision,
        }
        for _, ms, channel, place, origin, precision, flags in rows
    ]
    slots = np.array([row[0] for row in rows], np.int32)
    return pa.RecordBatch.from_pylist(found, schema=schema), slots


def fold(*parts) -> Whereabouts:
    where = Whereabouts()
    where.ensure(SLOTS)
    for part in parts:
        where.take(*batch(part))
    return where


def same(a: Whereabouts, b: Whereabouts) -> bool:
    every = np.arange(SLOTS, dtype=np.int32)
    return a.same(every, b, every)


@given(rows=ROWS, data=st.data())
@settings(max_examples=60, deadline=None)
def test_order_and_portions_do_not_matter(rows, data) -> None:
    mixed = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    assert same(fold(rows), fold(mixed[:cut], mixed[cut:]))


@given(rows=ROWS)
@settings(max_examples=60, deadline=None)
def test_a_merge_is_as_if_every_event_had_been_the_winners(rows) -> None:
    merged = fold(rows)
    merged.merge(np.array([[1, 0], [3, 2]], np.int32))
    assert same(merged, fold([(slot - slot % 2, *rest) for slot, *rest in rows]))


@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_what_is_saved_is_loaded(rows) -> None:
    loaded = Whereabouts()
    loaded.load(fold(rows).dump())
    assert same(loaded, fold(rows))


def test_the_latest_place_of_a_person_counts() -> None:
    where = fold(
        [
            (0, 5, "web", (120.1, 30.2), "city", 20_000.0, 0),
            (0, 9, "web", None, "gps", 50.0, 0),
            (0, 7, "kiosk", (-46.6, -23.5), "gps", 50.0, 0),
            (0, 8, "store", (120.1, 30.3), "gps", 50.0, int(Flag.BOT)),
            (1, 5, "web", None, "gps", 50.0, 0),
            (2, 5, "web", (120.1, 30.3), "gps", 50.0, int(Flag.BOT)),
        ]
    )
    known = where.known()
    assert known.located.tolist() == [True, False, False, False]
    assert known.people.tolist() == [True, True, False, False]
    assert (known.lon[0], known.lat[0], known.ms[0]) == (-466_000_000, -235_000_000, 7)
    assert (known.first[0], known.events[0]) == (5, 3)
    assert known.channels[0] == (1 << 0 | 1 << 8)


def test_of_two_places_at_one_moment_the_more_precise_counts() -> None:
    coarse = (0, 5, "web", (120.1, 30.3), "city", 20_000.0, 0)
    exact = (0, 5, "web", (120.1, 30.2), "gps", 50.0, 0)
    for rows in ([coarse, exact], [exact, coarse]):
        assert fold(rows).known().lat[0] == 302_000_000


def test_new_slots_know_nothing_and_old_ones_keep_what_they_know() -> None:
    where = fold([(3, 5, "web", (120.1, 30.2), "gps", 50.0, 0)])
    where.ensure(1_000)
    assert where.known().located.nonzero()[0].tolist() == [3]
    where.clear(np.array([3], np.int32))
    assert not where.known().located.any()
    assert not where.known().people.any()
