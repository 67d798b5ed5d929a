"""`hotspring analyze`: all analyses, and the answer of one."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_all_are_listed_and_one_is_told(folder: Path, run: Run, tmp_path: Path) -> None:
    listed = run("analyze")
    assert listed.code == 0, listed.err
    assert "funnel" in listed.out
    assert "x-zh" in run("analyze", "--json").out
    told = run("analyze", "funnel", "--param", "days=7", "--param", "by=channel")
    assert told.code == 0, told.err
    assert "33.3%" in told.out
    assert "2.0 h" in told.out
    assert "9 started and 3 finished (33.3%)" in " ".join(told.err.split())
    file = tmp_path / "params.json"
    file.write_text('{"slow": true}')
    assert run("analyze", "funnel", "--params", file, "--json").json["figures"]["started"] == 9


def test_what_cannot_be_read_is_said(folder: Path, run: Run, tmp_path: Path) -> None:
    assert "NAME=VALUE" in run("analyze", "funnel", "--param", "days").err
    file = tmp_path / "params.json"
    file.write_text("[1]")
    assert "no object" in run("analyze", "funnel", "--params", file).err
    file.write_text("{")
    assert "no JSON" in run("analyze", "funnel", "--params", file).err
    assert "no such" in run("analyze", "funnel", "--param", "wrong=1").err
