"""What must always hold for a whole pool, from the journal to the temperature."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from tests.laws.folding import NOW, Folding, events, in_parts, same_warmth

FEW = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])


@given(rows=events(), data=st.data())
@FEW
def test_order_portions_and_repeats_do_not_matter(folders, rows: list[Event], data) -> None:
    again = data.draw(st.lists(st.sampled_from(rows), max_size=5)) if rows else []
    mixed = data.draw(st.permutations([*rows, *again]))
    parts = in_parts(mixed, data.draw(st.lists(st.integers(0, 30), max_size=5)))
    with Folding(folders()) as straight, Folding(folders()) as shuffled:
        straight.deliver(rows)
        for part in parts:
            shuffled.deliver(part)
        assert straight.partition() == shuffled.partition()
        assert same_warmth(straight.warmth(), shuffled.warmth())
        status = shuffled.app.pool.status()
        assert (status["events"], status["duplicates"]) == (len(rows), len(again))


STEPS = st.sampled_from(["go on", "crash", "seal and crash", "save and crash", "close"])


@given(
    rows=events(), cuts=st.lists(st.integers(0, 30), max_size=4), steps=st.lists(STEPS, min_size=6)
)
@FEW
def test_a_restart_at_any_moment_changes_nothing(folders, rows: list[Event], cuts, steps) -> None:
    folder = folders()
    for part, step in zip([*in_parts(rows, cuts), rows], steps, strict=False):
        with Folding(folder) as pool:
            pool.deliver(part)
            before, warmth = pool.partition(), pool.warmth()
            if step == "seal and crash":
                pool.app.seal()
            elif step == "save and crash":
                pool.app.save()
            elif step == "close":
                pool.close()
        with Folding(folder) as again:
            assert again.partition() == before
            assert same_warmth(again.warmth(), warmth)
    with Folding(folder) as pool:
        pool.deliver(rows)
        assert pool.app.pool.status()["events"] == len(rows)


@given(rows=events(), cuts=st.lists(st.integers(0, 30), max_size=4))
@FEW
def test_a_rebuild_from_the_tables_gives_the_same_state(folders, rows: list[Event], cuts) -> None:
    with Folding(folders()) as pool:
        for part in in_parts(rows, cuts):
            pool.deliver(part)
        pool.app.pipeline.announce(NOW, everyone=True)
        pool.apply()
        before, warmth = pool.partition(), pool.warmth()
        assert pool.app.pipeline.replace_by_rebuild()
        assert pool.partition() == before
        assert same_warmth(pool.warmth(), warmth)
        pool.app.pipeline.announce(NOW, everyone=True)
        assert not pool.app.pipeline.step(), "a rebuild must announce nothing again"


@given(rows=events(), choice=st.integers(0, 1_000))
@FEW
def test_an_undo_keeps_apart_and_its_retraction_restores(
    folders, rows: list[Event], choice
) -> None:
    with Folding(folders()) as pool:
        pool.deliver(rows)
        merges = pool.merges()
        if not merges:
            return
        before, warmth = pool.partition(), pool.warmth()
        sides = pool.app.pool.separation(*merges[choice % len(merges)])
        pool.command("separate", {"id": "u1", **sides})
        a, b = set(sides["a"]), set(sides["b"])
        strong = [
            {i for i in members if not i.startswith("anonymous_id")} for members in pool.partition()
        ]
        assert not any(a & members and b & members for members in strong)
        assert pool.app.pipeline.replace_by_rebuild()
        pool.command("retract", {"command": "u1"})
        assert pool.partition() == before
        assert same_warmth(pool.warmth(), warmth)
        assert pool.app.pipeline.replace_by_rebuild()


@pytest.mark.parametrize("how", ["another shape", "a changed byte", "a file gone", "all gone"])
def test_a_snapshot_that_is_of_no_use_is_folded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    told = [
        Event(f"m{n}", "track", "Order Completed", NOW, (f"user_id:u{n}",), n) for n in range(5)
    ]
    with Folding(tmp_path) as pool:
        pool.deliver(told)
        pool.deliver(told)
        before = pool.warmth()
        pool.app.save()
        pool.deliver([Event("late", "track", "Signed In", NOW, ("user_id:u1", "card:c"), 9)])
        after = pool.warmth()
    (energies,) = tmp_path.glob("snapshots/*/heat.energy.npy")
    if how == "another shape":
        monkeypatch.setattr("hotspring.pipeline.trunk.SHAPE", -1)
    elif how == "a changed byte":
        body = bytearray(energies.read_bytes())
        body[-3] ^= 64
        energies.write_bytes(body)
    elif how == "a file gone":
        energies.unlink()
    else:
        shutil.rmtree(energies.parent)
    assert len(before) == 5
    with Folding(tmp_path) as pool:
        assert same_warmth(pool.warmth(), after)
        kept = 0 if how == "all gone" else 5
        assert pool.app.pool.status()["duplicates"] == kept
        assert pool.app.pipeline.replace_by_rebuild()


@pytest.mark.parametrize("sealed", [False, True])
def test_a_device_that_binds_name_beside_others_is_found_in_the_store(folders, sealed) -> None:
    def told(hours: int, *ids: str, kind: str = "track") -> Event:
        return Event(f"{kind}{hours}", kind, "Other", NOW + hours * 3_600_000, ids, hours)

    own = [told(hours, "anonymous_id:a1") for hours in (1, 3, 5)]
    one = told(2, "user_id:u1", "anonymous_id:a0", "anonymous_id:a1", kind="bind")
    two = told(4, "user_id:u2", "anonymous_id:a2", "anonymous_id:a1", kind="bind")
    with Folding(folders()) as pool:
        pool.deliver([*own, one])
        if sealed:
            pool.app.seal()
        pool.deliver([two])
        assert pool.events_of("user_id:u1") == ["bind2", "track1", "track3"]
        assert pool.events_of("user_id:u2") == ["bind4", "track5"]
