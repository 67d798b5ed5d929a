"""`hotspring template`: what an industry may switch on."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_template_is_seen_switched_on_and_off(folder: Path, run: Run, tmp_path: Path) -> None:
    assert "retail" in run("template").out
    assert run("template", "--json").json[0]["on"] == 0
    shown = run("template", "retail", "--name", "baby=奶粉，尿布", "--name", "order=Paid", "--json")
    assert shown.code == 0, shown.err
    names = {one["key"]: one for one in shown.json["names"]}
    assert names["baby"]["words"] == ["奶粉", "尿布"]
    assert names["order"]["name"] == "Paid"
    assert "order_paid" in run("template", "retail", "--name", "order=order_paid").out
    file = tmp_path / "names.json"
    file.write_text(json.dumps({"order": "Paid"}))
    done = run("template", "retail", "--names", file, "--on", "taste", "--json")
    assert [one["outcome"] for one in done.json["items"]] == ["created"]
    assert "proposed" in run("template", "retail", "--all").out
    gone = run("template", "retail", "--off", "taste", "--json")
    assert [one["outcome"] for one in gone.json["items"]] == ["deleted"]


def test_what_cannot_be_meant_is_refused(folder: Path, run: Run, tmp_path: Path) -> None:
    assert "which industry" in run("template", "--all").err
    assert "one of" in run("template", "retail", "--all", "--off", "x").err
    assert "KEY=NAME" in run("template", "retail", "--name", "order").err
    assert "no item" in run("template", "retail", "--on", "nothing").err
    assert "no template" in run("template", "bakery").err
    assert "no file" in run("template", "retail", "--names", tmp_path / "none").err
