"""`hotspring tag`: kept, set on people, taken back, as files."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_tag_is_kept_shown_changed_and_deleted(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "hot.json"
    file.write_text(json.dumps([{"value": "hot", "rule": {"band": {"any_of": ["hot"]}}}]))
    made = run("tag", "save", "Heat", "--rule", file, "--description", "of now", "--json").json
    assert (made["kind"], made["values"][0]["value"]) == ("rule", "hot")
    told = run("tag", "show", "Heat")
    assert "25.0% of known profiles" in told.out, told.err
    assert "hot" in run("tag", "list").out
    changed = run("tag", "save", "Heat", "--rename", "Warmth", "--json").json
    assert (changed["name"], changed["version"], changed["owner"]) == ("Warmth", 2, made["owner"])
    assert run("tag", "show", "Heat").code == 1
    assert run("tag", "save", "x", "--rule", file, "--values", "a").code == 1
    assert "no file" in run("tag", "save", "x", "--rule", tmp_path / "none").err
    saved = run("tag", "export", "Warmth", tmp_path / "hot.csv", "--json").json
    assert saved["bytes"] > 0
    assert run("tag", "export", "Warmth", tmp_path / "hot.doc").code == 1
    assert run("tag", "delete", made["id"], "--json").json == {"deleted": made["id"]}
    assert run("tag", "list", "--json").json == []


def test_a_tag_is_set_by_hand_and_taken_back(folder: Path, run: Run, tmp_path: Path) -> None:
    run("tag", "save", "Level", "--values", "gold, silver", "--owner", "CRM")
    told = run("tag", "set", "Level", "user_id:u-1", "user_id:u-2?", "--value", "gold")
    assert "1 profiles" in told.out, told.err
    assert "user_id:u-2? is not in the pool" in told.err
    assert "hotspring tag undo 1" in told.err
    assert run("tag", "set", "Level", "user_id:u-1").code == 1
    assert run("tag", "off", "Level", "user_id:u-1", "--json").json["entry"] == 2
    assert run("tag", "undo", "2", "--json").json == {"undone": 2}
    assert run("tag", "undo", "2").code == 1
    file = tmp_path / "list.csv"
    file.write_text("u-1,gold\nu-2,silver\n")
    assert "2 lines name somebody" in run("tag", "upload", "Level", file).out
    assert run("tag", "upload", "Level", file, "--off", "--json").json["found"] == 2


def test_traits_are_listed_and_shown(folder: Path, run: Run) -> None:
    assert "a/b" in run("traits").out
    told = run("traits", "a/b")
    assert "75.0%" in told.out, told.err
    assert run("traits", "a/b", "--json").json["values"] == [{"value": "x", "count": 3}]
    assert run("traits", "c").code == 1
