"""`hotspring rfm`: classes, grid and a file of customers."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_customers_are_parted(folder: Path, run: Run, tmp_path: Path) -> None:
    told = run("rfm", "--days", "0", "--refunds", "")
    assert told.code == 0, told.err
    assert "重要价值" in told.out
    assert "none > important_value: 9" in told.out
    assert "9 customers of 20 known profiles" in told.err
    assert run("rfm", "--json").json["customers"] == 9
    file = tmp_path / "customers.csv"
    assert run("rfm", "--out", file).code == 0
    assert "p_1" in file.read_text()


def test_the_spread_of_revenue_is_told(folder: Path, run: Run, tmp_path: Path) -> None:
    told = run("concentration", "--everybody")
    assert told.code == 0, told.err
    assert "100.0%" in told.out
    assert "Gini 0.250" in told.err
    file = tmp_path / "rule.json"
    file.write_text('{"band": {"any_of": ["hot"]}}')
    assert run("concentration", "--rule", file, "--json").json["profiles"] == 9
    assert "JSON" in run("concentration", "--rule", tmp_path / "none").err


def test_the_stages_are_told(folder: Path, run: Run) -> None:
    told = run("lifecycle", "--by", "visits", "--sleeping", "40")
    assert told.code == 0, told.err
    assert "忠诚 loyal" in told.out
    assert "sleeping after 40 days" in told.err
    assert "not the pace of the pool" in " ".join(told.err.split())
    assert run("lifecycle", "--sleeping", "40", "--keep", "--json").json["version"] == 1
    assert run("lifecycle", "--undo", "--json").json["version"] == 2
    assert run("lifecycle", "--json").json["profiles"] == 9
