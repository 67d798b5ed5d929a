"""Backups: whole at any moment, cheap to repeat, checked before they are trusted."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import restored
from hotspring.backup import RESTORING, Maker, chosen, restore, verify
from hotspring.errors import BadRequest, FolderError, FolderInUse, NotFound
from hotspring.event import Event
from hotspring.settings import Settings
from tests.laws.folding import NOW, Folding, same_warmth
from tests.laws.test_erasure_laws import erase


class Killed(Exception):
    """The process ended here."""


def told(first: int, count: int) -> list[Event]:
    return [
        Event(f"m{n}", "track", "Order Completed", NOW + n, (f"user_id:u{n % 7}",), n, amount=9.0)
        for n in range(first, first + count)
    ]


def maker(pool: Folding) -> Maker:
    return Maker(pool.app.folder, pool.app._store, pool.app.journal, pool.app.operations)


def quiet(_: float) -> None: ...


@pytest.fixture
def pool(tmp_path: Path):
    with Folding(tmp_path / "pool", Settings(journal_megabytes=1)) as opened:
        (opened.app.folder / "hotspring.toml").write_text('currency = "CNY"\n')
        opened.deliver(told(0, 40))
        opened.app.seal()
        opened.deliver(told(40, 10))
        opened.app.save()
        opened.deliver(told(50, 10))
        yield opened


def test_a_restored_pool_stands_where_the_backup_was_made(pool: Folding, tmp_path: Path) -> None:
    partition, warmth = pool.partition(), pool.warmth()
    report = maker(pool).make(tmp_path / "safe", 0, quiet)
    pool.deliver(told(60, 20))
    proof = restored(tmp_path / "safe", tmp_path / "again")
    assert (proof["events"], proof["position"], proof["findings"]) == (60, report["position"], [])
    with Folding(tmp_path / "again") as again:
        assert again.partition() == partition
        assert same_warmth(again.warmth(), warmth)
        assert (tmp_path / "again/hotspring.toml").exists()
        again.deliver(told(55, 25))
        assert again.app.pool.status()["events"] == 80
        assert again.app.pool.status()["duplicates"] == 5
        assert again.app.pipeline.replace_by_rebuild()


def test_the_folder_of_the_settings_is_listed(tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    with Folding(tmp_path / "pool", Settings(backup_folder=str(safe), backup_keep=3)) as pool:
        backups = pool.app.pool._backups
        assert backups.shelf() == {"folder": str(safe), "keep": 3, "items": []}
        pool.deliver(told(0, 5))
        first = maker(pool).make(safe, 0, quiet)
        second = maker(pool).make(safe, 0, quiet)
        (Path(second["backup"]) / "backup.json").write_text("{")
        newest, oldest = backups.shelf()["items"]
        assert (newest["readable"], newest["at"]) == (False, None)
        assert (oldest["readable"], oldest["bytes"]) == (True, first["bytes"])
        assert oldest["position"] == first["position"]
    with Folding(tmp_path / "other", Settings()) as pool:
        assert pool.app.pool._backups.shelf()["items"] == []


def test_members_come_back_and_what_was_open_does_not(pool: Folding, tmp_path: Path) -> None:
    members = pool.app.operations.members
    ann = members.add(name="ann", name_key="ann", role="admin", language="", created_ms=1)
    ann = members.change(ann, password_hash="kept", link_hash="l", link_until_ms=1 << 50)
    members.add_session(ann, "t", "Firefox", 5)
    maker(pool).make(tmp_path / "safe", 0, quiet)
    restored(tmp_path / "safe", tmp_path / "again")
    with Folding(tmp_path / "again") as again:
        (back,) = again.app.operations.members.all()
        assert (back.name, back.password_hash, back.link_hash) == ("ann", "kept", None)
        assert again.app.operations.members.sessions(back) == []
    assert members.session("t") is not None


def test_what_did_not_change_is_not_written_again(pool: Folding, tmp_path: Path) -> None:
    first = maker(pool).make(tmp_path / "safe", 0, quiet)
    pool.deliver(told(60, 5))
    pool.app.seal()
    second = maker(pool).make(tmp_path / "safe", 0, quiet)
    old, new = Path(first["backup"]), Path(second["backup"])
    for block in (old / "blocks").iterdir():
        assert (new / "blocks" / block.name).stat().st_ino == block.stat().st_ino
    assert (new / "pool.key").stat().st_ino == (old / "pool.key").stat().st_ino
    assert verify(old) == verify(new) == []
    assert restored(old, tmp_path / "old")["events"] == 60
    assert restored(new, tmp_path / "new")["events"] == 65


def test_a_block_of_the_same_name_with_other_content_is_written(
    pool: Folding, tmp_path: Path
) -> None:
    first = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])
    block = next((pool.app.folder / "blocks").glob("events-*"))
    size = block.stat().st_size
    block.write_bytes(os.urandom(size))
    second = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])
    assert (second / "blocks" / block.name).read_bytes() == block.read_bytes()
    assert verify(first) == []


def test_files_stay_while_a_backup_reads_them(pool: Folding, tmp_path: Path) -> None:
    for n in range(6):
        pool.deliver(told(100 + n, 1))
        pool.app.seal()
    went: list[Any] = []

    def compacted(share: float) -> None:
        if share == 0.0 and not went:
            went.append(pool.app._store.compact())
            went.append(pool.app.journal.drop(0, NOW * 2))
            pool.app.save()

    report = maker(pool).make(tmp_path / "safe", 0, lambda share: compacted(0.0))
    assert went == [True, []]
    assert restored(Path(report["backup"]), tmp_path / "again")["events"] == 66
    before = {file.name for file in (pool.app.folder / "blocks").iterdir()}
    known = {Path(block.file).name for block in pool.app._store.blocks()}
    assert before == known, "what was held is removed in the end"
    assert len(list((pool.app.folder / "snapshots").iterdir())) == 1


def test_killed_at_any_moment_the_backups_that_were_there_stay(
    pool: Folding, tmp_path: Path
) -> None:
    safe = tmp_path / "safe"
    first = Path(maker(pool).make(safe, 0, quiet)["backup"])
    pool.deliver(told(60, 10))
    pool.app.save()
    moments, at = [0], [0]

    def kill(_: float) -> None:
        moments[0] += 1
        if moments[0] == at[0]:
            raise Killed

    for at[0] in range(1, 200):
        moments[0] = 0
        try:
            report = maker(pool).make(safe, 0, kill)
            break
        except Killed:
            assert chosen(safe) == first
            assert verify(first) == []
    assert at[0] > 20, "it was killed at too few moments to prove anything"
    assert not (safe / "unfinished").exists()
    assert verify(Path(report["backup"])) == []
    assert restored(safe, tmp_path / "again")["events"] == 70


def test_a_backup_that_was_stopped_is_continued(pool: Folding, tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.9:
            raise Killed

    with pytest.raises(Killed):
        maker(pool).make(tmp_path / "safe", 0, stop)
    kept = {p.name: p.stat().st_ino for p in (tmp_path / "safe/unfinished/blocks").iterdir()}
    assert kept
    report = maker(pool).make(tmp_path / "safe", 0, quiet)
    made = {p.name: p.stat().st_ino for p in (Path(report["backup"]) / "blocks").iterdir()}
    assert kept.items() <= made.items()
    assert verify(Path(report["backup"])) == []


def test_only_so_many_are_kept(pool: Folding, tmp_path: Path) -> None:
    made = [maker(pool).make(tmp_path / "safe", 2, quiet) for _ in range(4)]
    left = sorted(p.name for p in (tmp_path / "safe").iterdir() if p.is_dir())
    assert left == sorted(Path(report["backup"]).name for report in made[-2:])
    assert made[-1]["dropped"] == [Path(made[1]["backup"]).name]


def test_backups_are_readable_by_their_owner_only(pool: Folding, tmp_path: Path) -> None:
    report = maker(pool).make(tmp_path / "safe", 0, quiet)
    restore(Path(report["backup"]), tmp_path / "again")
    for root in (tmp_path / "safe", tmp_path / "again"):
        for path in (root, *root.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("what", ["blocks/events-*", "journal/*", "operations.db", "pool.key"])
@pytest.mark.parametrize("how", ["byte", "cut", "gone"])
def test_damage_is_named_and_nothing_is_restored(
    pool: Folding, tmp_path: Path, what: str, how: str
) -> None:
    backup = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])
    file = next(backup.glob(what))
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(body if how == "byte" else body[:-1])
    (line,) = verify(backup)
    assert line.startswith(file.relative_to(backup).as_posix())
    with pytest.raises(FolderError, match=file.name):
        restored(backup, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_folder_that_holds_something_is_left_alone(pool: Folding, tmp_path: Path) -> None:
    backup = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter").write_text("dear")
    for folder in (tmp_path / "mine", pool.app.folder):
        with pytest.raises(FolderError, match="not empty"):
            restored(backup, folder)
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter"]


def test_a_restore_that_was_killed_is_no_pool_until_it_is_run_again(
    pool: Folding, tmp_path: Path
) -> None:
    backup = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])

    def kill(share: float) -> None:
        if share > 0.8:
            raise Killed

    with pytest.raises(Killed):
        restored(backup, tmp_path / "again", kill)
    assert (tmp_path / "again" / RESTORING).exists()
    with pytest.raises(FolderError, match="run it again"):
        Folding(tmp_path / "again")
    assert restored(backup, tmp_path / "again")["events"] == 60


def test_places_that_are_no_place_for_a_backup(pool: Folding, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="inside"):
        maker(pool).make(pool.app.folder / "safe", 0, quiet)
    maker(pool).make(tmp_path / "safe", 0, quiet)
    with (
        Folding(tmp_path / "other") as other,
        pytest.raises(FolderError, match="another pool"),
    ):
        maker(other).make(tmp_path / "safe", 0, quiet)
    with pytest.raises(FolderError, match="no finished backup"):
        chosen(tmp_path / "other")


def test_two_backups_into_one_folder_do_not_mix(pool: Folding, tmp_path: Path) -> None:
    def second(_: float) -> None:
        with pytest.raises(FolderInUse):
            maker(pool).make(tmp_path / "safe", 0, quiet)

    maker(pool).make(tmp_path / "safe", 0, second)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace('"format": 1', '"format": 2'), "newer version"),
        (lambda text: text.replace('"pool.key"', '"../../pool.key"'), "outside"),
        (lambda text: text[:-20], "cannot be read"),
    ],
)
def test_a_backup_that_cannot_be_understood_says_so(
    pool: Folding, tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    backup = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])
    file = backup / "backup.json"
    file.write_text(change(file.read_text()))
    with pytest.raises(FolderError, match=words):
        restored(backup, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_tokens_choose_no_folder_on_this_machine(tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    with Folding(tmp_path / "pool", Settings(backup_folder=str(safe))) as pool:
        ask = pool.app.pool.start_backup
        for target, by in ((str(tmp_path / "www"), "admin"), ("safe", "local")):
            with pytest.raises(BadRequest):
                ask(target, None, by)
        job = ask(None, None, "admin")
        pool.app.pool.close()
        assert pool.app.pool.backup_job(job["id"])["state"] in ("done", "failed")


def test_who_was_erased_since_is_erased_again_by_a_restore(pool: Folding, tmp_path: Path) -> None:
    first = Path(maker(pool).make(tmp_path / "safe", 0, quiet)["backup"])
    gone = erase(pool, "user_id:u1")
    pool.app.erase()
    maker(pool).make(tmp_path / "safe", 0, quiet)
    restored(first, tmp_path / "again")
    with Folding(tmp_path / "again") as again:
        again.app._keeper.tend()
        again.apply()
        assert again.app.pool.status()["events"] == 60 - len(gone)
        with pytest.raises(NotFound):
            again.app.pool.profile("user_id:u1")
