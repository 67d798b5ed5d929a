"""A file in, its events, its refused rows and its report out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotspring.collect.files import Reject, Report, open_file
from hotspring.event import Event
from hotspring.settings import Settings

NOW = 1_790_000_000_000
SHARED = Path(__file__).parents[3] / "shared" / "data"
RETAIL = Path(__file__).parents[1] / "data" / "online_retail" / "online_retail.parquet"


@dataclass
class Taken:
    """What one import gave."""

    events: list[Event]
    rejects: list[Reject]
    report: Report

    @property
    def reasons(self) -> dict[int, str]:
        return {reject.row: reject.reason for reject in self.rejects}

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    def properties(self, place: int = 0) -> dict[str, Any]:
        return dict(msgspec.json.decode(self.events[place].properties))


def take(path: Path, preset: str, settings: Settings | None = None, **terms: Any) -> Taken:
    size = terms.pop("size", 1000)
    now = terms.pop("now", NOW)
    opened = open_file(path, preset, settings or Settings(), now, **terms)
    events: list[Event] = []
    rejects: list[Reject] = []
    for portion in opened.portions(size):
        events.extend(portion.events)
        rejects.extend(portion.rejects)
    assert opened.fraction == 1.0
    return Taken(events, rejects, opened.report())


def table(rows: Sequence[Sequence[object]], delimiter: str = ",", end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


Given = Callable[..., Path]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Writes rows as a CSV file and gives its path."""

    def write(
        rows: Sequence[Sequence[object]],
        name: str = "rows.csv",
        encoding: str = "utf-8",
        delimiter: str = ",",
    ) -> Path:
        path = tmp_path / name
        path.write_bytes(table(rows, delimiter).encode(encoding))
        return path

    return write


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared data sets are not beside this clone")
    return SHARED
