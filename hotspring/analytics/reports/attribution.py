"""Attribution: which touchpoints are conversions owed to, by several models side by side."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Parameters, Step, called, told
from hotspring.analytics.report import (
    MILLIONTHS,
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
)
from hotspring.analytics.words import PEOPLE
from hotspring.attribution import Credit, Journeys, Markov, Shapley, Sharing, Window, walk
from hotspring.days import DAY_MS

MINUTE_MS: Final = 60_000
DIRECT: Final = "direct"
RULES: Final = ("first", "last", "last_non_direct", "linear", "time_decay", "position")
MODELS: Final = (*RULES, "markov", "shapley")
MOST: Final = 50
"""Touchpoints told apart; the rest is one row."""


class Attribution(Parameters, frozen=True, kw_only=True):
    """Parameters of attribution."""

    conversion: Annotated[
        Step | None,
        told("Conversion", "转化", "Without it orders, as the rules of temperature name them.",
             "空为订单（按温度规则所列）。", "step"),
    ] = None  # fmt: skip
    by: Annotated[
        str,
        told("Touchpoints by", "触点维度",
             "What tells touchpoints apart, such as utm_source, utm_campaign, utm_content, channel "
             "or referrer.",
             "按什么区分触点，例如 utm_source、utm_campaign、utm_content、channel 或 referrer。",
             "dimension", min_length=1, max_length=400),
    ] = "utm_source"  # fmt: skip
    touches: Annotated[
        tuple[Step, ...],
        told("Touches", "触点事件",
             "Which events are touches where they have such a value; any event without.",
             "哪些事件带有该维度的值时算触点；不填为任意事件。", "steps", max_length=10),
    ] = ()  # fmt: skip
    direct: Annotated[
        Step | None,
        told("Direct visits", "直接访问",
             "Events that are touches named direct where they have no such value.",
             "哪些事件没有该维度的值时，算作名为 direct 的触点。", "step"),
    ] = None  # fmt: skip
    lookback: Annotated[
        int,
        told("Lookback in days", "回溯天数", "How long before a conversion touches count.",
             "转化之前多少天内的触点计入。", ge=1, le=180),
    ] = 7  # fmt: skip
    once: Annotated[
        bool,
        told("Touches count once", "触点只计一次", "For the next conversion only.",
             "每个触点只计入之后的第一次转化。"),
    ] = False  # fmt: skip
    repeat: Annotated[
        int,
        told("Repeats in minutes", "重复间隔（分钟）",
             "The same touch again within so long is no other one.",
             "同一触点在这段时间内再次出现不另计。", ge=0, le=1_440),
    ] = 30  # fmt: skip
    value: Annotated[
        Literal["revenue", "lifetime"],
        told("Value", "价值",
             "Revenue: what the conversion brought. Lifetime: the first conversion of the period "
             "stands for all that a person has paid until now.",
             "收入：该次转化带来的；累计付款：每人只计时段内第一次转化，价值为其至今全部付款。"),
        called(revenue=("Revenue", "收入"), lifetime=("Lifetime", "累计付款")),
    ] = "revenue"  # fmt: skip
    half_life: Annotated[
        int, told("Half-life in days", "半衰期（天）", "Of time decay.", "用于时间衰减。",
                  ge=1, le=180),
    ] = 7  # fmt: skip
    first: Annotated[
        float, told("Part of the first", "首触份额", "By position.", "用于位置归因。", ge=0, le=0.5)
    ] = 0.4
    last: Annotated[
        float, told("Part of the last", "末触份额", "By position.", "用于位置归因。", ge=0, le=0.5)
    ] = 0.4
    order: Annotated[
        int,
        told("Order of the chain", "马尔可夫阶数", "How many touches it remembers.",
             "记住最近几个触点。", ge=1, le=3),
    ] = 1  # fmt: skip
    worth: Annotated[
        Literal["conversions", "rate"],
        told("Shapley counts", "夏普利值按",
             "What touchpoints would have brought alone, or how often journeys with them convert.",
             "触点单独能带来的转化数，或含这些触点的旅程的转化率。"),
        called(conversions=("Conversions", "转化数"), rate=("Rate", "转化率")),
    ] = "conversions"  # fmt: skip


class Owed(NamedTuple):
    """Journeys, whose they are, and what every model makes of them."""

    journeys: Journeys
    """With at most 50 touchpoints."""
    whose: Slots
    alone: int
    alone_value: float
    credits: dict[str, dict[str, tuple[float, float]]]
    """Conversions and value by model and touchpoint."""
    chain: Markov


def _bits(asked: Attribution, setting: Setting) -> tuple[tuple[Step, ...], dict[str, int]]:
    """The steps to read, and the mask of each part."""
    goals = setting.paying if asked.conversion is None else (asked.conversion,)
    money = setting.paying if asked.value == "lifetime" else ()
    parts = {
        "goal": goals,
        "paid": money,
        "refund": setting.refunds,
        "direct": () if asked.direct is None else (asked.direct,),
        "touch": asked.touches or (Step(event=None),),
    }
    steps, masks = list[Step](), dict[str, int]()
    for name, some in parts.items():
        masks[name] = ((1 << len(some)) - 1) << len(steps)
        steps += some
    return tuple(steps), masks


def _window(asked: Attribution, setting: Setting) -> Window:
    start, end = setting.period.bounds(setting.days)
    return Window(
        start=start,
        end=end,
        lookback_ms=asked.lookback * DAY_MS,
        repeat_ms=asked.repeat * MINUTE_MS,
        once=asked.once,
    )


def reads(asked: Attribution, setting: Setting) -> Reads:
    window = _window(asked, setting)
    # Refunds of these conversions may come later than all of them.
    since = 0 if asked.value == "lifetime" else window.start - window.lookback_ms
    steps, _ = _bits(asked, setting)
    return Reads(since, max(window.end, setting.now + 1), steps=steps, by=(asked.by,), money=True)


def find(asked: Attribution, source: Source, setting: Setting) -> Owed:
    window, (_, masks) = _window(asked, setting), _bits(asked, setting)
    kept: list[tuple[Any, ...]] = [
        (np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int32), *[np.empty(0)] * 2)
    ]
    kept += (_kept(rows, masks, asked.value == "lifetime", window) for rows in source)
    slot, ms, code, brought, lost = (np.concatenate(part) for part in zip(*kept, strict=True))
    touch, names = _named(code, source.words(0))
    _settle(slot, ms, brought, lost)
    found = walk(slot, ms, touch, brought, window, names)
    journeys, _ = found.journeys.grouped(MOST)
    chain = Markov.of(journeys, asked.order)
    return Owed(journeys, found.whose, found.alone, found.alone_value,
                _credits(asked, journeys, chain), chain)  # fmt: skip


def _kept(rows: Any, masks: dict[str, int], lifetime: bool, window: Window) -> tuple[Any, ...]:
    """Of rows that are a touch, a conversion or a refund: owner, time, the code of the touch (-1
    none, -2 direct), what a conversion brought (NaN where it is none), what a refund took."""
    hits, code = rows.hits, rows.codes[0]
    is_goal, is_refund = hits & masks["goal"] != 0, hits & masks["refund"] != 0
    touch = np.where((hits & masks["touch"] != 0) & (code >= 0), code, -1)
    touch[(hits & masks["direct"] != 0) & (code < 0)] = -2
    money = rows.worth / MILLIONTHS
    brought = np.where(is_goal, money, np.nan)
    lost = np.where(is_refund & ~is_goal, money, 0.0)
    if lifetime:
        inside = is_goal & (rows.ms >= window.start) & (rows.ms < window.end)
        paid = np.where(hits & masks["paid"] != 0, money, 0.0) - lost
        brought, lost = _lifetimes(rows.slot, inside, paid), np.zeros(len(lost))
    there = (touch != -1) | ~np.isnan(brought) | (lost != 0)
    return rows.slot[there], rows.ms[there], touch[there], brought[there], lost[there]


@numba.njit(cache=True, nogil=True)
def _lifetimes(slot: Any, inside: Any, paid: Any) -> Any:
    """What each owner paid in all, not less than nothing, at their first conversion of the period;
    NaN elsewhere."""
    brought = np.full(len(slot), np.nan)
    at, total = -1, 0.0
    for row in range(len(slot)):
        if row and slot[row] != slot[row - 1]:
            if at >= 0:
                brought[at] = max(total, 0.0)
            at, total = -1, 0.0
        total += paid[row]
        if inside[row] and at < 0:
            at = row
    if at >= 0:
        brought[at] = max(total, 0.0)
    return brought


@numba.njit(cache=True, nogil=True)
def _settle(slot: Any, ms: Any, brought: Any, lost: Any) -> None:
    """Takes each refund off the owner's latest conversions before it, none below nothing."""
    for row in range(len(slot)):
        rest, at = lost[row], row
        while rest > 0 and at >= 0 and slot[at] == slot[row]:
            if brought[at] > 0 and ms[at] <= ms[row]:
                taken = min(rest, brought[at])
                brought[at] -= taken
                rest -= taken
            at -= 1


def _named(code: npt.NDArray[Any], words: Any) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Codes that do not depend on arrival: those of the names in order, as far as they occur."""
    there = np.unique(code[code != -1])
    told = {int(one): DIRECT if one == -2 else words[one] for one in there}
    names = sorted(set(told.values()))
    place = {name: at for at, name in enumerate(names)}
    codes = np.full(len(words) + 2, -1, np.int32)
    for one, name in told.items():
        codes[one + 2] = place[name]
    return codes[code + 2], names


def _credits(
    asked: Attribution, journeys: Journeys, chain: Markov
) -> dict[str, dict[str, tuple[float, float]]]:
    found = {}
    for model in RULES:
        rule = Sharing(model=model, half_life_ms=asked.half_life * DAY_MS,
                       first=asked.first, last=asked.last, direct=DIRECT)  # fmt: skip
        found[model] = _by_name(journeys, rule.credit(journeys))
    shapley = Shapley.of(journeys, asked.worth)
    found["markov"] = _by_name(chain.journeys, chain.credit)
    found["shapley"] = _by_name(shapley.journeys, shapley.credit)
    return found


def _by_name(journeys: Journeys, credit: Credit) -> dict[str, tuple[float, float]]:
    return dict(journeys.table(credit))


def tell(asked: Attribution, found: Owed, setting: Setting) -> Result:
    names, journeys, chain = _order(found), found.journeys, found.chain
    removal = dict(zip(chain.journeys.names, chain.removal.tolist(), strict=True))
    kinds: tuple[tuple[str, Kind], ...] = (("conversions", "number"), ("value", "money"))
    tables = [
        Table(
            table,
            (Column("group", "group", key=True), *(Column(model, kind) for model in MODELS)),
            [[name, *(_part(found, model, name, which) for model in MODELS)] for name in names],
        )
        for which, (table, kind) in enumerate(kinds)
    ]
    reach = []
    for name in names:
        many = _touching(found, name)
        reach.append([
            name, len(np.unique(found.whose[many])), int(many.sum()),
            len(np.unique(found.whose[many & (journeys.conversions > 0)])),
            int(journeys.conversions[many].sum()), removal.get(name),
        ])  # fmt: skip
    columns = (
        Column("group", "group", key=True), Column("people", "count", drill=True),
        Column("journeys", "count"), Column("buyers", "count", drill=True),
        Column("touched", "count"), Column("removal", "share"),
    )  # fmt: skip
    attributed = float(journeys.conversions.sum())
    every = attributed + found.alone
    figures: dict[str, float | int | None] = {
        "conversions": int(every),
        "attributed": int(attributed),
        "alone": found.alone,
        "value": float(journeys.value.sum()) + found.alone_value,
        "attributed_value": float(journeys.value.sum()),
        "journeys": len(journeys.ends),
        "rate": chain.rate if len(journeys.ends) else None,
        "shorter": chain.shorter,
    }
    charts = [Chart("bar", table, "group", MODELS) for table in ("conversions", "value")]
    sentence = "nothing" if not every else "thin" if chain.shorter > 0 else "done"
    return Result(figures, (*tables, Table("reach", columns, reach)), tuple(charts), sentence)


def _order(found: Owed) -> list[str]:
    """Touchpoints, those first that are owed most by the linear model; the rest at the end."""
    linear = found.credits["linear"]
    names = sorted(linear, key=lambda name: (name == REST, -linear[name][0], name))
    played = found.credits["shapley"]
    return [*names, *([REST] if REST in played and REST not in names else [])]


def _part(found: Owed, model: str, name: str, which: int) -> float | None:
    """None where a model took the touchpoint together with others."""
    part = found.credits[model].get(name)
    return None if part is None else part[which]


def _touching(found: Owed, name: str) -> npt.NDArray[np.bool_]:
    """bool by journey: did it touch this?"""
    journeys = found.journeys
    many = np.zeros(len(journeys.ends), bool)
    if name in journeys.names:
        whose = np.repeat(np.arange(len(many)), np.diff(journeys.ends, prepend=0))
        many[whose[journeys.touch == journeys.names.index(name)]] = True
    return many


def who(asked: Attribution, found: Owed, cell: Cell, setting: Setting) -> Slots | None:
    name, column = cell.get("group"), cell.get("column")
    if cell.get("table") != "reach" or name not in found.journeys.names:
        return None
    many = _touching(found, str(name))
    if column == "buyers":
        many &= found.journeys.conversions > 0
    elif column != "people":
        return None
    return np.unique(found.whose[many])


WORDS: Final = Words(
    title=Said("Attribution", "归因"),
    about=Said(
        "Which touchpoints conversions are owed to, by eight models side by side.",
        "转化应归功于哪些触点，八种模型并列对照。",
    ),
    tables={
        "conversions": Said("Conversions", "转化数"),
        "value": Said("Value", "价值"),
        "reach": Said("Reach", "触达"),
    },
    columns={
        "group": Said("Touchpoint", "触点"),
        "first": Said("First", "首次触点"),
        "last": Said("Last", "末次触点"),
        "last_non_direct": Said("Last non-direct", "末次非直接"),
        "linear": Said("Linear", "线性"),
        "time_decay": Said("Time decay", "时间衰减"),
        "position": Said("Position", "位置"),
        "markov": Said("Markov", "马尔可夫"),
        "shapley": Said("Shapley", "夏普利值"),
        "people": PEOPLE,
        "journeys": Said("Journeys", "旅程数"),
        "buyers": Said("People who converted", "转化人数"),
        "touched": Said("Conversions with it", "含该触点的转化"),
        "removal": Said("Lost without it", "去掉后损失"),
    },
    figures={
        "conversions": ("count", Said("Conversions", "转化数")),
        "attributed": ("count", Said("With a touch", "有触点的转化")),
        "alone": ("count", Said("Without any touch", "没有触点的转化")),
        "value": ("money", Said("Value", "价值")),
        "attributed_value": ("money", Said("Value with a touch", "有触点的价值")),
        "journeys": ("count", Said("Journeys", "旅程数")),
        "rate": ("share", Said("Journeys that convert", "旅程转化率")),
        "shorter": (
            "share", Said("Touches told by a shorter state", "由更短状态代替的触点"),
        ),
    },
    sentences={
        "done": Said(
            "Of {conversions} conversions {attributed} had a touch to look back on, {alone} had "
            "none.",
            "{conversions} 次转化中，{attributed} 次之前有触点，{alone} 次没有。",
        ),
        "thin": Said(
            "Of {conversions} conversions {attributed} had a touch to look back on, {alone} had "
            "none. Data is thin for the chain: {shorter} of its touches are told by a shorter "
            "state.",
            "{conversions} 次转化中，{attributed} 次之前有触点，{alone} 次没有。数据不足以支撑"
            "所选阶数：{shorter} 的触点改用更短的状态。",
        ),
        "nothing": Said("No conversion in this period.", "这段时间没有转化。"),
    },
)  # fmt: skip
ANALYSIS: Final = Analysis(
    WORDS, Attribution, reads, find, tell, who, example={"by": "channel", "lookback": 7}
)
