"""Large profiles and busy values stay cheap: what is counted is work, not seconds."""

from __future__ import annotations

import time

import numpy as np

from tests.identity.world import World, claims, said

MANY = 10_000


def test_a_profile_of_ten_thousand_identifiers_merges_parts_and_heals() -> None:
    world = World()
    started = time.process_time()
    one = [said(at, "user_id:u", f"email:{at}", key=at) for at in range(MANY // 2)]
    two = [said(at, "card:c", f"openid@app:{at}", key=at + MANY) for at in range(MANY // 2)]
    for batch in (one, two, [said(MANY, "user_id:u", "card:c")]):
        change = world.who.resolve(world.claims(batch))
    assert change.merged.shape == (1, 2)
    assert len(world.who.identifiers(int(change.profile[0]))) == MANY + 2
    world.who.command("separate", {"id": "s", "a": ["user_id:u"], "b": ["card:c"]})
    assert not world.same("user_id:u", "openid@app:7")
    world.who.command("retract", {"command": "s"})
    assert world.same("user_id:u", "openid@app:7")
    assert len(world.who.merges(world.slot("user_id:u"))) == MANY + 1
    assert time.process_time() - started < 10, "seconds for what takes less than two"


def test_a_value_over_its_limit_is_not_walked_through_again() -> None:
    world = World()
    for start in range(0, 2000, 500):
        users = range(start, start + 500)
        texts = [text for k in users for text in (f"user_id:{k}", "phone:+861")]
        world.who.resolve(claims(world.who.intern(texts), [2] * 500, list(users), list(users)))
    part = world.who._live.components([world.who.find("user_id:1999")])
    assert [len(piece.nodes) for piece in part] == [1]
    assert len(world.who.slots()) == 2001


def test_numbers_are_dense_and_in_order_of_appearance_past_every_growth() -> None:
    world = World()
    texts = [f"user_id:用户{k}" for k in range(20_000)]
    for start in range(0, len(texts), 3_000):
        part = texts[start : start + 3_000]
        ids = world.who.intern([*part, *part[:10], *texts[:5]])
        assert ids[: len(part)].tolist() == list(range(start, start + len(part)))
        assert ids[-5:].tolist() == list(range(5))
    rows = world.who.take_new()
    assert rows.column("id").to_pylist() == list(range(len(texts)))
    assert rows.column("text").to_pylist() == texts
    assert set(rows.column("kind").to_pylist()) == {"user_id"}
    assert world.who.take_new().num_rows == 0


def test_clients_are_the_first_device_identifiers() -> None:
    world = World()
    ids = world.who.intern(["user_id:u", "anonymous_id:a", "device_id:d", "phone:1", "device_id:d"])
    found = world.who.clients(ids, np.array([0, 3, 4, 5], np.int32))
    assert found.tolist() == [1, -1, 2]
