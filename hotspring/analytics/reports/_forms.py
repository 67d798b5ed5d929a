"""Forms of pages by field: who entered, how long it took, and what was touched last."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.analytics.report import Cell, Column, Said, Slots, share
from hotspring.analytics.reports import _pages
from hotspring.analytics.reports._pages import Ints, Seen

EVENTS: Final = ("Form Started", "Form Field Left", "Form Submitted", "Form Abandoned")
STARTED, FIELD_LEFT, SUBMITTED, ABANDONED = 4, 8, 16, 32
"""Bits of these among the events of a page."""


def forms(now: Seen, other: Seen) -> list[list[Any]]:
    """Every form by how often it was begun."""
    names, people = now.names("form"), now.of(STARTED).people("form")
    started, submitted, abandoned = (
        now.of(bit).many("form") for bit in (STARTED, SUBMITTED, ABANDONED)
    )
    before = [other.of(bit).many("form") for bit in (SUBMITTED, ABANDONED)]
    ended = now.of(SUBMITTED)
    times = _pages.medians(ended.codes["form"] + 1, ended.number("dwell_ms"), len(names))
    there = np.flatnonzero(started + submitted + abandoned).tolist()
    there.sort(key=lambda at: (-started[at], names[at] is None, names[at] or ""))
    return [
        [names[at], int(started[at]), int(submitted[at]), int(abandoned[at]), int(people[at]),
         share(int(submitted[at]), int(submitted[at] + abandoned[at])),
         share(int(before[0][at]), int(before[0][at] + before[1][at])), times[at]]
        for at in there
    ]  # fmt: skip


class Entered(NamedTuple):
    """Each field that somebody entered in a course: a row for each, from all courses that ended."""

    form: Ints
    """Place among the names of forms."""
    field: Ints
    slot: Slots
    order: Ints
    """As which field of its course, from 0."""


def _entered(seen: Seen, known: dict[str, int]) -> Entered:
    """Fields get their numbers in `known`."""
    ended = seen.of(SUBMITTED | ABANDONED)
    lists = [
        [known.setdefault(name, len(known)) for name in _listed(text)]
        for text in seen.words["fields"]
    ]
    lists.append([])
    sizes = np.array([len(one) for one in lists])
    flat = np.array([one for some in lists for one in some], np.int64)
    starts = np.cumsum(sizes) - sizes
    # -1, none, is the last list.
    code = ended.codes["fields"]
    row = np.repeat(np.arange(len(code)), sizes[code])
    first = np.cumsum(sizes[code]) - sizes[code]
    order = np.arange(len(row)) - first[row]
    return Entered(
        ended.codes["form"][row].astype(np.int64) + 1,
        flat[starts[code[row]] + order],
        ended.slot[row],
        order,
    )


def _listed(text: str) -> list[str]:
    """Names of a list of JSON; none where it is something else."""
    try:
        return list(dict.fromkeys(msgspec.json.decode(text, type=list[str])))
    except msgspec.DecodeError:
        return []


def _places(seen: Seen, known: dict[str, int]) -> Ints:
    """By row: the number of its field, -1 for none."""
    numbers = [known.setdefault(word, len(known)) for word in seen.words["field"]]
    return np.array([*numbers, -1], np.int64)[seen.codes["field"]]


def fields(seen: Seen) -> list[list[Any]]:
    """Every field of every form, in the order in which people come to it."""
    known = dict[str, int]()
    entered, left, lost = _entered(seen, known), seen.of(FIELD_LEFT), seen.of(ABANDONED)
    fields_left, fields_lost = (_places(one, known) for one in (left, lost))
    wide = max(len(known), 1)
    size = wide * (len(seen.words["form"]) + 1)

    def places(form: Any, field: Any) -> tuple[Any, Any]:
        told = field >= 0
        return told, form[told] * wide + field[told]

    _, at = places(entered.form, entered.field)
    many = np.bincount(at, minlength=size)
    order = np.bincount(at, entered.order, minlength=size)
    people = np.bincount(_pages.pairs(at, entered.slot)[0], minlength=size)
    told, at = places(left.codes["form"].astype(np.int64) + 1, fields_left)
    visits = np.bincount(at, minlength=size)
    wrote = np.bincount(at, _wrote(left)[told], minlength=size)
    times = _pages.medians(at, left.number("dwell_ms")[told], size)
    _, at = places(lost.codes["form"].astype(np.int64) + 1, fields_lost)
    last = np.bincount(at, minlength=size)
    names, forms = list(known), seen.names("form")
    rows = []
    for at in np.flatnonzero(many + visits + last).tolist():
        form, field = divmod(at, wide)
        mean = order[at] / many[at] if many[at] else float("inf")
        rows.append((mean, [
            forms[form], names[field], int(many[at]), int(people[at]), int(visits[at]), times[at],
            share(float(wrote[at]), int(visits[at])), int(last[at]),
            share(int(last[at]), int(many[at])),
        ]))  # fmt: skip
    rows.sort(key=lambda row: (row[1][0] is None, row[1][0] or "", row[0], row[1][1]))
    return [row for _, row in rows]


def _wrote(left: Seen) -> Any:
    """float by row: 1 where something was written."""
    return np.array([*(word == "true" for word in left.words["changed"]), False], float)[
        left.codes["changed"]
    ]


def who(seen: Seen, cell: Cell) -> Slots | None:
    """The people behind a number of these tables."""
    some, table, column = seen.named("form", cell.get("form")), cell.get("table"), cell["column"]
    if some is None:
        return None
    if (table, column) == ("forms", "people"):
        return np.unique(some.of(STARTED).slot)
    known = dict[str, int]()
    entered = _entered(some, known)
    lost = some.of(ABANDONED)
    at = _places(lost, known)
    field = known.get(str(cell.get("field")))
    if table != "fields" or field is None or column not in ("people", "last"):
        return None
    if column == "people":
        return np.unique(entered.slot[entered.field == field])
    return np.unique(lost.slot[at == field])


FORM: Final = (
    Column("form", "group", key=True), Column("started", "count"), Column("submitted", "count"),
    Column("abandoned", "count"), Column("people", "count", drill=True),
    Column("completed", "share"), Column("before", "share"), Column("took", "duration"),
)  # fmt: skip
FIELD: Final = (
    Column("form", "group", key=True), Column("field", "group", key=True),
    Column("entered", "count"), Column("people", "count", drill=True), Column("visits", "count"),
    Column("stayed", "duration"), Column("changed", "share"), Column("last", "count", drill=True),
    Column("of_entered", "share"),
)  # fmt: skip
COLUMNS: Final = {
    "form": Said("Form", "表单"),
    "field": Said("Field", "表单项"),
    "started": Said("Begun", "开始填写"),
    "submitted": Said("Sent", "提交"),
    "abandoned": Said("Left", "放弃"),
    "completed": Said("Completed", "完成率"),
    "took": Said("Half sent it within", "一半提交用时不超过"),
    "entered": Said("Entered", "进入"),
    "visits": Said("Visits", "进入次数"),
    "stayed": Said("Half stayed at most", "一半停留不超过"),
    "changed": Said("Wrote something", "有输入"),
    "last": Said("Last before leaving", "放弃前最后一项"),
    "of_entered": Said("Of those who entered", "占进入"),
}
