"""Wires a pool: the only place that chooses engines and opens the data folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import pyarrow as pa
import structlog

from hotspring import durable, tombstones
from hotspring.backup import RESTORING, chosen, restore
from hotspring.collect import QUARANTINE
from hotspring.delivery import pack
from hotspring.errors import FolderError, FolderInUse
from hotspring.event import Command, Delivery, Event, Place
from hotspring.identity import IDENTIFIERS, traits
from hotspring.journal import COMMAND, DELIVERY, Journal, Record
from hotspring.keys import KEY_BYTES
from hotspring.pipeline import Keeper, Pipeline, Runner
from hotspring.pipeline import tables as pipeline_tables
from hotspring.plan import PLAN_VERSIONS
from hotspring.pool import Elsewhere, Pool
from hotspring.privacy import CONSENTS
from hotspring.quarantine import RESOLUTIONS
from hotspring.segments import members
from hotspring.settings import Settings, read
from hotspring.store import Operations, Store
from hotspring.tags import marks
from hotspring.temperature import announcements, rules
from hotspring.tiers import standing

log = structlog.get_logger("hotspring")

TABLES: Final = (
    *pipeline_tables.TABLES, IDENTIFIERS, traits.TRAIT_WRITES, QUARANTINE, CONSENTS,
    announcements.ANNOUNCEMENTS, announcements.RULE_VERSIONS, PLAN_VERSIONS, RESOLUTIONS,
    members.MEMBERSHIPS, standing.STANDINGS, marks.TAGGED,
)  # fmt: skip
FIRST_RULES: Final = "ecommerce"


class App:
    """An open pool with everything that makes it live. Close it to leave the folder in order."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        # Arrow's own pools give pages back and take them again with every batch, which costs more
        # than half of the whole time of the pipeline.
        pa.set_memory_pool(pa.system_memory_pool())
        if (folder / RESTORING).exists():
            raise FolderError(f"a restore into {folder} did not come to its end; run it again")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        with contextlib.ExitStack() as opened:
            self._lock = opened.enter_context(_owned(folder))
            self.settings = settings or read(folder)
            self.operations = opened.enter_context(contextlib.closing(Operations(folder)))
            megabytes = self.settings.journal_megabytes
            self.journal = opened.enter_context(Journal(folder, roll_bytes=megabytes << 20))
            self._store = Store(folder, TABLES, self.settings.timezone)
            opened.callback(self._store.close)
            first = rules.sets()[FIRST_RULES].in_currency(self.settings.currency)
            key = _key(folder)
            self.pipeline = Pipeline(self.settings, key, self.journal, self._store, first)
            for told in self.journal.mend(self.pipeline.position):
                log.error("the journal is damaged; it goes on in a new file", found=told)
            if self.journal.head() == 0:
                self.journal.append([_first_command(first.to_json())])
            # Only a pool that could not be opened lets go of the folder here.
            opened.pop_all()
        elsewhere = Elsewhere(folder, self.pipeline, self._store, self.operations, key)
        self._keeper = Keeper(self.pipeline, self._store, self.journal, self.settings, elsewhere)
        self._runner = Runner(self.pipeline, self._keeper, self.settings.sweep_seconds)
        self.pool = Pool(
            folder,
            self.pipeline,
            self.journal,
            self._store,
            self.operations,
            self._runner,
            self._keeper,
            elsewhere,
        )

    def start(self) -> None:
        """Begin to apply what the journal holds and what comes."""
        self._runner.start()
        self.pool.start()

    def catch_up(self) -> None:
        """Return once everything that is in the journal now is applied."""
        self.pool.wait(self.journal.head())

    def erase(self, grace: float = 0.0) -> None:
        """Take out of every file, now, who was erased. `grace` is for what the door still sends."""
        self._keeper.erase(grace)

    def seal(self) -> None:
        """Write the fresh rows as blocks now."""
        self.erase()
        self._store.freeze()
        self._store.seal(self.pipeline.position)

    def save(self) -> None:
        """Seal, and take a snapshot of the live state."""
        self.seal()
        self._store.save(*self.pipeline.dump())

    def abandon(self) -> None:
        """Let go of the folder as it is. The next open repeats what was not sealed and saved."""
        self._store.close()
        self.journal.close()
        self.operations.close()
        self._lock.close()

    def close(self) -> None:
        """Apply the rest, seal, snapshot, and let go of the folder."""
        self.pool.close()
        self._runner.stop()
        if self._runner.failure is None:
            self._keeper.close()
        self.abandon()


def open_pool(folder: Path, settings: Settings | None = None) -> App:
    """Open the pool in `folder`, or make one there. `FolderInUse` where another process owns it."""
    return App(folder, settings)


def restored(
    backup: Path,
    folder: Path,
    progress: Callable[[float], None] = lambda _: None,
    stones: Path | None = None,
) -> dict[str, Any]:
    """Turn a backup, or the newest of a folder of backups, into the pool `folder`.

    It is opened to prove that it is one: everything up to the backup's journal position is applied
    again and looked at. Who was erased after the backup was made, by the file `stones`, is erased
    from it as well. Raises `FolderError` where it is not one.
    """
    began = time.monotonic()
    source = chosen(backup)
    erased = tombstones.told(stones) if stones else frozenset()
    made = restore(source, folder, progress)
    tombstones.write(folder, tombstones.read(folder) | erased)
    app = open_pool(folder)
    try:
        while app.pipeline.step():
            pass
        if app.pipeline.position != made.position:
            raise FolderError(
                f"{folder} stands at {app.pipeline.position}, the backup at {made.position}: "
                "restore another backup"
            )
        app.pipeline.repeat_erasures(time.time_ns() // 1_000_000)
        while app.pipeline.step():
            pass
        app.save()
        # Who was signed in then, or had a link, is not for that reason let in now.
        app.operations.members.end_all()
        status, findings = app.pool.status(), app.pool.check()
    finally:
        app.close()
    return {
        "backup": str(source),
        "folder": str(folder),
        "position": made.position,
        **{name: status[name] for name in ("events", "profiles", "damaged")},
        "findings": [finding for finding in findings if not finding["ok"]],
        "seconds": round(time.monotonic() - began, 3),
    }


def _owned(folder: Path) -> IO[str]:
    lock = (folder / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise FolderInUse(
            f"{folder} is in use by process {owner}; stop it, or name another folder with --data"
        ) from error
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def rehearse() -> None:
    """Put a few made-up events through a pool of their own, which goes at once.

    What is compiled at its first use is compiled now and kept on disk: seconds that else the first
    events of a new installation would wait, and the first map.
    """
    # Loaded with what it compiles: commands on a folder need neither.
    from numba.core.event import install_recorder

    now = time.time_ns() // 1_000_000
    bought, seen = ("user_id:a", "anonymous_id:b"), ("anonymous_id:c",)
    here = Place(120.155, 30.274, "gps", 10.0)
    events = [
        *(
            Event(f"{n}", "track", "Order Completed", now, bought, n, place=here, amount=5e3)
            for n in range(9)
        ),
        Event("view", "track", "Product Viewed", now, seen, 1),
        Event("view", "track", "Product Viewed", now, seen, 1),
        Event("cart", "track", "Product Added", now, seen, 2),
    ]
    with (
        tempfile.TemporaryDirectory(prefix="hotspring-rehearsal-") as name,
        install_recorder("numba:compile") as compiled,
    ):
        app = App(Path(name) / "pool", Settings())
        record = Record(DELIVERY, now, pack(Delivery("rehearsal", now, events)), len(events))
        app.journal.append([record])
        for _ in range(2):
            while app.pipeline.step():
                pass
            app.pipeline.announce(now, everyone=True)
        app.pool.temperature()
        app.pool.profile(bought[0])
        app.pipeline.erasing.rehearse(app.pipeline.state)
        # To read outlines takes longer than all else here: only a new installation waits for that.
        if compiled.buffer:
            app.pool.heatmap.rehearse(now)
            app.pool.analytics.analyses.rehearse()
        app.abandon()


def _key(folder: Path) -> bytes:
    """The pool's own secret, made at its first start."""
    file = folder / "pool.key"
    if not file.exists():
        durable.put(file, secrets.token_bytes(KEY_BYTES))
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise FolderError(f"{file} is damaged; restore it from a backup")
    return key


def _first_command(rules: str) -> Record:
    now = time.time_ns() // 1_000_000
    body: Any = msgspec.msgpack.encode(Command("rules", now, "hotspring", rules))
    return Record(COMMAND, now, body)
