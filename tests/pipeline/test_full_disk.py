"""A full disk: the pipeline goes on, tells it, and makes up for it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hotspring.app import open_pool
from hotspring.errors import JournalUnavailable
from hotspring.pipeline import runner as module
from hotspring.settings import Settings


def test_the_pipeline_lives_through_a_journal_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def full(now: int, everyone: bool) -> None:
        asked.append(now)
        if len(asked) < 3:
            raise JournalUnavailable

    monkeypatch.setattr(module, "ANNOUNCE_SECONDS", 0.0)
    app = open_pool(tmp_path / "pool", Settings())
    monkeypatch.setattr(app.pipeline, "announce", full)
    app.start()
    end = time.monotonic() + 60
    while len(asked) < 4 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(asked) >= 4
    assert app.pool.ready()
    app.close()


def test_a_pool_closes_though_nothing_can_be_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_pool(tmp_path / "pool", Settings())
    app.start()
    app.catch_up()

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(app._store, "seal", full)
    app.close()
    again = open_pool(tmp_path / "pool", Settings())
    again.start()
    again.catch_up()
    assert again.pool.status()["applied"] == 1
    again.close()


def test_the_pipeline_lives_through_a_journal_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)
    app = open_pool(tmp_path / "pool", Settings())
    real, asked = app.pipeline.step, list[int]()

    def step() -> bool:
        asked.append(1)
        if len(asked) < 4:
            raise JournalUnavailable
        return real()

    monkeypatch.setattr(app.pipeline, "step", step)
    app.start()
    app.catch_up()
    assert app.pool.ready()
    assert len(asked) >= 4
    app.close()
