"""What must always hold of flags: heat goes when one comes, and returns when it is taken back."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event, Flag
from tests.laws.folding import NOW, Folding, events, same_warmth

FEW = settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])


def body(number: int, rows: list[Event], picked: set[int], subjects: set[str]) -> dict[str, Any]:
    named = [
        {"source": "shop", "message_id": rows[at].message_id, "subject": rows[at].ids[0]}
        for at in sorted(picked)
    ]
    return {"id": f"f{number}", "identifiers": sorted(subjects), "events": named, "reason": "test"}


def without(rows: list[Event], picked: set[int], subjects: set[str]) -> list[Event]:
    """The same events, the flagged ones seen as machine traffic at the door."""
    return [
        msgspec.structs.replace(row, flags=row.flags | int(Flag.BOT))
        if at in picked or row.ids[0] in subjects
        else row
        for at, row in enumerate(rows)
    ]


@st.composite
def targets(draw: st.DrawFn, rows: list[Event]) -> tuple[set[int], set[str]]:
    places = st.sets(st.integers(0, len(rows) - 1), max_size=4) if rows else st.just(set())
    known = sorted({i for row in rows for i in row.ids}) or ["user_id:nobody"]
    return draw(places), draw(st.sets(st.sampled_from(known), max_size=2))


@given(rows=events(), data=st.data())
@FEW
def test_a_flag_takes_exactly_its_heat_and_gives_it_back(folders, rows, data) -> None:
    picked, subjects = data.draw(targets(rows))
    cut = data.draw(st.integers(0, len(rows)))
    with Folding(folders()) as pool, Folding(folders()) as clean, Folding(folders()) as plain:
        clean.deliver(without(rows, picked, subjects))
        plain.deliver(rows)
        pool.deliver(rows[:cut])
        early = {at for at in picked if at < cut}
        pool.command("flag", body(1, rows, early, subjects))
        pool.deliver(rows[cut:])
        pool.command("flag", body(2, rows, picked, set()))
        assert energies(pool) == pytest.approx(energies(clean), rel=1e-9, abs=1e-7)
        assert pool.app.pipeline.replace_by_rebuild()
        pool.command("unflag", body(3, rows, picked, subjects))
        assert energies(pool) == pytest.approx(energies(plain), rel=1e-9, abs=1e-7)
        assert pool.app.pipeline.replace_by_rebuild()


def energies(pool: Folding) -> dict[frozenset[str], float]:
    return {members: energy for members, (_, energy) in pool.warmth().items()}


@given(rows=events(), data=st.data(), sealed=st.booleans())
@FEW
def test_flags_survive_a_restart(folders, rows, data, sealed) -> None:
    picked, subjects = data.draw(targets(rows))
    folder = folders()
    with Folding(folder) as pool:
        pool.deliver(rows)
        pool.command("flag", body(1, rows, picked, subjects))
        before = pool.warmth()
        if sealed:
            pool.app.save()
    fresh = [msgspec.structs.replace(row, message_id=f"again {row.message_id}") for row in rows]
    with Folding(folder) as pool:
        assert same_warmth(pool.warmth(), before)
        pool.deliver(fresh)
        assert pool.app.pipeline.replace_by_rebuild()


def test_what_was_no_bot_warms_after_all(folders) -> None:
    seen = Event("m1", "track", "Signed In", NOW, ("user_id:u1",), 1, flags=int(Flag.BOT))
    with Folding(folders()) as pool:
        pool.deliver([seen])
        before = energies(pool)[frozenset({"user_id:u1"})]
        pool.command("flag", {"id": "f1", "identifiers": ["user_id:u1"], "verdict": "human"})
        warm = energies(pool)[frozenset({"user_id:u1"})]
        pool.command("unflag", {"id": "f2", "identifiers": ["user_id:u1"]})
        assert before == 0.0 < warm
        assert energies(pool)[frozenset({"user_id:u1"})] == 0.0


def test_a_detector_never_overrules_a_hand(folders) -> None:
    rows = [Event(f"m{n}", "track", "Signed In", NOW, ("user_id:u1",), n) for n in range(2)]
    with Folding(folders()) as pool:
        pool.deliver(rows)
        pool.command("flag", body(1, rows, {0}, set()))
        pool.command("unflag", body(2, rows, {0}, set()))
        pool.command("flag", {**body(3, rows, {0, 1}, set()), "cause": "detector"})
        told, _ = pool.app.pool.timeline("user_id:u1", 9, None)
        verdicts = {event["message_id"]: event["flagged"] for event in told}
        assert verdicts == {"m0": None, "m1": "machine"}
