"""What the API asks of an open pool about what the events of many come to. From any thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

Rows = tuple[list[dict[str, Any]], str | None]


class Paces(Protocol):
    """By which pace the stages of the life cycle are told."""

    def told(self) -> dict[str, Any]: ...
    def undo(self, by: str) -> None: ...


class Lifecycle(Protocol):
    """The life cycle of everybody in an open pool."""

    @property
    def paces(self) -> Paces: ...
    def show(
        self, asked: dict[str, Any], by: Any, pace: dict[str, int], back: int
    ) -> dict[str, Any]: ...
    def history(
        self, asked: dict[str, Any], by: Any, pace: dict[str, int], back: int, points: int
    ) -> dict[str, Any]: ...
    def frequency(self, asked: dict[str, Any], ends: tuple[int, ...]) -> dict[str, Any]: ...
    def keep(
        self, by: str, pace: dict[str, int], orders: list[str], who: str
    ) -> dict[str, Any]: ...


class Analyses(Protocol):
    """The analyses that are found by their file."""

    def all(self) -> dict[str, Any]: ...
    def ask(
        self, name: str, given: Any, wait: float, by: str, age: float = 0.0
    ) -> dict[str, Any]: ...
    def run(self, run_id: str) -> dict[str, Any]: ...
    def cancel(self, run_id: str) -> dict[str, Any]: ...
    def table(self, name: str, given: Any, table: str) -> tuple[list[str], list[list[Any]]]: ...
    def profiles(
        self, name: str, given: Any, cell: dict[str, Any], limit: int, cursor: str | None
    ) -> Rows: ...
    def segment(
        self, name: str, given: Any, cell: dict[str, Any], called: tuple[str, str], by: str,
        language: Any,
    ) -> dict[str, Any]: ...  # fmt: skip


class Analytics(Protocol):
    """Analyses of an open pool."""

    @property
    def analyses(self) -> Analyses: ...
    def rfm(self, asked: dict[str, Any]) -> dict[str, Any]: ...
    def members(self, asked: dict[str, Any], name: str, limit: int, cursor: str | None) -> Rows: ...
    def customers(self, asked: dict[str, Any]) -> Iterator[list[dict[str, Any]]]: ...
    def concentration(
        self, asked: dict[str, Any], rule: dict[str, Any] | None, everybody: bool
    ) -> dict[str, Any]: ...


class Reports(Protocol):
    """Questions to the analyses that have a name."""

    def all(self) -> list[dict[str, Any]]: ...
    def one(self, id_: str) -> dict[str, Any]: ...
    def save(
        self, id_: str, said: dict[str, Any], by: str, read: int | None = None
    ) -> dict[str, Any]: ...
    def delete(self, id_: str, by: str) -> str: ...


class Dashboards(Reports, Protocol):
    """Cards of reports."""

    def pin(self, id_: str, card: dict[str, Any], by: str) -> dict[str, Any]: ...


class Boards(Protocol):
    """What people keep of the analyses."""

    @property
    def reports(self) -> Reports: ...
    @property
    def dashboards(self) -> Dashboards: ...
