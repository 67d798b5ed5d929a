"""Costs of an open pool: imported, written by hand, taken back, and read by analyses."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.costs import COLUMNS, NEEDED, WORDS, Cost, read
from hotspring.errors import Conflict, Unusable
from hotspring.pipeline import Pipeline
from hotspring.pool import cursors
from hotspring.pool.lists import Fields, Listed, listed
from hotspring.pool.moments import clock, iso
from hotspring.store import Operations, records

MOST: Final = 200_000
"""Costs that stand in one pool."""
PORTION: Final = 5_000
COST: Final = Fields(COLUMNS, NEEDED)
EPOCH: Final = dt.date(1970, 1, 1)


class Costs:
    """Keeps what was paid to reach people. From any thread."""

    def __init__(self, operations: Operations, pipeline: Pipeline) -> None:
        self._records = operations.costs
        self._pipeline = pipeline
        self._lock = threading.Lock()

    # --- what stands ---

    def page(
        self, limit: int, cursor: str | None, import_id: str
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of the costs, the latest day first; those of one list, or all."""
        before = cursors.read(cursor, (int, str)) if cursor else None
        rows = self._records.page(limit + 1, before, import_id)
        last = rows[limit - 1] if len(rows) > limit else None
        following = cursors.write((last.first_day, last.id)) if last else None
        return [_told(row) for row in rows[:limit]], following

    def portions(self) -> Iterator[list[dict[str, Any]]]:
        """All that stand, by day, in portions."""
        rows = self._records.all()
        starts = range(0, len(rows), PORTION)
        return ([_told(row) for row in rows[start : start + PORTION]] for start in starts)

    def lists(self) -> list[dict[str, Any]]:
        """Every list that came in, the newest first, with what of it stands."""
        found: dict[str, dict[str, Any]] = {}
        for one in self._records.lists():
            whole = found.setdefault(one.import_id, {
                "id": one.import_id, "name": one.import_name, "rows": 0, "all_rows": 0,
                "from": one.first_day, "until": one.last_day, "amounts": {},
                "created_at": iso(one.created_ms), "by": one.by,
            })  # fmt: skip
            whole["rows"] += one.rows
            whole["all_rows"] += one.all_rows
            whole["from"] = min(whole["from"], one.first_day)
            whole["until"] = max(whole["until"], one.last_day)
            if one.rows:
                whole["amounts"][one.currency] = round(one.amount, 2)
        return [
            {**one, "from": _dated(one["from"]), "until": _dated(one["until"])}
            for one in found.values()
        ]

    # --- changes ---

    def add(self, rows: Sequence[Mapping[str, str]], by: str) -> dict[str, Any]:
        """Add some that were written by hand; which cannot be used, and why."""
        numbers = range(1, len(rows) + 1)
        return self._take(rows, numbers, by, ("", ""), try_only=False)

    def upload(
        self, body: bytes, name: str, chosen: Mapping[str, str], by: str, try_only: bool
    ) -> dict[str, Any]:
        """Add those of a list, CSV or Excel; with `try_only` tell what would be.

        Raises `Unusable` where it cannot be read, or lacks a column that is needed.
        """
        told = listed(COST, body, name, chosen)
        if not try_only:
            told.require()
        found = self._take(told.rows, told.lines, by, (uuid.uuid4().hex, name), try_only)
        return {**found, **_understood(told)}

    def delete(self, id_: str) -> None:
        """Take one cost out. Raises `NotFound`."""
        self._records.delete(id_, "", clock())

    def restore(self, id_: str) -> None:
        """Bring one cost back. Raises `NotFound`, `Conflict` where it was added again."""
        self._bring_back(id_, "")

    def undo(self, import_id: str) -> int:
        """Take out all that came with a list; how many. Raises `NotFound`."""
        return self._records.delete("", import_id, clock())

    def redo(self, import_id: str) -> int:
        """Bring back what the undo of a list took out; how many. Raises as `restore`."""
        return self._bring_back("", import_id)

    # --- for analyses ---

    def stamp(self) -> bytes:
        """Another one for other costs."""
        return msgspec.json.encode(self._records.stamp())

    def converted(self) -> tuple[Cost, ...]:
        """All that stand, in the currency of the pool; without those whose currency has lost its
        rate."""
        rate, found = self._pipeline.state.rules.rate, list[Cost]()
        for row in self._records.all():
            one = _cost(row)
            worth = rate(one.currency)
            if not np.isnan(worth):
                found.append(msgspec.structs.replace(one, amount=one.amount * worth, currency=""))
        return tuple(found)

    # --- inside ---

    def _bring_back(self, which: str, import_id: str) -> int:
        with self._lock:
            gone, stand = self._records.gone(which, import_id), self._records.all()
            if gone and {_cost(one) for one in gone} & {
                _cost(one) for one in _since(gone[0], stand)
            }:
                raise Conflict("the same cost was added again since; delete that first")
            _check_room(len(gone) + len(stand))
            return self._records.restore(which, import_id)

    def _take(
        self, rows: Sequence[Mapping[str, str]], numbers: Sequence[int], by: str,
        came: tuple[str, str], try_only: bool,
    ) -> dict[str, Any]:  # fmt: skip
        rules, good, refused = self._pipeline.state.rules, list[Cost](), []
        with self._lock:
            known = {_cost(row) for row in self._records.all()}
            for number, row in zip(numbers, rows, strict=True):
                try:
                    one = read(row, rules.currency, rules.rate)
                    # What a list says twice are two: the same again in another list is a repeat.
                    if one in known:
                        raise Unusable("repeated", "the same cost was added before")
                    good.append(one)
                except Unusable as error:
                    refused.append({"row": number, "code": error.code, "reason": str(error)})
            _check_room(len(known) + len(good))
            if good and not try_only:
                self._records.add(_record(one, came, by) for one in good)
        return {
            "id": came[0] if good and not try_only else "",
            "usable": len(good),
            "refused": refused,
            "amount": round(sum(one.amount * rules.rate(one.currency) for one in good), 2),
            "currency": rules.currency,
            "from": _dated(min(one.first for one in good)) if good else None,
            "until": _dated(max(one.last for one in good)) if good else None,
        }


def _since(gone: records.Cost, stand: Sequence[records.Cost]) -> list[records.Cost]:
    """Those that were added after this one went: with it, two may have been alike."""
    left = gone.deleted_ms or 0
    return [one for one in stand if one.import_id != gone.import_id or one.created_ms > left]


def _check_room(many: int) -> None:
    if many > MOST:
        raise Conflict(f"a pool keeps at most {MOST} costs; delete some first")


def _record(one: Cost, came: tuple[str, str], by: str) -> records.Cost:
    words = {word: getattr(one, word) for word in WORDS}
    return records.Cost(
        id=uuid.uuid4().hex, import_id=came[0], import_name=came[1], first_day=one.first,
        last_day=one.last, amount=one.amount, currency=one.currency, created_ms=clock(), by=by,
        **words,
    )  # fmt: skip


def _cost(row: records.Cost) -> Cost:
    words = {word: getattr(row, word) for word in WORDS}
    return Cost(
        first=row.first_day, last=row.last_day, amount=row.amount, currency=row.currency, **words
    )


def _told(row: records.Cost) -> dict[str, Any]:
    return {
        "id": row.id,
        "from": _dated(row.first_day),
        "until": _dated(row.last_day),
        **{word: getattr(row, word) for word in WORDS},
        "amount": row.amount,
        "currency": row.currency,
        "import_id": row.import_id,
        "import_name": row.import_name,
        "created_at": iso(row.created_ms),
        "by": row.by,
    }


def _understood(told: Listed) -> dict[str, Any]:
    return {name: getattr(told, name) for name in ("columns", "lacks", "headings", "sample")}


def _dated(day: int) -> str:
    return (EPOCH + dt.timedelta(days=day)).isoformat()
