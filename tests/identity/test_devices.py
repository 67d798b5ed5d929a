"""Devices: whose they are, alone, shared and worn out."""

from __future__ import annotations

import pytest

from hotspring.identity.scene import Reason
from tests.identity.world import Said, World, said

U1, U2, U3 = "user_id:u1", "user_id:u2", "user_id:u3"
ANON, ANON2, PHONE_SET = "anonymous_id:a1", "anonymous_id:a2", "device_id:d1"


def anonymous(*times: int) -> list[Said]:
    return [said(ms, ANON) for ms in times]


def people(world: World, *times: int) -> list[str]:
    """Whose is an anonymous event of the device at these times?"""
    users = {world.slot(user): user for user in (U1, U2, U3) if world.who.find(user) >= 0}
    return [users[world.slot(ANON, ms)] for ms in times]


def test_a_bind_ties_every_device_to_the_person_and_not_to_each_other() -> None:
    """As when two people sign up from one browser, each also known by the own account name."""
    world = World()
    name1, name2 = "anonymous_id:u1", "anonymous_id:u2"
    world.send(*anonymous(5, 15, 25), said(1, name1), said(2, name2), said(26, name1))
    world.send(said(10, U1, ANON, name1, kind=2), said(20, U2, ANON, name2, kind=2))
    assert people(world, 5, 15, 25) == [U1, U1, U2]
    assert [world.same(U1, name1, ms) for ms in (0, 15, 99)] == [True] * 3
    assert [world.same(U2, name2, ms) for ms in (0, 15, 99)] == [True] * 3
    assert world.told() == world.held()


def test_an_unbind_parts_a_device_that_is_not_the_first_of_its_event() -> None:
    world = World()
    world.send(said(1, U1, ANON, ANON2, kind=2), said(2, ANON2))
    assert world.same(U1, ANON2)
    world.send(said(3, U1, ANON2, kind=3))
    assert not world.same(U1, ANON2)
    assert world.same(U1, ANON)
    assert world.told() == world.held()


def test_a_device_that_binds_name_second_is_shared_by_time_too() -> None:
    world = World()
    world.send(said(5, ANON2), said(15, ANON2), said(25, ANON2), said(35, ANON2))
    world.send(said(10, U1, ANON, ANON2, kind=2), said(20, U2, "device_id:d2", ANON2, kind=2))
    times = (5, 15, 25)
    assert [world.same(U1, ANON2, ms) for ms in times] == [True, True, False]
    world.send(said(30, U1, ANON, ANON2, kind=2))
    assert [world.same(U1, ANON2, ms) for ms in (*times, 35)] == [True, True, False, True]
    assert world.told() == world.held()


def test_what_came_before_the_sign_in_belongs_to_the_person() -> None:
    world = World()
    world.send(*anonymous(1, 2))
    before = world.slot(ANON)
    change = world.send(said(3, U1, ANON), *anonymous(4))
    assert len(world.profiles()) == 1
    assert len(change.moved) == len(change.merged) == 0, "it only became known"
    assert world.slot(U1) == before


def test_signing_in_to_a_known_profile_merges_the_anonymous_one_into_it() -> None:
    world = World()
    world.send(*anonymous(1), said(2, U1, "card:1"))
    anon = world.slot(ANON)
    change = world.send(said(3, U1, ANON))
    assert change.merged.tolist() == [[anon, world.slot(U1)]]
    assert len(change.moved) == 0


def test_a_device_without_sign_in_is_its_own() -> None:
    world = World()
    world.send(said(1, ANON, PHONE_SET), said(2, ANON2, PHONE_SET), said(3, U1))
    assert world.same(ANON, ANON2)
    assert not world.same(ANON, U1)


def test_a_shared_device_belongs_at_each_moment_to_the_last_sign_in() -> None:
    world = World()
    world.send(*anonymous(5, 15, 25, 35), said(10, U1, ANON), said(20, U2, ANON))
    assert people(world, 5, 10, 15, 20, 25) == [U1, U1, U1, U2, U2]
    change = world.send(said(30, U3, ANON))
    assert people(world, 5, 15, 25, 30, 35) == [U1, U1, U2, U3, U3]
    assert sorted(change.moved.tolist()) == sorted([world.slot(U2), world.slot(U3)])
    assert world.told() == world.held()


def test_a_late_sign_in_takes_only_what_is_after_it_and_before_the_next() -> None:
    world = World()
    world.send(*anonymous(5, 15, 25, 35), said(10, U1, ANON), said(30, U2, ANON))
    assert people(world, 5, 15, 25, 35) == [U1, U1, U1, U2]
    world.send(said(20, U3, ANON))
    assert people(world, 5, 15, 25, 35) == [U1, U1, U3, U2]
    world.send(said(1, U2, ANON))
    assert people(world, 0, 5, 15, 25, 35) == [U2, U2, U1, U3, U2]
    assert world.told() == world.held()


def test_sign_ins_that_only_follow_on_ask_the_store_nothing_and_move_nothing() -> None:
    world = World()
    world.send(*anonymous(5), said(10, U1, ANON), said(20, U2, ANON))
    assert world.asked == 1
    change = world.send(said(30, U1, ANON), *anonymous(35))
    assert people(world, 25, 35) == [U2, U1]
    assert world.asked == 1
    assert len(change.moved) == 0
    assert world.told() == world.held()


def test_two_people_of_a_shared_device_who_turn_out_to_be_one() -> None:
    world = World()
    world.send(*anonymous(5, 25), said(10, "card:1", ANON), said(20, U2, ANON))
    assert not world.same(U2, ANON, 5)
    world.send(said(30, U2, "card:1"))
    assert len(world.profiles()) == 1
    assert world.told() == world.held()


def test_the_parts_of_a_shared_device_show_in_the_origins_of_its_people() -> None:
    world = World()
    world.send(*anonymous(5), said(10, U1, ANON), said(20, U2, ANON))
    anon = world.who.find(ANON)
    for user, start, end in ((U1, 5, 19), (U2, 20, 99)):
        (part,) = [o for o in world.who.origins(world.slot(user)) if o[0] == anon]
        assert part[1] <= start <= end < part[2]
        assert anon in world.who.identifiers(world.slot(user))


def test_all_identifiers_of_one_device_go_together() -> None:
    world = World()
    world.send(said(1, ANON, PHONE_SET), said(2, ANON2, PHONE_SET), said(3, U1, ANON))
    assert world.same(ANON2, U1)
    assert world.same(PHONE_SET, U1)


def test_a_kiosk_over_its_limit_of_people_is_nobodys() -> None:
    world = World()
    world.send(*anonymous(0), *(said(at, f"user_id:k{at}", ANON) for at in range(1, 11)))
    assert world.same(ANON, "user_id:k10")
    world.send(said(11, "user_id:k11", ANON))
    assert not any(world.same(ANON, f"user_id:k{at}", at) for at in range(1, 12))
    assert world.told() == world.held()
    (doubt,) = world.who.suggestions(world.slot("user_id:k3"))
    assert doubt.reason is Reason.CROWDED
    asked = world.asked
    world.send(said(12, "user_id:k12", ANON), *anonymous(13))
    assert world.asked == asked, "it is settled, nobody looks again"


def test_a_till_with_many_cards_is_nobodys() -> None:
    world = World()
    world.send(*(said(at, f"card:{at}", PHONE_SET) for at in range(150)))
    world.send(said(200, PHONE_SET))
    assert len(world.profiles()) == 151


def test_a_device_number_that_many_clients_share_joins_none_of_them() -> None:
    world = World()
    world.send(*(said(at, f"anonymous_id:c{at}", PHONE_SET) for at in range(11)))
    assert len(world.profiles()) == 11
    assert not world.same("anonymous_id:c1", PHONE_SET)


@pytest.mark.parametrize("unbound", [U1, U2])
def test_an_unbound_sign_in_does_not_count(unbound: str) -> None:
    world = World()
    world.send(*anonymous(5, 25), said(10, U1, ANON), said(20, U2, ANON))
    world.send(said(40, unbound, ANON, kind=3))
    other = U2 if unbound == U1 else U1
    assert people(world, 5, 15, 25, 99) == [other] * 4
    assert world.told() == world.held()
