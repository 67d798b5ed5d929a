"""What people decide: undo, join, refuse, and taking that back."""

from __future__ import annotations

import pytest

from hotspring.errors import BadRequest
from tests.identity.world import World, said

U1, U2, PHONE, CARD, ANON = "user_id:u1", "user_id:u2", "phone:+861", "card:1", "anonymous_id:a"


def merged() -> tuple[World, set[frozenset[int]]]:
    """Two known profiles with a device each, then tied by one event; and the profiles before it."""
    world = World()
    world.send(
        said(1, U1, "anonymous_id:x"), said(2, "anonymous_id:x"), said(3, PHONE, CARD),
        said(4, CARD), said(5, CARD, ANON), said(6, ANON),
    )  # fmt: skip
    before = world.profiles()
    world.send(said(9, U1, PHONE))
    return world, before


def test_a_merge_tells_its_evidence() -> None:
    world, _ = merged()
    world.send(said(10, U1, PHONE), said(8, U1, PHONE, public=True))
    merges = {(world.texts[m.a], world.texts[m.b]): m for m in world.who.merges(world.slot(U1))}
    merge = merges[U1, PHONE]
    assert merge.kind == "person"
    assert merge.evidence is not None
    assert (merge.evidence.first_ms, merge.evidence.last_ms, merge.evidence.seen) == (8, 10, 3)
    assert not merge.evidence.public
    assert {m.kind for m in merges.values()} == {"person", "sign_in"}


def test_undo_gives_the_profiles_as_they_were_and_retract_undoes_it() -> None:
    world, before = merged()
    names = {text: world.public(text) for text in (U1, PHONE)}
    slot = world.slot(U1)
    ends = {world.who.find(U1), world.who.find(PHONE)}
    (merge,) = [m for m in world.who.merges(slot) if {m.a, m.b} == ends]
    change = world.part(slot, merge.id)
    assert slot in change.moved
    assert {group - {6} for group in world.profiles()} - {frozenset()} == before
    assert world.told() == world.held()
    assert len({world.who.named(name) for name in (names[U1], world.public(CARD))}) == 2
    world.send(said(20, U1, PHONE))
    assert not world.same(U1, PHONE), "more of the same evidence does not join again"
    world.rule("retract", command="undo")
    assert len(world.profiles()) == 1
    assert world.told() == world.held()


def test_a_device_is_taken_from_its_person_and_given_back() -> None:
    world = World()
    world.send(said(1, ANON), said(2, U1, ANON), said(3, U1))
    world.undo(U1, "sign_in")
    assert not world.same(U1, ANON)
    assert world.told() == world.held()
    world.rule("retract", command="undo")
    assert world.same(U1, ANON)


def test_a_shared_device_without_one_of_its_people_is_the_others() -> None:
    world = World()
    world.send(said(1, ANON), said(2, U1, ANON), said(4, U2, ANON), said(5, ANON))
    world.undo(U1, "sign_in")
    assert world.same(ANON, U2, 1)
    assert world.same(ANON, U2, 5)
    assert world.told() == world.held()


def test_retract_may_come_first_and_a_ruling_twice_is_one() -> None:
    world = World()
    world.send(said(1, U1, PHONE))
    world.rule("retract", command="later")
    world.rule("separate", id="later", a=[U1], b=[PHONE])
    assert world.same(U1, PHONE)
    for _ in range(2):
        world.rule("separate", id="now", a=[U1], b=[PHONE])
    world.rule("retract", command="now")
    assert world.same(U1, PHONE)


def test_a_suggestion_accepted_joins_and_ignores_limits() -> None:
    world = World()
    world.send(*(said(at, f"user_id:u{at}", PHONE) for at in range(1, 5)), said(9, PHONE, CARD))
    assert not world.same(U1, PHONE)
    world.rule("join", id="j", a=U1, b=PHONE)
    assert world.same(U1, PHONE)
    assert not world.same(U2, PHONE)
    assert not world.same(CARD, PHONE), "its other ties are still void"
    merges = world.who.merges(world.slot(U1))
    assert [merge.command for merge in merges] == ["j"]
    world.rule("retract", command="j")
    assert not world.same(U1, PHONE)


def test_a_join_puts_no_two_accounts_together_and_crosses_no_separation() -> None:
    world = World()
    world.send(said(1, U1), said(2, U2), said(3, CARD))
    world.rule("join", id="j", a=U1, b=U2)
    assert not world.same(U1, U2)
    world.rule("separate", id="s", a=[U1], b=[CARD])
    world.rule("join", id="k", a=U1, b=CARD)
    assert not world.same(U1, CARD)
    world.rule("retract", command="s")
    assert world.same(U1, CARD)


def test_a_device_given_to_a_person_by_hand() -> None:
    world = World()
    world.send(said(1, U1), said(2, ANON))
    world.rule("join", id="j", a=ANON, b=U1)
    assert world.same(U1, ANON)
    world.send(said(5, U2, ANON), said(6, ANON))
    assert world.same(ANON, U1, 2)
    assert world.same(ANON, U2, 6)
    assert world.told() == world.held()


def test_a_refused_suggestion_is_not_shown_again() -> None:
    world = World()
    world.send(said(1, U1, PHONE), said(2, U2, PHONE))
    assert len(world.who.suggestions(world.slot(U1))) == 1
    world.rule("refuse", id="r", a=U2, b=PHONE)
    assert world.who.suggestions(world.slot(U1)) == []
    world.rule("retract", command="r")
    assert len(world.who.suggestions(world.slot(U1))) == 1


def test_a_ruling_about_identifiers_yet_to_come_holds_when_they_come() -> None:
    world = World()
    world.rule("join", id="j", a=U1, b=CARD)
    world.rule("separate", id="s", a=[U1], b=[PHONE])
    world.send(said(1, U1), said(2, CARD), said(3, U1, PHONE))
    assert world.same(U1, CARD)
    assert not world.same(U1, PHONE)


@pytest.mark.parametrize(
    ("kind", "body"),
    [("melt", {}), ("join", {"a": U1, "b": U2}), ("separate", {"id": "s", "a": U1, "b": []})],
)
def test_a_ruling_that_cannot_be_read_is_refused_with_its_reason(
    kind: str, body: dict[str, object]
) -> None:
    with pytest.raises(BadRequest, match=kind):
        World().who.command(kind, body)
