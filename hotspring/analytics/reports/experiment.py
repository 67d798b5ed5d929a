"""Experiments: does a variant change what people do, and was the split fair?"""

from __future__ import annotations

import math
from typing import Annotated, Any, Final, Literal, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Parameters, Step, Window, called, told
from hotspring.analytics.report import (
    MILLIONTHS,
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
)
from hotspring.experiments import Comparison, Metric, Sample, Split, compare, needed

MIXED: Final = -2
"""Instead of a variant: of who saw several."""
SURE: Final = 0.05
KINDS: Final[dict[str, Kind]] = {
    "conversion": "share", "revenue": "money", "times": "number", "average": "money",
}  # fmt: skip


class Experiment(Parameters, frozen=True, kw_only=True):
    """Parameters of an experiment."""

    exposure: Annotated[
        Step, told("Exposure", "曝光事件", "What is recorded when somebody is given a variant.",
                   "用户分到某个版本时记录的事件。", "step"),
    ] = Step(event="Experiment Viewed")  # fmt: skip
    variant: Annotated[
        str,
        told("Variant", "版本字段", "The field of the exposure that names the variant.",
             "曝光事件中写明版本的字段。", "dimension", min_length=1, max_length=400),
    ] = "properties.variation_name"  # fmt: skip
    control: Annotated[
        str,
        told("Control", "对照版本",
             "The variant all others are compared with; without it the one called control, else "
             "the first by name.",
             "其他版本与它比较；不填为名为 control 的版本，没有则按名称取第一个。", max_length=400),
    ] = ""  # fmt: skip
    metric: Annotated[
        Literal["conversion", "revenue", "times", "average"],
        told("Metric", "指标"),
        called(
            conversion=("Who does it", "转化率"), revenue=("Money of each profile", "人均金额"),
            times=("Times of each profile", "人均次数"), average=("Money of each time", "次均金额"),
        ),
    ] = "conversion"  # fmt: skip
    goal: Annotated[
        Step | None,
        told("Goal", "目标事件", "Without it orders, as the rules of temperature name them.",
             "空为订单（按温度规则所列）。", "step"),
    ] = None  # fmt: skip
    window: Annotated[
        Window,
        told("Window", "观察窗口", "How long from the first exposure on events count.",
             "从首次曝光起，多长时间内的事件计入。"),
    ] = Window(amount=14)  # fmt: skip
    before: Annotated[
        bool,
        told("Take off what was before", "扣除此前差异",
             "The same metric over as long before the exposure takes variance off (CUPED).",
             "用曝光前同样长时间内的同一指标降低方差（CUPED）。"),
    ] = True  # fmt: skip
    shares: Annotated[
        tuple[Annotated[float, told("Share", "份额", ge=0.001)], ...],
        told("Shares that were meant", "计划的份额",
             "The control first, then the others by name; equal without.",
             "先对照版本，再按名称列其他版本；不填为均分。", max_length=20),
    ] = ()  # fmt: skip
    correction: Annotated[
        Literal["holm", "benjamini_hochberg", "none"],
        told("Several variants", "多重比较"),
        called(
            holm=("Holm", "Holm"),
            benjamini_hochberg=("Benjamini–Hochberg", "Benjamini–Hochberg"),
            none=("As if each were alone", "不校正"),
        ),
    ] = "holm"
    expected: Annotated[
        int,
        told("Expected profiles", "预计人数",
             "In all variants by the end; there the always valid reading is narrowest.",
             "结束时各版本合计；人数接近它时，始终有效的区间最窄。", ge=2, le=1_000_000_000),
    ] = 10_000  # fmt: skip
    detect: Annotated[
        float,
        told("Change worth finding", "值得发现的变化",
             "As a part of the control: how many profiles it takes to find it is told.",
             "占对照版本的比例：据此给出所需人数。", ge=0.001, le=10),
    ] = 0.05  # fmt: skip


class Found(NamedTuple):
    """Who was given what, and what they did: a row for each profile."""

    slot: Slots
    variant: npt.NDArray[np.int64]
    """Into `names`; `MIXED` for who saw several."""
    names: tuple[str, ...]
    """The control first."""
    columns: dict[str, npt.NDArray[np.float64]]
    open: int
    """Of how many the window is not over yet."""


def _parts(asked: Experiment, setting: Setting) -> tuple[tuple[Step, ...], int, int]:
    """The steps to read, and the masks of the goal and of refunds."""
    goals = setting.paying if asked.goal is None else (asked.goal,)
    refunds = setting.refunds if asked.metric == "revenue" else ()
    goal = ((1 << len(goals)) - 1) << 1
    refund = ((1 << len(refunds)) - 1) << 1 + len(goals)
    return (asked.exposure, *goals, *refunds), goal, refund


def reads(asked: Experiment, setting: Setting) -> Reads:
    start, end = setting.period.bounds(setting.days)
    steps, _, _ = _parts(asked, setting)
    return Reads(
        start - asked.window.ms, end + asked.window.ms, steps=steps, by=(asked.variant,),
        money=asked.metric in ("revenue", "average"),
    )  # fmt: skip


def find(asked: Experiment, source: Source, setting: Setting) -> Found:
    start, end = setting.period.bounds(setting.days)
    _, goal, refund = _parts(asked, setting)
    how = (np.int64(goal), np.int64(refund), start, end, asked.window.ms)
    parts = [(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64),
              np.empty((0, 4)))]  # fmt: skip
    parts += source.each(lambda r: measured(r.slot, r.ms, r.hits, r.codes[0], r.worth, *how))
    slot, first, code, told_ = (np.concatenate(part) for part in zip(*parts, strict=True))
    variant, names = _named(code, source.words(0), asked.control)
    times, money, times_before, money_before = told_.T
    columns = {
        "times": times, "times_before": times_before,
        "money": money / MILLIONTHS, "money_before": money_before / MILLIONTHS,
        "done": (times > 0).astype(float), "done_before": (times_before > 0).astype(float),
    }  # fmt: skip
    still = (variant >= 0) & (first + asked.window.ms > setting.now)
    return Found(slot, variant, names, columns, int(still.sum()))


@numba.njit(cache=True, nogil=True)
def measured(
    slot: Any, ms: Any, hits: Any, code: Any, worth: Any, goal: Any, refund: Any, start: Any,
    end: Any, window: Any,
) -> Any:  # fmt: skip
    """Of each owner who is exposed in the period: when first, to which variant (`MIXED` for
    several), and times and money of the goal within the window after it and before it."""
    size = 0
    for row in range(len(slot)):
        size += row == 0 or slot[row] != slot[row - 1]
    whose, first = np.empty(size, np.int32), np.empty(size, np.int64)
    variant, found = np.empty(size, np.int64), np.zeros((size, 4))
    used, row = 0, 0
    while row < len(slot):
        began, own, at = row, np.int64(-1), np.int64(0)
        while row < len(slot) and slot[row] == slot[began]:
            seen = hits[row] & 1 and code[row] >= 0 and start <= ms[row] < end
            if seen and own == -1:
                own, at = np.int64(code[row]), ms[row]
            elif seen and own != code[row]:
                own = np.int64(MIXED)
            row += 1
        if own == -1:
            continue
        whose[used], first[used], variant[used] = slot[began], at, own
        for one in range(began, row):
            ago = ms[one] - at
            if -window <= ago < window:
                side = 0 if ago >= 0 else 2
                if hits[one] & goal:
                    found[used, side] += 1
                    found[used, side + 1] += worth[one]
                elif hits[one] & refund:
                    found[used, side + 1] -= worth[one]
        used += 1
    return whose[:used], first[:used], variant[:used], found[:used]


def _named(
    code: npt.NDArray[np.int64], words: Any, control: str
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Codes by the names of the variants, the control first."""
    there = [int(one) for one in np.unique(code[code >= 0])]
    usual = [words[one] for one in there if words[one].casefold() == "control"]
    chief = control or (usual[0] if usual else "")
    there.sort(key=lambda one: (words[one] != chief, words[one]))
    place = np.full(max(there, default=-1) + 1, -1, np.int64)
    place[there] = np.arange(len(there))
    variant = np.full(len(code), MIXED, np.int64)
    variant[code >= 0] = place[code[code >= 0]]
    return variant, tuple(words[one] for one in there)


def _metric(asked: Experiment) -> Metric:
    if asked.metric == "average":
        return Metric(name="average", kind="ratio", column="money", per="times")
    column = {"conversion": "done", "revenue": "money", "times": "times"}[asked.metric]
    before = f"{column}_before" if asked.before else ""
    kind: Any = asked.metric if asked.metric in ("conversion", "revenue") else "mean"
    return Metric(name=asked.metric, kind=kind, column=column, before=before)


def tell(asked: Experiment, found: Found, setting: Setting) -> Result:
    metric, kind = _metric(asked), KINDS[asked.metric]
    counted = found.variant >= 0
    names = [name for name in (metric.column, metric.per, metric.before) if name]
    columns = {name: found.columns[name][counted] for name in names}
    sample = Sample(found.variant[counted], found.names, columns)
    sizes = [int((sample.variant == place).sum()) for place in range(len(found.names))]
    shares = asked.shares if len(asked.shares) == len(sizes) else None
    split = Split.of(sizes, shares)
    told_ = compare(sample, [metric], asked.correction, asked.expected) if len(sizes) > 1 else []
    variants = [
        [name, sizes[place], split.expected[place], _mean(sample, metric, place)]
        for place, name in enumerate(found.names)
    ]
    sure = sum(one.always_p < SURE for one in told_)
    figures: dict[str, float | int | None] = {
        "profiles": int(counted.sum()),
        "treatments": max(len(sizes) - 1, 0),
        "sure": sure,
        "split": split.p if len(sizes) > 1 else None,
        "mixed": int((found.variant == MIXED).sum()),
        "open": found.open,
        "needed": _needed(asked, sample, metric),
    }
    tables = (
        Table("variants", (
            Column("group", "group", key=True), Column("people", "count", drill=True),
            Column("meant", "number"), Column("mean", kind),
        ), variants),
        Table("differences", (
            Column("group", "group", key=True), Column("difference", kind),
            Column("relative", "share"), Column("low", kind), Column("high", kind),
            Column("p", "number"), Column("p_adjusted", "number"),
            Column("always_low", kind), Column("always_high", kind), Column("always_p", "number"),
        ), [_row(one) for one in told_]),
    )  # fmt: skip
    charts = (Chart("bar", "variants", "group", ("mean",)),)
    return Result(figures, tables, charts, _sentence(sizes, split, sure))


def _sentence(sizes: list[int], split: Split, sure: int) -> str:
    if len(sizes) < 2:
        return "one" if sizes else "nobody"
    return "uneven" if split.uneven else "changed" if sure else "open"


def _row(one: Comparison) -> list[Any]:
    numbers = (one.difference, one.relative, one.low, one.high, one.p, one.p_adjusted,
               one.always_low, one.always_high, one.always_p)  # fmt: skip
    return [one.treatment, *(number if math.isfinite(number) else None for number in numbers)]


def _mean(sample: Sample, metric: Metric, place: int) -> float | None:
    mine = sample.variant == place
    above = float(sample.columns[metric.column][mine].sum())
    below = float(sample.columns[metric.per][mine].sum()) if metric.per else float(mine.sum())
    return above / below if below else None


def _needed(asked: Experiment, sample: Sample, metric: Metric) -> int | None:
    """Profiles in control and one treatment; None where the control tells too little."""
    values = sample.columns[metric.column][sample.variant == 0]
    if metric.per or len(values) < 2 or not values.mean() or not values.var():
        return None
    return needed(float(values.mean()), float(values.var(ddof=1)), asked.detect)


def who(asked: Experiment, found: Found, cell: Cell, setting: Setting) -> Slots | None:
    name = cell.get("group")
    if (cell.get("table"), cell.get("column")) != ("variants", "people"):
        return None
    if name not in found.names:
        return None
    return np.unique(found.slot[found.variant == found.names.index(str(name))])


WORDS: Final = Words(
    title=Said("Experiment", "实验"),
    about=Said(
        "Does a variant change what people do, and was the split fair?",
        "某个版本是否改变了人们的行为，分流是否公平。",
    ),
    tables={
        "variants": Said("Variants", "各版本"),
        "differences": Said("Beside the control", "与对照相比"),
    },
    columns={
        "group": Said("Variant", "版本"),
        "people": Said("Profiles", "人数"),
        "meant": Said("As was meant", "按计划应有"),
        "mean": Said("Metric", "指标"),
        "difference": Said("Difference", "差异"),
        "relative": Said("As a part of the control", "相对差异"),
        "low": Said("95 %: from", "95 % 区间下限"),
        "high": Said("95 %: to", "95 % 区间上限"),
        "p": Said("p, one look", "p 值（只看一次）"),
        "p_adjusted": Said("p, of several", "p 值（多重校正）"),
        "always_low": Said("At any time: from", "始终有效：下限"),
        "always_high": Said("At any time: to", "始终有效：上限"),
        "always_p": Said("p at any time", "p 值（始终有效）"),
    },
    figures={
        "profiles": ("count", Said("Profiles", "人数")),
        "treatments": ("count", Said("Variants beside the control", "对照以外的版本")),
        "sure": ("count", Said("Differ from the control", "与对照有差异的版本")),
        "split": ("number", Said("p of the split", "分流的 p 值")),
        "mixed": ("count", Said("Saw several variants, left out", "看过多个版本，不计入")),
        "open": ("count", Said("Window not over yet", "观察窗口未结束")),
        "needed": ("count", Said("Profiles needed for the change", "发现该变化所需人数")),
    },
    sentences={
        "changed": Said(
            "{sure} of {treatments} variants differ from the control, however often one looks; "
            "{profiles} profiles took part.",
            "{profiles} 人参与；{treatments} 个版本中有 {sure} 个与对照有差异，随时查看都成立。",
        ),
        "open": Said(
            "No variant differs from the control for sure so far; {profiles} profiles took part.",
            "{profiles} 人参与；目前还不能确定有版本与对照不同。",
        ),
        "uneven": Said(
            "The split is not as was meant (p {split}): mend the assignment first, then believe "
            "the rest. {profiles} profiles took part.",
            "分流与计划不符（p {split}）：先查分流，再看其他数字。{profiles} 人参与。",
        ),
        "one": Said(
            "All {profiles} profiles were given the same variant.",
            "{profiles} 人全部分到同一个版本。",
        ),
        "nobody": Said("Nobody was given a variant in this period.", "这段时间没有人分到版本。"),
    },
)
ANALYSIS: Final = Analysis(
    WORDS, Experiment, reads, find, tell, who,
    example={"exposure": {"event": "Product Viewed"}, "variant": "channel"},
)  # fmt: skip
