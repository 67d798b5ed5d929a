"""The operational records: their schema, several processes, damage, secrecy."""

from __future__ import annotations

import contextlib
import multiprocessing
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hotspring.errors import FolderError, NotFound
from hotspring.store import Operations
from hotspring.store import operations as module
from hotspring.store.schema import METADATA


def test_the_tables_are_the_sum_of_the_migrations(tmp_path: Path) -> None:
    Operations(tmp_path).close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / module.FILE}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_newest_migration_is_the_head_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [module.HEAD]


def test_a_folder_is_opened_again_as_it_was_left(tmp_path: Path) -> None:
    first = Operations(tmp_path)
    made = first.add_import(id="i1", preset="orders", name="a.csv", size=3, started_ms=5, by="ann")
    secret = first.secret
    first.close()
    second = Operations(tmp_path)
    assert second.import_job("i1") == made
    assert second.secret == secret
    assert len(secret) == 32
    second.close()


def test_imports_change_and_are_listed_newest_first(tmp_path: Path) -> None:
    operations = Operations(tmp_path)
    for n in range(3):
        operations.add_import(id=f"i{n}", preset="events", name="f", size=1, started_ms=n, by="x")
    operations.change_import("i1", progress=0.5)
    done = operations.change_import(
        "i1", state="done", progress=1.0, finished_ms=9, report='{"a":1}'
    )
    assert (done.state, done.progress, done.finished_ms, done.report) == ("done", 1.0, 9, '{"a":1}')
    assert [job.id for job in operations.imports(2)] == ["i2", "i1"]
    for missing in (lambda: operations.import_job("none"),
                    lambda: operations.change_import("none", progress=1.0)):  # fmt: skip
        with pytest.raises(NotFound):
            missing()
    operations.close()


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    Operations(tmp_path).close()
    for name in (module.FILE, module.KEY_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_the_audit_log_only_grows(tmp_path: Path) -> None:
    operations = Operations(tmp_path)
    operations.append_audit(at_ms=1, actor="a", action="b", subject="c", detail="{}")
    with sqlite3.connect(tmp_path / module.FILE) as other:
        for change in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                other.execute(change)
    other.close()
    assert [entry.actor for entry in operations.audit(10)] == ["a"]
    operations.close()


def _write(folder: Path, name: str, count: int) -> None:
    operations = Operations(folder)
    for n in range(count):
        operations.append_audit(at_ms=n, actor=name, action="x", subject="", detail="{}")
    operations.close()


def test_several_processes_open_and_write_one_new_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path, f"w{n}", 40)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    operations = Operations(tmp_path)
    assert len(operations.audit(1000)) == 80
    operations.close()


def test_a_new_folder_opens_while_another_process_writes_its_first_rows(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / module.FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    release.start()
    Operations(tmp_path).close()
    release.join()
    other.close()


def test_a_folder_that_stays_locked_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    with contextlib.closing(sqlite3.connect(tmp_path / module.FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FolderError, match=r"operations\.db cannot be opened: .*locked"):
            Operations(tmp_path)


def test_a_full_disk_is_told_and_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    operations = Operations(tmp_path)
    pages = 1

    def fill(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    plain = module._log

    def logging(file: Path) -> sqlite3.Connection:
        log = plain(file)
        log.execute(f"PRAGMA max_page_count={pages}")
        return log

    sa.event.listen(operations._engine, "begin", fill)
    monkeypatch.setattr(module, "_log", logging)
    text = "x" * 20_000
    line = {"at_ms": 1, "actor": "a", "action": "b", "subject": "", "detail": text}
    for write in (
        lambda: operations.append_audit(**line),
        lambda: operations.add_import(
            id=text, preset="events", name="f", size=1, started_ms=1, by="x"
        ),
    ):
        with pytest.raises(FolderError, match=r"operations\.db cannot be used right now: .*full$"):
            write()
    assert operations.audit(10) == []
    pages = 1_000_000
    operations._log.execute(f"PRAGMA max_page_count={pages}")
    operations.append_audit(**line)
    assert len(operations.audit(10)) == 1
    operations.close()


def test_many_threads_append_to_the_log_and_every_line_is_there(tmp_path: Path) -> None:
    operations = Operations(tmp_path)

    def append(name: str) -> None:
        for n in range(30):
            operations.append_audit(at_ms=n, actor=name, action="x", subject="", detail="{}")

    threads = [threading.Thread(target=append, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    actors = [entry.actor for entry in operations.audit(1_000)]
    assert sorted(actors) == sorted(f"t{n}" for n in range(4) for _ in range(30))
    operations.close()


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    Operations(tmp_path / "pool").close()
    assert stat.S_IMODE((tmp_path / "pool").stat().st_mode) == 0o700


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / module.FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(FolderError, match=r"operations\.db"):
        Operations(tmp_path)


def test_a_folder_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Operations(tmp_path).close()
    with sqlite3.connect(tmp_path / module.FILE) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(FolderError, match="update Hotspring"):
        Operations(tmp_path)
