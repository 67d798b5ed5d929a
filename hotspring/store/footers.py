"""What sealed files say of themselves at their ends: read once, since it takes a while."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow.parquet as pq

LEAST: Final = -(2**63)
MOST: Final = 2**63 - 1


class Range(NamedTuple):
    """Between which values a column of whole numbers lies, by row group."""

    low: np.ndarray
    """int64: the least; `LEAST` where the file does not tell."""
    high: np.ndarray
    """int64: the greatest; `MOST` where the file does not tell."""


class Footer:
    """What one file tells. Some 25 kB of memory for 12,288 rows of 25 columns."""

    def __init__(self, file: Path) -> None:
        self.metadata: pq.FileMetaData = pq.read_metadata(file)
        self.names: list[str] = self.metadata.schema.to_arrow_schema().names
        groups = range(self.metadata.num_row_groups)
        self.rows = np.array([self.metadata.row_group(group).num_rows for group in groups], int)
        self._ranges: dict[str, Range] = {}

    def range(self, name: str) -> Range:
        """The range of a column in each row group."""
        if name not in self._ranges:
            self._ranges[name] = self._read(name)
        return self._ranges[name]

    def _read(self, name: str) -> Range:
        groups = [self.metadata.row_group(group) for group in range(len(self.rows))]
        first = groups[0] if groups else None
        leaves = [] if first is None else [
            first.column(n).path_in_schema for n in range(first.num_columns)
        ]  # fmt: skip
        said = [group.column(leaves.index(name)).statistics for group in groups]
        told = [one is not None and one.has_min_max for one in said]
        low = [one.min if there else LEAST for one, there in zip(said, told, strict=True)]
        high = [one.max if there else MOST for one, there in zip(said, told, strict=True)]
        return Range(np.array(low, np.int64), np.array(high, np.int64))


class Footers:
    """Those of all tables of one store. From any thread.

    They are kept from the first question about a table on, those of files that are gone are not.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[Path, Footer]] = {}

    def of(self, table: str, files: Sequence[Path]) -> dict[Path, Footer]:
        """By file, of all files of a table."""
        known = self._known.get(table, {})
        found = {file: known[file] if file in known else Footer(file) for file in files}
        self._known[table] = found
        return found

    def expect(self, table: str, file: Path) -> Footer | None:
        """Read that of a new file, where its table is asked about."""
        if table not in self._known:
            return None
        footer = Footer(file)
        self._known[table] = self._known[table] | {file: footer}
        return footer
