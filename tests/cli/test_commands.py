"""What commands print, for people and for programs, and how they fail."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hotspring.errors import HotspringError, JournalUnavailable
from tests.cli.conftest import FakeApp, Run
from tests.web.api.fake_pool import FakePool

PERSON = "user_id:u/1"


def test_a_source_is_made_and_its_key_told_once(folder: Path, run: Run) -> None:
    made = run("source", "create", "mini", "--project", "production", "--datum", "gcj02", "--json")
    assert (made.code, set(made.json), made.json["name"]) == (0, {"name", "write_key"}, "mini")
    listed = run("source", "list", "--json")
    assert [(s["name"], s["datum"]) for s in listed.json] == [("mini", "gcj02"), ("web", "wgs84")]
    assert made.json["write_key"] not in listed.out
    assert "mini" in run("source", "list").out
    assert run("source", "revoke", "mini", "--json").json == {"name": "mini", "revoked": True}
    assert "mini" not in run("source", "list").out
    key = run("source", "create", "app", "--public").out.split()[-1]
    assert key.startswith("wk_")


def test_a_token_is_made_and_told_once(folder: Path, run: Run) -> None:
    made = run("token", "create", "bi", "--role", "admin", "--json")
    assert set(made.json) == {"name", "role", "token"}
    assert (made.json["name"], made.json["role"]) == ("bi", "admin")
    assert made.json["token"] not in run("token", "list").out
    assert run("token", "list", "--json").json[0]["role"] == "admin"
    assert run("token", "revoke", "bi").code == 0
    assert run("token", "list", "--json").json == []


def test_keys_and_tokens_need_no_open_pool(folder: Path, run: Run) -> None:
    FakeApp.opened = 1
    try:
        assert run("token", "create", "bi").code == 0
        assert run("source", "list").code == 0
    finally:
        FakeApp.opened = 0


def test_status_is_what_the_api_answers(folder: Path, run: Run, pool: FakePool) -> None:
    told = run("status", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json.items() >= pool.status().items()
    shown = run("status").out
    for part in ("profiles", "25 known, 2 anonymous", "above 80 °C", "2026-03-01 00:00:00 UTC"):
        assert part in shown


def test_the_hottest_are_listed(folder: Path, run: Run) -> None:
    assert [row["temperature"] for row in run("top", "-n", 3, "--json").json] == [95.0, 91.0, 87.0]
    assert {row["band"] for row in run("top", "--band", "cold", "--json").json} == {"cold"}
    shown = run("top").out
    assert "95.0 °C" in shown
    assert "as of" in shown
    assert run("top", "--band", "boiling").code == 2


def test_machine_traffic_is_flagged_and_taken_back(folder: Path, run: Run, pool: FakePool) -> None:
    told = run("bots", "flag", PERSON, "--event", "web:m1", "--reason", "a script", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json["events"] == [{"source": "web", "message_id": "m1"}]
    assert "1 identifiers, 1 events" in run("bots", "unflag", PERSON, "--event", "web:m1").out
    assert run("bots", "flag", PERSON, "--human").code == 0
    assert [kind for kind, _ in pool.decided] == ["flag machine", "flag open", "flag human"]
    assert "user_id:u/1" in run("bots", "list").out
    assert run("bots", "scan", "--json").json["suspects"] == pool.suspects(7)
    assert "flagged: 1 events" in run("bots", "scan", "--apply").out
    assert "at least one" in run("bots", "flag").err
    assert run("bots", "flag", "--event", "m1").code == 2


def test_a_profile_is_shown(folder: Path, run: Run, pool: FakePool) -> None:
    assert run("profile", PERSON, "--json").json == pool.profile(PERSON)
    shown = run("profile", PERSON).out
    for part in ("91.0 °C", "u/1", "杭州", "buy", "Order Completed"):
        assert part in shown
    missing = run("profile", "user_id:nobody", "--json")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == "hotspring: no profile has this identifier\n"


def test_a_person_is_exported(folder: Path, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "person.html"
    told = run("person", "export", "user_id:u/1", "--format", "html", "-o", target, "--json").json
    assert told["bytes"] == target.stat().st_size
    assert target.stat().st_mode & 0o077 == 0
    assert json.loads(run("person", "export", "user_id:u/1").out)["events"]
    assert run("person", "export", "user_id:nobody").code == 1
    for wrong in (("--format", "pdf"), ("--lang", "fr"), ("--format", "html", "--json")):
        assert run("person", "export", "user_id:u/1", *wrong).code == 2


def test_a_person_is_erased_in_two_steps(folder: Path, run: Run) -> None:
    told = run("erase", "user_id:u/1")
    assert "goes: user_id" in told.out
    assert "--confirm yes" in told.out
    assert run("erase", "user_id:u/1", "--json").json["events"] == 7
    assert run("erase", "user_id:u/1", "--confirm", "no").code == 1
    assert run("erase", "user_id:u/1", "--confirm", "yes", "--json").json["state"] == "done"
    assert "1 identifiers" in run("readmit", "user_id:u/1").out
    assert run("erase", "user_id:nobody").code == 1


def test_profiles_are_exported(folder: Path, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    told = run("export", "profiles", "--format", "jsonl", "-o", target, "--json").json
    assert told == {"file": str(target), "bytes": target.stat().st_size}
    assert len([json.loads(line) for line in target.read_text().splitlines()]) == 25
    assert run("export", "profiles").out.count("\n") == 26
    assert run("export", "profiles", "--format", "pdf").code == 2
    assert run("export", "secrets").code == 2
    assert run("export", "events").code == 2
    told = run("export", "events", "--deidentify", "--keep", "city").out
    assert told.splitlines()[0].endswith("currency,city")
    assert run("export", "events", "--deidentify", "--band", "hot").code == 2
    assert run("export", "profiles", "--json").code == 2


def test_a_file_is_imported(folder: Path, run: Run, pool: FakePool, tmp_path: Path) -> None:
    file, rejects = tmp_path / "lines.csv", tmp_path / "rejects.csv"
    file.write_text("id,total\n" * 3)
    pool.rejects = tmp_path / "kept.csv"
    pool.rejects.write_text("row,reason\n")
    told = run("import", file, "--preset", "orders", "--map", "user_id=id", "--map", "total=total",
               "--tz", "Europe/London", "--rejects", rejects, "--json")  # fmt: skip
    assert told.code == 0
    promised = {"rows", "events", "profiles", "duplicate_rows", "rejected", "revenue", "seconds"}
    assert promised <= set(told.json)
    assert rejects.read_text() == "row,reason\n"
    options = pool.jobs["i0"]["options"]
    assert options["map"] == {"user_id": "id", "total": "total"}
    assert (options["name"], options["tz"]) == ("lines.csv", "Europe/London")
    before_any_pool = ("--dry-run", "--data", tmp_path / "none", "--json")
    assert run("import", file, "--preset", "orders", *before_any_pool).code == 0
    assert not (tmp_path / "none").exists()
    shown = run("import", file, "--preset", "orders")
    for part in ("no identifier", "Customer ID", "12.50"):
        assert part in shown.out
    assert "importing" in shown.err


def test_a_file_that_cannot_be_imported_is_refused(
    folder: Path, run: Run, pool: FakePool, tmp_path: Path
) -> None:
    file = tmp_path / "lines.csv"
    missing = run("import", file, "--preset", "orders")
    assert (missing.code, missing.err) == (1, f"hotspring: there is no file {file}\n")
    file.write_text("refuse me")
    refused = run("import", file, "--preset", "orders", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "no column for the time" in refused.err
    assert run("import", file).code == 2
    assert run("import", file, "--preset", "poems").code == 1


def test_the_folder_is_rebuilt_and_examined(folder: Path, run: Run) -> None:
    assert run("rebuild", "--json").json["same"] is True
    assert "the same as before" in run("rebuild").out
    ill = run("doctor", "--json")
    assert (ill.code, ill.json["ok"]) == (1, False)
    assert [finding["ok"] for finding in ill.json["findings"]] == [True, False]
    assert "free some space" in run("doctor").out


def test_a_folder_that_cannot_be_opened_is_a_finding(folder: Path, run: Run) -> None:
    (folder / "hotspring.toml").write_text("timezone = 'Mars/Base'")
    ill = run("doctor", "--json")
    assert (ill.code, ill.json["findings"][0]["check"]) == (1, "open")
    assert "Mars/Base" in ill.json["findings"][0]["detail"]


@pytest.mark.parametrize("command", [("status",), ("top",), ("rebuild",), ("token", "list")])
def test_a_folder_that_is_not_there_is_not_made(
    tmp_path: Path, run: Run, command: tuple[str, ...]
) -> None:
    ended = run(*command, "--data", tmp_path / "typo", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "there is no pool in" in ended.err
    assert not (tmp_path / "typo").exists()


def test_an_error_is_one_line_and_a_fault_tells_no_secret(
    folder: Path, run: Run, pool: FakePool
) -> None:
    pool.fault = JournalUnavailable("the disk\nis full")
    ended = run("status")
    assert (ended.code, ended.err) == (1, "hotspring: the disk is full\n")
    pool.fault = HotspringError("phone 13800138000")
    ended = run("status")
    assert (ended.code, "13800138000" in ended.err) == (1, False)


def test_a_folder_in_use_without_a_server_is_told(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspring.cli.client.WAIT_SECONDS", 0.0)
    monkeypatch.setattr(FakeApp, "opened", 1)
    ended = run("status")
    assert ended.code == 1
    assert ended.err.startswith("hotspring: Another process owns this data folder")


def test_a_command_waits_for_another_that_is_about_to_end(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeApp, "opened", 1)
    end = threading.Timer(0.3, setattr, (FakeApp, "opened", 0))
    end.start()
    assert run("status", "--json").code == 0
    end.join()


def test_a_place_that_cannot_be_written_is_told_in_one_line(folder: Path, run: Run) -> None:
    nowhere = folder / "pool.toml"
    nowhere.write_text("")
    for command in (
        ("token", "create", "bi", "--data", nowhere),
        ("export", "profiles", "-o", nowhere / "out.csv"),
    ):
        ended = run(*command)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith("hotspring: ")
        assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    "left", ["{}", "", '{"url": "http://127.0.0.1:9", "token": "hs_x", "pid": 1}']
)
def test_the_address_of_a_server_that_died_is_passed_over(
    folder: Path, run: Run, left: str
) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "server.json").write_text(left)
    assert run("status", "--json").code == 0


def test_help_comes_at_once_and_names_every_command() -> None:
    code = (
        "import sys; from hotspring.cli import main; sys.argv = ['hotspring', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'duckdb', 'pyarrow', 'numba', 'numpy', 'fastapi', 'sqlalchemy', 'uvicorn'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # What makes a start slow is not loaded: a figure would measure the machine.
    assert ended.stderr.strip() == "[]"
    for command in ("serve", "demo", "import", "status", "top", "profile", "rebuild", "token",
                    "source", "doctor", "bench", "export"):  # fmt: skip
        assert f" {command} " in ended.stdout


def test_a_plan_is_applied_compared_and_shown(folder: Path, run: Run, tmp_path: Path) -> None:
    shown = run("plan", "show")
    for part in ("version 1", "Order Completed", "strict"):
        assert part in shown.out
    file = tmp_path / "plan.json"
    file.write_text(run("plan", "show", "--json").out)
    assert run("plan", "apply", file, "--json").json["version"] == 2
    assert "version 3 is in force" in run("plan", "restore", 1).out
    assert [one["version"] for one in run("plan", "versions", "--json").json] == [3, 2, 1]
    assert run("plan", "show", "--version", 0, "--json").json["events"] == {}
    assert "hotspring" in run("plan", "versions").out
    told = run("plan", "diff", file)
    for part in ("changed Order Completed", "+ /mode: 1", "allow -> strict"):
        assert part in told.out
    assert run("plan", "diff", file, "--json").json["from"] == 3
    assert run("plan", "breaches", "--json").json[0]["events"] == 3
    assert "flagged" in run("plan", "breaches").out
    file.write_text("[]")
    bad = run("plan", "apply", file)
    assert (bad.code, bad.out) == (1, "")
    assert "is no plan" in bad.err


def test_refused_events_are_listed_mended_and_dropped(
    folder: Path, run: Run, pool: FakePool, tmp_path: Path
) -> None:
    assert [one["id"] for one in run("quarantine", "list", "--json").json] == ["3", "2", "1"]
    assert "bad_timestamp" in run("quarantine", "list", "-n", 1).out
    time = ("--fix", "time received")
    tried = run("quarantine", "fix", *time, "--source", "web")
    for part in ("2  bad_timestamp -> accepted", '+ {"timestamp":1}', "would become: 2 refused"):
        assert part in tried.out
    assert pool.refusals.status["2"] == "open"
    fixes = tmp_path / "fixes.json"
    fixes.write_text('[{"do": "rename", "property": "a", "to": "b"}]')
    done = run("quarantine", "replay", *time, "--fixes", fixes, "--json")
    assert done.json["verdicts"] == {"refused": 2, "accepted": 1}
    assert [one["id"] for one in run("quarantine", "list", "--status", "replayed", "--json").json] \
        == ["2"]  # fmt: skip
    dropped = run("quarantine", "drop", "--id", "1", "--id", "3", "--why", "a test", "--json")
    assert dropped.json == {"dropped": 2, "why": "a test"}
    assert set(pool.refusals.status.values()) == {"replayed", "dropped"}
    sheet = tmp_path / "out.csv"
    told = run("quarantine", "export", "--status", "any", "-o", sheet, "--json").json
    assert told == {"file": str(sheet), "bytes": sheet.stat().st_size}
    assert run("quarantine", "export", "--format", "jsonl", "--status", "any").out.count("\n") == 3
    for wrong in (("quarantine", "export", "--json"), ("quarantine", "drop", "--id", "1")):
        assert run(*wrong).code == 2
    assert "cannot be read" in run("quarantine", "fix", "--fix", "rename a").err
    fixes.write_text("{}")
    assert "no list of fixes" in run("quarantine", "fix", "--fixes", fixes).err


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("rename_event Order Completed", {"do": "rename_event", "to": "Order Completed"}),
        ("rename price=total", {"do": "rename", "property": "price", "to": "total"}),
        ("cast total=number", {"do": "cast", "property": "total", "to": "number"}),
        ("drop debug", {"do": "drop", "property": "debug"}),
        ("set a=5", {"do": "set", "property": "a", "value": 5}),
        ("set a=b=c", {"do": "set", "property": "a", "value": "b=c"}),
        ("time 2026-03-01T08:00Z", {"do": "time", "to": "2026-03-01T08:00Z"}),
        ("identify phone=138", {"do": "identify", "kind": "phone", "value": "138"}),
        ("identify phone=@tel", {"do": "identify", "kind": "phone", "property": "tel"}),
        ("new_id", {"do": "new_id"}),
    ],
)
def test_a_fix_is_written_in_words(
    folder: Path, run: Run, pool: FakePool, monkeypatch: pytest.MonkeyPatch, text: str, fix: object
) -> None:
    asked: list[object] = []

    def replay(selection: object, fixes: list[object], *rest: object) -> object:
        asked.extend(fixes)
        return {"dry_run": True, "looked_at": 0, "verdicts": {}, "still": {}, "entries": [],
                "next": None}  # fmt: skip

    monkeypatch.setattr(pool.refusals, "replay", replay)
    assert run("quarantine", "fix", "--fix", text, "--json").code == 0
    assert asked == [fix]
