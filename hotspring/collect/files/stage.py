"""Where a file's rows rest while they are judged and grouped: a DuckDB file that spills to disk."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hotspring.collect.files.cells import Cells
from hotspring.collect.files.reading import Reading, ahead
from hotspring.collect.files.times import parse
from hotspring.engine import engine
from hotspring.errors import ImportRefused

HASHED: Final = 1 << 24
"""Rows that are compared at once: 128 MB of hashes."""
UNITS: Final = 10_000
"""Money and quantities are exact to four decimals."""


class Stage:
    """The rows of one file as the view `cells`, and SQL for what its cells mean.

    It has the values as c0, c1, ... and their text as t0, t1, ...; the SQL given here reads it.
    Memory stays within `memory`; what does not fit is written under `folder` and removed at the
    end.
    """

    def __init__(self, folder: Path | None, zone: zoneinfo.ZoneInfo, memory: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="import-", dir=folder))
        self.zone = zone
        self.con: Any = engine()
        self.con.execute(f"set memory_limit = '{memory}'")
        self.con.execute(f"set temp_directory = '{self._folder / 'spill'}'")
        self.con.execute("set timezone = 'UTC'")
        for name, day_first in (("month_first_ms", False), ("day_first_ms", True)):
            self._function(name, "BIGINT", _times(zone, day_first))
        self.names: list[str] = []
        self.cells = Cells(self.con)
        self.joins: list[str] = []
        """SQL that joins the identifiers i0, i1, ... to `cells`."""
        self._place: dict[str, int] = {}
        self._styles: dict[tuple[str, str], bool] = {}
        self.rows = 0

    def load(self, reading: Reading) -> Iterator[float]:
        """Takes all rows in; yields how much of the file was read, so that the caller may stop."""
        self.names = list(reading.columns)
        self._place = {name: i for i, name in enumerate(self.names)}
        self.con.execute("create table bad (row bigint, reason varchar, body varchar)")
        try:
            with contextlib.closing(ahead(reading.batches)) as batches:
                for batch in batches:
                    self.cells.take(batch)
                    self._refuse(reading)
                    yield reading.fraction()
            self._refuse(reading)
        finally:
            reading.close()
        bad = self.con.execute("select count(*) from bad").fetchone()[0]
        types = self.cells.types
        good = self.con.execute("select count(*) from raw").fetchone()[0] if types else 0
        if good == 0:
            what = "has as many columns as its header" if bad else "has any cell"
            raise ImportRefused(f"there is nothing to import: no row of the file {what}")
        self.rows = good + bad
        self.cells.finish(lambda place: _text(f"c{place}", types[f"c{place}"]))

    def close(self) -> None:
        """Removes everything the import wrote to disk."""
        self.con.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def types(self) -> dict[str, str]:
        """What DuckDB calls the types of the values, by c0, c1, ..."""
        return self.cells.types

    def place(self, name: str) -> int:
        return self._place[name]

    def column(self, name: str) -> str:
        return f"c{self._place[name]}"

    def cell(self, name: str) -> str:
        """The column of `cells` that has the cell as `raw` has it: its number, or its value."""
        place = self._place[name]
        return f"r{place}" if self.cells.is_coded(place) else f"c{place}"

    def is_text(self, name: str) -> bool:
        return self.types[self.column(name)] == "VARCHAR"

    def original(self, name: str) -> str:
        """SQL: the cell as text as it came, but for blanks around it and signs of emptiness."""
        cell = self.column(name)
        return f"to_json({cell})::varchar" if nested(self.types[cell]) else f"{cell}::varchar"

    def text(self, name: str) -> str:
        """SQL: the cell as text, null where it is missing."""
        return f"t{self._place[name]}"

    def key(self, name: str) -> str:
        """SQL: the cell as an identifier or order number: `17850.0` is 17850."""
        if not self.is_text(name):
            return self.text(name)
        text = self.text(name)
        return (
            f"case when ends_with({text}, '.0') then "
            f"regexp_replace({text}, '^(\\d+)\\.0$', '\\1') else {text} end"
        )

    def number(self, name: str) -> str:
        """SQL: the cell as DECIMAL(18, 4), null where it is none."""
        return self.fact(name, "number", self._number(name))

    def short(self, name: str) -> str:
        """SQL: the number of the cell as short text."""
        return self.fact(name, "short", decimal_text(self.number(name)))

    def pieces(self, name: str) -> str:
        """SQL: the number of the cell as short text, without its sign."""
        return self.fact(name, "pieces", decimal_text(f"abs({self.number(name)})"))

    def quoted(self, name: str) -> str:
        """SQL: the text of the cell as a JSON string."""
        return self.fact(name, "quoted", f"to_json({self.text(name)})::varchar")

    def ms(self, name: str) -> str:
        """SQL: the cell as milliseconds since 1970 UTC, null where it is no time."""
        return self.fact(name, "ms", self._ms(name))

    def json(self, name: str) -> str:
        """SQL: the cell as a JSON value, null where it is missing.

        A text column holds numbers (or true and false) where every value it has is written so.
        """
        return self.fact(name, "json", self._json(name))

    def piece(self, name: str, form: str, label: str) -> tuple[str, str]:
        """SQL of `label` and the cell in one of these forms, and of how many bytes that has.

        Both are null where the cell is missing.
        """
        sql = self.fact(name, f"{form}_piece", f"{label} || {getattr(self, form)(name)}")
        return sql, self.fact(name, f"{form}_size", f"strlen({sql})")

    def fact(self, name: str, label: str, sql: str) -> str:
        """SQL: what `sql` tells of one cell, worked out once for equal ones."""
        return self.cells.fact(self._place[name], label, sql)

    def _number(self, name: str) -> str:
        if not self.is_text(name):
            return f"try_cast({self.column(name)} as decimal(18, 4))"
        text = self.text(name)
        bare = f"regexp_replace({text}, '[¥￥$€£\\s元圆]|CNY|RMB|USD|GBP|EUR', '', 'g')"
        if self._style(name, "comma"):
            bare = f"replace(replace({bare}, '.', ''), ',', '.')"
        else:
            bare = f"replace(replace({bare}, ',', ''), '，', '')"
        bare = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
        plain = f"regexp_full_match({text}, '[-+]?\\d+(\\.\\d+)?')"
        return (
            f"case when {plain} then try_cast({text} as decimal(18, 4)) "
            f"else try_cast({bare} as decimal(18, 4)) end"
        )

    def _ms(self, name: str) -> str:
        cell = self.column(name)
        kind = self.types[cell]
        zone = self.zone.key.replace("'", "")
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"epoch_ms({cell})"
        if kind.startswith("TIMESTAMP") or kind == "DATE":
            return f"epoch_ms(timezone('{zone}', try_cast({cell} as timestamp)))"
        text = self.text(name)
        slow = (
            "day_first_ms" if self.is_text(name) and self._style(name, "day") else "month_first_ms"
        )
        local = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
        exact = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}(:?\d{2})?)"
        return (
            f"case when regexp_full_match({text}, '\\d{{13}}') then {text}::bigint "
            f"when regexp_full_match({text}, '\\d{{10}}') then {text}::bigint * 1000 "
            f"when regexp_full_match({text}, '{local}') "
            f"then epoch_ms(timezone('{zone}', try_cast({text} as timestamp))) "
            f"when regexp_full_match({text}, '{exact}') "
            f"then epoch_ms(try_cast({text} as timestamptz)) else {slow}({text}) end"
        )

    def _json(self, name: str) -> str:
        kind = self.types[self.column(name)]
        text = self.text(name)
        if kind == "VARCHAR":
            return text if self._style(name, "bare") else f"to_json({text})::varchar"
        if kind in ("DOUBLE", "FLOAT"):
            return f"case when isfinite({self.column(name)}) then {text} end"
        if kind == "BOOLEAN" or nested(kind) or numeric(kind):
            return text
        return f"to_json({text})::varchar"

    def digest(self) -> str:
        """SQL: a fingerprint of the row's content, the same in every file and on every day."""
        cells = ", ".join(f"coalesce({self.text(name)}, chr(1))" for name in self.names)
        return f"md5(concat_ws(chr(31), {cells}))"

    def identify(
        self, kinds: list[str], columns: list[str], form: Callable[[str, str], str]
    ) -> str:
        """Normalises each distinct identifier once; gives the SQL that joins them to `cells`.

        Table `i0` and so on: value, code, text (null where refused), problem.
        """
        for place, (kind, column) in enumerate(zip(kinds, columns, strict=True)):
            self._function(f"identifier_{place}", "VARCHAR", _identifiers(kind, form))
            facts = {
                "formed": f"identifier_{place}(value)",
                "code": "row_number() over ()",
                "text": "case when not starts_with(formed, '!') then formed end",
                "problem": "case when starts_with(formed, '!') then substr(formed, 2) end",
            }
            join = self.cells.spread(f"i{place}", self.place(column), self.key(column), facts)
            self.joins.append(join)
        return " ".join(self.joins)

    def drop_duplicates(self) -> int:
        """Removes all but the first of rows that are equal in every cell; says how many."""
        before = self.con.execute("select count(*) from raw").fetchone()[0]
        self.con.execute(f"""
            create table kept as select min(row) as row from cells group by {self.digest()}
        """)
        self.con.execute("delete from raw where row not in (select row from kept)")
        self.con.execute("drop table kept")
        after = self.con.execute("select count(*) from raw").fetchone()[0]
        return int(before - after)

    def duplicates(self) -> int:
        """How many rows are equal to an earlier one in every cell?"""
        equal, found = ", ".join(self.types), 0
        rounds = -(-self.rows // HASHED)
        for part in range(rounds):
            cursor = self.con.execute(
                f"select hash({equal}) as h from raw where hash({equal}) % {rounds} = {part}"
            )
            hashes = cursor.to_arrow_table().column("h").to_numpy()
            hashes = np.sort(hashes)
            found += int(np.count_nonzero(hashes[1:] == hashes[:-1]))
        return found

    def tally(self, name: str) -> str:
        """SQL: what is known of the cells of a column, `n` of each kind."""
        return self.cells.tally(self._place[name])

    def _function(self, name: str, result: str, body: Callable[[Any], Any]) -> None:
        self.con.create_function(
            name, body, ["VARCHAR"], result, type="arrow", null_handling="special"
        )

    def _refuse(self, reading: Reading) -> None:
        if reading.bad:
            # More may come meanwhile: the file is read ahead.
            refused = reading.bad[:]
            del reading.bad[: len(refused)]
            table = pa.table(
                {
                    "row": [b.row for b in refused],
                    "reason": [b.reason for b in refused],
                    "body": [b.text[:65_536] for b in refused],
                }
            )
            self.con.register("refused", table)
            self.con.execute("insert into bad select * from refused")
            self.con.unregister("refused")

    def _style(self, name: str, style: str) -> bool:
        """A habit of a whole text column: decimal commas, days first, bare JSON values."""
        known = self._styles.get((name, style))
        if known is None:
            sql = STYLES[style].format(x=self.text(name))
            found = self.con.execute(f"select {sql} from {self.tally(name)}").fetchone()
            known = self._styles[name, style] = bool(found[0])
        return known


STYLES: Final = {
    "comma": r"bool_or(regexp_matches({x}, '\d,\d{{1,2}}\D*$')) "
    r"and not bool_or(regexp_matches({x}, ',\d*\.|^\D*\d+\.\d{{1,2}}\D*$'))",
    "day": r"bool_or(regexp_matches({x}, '^(1[3-9]|2\d|3[01])[-/]\d{{1,2}}[-/]\d')) "
    r"and not bool_or(regexp_matches({x}, '^\d{{1,2}}[-/](1[3-9]|2\d|3[01])[-/]\d'))",
    "bare": r"bool_and(regexp_full_match({x}, '-?(0|[1-9]\d{{0,14}})(\.\d{{1,9}})?')) "
    r"or bool_and({x} in ('true', 'false')) "
    r"or bool_and(regexp_matches({x}, '^[\[{{]') and json_valid({x}))",
}


def nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def numeric(kind: str) -> bool:
    return kind.removeprefix("U") in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT") or (
        kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL")
    )


def trimmed_number(text: str) -> str:
    """SQL: a decimal's text without the zeros at its end."""
    return f"case when contains({text}, '.') then rtrim(rtrim({text}, '0'), '.') else {text} end"


def decimal_text(sql: str) -> str:
    """SQL: a DECIMAL(18, 4) as short text. Doubles write it exactly up to 15 digits, and fast."""
    return (
        f"case when {sql} = ({sql})::bigint then ({sql})::bigint::varchar "
        f"when abs({sql}) < 10000000000 then ({sql})::double::varchar "
        f"else {trimmed_number(f'({sql})::varchar')} end"
    )


def _text(cell: str, kind: str) -> str:
    if kind == "VARCHAR":
        return cell
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"case when isnan({cell}) then null when {cell} = trunc({cell}) and "
            f"abs({cell}) < 9e15 then {cell}::bigint::varchar else {cell}::varchar end"
        )
    if kind.startswith("DECIMAL"):
        return trimmed_number(f"{cell}::varchar")
    if nested(kind):
        return f"to_json({cell})::varchar"
    return f"{cell}::varchar"


def _times(zone: zoneinfo.ZoneInfo, day_first: bool) -> Callable[[Any], Any]:
    def body(values: Any) -> Any:
        texts = values.to_pylist()
        found = [None if text is None else parse(text, zone, day_first) for text in texts]
        return pa.array(found, pa.int64())

    return body


def _identifiers(kind: str, form: Callable[[str, str], str]) -> Callable[[Any], Any]:
    def body(values: Any) -> Any:
        texts = values.to_pylist()
        found = [None if text is None else form(kind, text) for text in texts]
        return pa.array(found, pa.string())

    return body
