"""Columns of a table, past the engine: whole ones as the blocks lie or by owner and time, and
those of a few rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from hotspring.store.footers import LEAST, Footers
from hotspring.store.lookup import Few, Lookup
from hotspring.store.ordered import Asked, Only, Owners, Stretch, Subjects, in_order
from hotspring.store.scan import Parts, Wanted, scan
from hotspring.store.table import Table

EVER: Final = 2**63 - 1


def _itself(stretch: Stretch) -> Stretch:
    return stretch


class Columns:
    """Reads the columns of one store. From any thread."""

    def __init__(
        self, parts: Callable[[Table, Sequence[str], str], AbstractContextManager[Parts]]
    ) -> None:
        self._parts = parts
        self._footers = Footers()
        self._lookup = Lookup(self._footers)
        self._subjects = Subjects()

    def scan(
        self,
        table: Table,
        columns: Sequence[str],
        words: Collection[str] = (),
        since: int = 0,
        until: int = EVER,
    ) -> Iterator[pa.RecordBatch]:
        """Some columns of the rows with `since <= seq < until`, block by block as they lie.

        Several times quicker than to ask for them, and there is no order over all blocks. Text
        columns of few values come quicker as `words` of a dictionary.
        """
        with self._parts(table, tuple(dict.fromkeys([*columns, "seq"])), "") as parts:
            yield from scan(parts, table.schema, Wanted(columns, words, since, until))

    def few(
        self, table: Table, values: Iterable[int], columns: Sequence[str], by: str = ""
    ) -> Iterator[pa.Table]:
        """The rows whose column `by`, or else the first of the table's order, is in `values`.

        Quick where rows that lie together have values that lie together.
        """
        by, wanted = by or table.order[0], sorted(set(values))
        if wanted:
            needed = tuple(dict.fromkeys([*columns, by]))
            where = f"{by} IN ({', '.join(map(str, wanted))})"
            with self._parts(table, needed, where) as parts:
                yield from self._lookup.rows(table, parts, Few(by, wanted, columns))

    def expect(self, table: Table, file: Path) -> None:
        """Get ready for a new block."""
        self._lookup.expect(table, file)

    def ordered(
        self,
        table: Table,
        columns: Sequence[str],
        words: Mapping[str, Sequence[str]],
        owners: Owners,
        until: int = EVER,
        period: tuple[int, int] = (LEAST, EVER),
        named: Sequence[str] = (),
        without: Mapping[str, int] | None = None,
        make: Callable[[Stretch], Any] = _itself,
    ) -> Iterator[Any]:
        """The rows of each owner together, by time, in stretches of whole owners; or what `make`
        makes of each, in several threads at once.

        For compiled passes: funnels, sessions, transitions. `columns` are given beside owner and
        time; those in `words` as int32: which of the words it is, their number for any other.
        `owners` says whose the rows of a subject are (`Who.mapping`). Only rows with `seq < until`
        and `ms` in the period, its end excluded, that say one of the words in the columns `named`
        and have none of the bits `without` in these columns; others cost little.
        """
        asked = Asked(columns, words, until, Only(*period, named, without or {}))
        needed = tuple(dict.fromkeys([*columns, *asked.only.without, "origin_id", "ms", "seq"]))
        with self._parts(table, needed, "") as parts:
            held = parts._replace(fresh=list(parts.fresh))
            seen = self._subjects.of(held, len(owners.slot))
            footers = self._footers.of(table.name, held.files)
            yield from in_order(held, asked, owners, seen, footers, make)
