"""Blocks made past the engine: every row once, in order, as any tool reads them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.store import Table, weave

SCHEMA = pa.schema(
    [
        pa.field("who", pa.int32(), nullable=False),
        pa.field("at", pa.string(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("word", pa.string()),
        pa.field("key", pa.uint64()),
        pa.field("many", pa.list_(pa.int32())),
    ]
)
THINGS = Table(name="things", owner="tests", schema=SCHEMA, order=("who", "at", "seq"))
FOURS = msgspec.structs.replace(THINGS, row_group=4)
BEFORE = Table(
    name="things",
    owner="tests",
    schema=pa.schema([field for field in SCHEMA if field.name != "word"]),
    order=THINGS.order,
    row_group=7,
)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["", "a", "aé", "b", "热"]),
        st.one_of(st.none(), st.sampled_from(["x", "y"]), st.text(max_size=3)),
        st.lists(st.integers(0, 9), max_size=3),
    ),
    max_size=40,
)


def things(rows: Iterable[tuple], first: int, table: Table = THINGS) -> list[pa.RecordBatch]:
    told = [
        {"who": who, "at": at, "seq": seq, "word": word, "key": 2**64 - 1 - seq, "many": many}
        for seq, (who, at, word, many) in enumerate(rows, first)
    ]
    told = [{name: row[name] for name in table.schema.names} for row in told]
    return [
        pa.RecordBatch.from_pylist(told[at : at + 7], schema=table.schema)
        for at in range(0, len(told), 7)
    ]


def expected(batches: Iterable[pa.RecordBatch]) -> list[dict]:
    rows = [row for batch in batches for row in batch.to_pylist()]
    rows = [{"word": None} | row for row in rows]
    return sorted(rows, key=lambda row: (row["who"], row["at"].encode(), row["seq"]))


@given(parts=st.lists(ROWS, min_size=2, max_size=4), aged=st.booleans())
@settings(max_examples=40, deadline=None)
def test_blocks_and_what_is_merged_of_them_hold_every_row_once_in_order(
    parts: list[list[tuple]], aged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weave, "AHEAD", 8)
    monkeypatch.setattr(weave, "PORTION", 8)
    files, came = [], []
    # Each example writes files of its own: the engine remembers what stood in a file of this name.
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    for number, rows in enumerate(part for part in parts if part):
        table = BEFORE if aged and number == 0 else FOURS
        batches = things(rows, number * 100, table)
        files.append(folder / f"{number}.parquet")
        weave.write(files[-1], table, weave.in_order(batches, table))
        assert [{"word": None} | row for row in pq.read_table(files[-1]).to_pylist()] == expected(
            batches
        )
        came += batches
    merged = folder / "merged.parquet"
    weave.write(merged, FOURS, weave.merged(files, FOURS))
    read = pq.read_table(merged)
    assert read.to_pylist() == expected(came)
    assert [field.type for field in read.schema][:5] == [field.type for field in SCHEMA][:5]
    groups = pq.ParquetFile(merged).metadata
    sizes = [groups.row_group(at).num_rows for at in range(groups.num_row_groups)]
    assert set(sizes[:-1]) <= {4}
    asked = duckdb.execute(f"SELECT * FROM '{merged}'").to_arrow_table()
    assert asked.to_pylist() == read.to_pylist()


def test_texts_of_few_values_stay_words_and_each_group_has_its_own(tmp_path: Path) -> None:
    rows = [(n, "same", f"word {n // 5_000}", []) for n in range(40_000)]
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for file, part in zip(files, (rows[::2], rows[1::2]), strict=True):
        weave.write(file, THINGS, weave.in_order(things(part, 0), THINGS))
    merged = tmp_path / "merged.parquet"
    weave.write(merged, THINGS, weave.merged(files, THINGS))
    file = pq.ParquetFile(merged, read_dictionary=["word"])
    assert file.metadata.num_row_groups == 4
    for group in range(4):
        assert file.metadata.row_group(group).column(3).has_dictionary_page
        assert not file.metadata.row_group(group).column(4).has_dictionary_page
        (chunk,) = file.read_row_group(group).column("word").chunks
        assert len(chunk.dictionary) <= 4
    assert pq.read_table(merged).column("word").to_pylist() == [row[2] for row in rows]


def test_a_block_that_could_not_be_written_leaves_no_file(tmp_path: Path) -> None:
    def failing() -> Iterable[pa.Table]:
        yield next(weave.in_order(things([(1, "", "x", [])], 0), THINGS))
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        weave.write(tmp_path / "a.parquet", THINGS, failing())
    assert list(tmp_path.iterdir()) == []


def test_a_block_without_rows_can_be_read(tmp_path: Path) -> None:
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    weave.write(files[0], THINGS, [])
    weave.write(files[1], THINGS, weave.in_order(things([(1, "", "x", [2])], 7), THINGS))
    merged = tmp_path / "merged.parquet"
    weave.write(merged, THINGS, weave.merged(files, THINGS))
    assert pq.read_table(merged).column("seq").to_pylist() == [7]
    assert pq.read_table(files[0]).schema.names == SCHEMA.names
