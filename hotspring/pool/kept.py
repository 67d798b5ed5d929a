"""Suggested merges as they are kept: one small file for each way of finding them.

They hold numbers of identifiers, scores and codes, nothing of what people told. What was decided is
not here: decisions stand in the journal.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hotspring.durable import put, replacing
from hotspring.engine import engine
from hotspring.errors import FolderError

FOLDER: Final = "suggestions"
RUNS: Final = "runs.json"
MOST_RUNS: Final = 50
METHODS: Final = ("rules", "probability")
SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("a", pa.int32(), nullable=False),
        pa.field("b", pa.int32(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("evidence", pa.list_(pa.string()), nullable=False),
        pa.field("found_ms", pa.int64(), nullable=False),
    ]
)


class Run(msgspec.Struct, frozen=True):
    """One search for people to merge."""

    id: str
    method: str
    state: str
    """`queued`, `running`, `done`, `failed` or `cancelled`."""
    progress: float
    report: dict[str, Any]
    started_ms: int
    finished_ms: int | None
    by: str


class Listed(msgspec.Struct, frozen=True):
    """All suggestions, the highest score first."""

    table: pa.Table
    """`SCHEMA` with `methods`."""
    a: np.ndarray
    b: np.ndarray
    score: np.ndarray
    id: np.ndarray
    """Bytes, which compare as their texts do."""


class Kept:
    """The suggestions and runs of one folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._lock = threading.Lock()
        self._runs = {run.id: run for run in self._read_runs()}
        self._listed: Listed | None = None

    def listed(self) -> Listed:
        """The suggestions of the latest run of each method, one line a pair."""
        with self._lock:
            if self._listed is None:
                self._listed = self._read()
            return self._listed

    def replace(self, method: str, rows: pa.Table) -> None:
        """Keep these, rows of `SCHEMA`, instead of what the method found before."""
        with self._lock:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            path = self._folder / f"{method}.parquet"
            with replacing(path) as out:
                pq.write_table(rows, out, compression="zstd")
            self._listed = None

    def runs(self) -> list[Run]:
        """The latest runs, newest first."""
        with self._lock:
            return sorted(self._runs.values(), key=lambda run: (-run.started_ms, run.id))

    def run(self, run_id: str) -> Run | None:
        with self._lock:
            return self._runs.get(run_id)

    def note(self, run: Run, *, durable: bool = True) -> None:
        """Remember how a run stands, also over a restart where `durable`."""
        with self._lock:
            self._runs[run.id] = run
            newest = sorted(self._runs.values(), key=lambda one: one.started_ms)[-MOST_RUNS:]
            self._runs = {one.id: one for one in newest}
            if durable:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                put(self._folder / RUNS, msgspec.json.encode(newest))

    def _read_runs(self) -> list[Run]:
        file = self._folder / RUNS
        if not file.exists():
            return []
        try:
            return msgspec.json.decode(file.read_bytes(), type=list[Run])
        except msgspec.DecodeError as error:
            raise FolderError(f"{file} cannot be read ({error}); remove it") from error

    def _read(self) -> Listed:
        schema = SCHEMA.append(pa.field("method", pa.string()))
        parts = [schema.empty_table()]
        for method in METHODS:
            if (path := self._folder / f"{method}.parquet").exists():
                rows = pq.read_table(path)
                methods = pa.array([method] * rows.num_rows, pa.string())
                parts.append(rows.append_column("method", methods).cast(schema))
        with engine(threads=1) as con:
            con.register("parts", pa.concat_tables(parts))
            table = con.execute(
                "SELECT id, any_value(a) AS a, any_value(b) AS b, max(score) AS score, "
                "list_distinct(flatten(list(evidence ORDER BY score DESC))) AS evidence, "
                "max(found_ms) AS found_ms, list(method ORDER BY score DESC) AS methods "
                "FROM parts GROUP BY id ORDER BY score DESC, id"
            ).to_arrow_table()
        a, b, score, name = (table.column(n).to_numpy() for n in ("a", "b", "score", "id"))
        return Listed(table, a, b, score, name.astype("S32"))
