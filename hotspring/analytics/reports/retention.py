"""Retention: of those who began in a day, week or month, how many come back in the ones after."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.analytics.calendar import Calendar
from hotspring.analytics.parameters import (
    Parameters,
    Step,
    Unit,
    begins,
    called,
    dated,
    told,
    units,
)
from hotspring.analytics.report import (
    MILLIONTHS,
    Analysis,
    Cell,
    Chart,
    Column,
    Reads,
    Result,
    Rows,
    Said,
    Setting,
    Slots,
    Source,
    Table,
    Words,
    distinct,
    ranked,
    share,
)
from hotspring.analytics.reports._returns import NEVER, counted, members
from hotspring.analytics.words import BY_GROUP, GROUP, PEOPLE
from hotspring.days import FIRST as FIRST_DAY

MOST: Final = 60
"""Periods; each is a bit of a number."""
GROUPS: Final = 10


class Retention(Parameters, frozen=True, kw_only=True):
    """Parameters of retention."""

    days: Annotated[int, told("Days", "天数", ge=1, le=3_660)] = 90
    first: Annotated[
        Step, told("Begins with", "起始事件", "What people begin with.", "用户从哪件事开始。",
                   "step"),
    ]  # fmt: skip
    back: Annotated[
        Step | None,
        told("Comes back with", "回访事件",
             "What counts as coming back; without it the same again.",
             "什么算回访；空为再次做起始事件。", "step"),
    ] = None  # fmt: skip
    unit: Annotated[Unit, told("Period", "周期")] = "week"
    periods: Annotated[
        int,
        told(
            "Periods", "周期数", "So many after the first.", "起始之后看几个周期。", ge=1, le=MOST
        ),
    ] = 12
    count: Annotated[
        Literal["within", "from_then", "bracket"],
        told("Counts", "算法",
             "Who comes back within a period, at any time from then on, or in several periods.",
             "在该周期内回访、从该周期起任何时候回访，或在若干周期的区间内回访。"),
        called(
            within=("Within the period", "周期内"),
            from_then=("From the period on", "从该周期起"),
            bracket=("In brackets", "按区间"),
        ),
    ] = "within"  # fmt: skip
    brackets: Annotated[
        tuple[Annotated[int, told("Begins", "开始", ge=0, le=MOST)], ...],
        told("Brackets", "区间", "At which periods brackets begin, ascending.",
             "各区间从第几个周期开始，升序。", max_length=20),
    ] = (0, 1, 3, 7)  # fmt: skip
    cohorts: Annotated[
        Literal["first", "each"],
        told("Cohorts", "分批",
             "By the period of their first time ever, or by each in which they began.",
             "按有史以来第一次的周期分批，或每个起始过的周期都算。"),
        called(
            first=("First time ever", "有史以来第一次"), each=("Each beginning", "每次起始")
        ),
    ] = "first"  # fmt: skip
    by: Annotated[
        str,
        told("By", "分组", "A dimension of the event they began with.", "起始事件的维度。",
             "dimension", max_length=400),
    ] = ""  # fmt: skip
    revenue: Annotated[
        bool, told("Revenue", "收入", "What the cohorts spend, too.", "同时计算各批用户的消费。")
    ] = False


class Members(NamedTuple):
    """Who stands in which cohort: a row for each."""

    slot: Slots
    unit: npt.NDArray[np.int64]
    """Of the beginning, from the first unit of the period on."""
    mask: npt.NDArray[np.int64]
    """Bit `n`: came back in the n-th period after; of the same one, after having begun."""
    last: npt.NDArray[np.int64]
    """The last unit with a return; before the beginning where there is none."""
    group: npt.NDArray[Any]
    names: list[Any]
    money: dict[int, npt.NDArray[np.float64]]
    """By unit: millionths spent in each period."""


def reads(asked: Retention, setting: Setting) -> Reads:
    days, period = setting.days, setting.period
    start, _ = period.bounds(days)
    if asked.cohorts == "first":
        start = int(days.start(np.array([FIRST_DAY]))[0])
    money = (*setting.paying, *setting.refunds) if asked.revenue else ()
    return Reads(
        start,
        setting.now + 1,
        steps=(asked.first, asked.back or asked.first, *money),
        by=(asked.by,) if asked.by else (),
        money=asked.revenue,
    )


def find(asked: Retention, source: Source, setting: Setting) -> Members:
    base = int(units(np.int64(setting.period.first), asked.unit))
    span = _unit(asked, setting, setting.now) + 1
    nobody, none = np.empty(0, np.int32), np.empty(0, np.int64)
    parts: list[tuple[Any, ...]] = [(nobody, none, none, none, nobody)]
    money: dict[int, npt.NDArray[np.float64]] = {}
    start, end = setting.period.bounds(setting.days)
    calendar = Calendar.of(setting.days, asked.unit, base)
    limits = (np.int64(start), np.int64(end), asked.periods, max(span, 1))
    once, bits = asked.cohorts == "first", _bits(len(setting.paying), asked.revenue)
    nothing = np.empty(0, np.int32)

    def begun(rows: Rows) -> Any:
        code = rows.codes[0] if asked.by else nothing
        return members(
            rows.slot, rows.ms, rows.hits, code, rows.worth, *calendar, *limits, once, *bits
        )

    for *found, spent in source.each(begun):
        parts.append(tuple(found))
        if asked.revenue:
            _add(money, found[1], spent)
    slot, unit, mask, last, codes = (np.concatenate(one) for one in zip(*parts, strict=True))
    group, names = ranked(codes, source.words(0), GROUPS) if asked.by else (codes, [])
    return Members(slot, unit, mask, last, group, names, money)


def _bits(paying: int, revenue: bool) -> tuple[np.int64, np.int64]:
    """Which hits are orders, and which are refunds where they are no orders?"""
    if not revenue:
        return np.int64(0), np.int64(0)
    return np.int64(((1 << paying) - 1) << 2), np.int64(-(1 << (2 + paying)))


def _add(money: dict[int, Any], unit: Any, spent: Any) -> None:
    order = np.argsort(unit, kind="stable")
    there, starts = np.unique(unit[order], return_index=True)
    sums = np.add.reduceat(spent[order], starts, axis=0) if len(order) else spent
    for one, total in zip(there.tolist(), sums, strict=True):
        money[one] = money[one] + total if one in money else total


def _unit(asked: Retention, setting: Setting, ms: int) -> int:
    """In which unit a moment lies, from the first of the period on."""
    day = setting.days.of(np.array([ms]))
    base = units(np.int64(setting.period.first), asked.unit)
    return int(np.asarray(units(day, asked.unit))[0] - base)


class Ages(NamedTuple):
    """One column of the triangle."""

    begins: int
    ends: int
    """Last period; of `from_then` the same as the first, though later ones count."""


def ages(asked: Retention) -> list[Ages]:
    if asked.count != "bracket":
        return [Ages(n, n) for n in range(asked.periods + 1)]
    starts = sorted({one for one in asked.brackets if one <= asked.periods}) or [0]
    ends = [*(one - 1 for one in starts[1:]), asked.periods]
    return [Ages(*pair) for pair in zip(starts, ends, strict=True)]


def _came(asked: Retention, found: Members, column: Ages) -> npt.NDArray[np.bool_]:
    """Who of all members came back?"""
    if asked.count == "from_then":
        if column.begins == 0:
            return (found.mask & 1 > 0) | (found.last > found.unit)
        return found.last >= found.unit + column.begins
    wide = (1 << (column.ends + 1)) - (1 << column.begins)
    return np.asarray(found.mask & np.int64(wide) != 0)


def tell(asked: Retention, found: Members, setting: Setting) -> Result:
    columns, now = ages(asked), _unit(asked, setting, setting.now)
    base = int(units(np.int64(setting.period.first), asked.unit))
    last = int(units(np.int64(setting.period.last), asked.unit)) - base
    everybody = np.zeros(len(found.slot), np.int64)
    ((sizes, backs),) = _counted(asked, found, everybody, 1, last + 1)
    triangle = [
        [
            dated(begins(base + unit, asked.unit)), column.begins, int(sizes[unit]),
            int(back[unit]), share(int(back[unit]), int(sizes[unit])), unit + column.ends < now,
        ]
        for unit in range(min(last, now) + 1)
        for column, back in zip(columns, backs, strict=True)
        if sizes[unit] and unit + column.begins <= now
    ]  # fmt: skip
    curve = _curve(sizes, backs, columns, now)
    tables = [Table("triangle", TRIANGLE, triangle), Table("curve", CURVE, curve)]
    charts = [
        Chart("triangle", "triangle", "period", ("rate",), by="cohort"),
        Chart("line", "curve", "period", ("rate",)),
    ]
    if asked.by:
        groups = _counted(asked, found, found.group, len(found.names), last + 1)
        rows = [
            [name, *row]
            for name, counts in zip(found.names, groups, strict=True)
            for row in _curve(*counts, columns, now)
        ]
        tables.append(Table("groups", (Column("group", "group", key=True), *CURVE), rows))
        charts.append(Chart("line", "groups", "period", ("rate",), by="group"))
    if asked.revenue:
        tables.append(_money(asked, found, base, now))
        charts.append(Chart("triangle", "money", "period", ("per_head",), by="cohort"))
    told = [row for row in curve if row[0] > 0 and row[3] is not None]
    figures: dict[str, float | int | None] = {
        "people": distinct(found.slot),
        "next_rate": told[0][3] if told and told[0][0] == 1 else None,
        "last": told[-1][0] if told else None,
        "last_rate": told[-1][3] if told else None,
    }
    sentence = "nobody" if not len(found.slot) else "curve" if told else "early"
    return Result(figures, tuple(tables), tuple(charts), sentence)


def _counted(
    asked: Retention, found: Members, group: Any, groups: int, size: int
) -> list[tuple[Any, Any]]:
    """By group: how many began in each unit, and for each column how many of them came back."""
    columns = ages(asked)
    wide = [(1 << (column.ends + 1)) - (1 << column.begins) for column in columns]
    starts = np.array([column.begins for column in columns], np.int64)
    sizes, backs = counted(
        found.unit, found.mask, found.last, group, np.array(wide, np.int64), starts,
        asked.count == "from_then", groups, size,
    )  # fmt: skip
    return list(zip(sizes, backs, strict=True))


def _curve(sizes: Any, backs: Any, columns: list[Ages], now: int) -> list[list[Any]]:
    """Over all cohorts whose period is over."""
    rows = []
    for column, back in zip(columns, backs, strict=True):
        ripe = max(min(now - column.ends, len(sizes)), 0)
        size, many = int(sizes[:ripe].sum()), int(back[:ripe].sum())
        rows.append([column.begins, size, many, share(many, size)])
    return rows


def _money(asked: Retention, found: Members, base: int, now: int) -> Table:
    rows = []
    for unit, spent in sorted(found.money.items()):
        size = int((found.unit == unit).sum())
        day = dated(begins(base + unit, asked.unit))
        for n, one in enumerate(spent.tolist()):
            if unit + n <= now:
                money = one / MILLIONTHS
                first = float(spent[0]) / MILLIONTHS
                rows.append([
                    day, n, round(money, 2), round(money / size, 2),
                    share(money, first) if first > 0 else None, unit + n < now,
                ])  # fmt: skip
    columns = (
        Column("cohort", "day", key=True), Column("period", "number", key=True),
        Column("money", "money"), Column("per_head", "money"), Column("of_first", "share"),
        Column("over", "flag"),
    )  # fmt: skip
    return Table("money", columns, rows)


def who(asked: Retention, found: Members, cell: Cell, setting: Setting) -> Slots | None:
    columns = {column.begins: column for column in ages(asked)}
    column = columns.get(cell.get("period", 0))
    if column is None:
        return None
    now = _unit(asked, setting, setting.now)
    of = np.ones(len(found.slot), bool)
    base = int(units(np.int64(setting.period.first), asked.unit))
    if cell.get("table") == "triangle":
        named = {dated(begins(base + int(one), asked.unit)): one for one in np.unique(found.unit)}
        of &= found.unit == named.get(str(cell.get("cohort")), NEVER)
    elif cell.get("table") in ("curve", "groups"):
        of &= found.unit + column.ends < now
        if cell.get("table") == "groups":
            if cell.get("group") not in found.names:
                return None
            of &= found.group == found.names.index(cell.get("group"))
    else:
        return None
    if cell.get("column") == "back":
        of &= _came(asked, found, column)
    elif cell.get("column") != "people":
        return None
    return np.unique(found.slot[of])


CURVE: Final = (
    Column("period", "number", key=True), Column("people", "count", drill=True),
    Column("back", "count", drill=True), Column("rate", "share"),
)  # fmt: skip
TRIANGLE: Final = (Column("cohort", "day", key=True), *CURVE, Column("over", "flag"))
WORDS: Final = Words(
    title=Said("Retention", "留存"),
    about=Said(
        "Of those who began in a period, how many come back later, and what they spend.",
        "某个周期开始的用户，之后有多少回来，花了多少。",
    ),
    tables={
        "triangle": Said("Cohorts", "各批用户"),
        "curve": Said("All cohorts", "全部用户"),
        "groups": BY_GROUP,
        "money": Said("Revenue", "收入"),
    },
    columns={
        "cohort": Said("Began", "开始于"),
        "group": GROUP,
        "period": Said("Periods later", "之后第几个周期"),
        "people": PEOPLE,
        "back": Said("Came back", "回来"),
        "rate": Said("Retention", "留存率"),
        "over": Said("The period is over", "周期已结束"),
        "money": Said("Revenue", "收入"),
        "per_head": Said("Per head", "人均"),
        "of_first": Said("Of the first period", "占首个周期"),
    },
    figures={
        "people": ("count", Said("Began", "开始的人数")),
        "next_rate": ("share", Said("Came back in the next period", "下一周期留存")),
        "last": ("number", Said("The last period that is over", "最后一个已结束的周期")),
        "last_rate": ("share", Said("Came back in that one", "该周期留存")),
    },
    sentences={
        "curve": Said(
            "{people} began; {next_rate} came back in the next period, {last_rate} {last} periods "
            "later.",
            "{people} 人开始；下一周期留存 {next_rate}，第 {last} 个周期留存 {last_rate}。",
        ),
        "early": Said(
            "{people} began; no period after that is over yet.",
            "{people} 人开始；之后的周期都还没有结束。",
        ),
        "nobody": Said("Nobody began in this period.", "这段时间没有人开始。"),
    },
)
ANALYSIS: Final = Analysis(
    WORDS, Retention, reads, find, tell, who,
    example={"first": {"event": "Order Completed"}, "unit": "month", "days": 365, "revenue": True},
)  # fmt: skip
