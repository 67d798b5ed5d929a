"""The operational records of a pool in one SQLite file."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from hotspring import durable
from hotspring.errors import Conflict, FolderError, NotFound
from hotspring.store.alerts import Alerts
from hotspring.store.costs import Costs
from hotspring.store.members import Members
from hotspring.store.records import AuditEntry, AuditWhere, ImportJob, Source, Token
from hotspring.store.schema import AUDIT, IMPORTS, SOURCES, TOKENS
from hotspring.store.territory import Territory

EVERYTHING: Final = AuditWhere()

FILE: Final = "operations.db"
KEY_FILE: Final = "operations.key"
PATIENCE_S: Final = 15.0
"""How long to wait for another process that writes."""
HEAD: Final = "0005"
"""The newest migration: opening a folder that is there already needs no Alembic."""
APPEND: Final = "INSERT INTO audit (at_ms, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)"


class Operations:
    """The operational records of one folder. Thread-safe; several processes may open one folder."""

    def __init__(self, folder: Path) -> None:
        """Open, and where needed create or migrate, the records of `folder`.

        Raises `FolderError` where the file is damaged or newer than this version.
        """
        self._file = file = folder / FILE
        self._engine = _engine(file)
        self._watch: sqlite3.Connection | None = None
        self._log: sqlite3.Connection | None = None
        self._writing = threading.Lock()
        self.members = Members(self._read, self._write)
        self.costs = Costs(self._read, self._write)
        self.territory = Territory(self._read, self._write)
        self.alerts = Alerts(self._read, self._write)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _migrate(self._engine)
            file.chmod(0o600)
            self.secret = _secret(folder / KEY_FILE)
            """Keys the hashes of personal subjects in the audit log."""
        except (DatabaseError, OSError) as error:
            self.close()
            raise FolderError(f"{file} cannot be opened: {_cause(error)}") from error
        except FolderError:
            self.close()
            raise

    def close(self) -> None:
        for connection in (self._watch, self._log):
            if connection is not None:
                connection.close()
        self._engine.dispose()

    def version(self) -> int:
        """A number that is another one once anybody has changed the records: microseconds.

        It counts from the first call on, and means nothing to another object.
        """
        with _reachable():
            if self._watch is None:
                self._watch = _watch(self._file)
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    @staticmethod
    def examine(folder: Path) -> list[str]:
        """What is wrong with the records of a folder, by the engine's own account?

        Raises `FolderError` where they were written by a newer version.
        """
        file = folder / FILE
        if not file.is_file():
            return [f"{FILE} is missing"]
        try:
            uri = f"{file.absolute().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S)) as db:
                lines = [str(row[0]) for row in db.execute("PRAGMA quick_check(5)")]
                revision = db.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        except sqlite3.Error as error:
            return [f"{FILE}: {error}"]
        _check_revision(str(revision))
        return [] if lines == ["ok"] else [f"{FILE}: {line}" for line in lines]

    def copy(self, to: Path) -> None:
        """Write the records as they are at one moment into the file `to`."""
        with contextlib.closing(sqlite3.connect(to)) as out, _reachable():
            with self._engine.connect() as connection:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)
                source.backup(out)
            out.execute("PRAGMA journal_mode=DELETE")

    # Sources and tokens

    def add_source(
        self, *, name: str, key_hash: str, key_prefix: str, public: bool, datum: str,
        project: str, created_ms: int,
    ) -> Source:  # fmt: skip
        """Add a source; `Conflict` where its name or its project is taken."""
        with self._write() as connection:
            if project and connection.execute(_active(SOURCES, "project", project)).first():
                raise Conflict(f"another source has the project {project!r}")
            row = SOURCES.insert().values(
                name=name, key_hash=key_hash, key_prefix=key_prefix, public=public,
                datum=datum, project=project, created_ms=created_ms,
            )  # fmt: skip
            try:
                found = connection.execute(row.returning(*SOURCES.c)).one()
            except IntegrityError as error:
                raise Conflict(f"a source named {name!r} is there already") from error
        return Source(**found._mapping)

    def sources(self, with_revoked: bool = False) -> list[Source]:
        return [Source(**row) for row in self._all(SOURCES, with_revoked)]

    def revoke_source(self, name: str, ms: int) -> Source:
        return Source(**self._revoke(SOURCES, name, ms))

    def add_token(
        self, *, name: str, role: str, token_hash: str, prefix: str, created_ms: int,
        expires_ms: int | None,
    ) -> Token:  # fmt: skip
        """Add a token; `Conflict` where its name is taken."""
        row = TOKENS.insert().values(
            name=name, role=role, token_hash=token_hash, prefix=prefix,
            created_ms=created_ms, expires_ms=expires_ms,
        )  # fmt: skip
        try:
            with self._write() as connection:
                found = connection.execute(row.returning(*TOKENS.c)).one()
        except IntegrityError as error:
            raise Conflict(f"a token named {name!r} is there already") from error
        return Token(**found._mapping)

    def tokens(self, with_revoked: bool = False) -> list[Token]:
        return [Token(**row) for row in self._all(TOKENS, with_revoked)]

    def token_by_hash(self, token_hash: str) -> Token | None:
        found = self._read(_active(TOKENS, "token_hash", token_hash))
        return Token(**found[0]) if found else None

    def token_used(self, token_id: int, ms: int) -> None:
        with self._write(light=True) as connection:
            connection.execute(
                TOKENS.update().where(TOKENS.c.id == token_id).values(last_used_ms=ms)
            )

    def revoke_token(self, name: str, ms: int) -> Token:
        return Token(**self._revoke(TOKENS, name, ms))

    # Imports

    def add_import(
        self, *, id: str, preset: str, name: str, size: int, started_ms: int, by: str
    ) -> ImportJob:
        with self._write() as connection:
            row = IMPORTS.insert().values(
                id=id, preset=preset, name=name, size=size, state="queued", progress=0.0,
                report="{}", started_ms=started_ms, by=by,
            )  # fmt: skip
            return ImportJob(**connection.execute(row.returning(*IMPORTS.c)).one()._mapping)

    def change_import(self, import_id: str, **changes: Any) -> ImportJob:
        """Set `state`, `progress`, `report` or `finished_ms` of an import."""
        with self._write(light="state" not in changes) as connection:
            change = IMPORTS.update().where(IMPORTS.c.id == import_id).values(**changes)
            found = connection.execute(change.returning(*IMPORTS.c)).one_or_none()
        if found is None:
            raise NotFound(f"no import {import_id!r}")
        return ImportJob(**found._mapping)

    def imports(self, limit: int = 100) -> list[ImportJob]:
        """The latest imports, newest first."""
        query = IMPORTS.select().order_by(IMPORTS.c.started_ms.desc(), IMPORTS.c.id).limit(limit)
        return [ImportJob(**row) for row in self._read(query)]

    def import_job(self, import_id: str) -> ImportJob:
        found = self._read(IMPORTS.select().where(IMPORTS.c.id == import_id))
        if not found:
            raise NotFound(f"no import {import_id!r}")
        return ImportJob(**found[0])

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change what imports tell in words, and leave nothing of the old text in the file."""
        with self._write() as connection:
            for row in connection.execute(IMPORTS.select()).mappings().all():
                fresh = {name: change(row[name]) for name in ("name", "report")}
                if any(fresh[name] != row[name] for name in fresh):
                    connection.execute(
                        IMPORTS.update().where(IMPORTS.c.id == row["id"]).values(**fresh)
                    )
        with _reachable(), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # The audit log

    def append_audit(
        self, *, at_ms: int, actor: str, action: str, subject: str, detail: str
    ) -> None:
        # A read must not wait for the disk: after a power cut the last lines may be missing. Nor
        # for more than SQLite itself needs: who opens a profile waits for this line.
        with _reachable(), self._writing:
            if self._log is None:
                self._log = _log(self._file)
            self._log.execute(APPEND, (at_ms, actor, action, subject, detail))

    def audit(
        self, limit: int, before: int | None = None, where: AuditWhere = EVERYTHING
    ) -> list[AuditEntry]:
        """The latest entries that are meant, newest first, older than the entry `before`."""
        query = AUDIT.select().order_by(AUDIT.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AUDIT.c.id < before)
        if where.action is not None:
            query = query.where(AUDIT.c.action == where.action)
        if where.actor is not None:
            query = query.where(AUDIT.c.actor == where.actor)
        if where.subjects is not None:
            query = query.where(AUDIT.c.subject.in_(where.subjects))
        if where.since_ms is not None:
            query = query.where(AUDIT.c.at_ms >= where.since_ms)
        if where.until_ms is not None:
            query = query.where(AUDIT.c.at_ms < where.until_ms)
        return [AuditEntry(**row) for row in self._read(query)]

    def _read(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with _reachable(), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    @contextlib.contextmanager
    def _write(self, light: bool = False) -> Iterator[sa.Connection]:
        with _reachable():
            options = self._engine.connect().execution_options(writes=True, light=light)
            with options as connection, connection.begin():
                yield connection

    def _all(self, table: sa.Table, with_revoked: bool) -> list[dict[str, Any]]:
        query = table.select().order_by(table.c.name, table.c.id)
        return self._read(query if with_revoked else query.where(table.c.revoked_ms.is_(None)))

    def _revoke(self, table: sa.Table, name: str, ms: int) -> dict[str, Any]:
        change = table.update().where(table.c.name == name, table.c.revoked_ms.is_(None))
        with self._write() as connection:
            found = connection.execute(change.values(revoked_ms=ms).returning(*table.c)).first()
        if found is None:
            raise NotFound(f"no {table.name[:-1]} named {name!r}")
        return dict(found._mapping)


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    """Tell a full, read-only or busy disk as `FolderError`: it passes, and is no fault of ours."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        raise FolderError(f"{FILE} cannot be used right now: {_cause(error)}") from error


def _cause(error: Exception) -> str:
    """What the engine said, without the statement and without the link of the library."""
    return str(error.orig if isinstance(error, DatabaseError) else error)


def _active(table: sa.Table, column: str, value: str) -> sa.Select[Any]:
    return table.select().where(table.c[column] == value, table.c.revoked_ms.is_(None))


def _watch(file: Path) -> sqlite3.Connection:
    """A connection that never writes: it sees the writes of all others, our own among them."""
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S, check_same_thread=False
    )


def _log(file: Path) -> sqlite3.Connection:
    """A connection that appends to the audit log, each line a transaction of its own."""
    connection = sqlite3.connect(
        file, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _engine(file: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{file}", connect_args={"timeout": PATIENCE_S})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions by itself, and too late: we say BEGIN.
        connection.isolation_level = None
        _write_ahead(connection)
        for pragma in ("foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        level = "NORMAL" if options.get("light") else "FULL"
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        # A writer that first reads must not find the file changed under it.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Keep a log beside the file, so that readers and a writer do not wait for each other.

    While another process writes its first rows SQLite refuses this change at once, whatever
    patience it was given: so the waiting is done here.
    """
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _migrate(engine: sa.Engine) -> None:
    """Bring the schema to `HEAD`, once, whoever else opens the folder at this moment."""
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    from alembic import command
    from alembic.config import Config

    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        revision = _revision(connection)
        _check_revision(revision)
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


def _check_revision(revision: str | None) -> None:
    if revision is not None and revision > HEAD:
        raise FolderError(
            f"{FILE} has schema {revision}, this version knows {HEAD}: update Hotspring"
        )


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _secret(file: Path) -> bytes:
    """The secret of the folder, made at the first opening; readable by its owner only."""
    if not file.exists():
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        durable.write(fresh, secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)  # Fails where another process was first: then its secret counts.
        fresh.unlink()
    return file.read_bytes()
