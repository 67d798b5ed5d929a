"""Plans as decisions: versioned, repeated and never applied to what was taken in before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import NotFound, PlanError
from hotspring.event import Event, Flag, Refused
from hotspring.plan import Plan, difference
from tests.laws.folding import NOW, Folding


def written(**events: Any) -> dict[str, Any]:
    return {"events": {name: {"schema": schema} for name, schema in events.items()}}


@pytest.fixture
def pool(tmp_path: Path):
    with Folding(tmp_path / "pool") as opened:
        yield opened


def test_versions_are_numbered_and_survive_every_kind_of_restart(tmp_path: Path) -> None:
    folder = tmp_path / "pool"
    for number, ending in enumerate(("crash", "seal", "save", "close", "crash"), start=1):
        with Folding(folder) as pool:
            assert pool.app.pipeline.plan[0] == number - 1
            pool.command("plan", written(A={"minProperties": number}))
            assert pool.app.pipeline.plan[0] == number
            if ending in ("seal", "save"):
                getattr(pool.app, ending)()
            elif ending == "close":
                pool.close()
    with Folding(folder) as pool:
        plans = pool.app.pool.plans
        assert [one["version"] for one in plans.versions()] == [5, 4, 3, 2, 1]
        assert plans.show(None)["body"] == written(A={"minProperties": 5})
        assert plans.show(2)["body"] == written(A={"minProperties": 2})
        assert plans.show(0)["body"] == {"events": {}, "others": "allow"}
        with pytest.raises(NotFound):
            plans.show(6)


def test_a_plan_does_not_judge_what_was_taken_before(pool: Folding) -> None:
    event = Event("m1", "track", "A", NOW, ("user_id:lin",), 1, "{}", flags=int(Flag.BREACH))
    pool.deliver([event, Event("m2", "track", "A", NOW, ("user_id:lin",), 2, "{}")])
    before = pool.app.pool.plans.breaches()
    pool.command("plan", {"events": {"A": {"schema": {"required": ["x"]}, "mode": "strict"}}})
    assert pool.app.pool.plans.breaches() == before
    assert pool.app.pipeline.replace_by_rebuild()
    assert pool.app.pool.plans.breaches() == before
    assert pool.app.pool.status()["events"] == 2


def test_breaches_are_counted_by_source_and_event(pool: Folding) -> None:
    def event(message: str, name: str, flags: int) -> Event:
        return Event(message, "track", name, NOW, ("user_id:lin",), 1, flags=flags)

    pool.deliver([event("a", "A", 32), event("b", "A", 32 | 2), event("c", "B", 0)], "web")
    pool.deliver([event("a", "B", 32)], "app", NOW + 5_000)
    pool.refuse([Refused(n, f"r{n}", "plan_breach", "", '{"event":"A"}') for n in range(3)], "web")
    pool.refuse([Refused(0, "x", "plan_breach", "", "no json"), Refused(1, "y", "too_old", "", "")])
    told = pool.app.pool.plans.breaches()
    assert [(r["source"], r["event"], r["mode"], r["events"]) for r in told] == [
        ("web", "A", "strict", 3),
        ("web", "A", "lenient", 2),
        ("app", "B", "lenient", 1),
        ("shop", "", "strict", 1),
    ]
    assert [row["source"] for row in pool.app.pool.plans.breaches(NOW + 1)] == ["app"]


def test_a_difference_is_told_line_by_line() -> None:
    old = Plan.from_json(json.dumps(written(A={"required": ["a"]}, B={}, C={"x": 1})))
    new = {**written(A={"minimum": 1, "required": ["b"]}, C={"x": True}, D={}), "others": "strict"}
    changed = difference(old, Plan.from_json(json.dumps(new)))
    assert changed.others == "allow -> strict"
    assert [(one.event, one.change, one.lines) for one in changed.changes] == [
        ("A", "changed", ["+ /schema/minimum: 1", '~ /schema/required: ["a"] -> ["b"]']),
        ("B", "removed", []),
        ("C", "changed", ["~ /schema/x: 1 -> true"]),
        ("D", "added", []),
    ]
    assert difference(old, old) == difference(Plan(), Plan())


def test_a_bad_plan_is_no_version(pool: Folding) -> None:
    with pytest.raises(PlanError):
        pool.app.pool.plans.put({"events": {"A": {"schema": {"type": "strin"}}}}, "ann")
    assert pool.app.pool.plans.versions() == []


def test_an_earlier_version_is_restored_as_a_new_one(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.app.start()
        plans = pool.app.pool.plans
        for number in (1, 2):
            assert plans.put(written(A={"minProperties": number}), "ann")["version"] == number
        told = plans.difference(None, 1)
        assert told["from"] == 2
        assert told["changes"][0]["lines"] == ["~ /schema/minProperties: 2 -> 1"]
        again = plans.restore(1, "bob")
        assert (again["version"], again["by"]) == (3, "bob")
        assert again["body"]["events"] == plans.show(1)["body"]["events"]
        assert plans.difference(1, 3)["changes"] == []
        assert plans.restore(0, "bob")["body"] == {"events": {}, "others": "allow"}
        pool.close()
