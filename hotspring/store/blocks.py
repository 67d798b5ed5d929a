"""Append-only tables: a tail in memory, blocks on disk, one manifest that commits both."""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.engine import engine
from hotspring.errors import FolderError
from hotspring.store import examine, projection, tail, weave
from hotspring.store import manifest as manifests
from hotspring.store.columns import Columns
from hotspring.store.edits import Edit, Edits
from hotspring.store.manifest import Block, Held, Snapshot
from hotspring.store.projection import Projection
from hotspring.store.retired import Retired
from hotspring.store.scan import Parts
from hotspring.store.table import Table, lacks, quoted

FAN_IN: Final = 8
"""So many blocks of one level are merged into one of the next."""

_WORD: Final = re.compile(r"\w+")

State = dict[str, np.ndarray]
Added = Callable[[int], Sequence[tuple[Table, pa.Table]]]  # given how many rows went


class Store:
    """The tables of one pool.

    One thread appends, seals and snapshots; any thread may read. Rows appended since the last
    seal live in memory only: the journal holds what they were made from, and `sealed` tells
    from where to repeat it.
    """

    def __init__(self, folder: Path, tables: Sequence[Table], timezone: str) -> None:
        self.folder = folder
        self._tables = {table.name: table for table in tables}
        if len(self._tables) != len(tables):
            raise FolderError("two tables have one name")
        for part in manifests.PARTS:
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._manifest = manifests.read(folder)
        if self._manifest.timezone not in ("", timezone):
            raise FolderError(
                f"this pool counts its days in {self._manifest.timezone}; "
                f"the settings say {timezone}: set timezone back, or import into a new folder"
            )
        self._manifest = msgspec.structs.replace(self._manifest, timezone=timezone)
        self._tails: dict[str, list[pa.RecordBatch]] = {name: [] for name in self._tables}
        self._frozen: dict[str, list[pa.RecordBatch]] = {name: [] for name in self._tables}
        self._appended = dict.fromkeys(self._tables, 0)
        self._edits = Edits()
        self._lock = threading.RLock()
        # Whoever takes both takes the first one first.
        self._merging, self._work = threading.Lock(), threading.Lock()
        self._engine = engine()
        for statement in (
            "SET threads=2",
            "SET TimeZone='UTC'",
            "SET preserve_insertion_order=false",
            "SET parquet_metadata_cache=true",
            f"SET temp_directory={quoted(folder / 'temporary')}",
        ):
            self._engine.execute(statement)
        # One thread and an engine of its own: a seal must not take the cores from a question.
        self._writer = engine(threads=1)
        self._older = {
            name
            for name, blocks in self._manifest.blocks.items()
            if name in self._tables
            and any(lacks(self._tables[name], folder / block.file) for block in blocks)
        }
        self.hurt: dict[str, str] = {}
        """Files of the snapshot that were found changed when it was loaded, and how."""
        self._hurried = threading.Event()
        self._retired = Retired()
        self.columns = Columns(self.parts)
        """Whole columns past the engine: in any order, or by owner and time."""
        manifests.remove_strays(folder, self._manifest)

    # --- writing ---

    def append(self, table: Table, batch: pa.RecordBatch) -> None:
        """Add rows to a table. They are readable at once and durable through the journal."""
        if batch.num_rows:
            with self._lock:
                tail.add(self._tails[table.name], batch)
                self._appended[table.name] += 1

    def appended(self, name: str) -> int:
        """How often were rows added to the table of this name since the folder was opened?"""
        return self._appended[name]

    @property
    def sealed(self) -> int:
        """Journal position up to which every row is in a block."""
        return self._manifest.sealed

    @property
    def snapshot(self) -> Snapshot | None:
        return self._manifest.snapshot

    def fresh_rows(self, table: Table) -> int:
        """How many rows of `table` wait in memory?"""
        return tail.count(self._tails[table.name])

    def rows(self, table: Table) -> int:
        """How many rows does `table` hold?"""
        with self._lock:
            sealed = sum(block.rows for block in self._manifest.blocks.get(table.name, ()))
            fresh = tail.count(self._frozen[table.name]) + tail.count(self._tails[table.name])
            return sealed + fresh - self._edits.gone(table.name)

    def blocks(self) -> list[Block]:
        """The sealed files of all tables."""
        with self._lock:
            return [block for blocks in self._manifest.blocks.values() for block in blocks]

    @staticmethod
    def examine(folder: Path) -> examine.Examined:
        """What is wrong with the files of a folder? All of them are read.

        Raises `FolderError` where the manifest itself cannot be read.
        """
        return examine.examined(folder)

    def freeze(self) -> None:
        """Set the tails aside, to be sealed. What is appended later comes with the next seal."""
        with self._lock:
            for name, fresh in self._tails.items():
                self._frozen[name] = self._frozen[name] + fresh
                self._tails[name] = []
            self._edits.frozen = len(self._edits.pending)

    def seal(self, position: int) -> None:
        """Write what was frozen as sorted blocks and commit them with the journal `position`.

        May run beside appends and reads. On an error nothing is committed and the frozen rows stay.
        """
        self._check_written()
        with self._work:
            made = {
                name: self._write(self._tables[name], batches)
                for name, batches in self._frozen.items()
                if batches
            }
            with self._lock:
                blocks = dict(self._manifest.blocks)
                for name, block in made.items():
                    blocks[name] = (*blocks.get(name, ()), block)
                self._commit(blocks=blocks, sealed=position)
                self._frozen = {name: [] for name in self._tables}

    def hide(self, table: Table, rows: pa.Table) -> None:
        """Let nobody see the rows of `table` that agree with these in all their columns.

        They still stand in files: until `rewrite` nothing of it is durable, and `seal` and `save`
        are refused.
        """
        self._edit(Edit(table.name, rows, tuple(rows.column_names), rows.num_rows))

    def change(self, table: Table, rows: pa.Table, key: str) -> None:
        """Let the rows of `table` with these keys be seen with these values, durable as `hide`."""
        self._edit(Edit(table.name, rows, (key,)))

    def rewrite(
        self, position: int, states: dict[str, State], more: Sequence[tuple[Table, pa.Table]] = ()
    ) -> None:
        """Take what was hidden or changed before the last `freeze` out of every file: seal what was
        frozen, write anew the blocks in which it stands, and keep `states`, all as of the journal
        `position` and in one commit.

        `more` are rows to take out that were not hidden before. Files that hold the old rows are
        removed as soon as nobody reads them: see `retired`.
        """
        with self._merging, self._work:
            pending = self._edits.pending[: self._edits.frozen]
            gone = (
                Edit(table.name, rows, tuple(rows.column_names), rows.num_rows)
                for table, rows in more
            )
            edits = (*pending, *(edit for edit in gone if edit.gone))
            blocks: dict[str, tuple[Block, ...]] = {}
            old: list[Path] = []
            for name, table in self._tables.items():
                kept, replaced = self._edited(table, edits)
                blocks[name] = kept
                old += replaced
            snapshot = manifests.save(self.folder, self._number(), position, states)
            before = self._manifest.snapshot
            with self._lock:
                self._commit(blocks=blocks, sealed=position, snapshot=snapshot)
                self._frozen = {name: [] for name in self._tables}
                self._edits.pending = self._edits.pending[len(pending) :]
                self._edits.frozen = 0
                self._retired.add([*old, *([self.folder / before.folder] if before else ())])

    @property
    def retired(self) -> list[str]:
        """Which files, relative to the folder, are no part of the pool but still being read?"""
        return [path.relative_to(self.folder).as_posix() for path in self._retired.paths()]

    def blocks_of(self, table: Table) -> tuple[Block, ...]:
        """The sealed files of one table."""
        with self._lock:
            return self._manifest.blocks.get(table.name, ())

    def rows_in(self, table: Table, block: Block) -> str:
        """The SQL that reads one sealed file of a table."""
        return self._sealed_rows(table.name, [block])

    def replace(
        self,
        table: Table,
        block: Block,
        select: str,
        added: Added,
        held: AbstractContextManager[Any],
        allowed: Callable[[], bool],
    ) -> int | None:
        """Put what `select` gives in place of a block, and add rows to other tables; how many
        went? One commit, within `held` and only if it is `allowed` there; else None."""
        with self._merging:
            if block not in self._manifest.blocks.get(table.name, ()):
                return None
            left: Any = self._writer.execute(f"SELECT count(*) FROM ({select})").fetchone()
            gone = block.rows - int(left[0])
            fresh = [self._copy(table, f"({select})", int(left[0]), block.level)] if left[0] else []
            made = [(one.name, self._write(one, rows.to_batches())) for one, rows in added(gone)]
            with held, self._lock:
                if self._edits.pending or not allowed():
                    for stray in (*fresh, *(block for _, block in made)):
                        (self.folder / stray.file).unlink()
                    return None
                blocks = dict(self._manifest.blocks)
                blocks[table.name] = tuple(
                    one for old in blocks[table.name] for one in (fresh if old == block else [old])
                )
                blocks |= {name: (*blocks.get(name, ()), one) for name, one in made}
                self._commit(blocks=blocks)
                self._retired.add(self._files([block]))
            return gone

    def compact(self) -> bool:
        """Merge one group of small blocks into a larger one. False where there is nothing to do.

        May run beside a seal.
        """
        with self._merging, contextlib.suppress(weave.Hurried):
            for name, blocks in self._manifest.blocks.items():
                for level in sorted({block.level for block in blocks}):
                    group = [block for block in blocks if block.level == level][:FAN_IN]
                    if len(group) == FAN_IN:
                        self._merge(self._tables[name], group)
                        return True
        return False

    def project(self) -> bool:
        """Make the projection of one block that has none. False where there is nothing to do.

        May run beside a seal.
        """
        with self._merging, contextlib.suppress(weave.Hurried):
            for name, table in self._tables.items():
                for block in self._manifest.blocks.get(name, ()) if table.projected else ():
                    file, made = self._files([block])
                    if Projection.of(made, block.rows) is None:
                        projection.write(made, file, table, self._hurried.is_set)
                        return True
        return False

    def hurry(self) -> None:
        """Merge no more blocks; those that are being merged stay as they are."""
        self._hurried.set()

    def save(self, position: int, states: dict[str, State]) -> None:
        """Keep the live `states` as they are at the journal `position`, which must be sealed.

        A replay begins at the snapshot: rows from before it that were not sealed would be lost.
        """
        self._check_written()
        if position > self.sealed:
            raise ValueError(f"seal up to {position} before the snapshot; sealed is {self.sealed}")
        with self._work:
            kept = manifests.save(self.folder, self._number(), position, states)
            old = self._manifest.snapshot
            with self._lock:
                self._commit(snapshot=kept)
                if old:
                    self._retired.add([self.folder / old.folder])

    def load(self) -> tuple[int, dict[str, State]]:
        """What was the last snapshot: its journal position and the states?

        (0, {}) without one. Arrays that changed on disk are left out and named in `hurt`.
        """
        snapshot = self._manifest.snapshot
        if snapshot is None:
            return 0, {}
        self.hurt = dict(examine.snapshot(self.folder, snapshot))
        states: dict[str, State] = {}
        for file in sorted((self.folder / snapshot.folder).glob("*.npy")):
            if file.name in self.hurt:
                continue
            room, name = file.name.removesuffix(".npy").split(".", 1)
            states.setdefault(room, {})[name] = np.load(file, allow_pickle=False)
        return snapshot.position, states

    # --- reading ---

    @contextlib.contextmanager
    def reader(self, *questions: str) -> Iterator[Any]:
        """A DuckDB cursor in which tables are views, all as of one moment.

        With `questions`, the SQL that will be asked, only those it names are there: to make a view
        takes longer than to look up a few rows.
        """
        asked = set(_WORD.findall(" ".join(questions)))
        with self._retired.reading(), contextlib.closing(self._engine.cursor()) as cursor:
            with self._lock:
                for name, table in self._tables.items():
                    if not questions or name in asked:
                        self._view(cursor, name, table)
            yield cursor

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """The rows of one question, as an Arrow table."""
        with self.reader(sql) as cursor:
            return cursor.execute(sql, list(parameters)).to_arrow_table()

    def rows_of(
        self, table: Table, values: Iterable[int], columns: Sequence[str], by: str = ""
    ) -> pa.Table:
        """A few of many rows: those whose column `by`, the first of the order, is in `values`."""
        schema = pa.schema([table.schema.field(name) for name in columns])
        found = self.columns.few(table, values, columns, by)
        return pa.concat_tables([schema.empty_table(), *found])

    @contextlib.contextmanager
    def parts(self, table: Table, columns: Sequence[str], where: str = "") -> Iterator[Parts]:
        """The blocks and the fresh rows of a table as of now; the files stay until the end.

        The rows that count are those that meet `where`; others may come with them.
        """
        with self._retired.reading():
            with self._lock:
                edited = any(edit.table == table.name for edit in self._edits.pending)
                blocks = self._manifest.blocks.get(table.name, ())
                fresh = [*self._frozen[table.name], *self._tails[table.name]]
            if not edited:
                places = dict(_places(self.folder, block) for block in blocks)
                yield Parts(list(places), fresh, places if table.projected else {})
                return
            sql = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {where or 'true'}"
            with self.reader(sql) as cursor:
                yield Parts([], cursor.execute(sql).to_arrow_reader(table.row_group))

    @contextlib.contextmanager
    def held(self) -> Iterator[Held]:
        """What is the pool now? Its files stay until the end, whatever is compacted meanwhile."""
        with self._retired.reading():
            manifest = self._manifest
            files = [block.file for blocks in manifest.blocks.values() for block in blocks]
            position = 0
            if manifest.snapshot is not None:
                position = manifest.snapshot.position
                snapshot = sorted((self.folder / manifest.snapshot.folder).iterdir())
                files += [file.relative_to(self.folder).as_posix() for file in snapshot]
            yield Held(manifests.encoded(manifest), position, files)

    def close(self) -> None:
        """Release the engine. The next open makes what was not sealed again from the journal."""
        self.hurry()
        with self._merging, self._work:
            self._engine.close()
            self._writer.close()

    # --- inside ---

    def _edit(self, edit: Edit) -> None:
        if edit.rows.num_rows:
            with self._lock:
                self._edits.pending += (edit,)

    def _check_written(self) -> None:
        # A seal commits a position from which the edit would not be repeated.
        if self._edits.pending:
            raise ValueError("rows are hidden that stand in files: call rewrite")

    def _edited(
        self, table: Table, edits: tuple[Edit, ...]
    ) -> tuple[tuple[Block, ...], list[Path]]:
        """The blocks of a table after these edits, what was frozen included, and those replaced."""
        kept: list[Block] = []
        old: list[Path] = []
        for block in self._manifest.blocks.get(table.name, ()):
            source = self._sealed_rows(table.name, [block])
            if not self._edits.touch(self._writer, table.name, source, edits):
                kept.append(block)
                continue
            old += self._files([block])
            rows = weave.merged([self.folder / block.file], table)
            kept += self._rewritten(table, rows, edits, block.level)
        if frozen := self._frozen[table.name]:
            kept += self._rewritten(table, weave.in_order(frozen, table), edits, 0)
        return tuple(kept), old

    def _rewritten(
        self, table: Table, parts: Iterator[pa.Table], edits: tuple[Edit, ...], level: int
    ) -> list[Block]:
        sql = self._edits.over(self._writer, table.name, "SELECT * FROM part", edits)
        block = self._woven(table, weave.asked(parts, table, self._writer, sql), level)
        if not block.rows:
            (self.folder / block.file).unlink()
        return [block] if block.rows else []

    def _view(self, cursor: Any, name: str, table: Table) -> None:
        fresh = [*self._frozen[name], *self._tails[name]]
        cursor.register(f"{name}_tail", pa.Table.from_batches(fresh, schema=table.schema))
        parts = [f"SELECT * FROM {name}_tail"]
        blocks = self._manifest.blocks.get(name, ())
        if blocks:
            parts.append(f"SELECT * FROM {self._sealed_rows(name, blocks)}")
        union = " UNION ALL BY NAME ".join(parts)
        union = self._edits.over(cursor, name, union, self._edits.pending)
        cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {union}")

    def _sealed_rows(self, name: str, blocks: Sequence[Block]) -> str:
        """The rows of these blocks; columns that came later than a block are null in its rows."""
        files = ", ".join(quoted(self.folder / block.file) for block in blocks)
        by_name = ", union_by_name=true" if name in self._older else ""
        return f"read_parquet([{files}]{by_name})"

    def _write(self, table: Table, batches: Sequence[pa.RecordBatch]) -> Block:
        return self._woven(table, weave.in_order(batches, table), 0)

    def _merge(self, table: Table, group: list[Block]) -> None:
        files = [self.folder / block.file for block in group]
        parts = weave.unhurried(weave.merged(files, table), self._hurried.is_set)
        merged = self._woven(table, parts, group[0].level + 1)
        self.columns.expect(table, self.folder / merged.file)
        with self._lock:
            blocks = dict(self._manifest.blocks)
            rest = tuple(block for block in blocks[table.name] if block not in group)
            blocks[table.name] = (*rest, merged)
            self._commit(blocks=blocks)
            self._retired.add(self._files(group))

    def _files(self, blocks: Sequence[Block]) -> list[Path]:
        """Blocks and their projections."""
        return [file for block in blocks for file in _places(self.folder, block)]

    def _woven(self, table: Table, parts: Iterator[pa.Table], level: int) -> Block:
        name = f"blocks/{table.name}-{self._number():08d}.parquet"
        rows = weave.write(self.folder / name, table, parts)
        return manifests.written(self.folder, name, rows, level)

    def _copy(self, table: Table, source: str, rows: int, level: int) -> Block:
        name = f"blocks/{table.name}-{self._number():08d}.parquet"
        self._writer.execute(
            f"COPY (SELECT * FROM {source} ORDER BY {', '.join(table.order)}) "
            f"TO {quoted(self.folder / name)} "
            "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
            f"ROW_GROUP_SIZE {table.row_group})"
        )
        return manifests.written(self.folder, name, rows, level)

    def _number(self) -> int:
        with self._lock:
            number = self._manifest.number + 1
            self._manifest = msgspec.structs.replace(self._manifest, number=number)
            return number

    def _commit(self, **changes: Any) -> None:
        fresh = msgspec.structs.replace(self._manifest, **changes)
        manifests.write(self.folder, fresh)
        self._manifest = fresh


@functools.lru_cache(maxsize=65_536)
def _places(folder: Path, block: Block) -> tuple[Path, Path]:
    # To join a path takes as long as to see that a block does not hold a row.
    file, projection = manifests.files(block)
    return folder / file, folder / projection
