"""Runs commands in this process, over a pool in memory."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog

from hotspring.cli import main
from hotspring.errors import FolderInUse
from tests.web.api.fake_pool import FakePool


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ended]


class FakeApp:
    """An open folder, counted: who opens it twice at once is refused."""

    opened = 0

    def __init__(self, folder: Path) -> None:
        if FakeApp.opened:
            raise FolderInUse
        FakeApp.opened += 1
        self.pool = POOLS.setdefault(folder, FakePool())

    def start(self) -> None: ...
    def catch_up(self) -> None: ...

    def close(self) -> None:
        FakeApp.opened -= 1


POOLS: dict[Path, FakePool] = {}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs `hotspring ARGUMENTS` as the shell does."""
    monkeypatch.setenv("COLUMNS", "120")
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def command(*arguments: object) -> Ended:
        capfd.readouterr()
        monkeypatch.setattr("sys.argv", ["hotspring", *map(str, arguments)])
        try:
            main()
            code: Any = 0
        except SystemExit as end:
            code = end.code or 0
        return Ended(code, *capfd.readouterr())

    yield command
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A folder with a source, whose pool is one in memory."""
    monkeypatch.setattr("hotspring.app.open_pool", FakeApp)
    monkeypatch.setenv("HOTSPRING_DATA", str(tmp_path / "pool"))
    assert run("source", "create", "web").code == 0
    return tmp_path / "pool"


@pytest.fixture
def pool(folder: Path) -> FakePool:
    return POOLS.setdefault(folder, FakePool())
