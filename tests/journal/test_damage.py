"""Damaged journal files: what is lost is named by its number, all the rest is read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.journal import DAMAGED, DELIVERY, Journal, Record

PAGE = 4096
BODIES = [os.urandom(size) for size in (10, 300, 3_900, 4_200, 20_000, 90_000) * 4]


def record(body: bytes) -> Record:
    return Record(DELIVERY, 7, body, 1)


def closed(folder: Path) -> Path:
    """A journal whose first file is closed; its path."""
    with Journal(folder, roll_bytes=1) as journal:
        journal.append([record(body) for body in BODIES])
        journal.append([record(b"newest")])
    return folder / "journal/0001.sqlite"


def wound(path: Path, start: int, end: int) -> None:
    content = bytearray(path.read_bytes())
    content[start:end] = os.urandom(end - start)
    path.write_bytes(content)


@pytest.mark.parametrize("pages", [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)])
def test_all_records_are_read_though_the_first_pages_are_gone(
    tmp_path: Path, pages: tuple[int, int]
) -> None:
    path = closed(tmp_path)
    wound(path, pages[0] * PAGE, pages[1] * PAGE)
    with Journal(tmp_path, roll_bytes=1) as journal:
        found = journal.read(0)
        assert [entry.body for entry in found] == [*BODIES, b"newest"]
        assert all(first == 0 and "0001.sqlite" in line for first, _, line in journal.check())
        assert journal.check(), "what is damaged is named, even if nothing of it is lost"
        assert (journal.first(), journal.head()) == (1, len(BODIES) + 1)
        assert journal.append([record(b"more")]) == [len(BODIES) + 2]
        assert journal.drop(len(BODIES) + 2, 8) == ["0001.sqlite", "0002.sqlite"]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_wounds_anywhere_lose_no_number_and_invent_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    path = closed(folder)
    size = path.stat().st_size
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, size - 1))
        wound(path, start, min(size, start + data.draw(st.integers(1, 9_000))))
    if data.draw(st.booleans()):
        os.truncate(path, data.draw(st.integers(1, size)))
    with Journal(folder, roll_bytes=1) as journal:
        found = journal.read(0)
        lost = {seq for first, last, _ in journal.check() for seq in range(first, last + 1)}
    assert [entry.seq for entry in found] == list(range(1, len(BODIES) + 2))
    for entry, body in zip(found, [*BODIES, b"newest"], strict=True):
        assert entry.body == body or (entry.kind == DAMAGED and b"0001.sqlite" in entry.body)
        assert (entry.kind == DAMAGED) == (entry.seq in lost)


def test_a_cut_off_page_costs_only_its_own_records(tmp_path: Path) -> None:
    path = closed(tmp_path)
    os.truncate(path, path.stat().st_size - PAGE)
    with Journal(tmp_path, roll_bytes=1) as journal:
        lost = [entry.seq for entry in journal.read(0) if entry.kind == DAMAGED]
    assert lost == [len(BODIES)]


@pytest.mark.parametrize("how", ["header", "tree", "cut", "short"])
def test_a_newest_file_that_is_damaged_is_followed_by_another(tmp_path: Path, how: str) -> None:
    with Journal(tmp_path) as journal:
        journal.append([record(body) for body in BODIES])
    path = tmp_path / "journal/0001.sqlite"
    size = path.stat().st_size
    if how == "header":
        wound(path, 0, 100)
    elif how == "tree":
        wound(path, 2 * PAGE, 3 * PAGE)
    elif how == "cut":
        os.truncate(path, size // 2)
    else:
        with sqlite3.connect(path) as db:
            db.execute("delete from entry where seq > 20")
        db.close()
    with Journal(tmp_path) as journal:
        assert journal.mend(len(BODIES)) != []
        assert journal.mend(len(BODIES)) == []
        assert journal.append([record(b"more")]) == [len(BODIES) + 1]
        assert journal.read(len(BODIES))[0].body == b"more"
        found = {entry.seq: entry for entry in journal.read(0)}
        assert set(found) == set(range(1, len(BODIES) + 2))
        for seq, body in enumerate(BODIES, start=1):
            assert found[seq].body == body or found[seq].kind == DAMAGED
        if how in ("header", "tree"):
            assert all(entry.kind == DELIVERY for entry in found.values())


def test_a_sound_journal_is_left_as_it_is(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        assert journal.mend(0) == []
        journal.append([record(b"one")])
        assert journal.mend(1) == []
        assert len(list((tmp_path / "journal").glob("*.sqlite"))) == 1
        assert journal.append([record(b"two")]) == [2]
