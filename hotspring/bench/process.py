"""What a process takes of the machine's memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


def memory(pid: int | None = None) -> dict[str, int]:
    """Megabytes of a process, this one without a number: its own, and of files mapped into it.

    Mapped files are the disk cache of the system: it takes them back when others need room. Where
    the system does not tell them apart (macOS), the most the process ever had counts as its own.
    """
    status = Path(f"/proc/{pid or 'self'}/status")
    if not status.exists():
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"own_megabytes": most >> (20 if sys.platform == "darwin" else 10),
                "mapped_megabytes": 0}  # fmt: skip
    found = dict(line.split(":", 1) for line in status.read_text().splitlines())
    own = int(found["RssAnon"].split()[0]) + int(found["RssShmem"].split()[0])
    return {
        "own_megabytes": own >> 10,
        "mapped_megabytes": int(found["RssFile"].split()[0]) >> 10,
    }


def together(pids: Iterable[int]) -> int:
    """Megabytes these processes take together: a page that several share counts once.

    Where the system does not tell (macOS), shared pages count for each of them.
    """
    return sum(_part(pid) for pid in pids)


def _part(pid: int) -> int:
    """Megabytes of a process, of each shared page its part (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not rollup.exists():
        return sum(memory(pid).values())
    found = dict(line.split(":", 1) for line in rollup.read_text().splitlines()[1:])
    return int(found["Pss"].split()[0]) >> 10


def processes(owner: int) -> list[int]:
    """A server and the processes it started."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [tuple(map(int, line.split())) for line in told.stdout.splitlines()]
    return [owner, *(pid for pid, parent in pairs if parent == owner)]
