"""How a pool does, in numbers: for Prometheus, read anew each time it asks."""

from __future__ import annotations

from pathlib import Path

from hotspring.journal import Journal
from hotspring.measure import Readings
from hotspring.pipeline import EVENTS, Pipeline
from hotspring.store import Store


def readings(folder: Path, pipeline: Pipeline, journal: Journal, store: Store) -> Readings:
    """Counters of the pipeline and its keeper, and the size of what lies in the folder."""
    found = Readings()
    found.take(pipeline.readings)
    found.set("pipeline_position", pipeline.position)
    found.set("pipeline_damaged_records", pipeline.damaged)
    found.set("duplicate_events", pipeline.duplicates)
    found.set("seen_ids", pipeline.ids)
    found.set("store_tail_events", store.fresh_rows(EVENTS))
    for block in store.blocks():
        table = Path(block.file).name.rpartition("-")[0]
        found.add("store_blocks", 1, table)
        found.add("store_rows", block.rows, table)
        found.add("store_bytes", _size(folder / block.file), table)
    found.set("projection_bytes", sum(map(_size, (folder / "projections").iterdir())))
    files = [file for file in (folder / "journal").iterdir() if file.is_file()]
    found.set("journal_files", sum(file.suffix == ".sqlite" for file in files))
    found.set("journal_bytes", sum(map(_size, files)))
    return found


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # merged or dropped a moment ago
        return 0
