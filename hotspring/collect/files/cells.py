"""The rows of one file as tables: what repeats in a column is kept, and worked out, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from hotspring.collect.files.codes import Codes, codable, trimmed


class Cells:
    """The table `raw` (row, c0, c1, ...), and the view `cells` that tells what stands in it.

    A column whose values repeat holds their numbers in `raw`, and the table d0 (or d1, ...) tells
    what they stand for: r0 the number, c0 the value, t0 its text, and whatever was worked out from
    these. `cells` has all of that for each row; for any other column it has c0 and t0.
    """

    def __init__(self, con: Any) -> None:
        self._con = con
        self.types: dict[str, str] = {}
        """What DuckDB calls the types of the values, by c0, c1, ..."""
        self._codes: dict[int, Codes] = {}
        self._facts: set[str] = set()
        self._texts: dict[int, str] = {}

    def take(self, batch: pa.RecordBatch) -> None:
        """Adds rows; those without any cell are the blank end of a sheet, no rows."""
        if batch.num_rows == 0:
            return
        if not self.types:
            self._begin(batch)
        names = batch.schema.names[1:]
        kept = None
        if all(kind == "VARCHAR" for kind in self.types.values()):
            kept = np.zeros(batch.num_rows, bool)
        arrays = [batch.column(0)]
        for place in range(len(names)):
            column, codes = batch.column(place + 1), self._codes.get(place)
            array = trimmed(column) if codes is None else pa.array(codes.encode(column))
            arrays.append(array)
            if kept is not None:
                there = array.is_valid() if codes is None else array
                kept |= there.to_numpy(zero_copy_only=False).astype(bool)
        rows = pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
        if kept is not None and not kept.all():
            rows = rows.filter(pa.array(kept))
        self._con.register("batch", rows)
        self._con.execute("insert into raw select * from batch")
        self._con.unregister("batch")
        for place in [place for place, codes in self._codes.items() if not codes.pays]:
            self._spell_out(place)

    def finish(self, text: Callable[[int], str]) -> None:
        """All rows are there. `text` gives the SQL of a column's text from its value."""
        self._texts = {place: text(place) for place in range(len(self.types))}
        for place in self._codes:
            self._tell(place)
            self._con.execute(f"""
                create table d{place} as
                select r{place}, c{place}, {self._texts[place]} as t{place} from told
            """)
            self._con.unregister("told")
        self._show()

    def is_coded(self, place: int) -> bool:
        return place in self._codes

    def fact(self, place: int, label: str, sql: str) -> str:
        """SQL of `sql`, which tells something of one cell: worked out once for equal ones."""
        if place not in self._codes:
            return sql
        name = f"{label}_{place}"
        if name not in self._facts:
            self._facts.add(name)
            table = f"d{place}"
            self._con.execute(f"create or replace table {table} as "
                              f"select *, {sql} as {name} from {table}")  # fmt: skip
            self._show()
        return name

    def source(self, table: str, places: Iterable[int]) -> str:
        """SQL: `table`, which has cells of `raw`, and for each of these what stands in it."""
        places = list(places)
        hidden = ", ".join(f"c{place}" for place in places)
        shown = [f"{table}.* exclude ({hidden})" if places else f"{table}.*"]
        joins = []
        for place in places:
            if place in self._codes:
                shown.append(f"d{place}.*")
                joins.append(f"join d{place} on d{place}.r{place} = {table}.c{place}")
            else:
                shown.append(f"{table}.c{place}, {self._texts[place]} as t{place}")
        return f"select {', '.join(shown)} from {table} {' '.join(joins)}"

    def tally(self, place: int) -> str:
        """SQL: what is known of the cells of a column, `n` of each kind."""
        if place not in self._codes:
            return "(select *, 1 as n from cells)"
        return (
            f"(select d{place}.*, n from d{place} join "
            f"(select c{place} as code, count(*) as n from raw group by 1) on r{place} = code)"
        )

    def spread(self, name: str, place: int | None, value: str, facts: Mapping[str, str]) -> str:
        """Works out `facts` for each distinct `value` of a column; gives the SQL that joins them.

        Table `name` has them by `value`. What is joined to `cells` is called `name` as well.
        """
        coded = place is not None and place in self._codes
        told = ", ".join(f"{sql} as {label}" for label, sql in facts.items())
        origin = f"d{place}" if coded else "cells" if place is not None else "(select 1)"
        self._con.execute(f"""
            create table {name} as select value, {told}
            from (select distinct {value} as value from {origin}) where value is not null
        """)
        if not coded:
            return f"left join {name} on {name}.value = {value}"
        self._con.execute(f"""
            create table {name}_cells as select r{place} as cell, {name}.*
            from {origin} left join {name} on {name}.value = {value}
        """)
        return f"join {name}_cells {name} on {name}.cell = r{place}"

    def _begin(self, batch: pa.RecordBatch) -> None:
        self._con.register("batch", batch)
        described = self._con.execute("describe select * from batch").fetchall()
        self.types = {row[0]: row[1] for row in described if row[0] != "row"}
        fields = list(batch.schema)[1:]
        self._codes = {
            place: Codes(field.type) for place, field in enumerate(fields) if codable(field.type)
        }
        kinds = [
            f"{name} {'INTEGER' if place in self._codes else kind}"
            for place, (name, kind) in enumerate(self.types.items())
        ]
        self._con.execute(f"create table raw (row bigint, {', '.join(kinds)})")
        self._con.unregister("batch")

    def _tell(self, place: int) -> None:
        values = self._codes[place].values()
        numbers = pa.array(np.arange(len(values), dtype=np.int32))
        table = pa.table({f"r{place}": numbers, f"c{place}": values})
        self._con.register("told", table)

    def _spell_out(self, place: int) -> None:
        """Puts the values of a column in the place of their numbers."""
        self._tell(place)
        columns = ", ".join(f"told.{c}" if c == f"c{place}" else f"raw.{c}" for c in self.types)
        self._con.execute(f"create table spelt as select raw.row, {columns} "
                          f"from raw join told on told.r{place} = raw.c{place}")  # fmt: skip
        self._con.execute("drop table raw")
        self._con.execute("alter table spelt rename to raw")
        self._con.unregister("told")
        del self._codes[place]

    def _show(self) -> None:
        sql = self.source("raw", range(len(self.types)))
        self._con.execute(f"create or replace view cells as {sql}")
