"""Imports of files as jobs: read, journalled portion by portion, reported."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring.collect import FileImport, open_file
from hotspring.delivery import pack
from hotspring.errors import NotFound
from hotspring.event import Delivery, Place
from hotspring.journal import DELIVERY, Journal, Record
from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool.board import atlas
from hotspring.pool.elsewhere import Elsewhere
from hotspring.pool.moments import clock
from hotspring.pool.work import RUNNING, Ended, Stopped, Worker, told
from hotspring.store import Operations, Store, records

PORTION: Final = 2_000
"""Events in one journal entry of an import."""
AHEAD: Final = 200
"""Journal entries that may wait before reading goes on."""


class Options(msgspec.Struct, frozen=True):
    """How a file is to be read."""

    preset: str
    name: str = ""
    source: str = "import"
    map: dict[str, str] = {}
    tz: str = ""
    sheet: str = ""
    drop_duplicates: bool = False
    dry_run: bool = False
    staged: str = ""
    """A file that waits and is removed once it was imported."""


class Imports:
    """The import jobs of one pool. They run one after the other, beside everything else."""

    def __init__(
        self,
        folder: Path,
        pipeline: Pipeline,
        journal: Journal,
        store: Store,
        operations: Operations,
        elsewhere: Elsewhere,
    ) -> None:
        self._elsewhere = elsewhere
        self._folder = folder / "imports"
        self._pipeline = pipeline
        self._journal = journal
        self._store = store
        self._operations = operations
        self._worker = Worker("import", "reading the file")
        self._erased = 0
        for left in self._folder.glob("import-*"):
            # Rows that a process which was killed had set aside.
            shutil.rmtree(left)
        for staged in self._folder.glob("staged-*"):
            # Files that waited for somebody of another run.
            staged.unlink()
        for job in operations.imports():
            if job.state in RUNNING:
                interrupted = {
                    "error": "the server stopped; start the import again: nothing counts twice"
                }
                self._finish(job, "failed", interrupted)

    def start(self, path: Path, options: Options, by: str) -> dict[str, Any]:
        """Queue an import of `path`; the job as it stands.

        A file that was uploaded into the folder's `imports` is removed when the job ends, any
        other is left where it is.
        """
        job = self._operations.add_import(
            id=uuid.uuid4().hex,
            preset=options.preset,
            name=options.name or path.name,
            size=path.stat().st_size,
            started_ms=clock(),
            by=by,
        )
        self._worker.add(
            job.id,
            lambda: self._imported(job, path, options),
            lambda ended: self._end(job, path, ended, options),
        )
        return _described(job)

    def all(self) -> list[dict[str, Any]]:
        return [_described(job) for job in self._operations.imports()]

    def one(self, job_id: str) -> dict[str, Any]:
        return _described(self._operations.import_job(job_id))

    def cancel(self, job_id: str) -> dict[str, Any]:
        """End a job after the portion at hand. What it brought so far stays."""
        job = self._operations.import_job(job_id)
        self._worker.cancel(job)
        return _described(job)

    def rejects(self, job_id: str) -> Path:
        """The file with the rows that were refused, and why."""
        self._operations.import_job(job_id)
        path = self._folder / f"{job_id}.rejects.csv"
        if not path.exists():
            raise NotFound("this import refused no row")
        return path

    def close(self) -> None:
        """Stop after the portion at hand."""
        self._worker.close()

    def _imported(self, job: records.ImportJob, path: Path, options: Options) -> dict[str, Any]:
        began = time.monotonic()
        self._folder.mkdir(exist_ok=True)
        file = open_file(
            path,
            options.preset,
            self._pipeline.settings,
            clock(),
            mapping=options.map,
            tz=options.tz or None,
            sheet=options.sheet or None,
            drop_duplicates=options.drop_duplicates,
            rejects_file=self._folder / f"{job.id}.rejects.csv",
            folder=self._folder,
            locate=self._locate,
        )
        positions = self._read(job, file, options)
        report = {**file.report().document(), "file": job.name, "dry_run": options.dry_run}
        report["new_events"] = self._new_events(positions)
        rejects = self._folder / f"{job.id}.rejects.csv"
        report["erased_rows"] = self._erased + self._elsewhere.screen(rejects, report)
        report["seconds"] = round(time.monotonic() - began, 3)
        if self._worker.stopped(job.id):
            raise Stopped(report)
        return report

    def _locate(self, given: Mapping[str, str]) -> Place | None:
        """Where a row lies, by its coordinates, codes and names; coordinates are WGS-84."""
        place = atlas(self._pipeline.settings.outlines_file).locate(
            given, None, given.get("district"), given.get("province"), country=given.get("country")
        )
        return place or atlas(self._pipeline.settings.outlines_file).locate(
            None, None, given.get("city"), given.get("province"), country=given.get("country")
        )

    def _read(self, job: records.ImportJob, file: FileImport, options: Options) -> tuple[int, int]:
        first = last = self._erased = 0
        saved = time.monotonic()
        for portion in file.portions(PORTION, with_rejects=False):
            if self._worker.stopped(job.id):
                break
            events = self._elsewhere.admitted(portion.events)
            self._erased += len(portion.events) - len(events)
            if events and not options.dry_run:
                delivery = Delivery(options.source, clock(), events)
                body = pack(delivery)
                record = Record(DELIVERY, delivery.received_ms, body, len(events))
                last = self._journal.append([record])[-1]
                first = first or last
                self._wait(job.id, last - AHEAD)
            if time.monotonic() - saved > 0.5:
                saved = time.monotonic()
                self._operations.change_import(job.id, state="running", progress=file.fraction)
        self._wait(job.id, last)
        return first, last

    def _wait(self, job_id: str, position: int) -> None:
        while self._pipeline.position < position and not self._worker.stopped(job_id):
            time.sleep(0.005)

    def _new_events(self, positions: tuple[int, int]) -> int:
        first, last = positions
        rows = self._store.query(
            "SELECT count(*) AS n FROM events WHERE seq >= ? AND seq < ? AND flags & 4 <> 0",
            [first_seq(first), first_seq(last + 1)],
        )
        return int(rows.column("n")[0].as_py()) if last else 0

    def _end(
        self,
        job: records.ImportJob,
        path: Path,
        ended: Ended[dict[str, Any]],
        options: Options,
    ) -> None:
        # An upload has a name of its own here; who sent it knows it by the one he gave.
        error = {"error": ended.error.replace(path.name, job.name)} if ended.error else {}
        try:
            self._finish(job, ended.state, (ended.result or {}) | error)
        finally:
            if path.parent.resolve() == self._folder.resolve():
                path.unlink(missing_ok=True)
            if options.staged and ended.state == "done" and not options.dry_run:
                Path(options.staged).unlink(missing_ok=True)

    def _finish(self, job: records.ImportJob, state: str, report: dict[str, Any]) -> None:
        changes: dict[str, Any] = {"state": state, "finished_ms": clock()}
        if state == "done":
            changes["progress"] = 1.0
        report_text = msgspec.json.encode(report).decode()
        self._operations.change_import(job.id, report=report_text, **changes)


def _described(job: records.ImportJob) -> dict[str, Any]:
    report = msgspec.json.decode(job.report)
    return told(job, preset=job.preset, name=job.name, size=job.size, report=report)
