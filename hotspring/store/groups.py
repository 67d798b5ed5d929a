"""The row groups of one sealed file, decoded in whichever thread asks."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

DECODERS: Final = 2
"""Threads that decode at once: row groups beside each other, since columns differ in weight."""


class Groups:
    """Reads row groups. Each thread has a reader of its own; the footer is read once."""

    def __init__(
        self, file: Path, words: Collection[str] = (), footer: pq.FileMetaData | None = None
    ) -> None:
        """`words` are text columns to give as words of a dictionary; `footer`, where it is known
        already, spares reading it."""
        self._file = file
        self._words = list(words)
        self._local = threading.local()
        first = self._open(footer)
        self.metadata = first.metadata
        self.names: list[str] = first.schema_arrow.names
        self._local.reader = first

    def read(self, groups: Sequence[int], columns: Sequence[str]) -> pa.Table:
        """These columns of these row groups."""
        reader = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = self._open(self.metadata)
        return reader.read_row_groups(list(groups), columns=list(columns), use_threads=False)

    def _open(self, metadata: pq.FileMetaData | None) -> pq.ParquetFile:
        return pq.ParquetFile(
            self._file, metadata=metadata, read_dictionary=self._words, memory_map=True
        )
