"""`hotspring cost`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_costs_come_in_are_listed_and_go_again(run: Run, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "january.csv"
    file.write_text("day,spend,source\n2026-01-31,10,red\n2026-01-32,1,red\n")
    assert "1 costs would be added" in run("cost", "import", str(file), "--dry-run").out
    made = run("cost", "import", str(file))
    assert "row 3: write a day" in made.err
    assert "hotspring cost undo" in made.out
    assert "10.00 CNY" in made.out
    assert "added" in run("cost", "add", "5", "--from", "2026-01-01", "--channel", "web").out
    assert "january.csv" in run("cost", "list").out
    assert len(run("cost", "list", "--json").json) == 2
    (one,) = run("cost", "lists", "--json").json
    assert "1 of 1" in run("cost", "lists").out
    out = tmp_path / "costs.csv"
    assert run("cost", "export", "--out", str(out)).code == 0
    assert out.read_text("utf-8-sig").count("\n") == 3
    assert run("cost", "undo", one["id"]).code == 0
    (left,) = run("cost", "list", "--json").json
    assert run("cost", "delete", left["id"]).code == 0
    assert run("cost", "undo", one["id"]).code == 1
