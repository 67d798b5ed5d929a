"""`hotspring suggestions`: what it prints and what it asks."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.web.api.fake_pool import FakePool


def test_a_search_is_followed_to_its_end(folder: Path, run: Run) -> None:
    done = run("suggestions", "run", "--json")
    assert (done.code, done.json["state"], done.json["method"]) == (0, "done", "rules")
    shown = run("suggestions", "run").out
    for part in ("suggested", "left out: two accounts", "values of too many, phone"):
        assert part in shown
    failed = run("suggestions", "run", "--method", "probability")
    assert failed.code == 1
    assert failed.err.endswith("hotspring: too few to learn from\n")


def test_suggestions_are_listed_and_decided(folder: Path, run: Run, pool: FakePool) -> None:
    rows = run("suggestions", "list", "--json").json
    assert [row["score"] for row in rows] == [0.9, 0.8, 0.7]
    shown = run("suggestions", "list", "-n", 2).out
    assert "m_0" in shown
    assert "same phone number" in shown
    assert "(+2)" in shown
    assert "m_2" not in shown
    assert run("suggestions", "accept", "m_0", "--json").json["command"] == "join_m_0"
    assert "can be retracted" in run("suggestions", "refuse", "m_1").out
    assert pool.decided == [("join", "local"), ("refuse", "local")]
    assert run("suggestions", "accept", "m_0").code == 1
    assert [r["id"] for r in run("suggestions", "list", "--status", "joined", "--json").json] == [
        "m_0"
    ]
    assert "Nothing here" in run("suggestions", "list", "--least", 0.95).out


def test_many_are_counted_before_they_are_accepted(folder: Path, run: Run, pool: FakePool) -> None:
    assert "2 would be accepted" in run("suggestions", "accept", "--least", 0.8, "--dry-run").out
    assert pool.decided == []
    assert run("suggestions", "accept", "--least", 0.8, "--json").json["joined"] == 2
    assert len(pool.decided) == 2
    for wrong in ([], ["m_2", "--least", 0.8], ["m_2", "--dry-run"]):
        assert run("suggestions", "accept", *wrong).code == 2


def test_suggestions_are_exported(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "merges.jsonl"
    told = run("suggestions", "export", "--format", "jsonl", "-o", file, "--json")
    assert told.json == {"file": str(file), "bytes": file.stat().st_size}
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == [
        "m_0", "m_1", "m_2",
    ]  # fmt: skip
    text = run("suggestions", "export").out
    assert text.startswith("\ufeffid,score,")
    assert "user_id:u0,card:=c0" in text
    assert run("suggestions", "export", "--json").code == 2
