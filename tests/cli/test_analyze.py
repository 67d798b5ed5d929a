"""`hotspring analyze`: all analyses, and the answer of one."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

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


def test_the_question_for_an_engine_is_printed(folder: Path, run: Run) -> None:
    told = run("analyze", "funnel", "--param", "days=7", "--sql", "duckdb")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert lines[0] == "-- funnel: steps, of 2 blocks of events"
    assert "2 events wait" in lines[1]
    assert ";" not in lines[0] + lines[1]
    assert "SELECT ms FROM read_parquet(['" in lines[2]
    assert "it''s.parquet'])" in lines[2]
    assert lines[-1] == "SELECT 1 AS step;"
    spark = run("analyze", "funnel", "--sql", "spark").out.splitlines()
    assert " UNION ALL SELECT ms FROM parquet.`" in spark[2]
    assert run("analyze", "funnel", "--sql", "spark", "--json").json["engine"] == "spark"
    for wrong in (("analyze", "--sql", "duckdb"), ("analyze", "funnel", "--sql", "oracle")):
        assert "for duckdb or spark" in run(*wrong).err


def test_owners_are_written_to_a_file(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "owners.parquet"
    assert run("export", "owners", "-o", file).code == 0
    assert pq.read_table(file).to_pylist() == [{"origin_id": 7}]
    assert "-o" in run("export", "owners").err
    assert "whole" in run("export", "owners", "-o", file, "--deidentify").err


def test_a_report_is_kept_asked_again_shown_on_a_dashboard_and_forgotten(
    folder: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "said.json"
    file.write_text('{"analysis": "funnel", "parameters": {"days": 7}}')
    assert "is kept" in run("report", "Checkout", "--file", file).err
    (kept,) = run("report", "--json").json
    assert kept["parameters"] == {"days": 7}
    assert "9 started" in " ".join(run("report", "Checkout").err.split())
    card = {"report": kept["id"], "show": "figure", "name": "rate"}
    file.write_text(json.dumps({"cards": [card], "minutes": 5}))
    told = run("dashboard", "Wall", "--file", file)
    assert told.code == 0, told.err
    assert "Checkout" in told.out
    assert "5 min" in run("dashboard").out
    assert run("dashboard", "Wall", "--rename", "Door", "--json").json["cards"][0]["name"] == "rate"
    assert "'Door'" in run("report", "Checkout", "--delete").err
    assert run("dashboard", "Door", "--delete", "--json").code == 0
    assert run("report", "Checkout", "--delete", "--json").json == {"deleted": kept["id"]}
    assert run("report", "--delete").code != 0
