"""Figures that are watched: asked beside everything else, with a log of when each was not right."""

from __future__ import annotations

import threading
import time
from typing import Any, Final, Protocol

import msgspec
import structlog

from hotspring.boards import Card, Report, Target, verdict
from hotspring.errors import HotspringError
from hotspring.pool.analyses import Analyses
from hotspring.pool.moments import clock, iso
from hotspring.pool.shelf import Shelf
from hotspring.pool.work import RUNNING
from hotspring.store import records

log = structlog.get_logger("hotspring.alerts")

EVERY: Final = 900.0
"""Seconds after which every watched figure is asked anew."""
PAUSE: Final = 5.0
"""So often it is looked whether people watch other figures."""
AGE: Final = 600.0
"""Seconds that an answer may be old."""
KEPT_DAYS: Final = 365
"""So long an alert that ended is told of."""
MOST: Final = 200
DAY_MS: Final = 86_400_000
NAME: Final = "alerts"
Watching = tuple[str, Card]
"""A dashboard by its id, and a card on it."""
Found = tuple[verdict.Verdict | None, str]
"""How a figure is, where that is known, and the currency of money."""


class Log(Protocol):
    """Where alerts are written down; each begins once and ends once."""

    def begin(self, dashboard: str, card: str, body: str, ms: int) -> bool: ...
    def end(self, dashboard: str, card: str, ms: int) -> bool: ...
    def open(self) -> list[records.Alert]: ...
    def latest(self, limit: int) -> list[records.Alert]: ...
    def seen(self, id_: int, by: str, ms: int) -> records.Alert: ...
    def drop(self, before_ms: int) -> None: ...


class Alerts:
    """Watches the figures of dashboards. Every method may be called from any thread."""

    def __init__(
        self, log_: Log, reports: Shelf[Report], pinned: Shelf[Any], analyses: Analyses
    ) -> None:
        self._log = log_
        self._reports = reports
        self._pinned = pinned
        self._analyses = analyses
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)

    def all(self) -> list[dict[str, Any]]:
        """The alerts, those first that have not ended, the newest of them first."""
        return [self._told(one) for one in self._log.latest(MOST)]

    def seen(self, id_: int, by: str) -> dict[str, Any]:
        """Somebody takes note of one. `NotFound` where there is none."""
        return self._told(self._log.seen(id_, by, clock()))

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def tick(self, now: int) -> None:
        """Ask every watched figure; what is not known now stays as it was."""
        watched = self._watched()
        there = {(board, card.id) for board, card in watched}
        for one in self._log.open():
            if (one.dashboard, one.card) not in there:
                self._log.end(one.dashboard, one.card, now)
        for board, card in watched:
            if self._closing.is_set():
                return
            found, currency = self._found(card)
            if found is None:
                continue
            if found.met:
                self._log.end(board, card.id, now)
            else:
                self._log.begin(board, card.id, self._body(card, found, currency), now)
        self._log.drop(now - KEPT_DAYS * DAY_MS)

    def _watched(self) -> list[Watching]:
        return [
            (board.id, card)
            for board in self._pinned.book().listed()
            for card in board.said.cards
            if card.alert and card.target is not None
        ]

    def _run(self) -> None:
        watched, due = list[Watching](), 0.0
        while not self._closing.wait(PAUSE):
            try:
                now = self._watched()
                # What is open from before a restart may be watched no more.
                if now != watched or time.monotonic() >= due:
                    watched, due = now, time.monotonic() + EVERY
                    self.tick(clock())
            except Exception as error:
                log.error("watched figures could not be asked", exc_info=error)

    def _found(self, card: Card) -> Found:
        kept = self._reports.book().kept.get(card.report)
        if kept is None or card.target is None:
            return None, ""
        try:
            return self._verdict(kept.said, card.name, card.target)
        except HotspringError as error:
            log.warning("a watched figure cannot be asked", report=card.report, error=str(error))
            return None, ""

    def _verdict(self, report: Report, name: str, target: Target) -> Found:
        asked = report.parameters
        answer = self._answer(report.analysis, asked)
        if answer is None:
            return None, ""
        currency = answer["currency"]
        if target.weeks:
            days = verdict.weekdays(asked, answer, target.weeks)
            value, *past = (_figure(self._answer(report.analysis, day), name) for day in days)
            return verdict.usual(value, past), currency
        earlier = None
        if target.value is None:
            earlier = _figure(self._answer(report.analysis, verdict.before(asked, answer)), name)
        return verdict.reached(_figure(answer, name), target, earlier), currency

    def _answer(self, analysis: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        """The answer, however long it takes; None where there is none."""
        found = self._analyses.ask(analysis, asked, 1.0, NAME, AGE)
        while "tables" not in found:
            if found["state"] not in RUNNING or self._closing.wait(1.0):
                return found.get("answer")
            found = self._analyses.run(found["id"])
        return found

    def _body(self, card: Card, found: verdict.Verdict, currency: str) -> str:
        kept = self._reports.book().kept.get(card.report)
        body = {
            "title": card.title,
            "report_name": "" if kept is None else kept.name,
            "analysis": "" if kept is None else kept.said.analysis,
            "figure": card.name,
            "usual": card.target is not None and card.target.weeks > 0,
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "currency": currency,
        }
        return msgspec.json.encode(body).decode()

    def _told(self, one: records.Alert) -> dict[str, Any]:
        board = self._pinned.book().kept.get(one.dashboard)
        return {
            "id": one.id,
            "dashboard": one.dashboard,
            "dashboard_name": None if board is None else board.name,
            "card": one.card,
            **msgspec.json.decode(one.body),
            "began_at": iso(one.began_ms),
            "ended_at": iso(one.ended_ms),
            "seen_at": iso(one.seen_ms),
            "seen_by": one.seen_by,
        }


def _figure(answer: dict[str, Any] | None, name: str) -> float | None:
    value = None if answer is None else answer["figures"].get(name)
    return None if value is None else float(value)
