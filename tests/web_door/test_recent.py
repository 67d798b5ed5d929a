"""What the door remembers of the events that came before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.web.recent import Recent

BODIES = st.lists(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 2)), max_size=6), max_size=6
)


def events(body: list[tuple[str, int]]) -> list[Event]:
    return [Event(name, "track", "A", 0, ("user_id:u",), content) for name, content in body]


@given(BODIES)
def test_the_first_content_of_an_id_tells_repeats_from_conflicts(
    bodies: list[list[tuple[str, int]]],
) -> None:
    recent = Recent()
    first: dict[str, int] = {}
    for body in bodies:
        repeats, conflicts = recent.known("shop", events(body))
        recent.remember("shop", events(body))
        expected: tuple[list[int], list[int]] = ([], [])
        for place, (name, content) in enumerate(body):
            if name in first:
                expected[first[name] != content].append(place)
            first.setdefault(name, content)
        assert (repeats, conflicts) == expected
    assert recent.known("other", events([("a", 1)])) == ([], [])


def test_a_whole_generation_is_remembered_and_older_ones_go() -> None:
    recent = Recent(generation=2)
    for names in ("ab", "cd"):
        recent.remember("shop", events([(name, 1) for name in names]))
    asked = events([(name, 1) for name in "abcd"])
    assert recent.known("shop", asked) == ([2, 3], [])
    recent.remember("shop", events([("e", 1)]))
    assert recent.known("shop", asked) == ([2, 3], [])
