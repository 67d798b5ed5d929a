"""Is the folder well? What a doctor looks at, and what to do about it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from hotspring.errors import HotspringError
from hotspring.journal import Journal
from hotspring.pipeline import Pipeline, Runner
from hotspring.store import Store

LEAST_FREE: Final = 1 << 30
CLOCK_SINCE: Final = 1_735_689_600
"""2025-01-01: a clock before that is wrong."""

Finding = tuple[bool, str, str]
"""Whether it is well, what was seen, what to do."""


def check(
    folder: Path, pipeline: Pipeline, journal: Journal, store: Store, runner: Runner
) -> list[dict[str, Any]]:
    """What does a look at the folder find?"""
    looks: dict[str, Callable[[], Finding]] = {
        "journal": lambda: _journal(journal),
        "blocks": lambda: _blocks(folder, store),
        "position": lambda: _position(pipeline, journal, store),
        "pipeline": lambda: _pipeline(runner),
        "disk": lambda: _disk(folder),
        "clock": lambda: _clock(journal, pipeline),
        "owner": lambda: _owner(folder),
    }
    findings = []
    for name, look in looks.items():
        try:
            ok, detail, advice = look()
        except (HotspringError, OSError) as error:
            ok, detail, advice = False, str(error), "mend what the message names, then look again"
        findings.append({"check": name, "ok": ok, "detail": detail, "advice": "" if ok else advice})
    return findings


def _journal(journal: Journal) -> Finding:
    damaged = journal.check()
    if damaged:
        return False, "; ".join(damaged[:5]), "restore the named journal files from a backup"
    return True, f"readable up to {journal.head()}", ""


def _blocks(folder: Path, store: Store) -> Finding:
    count = 0
    for block in store.blocks():
        try:
            rows = pq.read_metadata(folder / block.file).num_rows
        except (OSError, ValueError) as error:
            return False, f"{block.file}: {error}", "restore this file from a backup"
        if rows != block.rows:
            return (
                False,
                f"{block.file}: {rows} rows, {block.rows} expected",
                "restore it from a backup",
            )
        count += 1
    return True, f"{count} blocks", ""


def _position(pipeline: Pipeline, journal: Journal, store: Store) -> Finding:
    head = journal.head()
    detail = f"applied {pipeline.position} of {head}, sealed {store.sealed}"
    well = store.sealed <= pipeline.position <= head
    return well, detail, "the folder mixes files of two moments; restore a backup as a whole"


def _pipeline(runner: Runner) -> Finding:
    if runner.failure is None:
        return True, "running", ""
    return False, type(runner.failure).__name__, "see the log for the cause, mend it, restart"


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    advice = "free some space: below 1 GB the journal may soon refuse events"
    return free >= LEAST_FREE, f"{free / (1 << 30):.1f} GB free", advice


def _clock(journal: Journal, pipeline: Pipeline) -> Finding:
    now = time.time()
    newest = journal.read(max(0, pipeline.position - 1), 1)
    ahead = (newest[0].at_ms / 1000 - now) if newest else 0.0
    if now < CLOCK_SINCE or ahead > 60:
        return (
            False,
            f"{max(ahead, CLOCK_SINCE - now):.0f} s behind",
            "set the clock of this machine",
        )
    return True, "plausible", ""


def _owner(folder: Path) -> Finding:
    owner = folder.stat().st_uid
    ok = owner == os.geteuid() or os.geteuid() == 0
    return ok, f"belongs to user {owner}", "run Hotspring as the user that owns the folder"
