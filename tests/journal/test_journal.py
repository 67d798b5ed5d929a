"""What the journal promises to one process."""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import FolderError, JournalUnavailable
from hotspring.journal import COMMAND, DAMAGED, DELIVERY, Entry, Journal, Record
from tests.folders.disks import read_only

HOUR = 3_600_000

records = st.builds(
    Record,
    kind=st.sampled_from([DELIVERY, COMMAND]),
    at_ms=st.integers(0, 4 * HOUR),
    body=st.binary(max_size=400),
    events=st.integers(0, 100),
)


def record(body: bytes = b"body", at_ms: int = 0) -> Record:
    return Record(DELIVERY, at_ms, body, 1)


def everything(journal: Journal, most_bytes: int = 8 << 20) -> list[Entry]:
    found: list[Entry] = []
    while part := journal.read(found[-1].seq if found else 0, most_bytes):
        found += part
    return found


def files(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / "journal").iterdir() if p.suffix == ".sqlite")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path) as it:
        yield it


@settings(max_examples=30, deadline=None)
@given(
    groups=st.lists(st.lists(records, max_size=5), max_size=12),
    roll_bytes=st.sampled_from([1, 20_000, 1 << 30]),
    most_bytes=st.sampled_from([1, 500, 1 << 20]),
    reopen=st.booleans(),
)
def test_what_was_appended_is_read_in_order_without_a_gap(
    tmp_path_factory: pytest.TempPathFactory,
    groups: list[list[Record]],
    roll_bytes: int,
    most_bytes: int,
    reopen: bool,
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    numbers: list[int] = []
    journal = Journal(folder, roll_bytes, roll_hours=1.0)
    for group in groups:
        numbers += journal.append(group)
        if reopen:
            journal.close()
            journal = Journal(folder, roll_bytes, roll_hours=1.0)
    flat = [one for group in groups for one in group]
    with journal:
        assert numbers == list(range(1, len(flat) + 1))
        assert journal.head() == len(flat)
        assert journal.check() == []
        assert everything(journal, most_bytes) == [
            Entry(seq, one.kind, one.at_ms, one.body, one.events)
            for seq, one in zip(numbers, flat, strict=True)
        ]


def test_a_file_is_closed_once_it_is_large_or_old(tmp_path: Path) -> None:
    with Journal(tmp_path, roll_bytes=50_000, roll_hours=2.0) as journal:
        journal.append([record(at_ms=0)])
        journal.append([record(at_ms=2 * HOUR - 1)])
        assert files(tmp_path) == ["0001.sqlite"]
        journal.append([record(at_ms=2 * HOUR)])
        assert files(tmp_path) == ["0001.sqlite", "0002.sqlite"]
        journal.append([record(os.urandom(60_000), at_ms=2 * HOUR)])
        journal.append([record(at_ms=2 * HOUR)])
        assert files(tmp_path) == ["0001.sqlite", "0002.sqlite", "0003.sqlite"]
        assert journal.head() == 5


def test_reading_stops_at_the_size_asked_for(journal: Journal) -> None:
    journal.append([record(b"x" * 1000) for _ in range(10)])
    assert [entry.seq for entry in journal.read(3, 2500)] == [4, 5, 6]
    assert [entry.seq for entry in journal.read(9, 1)] == [10]
    assert journal.read(10, 1) == []


def test_bodies_are_compressed(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append([record(b"the same words " * 70_000)])
    assert sum(p.stat().st_size for p in (tmp_path / "journal").iterdir()) < 100_000


@pytest.mark.parametrize("size", [0, 100, 100_000])
def test_a_body_may_begin_as_what_is_compressed_does(tmp_path: Path, size: int) -> None:
    body = b"\x28\xb5\x2f\xfd" + os.urandom(size)
    with Journal(tmp_path) as journal:
        journal.append([record(body)])
        assert journal.read(0) == [Entry(1, DELIVERY, 0, body, 1)]
        assert journal.check() == []


def test_retention_drops_whole_files_that_are_applied_and_old(tmp_path: Path) -> None:
    with Journal(tmp_path, roll_bytes=1) as journal:
        for at in range(5):
            journal.append([record(at_ms=at * HOUR)])
        assert journal.drop(applied_seq=0, older_than_ms=10 * HOUR) == []
        assert journal.drop(applied_seq=5, older_than_ms=0) == []
        assert journal.drop(applied_seq=2, older_than_ms=10 * HOUR) == [
            "0001.sqlite",
            "0002.sqlite",
        ]
        assert journal.drop(applied_seq=5, older_than_ms=3 * HOUR) == ["0003.sqlite"]
        assert journal.drop(applied_seq=5, older_than_ms=10 * HOUR) == ["0004.sqlite"]
        assert [entry.seq for entry in journal.read(0)] == [5]
        assert files(tmp_path) == ["0005.sqlite"]
        assert journal.append([record()]) == [6]
    assert not list((tmp_path / "journal").glob("0001*"))


def test_a_writer_that_slept_through_rolling_and_dropping_goes_on(tmp_path: Path) -> None:
    with Journal(tmp_path, roll_bytes=1) as one, Journal(tmp_path, roll_bytes=1) as other:
        other.append([record()])
        for _ in range(4):
            one.append([record()])
        one.drop(applied_seq=5, older_than_ms=HOUR)
        assert other.append([record(b"late")]) == [6]
        assert one.read(5) == [Entry(6, DELIVERY, 0, b"late", 1)]


def corrupt(path: Path, needle: bytes) -> None:
    """Flip one bit of the first place where `needle` stands in the file."""
    content = bytearray(path.read_bytes())
    at = content.index(needle) + len(needle) // 2
    content[at] ^= 1
    path.write_bytes(content)


def test_a_damaged_byte_is_named_and_the_rest_is_readable(tmp_path: Path) -> None:
    bodies = [os.urandom(300) for _ in range(20)]  # random bytes are stored as they are
    with Journal(tmp_path) as journal:
        journal.append([record(body) for body in bodies])
    corrupt(tmp_path / "journal" / "0001.sqlite", bodies[6][50:200])
    with Journal(tmp_path) as journal:
        found = journal.read(0)
        assert [entry.seq for entry in found] == list(range(1, 21))
        assert found[6].kind == DAMAGED
        assert found[6].body == b"0001.sqlite: record 7: its checksum does not match"
        assert [e.body for e in found if e.kind == DELIVERY] == bodies[:6] + bodies[7:]
        line = "0001.sqlite: record 7: its checksum does not match"
        assert journal.check() == [(7, 7, line)]
        assert journal.append([record()]) == [21]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_damaged_byte_of_a_closed_file_loses_no_number_and_invents_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    bodies = [os.urandom(700) for _ in range(20)]
    with Journal(folder, roll_bytes=1) as journal:
        journal.append([record(body) for body in bodies])
        journal.append([record(b"newest")])
    path = folder / "journal" / "0001.sqlite"
    content = bytearray(path.read_bytes())
    at = data.draw(st.one_of(st.integers(0, 2 * 4096), st.integers(0, len(content) - 1)))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with Journal(folder, roll_bytes=1) as journal:
        found = journal.read(0)
    assert [entry.seq for entry in found] == list(range(1, 22))
    for entry, body in zip(found, [*bodies, b"newest"], strict=True):
        assert entry.body == body or (entry.kind == DAMAGED and b"0001.sqlite" in entry.body)


@contextlib.contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_and_nothing_is_half_done(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        assert journal.append([record(b"before")]) == [1]
        with no_file_longer_than(200_000):
            with pytest.raises(JournalUnavailable):
                journal.append([record(os.urandom(100_000)) for _ in range(4)])
            with pytest.raises(JournalUnavailable):
                journal.append([record(os.urandom(400_000))])
        assert journal.head() == 1
        assert journal.append([record(b"after")]) == [2]
        assert [entry.body for entry in journal.read(0)] == [b"before", b"after"]


def test_a_full_disk_while_a_new_file_is_made(tmp_path: Path) -> None:
    with Journal(tmp_path, roll_bytes=1) as journal:
        journal.append([record(b"before")])
        with no_file_longer_than(2_000), pytest.raises(JournalUnavailable):
            journal.append([record(b"refused")])
        assert files(tmp_path) == ["0001.sqlite"]
        assert not list((tmp_path / "journal").glob("*.new*"))
        assert journal.append([record(b"after")]) == [2]
        assert files(tmp_path) == ["0001.sqlite", "0002.sqlite"]


def test_a_folder_that_became_read_only_refuses_and_later_works_again(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append([record(b"before")])
    journal = Journal(tmp_path)
    with read_only(tmp_path / "journal"), pytest.raises(JournalUnavailable):
        journal.append([record(b"refused")])
    assert journal.append([record(b"after")]) == [2]
    assert [entry.body for entry in journal.read(0)] == [b"before", b"after"]
    journal.close()


def test_a_lock_that_is_never_given_back_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspring.journal.file.LOCK_SECONDS", 0.05)
    with (
        Journal(tmp_path) as journal,
        contextlib.closing(sqlite3.connect(tmp_path / "journal" / "0001.sqlite")) as other,
    ):
        other.execute("begin immediate")
        with pytest.raises(JournalUnavailable, match="locked"):
            journal.append([record()])
        other.rollback()
        assert journal.append([record()]) == [1]


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="file/journal"):
        Journal(tmp_path / "file")


def test_nothing_appended_is_nothing_written(journal: Journal) -> None:
    assert journal.append([]) == []
    assert journal.head() == 0
    assert journal.read(0) == []
