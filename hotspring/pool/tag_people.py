"""Who has which tag by hand in an open pool: set, taken off, taken back, and read from files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import clock, iso
from hotspring.pool.owned import owned
from hotspring.pool.profiles import Profiles
from hotspring.pool.segment_lists import HEADINGS, Line, Lists, Read, outcome, text_of
from hotspring.store import Store
from hotspring.tags import marks, plain

MOST_KEYS: Final = 10_000
"""Profiles that are named one by one."""
OF_ENTRY: Final = """
SELECT count(*) FILTER (undoes = 0) AS marks, count(*) FILTER (undoes > 0) AS undone
FROM tagged WHERE seq = ? OR undoes = ?
"""
LAST: Final = "SELECT max(ms) AS ms FROM tagged WHERE tag = ?"
WORDS: Final = {"tag", "tag value", "标签", "标签值"}
"""What heads the column of values in a file."""
Mark = Callable[[str, str, str], int]
"""Journals a command (kind, body, by), waits until it is applied, and gives its position."""


class Told(NamedTuple):
    """A tag that somebody has by hand."""

    value: str
    at_ms: int
    by: str


class Given(NamedTuple):
    """A file of people and values of a tag, line by line."""

    lines: list[Line]
    words: list[str]
    """The value that each line gives."""


class People:
    """Sets tags on people. From any thread."""

    def __init__(self, pipeline: Pipeline, store: Store, profiles: Profiles, mark: Mark) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles
        self._mark = mark
        self._lists = Lists(pipeline, profiles)
        self._kinds = {kind.name for kind in pipeline.settings.identifier_kinds}

    def of(self, slot: int) -> dict[str, Told]:
        """Which tags does a profile have by hand, since when, and who said so?"""
        rows = self._rows(slot)
        standing = marks.standing(rows, np.zeros(rows.num_rows, np.int32))
        return {
            row["tag"]: Told(row["value"], row["ms"], row["set_by"])
            for row in rows.take(standing).to_pylist()
        }

    def history(self, slot: int) -> list[dict[str, Any]]:
        """How tags were set by hand on a profile, and taken off, the oldest first."""
        rows = self._rows(slot).sort_by([("ms", "ascending"), ("seq", "ascending")])
        undone = set(rows.column("undoes").to_pylist())
        return [
            {
                "at": iso(row["ms"]),
                "tag": row["tag"],
                "value": row["value"],
                "held": row["held"],
                "taken_back": row["seq"] in undone,
                "by": row["set_by"],
            }
            for row in rows.to_pylist()
            if not row["undoes"]
        ]

    def last(self, tag: str) -> int | None:
        """When was a tag last set on anybody, or taken off (ms)?"""
        found: int | None = self._store.query(LAST, [tag]).column("ms")[0].as_py()
        return found

    def set(self, tag: str, keys: Sequence[str], value: str, held: bool, by: str) -> dict[str, Any]:
        """Put a tag on profiles, told by their ids or identifiers, or take it off."""
        if not 1 <= len(keys) <= MOST_KEYS:
            raise BadRequest(f"name 1 to {MOST_KEYS} profiles")
        ids, unknown = list[int](), list[str]()
        for key in keys:
            found = self._identifier(key)
            if found < 0:
                unknown.append(key)
            else:
                ids.append(found)
        if not ids:
            raise NotFound("none of these profiles is in the pool")
        entry = self._say([marks.mark(tag, np.array(ids, np.int32), value, held)], by)
        return {"entry": entry, "found": len(ids), "unknown": unknown}

    def undo(self, entry: int, by: str) -> None:
        """Take a change of tags back: what was before stands again."""
        (row,) = self._store.query(OF_ENTRY, [entry, entry]).to_pylist()
        if not row["marks"]:
            raise NotFound(f"there is no change of tags {entry}")
        if row["undone"]:
            raise Conflict("this change was taken back already")
        self._mark(marks.UNDONE, msgspec.json.encode(marks.Undone(entry)).decode(), by)

    def read(self, body: bytes) -> Given:
        """The lines of a file: identifier, or kind and value, and then a value of the tag where
        there is one."""
        found = Given([], [])
        for number, cells in _rows(text_of(body)):
            if number == 1 and {cell.lower() for cell in cells} <= HEADINGS | WORDS:
                continue
            (kind, value), word = self._parted(cells)
            found.lines.append((number, kind, value))
            found.words.append(plain(word))
        return found

    def take(
        self, tag: str, values: Sequence[str], given: Given, held: bool, by: str
    ) -> tuple[int | None, Read]:
        """Put a tag with these values on the people of a file, or take it off them. Of several
        lines about one person the last counts."""
        ids, reasons = self._lists.meant(given.lines)
        place = {value: at for at, value in enumerate(values)}
        codes = np.full(len(ids), -1, np.int32)
        for at, word in enumerate(given.words):
            if at in reasons:
                continue
            if held and word not in place:
                reasons[at] = f"{word!r} is no value of this tag"
            else:
                codes[at] = place.get(word, 0)
        ids[list(reasons)] = -1
        entry = None
        if (ids >= 0).any():
            entry = self._say(self._parts(tag, values, ids, codes, held), by)
        return entry, outcome(given.lines, ids, reasons)

    def assign(
        self, tag: str, held: tuple[Sequence[str], Any], wanted: tuple[Any, Any, Sequence[str]],
        by: str,
    ) -> None:  # fmt: skip
        """Put a tag on exactly these slots, each with the word of its code; `held` says who has
        which word of it now."""
        (before, has), (slots, codes, words) = held, wanted
        known = {word: at for at, word in enumerate(dict.fromkeys([*before, *words]))}
        size = 1 + max(int(slots.max(initial=-1)), int(has.slots.max(initial=-1)))
        then, now = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
        then[has.slots] = np.array([known[word] for word in before], np.int32)[has.codes]
        now[slots] = np.array([known[word] for word in words], np.int32)[codes]
        changed = np.flatnonzero(then != now).astype(np.int32)
        with self._pipeline.lock:
            ids = self._pipeline.state.who.firsts(changed)
        said = [
            marks.mark(tag, ids[now[changed] == at], word)
            for word, at in known.items()
            if (now[changed] == at).any()
        ]
        if (now[changed] < 0).any():
            said.append(marks.mark(tag, ids[now[changed] < 0], held=False))
        if said:
            self._say(said, by)

    def _rows(self, slot: int) -> pa.Table:
        with self._pipeline.lock:
            origins = self._pipeline.state.who.origins(slot)
        return owned(self._store, marks.TAGGED, origins, marks.READ)

    def _parts(
        self, tag: str, values: Sequence[str], ids: np.ndarray, codes: np.ndarray, held: bool
    ) -> list[marks.Mark]:
        at = np.flatnonzero(ids >= 0)[::-1]
        with self._pipeline.lock:
            who = self._pipeline.state.who
            slots = who.profile_of(ids[at], np.full(len(at), clock(), np.int64))
        _, first = np.unique(slots, return_index=True)
        chosen = at[first]
        if not held:
            return [marks.mark(tag, ids[chosen], held=False)]
        return [
            marks.mark(tag, ids[chosen[codes[chosen] == code]], value)
            for code, value in enumerate(values)
            if (codes[chosen] == code).any()
        ]

    def _say(self, said: list[marks.Mark], by: str) -> int:
        return self._mark(marks.MARKED, msgspec.json.encode(marks.Marked(said)).decode(), by)

    def _identifier(self, key: str) -> int:
        """The identifier that stands for whom a key names, -1 where nobody is named so."""
        with self._pipeline.lock:
            who = self._pipeline.state.who
            if key.startswith("p_") and ":" not in key:
                slot = who.named(key)
                return int(who.firsts(np.array([slot], np.int32))[0]) if slot >= 0 else -1
            found = who.find(self._profiles.identifier(key))
            slots = who.slots_of(np.array([found], np.int32)) if found >= 0 else [-1]
        return found if slots[0] >= 0 else -1

    def _parted(self, cells: list[str]) -> tuple[tuple[str, str], str]:
        """Kind and value of an identifier, and a value of a tag."""
        first = cells[0]
        if len(cells) > 1 and first.partition("@")[0] in self._kinds:
            return (first, cells[1]), cells[2] if len(cells) > 2 else ""
        kind, mark, value = first.partition(":")
        named = (kind, value) if mark else ("", first)
        return named, cells[1] if len(cells) > 1 else ""


def told(at: Told | None) -> dict[str, Any]:
    """Who set a tag and when, for an answer."""
    return {"at": iso(at.at_ms) if at else None, "by": at.by if at else None}


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every line that holds something."""
    mark = next((mark for mark in ("\t", ",", ";") if mark in text.split("\n", 1)[0]), ",")
    reader = csv.reader(io.StringIO(text), delimiter=mark, strict=False)
    for row in reader:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield reader.line_num, cells
