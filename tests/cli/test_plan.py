"""Plans on the command line: proposed, read and tried, never put in force by themselves."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_plan_is_proposed_and_tried(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    told = run("plan", "learn", "--new", "-o", file)
    assert told.code == 0
    assert json.loads(file.read_text())["events"] == {"A": {"schema": {}}}
    for part in ("1 events written", "25.0%", "/a: bad"):
        assert part in told.err
    assert run("plan", "learn").out.strip().startswith("{")
    assert run("plan", "learn", "--json").json["events"][0]["looked_at"] == 8
    assert run("plan", "try", file, "--json").json["events"][0]["breaking"] == 2
    assert "25.0%" in run("plan", "try", file).out
    assert run("plan", "import", file, "--json").json["plan"]["others"] == "allow"
    assert run("plan", "show", "--json").json["version"] == 1
