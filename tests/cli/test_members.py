"""`hotspring user`: who signs in, on a folder without a server."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import FakeApp, Run


def test_members_are_made_linked_changed_and_removed(folder: Path, run: Run) -> None:
    made = run("user", "create", "王丽", "--role", "admin", "--json")
    assert (made.code, made.json["name"]) == (0, "王丽")
    assert made.json["url"] == f"/welcome?link={made.json['link']}"
    listed = run("user", "list", "--json").json
    assert [(row["name"], row["role"], row["invited"]) for row in listed] == [
        ("王丽", "admin", True)
    ]
    shown = run("user", "list").out
    assert "invited" in shown
    assert made.json["link"] not in shown
    again = run("user", "link", "王丽", "--second-factor-off", "--json").json
    assert again["link"] != made.json["link"]
    told = run("user", "link", "王丽")
    assert "/welcome?link=" in told.out
    assert "works once" in told.err
    assert run("user", "role", "王丽", "analyst", "--json").json["role"] == "analyst"
    assert "viewer now" in run("user", "role", "王丽", "viewer").out
    assert run("user", "remove", "王丽", "--json").json == {"name": "王丽", "removed": True}
    assert run("user", "list", "--json").json == []


def test_what_cannot_be_done_is_told(folder: Path, run: Run) -> None:
    assert "no member is named 'ann'" in run("user", "link", "ann").err
    assert run("user", "create", "a b").code == 1
    run("user", "create", "ann")
    assert "there already" in run("user", "create", "ANN").err
    assert "role" in run("user", "role", "ann", "owner").err
    assert "is removed" in run("user", "remove", "ann").out


def test_a_lost_password_needs_no_open_pool(folder: Path, run: Run) -> None:
    run("user", "create", "ann")
    FakeApp.opened = 1
    try:
        assert run("user", "link", "ann").code == 0
    finally:
        FakeApp.opened = 0
