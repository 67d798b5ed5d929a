"""Distribution: how often people do something, with which values, and how long until again."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final, Literal, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Parameters, Step, called, told
from hotspring.analytics.report import (
    REST,
    Analysis,
    Cell,
    Chart,
    Column,
    Kind,
    Reads,
    Result,
    Said,
    Setting,
    Slots,
    Source,
    Table,
    Words,
    number,
    share,
)
from hotspring.analytics.words import OF_ALL, PEOPLE

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
GAPS: Final = (
    0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY,
)  # fmt: skip
"""Where bars of lengths of time begin."""
TIMES: Final = (1, 2, 3, 4, 5, 6, 8, 11, 21, 51, 101)
"""Where bars of times begin."""
BARS: Final = 20
VALUES: Final = 50
QUANTILES: Final = (0.25, 0.5, 0.75, 0.9)


class Distribution(Parameters, frozen=True, kw_only=True):
    """Parameters of a distribution."""

    event: Annotated[Step, told("Event", "事件", form="step")]
    of: Annotated[
        Literal["times", "values", "gaps"],
        told("Of", "看什么",
             "How often each person did it, which values it had, or how long until the next.",
             "每人做了几次、取了哪些值，或到下一次隔了多久。"),
        called(times=("Times", "次数"), values=("Values", "取值"), gaps=("Gaps", "间隔")),
    ] = "times"  # fmt: skip
    field: Annotated[
        str,
        told("Field", "字段", "For values: a dimension of the event, as properties.price.",
             "看取值时：事件的维度，如 properties.price。", "dimension", max_length=400),
    ] = ""  # fmt: skip
    then: Annotated[
        Step | None,
        told("Until", "直到", "For gaps: what ends them; without it the same again.",
             "看间隔时：到哪个事件为止；空为再次做同一件事。", "step"),
    ] = None  # fmt: skip


class Found(NamedTuple):
    """What was found: a row for each person, value or gap."""

    slot: Slots
    values: npt.NDArray[np.float64]
    """Times, numbers or ms; not a number where a value is none."""
    codes: npt.NDArray[np.int32]
    words: list[str]


def reads(asked: Distribution, setting: Setting) -> Reads:
    start, end = setting.period.bounds(setting.days)
    gaps = asked.of == "gaps"
    return Reads(
        start,
        end,
        steps=(asked.event, asked.then or asked.event) if gaps else (asked.event,),
        by=(asked.field,) if asked.of == "values" and asked.field else (),
    )


def find(asked: Distribution, source: Source, setting: Setting) -> Found:
    slots, values = [np.empty(0, np.int32)], [np.empty(0)]
    codes = [np.empty(0, np.int32)]
    named = asked.of == "values" and bool(asked.field)
    for rows in source:
        if asked.of == "times":
            slot, times = np.unique(rows.slot, return_counts=True)
            slots.append(slot)
            values.append(times.astype(np.float64))
        elif asked.of == "gaps":
            slot, lengths = gaps(rows.slot, rows.ms, rows.hits)
            slots.append(slot)
            values.append(lengths.astype(np.float64))
        else:
            slots.append(rows.slot)
            codes.append(rows.codes[0] if named else np.full(len(rows.slot), -1, np.int32))
    words = list(source.words(0)) if named else []
    code = np.concatenate(codes)
    if asked.of == "values":
        known = np.array([*map(number, words), np.nan])
        values = [known[code]]
    return Found(np.concatenate(slots), np.concatenate(values), code, words)


@numba.njit(cache=True, nogil=True)
def gaps(slot: Any, ms: Any, hits: Any) -> Any:
    """Of each owner, from the first event (bit 0) that waits to the next end (bit 1) at a later
    moment; then anew."""
    whose, lengths = np.empty(len(slot), np.int32), np.empty(len(slot), np.int64)
    used, row = 0, 0
    since = np.int64(-1)
    while row < len(slot):
        first, mask = row, np.int64(0)
        while row < len(slot) and slot[row] == slot[first] and ms[row] == ms[first]:
            mask |= hits[row]
            row += 1
        if since >= 0 and mask & 2:
            whose[used], lengths[used] = slot[first], ms[first] - since
            used += 1
            since = np.int64(-1)
        if since < 0 and mask & 1:
            since = ms[first]
        if row == len(slot) or slot[row] != slot[first]:
            since = np.int64(-1)
    return whose[:used], lengths[:used]


def _numeric(found: Found) -> bool:
    """Are these numbers, as far as there are any?"""
    return bool(len(found.words)) and not np.isnan(found.values[found.codes >= 0]).any()


def tell(asked: Distribution, found: Found, setting: Setting) -> Result:
    values = found.values[~np.isnan(found.values)]
    spread = _quantiles(values)
    timed = asked.of == "gaps"
    figures: dict[str, float | int | None] = {
        "people": len(np.unique(found.slot)),
        "many": len(found.slot),
        "mean": None if timed or not len(values) else round(float(values.mean()), 2),
        "median": None if timed else spread[1],
        "q90": None if timed else spread[3],
        "median_gap": spread[1] if timed else None,
        "q90_gap": spread[3] if timed else None,
    }
    named = asked.of == "values" and not _numeric(found)
    if named:
        figures |= dict.fromkeys(("mean", "median", "q90"))
        table = Table("values", VALUED, _values(found))
        chart = Chart("bar", "values", "value", ("many",))
    else:
        name, starts = ("gaps", GAPS) if timed else ("times", TIMES)
        edges = np.array([*starts, np.inf])
        if asked.of == "values":
            name, edges = "numbers", _edges(values)
        table = Table(name, BARRED["duration" if timed else "number"], _bars(values, edges))
        chart = Chart("bar", name, "low", ("many",))
    sentence = "nobody"
    if len(found.slot):
        sentence = "numbers" if asked.of == "values" and not named else str(asked.of)
    return Result(figures, (table,), (chart,), sentence)


def _quantiles(values: npt.NDArray[np.float64]) -> list[Any]:
    """Values that somebody has."""
    if not len(values):
        return [None] * len(QUANTILES)
    return [float(one) for one in np.quantile(values, QUANTILES, method="inverted_cdf")]


def _edges(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Round numbers that part values into at most so many bars."""
    if not len(values):
        return np.array([0.0, np.inf])
    low, high = float(values.min()), float(values.max())
    step = 10.0 ** math.floor(math.log10(max((high - low) / BARS, 1e-6)))
    step *= next(times for times in (1, 2, 5, 10) if step * times * BARS >= high - low)
    first = math.floor(low / step)
    return np.round(np.arange(first, math.floor(high / step) + 2) * step, 9)


def _bars(values: npt.NDArray[np.float64], edges: npt.NDArray[np.float64]) -> list[list[Any]]:
    place = np.searchsorted(edges, values, "right") - 1
    many = np.bincount(place, minlength=len(edges) - 1)[: len(edges) - 1]
    return [
        [float(low), None if math.isinf(high) else float(high), int(count),
         share(int(count), len(values))]
        for low, high, count in zip(edges[:-1], edges[1:], many, strict=True)
    ]  # fmt: skip


def _values(found: Found) -> list[list[Any]]:
    """The most frequent values, and the people who had each."""
    pairs = np.unique(np.stack([found.codes.astype(np.int64), found.slot]), axis=1)[0]
    names: list[str | None] = [None, *found.words]
    many = np.bincount(found.codes + 1, minlength=len(names)).tolist()
    people = np.bincount(pairs + 1, minlength=len(names)).tolist()
    there = [at for at in range(len(names)) if many[at]]
    there.sort(key=lambda at: (-many[at], names[at] is None, names[at] or ""))
    total = len(found.codes)
    rows = [[names[at], many[at], share(many[at], total), people[at]] for at in there[:VALUES]]
    if len(there) > VALUES:
        rest = sum(many[at] for at in there[VALUES:])
        rows.append([REST, rest, share(rest, total), None])
    return rows


def who(asked: Distribution, found: Found, cell: Cell, setting: Setting) -> Slots | None:
    if cell.get("table") == "values" and cell.get("column") == "people":
        value = cell.get("value")
        if value is not None and value not in found.words:
            return None
        code = -1 if value is None else found.words.index(value)
        return np.unique(found.slot[found.codes == code])
    if cell.get("table") != "times" or cell.get("column") != "many":
        return None
    low = cell.get("low")
    if low not in TIMES:
        return None
    ends = (*TIMES[1:], math.inf)
    high = ends[TIMES.index(int(low))]
    return np.unique(found.slot[(found.values >= low) & (found.values < high)])


def _barred(kind: Kind) -> tuple[Column, ...]:
    return (
        Column("low", kind, key=True), Column("high", kind),
        Column("many", "count", drill=kind == "number"), Column("of_all", "share"),
    )  # fmt: skip


BARRED: Final = {"number": _barred("number"), "duration": _barred("duration")}
VALUED: Final = (
    Column("value", "group", key=True), Column("many", "count"), Column("of_all", "share"),
    Column("people", "count", drill=True),
)  # fmt: skip
WORDS: Final = Words(
    title=Said("Distribution", "分布与间隔"),
    about=Said(
        "How often people do something, with which values, and how long until the next time.",
        "人们做一件事有多频繁、取哪些值，到下一次隔多久。",
    ),
    tables={
        "times": Said("Times per person", "每人次数"),
        "values": Said("Values", "取值"),
        "numbers": Said("Values", "数值"),
        "gaps": Said("Time between", "间隔"),
    },
    columns={
        "low": Said("From", "从"),
        "high": Said("To below", "到（不含）"),
        "many": Said("How many", "数量"),
        "of_all": OF_ALL,
        "value": Said("Value", "值"),
        "people": PEOPLE,
    },
    figures={
        "people": ("count", PEOPLE),
        "many": ("count", Said("How many", "数量")),
        "mean": ("number", Said("In the mean", "平均")),
        "median": ("number", Said("Half have at most", "一半不超过")),
        "q90": ("number", Said("Nine in ten have at most", "九成不超过")),
        "median_gap": ("duration", Said("Half took at most", "一半间隔不超过")),
        "q90_gap": ("duration", Said("Nine in ten took at most", "九成间隔不超过")),
    },
    sentences={
        "times": Said(
            "{people} people did it {mean} times in the mean, half of them at most {median} times.",
            "{people} 人做过，平均 {mean} 次，一半人不超过 {median} 次。",
        ),
        "values": Said("{many} events of {people} people.", "{people} 人的 {many} 个事件。"),
        "numbers": Said(
            "{many} events of {people} people: {mean} in the mean, half at most {median}.",
            "{people} 人的 {many} 个事件：平均 {mean}，一半不超过 {median}。",
        ),
        "gaps": Said(
            "{many} times of {people} people: half took at most {median_gap}, nine in ten "
            "{q90_gap}.",
            "{people} 人共 {many} 次：一半间隔不超过 {median_gap}，九成不超过 {q90_gap}。",
        ),
        "nobody": Said("Nobody did it in this period.", "这段时间没有人做过。"),
    },
)
ANALYSIS: Final = Analysis(
    WORDS, Distribution, reads, find, tell, who,
    example={"event": {"event": "Order Completed"}, "of": "gaps", "days": 365},
)  # fmt: skip
