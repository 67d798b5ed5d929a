"""One import from opening to account: the mapping, portions of events, the report."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from hotspring.collect.files import presets
from hotspring.collect.files.mapping import Columns, identifier_fields, parse, settle
from hotspring.collect.files.preset import Locate, Preset, Terms, lacking, refusal, wanting
from hotspring.collect.files.readers import read
from hotspring.collect.files.reading import Reading
from hotspring.collect.files.rejects import Reject, rejects, write
from hotspring.collect.files.report import Report, survey
from hotspring.collect.files.stage import Stage
from hotspring.errors import ImportRefused
from hotspring.event import Event
from hotspring.plugin import leaves
from hotspring.settings import Settings

LOADED: Final = 0.5
JUDGED: Final = 0.7


@dataclass(frozen=True)
class Portion:
    """A part of a file: events to be journalled together, and rows that were refused."""

    events: list[Event]
    rejects: list[Reject]


class FileImport:
    """A file that is about to be imported; `open_file` makes it."""

    def __init__(
        self, path: Path, reading: Reading, preset: Preset, columns: Columns, settings: Settings,
        zone: zoneinfo.ZoneInfo, now_ms: int, locate: Locate | None, folder: Path | None,
        drop_duplicates: bool, rejects_file: Path | None, memory: str, lacks: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.lacks = lacks
        """The fields without which it cannot be imported."""
        self.mapping = columns
        self.preset = preset
        self._reading = reading
        self._zone = zone
        self._folder = folder
        self._memory = memory
        self._drop = drop_duplicates
        self._rejects_file = rejects_file
        oldest = dt.datetime(settings.oldest_year, 1, 1, tzinfo=dt.UTC)
        self._terms = Terms(settings, now_ms, columns, int(oldest.timestamp() * 1000), locate)
        self.without = wanting(preset, columns)
        """What no column tells, and is missed."""
        self._report = Report(path.name, reading.format, preset.name, without=self.without)
        self._stop = threading.Event()
        self._stage: Stage | None = None
        self._begun = False
        self.fraction = 0.0
        """How much of the work is done, from 0 to 1."""

    @property
    def detail(self) -> str:
        """How the file is read: its format, encoding, delimiter or sheet."""
        return ", ".join(filter(None, (self._reading.format, self._reading.detail)))

    @property
    def sheets(self) -> list[str]:
        """The sheets of a workbook."""
        return self._reading.sheets

    def fits(self, settings: Settings) -> list[str]:
        """With which presets could this file be imported as it is? The likeliest first."""
        return _fitting(self._reading.columns, settings)

    def preview(self, rows: int = 5) -> list[dict[str, Any]]:
        """The first rows as they stand in the file; nothing is imported."""
        first = next(self._reading.batches, None)
        if first is None:
            return []
        self._reading.batches = itertools.chain([first], self._reading.batches)
        table = pa.Table.from_batches([first.slice(0, rows)]).drop_columns("row")
        return list(table.rename_columns(self._reading.columns).to_pylist())

    def portions(self, size: int = 10_000, with_rejects: bool = True) -> Iterator[Portion]:
        """All events and all refused rows, in portions of at most about `size`.

        Empty portions come while the file is read, so that the caller can show progress and stop;
        closing the iterator removes all that the import wrote to disk. Raises `ImportRefused`.
        """
        if self._begun:
            raise ImportRefused("this file was already read; open it again")
        self._begun = True
        stage = self._stage = Stage(self._folder, self._zone, self._memory)
        try:
            for done in stage.load(self._reading):
                self.fraction = LOADED * done
                self._check()
                yield Portion([], [])
            self._judge(stage)
            yield Portion([], [])
            if with_rejects:
                yield from (Portion([], part) for part in self._checked(rejects(stage, size)))
            yield from self._made(stage, size)
            self.fraction = 1.0
        except duckdb.InterruptException as error:
            raise ImportRefused("the import was cancelled") from error
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise ImportRefused(
                "the import ran out of memory or of disk space for what it sets aside; "
                "give it more memory, or a folder with more room"
            ) from error
        finally:
            self.close()

    def report(self) -> Report:
        """The account so far; complete after the last portion."""
        return self._report

    def cancel(self) -> None:
        """Stops the import from another thread: `portions` raises `ImportRefused` soon."""
        self._stop.set()
        if self._stage is not None:
            self._stage.con.interrupt()

    def close(self) -> None:
        """Lets go of the file and of everything written to disk."""
        self._reading.close()
        if self._stage is not None:
            self._stage.close()
            self._stage = None

    def _judge(self, stage: Stage) -> None:
        if self._drop:
            dropped = stage.drop_duplicates()
            self._report.dropped_rows = self._report.duplicate_rows = dropped
        self._check()
        self.preset.judge(stage, self._terms)
        self._check()
        survey(self._report, stage, self.preset, self._terms)
        if self._rejects_file is not None:
            write(stage, self._rejects_file)
        self.fraction = JUDGED

    def _made(self, stage: Stage, size: int) -> Iterator[Portion]:
        expected = max(1, sum(self._report.used_rows.values()))
        for events in self._checked(self.preset.events(stage, self._terms, size)):
            self._report.count(events)
            share = min(1.0, self._report.events / expected)
            self.fraction = JUDGED + (1 - JUDGED) * share
            yield Portion(events, [])

    def _checked(self, parts: Iterator[Any]) -> Iterator[Any]:
        for part in parts:
            self._check()
            yield part

    def _check(self) -> None:
        if self._stop.is_set():
            raise ImportRefused("the import was cancelled")


def open_file(
    path: Path,
    preset: str,
    settings: Settings,
    now_ms: int,
    *,
    mapping: str | Mapping[str, str] | None = None,
    tz: str | None = None,
    sheet: str | int | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    drop_duplicates: bool = False,
    rejects_file: Path | None = None,
    locate: Locate | None = None,
    folder: Path | None = None,
    memory: str = "512MB",
    complete: bool = True,
) -> FileImport:
    """How would this file be imported? Opens it, finds its format and maps its columns.

    `mapping` corrects the guesses (`field=column,field==constant`), `tz` is the zone of times
    without one (the pool's by default), `folder` holds what does not fit into `memory`. Nothing is
    read beyond the header until `portions` is called. Raises `ImportRefused`; with `complete` off,
    what the mapping lacks is told in `lacks`, and an empty preset is the likeliest one.
    """
    known = leaves(presets.__name__, Preset)
    if preset not in known and (preset or complete):
        raise ImportRefused(f"there is no preset {preset!r}; there are {', '.join(sorted(known))}")
    try:
        zone = zoneinfo.ZoneInfo(tz or settings.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ImportRefused(
            f"time zone {tz!r} is not known; write one such as Asia/Shanghai"
        ) from error
    reading = read(Path(path), sheet=sheet, delimiter=delimiter, encoding=encoding)
    chosen = known[preset or _likeliest(reading.columns, settings)]
    lacks: list[str] = []
    try:
        given = parse(mapping) if isinstance(mapping, str) else dict(mapping or {})
        fields = (*identifier_fields(settings), *chosen.fields)
        columns = settle(fields, reading.columns, given)
        lacks = lacking(chosen, columns)
        if lacks and complete:
            raise ImportRefused(refusal(lacks, columns))
    except ImportRefused:
        reading.close()
        raise
    return FileImport(
        Path(path), reading, chosen, columns, settings, zone, now_ms, locate, folder,
        drop_duplicates, rejects_file, memory, lacks,
    )  # fmt: skip


def _fitting(names: Sequence[str], settings: Settings) -> list[str]:
    """Which presets find all they need among these columns? Those that know most of them first."""
    known, settled = leaves(presets.__name__, Preset), _settled(names, settings)
    fitting = [
        name
        for name, columns in settled.items()
        if columns.identifiers() and not lacking(known[name], columns)
    ]
    return sorted(fitting, key=lambda name: -len(settled[name].taken))


def _likeliest(names: Sequence[str], settings: Settings) -> str:
    """What is such a file most likely? One that fits, else what knows most of its columns."""
    fitting = _fitting(names, settings)
    if fitting:
        return fitting[0]
    known, settled = leaves(presets.__name__, Preset), _settled(names, settings)

    if not any(columns.taken for columns in settled.values()):
        return "events"
    return max(
        settled,
        key=lambda name: (len(settled[name].taken), -len(lacking(known[name], settled[name]))),
    )


def _settled(names: Sequence[str], settings: Settings) -> dict[str, Columns]:
    """How each preset would take these columns."""
    return {
        name: settle((*identifier_fields(settings), *preset.fields), names, {})
        for name, preset in leaves(presets.__name__, Preset).items()
    }
