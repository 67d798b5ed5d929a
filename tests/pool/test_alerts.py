"""Alerts: each begins once and ends once, whatever stops in between, and is kept for its time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.boards import Dashboard, Report, dashboards, reports
from hotspring.errors import NotFound
from hotspring.pool.alerts import DAY_MS, KEPT_DAYS, Alerts
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue
from hotspring.store import Operations
from tests.web.api.fake_boards import Commands

BOUND = 10.0


class Answers:
    """One figure, or none as long as nothing can be asked."""

    def __init__(self) -> None:
        self.value: float | None = BOUND
        self.works = True

    def ask(self, name: str, given: Any, wait: float, by: str, age: float) -> dict[str, Any]:
        run = {"id": "r", "state": "running", "answer": None}
        return run if not self.works else self._answer()

    def run(self, run_id: str) -> dict[str, Any]:
        return {"id": run_id, "state": "failed", "answer": None}

    def _answer(self) -> dict[str, Any]:
        day = {"from": "2026-03-02", "until": "2026-03-08", "timezone": "UTC"}
        told = {"as_of": "2026-03-08T16:30:00.000Z", "currency": "CNY", "tables": []}
        return {**day, **told, "figures": {"rate": self.value}}


class Watch:
    """A pool of one watched card, that may stop and go on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answers, self.commands = folder, Answers(), Commands()
        self.store: Any = self.commands
        self.now = 1_760_000_000_000
        self.open()
        report = Report(id="rp_1", name="Checkout", analysis="funnel", parameters={})
        self.asked.keep(report, "me", Catalogue())
        self.watch(True)

    def open(self) -> None:
        self.operations = Operations(self.folder)
        self.asked = Shelf(self.store, self.commands.decide, reports())
        self.pinned = Shelf(self.store, self.commands.decide, dashboards())
        analyses: Any = self.answers
        self.alerts = Alerts(self.operations.alerts, self.asked, self.pinned, analyses)
        self.alerts._closing.wait = lambda _=None: False  # type: ignore[method-assign]

    def watch(self, wanted: bool) -> None:
        card = {"id": "c1", "report": "rp_1", "show": "figure", "name": "rate",
                "target": {"value": BOUND}, "alert": wanted}  # fmt: skip
        one = Dashboard.of({"name": "Wall", "cards": [card]}, "db_1").checked()
        self.pinned.keep(one, "me", Catalogue())

    def tick(self) -> None:
        self.now += 1_000
        self.alerts.tick(self.now)

    def close(self) -> None:
        self.operations.close()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    found = Watch(tmp_path)
    yield found
    found.close()


STEPS = st.lists(
    st.sampled_from(("right", "wrong", "unknown", "unasked", "stopped", "left", "watched")),
    min_size=1,
    max_size=12,
)


def test_each_begins_once_and_ends_once(tmp_path: Path) -> None:
    ran = iter(range(1_000))

    @given(STEPS)
    @settings(max_examples=15, deadline=None)
    def law(steps: list[str]) -> None:
        watch = Watch(tmp_path / str(next(ran)))
        expected: list[list[bool]] = []
        """Of each alert: has it ended?"""
        watched = True
        for step in steps:
            watch.answers.works = step != "unasked"
            if step in ("right", "wrong"):
                watch.answers.value = BOUND + 1 if step == "right" else BOUND - 1
            elif step == "unknown":
                watch.answers.value = None
            elif step == "stopped":
                watch.close()
                watch.open()
            elif step in ("left", "watched"):
                watched = step == "watched"
                watch.watch(watched)
            watch.tick()
            open_ = bool(expected) and not expected[-1][0]
            value = watch.answers.value if watch.answers.works else None
            if open_ and (not watched or (value is not None and value >= BOUND)):
                expected[-1][0] = True
            elif not open_ and watched and value is not None and value < BOUND:
                expected.append([False])
        told = sorted(watch.alerts.all(), key=lambda one: one["id"])
        assert [one["ended_at"] is not None for one in told] == [one[0] for one in expected]
        watch.close()

    law()


def test_somebody_takes_note_and_who_was_first_stays(watch: Watch) -> None:
    watch.answers.value = 4.0
    watch.tick()
    (one,) = watch.alerts.all()
    assert (one["value"], one["low"], one["high"], one["usual"]) == (4.0, BOUND, None, False)
    assert (one["dashboard_name"], one["report_name"], one["seen_by"]) == ("Wall", "Checkout", "")
    assert watch.alerts.seen(one["id"], "ann")["seen_by"] == "ann"
    assert watch.alerts.seen(one["id"], "bob")["seen_by"] == "ann"
    with pytest.raises(NotFound):
        watch.alerts.seen(99, "ann")


def test_what_ended_is_kept_for_its_time_and_what_is_open_for_ever(watch: Watch) -> None:
    watch.answers.value = 4.0
    watch.tick()
    watch.now += 2 * KEPT_DAYS * DAY_MS
    watch.tick()
    assert len(watch.alerts.all()) == 1
    watch.answers.value = 40.0
    watch.tick()
    watch.now += KEPT_DAYS * DAY_MS - 2_000
    watch.tick()
    assert len(watch.alerts.all()) == 1
    watch.now += 2_000
    watch.tick()
    assert watch.alerts.all() == []
