"""The row groups of one sealed file, decoded in whichever thread asks."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hotspring.store.footers import Footer
from hotspring.store.projection import Projection

DECODERS: Final = 2
"""Threads that decode at once: row groups beside each other, since columns differ in weight."""


class Groups:
    """Reads row groups: what its projection has of them from there. Each thread has a reader of
    its own; the footer is read once."""

    def __init__(
        self,
        file: Path,
        footer: Footer,
        words: Collection[str] = (),
        projection: Path | None = None,
    ) -> None:
        """`words` are text columns to give as words of a dictionary."""
        self._file = file
        self._footer = footer
        self._words = frozenset(words)
        self._local = threading.local()
        self._starts = np.append(0, np.cumsum(footer.rows))
        """Which rows a group begins with."""
        self._projection = projection and Projection.of(projection, int(self._starts[-1]))

    def read(self, groups: Sequence[int], columns: Sequence[str]) -> pa.Table:
        """These columns of these row groups, which ascend."""
        near = self._projection.names.intersection(columns) if self._projection else frozenset()
        far = [name for name in columns if name not in near]
        found: dict[str, Any] = {}
        if far or not near:
            table = self._reader().read_row_groups(list(groups), columns=far, use_threads=False)
            found = dict(zip(table.column_names, table.columns, strict=True))
        if near and self._projection:
            stretches = list(self._stretches(groups))
            for name in near:
                plain = name not in self._words
                parts = [self._projection.read(name, *one, plain) for one in stretches]
                found[name] = pa.chunked_array([chunk for part in parts for chunk in part])
        return pa.table({name: found[name] for name in columns if name in found})

    def _stretches(self, groups: Sequence[int]) -> Iterator[tuple[int, int]]:
        """From which row to which, of groups that lie beside each other."""
        cuts = np.flatnonzero(np.diff(groups) != 1) + 1
        for part in np.split(np.asarray(groups), cuts):
            yield int(self._starts[part[0]]), int(self._starts[part[-1] + 1])

    def _reader(self) -> pq.ParquetFile:
        reader = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = pq.ParquetFile(
                self._file,
                metadata=self._footer.metadata,
                read_dictionary=list(self._words),
                memory_map=True,
            )
        return reader
