"""Where else a person stands: refused events, rejected rows of files, records of imports."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring import durable
from hotspring.collect import Judge
from hotspring.errors import FolderError
from hotspring.event import Event
from hotspring.keys import fingerprints
from hotspring.pipeline import Pipeline
from hotspring.pool import past_maps
from hotspring.pool.moments import clock
from hotspring.pool.work import RUNNING
from hotspring.privacy import Audit, mentions
from hotspring.store import Operations, Store

PORTION: Final = 1_000
REJECTS: Final = ".rejects.csv"
PLACES: Final = pa.schema([("seq", pa.int64()), ("index", pa.int32())])
BOM: Final = "\ufeff"

Stays = Callable[[dict[str, str | None]], bool]


class Elsewhere:
    """Finds people beside events and state of an open pool, and takes them out of there."""

    def __init__(
        self, folder: Path, pipeline: Pipeline, store: Store, operations: Operations, key: bytes
    ) -> None:
        self._imports = folder / "imports"
        self._pipeline = pipeline
        self._store = store
        self._operations = operations
        self.key = key
        """The secret of the pool."""
        self._form = Judge(pipeline.settings).identifiers
        self._kinds = [kind.name for kind in pipeline.settings.identifier_kinds]

    def refused(self, works: Sequence[Any]) -> pa.Table:
        """Which rows of quarantine speak of these people? Their `seq` and `index`."""
        person = self._finder(works)
        keys = pa.array(sorted({key for work in works for key in work.keys}), pa.uint64())
        return self.quarantined(person, set(keys.to_pylist()))

    def quarantined(self, person: mentions.Mentions, keys: set[int]) -> pa.Table:
        """The rows of quarantine that speak of a person or repeat one of these events."""
        found = [PLACES.empty_table()]
        rows = self._store.query(
            "SELECT seq, index, source, message_id, body, coalesce(request, '') AS request "
            "FROM quarantine"
        )
        for batch in rows.to_batches(max_chunksize=PORTION):
            names = [
                f"{source}\x00{message}"
                for source, message in zip(
                    batch["source"].to_pylist(), batch["message_id"].to_pylist(), strict=True
                )
            ]
            prints = fingerprints(pa.array(names, pa.string()), self.key).tolist()
            theirs = [
                one in keys or person.in_body(body) or person.in_body(request)
                for one, body, request in zip(
                    prints, batch["body"].to_pylist(), batch["request"].to_pylist(), strict=True
                )
            ]
            chosen = batch.filter(pa.array(theirs, pa.bool_())).select(["seq", "index"])
            found.append(pa.Table.from_batches([chosen]).cast(PLACES))
        return pa.concat_tables(found)

    def dropped(self, gone: int, emptied: int) -> None:
        """Write into the audit log how many events went by age, and how many lost their content."""
        audit = Audit(self._operations, clock)
        audit.record("hotspring", "events.dropped", gone=gone, emptied=emptied)

    def files(self, works: Sequence[Any]) -> None:
        """Take these people out of files and operational records."""
        # Maps of the past hold everybody; they are drawn anew.
        shutil.rmtree(self._imports.parent / past_maps.FOLDER, ignore_errors=True)
        person = self._finder(works)
        jobs = {job.id: job for job in self._operations.imports(1_000_000)}
        if any(job.state in RUNNING for job in jobs.values()):
            raise FolderError("an import is running; what it set aside is cleaned after it")
        for file in sorted(self._imports.glob("*")):
            if file.is_file() and not file.name.endswith(REJECTS):
                # An upload whose import was cut off: nobody will read it again.
                file.unlink()
        for file in sorted(self._imports.glob(f"*{REJECTS}")):
            job = jobs.get(file.name.removesuffix(REJECTS))
            ids = self._id_columns({} if job is None else msgspec.json.decode(job.report))
            sift(file, _others(person, ids))
        self._operations.rewrite(person.without)

    def admitted(self, events: list[Event]) -> list[Event]:
        """The events that name nobody who was erased."""
        who = self._pipeline.state.who
        if not who.tombstones or not events:
            return events
        buried = who.buried(pa.array([text for event in events for text in event.ids], pa.string()))
        whose = np.repeat(np.arange(len(events)), [len(event.ids) for event in events])
        gone = np.bincount(whose, buried, len(events)) > 0
        return [event for event, out in zip(events, gone.tolist(), strict=True) if not out]

    def screen(self, file: Path, report: dict[str, Any]) -> int:
        """Take people who were erased out of the rejects of an import; how many rows went?"""
        who = self._pipeline.state.who
        if not who.tombstones or not file.exists():
            return 0
        ids = self._id_columns(report)

        def stays(row: dict[str, str | None]) -> bool:
            cells = [value for value in row.values() if value]
            body = msgspec.json.encode(cells).decode()
            named = mentions.named_in(body, (), self._form)
            for column in ids:
                forms = (self._form(kind, row.get(column)) for kind in self._kinds)
                named |= {form for form in forms if isinstance(form, str)}
            return not named or not who.buried(pa.array(sorted(named), pa.string())).any()

        return sift(file, stays)

    def _finder(self, works: Sequence[Any]) -> mentions.Mentions:
        texts = {text for work in works for text in work.texts}
        return mentions.Mentions(texts, self._form)

    def _id_columns(self, report: dict[str, Any]) -> list[str]:
        """Which columns of an imported file hold identifiers?"""
        return [
            column["column"]
            for column in report.get("columns") or ()
            if str(column.get("field") or "").partition("@")[0] in self._kinds
        ]


def _others(person: mentions.Mentions, ids: list[str]) -> Stays:
    return lambda row: not person.in_row(row, ids)


def sift(file: Path, stays: Stays) -> int:
    """Rewrite a CSV file without the rows that do not stay; how many went?"""
    draft = file.with_name(f"{file.name}.new")
    gone = 0
    with file.open(newline="", encoding="utf-8-sig") as source:
        reader = csv.DictReader(source)
        draft.unlink(missing_ok=True)
        with io.TextIOWrapper(durable.private(draft), "utf-8", newline="") as out:
            out.write(BOM)
            writer = csv.DictWriter(out, reader.fieldnames or (), extrasaction="ignore")
            writer.writeheader()
            for row in reader:
                if stays({name: value for name, value in row.items() if name}):
                    writer.writerow(row)
                else:
                    gone += 1
    if gone:
        durable.sync_file(draft)
        draft.replace(file)
    else:
        draft.unlink()
    return gone


def listed(texts: Iterable[str]) -> list[dict[str, str]]:
    """Identifiers as answers tell them."""
    parts = (text.partition(":") for text in texts)
    return [{"kind": kind, "value": value} for kind, _, value in parts]
