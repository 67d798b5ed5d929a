"""What was under way when the server stopped is told after a restart, and can be started again."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from hotspring.app import App
from hotspring.pool.work import INTERRUPTED
from tests.pool.test_stored_segments import deliver, opened

PATIENCE = 60.0


def held(part: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> threading.Event:
    """Its work goes on until somebody wants it to end."""
    begun = threading.Event()

    def work(*given: Any) -> None:
        begun.set()
        while True:
            part._worker.check(given[-1].id)

    monkeypatch.setattr(part, name, work)
    return begun


def learning(app: App, monkeypatch: pytest.MonkeyPatch) -> str:
    begun = held(app.pool.potential, monkeypatch, "_learn")
    monkeypatch.setattr(app.pool.calibrations, "check", lambda question: None)
    run = app.pool.potential.learn("Order Completed", 86_400_000, "me", "en")
    assert begun.wait(PATIENCE)
    return str(run["id"])


def test_a_score_that_was_being_learnt_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as app:
        deliver(app, "Order Completed", "ann")
        first = learning(app, monkeypatch)
    for _ in range(2):  # Until somebody starts it again, however often the server starts.
        with opened(tmp_path) as app:
            (run,) = app.pool.potential.runs()
            assert (run["id"], run["state"], run["error"]) == (first, "failed", INTERRUPTED)
            assert (run["goal"], run["horizon_days"]) == ("Order Completed", 1.0)
    with opened(tmp_path) as app:
        again = learning(app, monkeypatch)
        assert [one["id"] for one in app.pool.potential.runs()] == [again]
        app.pool.potential.cancel(again)
    with opened(tmp_path) as app:
        assert app.pool.potential.runs() == [], "nobody wants to hear of what was cancelled"


def test_groups_that_were_being_found_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"name": "Groups", "traits": [{"temperature": {}}]}
    with opened(tmp_path) as app:
        deliver(app, "Order Completed", "ann", "bob")
        begun = held(app.pool.clusters, monkeypatch, "_find")
        made = app.pool.clusters.save("", said, "me", "en")["id"]
        assert begun.wait(PATIENCE)
    with opened(tmp_path) as app:
        found = app.pool.clusters.one(made, "en")
        assert (found["state"], found["error"]) == ("failed", INTERRUPTED)
        app.pool.clusters.delete(made, "me")
    with opened(tmp_path) as app:
        assert app.pool.clusters.all("en") == []
        assert list((tmp_path / "pool/underway").iterdir()) == []
