"""What conversions are owed to, as several analyses read it: touches, conversions, refunds."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import FINE, Parameters, Period, Step, called, told
from hotspring.analytics.report import MILLIONTHS, REST, Setting, Source
from hotspring.attribution import (
    Credit,
    Journeys,
    Markov,
    Shapley,
    Sharing,
    Window,
)
from hotspring.days import DAY_MS

MINUTE_MS: Final = 60_000
DIRECT: Final = "direct"
RULES: Final = ("first", "last", "last_non_direct", "linear", "time_decay", "position")
MOST: Final = 50
"""Touchpoints told apart; the rest is one row."""

Rule = Literal["first", "last", "last_non_direct", "linear", "time_decay", "position"]


class Touching(Parameters, frozen=True, kw_only=True):
    """Parameters of what looks back from conversions on touches."""

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
             "每个触点只计入之后的第一次转化。"), FINE,
    ] = False  # fmt: skip
    repeat: Annotated[
        int,
        told("Repeats in minutes", "重复间隔（分钟）",
             "The same touch again within so long is no other one.",
             "同一触点在这段时间内再次出现不另计。", ge=0, le=1_440), FINE,
    ] = 30  # fmt: skip
    half_life: Annotated[
        int, told("Half-life in days", "半衰期（天）", "Of time decay.", "用于时间衰减。",
                  ge=1, le=180), FINE,
    ] = 7  # fmt: skip
    first: Annotated[
        float,
        told("Part of the first", "首触份额", "By position.", "用于位置归因。", ge=0, le=0.5),
        FINE,
    ] = 0.4
    last: Annotated[
        float,
        told("Part of the last", "末触份额", "By position.", "用于位置归因。", ge=0, le=0.5),
        FINE,
    ] = 0.4
    order: Annotated[
        int,
        told("Order of the chain", "马尔可夫阶数", "How many touches it remembers.",
             "记住最近几个触点。", ge=1, le=3), FINE,
    ] = 1  # fmt: skip
    worth: Annotated[
        Literal["conversions", "rate"],
        told("Shapley counts", "夏普利值按",
             "What touchpoints would have brought alone, or how often journeys with them convert.",
             "触点单独能带来的转化数，或含这些触点的旅程的转化率。"),
        called(conversions=("Conversions", "转化数"), rate=("Rate", "转化率")), FINE,
    ] = "conversions"  # fmt: skip

    def sharing(self, model: Rule) -> Sharing:
        """How this model shares a conversion among its touches."""
        return Sharing(model=model, half_life_ms=self.half_life * DAY_MS, first=self.first,
                       last=self.last, direct=DIRECT)  # fmt: skip


class Crediting(Touching, frozen=True, kw_only=True):
    """Parameters of what sets channels beside what they cost."""

    model: Annotated[
        Literal["first", "last", "last_non_direct", "linear", "time_decay", "position", "markov",
                "shapley"],
        told("Model", "归因模型", "Which channel conversions are owed to.",
             "转化归功于哪个渠道。"),
        called(
            first=("First", "首次触点"), last=("Last", "末次触点"),
            last_non_direct=("Last non-direct", "末次非直接"), linear=("Linear", "线性"),
            time_decay=("Time decay", "时间衰减"), position=("Position", "位置"),
            markov=("Markov", "马尔可夫"), shapley=("Shapley", "夏普利值"),
        ),
    ] = "linear"  # fmt: skip
    margin: Annotated[
        float,
        told("Margin", "毛利率", "The part of the revenue that is left to pay for channels.",
             "收入中可用来支付渠道费用的份额。", ge=0, le=1),
    ] = 1.0  # fmt: skip

    @property
    def by_touch(self) -> Sharing:
        """How touches share a conversion; `linear` where the model credits channels alone."""
        if self.model == "markov" or self.model == "shapley":
            return self.sharing("linear")
        return self.sharing(self.model)

    def credit(self, journeys: Journeys) -> Credit:
        """What each channel is credited with."""
        if self.model == "markov":
            return Markov.of(journeys, self.order).credit
        if self.model == "shapley":
            return Shapley.of(journeys, self.worth).credit
        return self.by_touch.credit(journeys)

    def told_apart(self, journeys: Journeys) -> tuple[str, ...]:
        """The channels that are told apart: few enough for the model."""
        few, _ = journeys.grouped(MOST)
        return Shapley.of(few, self.worth).journeys.names if self.model == "shapley" else few.names


class Deeds(NamedTuple):
    """Rows of whole people, each one's together and by time, that are a touch or a conversion."""

    slot: npt.NDArray[np.int32]
    ms: npt.NDArray[np.int64]
    touch: npt.NDArray[np.int32]
    """Which of the names, -1 where it is none."""
    brought: npt.NDArray[np.float64]
    """What a conversion brought, less refunds; NaN where it is none."""
    names: list[str]

    def before(self, ms: int) -> Deeds:
        """What was done before a moment."""
        there = self.ms < ms
        return Deeds(self.slot[there], self.ms[there], self.touch[there], self.brought[there],
                     self.names)  # fmt: skip


def steps_of(
    asked: Touching, setting: Setting, lifetime: bool = False
) -> tuple[tuple[Step, ...], dict[str, int]]:
    """The steps to read, and the mask of each part."""
    goals = setting.paying if asked.conversion is None else (asked.conversion,)
    parts = {
        "goal": goals,
        "paid": setting.paying if lifetime else (),
        "refund": setting.refunds,
        "direct": () if asked.direct is None else (asked.direct,),
        "touch": asked.touches or (Step(event=None),),
    }
    steps, masks = list[Step](), dict[str, int]()
    for name, some in parts.items():
        masks[name] = ((1 << len(some)) - 1) << len(steps)
        steps += some
    return tuple(steps), masks


def window_of(asked: Touching, setting: Setting, period: Period) -> Window:
    """Which conversions of a period count, and how far each looks back."""
    start, end = period.bounds(setting.days)
    return Window(
        start=start,
        end=end,
        lookback_ms=asked.lookback * DAY_MS,
        repeat_ms=asked.repeat * MINUTE_MS,
        once=asked.once,
    )


def gathered(
    asked: Touching, source: Source, setting: Setting, since: int = 0,
    lifetime: Window | None = None,
) -> Deeds:  # fmt: skip
    """The touches from a moment on, and all conversions, less their refunds.

    With `lifetime` only the first conversion of each person in that window is one, and it brought
    all that they have paid.
    """
    _, masks = steps_of(asked, setting, lifetime is not None)
    kept: list[tuple[Any, ...]] = [
        (np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int32), *[np.empty(0)] * 2)
    ]
    kept += source.each(lambda rows: _kept(rows, masks, since, lifetime))
    slot, ms, code, brought, lost = (np.concatenate(part) for part in zip(*kept, strict=True))
    touch, names = _named(code, source.words(0))
    order = _in_order(slot, ms, touch, brought)
    touch, brought, lost = touch[order], brought[order], lost[order]
    _settle(slot, ms, brought, lost)
    return Deeds(slot, ms, touch, brought, names)


def _kept(rows: Any, masks: dict[str, int], since: int, lifetime: Window | None) -> tuple[Any, ...]:
    """Of rows that are a touch, a conversion or a refund: owner, time, the code of the touch (-1
    none, -2 direct), what a conversion brought (NaN where it is none), what a refund took."""
    hits, code = rows.hits, rows.codes[0]
    is_goal, is_refund = hits & masks["goal"] != 0, hits & masks["refund"] != 0
    touch = np.where((hits & masks["touch"] != 0) & (code >= 0), code, -1)
    touch[(hits & masks["direct"] != 0) & (code < 0)] = -2
    touch[rows.ms < since] = -1
    money = rows.worth / MILLIONTHS
    brought = np.where(is_goal, money, np.nan)
    lost = np.where(is_refund & ~is_goal, money, 0.0)
    if lifetime is not None:
        inside = is_goal & (rows.ms >= lifetime.start) & (rows.ms < lifetime.end)
        paid = np.where(hits & masks["paid"] != 0, money, 0.0) - lost
        brought, lost = _lifetimes(rows.slot, inside, paid), np.zeros(len(lost))
    there = (touch != -1) | ~np.isnan(brought) | (lost != 0)
    return rows.slot[there], rows.ms[there], touch[there], brought[there], lost[there]


def regrouped(journeys: Journeys, names: tuple[str, ...]) -> Journeys:
    """With these channels only; all others, where there are any, are `…`."""
    every = names if REST in names or set(journeys.names) <= set(names) else (*names, REST)
    place = {name: at for at, name in enumerate(every)}
    codes = np.array([place[name if name in place else REST] for name in journeys.names], np.int32)
    touch = codes[journeys.touch] if len(codes) else journeys.touch
    return journeys._replace(names=every, touch=touch)


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
def _in_order(slot: Any, ms: Any, touch: Any, brought: Any) -> Any:
    """The rows in an order that does not depend on that of rows at one moment: there by touch, and
    by what they brought."""
    order = np.arange(len(ms))
    for row in range(1, len(ms)):
        at = row
        while at and ms[at - 1] == ms[row] and slot[at - 1] == slot[row]:
            one, other = order[at - 1], row
            if touch[one] < touch[other] or (
                touch[one] == touch[other]
                and (np.isnan(brought[one]) or brought[one] <= brought[other])
            ):
                break
            order[at] = one
            at -= 1
        order[at] = row
    return order


@numba.njit(cache=True, nogil=True)
def _settle(slot: Any, ms: Any, brought: Any, lost: Any) -> None:
    """Takes each refund off the owner's latest conversions before it or at its very moment, none
    below nothing."""
    for row in range(len(slot)):
        rest, at = lost[row], row
        while rest > 0 and at + 1 < len(slot) and ms[at + 1] == ms[row]:
            if slot[at + 1] != slot[row]:
                break
            at += 1
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
