"""What is past its time goes, and nobody's warmth or name changes by it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.pipeline.retain import Retention
from hotspring.settings import Settings
from tests.laws.folding import DAY, NOW, Folding, events, in_parts, same_warmth
from tests.laws.test_erasure_laws import erase

FEW = settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
LATER = NOW + 30 * DAY
SETTINGS = Settings(retention_days={"default": 10, "Product Viewed": 20})


def retain(pool: Folding, now: int = LATER) -> int:
    pool.app.save()
    return Retention(pool.app.pipeline, pool.app._store, SETTINGS).work(now).gone


def alike(one: Folding, other: Folding) -> None:
    assert one.partition() == other.partition()
    assert same_warmth(one.warmth(LATER), other.warmth(LATER))
    for name in ("events", "profiles", "anonymous", "duplicates"):
        assert one.app.pool.status()[name] == other.app.pool.status()[name], name


FLAGGED = {"id": "f1", "events": [], "reason": "", "verdict": "machine"}


@given(rows=events(), late=events(), cuts=st.lists(st.integers(0, 30), max_size=3), data=st.data())
@FEW
def test_retention_changes_neither_who_is_who_nor_how_warm(
    folders, rows: list[Event], late: list[Event], cuts, data
) -> None:
    late = [msgspec.structs.replace(e, message_id=f"late-{e.message_id}") for e in late]
    with Folding(folders(), SETTINGS) as kept, Folding(folders(), SETTINGS) as whole:
        for part in in_parts(rows, cuts):
            for pool in (kept, whole):
                pool.deliver(part)
            retain(kept)
        alike(kept, whole)
        assert kept.app.pipeline.replace_by_rebuild()
        alike(kept, whole)
        for pool in (kept, whole):
            pool.deliver(late, received=LATER)
        alike(kept, whole)
        subject = data.draw(st.sampled_from(["user_id:u0", "anonymous_id:a0", "user_id:u1"]))
        verdict = data.draw(st.sampled_from(["machine", "human"]))
        for pool in (kept, whole):
            pool.command("flag", {**FLAGGED, "identifiers": [subject], "verdict": verdict})
        alike(kept, whole)
        for pool in (kept, whole):
            pool.command("separate", {"id": "s1", "a": ["user_id:u0"], "b": ["user_id:u1"]})
            pool.command("join", {"id": "j1", "a": "user_id:u2", "b": "user_id:u3"})
        alike(kept, whole)
        retain(kept)
        alike(kept, whole)
        assert kept.app.pipeline.replace_by_rebuild()
        alike(kept, whole)


@given(rows=events())
@FEW
def test_a_restart_after_retention_finds_the_same(folders, rows: list[Event]) -> None:
    folder = folders()
    with Folding(folder, SETTINGS) as pool:
        pool.deliver(rows)
        partition, warmth = pool.partition(), pool.warmth(LATER)
        retain(pool)
    with Folding(folder) as pool:
        assert pool.partition() == partition
        assert same_warmth(pool.warmth(LATER), warmth)
        assert pool.app.pool.status()["events"] == len(rows)
        pool.deliver(rows)
        assert pool.app.pipeline.replace_by_rebuild()


def order(n: int, name: str = "Order Completed", **more: object) -> Event:
    told = {"properties": '{"secret":"x"}', "amount": 20.0, "currency": "CNY"} | more
    return Event(f"m{n}", "track", name, NOW + n, ("user_id:u1",), n, **told)


def test_content_goes_rows_go_and_the_young_and_the_unnamed_stay(tmp_path: Path) -> None:
    chosen = Settings(retention_days={"Order Completed": 10})
    with Folding(tmp_path, chosen) as pool:
        pool.deliver([order(n) for n in range(20)])
        pool.deliver([order(30 + n, "Product Viewed") for n in range(5)])
        pool.deliver([Event("young", "track", "Order Completed", LATER, ("user_id:u1",), 1)])
        pool.app.save()
        before = pool.warmth(LATER)
        retention = Retention(pool.app.pipeline, pool.app._store, chosen)
        assert retention.work(NOW + 6 * DAY) == (0, 0), "younger than the period"
        assert retention.work(LATER) == (19, 1)
        assert retention.work(LATER) == (0, 0)
        rows = pool.app._store.query("SELECT name, flags & 128 AS spent, properties FROM events")
        told = sorted(tuple(row.values()) for row in rows.to_pylist())
        assert told.count(("Product Viewed", 0, '{"secret":"x"}')) == 5
        assert ("Order Completed", 128, "{}") in told
        assert len(told) == 7
        assert same_warmth(pool.warmth(LATER), before)
        assert pool.app.pool.profile("user_id:u1")["kept_until"] is not None
        past = pool.app.pool.temperature(LATER)
        assert past["bands"] == pool.app.pool.temperature()["bands"] or past["total"] == 1


def test_a_rule_change_takes_what_is_gone_as_it_stood(tmp_path: Path) -> None:
    with Folding(tmp_path, SETTINGS) as pool:
        pool.deliver([order(n) for n in range(9)])
        retain(pool)
        slot = pool.app.pipeline.state.who.slots()
        before = float(pool.app.pipeline.state.heat.energy(LATER, slot)[0])
        body = msgspec.to_builtins(pool.app.pipeline.state.rules)
        for rule in body["rules"]:
            rule["half_life_days"] = 45.0
            rule["points"] *= 3
        pool.command("rules", body)
        after = float(pool.app.pipeline.state.heat.energy(LATER, slot)[0])
        assert after == pytest.approx(before, rel=1e-9), "heat that is gone is not weighed again"
        month = pool.app.pipeline.state.heat.energy(LATER + 45 * DAY, slot)
        assert np.allclose(month, before / 2)
        assert pool.app.pipeline.replace_by_rebuild()


def test_a_rules_change_meanwhile_puts_the_work_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Folding(tmp_path, SETTINGS) as pool:
        pool.deliver([order(n) for n in range(9)])
        pool.app.save()
        retention = Retention(pool.app.pipeline, pool.app._store, SETTINGS)
        real = pool.app._store.replace

        def meanwhile(*args: object) -> int:
            body = msgspec.to_builtins(pool.app.pipeline.state.rules)
            pool.command("rules", body | {"e_half": body["e_half"] + 1})
            return real(*args)

        with monkeypatch.context() as patch:
            patch.setattr(pool.app._store, "replace", meanwhile)
            assert retention.work(LATER) == (0, 0)
        assert len(list((tmp_path / "blocks").glob("kept_heat-*"))) == 0
        assert retention.work(LATER) == (8, 1)


def test_an_erasure_takes_the_kept_heat_too(tmp_path: Path) -> None:
    with Folding(tmp_path, SETTINGS) as pool:
        pool.deliver([order(n) for n in range(9)])
        other = Event("o", "track", "Order Completed", NOW, ("user_id:u2",), 1, amount=5.0)
        pool.deliver([other, msgspec.structs.replace(other, message_id="p", content=2)])
        assert retain(pool) == 9
        erase(pool, "user_id:u1")
        pool.app.erase()
        rows = pool.app._store.query("SELECT DISTINCT origin_id FROM kept_heat WHERE rule <> ''")
        assert rows.num_rows == 1
        assert pool.app.pipeline.replace_by_rebuild()
        assert float(pool.app.pool.profile("user_id:u2")["temperature"]) > -20
    for block in (tmp_path / "blocks").glob("kept_heat-*"):
        assert len(pq.read_table(block, columns=["origin_id"])["origin_id"].unique()) == 2


def test_an_erasure_leaves_the_kept_heat_of_who_shared_a_device(tmp_path: Path) -> None:
    told = [
        Event(f"{who}{n}", "track", "Order Completed", NOW + n, ids, n, amount=50.0)
        for who, at in (("u1", 0), ("u2", 100))
        for n, ids in ((at, (f"user_id:{who}", "anonymous_id:a")), (at + 1, (f"user_id:{who}",)),
                       (at + 2, (f"user_id:{who}",)))
    ]  # fmt: skip
    with Folding(tmp_path, SETTINGS) as pool:
        pool.deliver(told)
        assert retain(pool) > 0
        (before,) = (row for names, row in pool.warmth(LATER).items() if "user_id:u2" in names)
        erase(pool, "user_id:u1")
        (after,) = (row for names, row in pool.warmth(LATER).items() if "user_id:u2" in names)
        assert before[1] > 0
        assert np.isclose(after[1], before[1])
        assert pool.app.pipeline.replace_by_rebuild()


@pytest.mark.parametrize("own", ["machine", "human"])
@pytest.mark.parametrize("first", [True, False])
def test_the_flag_of_an_event_that_is_gone_counts_before_that_of_its_subject(
    folders, own: str, first: bool
) -> None:
    """As it does as long as the event is there, whichever flag came first."""
    other = {"machine": "human", "human": "machine"}[own]
    named = {"source": "shop", "message_id": "m3", "subject": "user_id:u1"}
    event = {**FLAGGED, "events": [named], "verdict": own}
    subject = {**FLAGGED, "id": "f2", "identifiers": ["user_id:u1"], "verdict": other}
    with Folding(folders(), SETTINGS) as kept, Folding(folders(), SETTINGS) as whole:
        for pool in (kept, whole):
            pool.deliver([order(n) for n in range(9)])
            for flag in (event, subject) if first else (event,):
                pool.command("flag", flag)
        assert retain(kept) == 8
        alike(kept, whole)
        for command in ("flag", "unflag", "flag"):
            for pool in (kept, whole):
                pool.command(command, subject)
            alike(kept, whole)
            assert kept.app.pipeline.replace_by_rebuild()
            alike(kept, whole)
        assert next(iter(whole.warmth(LATER).values()))[1] > 0
