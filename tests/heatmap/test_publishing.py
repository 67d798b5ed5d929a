"""What those may see who may not list profiles: no two answers part fewer than k people."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.heatmap import publishing

People, Publication = publishing.People, publishing.Publication
K = 3
# Two provinces (0, 1); cities 2 and 3 of province 0, 4 of 1; districts 5, 6 of 2, 7 of 3, 8 of 4;
# the world is 9, and 10 stands for those without a place.
PARENT = np.array([9, 9, 0, 0, 1, 2, 2, 3, 4, -1, -1], np.int32)
PLACES = [*range(9), -1]
DID, LEFT, FELL = "did", "left", "fell"
WHAT = st.sampled_from([DID, DID, DID, LEFT, FELL])
DAYS = st.lists(
    st.lists(st.tuples(WHAT, st.integers(0, 13), st.sampled_from(PLACES)), max_size=16),
    min_size=1,
    max_size=6,
)
"""On each day, who has an event and where; who is not there, as after a merge that is undone on the
next day; who has an event less, and is seen elsewhere by those that are left."""

Contributors = frozenset[tuple[int, int]]


def people(where: dict[int, tuple[int, int]]) -> People:
    rows = sorted((id_, node, events) for id_, (node, events) in where.items())
    ids, node, events = (
        (np.array(column) for column in zip(*rows, strict=True)) if rows else [[]] * 3
    )
    return People(
        np.array(ids, np.int32),
        np.array(node, np.int16),
        np.array(events, np.int32),
        np.array([id_ % 5 for id_ in ids], np.int8),
        np.array([100 * id_ for id_ in ids], np.int16),
    )


def within(unit: int, area: int) -> bool:
    while unit >= 0:
        if unit == area:
            return True
        unit = int(PARENT[unit])
    return False


def answers(told: dict[int, Contributors]) -> set[Contributors]:
    """Every figure of a day, every sum of areas beside each other, and what a sum leaves of its
    parent."""
    units = range(len(PARENT))
    figures = {
        area: frozenset().union(*(told[u] for u in told if within(u, area))) for area in units
    }
    found = set(figures.values())
    for parent in units:
        children = [figures[c] for c in units if PARENT[c] == parent]
        for size in range(len(children) + 1):
            for some in itertools.combinations(children, size):
                found |= {frozenset().union(*some), figures[parent].difference(*some)}
    return found


def apart(a: Contributors, b: Contributors) -> int:
    """How many people contribute to one of two answers otherwise than to the other?"""
    return len({person for person, _ in a ^ b})


@given(days=DAYS)
@settings(max_examples=150, deadline=None)
def test_any_two_answers_are_equal_or_differ_in_k_people(days) -> None:
    publication = Publication(PARENT, K)
    where: dict[int, tuple[int, int]] = {}
    most: dict[int, int] = {}
    told: dict[int, Contributors] = {}
    found: set[Contributors] = {frozenset()}
    for n, happened in enumerate(days):
        away = set()
        for what, person, place in happened:
            if n > 2 and person == 5:
                person = 14  # an erased number is not given again: who comes again has another
            _, count = where.get(person, (0, 0))
            if what == DID:
                where[person] = (place, count + 1)
            elif count and what == FELL:
                where[person] = (place, count - 1)
            elif what == LEFT:
                away.add(person)
        if n == 2:
            where.pop(5, None)  # erased
        there = people({id_: at for id_, at in where.items() if id_ not in away})
        units = publication.publish(there).tolist()
        for unit in set(units) - {publishing.UNSAID}:
            ids = [id_ for id_, own in zip(there.ids.tolist(), units, strict=True) if own == unit]
            # Who lost events is the same contributor still.
            most |= {id_: max(most.get(id_, 0), where[id_][1]) for id_ in ids}
            told[unit] = frozenset((id_, most[id_]) for id_ in ids)
            assert publication.told.counts[unit].sum() == len(ids)
        assert all(len(contributors) >= K for contributors in told.values())
        found |= answers(told)
        if n == 1:
            again = Publication(PARENT, K)
            assert again.load(publication.dump())
            publication = again
    for a, b in itertools.combinations(found, 2):
        assert apart(a, b) >= K


def test_a_small_area_counts_in_the_one_above() -> None:
    publication = Publication(PARENT, K)
    publication.publish(people({1: (5, 1), 2: (5, 1), 3: (6, 1), 4: (7, 1), 5: (7, 1), 6: (7, 1)}))
    sizes = publication.told.counts.sum(axis=1).tolist()
    assert sizes == [0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0]


def test_an_area_is_told_anew_once_k_people_did_something() -> None:
    publication = Publication(PARENT, K)
    where = dict.fromkeys(range(6), (5, 1))
    assert 5 in publication.publish(people(where))
    where[0], where[6] = (5, 2), (5, 1)
    assert 5 not in publication.publish(people(where))
    assert publication.told.counts[5].sum() == 6
    where[1] = (5, 2)
    assert 5 in publication.publish(people(where))
    assert publication.told.counts[5].sum() == 7


def test_who_did_nothing_is_told_nowhere_else_and_not_again() -> None:
    publication = Publication(PARENT, K)
    where = dict.fromkeys(range(6), (5, 2)) | dict.fromkeys(range(6, 10), (8, 2))
    publication.publish(people(where))
    fewer = {person: (place, 1) for person, (place, _) in where.items()}
    assert publication.publish(people(fewer)).tolist() == [5] * 6 + [8] * 4
    moved = dict.fromkeys(where, (8, 2))
    assert publication.publish(people(moved)).tolist() == [-1] * 6 + [8] * 4
    assert publication.publish(people(where)).tolist() == [-1] * 6 + [8] * 4
    again = dict.fromkeys(range(6), (5, 3)) | {6: (8, 2)}
    assert publication.publish(people(again)).tolist() == [5] * 6 + [-1]


def test_what_only_cools_is_told_each_day() -> None:
    publication = Publication(PARENT, K)
    rows = people(dict.fromkeys(range(4), (5, 1)))
    publication.publish(rows)
    assert 5 in publication.publish(rows._replace(degrees=rows.degrees - 50))
    assert publication.told.sums[5] == 600 - 200


def test_another_set_of_areas_is_not_taken_for_this_one() -> None:
    body = Publication(PARENT, K).dump()
    assert not Publication(PARENT[1:], K).load(body)
