"""Budget: what more or less spending on channels would bring, and the split that brings most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import LONGEST, Part, called, dated, told
from hotspring.analytics.report import (
    REST,
    Analysis,
    Chart,
    Column,
    Kind,
    Reads,
    Result,
    Said,
    Setting,
    Source,
    Table,
    Words,
)
from hotspring.analytics.reports._owed import Crediting, steps_of
from hotspring.analytics.reports._spending import WEEK, Spending, Unit, spending
from hotspring.days import DAY_MS
from hotspring.response import Curve, History, Judged, Split, judged, split

BEYOND: Final = 1.5
"""So many times the greatest spending ever seen is the most that is proposed."""
LEVELS: Final = (0.025, 0.975)
"""Of histories like this one, 95 in 100 lie between."""
POINTS: Final = 31
"""Of each curve."""
VALUES: Final = ("brings_now", "brings_then", "gain", "gain_low", "gain_high")
"""Told as money or as conversions."""
SAME: Final = 0.01
"""A gain below this part of what is brought is none worth a change."""

Floats = npt.NDArray[np.float64]


class Bound(Part, frozen=True, kw_only=True):
    """How little and how much one channel may be given."""

    channel: Annotated[str, told("Channel", "渠道", min_length=1, max_length=400)]
    least: Annotated[float, told("At least", "至少", ge=0, le=1e12)] = 0.0
    most: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=1e12)] | None, told("At most", "至多")
    ] = None

    def __post_init__(self) -> None:
        if self.most is not None and self.most < self.least:
            raise ValueError("the most is below the least")


class Budget(Crediting, frozen=True, kw_only=True):
    """Parameters of the split of a budget."""

    days: Annotated[
        int,
        told("Days", "天数", "Length of the period, where it has no first day.",
             "没有开始日期时，时段的天数。", ge=1, le=LONGEST),
    ] = 180  # fmt: skip

    budget: Annotated[
        Annotated[float, msgspec.Meta(ge=0, le=1e12)] | None,
        told("Budget of a week", "每周预算",
             "For all channels together; without it as much as now.",
             "所有渠道合计；不填为目前的花费。"),
    ] = None  # fmt: skip
    aim: Annotated[
        Literal["revenue", "conversions"],
        told("Aim", "目标", "What shall be most.", "使什么最多。"),
        called(revenue=("Revenue", "收入"), conversions=("Conversions", "转化数")),
    ] = "revenue"
    unit: Annotated[
        Unit,
        told("Compare", "比较单位",
             "What is set beside each other: weeks, or days where weeks are too few.",
             "逐周比较；周数不足时逐日比较。"),
        called(auto=("Weeks, else days", "按周，不足则按天"), week=("Weeks", "按周"),
               day=("Days", "按天")),
    ] = "auto"  # fmt: skip
    bounds: Annotated[
        tuple[Bound, ...],
        told("Bounds", "上下限", "The least and the most of a channel in a week.",
             "某个渠道每周至少和至多的花费。", max_length=50),
    ] = ()  # fmt: skip


class Plan(NamedTuple):
    """The best split over the channels of which something can be told, in their order."""

    now: Floats
    best: Split
    ranges: Floats
    """The least and the most that histories like this one propose: 2 × channels."""
    brings: Floats
    """Now and then: 2 × channels."""
    gains: Floats
    """The gain of each, and the least and the most of it: 3 × channels."""
    gain: tuple[float, float, float]
    """Of all together."""


class Found(NamedTuple):
    """What the history tells, and the plan that follows; None where the budget has no room."""

    spending: Spending
    channels: list[Judged]
    budget: float
    kept: float
    """What stays with channels of which nothing can be told."""
    plan: Plan | None


def reads(asked: Budget, setting: Setting) -> Reads:
    start, _ = setting.period.bounds(setting.days)
    steps, _ = steps_of(asked, setting)
    since = start - asked.lookback * DAY_MS
    return Reads(since, setting.now + 1, steps=steps, by=(asked.by,), money=True)


def find(asked: Budget, source: Source, setting: Setting) -> Found:
    spent = spending(asked, asked.unit, asked.aim == "revenue", source, setting)
    stretches = spent.stretches
    block = WEEK if stretches.length == 1 else max(2, round(stretches.many ** (1 / 3)))
    channels = judged(spent.histories, block)
    channels = [one for one in channels if one.history.name != REST]
    now = sum(spent.now.values())
    budget = now if asked.budget is None else asked.budget
    curved = [one for one in channels if one.curve is not None]
    kept = now - sum(spent.now.get(one.history.name, 0.0) for one in curved)
    plan = _plan(asked, spent.now, curved, budget - kept) if curved else None
    return Found(spent, channels, budget, kept, plan)


def _bounds(asked: Budget, channels: list[Judged]) -> tuple[Floats, Floats]:
    """Nothing beyond what was nearly tried, unless somebody asks for it."""
    own = {one.channel: one for one in asked.bounds}
    low, high = [], []
    for channel in channels:
        bound = own.get(channel.history.name)
        seen = BEYOND * float(channel.history.spend.max())
        low.append(0.0 if bound is None else bound.least)
        most = seen if bound is None or bound.most is None else min(bound.most, seen)
        high.append(max(most, low[-1]))
    return np.array(low), np.array(high)


def _plan(
    asked: Budget, costs: Mapping[str, float], channels: list[Judged], budget: float
) -> Plan | None:
    low, high = _bounds(asked, channels)
    if budget < low.sum():
        return None
    now = np.array([costs.get(one.history.name, 0.0) for one in channels])
    curves = _stacked([one.curve for one in channels])
    samples = _stacked([one.samples for one in channels])
    best = split(curves, budget, low, high)
    others = [
        split(Curve(*(part[:, at] for part in samples)), budget, low, high).spend
        for at in range(samples.most.shape[1])
    ]
    brings = np.stack([curves.brings(now), curves.brings(best.spend)])
    gains = samples.brings(best.spend[:, None]) - samples.brings(now[:, None])
    gain = brings[1] - brings[0]
    whole = np.quantile(gains.sum(axis=0), LEVELS)
    return Plan(
        now, best, np.quantile(others, LEVELS, axis=0), brings,
        np.vstack([gain, np.quantile(gains, LEVELS, axis=1)]),
        (float(gain.sum()), float(whole[0]), float(whole[1])),
    )  # fmt: skip


def _stacked(curves: list[Curve | None]) -> Curve:
    return Curve(*(np.array(part) for part in zip(*filter(None, curves), strict=True)))


# --- telling ---


def tell(asked: Budget, found: Found, setting: Setting) -> Result:
    unit: Kind = "money" if asked.aim == "revenue" else "number"
    tables = (
        Table("channels", _columns(unit), _channels(asked, found)),
        Table("curve", (
            Column("group", "group"), Column("spend", "money"), Column("expected", unit),
 Column("least", unit), Column("most", unit),
            Column("observed", unit),
        ), _curves(found)),
        Table("history", (
            Column("group", "group", key=True), Column("paid", "count"),
            Column("greatest", "money"), Column("variation", "share"), Column("twin", "group"),
            Column("alike", "number"), Column("explained", "share"),
        ), [_history(one) for one in found.channels]),
        Table("weeks", (
            Column("day", "day", key=True), Column("group", "group", key=True),
            Column("spend", "money"), Column("brought", unit),
        ), _weeks(found)),
    )  # fmt: skip
    charts = (
        Chart("bar", "channels", "group", ("now", "proposed")),
        Chart("curve", "curve", "spend", ("expected", "observed"), "group"),
    )
    return Result(_figures(asked, found), tables, charts, _sentence(asked, found))


def _columns(unit: Kind) -> tuple[Column, ...]:
    return (
        Column("group", "group", key=True), Column("reason", "word"), Column("now", "money"),
        Column("proposed", "money"), Column("gain", unit), Column("gain_low", unit),
        Column("gain_high", unit), Column("marginal_now", "number"),
        Column("marginal_then", "number"), Column("enough", "money"), Column("low", "money"),
        Column("high", "money"), Column("brings_now", unit), Column("brings_then", unit),
        Column("edge", "flag"),
    )  # fmt: skip


def _channels(asked: Budget, found: Found) -> list[list[Any]]:
    rows, plan = list[list[Any]](), found.plan
    curved = [one for one in found.channels if one.curve is not None]
    for one in found.channels:
        name, curve = one.history.name, one.curve
        now = found.spending.now.get(name, 0.0)
        if curve is None:
            rows.append([name, one.reason, now, now, *[None] * 10, False])
            continue
        then: list[Any] = [None] * 4
        rate, ranges, brings, edge = None, [None] * 2, [float(curve.brings(now)), None], False
        if plan is not None:
            at = curved.index(one)
            spend = float(plan.best.spend[at])
            then, rate = [spend, *plan.gains[:, at].tolist()], float(curve.marginal(spend))
            ranges, brings = plan.ranges[:, at].tolist(), plan.brings[:, at].tolist()
            edge = spend >= BEYOND * float(one.history.spend.max()) * (1 - 1e-9)
        rows.append([
            name, "told", now, *then, float(curve.marginal(now)), rate,
            _enough(asked, curve, one.history), *ranges, *brings, edge,
        ])  # fmt: skip
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def _enough(asked: Budget, curve: Curve, history: History) -> float | None:
    """The spending from which the next yuan brings less than a yuan of margin, as far as one can
    see."""
    if asked.aim != "revenue" or asked.margin == 0:
        return None
    found = float(curve.reached(1 / asked.margin))
    return found if found <= BEYOND * float(history.spend.max()) else None


def _curves(found: Found) -> list[list[Any]]:
    rows = list[list[Any]]()
    for one in found.channels:
        if one.curve is None or one.samples is None:
            continue
        name, greatest = one.history.name, float(one.history.spend.max())
        spend = np.linspace(0, BEYOND * greatest, POINTS)
        samples = one.samples.brings(spend[:, None, None])[:, 0]
        least, most = np.quantile(samples, LEVELS, axis=1)
        parts = (spend, one.curve.brings(spend), least, most)
        rows += [[name, *row, None] for row in np.stack(parts, axis=1).tolist()]
        seen = np.stack([one.history.spend, one.history.brought], axis=1).tolist()
        rows += [[name, x, None, None, None, y] for x, y in seen]
    return rows


def _history(one: Judged) -> list[Any]:
    own = one.history
    greatest = float(own.spend.max(initial=0.0))
    return [own.name, own.paid, greatest, own.variation, one.twin, one.alike, one.explained]


def _weeks(found: Found) -> list[list[Any]]:
    pace = found.spending.stretches.length / WEEK
    days = found.spending.stretches.days[:-1]
    return [
        [dated(day), one.history.name, float(spend) * pace, float(brought) * pace]
        for one in found.channels
        for day, spend, brought in zip(days, one.history.spend, one.history.brought, strict=True)
    ]


def _figures(asked: Budget, found: Found) -> dict[str, float | int | None]:
    plan = found.plan
    figures: dict[str, float | int | None] = {
        "budget": found.budget,
        "spent": sum(found.spending.now.values()),
        "kept": found.kept,
        "left": None if plan is None else plan.best.left or None,
        "channels": len(found.channels),
        "told": sum(one.curve is not None for one in found.channels),
        "periods": found.spending.stretches.many,
        "marginal": None if plan is None else plan.best.marginal,
        "untold": found.spending.untold or None,
    }
    values = [None] * 5 if plan is None else [*plan.brings.sum(axis=1).tolist(), *plan.gain]
    own, other = ("", "_many") if asked.aim == "revenue" else ("_many", "")
    for name, value in zip(VALUES, values, strict=True):
        figures |= {name + own: value, name + other: None}
    return figures


def _sentence(asked: Budget, found: Found) -> str:
    if not found.channels:
        return "untold" if found.spending.untold > 0 else "nothing"
    plan = found.plan
    if not any(one.curve is not None for one in found.channels):
        return "refused"
    if plan is None:
        return "short"
    if plan.best.left > SAME * found.budget:
        return "left"
    if len(plan.now) == 1 and asked.budget is None:
        return "one"
    if abs(plan.gain[0]) < SAME * plan.brings[0].sum():
        kind = "same"
    else:
        kind = "unsure" if plan.gain[1] <= 0 <= plan.gain[2] else "done"
    return kind if asked.aim == "revenue" else f"{kind}_many"


def _both(name: str, en: str, zh: str) -> dict[str, Said]:
    """A sentence of money, and the same of conversions."""
    found = {name: Said(en, zh)}
    for value in VALUES:
        en, zh = (text.replace(f"{{{value}}}", f"{{{value}_many}}") for text in (en, zh))
    more = Said(en.replace("revenue", "conversions"), zh.replace("收入", "转化"))
    return found | {f"{name}_many": more}


WORDS: Final = Words(
    title=Said("Budget", "预算"),
    about=Said(
        "What more or less spending on each channel would bring, and the split of a budget that "
        "brings most.",
        "各渠道多花或少花会带来多少，以及怎样分配预算带来最多。",
    ),
    tables={
        "channels": Said("Channels, by week", "渠道（每周）"),
        "curve": Said("Response to spending, by week", "花费与回报（每周）"),
        "history": Said("What the history can tell", "历史数据能说明什么"),
        "weeks": Said("Observed", "观察值"),
    },
    columns={
        "group": Said("Channel", "渠道"),
        "reason": Said("Can it be told?", "能否判断"),
        "now": Said("Spent now", "目前花费"),
        "proposed": Said("Proposed", "建议花费"),
        "low": Said("Proposed, low (95 %)", "建议下限（95%）"),
        "high": Said("Proposed, high (95 %)", "建议上限（95%）"),
        "brings_now": Said("Brings now", "目前带来"),
        "brings_then": Said("Would bring", "预计带来"),
        "gain": Said("Gain", "增量"),
        "gain_low": Said("Gain, low (95 %)", "增量下限（95%）"),
        "gain_high": Said("Gain, high (95 %)", "增量上限（95%）"),
        "marginal_now": Said("The next 1 brings now", "目前再花 1 带来"),
        "marginal_then": Said("The next 1 would bring", "调整后再花 1 带来"),
        "enough": Said("The next 1 pays until", "再花 1 仍回本的上限"),
        "edge": Said("As far as was nearly tried", "已到曾试范围的边缘"),
        "spend": Said("Spent", "花费"),
        "expected": Said("Expected", "预计"),
        "least": Said("Low (95 %)", "下限（95%）"),
        "most": Said("High (95 %)", "上限（95%）"),
        "observed": Said("Observed", "观察值"),
        "paid": Said("Periods with spending", "有花费的周期数"),
        "greatest": Said("Most spent, by week", "最高花费（每周）"),
        "variation": Said("Variation of spending", "花费的变异系数"),
        "twin": Said("Moves with", "同涨同落的渠道"),
        "alike": Said("Correlation", "相关系数"),
        "explained": Said("Explained by the curve", "曲线解释的部分"),
        "day": Said("From", "开始日期"),
        "brought": Said("Brought", "带来"),
    },
    figures={
        "budget": ("money", Said("Budget of a week", "每周预算")),
        "spent": ("money", Said("Spent now in a week", "目前每周花费")),
        "kept": ("money", Said("Stays as it is", "保持不变")),
        "left": ("money", Said("Left over", "未分配")),
        "channels": ("count", Said("Channels that cost", "有花费的渠道")),
        "told": ("count", Said("Of which something can be told", "能判断的渠道")),
        "periods": ("count", Said("Periods compared", "比较的周期数")),
        "marginal": ("number", Said("The next 1 would bring", "再花 1 带来")),
        "untold": ("money", Said("Cost without a channel", "未注明渠道的费用")),
        "brings_now": ("money", Said("Revenue now", "目前带来收入")),
        "brings_then": ("money", Said("Revenue expected", "预计带来收入")),
        "gain": ("money", Said("Gain", "增量")),
        "gain_low": ("money", Said("Gain, low (95 %)", "增量下限（95%）")),
        "gain_high": ("money", Said("Gain, high (95 %)", "增量上限（95%）")),
        "brings_now_many": ("number", Said("Conversions now", "目前带来转化")),
        "brings_then_many": ("number", Said("Conversions expected", "预计带来转化")),
        "gain_many": ("number", Said("Gain", "增量")),
        "gain_low_many": ("number", Said("Gain, low (95 %)", "增量下限（95%）")),
        "gain_high_many": ("number", Said("Gain, high (95 %)", "增量上限（95%）")),
    },
    sentences={
        **_both(
            "done",
            "Of {channels} channels {told} can be told. {budget} a week, split as proposed, would "
            "bring {brings_then} of revenue by them instead of {brings_now}: {gain} "
            "({gain_low} to {gain_high}).",
            "{channels} 个渠道中 {told} 个能判断。每周 {budget} 按建议分配，这些渠道预计带来收入 "
            "{brings_then}，目前为 {brings_now}：增量 {gain}（{gain_low} 至 {gain_high}）。",
        ),
        **_both(
            "unsure",
            "Of {channels} channels {told} can be told. {budget} a week, split as proposed, would "
            "change the revenue by {gain}, but that may be anything from {gain_low} to "
            "{gain_high}: change little, and look again.",
            "{channels} 个渠道中 {told} 个能判断。每周 {budget} 按建议分配，预计收入变化 {gain}，"
            "但可能是 {gain_low} 至 {gain_high} 中的任何值：宜小步调整，再看结果。",
        ),
        **_both(
            "same",
            "Of {channels} channels {told} can be told. The present split is as good as the best "
            "one: that would change the revenue by {gain} a week.",
            "{channels} 个渠道中 {told} 个能判断。目前的分配已接近最优：最优分配每周收入只变化 "
            "{gain}。",
        ),
        "one": Said(
            "Of {channels} channels one can be told, so that there is nothing to split: the next 1 "
            "spent there would bring {marginal}. Name another budget, or see why not the others.",
            "{channels} 个渠道中只有一个能判断，无从分配：在那里再花 1 带来 {marginal}。可以换一个"
            "预算，或查看其余渠道的原因。",
        ),
        "left": Said(
            "Of {budget} a week {left} has no place: it would go far beyond what was ever spent, "
            "where nothing is known. Raise the spending step by step.",
            "每周 {budget} 中有 {left} 无处可放：再多就远超曾经的花费，无从判断。请逐步提高花费。",
        ),
        "short": Said(
            "{budget} a week does not reach for the bounds and for the {kept} of the channels of "
            "which nothing can be told, so that nothing is proposed.",
            "每周 {budget} 不够满足下限以及无法判断的渠道所占的 {kept}，因此不作建议。",
        ),
        "refused": Said(
            "Of none of {channels} channels the history can tell what more or less spending would "
            "bring; the table says why. All keep what they have.",
            "{channels} 个渠道的历史数据都不足以判断多花或少花会怎样，原因见表。都保持目前的花费。",
        ),
        "untold": Said(
            "{untold} a week were spent, and none of it names a channel of this dimension: choose "
            "another one, or say it in the costs.",
            "每周花费 {untold}，但都没有注明这一维度的渠道：换一个维度，或在费用中注明。",
        ),
        "nothing": Said(
            "No cost is known of this period: import what was paid under Costs.",
            "这段时间没有费用记录：请在“费用”页导入花费。",
        ),
    },
    values={
        "told": Said("Yes", "能"),
        "unpaid": Said("No: not paid for yet", "否：暂无花费"),
        "untouched": Said("No: nothing is owed to it", "否：没有成果"),
        "few": Said("No: too few periods", "否：周期太少"),
        "even": Said("No: its cost hardly varies", "否：花费几乎不变"),
        "together": Said("No: moves with another", "否：与别的渠道同涨同落"),
        "flat": Said("No: does not follow its cost", "否：成果不随花费变化"),
        "straight": Said("No: no saturation is seen", "否：看不到饱和"),
        "sated": Said("No: never tried with less", "否：没有试过更少"),
    },
    none={"twin": Said("None", "无")},
)  # fmt: skip
ANALYSIS: Final = Analysis(
    WORDS, Budget, reads, find, tell, example={"by": "utm_source"}, costs=True
)
