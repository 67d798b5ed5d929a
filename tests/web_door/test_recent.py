"""What the door remembers of the events that came before."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.delivery import columns_of
from hotspring.event import Event
from hotspring.web.recent import Fingerprints, Recent

BODIES = st.lists(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 2)), max_size=6), max_size=6
)


def prints(recent: Recent, body: list[tuple[str, int]], source: str = "shop") -> Fingerprints:
    made = [Event(name, "track", "A", 0, ("user_id:u",), content) for name, content in body]
    return recent.fingerprints(source, columns_of(made))


@settings(deadline=None)
@given(BODIES)
def test_the_first_content_of_an_id_tells_repeats_from_conflicts(
    bodies: list[list[tuple[str, int]]],
) -> None:
    recent = Recent()
    first: dict[str, int] = {}
    for body in bodies:
        repeats, conflicts = recent.known(prints(recent, body))
        recent.remember(prints(recent, body))
        expected: tuple[list[int], list[int]] = ([], [])
        for place, (name, content) in enumerate(body):
            if name in first:
                expected[first[name] != content].append(place)
            first.setdefault(name, content)
        assert (repeats, conflicts) == expected
    assert recent.known(prints(recent, [("a", 1)], "other")) == ([], [])


def test_a_whole_generation_is_remembered_and_older_ones_go() -> None:
    recent = Recent(generation=2)
    for names in ("ab", "cd"):
        recent.remember(prints(recent, [(name, 1) for name in names]))
    asked = prints(recent, [(name, 1) for name in "abcd"])
    assert recent.known(asked) == ([0, 1, 2, 3], [])
    recent.remember(prints(recent, [("e", 1)]))
    assert recent.known(asked) == ([2, 3], [])


def test_a_body_larger_than_a_generation_is_remembered_in_parts() -> None:
    recent = Recent(generation=2)
    recent.remember(prints(recent, [(name, 1) for name in "abcde"]))
    asked = prints(recent, [(name, 1) for name in "abcde"])
    assert recent.known(asked) == ([2, 3, 4], [])
