"""What happens to disks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from all below the folder, and from a super-user his powers."""
    root = os.geteuid() == 0
    for above in folder.parents:
        if root and above.stat().st_uid == 0 and above.is_relative_to("/tmp/"):
            # Who has no powers must still find the way.
            above.chmod(0o755)
    modes = {path: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path, mode in modes.items():
            path.chmod(mode)
