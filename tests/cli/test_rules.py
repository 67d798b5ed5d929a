"""`rules`: what is shown, tried and changed, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.web.api.fake_pool import FakePool
from tests.web.api.fake_rules import RULES


@pytest.fixture
def file(tmp_path: Path, folder: Path) -> Path:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({**RULES, "version": 7, "e_half": 10.0}))
    return path


def test_rules_are_shown_as_they_can_be_given_back(folder: Path, run: Run, pool: FakePool) -> None:
    full = {
        "id": "game", "events": ["Won"], "points": 3, "half_life_days": 14, "cap": 6,
        "amount": "properties.stars",
        "conditions": [{"field": "properties.mode", "op": "eq", "value": "duel"}],
    }  # fmt: skip
    pool.rulebook.put({**RULES, "rules": [full]}, "ann")
    assert run("rules", "show", "--json").json["rules"] == [full]
    shown = run("rules", "show").out
    for part in ("version 2", 'properties.mode eq "duel"', "3 × log1p(properties.stars)", "14 d"):
        assert part in shown
    assert "XAU: 3 events, no rate: brings no heat" in shown
    assert run("rules", "show", "--version", 1, "--json").json["rules"] == RULES["rules"]
    assert "no version 9" in run("rules", "show", "--version", 9).err


def test_a_preview_tells_who_would_move(file: Path, run: Run, pool: FakePool) -> None:
    found = run("rules", "preview", file, "--json")
    assert (found.code, found.err, found.json["moved"]) == (0, "", 1)
    shown = run("rules", "preview", file).out
    for part in ("1 of 25 profiles leave their band", "cool → warm: 1", "49.0 °C → 51.0 °C"):
        assert part in shown
    assert "3 events in XAU bring no heat" in shown
    assert pool.rulebook.now()["version"] == 1


def test_rules_are_applied_compared_and_restored(file: Path, run: Run, pool: FakePool) -> None:
    assert run("rules", "apply", file, "--json").json["version"] == 2
    assert pool.rulebook.now()["body"] == {**RULES, "e_half": 10.0}
    assert "in force now, as version 3" in run("rules", "apply", file).out
    assert [v["version"] for v in run("rules", "versions", "--json").json] == [3, 2, 1]
    assert "hotspring" in run("rules", "versions").out
    found = run("rules", "compare", 1, 2, "--json").json
    assert found["differences"][0]["fields"] == {"e_half": [20.0, 10.0]}
    assert "e_half" in run("rules", "compare", 1, 2).out
    assert "The same rules." in run("rules", "compare", 2, 3).out
    both = run("rules", "compare", 1, 2, "--profiles", "--json").json
    assert both["profiles"]["total"] == 25
    assert "leave their band" in run("rules", "compare", 1, 2, "--profiles").out
    assert run("rules", "restore", 1, "--json").json["version"] == 4
    assert "Version 1 is in force again, as 5." in run("rules", "restore", 1).out


def test_rules_are_tested_on_one_profile(file: Path, run: Run, pool: FakePool) -> None:
    found = run("rules", "test", file, "user_id:u/1", "--json").json
    assert (found["live"]["temperature"], found["tried"]["temperature"]) == (1.0, 2.0)
    shown = run("rules", "test", file, "user_id:u/1").out
    assert "by these rules: 2.0 °C" in shown
    assert run("rules", "test", file, "user_id:nobody").err.startswith("hotspring: no profile")


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "rules.json is no JSON"), ('{"title": 1}', "the rules cannot be read")],
)
def test_what_cannot_be_used_is_said(file: Path, run: Run, text: str, told: str) -> None:
    file.write_text(text)
    for command in ("preview", "apply"):
        ended = run("rules", command, file, "--json")
        if command == "apply" or text == "{":
            assert (ended.code, ended.out) == (1, "")
            assert told in ended.err
    missing = run("rules", "apply", file.with_name("no.json"))
    assert "there is no file" in missing.err
