"""New folders for pools that all have the same secret, so that their public ids are the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

Folders = Callable[[], Path]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Gives a new folder each time it is called."""
    root, numbers = tmp_path_factory.mktemp("laws"), itertools.count()

    def folder() -> Path:
        made = root / f"{next(numbers)}"
        made.mkdir()
        (made / "pool.key").write_bytes(b"k" * 16)
        return made

    return folder
