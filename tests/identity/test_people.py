"""Persons: what joins strong identifiers, and what does not."""

from __future__ import annotations

import pytest

from hotspring.identity.scene import Reason
from tests.identity.world import Said, World, claims, said

U1, U2, U3, U4 = (f"user_id:u{k}" for k in range(1, 5))
PHONE, PHONE2, EMAIL, CARD = (
    "phone:+8613800000001",
    "phone:+8613800000002",
    "email:a@b.cn",
    "card:7",
)
ANON, ANON2 = "anonymous_id:a1", "anonymous_id:a2"


def reasons(world: World, text: str) -> set[Reason]:
    return {suggestion.reason for suggestion in world.who.suggestions(world.slot(text))}


def test_identify_ties_an_account_to_its_phone_and_card() -> None:
    world = World()
    world.send(said(1, U1, PHONE), said(2, PHONE2, CARD), said(3, U1, CARD))
    assert len(world.profiles()) == 1
    assert world.same(PHONE, PHONE2)


def test_a_merge_of_known_profiles_is_reported_once_and_of_new_ones_never() -> None:
    world = World()
    first = world.send(said(1, U1, PHONE), said(2, CARD))
    assert len(first.merged) == len(first.moved) == 0
    second = world.send(said(3, U1, CARD), said(4, U1, CARD))
    assert second.merged.tolist() == [[1, 0]]
    assert second.profile.tolist() == [0, 0]
    assert len(second.moved) == 0


def test_alias_has_no_direction() -> None:
    for pair in ((ANON, ANON2), (ANON2, ANON)):
        world = World()
        world.send(said(1, ANON), said(2, ANON2), said(3, *pair, kind=1))
        assert world.same(ANON, ANON2)


def test_an_alias_never_joins_two_accounts() -> None:
    world = World()
    world.send(said(1, U1, U2, kind=1))
    assert not world.same(U1, U2)
    assert reasons(world, U1) == {Reason.TWO_USERS}


def test_contradictory_accounts_on_one_phone_leave_it_with_the_earlier() -> None:
    world = World()
    world.send(said(5, U2, PHONE))
    assert world.same(U2, PHONE)
    change = world.send(said(1, U1, PHONE))
    assert world.same(U1, PHONE)
    assert not world.same(U2, PHONE)
    assert world.told() == world.held()
    assert reasons(world, U2) == {Reason.TWO_USERS}
    assert len(change.moved) == 0, "the phone was the subject of no event: nothing changed hands"


def test_a_phone_over_its_limit_joins_nobody_and_earlier_joins_are_withdrawn() -> None:
    world = World()
    world.send(said(1, U1, PHONE), said(2, PHONE), said(3, PHONE, CARD))
    assert world.same(U1, PHONE)
    assert world.same(U1, CARD)
    world.send(said(4, U2, PHONE), said(5, U3, PHONE), said(6, U4, PHONE))
    assert not world.same(U1, PHONE)
    assert not world.same(CARD, PHONE)
    assert world.told() == world.held()
    assert reasons(world, U1) == {Reason.CROWDED}
    later = world.send(said(7, PHONE), said(8, "user_id:u5", PHONE))
    assert later.profile[0] == world.slot(PHONE)
    assert not world.same("user_id:u5", PHONE)


def test_a_phone_back_under_its_limit_joins_again() -> None:
    world = World()
    world.send(*(said(at, user, PHONE) for at, user in enumerate((U1, U2, U3, U4))))
    assert not world.same(U1, PHONE)
    world.send(said(9, U4, PHONE, kind=3))
    assert world.same(U1, PHONE)


def test_a_public_key_does_not_join_two_known_people() -> None:
    world = World()
    world.send(said(1, PHONE, CARD), said(2, U1))
    world.send(said(3, U1, PHONE, public=True))
    assert not world.same(U1, PHONE)
    assert reasons(world, U1) == reasons(world, PHONE) == {Reason.CLAIM}


@pytest.mark.parametrize("known", [said(1, PHONE), said(1, ANON, PHONE, public=True)])
def test_a_value_with_a_history_or_device_of_its_own_is_not_carried_off(known: Said) -> None:
    world = World()
    world.send(known)
    world.send(said(3, U1, PHONE, public=True))
    assert not world.same(U1, PHONE)


def test_a_public_key_joins_a_value_that_nobody_has() -> None:
    world = World()
    world.send(said(3, U1, EMAIL, PHONE, public=True))
    assert world.same(U1, EMAIL)
    assert world.same(U1, PHONE)
    assert not reasons(world, U1)


def test_a_visitor_who_gave_a_mail_address_and_then_signs_in_is_one_person() -> None:
    world = World()
    world.send(said(1, ANON), said(2, ANON, EMAIL, public=True))
    world.send(said(3, U1, ANON, EMAIL, public=True))
    assert len(world.profiles()) == 1
    assert world.same(U1, EMAIL)


def test_a_later_trusted_tie_takes_a_claimed_value_from_the_claimant() -> None:
    world = World()
    world.send(said(1, U1, EMAIL, public=True), said(2, U1))
    assert world.same(U1, EMAIL)
    world.send(said(9, U2, EMAIL))
    assert world.same(U2, EMAIL)
    assert not world.same(U1, EMAIL)


def test_bind_unbind_and_bind_again() -> None:
    world = World()
    world.send(said(1, U1, PHONE, kind=2))
    assert world.same(U1, PHONE)
    world.send(said(3, U1, PHONE, kind=3))
    assert not world.same(U1, PHONE)
    world.send(said(2, U1, PHONE, kind=2))
    assert not world.same(U1, PHONE), "it was bound before it was unbound"
    world.send(said(4, U1, PHONE, kind=2))
    assert world.same(U1, PHONE)


@pytest.mark.parametrize("known", [PHONE, CARD, ANON])
def test_an_unbind_of_one_identifier_parts_it_from_everyone_until_it_is_bound_again(
    known: str,
) -> None:
    world = World()
    world.send(said(1, U1, known), said(2, U1, EMAIL))
    world.send(said(5, known, kind=3))
    assert not world.same(U1, known)
    assert world.same(U1, EMAIL)
    assert world.told() == world.held()
    world.send(said(4, U1, known, kind=2))
    assert not world.same(U1, known), "it was bound before it was unbound"
    world.send(said(6, U1, known, kind=2))
    assert world.same(U1, known)
    assert world.told() == world.held()


def test_an_unbind_that_comes_before_what_it_parts() -> None:
    world = World()
    world.send(said(5, PHONE, kind=3))
    world.send(said(1, U1, PHONE), said(2, U2, PHONE))
    assert not world.same(U1, PHONE)
    assert not world.same(U2, PHONE)
    world.send(said(3, PHONE, kind=3), said(6, U2, PHONE))
    assert world.same(U2, PHONE)
    assert not world.same(U1, PHONE)


def test_within_one_millisecond_an_unbind_is_the_last_word() -> None:
    for key in (1, 9):
        world = World()
        world.send(said(5, U1, PHONE, kind=2, key=5), said(5, PHONE, kind=3, key=key))
        world.send(said(5, U2, CARD, kind=2, key=4), said(5, U2, CARD, kind=3, key=key + 1))
        assert not world.same(U1, PHONE)
        assert not world.same(U2, CARD)


def test_an_account_unbound_alone_frees_the_phone_for_the_accounts_it_crowded() -> None:
    world = World()
    world.send(*(said(at, user, PHONE) for at, user in enumerate((U1, U2, U3, U4))))
    assert not world.same(U1, PHONE)
    world.send(said(9, U4, kind=3))
    assert world.same(U1, PHONE)


def test_a_public_unbind_of_one_identifier_voids_only_what_public_keys_said() -> None:
    world = World()
    world.send(said(1, U1, PHONE), said(1, U1, ANON), said(2, U1, EMAIL, public=True))
    for known in (U1, PHONE, ANON, EMAIL):
        world.send(said(3, known, kind=3, public=True))
    assert world.same(U1, PHONE)
    assert world.same(U1, ANON)
    assert not world.same(U1, EMAIL)
    world.send(said(4, U1, EMAIL, kind=2, public=True))
    assert world.same(U1, EMAIL), "an unbind alone gives a value no history of its own"


def test_a_public_unbind_does_not_part_what_a_trusted_source_bound() -> None:
    world = World()
    world.send(said(1, U1, PHONE, kind=2), said(2, U1, PHONE, kind=3, public=True))
    assert world.same(U1, PHONE)
    world.send(said(3, U2, EMAIL, public=True), said(4, U2, EMAIL, kind=3, public=True))
    assert not world.same(U2, EMAIL)


def test_the_openids_of_one_unionid_are_one_person_and_those_of_two_apps_are_not() -> None:
    world = World()
    shop, news = "openid@shop:o", "openid@news:o"
    world.send(said(1, shop), said(2, news))
    assert not world.same(shop, news)
    world.send(said(3, shop, "unionid:x"), said(4, news, "unionid:x"))
    assert world.same(shop, news)


def test_an_identifier_of_no_declared_kind_joins_nobody() -> None:
    world = World()
    ids = world.who.intern([U1, "shoe_size:44", U2, "shoe_size:44"])
    change = world.who.resolve(claims(ids, [2, 2], [1, 2]))
    assert len(set(change.profile.tolist())) == 2


def test_public_names_survive_merges_and_name_the_same_in_another_process() -> None:
    world, again = World(), World()
    world.send(said(2, U1), said(1, CARD))
    names = [world.public(U1), world.public(CARD)]
    world.send(said(3, U1, CARD))
    assert world.public(U1) == names[1], "the identifier seen first names the profile"
    assert {world.who.named(name) for name in names} == {world.slot(U1)}
    again.send(said(3, U1, CARD), said(1, CARD), said(2, U1))
    assert again.public(U1) == names[1]
    assert all(name.startswith("p_") and len(name) == 18 for name in names)
    assert world.who.named("p_aaaaaaaaaaaaaaaa") == world.who.named("nobody") == -1
    assert world.who.named(names[0].upper()) == -1


def test_known_profiles_are_told_from_anonymous_ones() -> None:
    world = World()
    world.send(said(1, U1), said(2, ANON))
    assert world.who.known.tolist() == [True, False]
    assert world.who.slots(known_only=True).tolist() == [0]
    world.send(said(3, U1, ANON))
    assert (
        world.who.slots().tolist() == world.who.slots(known_only=True).tolist() == [world.slot(U1)]
    )


def test_what_only_a_ruling_named_is_not_found() -> None:
    world = World()
    world.rule("join", id="j", a=U1, b=U2)
    assert world.who.find(U1) == -1
    assert len(world.who.slots()) == 0
    world.send(said(1, U1))
    assert world.who.find(U1) == 0
