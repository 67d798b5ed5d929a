"""`hotspring segment`: a rule of a file, tried on the pool."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_rule_is_tried(folder: Path, run: Run, tmp_path: Path) -> None:
    rule = {"band": {"any_of": ["hot"]}}
    file = tmp_path / "hot.json"
    file.write_text(json.dumps(rule))
    told = run("segment", "--rule", file)
    assert told.code == 0, told.err
    assert "处于热" in told.out
    assert "1 known profiles" in told.out
    found = run("segment", "--rule", file, "--json")
    assert (found.json["count"], found.json["rule"]) == (1, rule)


def test_what_is_wrong_with_a_rule_is_said_with_its_place(
    folder: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"not": {"tag": {"id": "vip"}}}')
    told = run("segment", "--rule", file)
    assert told.code == 1
    assert "/not/tag/id" in told.err
    file.write_text("{")
    assert "no JSON" in run("segment", "--rule", file).err
    assert "no file" in run("segment", "--rule", tmp_path / "x").err


def test_a_segment_is_kept_listed_renamed_and_deleted(
    folder: Path, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "hot.json"
    file.write_text('{"band": {"any_of": ["hot"]}}')
    made = run("segment", "Hot", "--rule", file, "--description", "warm ones", "--json").json
    assert (made["name"], made["version"]) == ("Hot", 1)
    assert "Is hot" in run("segment").out
    told = run("segment", "Hot")
    assert "warm ones" in told.out
    assert "1 known profiles" in told.out
    renamed = run("segment", "Hot", "--rename", "Very hot", "--json").json
    assert (renamed["id"], renamed["name"], renamed["version"]) == (made["id"], "Very hot", 2)
    assert run("segment", "Hot").code == 1
    saved = run("segment", "Very hot", "--out", tmp_path / "hot.csv", "--json").json
    assert saved["bytes"] == (tmp_path / "hot.csv").stat().st_size
    assert run("segment", "Very hot", "--out", tmp_path / "hot.doc").code == 1
    assert run("segment", "Hot", "--delete", "--rename", "x").code == 1
    assert run("segment", "--delete").code == 1
    assert run("segment", made["id"], "--delete", "--json").json == {"deleted": made["id"]}
    assert run("segment", "--json").json == []


def test_a_list_of_people_is_kept(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "friends.csv"
    file.write_text("a\nb\n")
    assert "2 lines name somebody" in run("segment", "Friends", "--list", file).out
    assert run("segment", "More", "--list", file, "--json").json["found"] == 2
    assert "a list" in run("segment").out
    assert run("segment", "--list", file).code == 1
