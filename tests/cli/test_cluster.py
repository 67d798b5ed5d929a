"""`hotspring cluster` and `hotspring potential`: what is found, shown and kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_groups_are_found_shown_kept_and_forgotten(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "traits.json"
    file.write_text(json.dumps({"traits": [{"temperature": {}}]}))
    told = run("cluster", "Kinds", "--file", file)
    assert told.code == 0, told.err
    # Said in English, whatever language pages are in.
    assert "by temperature" in told.out
    assert "plainly apart" in told.err
    assert run("cluster", "Kinds", "--tag", "Kinds", "--json").json["tag"]
    (one,) = run("cluster", "--json").json
    assert run("cluster", "Kinds", "--delete", "--json").json == {"deleted": one["id"]}
    assert run("cluster", "--refresh").code != 0


def test_who_never_did_it_is_ranked_by_a_score(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "score.json"
    lines = [{"points": 1, "rule": {"band": {"any_of": ["hot"]}}}]
    file.write_text(json.dumps({"lines": lines}))
    assert run("score", "Warmth", "--file", file).code == 0
    found = run("potential", "Order Completed", "--score", "Warmth", "--json").json
    assert found["candidates"] == 1
    assert found["run"] is None
    assert found["items"][0]["reasons"][0]["title"] == "Seen"
    assert run("potential", "Order Completed").code != 0
    assert run("score", "Warmth", "--delete").code == 0
