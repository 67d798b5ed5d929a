"""Laws of ONE-ID: a function of the set of evidence and rulings, whatever the arrival."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.settings import Settings
from tests.identity.world import NARROW, WIDE, Said, World, law, said

PEOPLE = (
    "user_id:u1", "user_id:u2", "user_id:u3", "external_userid@corp:w1", "openid@app:o1",
    "openid@app:o2", "card:c1", "unionid:x1", "email:e1", "email:e2", "phone:p1", "phone:p2",
)  # fmt: skip
DEVICES = ("anonymous_id:a1", "anonymous_id:a2", "anonymous_id:a3", "device_id:d1", "device_id:d2")
TIED = (
    ("user_id:u1", "phone:p1"), ("user_id:u1", "anonymous_id:a1"), ("user_id:u2", "phone:p1"),
    ("card:c1", "anonymous_id:a1"),
)  # fmt: skip
PARTED = ("phone:p1", "anonymous_id:a1", "user_id:u1")
ALONE = 4
"""An unbind of one identifier; the other kinds are those of `Claims`."""
Act = tuple[str, Any]
ANY = settings(max_examples=30, deadline=None)


@st.composite
def events(draw: st.DrawFn, least: int = 1, most: int = 20) -> list[Said]:
    ids = st.lists(st.sampled_from(PEOPLE + DEVICES), min_size=1, max_size=4, unique=True)
    kinds = st.sampled_from((0, 0, 0, 0, 1, 2, 2, 3, ALONE, ALONE))
    public = draw(st.sampled_from((st.just(False), st.just(True), st.booleans())))
    one = st.tuples(st.integers(0, 12), ids, kinds, public)
    rows = draw(st.lists(one, min_size=least, max_size=most))
    return [
        said(ms, *names[: 1 if kind == ALONE else 4], kind=min(kind, 3), public=key, key=1000 - at)
        for at, (ms, names, kind, key) in enumerate(rows)
    ]


@st.composite
def rulings(draw: st.DrawFn, most: int = 4) -> list[Act]:
    found: list[Act] = []
    for at in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(("separate", "separate", "join", "refuse", "retract")))
        ids = draw(st.lists(st.sampled_from(PEOPLE + DEVICES), min_size=2, max_size=6, unique=True))
        if kind == "separate":
            cut = draw(st.integers(1, len(ids) - 1))
            found.append((kind, {"id": f"c{at}", "a": ids[:cut], "b": ids[cut:]}))
        elif kind == "retract":
            found.append((kind, {"command": f"c{draw(st.integers(0, most))}"}))
        else:
            found.append((kind, {"id": f"c{at}", "a": ids[0], "b": ids[1]}))
    return found


def played(acts: list[Act], rng: random.Random, limits: Settings, batch: float = 0.3) -> World:
    """Deliver events and rulings in this order, in batches cut at random."""
    world = World(limits)
    waiting: list[Said] = []
    for kind, body in acts:
        if kind == "event":
            waiting.append(body)
        if waiting and (kind != "event" or rng.random() < batch):
            world.send(*waiting)
            waiting = []
        if kind != "event":
            world.rule(kind, **body)
    if waiting:
        world.send(*waiting)
    return world


def acts_of(told: list[Said], ruled: list[Act], rng: random.Random) -> list[Act]:
    acts = [("event", event) for event in told] + ruled
    rng.shuffle(acts)
    return acts


def by_event(world: World, groups: set[frozenset[int]]) -> set[frozenset[Said]]:
    return {frozenset(world.events[at] for at in group) for group in groups}


@pytest.mark.parametrize("limits", [NARROW, WIDE], ids=["narrow", "wide"])
@ANY
@given(told=events(), ruled=rulings(), rng=st.randoms(use_true_random=False))
def test_live_state_equals_the_law_whatever_the_order_and_the_batches(
    limits: Settings, told: list[Said], ruled: list[Act], rng: random.Random
) -> None:
    world = played(acts_of(told, ruled, rng), rng, limits)
    assert world.profiles() == law(world.events, world.commands, limits)


@settings(ANY, max_examples=100)
@given(seed=st.integers(0, 1 << 32))
def test_few_identifiers_tied_and_parted_many_times(seed: int) -> None:
    """Drawn by hand, as what is shrunk towards short histories hardly ever binds again."""
    rng = random.Random(seed)
    told = [said(rng.randrange(10), *rng.choice(TIED), key=at) for at in range(rng.randint(4, 10))]
    told += [
        said(rng.randrange(10), rng.choice(PARTED), kind=3, key=20 + at)
        for at in range(rng.randint(1, 3))
    ]
    public = rng.random() < 0.5
    world = World(NARROW)
    for event in rng.sample(told, len(told)):
        world.send(event._replace(public=public))
        assert world.profiles() == law(world.events, world.commands, NARROW)
        assert world.told() == world.held()


@ANY
@given(told=events(), ruled=rulings(), rng=st.randoms(use_true_random=False))
def test_two_arrivals_of_the_same_evidence_give_the_same_profiles(
    told: list[Said], ruled: list[Act], rng: random.Random
) -> None:
    one = played(acts_of(told, ruled, rng), rng, NARROW)
    two = played(acts_of(told, ruled, rng), rng, NARROW)
    assert by_event(one, one.profiles()) == by_event(two, two.profiles())
    assert one.shares() == two.shares()
    for event in told:
        assert one.public(event.ids[0]) == two.public(event.ids[0])


@ANY
@given(told=events(), ruled=rulings(), rng=st.randoms(use_true_random=False))
def test_merged_and_moved_tell_all_that_changed(
    told: list[Said], ruled: list[Act], rng: random.Random
) -> None:
    world = played(acts_of(told, ruled, rng), rng, NARROW)
    assert world.told() == world.held()


@ANY
@given(told=events(), rng=st.randoms(use_true_random=False))
def test_evidence_that_comes_again_changes_nothing(told: list[Said], rng: random.Random) -> None:
    world = played([("event", event) for event in told], rng, NARROW)
    once = world.held()
    change = world.who.resolve(world.claims(told))
    assert world.held() == once
    assert len(change.merged) == len(change.moved) == 0


@ANY
@given(told=events(), ruled=rulings(), rng=st.randoms(use_true_random=False))
def test_a_merge_undone_and_an_undo_retracted(
    told: list[Said], ruled: list[Act], rng: random.Random
) -> None:
    world = played(acts_of(told, ruled, rng), rng, WIDE)
    before = world.profiles()
    for slot in world.who.slots().tolist():
        for merge in world.who.merges(slot):
            world.part(slot, merge.id, f"undo {merge.id}")
            world.rule("retract", command=f"undo {merge.id}")
            assert world.profiles() == before
            break
    assert world.told() == world.held()


@settings(ANY, max_examples=80)
@given(told=events(most=12), rng=st.randoms(use_true_random=False))
def test_undoing_the_one_join_that_an_event_made_gives_the_profiles_before_it(
    told: list[Said], rng: random.Random
) -> None:
    world = played([("event", event) for event in told], rng, WIDE)
    before, joins = world.profiles(), merges(world)
    names = sorted({text for event in told for text in event.ids})
    apart = [(a, b) for a, b in itertools.combinations(names, 2) if not world.same(a, b)]
    for a, b in rng.sample(apart, min(3, len(apart))):
        world.send(said(20, a, b, key=2000))
        count = len(world.events)
        fresh = merges(world).keys() - joins.keys()
        if len(fresh) == 1 and len(merges(world)) == len(joins) + 1:
            (merge,) = fresh
            world.part(merges(world)[merge], merge, f"undo {merge}")
            kept = {group & set(range(len(told))) for group in world.profiles()} - {frozenset()}
            assert kept == before
            return
        world.send(said(21, a, b, kind=3, key=2000 + count))


def merges(world: World) -> dict[str, int]:
    """The joins behind all profiles, and the profile of each."""
    slots = world.who.slots().tolist()
    return {merge.id: slot for slot in slots for merge in world.who.merges(slot)}


@ANY
@given(told=events(least=2), ruled=rulings(), rng=st.randoms(use_true_random=False))
def test_a_loaded_state_goes_on_like_the_one_it_was_taken_from(
    told: list[Said], ruled: list[Act], rng: random.Random
) -> None:
    half = len(told) // 2
    world = played(acts_of(told[:half], ruled, rng), rng, NARROW)
    kept = world.who.dump()
    held = world.held()
    world.who.load(kept)
    assert world.held() == held
    again = world.who.dump()
    assert all((kept[name] == again[name]).all() for name in kept if name != "ids.span")
    world.send(*told[half:])
    assert world.profiles() == law(world.events, world.commands, NARROW)
    assert world.told() == world.held()
