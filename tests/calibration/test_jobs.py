"""Calibrations of an open pool: read from its tables, kept, cancelled, accepted as a command."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspring.app import App
from hotspring.calibration import Question
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, HistoryTooThin, NotFound
from hotspring.event import Delivery, Event, Flag
from hotspring.journal import DELIVERY, Record
from hotspring.pool import Pool
from hotspring.pool.learning import Past
from hotspring.settings import Settings
from tests.calibration.past import DAY, START, shoppers

PEOPLE = 260
CUT = START + 200 * DAY
HORIZON = 30 * DAY


def events() -> Iterator[Event]:
    """Of every tenth person the first half of the past is anonymous, then they sign in."""
    for number, row in enumerate(shoppers(PEOPLE)):
        person, device = f"user_id:u{row.profile}", f"anonymous_id:a{row.profile}"
        early = row.profile % 10 == 0 and row.ms < START + 100 * DAY
        ids = (device,) if early else (person, device)
        yield Event(
            f"m{number}", "track", row.name, row.ms, ids, number, amount=row.amount,
            currency="CNY" if row.amount else "",
        )  # fmt: skip
    yield Event("bot", "track", "Order", START - 50 * DAY, ("user_id:bot",), 1, flags=Flag.BOT)
    yield Event("visit", "track", "View", START, ("anonymous_id:nobody",), 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calibrating") / "pool"


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[App]:
    with contextlib.closing(App(folder, Settings())) as opened:
        opened.start()
        told = list(events())
        now = START + 250 * DAY
        for start in range(0, len(told), 2_000):
            part = told[start : start + 2_000]
            body = pack(Delivery("shop", now, part))
            opened.journal.append([Record(DELIVERY, now, body, len(part))])
        end = time.monotonic() + 200
        while opened.pipeline.position < opened.journal.head() and time.monotonic() < end:
            # What is compiled at its first use takes its time on a busy machine.
            time.sleep(0.05)
        yield opened


def ended(pool: Pool, job: dict[str, Any]) -> dict[str, Any]:
    end = time.monotonic() + 120
    while job["state"] in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.05)
        job = pool.calibrations.one(job["id"])
    return job


def test_the_history_is_that_of_the_tables(app: App) -> None:
    past = Past(app.pipeline, Question("Order", HORIZON, CUT))
    history = past.read(lambda share: None)
    rows = [row for row in shoppers(PEOPLE)
            if row.ms < CUT or (row.name == "Order" and row.ms < CUT + HORIZON)]  # fmt: skip
    there = {row.profile for row in rows if row.ms < CUT}
    read = [row for row in rows if row.profile in there]
    assert len(history.key) == len(there) + 2
    assert history.events.num_rows == len(read) + 2
    assert sorted(history.ms.tolist())[:1] == [START - 50 * DAY]
    early = sum(row.profile % 10 == 0 and row.ms < START + 100 * DAY for row in read)
    assert int((~history.known).sum()) == early + 1
    assert len(np.unique(history.key)) == len(history.key)
    assert (history.people() & history.named("Order")).sum() == sum(
        row.name == "Order" for row in read
    )


def test_a_calibration_is_run_kept_and_accepted(app: App, folder: Path) -> None:
    pool = app.pool
    job = ended(pool, pool.calibrations.start("Order", HORIZON, CUT, 0.1, "ana"))
    assert (job["state"], job["error"], job["progress"]) == ("done", "", 1.0)
    found = job["result"]
    # The machine and the visitor nobody knows are no part of it.
    assert found["test"]["profiles"] <= PEOPLE
    assert found["hot"] == pytest.approx(0.1, abs=0.02)
    assert pool.rulebook.number() == 1
    accepted = pool.calibrations.accept(job["id"], "ana")
    assert accepted["accepted"] == pool.rulebook.number() == 2
    assert pool.rulebook.now()["body"] == found["rules"]
    assert pool.rulebook.versions()[0]["by"] == "ana"
    assert pool.rebuild("ops")["same"]
    assert pool.calibrations.all()[0] | {"result": found} == accepted
    assert [file.suffix for file in (folder / "calibrations").iterdir()] == [".json"]
    assert "u1" not in next((folder / "calibrations").iterdir()).read_text()


def test_a_calibration_can_be_cancelled_and_accepts_nothing(app: App) -> None:
    pool = app.pool
    job = pool.calibrations.start("Order", HORIZON, CUT, 0.05, "ana")
    pool.calibrations.cancel(job["id"])
    assert ended(pool, job)["state"] == "cancelled"
    with pytest.raises(Conflict, match="is cancelled already"):
        pool.calibrations.cancel(job["id"])
    with pytest.raises(Conflict, match="nothing to accept"):
        pool.calibrations.accept(job["id"], "ana")
    with pytest.raises(NotFound):
        pool.calibrations.one("none")


def test_questions_without_an_answer_are_refused_at_once(app: App) -> None:
    with pytest.raises(BadRequest, match="nobody ever did 'Ordr'; the most frequent events are: "):
        app.pool.calibrations.start("Ordr", HORIZON, CUT, 0.05, "ana")
    with pytest.raises(HistoryTooThin, match="are not over in the history"):
        app.pool.calibrations.start("Order", HORIZON, START + 230 * DAY, 0.05, "ana")


def test_too_few_is_the_error_of_the_job(app: App) -> None:
    cut = START + 239 * DAY
    job = ended(app.pool, app.pool.calibrations.start("Order", DAY // 4, cut, 0.05, "ana"))
    assert job["state"] == "failed"
    assert "are needed: choose a longer horizon" in job["error"]


def test_of_many_profiles_a_sample_is_read(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspring.pool.learning.MOST_PROFILES", 50)
    whole = Past(app.pipeline, Question("Order", HORIZON, CUT))
    sample = whole.read(lambda share: None)
    assert len(sample.key) == 50
    assert set(sample.profile.tolist()) == set(range(50))
    monkeypatch.setattr("hotspring.pool.learning.MOST_EVENTS", 300)
    fewer = whole.read(lambda share: None)
    assert len(fewer.key) < 50
    assert set(fewer.key.tolist()) < set(sample.key.tolist())
