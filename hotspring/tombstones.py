"""The file `tombstones` of a folder: who must not come back, as keyed fingerprints.

One fingerprint per line, 16 hexadecimal digits. It says nothing to who lacks the secret of the
pool, `pool.key`, and travels with it: a pool that is opened with a file which knows of more
erasures than it does, as after a restore from an older backup, erases these people again.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from hotspring import durable
from hotspring.errors import FolderError

FILE: Final = "tombstones"


def read(folder: Path) -> frozenset[int]:
    """Whom does the pool in `folder` keep out? Nobody where there is no such file."""
    file = folder / FILE
    return told(file) if file.exists() else frozenset()


def told(file: Path) -> frozenset[int]:
    """Whom does this file of tombstones tell of? `FolderError` where it is none."""
    try:
        return frozenset(int(line, 16) for line in file.read_text("ascii").split())
    except (OSError, ValueError) as error:
        raise FolderError(f"{file} is no file of tombstones: {error}") from error


def write(folder: Path, prints: Collection[int]) -> None:
    """Let the file say exactly this, from one moment to the next; nothing where it says so."""
    if read(folder) == frozenset(prints):
        return
    lines = (f"{one:016x}\n" for one in sorted(prints))
    durable.put(folder / FILE, "".join(lines).encode("ascii"))
