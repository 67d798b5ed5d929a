"""Is the folder well? What a doctor looks at, and what to do about it."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hotspring.backup import RESTORING
from hotspring.errors import HotspringError, JournalUnavailable
from hotspring.journal import Journal
from hotspring.pipeline import Keeper, Pipeline, Runner
from hotspring.store import Operations, Store

LEAST_FREE: Final = 1 << 30
CLOCK_SINCE: Final = 1_735_689_600
"""2025-01-01: a clock before that is wrong."""
CLOCK_SECONDS: Final = 60
OLD_SECONDS: Final = 3_600
"""Work under way leaves nothing lying about for so long."""
SECRETS: Final = ("pool.key", "operations.key", "operations.db", "run/server.json")
SHOWN: Final = 5

Finding = tuple[bool, str, str]
"""Whether it is well, what was seen, what to do."""
Tables = Callable[[], Any]
"""Gives what `Store.examine` found, read once."""


def check(
    folder: Path,
    pipeline: Pipeline,
    journal: Journal,
    store: Store,
    runner: Runner,
    keeper: Keeper,
    operations: Operations,
) -> list[dict[str, Any]]:
    """What does a look at an open pool find? Everything goes on meanwhile."""
    with contextlib.ExitStack() as kept:
        kept.enter_context(store.held())
        with contextlib.suppress(JournalUnavailable):  # then nothing of it is dropped either
            kept.enter_context(journal.held(0))
        found = examine(folder, lambda: store.retired)
    return found + _looks(
        {
            "members": lambda: _members(operations),
            "pipeline": lambda: _pipeline(pipeline, journal, runner),
            "keeping": lambda: _keeping(keeper),
        }
    )


def examine(folder: Path, read: Callable[[], Sequence[str]] = tuple) -> list[dict[str, Any]]:
    """What does a look at the files of a folder find, whether it can be opened or not?

    `read` names the files that are no part of the pool any more and stay for who reads them.
    """
    tables: Tables = functools.cache(lambda: Store.examine(folder))
    return _looks(
        {
            "journal": lambda: _journal(folder, tables),
            "blocks": lambda: _blocks(tables),
            "projections": lambda: _projections(tables),
            "snapshot": lambda: _snapshot(tables),
            "position": lambda: _position(folder, tables),
            "records": lambda: _records(folder),
            "secrets": lambda: _secrets(folder),
            "disk": lambda: _disk(folder),
            "clock": lambda: _clock(folder),
            "owner": lambda: _owner(folder),
            "leftovers": lambda: _leftovers(folder, tables, read),
        }
    )


def _looks(looks: Mapping[str, Callable[[], Finding]]) -> list[dict[str, Any]]:
    findings = []
    for name, look in looks.items():
        try:
            ok, detail, advice = look()
        except (HotspringError, OSError) as error:
            ok, detail, advice = False, str(error), "mend what the message names, then look again"
        findings.append({"check": name, "ok": ok, "detail": detail, "advice": "" if ok else advice})
    return findings


def _journal(folder: Path, tables: Tables) -> Finding:
    with Journal.existing(folder) as journal:
        damaged = journal.check()
        sealed = tables().sealed
        if not damaged:
            return True, f"records {journal.first()} to {journal.head()} are readable", ""
        lost = sum(last > sealed for _, last, _ in damaged)
        advice = (
            "what they said is not applied yet and cannot be read: restore a backup, or go on "
            "without it"
            if lost
            else "nothing is lost, their rows are in the tables: make a backup now, mend the disk"
        )
        return False, _few([line for _, _, line in damaged]), advice


def _blocks(tables: Tables) -> Finding:
    examined = tables()
    advice = (
        "stop the server and put the file of the same name from a backup in its place (blocks "
        "never change); without one, restore the newest backup"
    )
    return not examined.blocks, _few(examined.blocks) or f"{examined.whole} blocks", advice


def _projections(tables: Tables) -> Finding:
    wrong = tables().projections
    advice = "stop the server, delete these files and start it again: they are made anew"
    return not wrong, _few(wrong) or "those there are say what their blocks say", advice


def _snapshot(tables: Tables) -> Finding:
    examined = tables()
    advice = "restart the server: the state is folded anew from the tables"
    return (
        not examined.snapshot,
        _few(examined.snapshot) or f"the state at {examined.position}",
        advice,
    )


def _position(folder: Path, tables: Tables) -> Finding:
    examined = tables()
    with Journal.existing(folder) as journal:
        first, head = journal.first(), journal.head()
    detail = (
        f"journal {first} to {head}, tables up to {examined.sealed}, state at {examined.position}"
    )
    well = first <= examined.position + 1 and examined.position <= examined.sealed <= head
    return well, detail, "the folder mixes files of two moments; restore a backup as a whole"


def _records(folder: Path) -> Finding:
    wrong = Operations.examine(folder)
    advice = "restore operations.db from a backup: sources, tokens and the audit log lie in it"
    return not wrong, _few(wrong) or "sources, tokens, imports and audit log are readable", advice


def _secrets(folder: Path) -> Finding:
    there = [folder / name for name in SECRETS if (folder / name).exists()]
    if not any(path.name == "pool.key" for path in there):
        return False, "pool.key is missing", "restore it from a backup: public ids depend on it"
    open_to_others = [path for path in (folder, *there) if path.stat().st_mode & 0o077]
    if open_to_others:
        names = " ".join(str(path) for path in open_to_others)
        return False, f"other users may read {names}", f"chmod go= {names}"
    modes = {oct(stat.S_IMODE(path.stat().st_mode)) for path in there}
    return True, f"{len(there)} files, {', '.join(sorted(modes))}", ""


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    advice = "free some space: below 1 GB the journal may soon refuse events"
    as_now = os.access in os.supports_effective_ids
    writable = os.access(folder, os.W_OK, effective_ids=as_now)
    if not writable or os.statvfs(folder).f_flag & os.ST_RDONLY:
        return False, "it is read-only", "mount it for writing, or see why the system did not"
    return free >= LEAST_FREE, f"{free / (1 << 30):.1f} GB free", advice


def _clock(folder: Path) -> Finding:
    now = time.time()
    with Journal.existing(folder) as journal:
        ahead = journal.newest_ms() / 1000 - now
    if now < CLOCK_SINCE or ahead > CLOCK_SECONDS:
        return (
            False,
            f"{max(ahead, CLOCK_SINCE - now):.0f} s behind the newest event received",
            "set the clock of this machine, best by NTP; times of events are theirs and stay",
        )
    return True, "plausible", ""


def _owner(folder: Path) -> Finding:
    paths = (folder, *(folder / name for name in SECRETS))
    owners = {path.stat().st_uid for path in paths if path.exists()}
    ok = owners == {os.geteuid()} or os.geteuid() == 0
    told = ", ".join(str(owner) for owner in sorted(owners))
    return ok, f"belongs to user {told}", "run Hotspring as the user that owns the folder"


def _leftovers(folder: Path, tables: Tables, read: Callable[[], Sequence[str]]) -> Finding:
    if (folder / RESTORING).exists():
        return False, "a restore did not come to its end", "run the same restore again"
    now = time.time()
    found = [
        name
        for name in (
            *tables().strays,
            *(f"journal/{path.name}" for path in (folder / "journal").glob("*.new*")),
            *(
                f"imports/{path.name}"
                for path in (folder / "imports").glob("*")
                if not path.name.endswith(".rejects.csv") and not path.name.startswith("staged-")
            ),
        )
        if now - _written(folder / name, now) > OLD_SECONDS
    ]
    in_use = set(read())
    found = [name for name in found if name not in in_use]
    advice = "restart the server, which removes its own; delete what stays if no import runs"
    return not found, _few(found) or "none", advice


def _written(path: Path, now: float) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # it went meanwhile
        return now


def _members(operations: Operations) -> Finding:
    users = operations.members.all()
    if all(user.password_hash is None for user in users):
        return True, "nobody has signed in yet; `hotspring serve` prints a link", ""
    able = operations.members.administrators()
    advice = "make a link for an administrator: hotspring user link NAME"
    return able > 0, f"{able} of {len(users)} members can sign in as administrator", advice


def _pipeline(pipeline: Pipeline, journal: Journal, runner: Runner) -> Finding:
    head = journal.head()
    detail = f"applied {pipeline.position} of {head}"
    if runner.failure is not None:
        told = f"{detail}; stopped by {type(runner.failure).__name__}"
        return False, told, "see the log for the cause, mend it, restart"
    return (
        pipeline.position <= head,
        detail,
        "the journal is older than the tables; restore a backup",
    )


def _keeping(keeper: Keeper) -> Finding:
    advice = "mend the cause; it is tried again, and until then the next start takes longer"
    return not keeper.trouble, keeper.trouble or "no trouble", advice


def _few(lines: list[str]) -> str:
    more = len(lines) - SHOWN
    return "; ".join(lines[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
