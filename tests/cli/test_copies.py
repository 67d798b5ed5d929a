"""`backup` and `restore` as they are typed."""

from __future__ import annotations

from pathlib import Path

from hotspring.app import open_pool
from hotspring.settings import Settings
from tests.cli.conftest import Run


def test_a_pool_is_backed_up_checked_and_restored(tmp_path: Path, run: Run) -> None:
    open_pool(tmp_path / "pool", Settings()).close()
    made = run("backup", tmp_path / "safe", "--keep", 2, "--data", tmp_path / "pool", "--json")
    assert made.code == 0, made.err
    backup = Path(made.json["backup"])
    assert backup.parent == tmp_path / "safe"
    audit = run("backup", tmp_path / "safe", "--data", tmp_path / "pool")
    assert "written bytes" in audit.out
    whole = run("backup", tmp_path / "safe", "--verify", "--json")
    assert (whole.code, whole.json["ok"], len(whole.json["backups"])) == (0, True, 2)
    again = run("restore", backup, "--data", tmp_path / "again", "--json")
    assert (again.code, again.json["events"], again.json["findings"]) == (0, 0, [])
    assert run("status", "--data", tmp_path / "again", "--json").json["events"] == 0
    refused = run("restore", backup, "--data", tmp_path / "again", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert "not empty" in refused.err


def test_damage_ends_with_a_status_that_tells(tmp_path: Path, run: Run) -> None:
    open_pool(tmp_path / "pool", Settings()).close()
    made = run("backup", tmp_path / "safe", "--data", tmp_path / "pool", "--json")
    file = Path(made.json["backup"]) / "pool.key"
    file.write_bytes(b"x" * file.stat().st_size)
    ill = run("backup", tmp_path / "safe", "--verify", "--json")
    assert (ill.code, ill.json["ok"]) == (1, False)
    assert ill.json["backups"][made.json["backup"]] == ["pool.key: its bytes have changed"]
    assert "pool.key" in run("backup", tmp_path / "safe", "--verify").out


def test_a_backup_that_fails_says_why(tmp_path: Path, run: Run) -> None:
    open_pool(tmp_path / "pool", Settings()).close()
    ended = run("backup", tmp_path / "pool/safe", "--data", tmp_path / "pool", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "inside the folder of the pool" in ended.err
