"""A journal file that SQLite cannot open any more, read for what it still holds."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from hotspring.journal.file import damaged, entry_of, number, whole_rows
from hotspring.journal.record import Entry


class Wreck:
    """Stands for such a file among the others. It is read only, and never written to again."""

    def __init__(self, path: Path, first: int | None) -> None:
        """`first` is the number of its first record, where the file before it tells."""
        self.path = path
        self.index = number(path)
        self._rows = whole_rows(path)
        self.first = min(self._rows, default=1) if first is None else first
        self.hurt = f"{path.name}: it cannot be opened; {len(self._rows)} records were read from it"

    def last(self) -> int:
        """The number of the newest record that can be read."""
        return max(self._rows, default=self.first - 1)

    def newest_ms(self) -> int:
        """When did the newest record come? 0 where none can be read."""
        return max((row[2] for row in self._rows.values()), default=0)

    def entries(self, after: int, to: int | None = None) -> Generator[Entry, None, None]:
        """The records after number `after`, up to `to` where told; damaged ones in their place."""
        for seq in range(max(after, self.first - 1) + 1, (self.last() if to is None else to) + 1):
            row = self._rows.get(seq)
            yield entry_of(self.path, row) if row else damaged(self.path, seq, "it is missing")

    def writable(self) -> bool:
        return False

    def close(self) -> None: ...
