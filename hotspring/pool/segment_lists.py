"""Lists of identifiers as people send them: which profiles of the pool are meant?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.errors import BadRequest
from hotspring.pipeline import Pipeline
from hotspring.pool.profiles import Profiles

MOST: Final = 5_000_000
"""Lines of one list."""
SHOWN: Final = 20
"""Lines that are told of those that cannot be used."""
HEADINGS: Final = {"kind", "value", "identifier", "种类", "类型", "标识", "值"}


Line = tuple[int, str, str]
"""Number, kind (empty where none is told) and value."""


class Read(NamedTuple):
    """What a list says."""

    ids: np.ndarray
    """int32: the identifiers that the pool knows, each once."""
    found: int
    """Lines that name somebody."""
    unknown: int
    """Lines that are well written and name nobody here."""
    refused: list[dict[str, object]]
    """The first lines that cannot be used: `line`, `text` and `reason`."""
    refusals: int


class Lists:
    """Reads lists of identifiers for an open pool. From any thread."""

    def __init__(self, pipeline: Pipeline, profiles: Profiles) -> None:
        self._pipeline = pipeline
        self._form = profiles.form
        self._kinds = [kind.name for kind in pipeline.settings.identifier_kinds]

    def read(self, body: bytes) -> Read:
        """One identifier a line: `KIND:VALUE`, two columns, or a value alone, which is looked for
        among the kinds in their order. Raises `BadRequest` where there is no line at all."""
        lines = list(_lines(text_of(body)))
        ids, reasons = self.meant(lines)
        return outcome(lines, ids, reasons)

    def meant(self, lines: Sequence[Line]) -> tuple[np.ndarray, dict[int, str]]:
        """int32: the identifier that each line names, -1 where the pool knows none; and by the
        places of those that cannot be used, why. Raises `BadRequest` where there is no line."""
        if not lines:
            raise BadRequest("the list is empty; write one identifier a line")
        if len(lines) > MOST:
            raise BadRequest(f"a list has at most {MOST} lines")
        ids = np.full(len(lines), -1, np.int32)
        reasons: dict[int, str] = {}
        waiting: list[int] = []
        given: list[str] = []
        bare: list[int] = []
        for at, (_, kind, value) in enumerate(lines):
            if not kind:
                bare.append(at)
                continue
            text = self._written(kind, value)
            if text.reason:
                reasons[at] = text.reason
            else:
                waiting.append(at)
                given.append(text.text)
        ids[waiting] = self._numbers(given)
        self._look(lines, bare, ids, reasons)
        return ids, reasons

    def _look(
        self,
        lines: Sequence[Line],
        bare: list[int],
        ids: np.ndarray,
        reasons: dict[int, str],
    ) -> None:
        """Values alone, kind by kind, until each is found."""
        fits = set[int]()
        for kind in self._kinds:
            places, texts = list[int](), list[str]()
            for at in bare:
                text = self._written(kind, lines[at][2])
                if not text.reason:
                    places.append(at)
                    texts.append(text.text)
            ids[places] = self._numbers(texts)
            fits.update(places)
            bare = [at for at in bare if ids[at] < 0]
            if not bare:
                return
        for at in bare:
            if at not in fits:
                reasons[at] = "this is no identifier of any kind"

    def _written(self, kind: str, value: str) -> _Text:
        found = self._form(kind, value)
        if isinstance(found, str):
            return _Text(found, "")
        return _Text("", f"this is no {kind}")

    def _numbers(self, texts: list[str]) -> np.ndarray:
        with self._pipeline.lock:
            return self._pipeline.state.who.numbers(pa.array(texts, pa.string()))


class _Text(NamedTuple):
    text: str
    reason: str


def outcome(lines: Sequence[Line], ids: np.ndarray, reasons: dict[int, str]) -> Read:
    """What became of all lines, given what `Lists.meant` told of them."""
    refused, known = sorted(reasons), ids >= 0
    return Read(
        np.unique(ids[known]),
        int(known.sum()),
        len(lines) - int(known.sum()) - len(refused),
        [
            {"line": lines[at][0], "text": lines[at][2][:100], "reason": reasons[at]}
            for at in refused[:SHOWN]
        ],
        len(refused),
    )


def text_of(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRequest("the list is neither UTF-8 nor GBK; save it as one of them")


def _lines(text: str) -> Iterator[Line]:
    """Number, kind (empty where none is told) and value of every line that holds one."""
    mark = next((mark for mark in ("\t", ",", ";") if mark in text.split("\n", 1)[0]), "")
    for number, line in enumerate(text.splitlines(), 1):
        row = line.strip()
        if not row:
            continue
        if mark:
            first, _, rest = row.partition(mark)
            kind, value = first.strip().strip('"'), rest.strip().strip('"')
        else:
            row = row.strip('"')
            kind, _, value = row.partition(":") if ":" in row else ("", "", row)
        if number == 1 and {kind.lower() or value.lower(), value.lower()} <= HEADINGS:
            continue
        yield number, kind, value
