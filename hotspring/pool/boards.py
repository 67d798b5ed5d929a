"""Saved reports and dashboards of an open pool, kept by decisions; and can a report be asked?"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from hotspring.boards import Card, Dashboard, Report, dashboards, reports
from hotspring.named import Kept
from hotspring.pool.alerts import Alerts, Log
from hotspring.pool.analyses import Analyses
from hotspring.pool.moments import clock
from hotspring.pool.numbers import Ground
from hotspring.pool.scores import named
from hotspring.pool.shelf import Shelf
from hotspring.rules import Catalogue
from hotspring.store import Store

Decide = Callable[[str, str, str], None]


class Reports:
    """Keeps questions to the analyses. From any thread."""

    def __init__(
        self, shelf: Shelf[Report], pinned: Shelf[Dashboard], analyses: Analyses, ground: Ground
    ) -> None:
        self._shelf = shelf
        self._pinned = pinned
        self._analyses = analyses
        self._ground = ground
        # What a report needs cannot be deleted under it; nothing but a dashboard needs a report.
        ground.vocabulary.also(shelf)

    def all(self) -> list[dict[str, Any]]:
        """Every report, by name, and what keeps it from being asked now."""
        there = self.there()
        return [self._told(one, there) for one in self._shelf.book().listed()]

    def one(self, id_: str) -> dict[str, Any]:
        """A report by its id. `NotFound` where there is none."""
        return self._told(self._shelf.book().one(id_), self.there())

    def save(
        self, id_: str, said: dict[str, Any], by: str, read: int | None = None
    ) -> dict[str, Any]:
        """Keep a report, a new one where `id_` is empty; `read` is the version that was seen.

        Raises `ParametersRefused` for what cannot be asked; one that could be asked once keeps its
        question, whatever became of it, and may have another name. `Changed` where another
        version stands than was seen.
        """
        old = self._shelf.book().one(id_).said if id_ else None
        given = Report.of(said, id_ or self._shelf.new_id("rp"))
        if old is None or (old.analysis, old.parameters) != (given.analysis, given.parameters):
            self._analyses.checked(given.analysis, given.parameters)
        return self.one(self._shelf.keep(given, by, self.there(), read).id)

    def delete(self, id_: str, by: str) -> str:
        """Forget a report; its name. `Conflict` where a dashboard shows it."""
        return self._shelf.delete(id_, self.there(), by).name

    def there(self) -> Catalogue:
        """What there is, with the reports and the dashboards."""
        return self._pinned.into(self._ground.vocabulary.catalogue(clock()))

    def _told(self, kept: Kept[Report], there: Catalogue) -> dict[str, Any]:
        said = kept.said
        faults = self._analyses.faults(said.analysis, said.parameters, there)
        return {
            **named(kept, there),
            "analysis": said.analysis,
            "parameters": said.parameters,
            "faults": [
                {"where": one.place, "code": one.code, "detail": one.message} for one in faults
            ],
        }


class Dashboards:
    """Keeps dashboards of reports. From any thread."""

    def __init__(self, shelf: Shelf[Dashboard], reports: Reports) -> None:
        self._shelf = shelf
        self._reports = reports
        self._one_by_one = threading.RLock()

    def all(self) -> list[dict[str, Any]]:
        """Every dashboard, by name."""
        there = self._reports.there()
        return [_told(one, there) for one in self._shelf.book().listed()]

    def one(self, id_: str) -> dict[str, Any]:
        """A dashboard by its id. `NotFound` where there is none."""
        return _told(self._shelf.book().one(id_), self._reports.there())

    def save(
        self, id_: str, said: dict[str, Any], by: str, read: int | None = None
    ) -> dict[str, Any]:
        """Keep a dashboard, a new one where `id_` is empty; cards without an id get one.

        `read` is the version that was seen. Raises `NotFound` for a card of a report that is not
        there, `Changed` where another version stands than was seen.
        """
        cards = [{**card, "id": card.get("id") or secrets.token_hex(4)} for card in said["cards"]]
        given = Dashboard.of({**said, "cards": cards}, id_ or self._shelf.new_id("db")).checked()
        with self._one_by_one:
            before = self._shelf.book().one(id_).said.names() if id_ else frozenset[str]()
            for report in sorted(given.names() - before):
                self._reports.one(report)
            return self.one(self._shelf.keep(given, by, self._reports.there(), read).id)

    def pin(self, id_: str, card: dict[str, Any], by: str) -> dict[str, Any]:
        """Put one more card at the end of a dashboard."""
        with self._one_by_one:
            said = msgspec.to_builtins(self._shelf.book().one(id_).said)
            return self.save(id_, {**said, "cards": [*said["cards"], {**card, "id": ""}]}, by)

    def delete(self, id_: str, by: str) -> str:
        """Forget a dashboard; its name. Its reports stay."""
        return self._shelf.delete(id_, self._reports.there(), by).name


def _told(kept: Kept[Dashboard], there: Catalogue) -> dict[str, Any]:
    names = there.titles("report")
    cards = [_card(card, names) for card in kept.said.cards]
    return {**named(kept, there), "cards": cards, "minutes": kept.said.minutes}


def _card(card: Card, names: dict[str, str]) -> dict[str, Any]:
    return {**msgspec.to_builtins(card), "report_name": names.get(card.report)}


class Boards(NamedTuple):
    """What people keep of the analyses."""

    reports: Reports
    dashboards: Dashboards
    alerts: Alerts


def boards(store: Store, analyses: Analyses, ground: Ground, decide: Decide, log: Log) -> Boards:
    """All of an open pool; `log` is where alerts are written down."""
    pinned, asked = Shelf(store, decide, dashboards()), Shelf(store, decide, reports())
    kept = Reports(asked, pinned, analyses, ground)
    return Boards(kept, Dashboards(pinned, kept), Alerts(log, asked, pinned, analyses))
