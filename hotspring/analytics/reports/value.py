"""Channel value: what each channel cost, what it brought, and when its customers paid for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Period, dated
from hotspring.analytics.report import (
    REST,
    Analysis,
    Cell,
    Chart,
    Column,
    Reads,
    Result,
    Said,
    Setting,
    Slots,
    Source,
    Table,
    Words,
    share,
)
from hotspring.analytics.reports._owed import (
    Crediting,
    Deeds,
    gathered,
    regrouped,
    steps_of,
    window_of,
)
from hotspring.attribution import Journeys, Window, walk
from hotspring.costs import spent
from hotspring.days import DAY_MS

LONGEST: Final = 366
"""Days after their first conversion for which customers are followed."""
SEEN: Final = 0.1
"""So large a part of the customers must have been seen for so long."""
POINTS: Final = (0, 7, 14, 30, 60, 90, 180, 365)

Floats = npt.NDArray[np.float64]


class Value(Crediting, frozen=True, kw_only=True):
    """Parameters of channel value."""


class Spell(NamedTuple):
    """What one period came to, by channel."""

    fresh: Journeys
    """The journeys of first conversions ever, by the channels that are told apart."""
    whose: Slots
    """By journey: the slot of its owner."""
    credit: dict[str, tuple[float, float]]
    """Conversions and their value."""
    new: dict[str, float]
    """First conversions."""
    cost: dict[str, float]
    untold: float
    """Cost that names no such channel."""


class Found(NamedTuple):
    """This period and the one before, and how customers paid back."""

    now: Spell
    before: Spell
    brought: dict[str, Floats]
    """By channel: what a customer had brought by the end of each day since the first conversion,
    in the mean; for as many days as enough customers have been seen."""


def reads(asked: Value, setting: Setting) -> Reads:
    steps, _ = steps_of(asked, setting)
    # Whether a conversion is somebody's first, only all of them tell.
    return Reads(0, setting.now + 1, steps=steps, by=(asked.by,), money=True)


def find(asked: Value, source: Source, setting: Setting) -> Found:
    periods = setting.period, setting.period.before()
    windows = [window_of(asked, setting, period) for period in periods]
    deeds = gathered(asked, source, setting, windows[1].start - windows[1].lookback_ms)
    opens = _opening(deeds.slot, deeds.brought)
    first = deeds._replace(brought=np.where(opens, deeds.brought, np.nan))
    owned, _ = _walked(deeds, windows[0])
    names = asked.told_apart(owned)
    now, before = (
        _spell(asked, setting, period, names, (deeds, first), window)
        for period, window in zip(periods, windows, strict=True)
    )
    return Found(now, before, _brought(asked, deeds, opens, (now, before), setting.now))


def _walked(deeds: Deeds, window: Window) -> tuple[Journeys, Slots]:
    found = walk(deeds.slot, deeds.ms, deeds.touch, deeds.brought, window, deeds.names)
    return found.journeys, found.whose


@numba.njit(cache=True, nogil=True)
def _opening(slot: Any, brought: Any) -> Any:
    """bool by row: is it the first conversion of its owner?"""
    found, seen = np.zeros(len(slot), np.bool_), False
    for row in range(len(slot)):
        if row == 0 or slot[row] != slot[row - 1]:
            seen = False
        if not seen and not np.isnan(brought[row]):
            found[row] = seen = True
    return found


def _spell(
    asked: Value, setting: Setting, period: Period, names: tuple[str, ...],
    both: tuple[Deeds, Deeds], window: Window,
) -> Spell:  # fmt: skip
    (owned, _), (fresh, whose) = (_walked(one, window) for one in both)
    owned, fresh = regrouped(owned, names), regrouped(fresh, names)
    credit, new = (one.table(asked.credit(one)) for one in (owned, fresh))
    cost, untold, known = dict[str, float](), 0.0, set(both[0].names)
    paid = spent(setting.costs, asked.by, (period.first, period.last + 1))
    for word, (amount,) in paid.items():
        if not word:
            untold += float(amount)
            continue
        name = REST if word in known and word not in names else word
        cost[name] = cost.get(name, 0.0) + float(amount)
    many = {name: conversions for name, (conversions, _) in new.items()}
    return Spell(fresh, whose, dict(credit), many, cost, untold)


# --- how customers pay back ---


def _brought(
    asked: Value, deeds: Deeds, opens: npt.NDArray[np.bool_], spells: Sequence[Spell], now: int
) -> dict[str, Floats]:
    """What customers brought by each day: the mean cumulative function (Nelson, "Confidence limits
    for recurrence data", Technometrics 1995), where each customer counts for a channel as much as
    the first conversion is owed to it."""
    start = np.full(int(deeds.slot.max(initial=-1)) + 1, -1, np.int64)
    start[deeds.slot[opens]] = np.flatnonzero(opens)
    names = spells[0].fresh.names
    gain, seen = np.zeros((2, len(names), LONGEST))
    for spell in spells:
        journeys = spell.fresh
        _followed(
            deeds.slot, deeds.ms, deeds.brought, start, journeys.touch, journeys.ends,
            asked.by_touch.parts(journeys), journeys.conversions, spell.whose, now,
            gain, seen,
        )  # fmt: skip
    risk = seen[:, ::-1].cumsum(axis=1)[:, ::-1]
    found = {}
    for at, name in enumerate(names):
        enough = (risk[at] > 0) & (risk[at] >= SEEN * risk[at, 0])
        days = LONGEST if enough.all() else int(np.argmin(enough))
        found[name] = np.cumsum(gain[at, :days] / risk[at, :days])
    return found


@numba.njit(cache=True, nogil=True)
def _followed(
    slot: Any, ms: Any, brought: Any, start: Any, touch: Any, ends: Any, parts: Any,
    conversions: Any, whose: Any, now: Any, gain: Any, seen: Any,
) -> None:  # fmt: skip
    """Adds by channel and day what customers brought, and until which day each has been seen."""
    begin = 0
    for journey in range(len(ends)):
        if conversions[journey] > 0:
            row = start[whose[journey]]
            opened = ms[row]
            last = min((now - opened) // DAY_MS, gain.shape[1] - 1)
            for at in range(begin, ends[journey]):
                seen[touch[at], last] += parts[at]
            while row < len(slot) and slot[row] == whose[journey]:
                day = (ms[row] - opened) // DAY_MS
                if day > last:
                    break
                if not np.isnan(brought[row]):
                    for at in range(begin, ends[journey]):
                        gain[touch[at], day] += parts[at] * brought[row]
                row += 1
        begin = ends[journey]


# --- telling ---


class Line(NamedTuple):
    """The figures of one channel, or of several together; None where they mean nothing."""

    cost: float
    conversions: float
    value: float
    new: float
    cac: float | None
    roas: float | None
    roi: float | None

    @classmethod
    def of(cls, spell: Spell, names: Sequence[str], margin: float) -> Line:
        cost = sum(spell.cost.get(name, 0.0) for name in names)
        conversions, value = (
            sum(spell.credit.get(name, (0.0, 0.0))[which] for name in names) for which in (0, 1)
        )
        new = sum(spell.new.get(name, 0.0) for name in names)
        return cls(
            cost, conversions, value, new, share(cost, new) if cost > 0 else None,
            share(value, cost), None if cost == 0 else (value * margin - cost) / cost,
        )  # fmt: skip


FIGURES: Final = (
    Column("cost", "money"), Column("conversions", "number"), Column("value", "money"),
    Column("new", "number"), Column("cac", "money"), Column("roas", "number"),
    Column("roi", "share"),
)  # fmt: skip


def tell(asked: Value, found: Found, setting: Setting) -> Result:
    now, before = found.now, found.before
    paid, paid_before = (
        Line.of(one, [name for name, cost in one.cost.items() if cost > 0], asked.margin)
        for one in (now, before)
    )
    groups, curves = [], list[list[Any]]()
    for name in _order(now):
        line, earlier = (Line.of(one, [name], asked.margin) for one in (now, before))
        coefficient = None if line.roas is None else share(line.roas, paid.roas or 0.0)
        days = _payback(found.brought.get(name), line.cac, asked.margin)
        groups.append([
            name, *line, coefficient, days, len(_customers(now, name)), earlier.cost,
            earlier.roas,
        ])  # fmt: skip
        curves += _curve(name, found.brought.get(name), line.cac, asked.margin)
    columns = (
        Column("group", "group", key=True), *FIGURES, Column("coefficient", "number"),
        Column("payback", "number"), Column("touched", "count", drill=True),
        Column("cost_before", "money"), Column("roas_before", "number"),
    )  # fmt: skip
    totals = [
        [dated(period.first), *line, one.untold]
        for period, line, one in (
            (setting.period, paid, now), (setting.period.before(), paid_before, before),
        )
    ]  # fmt: skip
    figures = {
        **paid._asdict(), "untold": now.untold, "roas_before": paid_before.roas,
        "every": sum(value for _, value in now.credit.values()),
    }  # fmt: skip
    tables = (
        Table("groups", columns, groups),
        Table("totals", (Column("from", "day", key=True), *FIGURES, Column("untold", "money")),
              totals),
        Table("payback", (
            Column("group", "group", key=True), Column("day", "number", key=True),
            Column("brought", "money"), Column("of_cac", "share"),
        ), curves),
    )  # fmt: skip
    charts = (
        Chart("bar", "groups", "group", ("cost", "value")),
        Chart("bar", "groups", "group", ("coefficient",)),
        Chart("line", "payback", "day", ("of_cac",), "group"),
    )
    return Result(figures, tables, charts, _sentence(paid, paid_before, now))


def _sentence(paid: Line, before: Line, now: Spell) -> str:
    if paid.cost == 0:
        return "untold" if now.untold > 0 else "nothing"
    if paid.conversions == 0:
        return "unmatched"
    return "first" if before.roas is None else "done"


def _order(spell: Spell) -> list[str]:
    """Channels that cost or brought something, the dearest first; the rest at the end."""
    names = {name for name, credit in spell.credit.items() if any(credit)} | set(spell.cost)
    worth = {name: (spell.cost.get(name, 0.0), spell.credit.get(name, (0.0, 0.0))[1])
             for name in names}  # fmt: skip
    return sorted(names, key=lambda name: (name == REST, -worth[name][0], -worth[name][1], name))


def _payback(brought: Floats | None, cac: float | None, margin: float) -> int | None:
    """By the end of which day had a customer brought what one costs? 0 is the first day."""
    if brought is None or cac is None:
        return None
    paid = np.flatnonzero(brought * margin >= cac)
    return int(paid[0]) if len(paid) else None


def _curve(name: str, brought: Floats | None, cac: float | None, margin: float) -> list[list[Any]]:
    if brought is None or cac is None:
        return []
    return [
        [name, day, float(brought[day]) * margin, share(float(brought[day]) * margin, cac)]
        for day in POINTS
        if day < len(brought)
    ]


def _customers(spell: Spell, name: str) -> Slots:
    """Whose first conversion looked back on this channel?"""
    many = spell.fresh.touching(name) & (spell.fresh.conversions > 0)
    return np.unique(spell.whose[many])


def who(asked: Value, found: Found, cell: Cell, setting: Setting) -> Slots | None:
    if cell.get("table") != "groups" or cell.get("column") != "touched":
        return None
    return _customers(found.now, str(cell.get("group")))


WORDS: Final = Words(
    title=Said("Channel value", "渠道价值"),
    about=Said(
        "What each channel cost, what it brought, and when its new customers have paid for it.",
        "每个渠道花了多少、带来多少，新客户多久回本。",
    ),
    tables={
        "groups": Said("Channels", "渠道"),
        "totals": Said("Against the period before", "与上一时段对比"),
        "payback": Said("Payback", "回本"),
    },
    columns={
        "group": Said("Channel", "渠道"),
        "from": Said("From", "开始日期"),
        "cost": Said("Cost", "费用"),
        "conversions": Said("Conversions", "转化数"),
        "value": Said("Revenue", "收入"),
        "new": Said("New customers", "新客户"),
        "cac": Said("Cost of a new customer (CAC)", "获客成本（CAC）"),
        "roas": Said("Revenue on cost (ROAS)", "广告支出回报（ROAS）"),
        "roi": Said("Return on cost (ROI)", "投资回报率（ROI）"),
        "coefficient": Said("Value coefficient", "渠道价值系数"),
        "payback": Said("Payback in days", "回本天数"),
        "touched": Said("New customers it touched", "触达的新客户"),
        "cost_before": Said("Cost before", "上一时段费用"),
        "roas_before": Said("ROAS before", "上一时段 ROAS"),
        "untold": Said("Cost without a channel", "未注明渠道的费用"),
        "day": Said("Days since the first conversion", "首次转化后天数"),
        "brought": Said("Margin of a customer", "每位客户的毛利"),
        "of_cac": Said("Of the cost of a customer", "占获客成本"),
    },
    figures={
        "cost": ("money", Said("Cost", "费用")),
        "conversions": ("number", Said("Conversions", "转化数")),
        "value": ("money", Said("Revenue", "收入")),
        "new": ("number", Said("New customers", "新客户")),
        "cac": ("money", Said("Cost of a new customer (CAC)", "获客成本（CAC）")),
        "roas": ("number", Said("Revenue on cost (ROAS)", "广告支出回报（ROAS）")),
        "roi": ("share", Said("Return on cost (ROI)", "投资回报率（ROI）")),
        "untold": ("money", Said("Cost without a channel", "未注明渠道的费用")),
        "roas_before": ("number", Said("ROAS before", "上一时段 ROAS")),
        "every": ("money", Said("Revenue of all channels", "全部渠道的收入")),
    },
    sentences={
        "done": Said(
            "{cost} spent on channels brought {value}: {roas} for each 1 spent, {roas_before} in "
            "the period before.",
            "渠道费用 {cost} 带来收入 {value}：每花 1 带来 {roas}，上一时段为 {roas_before}。",
        ),
        "first": Said(
            "{cost} spent on channels brought {value}: {roas} for each 1 spent. No cost is known "
            "of the period before.",
            "渠道费用 {cost} 带来收入 {value}：每花 1 带来 {roas}。上一时段没有费用记录。",
        ),
        "unmatched": Said(
            "{cost} were spent, and no conversion is owed to a channel of that name: compare the "
            "words of the costs with those of the touchpoints.",
            "花费 {cost}，但没有转化归功于这些名称的渠道：请核对费用与触点所用的词是否一致。",
        ),
        "untold": Said(
            "{untold} were spent, and none of it names a channel of this dimension: choose "
            "another one, or say it in the costs.",
            "花费 {untold}，但都没有注明这一维度的渠道：换一个维度，或在费用中注明。",
        ),
        "nothing": Said(
            "No cost is known of this period: import what was paid under Costs.",
            "这段时间没有费用记录：请在“费用”页导入花费。",
        ),
    },
)  # fmt: skip
ANALYSIS: Final = Analysis(
    WORDS, Value, reads, find, tell, who, example={"by": "utm_source", "days": 90}, costs=True
)
