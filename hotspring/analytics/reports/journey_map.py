"""Journey map: from hearing of us to telling others, where people are lost, what moves them on."""

from __future__ import annotations

from typing import Annotated, Any, Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Parameters, Step, Window, told
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
    ranked,
    share,
)
from hotspring.analytics.words import BY_GROUP, GROUP, OF_ALL, PEOPLE, REACHED

STAGES: Final = ("aware", "interested", "considering", "buying", "sharing")
COUNT: Final = len(STAGES)
BUYING: Final = STAGES.index("buying")
USUAL: Final = {
    "aware": (None,),
    "interested": (
        "Product List Viewed", "Products Searched", "Product Clicked", "Product Viewed",
        "Promotion Clicked", "Message Clicked",
    ),
    "considering": (
        "Product Added to Wishlist", "Product Added", "Cart Viewed", "Checkout Started",
        "Coupon Applied",
    ),
    "sharing": (
        "Product Shared", "Product Reviewed", "Cart Shared", "Invite Sent", "Invite Accepted",
    ),
}  # fmt: skip
"""Events of a stage that is given none, as shops name them; buying is what the rules say."""
NEVER: Final = 2**62
GROUPS: Final = 10
MOST: Final = 50
"""Touchpoints told apart; the rest is one row."""
Masks = npt.NDArray[np.int64]
"""Bit `i` is set where there was an event of stage `i`."""


def _stage(en: str, zh: str, without_en: str, without_zh: str) -> Any:
    return told(en, zh, f"Events that tell of it; without any, {without_en}.",
                f"表明处于该阶段的事件；不填为{without_zh}。", "steps", max_length=10)  # fmt: skip


class JourneyMap(Parameters, frozen=True, kw_only=True):
    """Parameters of a journey map."""

    aware: Annotated[tuple[Step, ...], _stage("Aware", "知晓", "any event", "任意事件")] = ()
    interested: Annotated[
        tuple[Step, ...],
        _stage("Interested", "兴趣", "views, searches and clicks", "浏览、搜索和点击"),
    ] = ()
    considering: Annotated[
        tuple[Step, ...],
        _stage("Considering", "考虑", "wishlist, cart, checkout and coupons",
               "收藏、加购、结算和优惠券"),
    ] = ()  # fmt: skip
    buying: Annotated[
        tuple[Step, ...],
        _stage("Buying", "购买", "orders, as the rules of temperature name them",
               "订单（按温度规则所列）"),
    ] = ()  # fmt: skip
    sharing: Annotated[
        tuple[Step, ...],
        _stage("Sharing", "分享", "shares, reviews and invitations", "分享、评价和邀请"),
    ] = ()
    window: Annotated[
        Window,
        told("Window", "旅程时长", "So long from the first event of the period on.",
             "从时段内的第一个事件起，看多长时间。"),
    ] = Window(amount=30)  # fmt: skip
    by: Annotated[
        str,
        told("By", "分组", "A dimension of the event a journey begins with.",
             "旅程第一个事件的维度。", "dimension", max_length=400),
    ] = "channel"  # fmt: skip
    touch: Annotated[
        str,
        told("Touchpoints by", "触点维度",
             "What tells touchpoints apart, such as utm_source, utm_campaign, channel or name.",
             "按什么区分触点，例如 utm_source、utm_campaign、channel 或 name。", "dimension",
             max_length=400),
    ] = "utm_source"  # fmt: skip
    follow: Annotated[
        Window,
        told("Followed within", "后续时长", "What counts as following a touch.",
             "触点之后多长时间内的行为计入。"),
    ] = Window()  # fmt: skip


class Touched(NamedTuple):
    """First touches: a row for each profile and touchpoint."""

    slot: Slots
    group: npt.NDArray[np.int64]
    names: list[Any]
    before: Masks
    """Stages in the window until then."""
    after: Masks
    """Stages that followed."""


class Journeyed(NamedTuple):
    """All journeys: a row for each profile; and what touched them."""

    slot: Slots
    times: npt.NDArray[np.int64]
    """By stage, when first; `NEVER` where it was not reached."""
    group: npt.NDArray[np.int64]
    names: list[Any]
    touched: Touched

    @property
    def furthest(self) -> npt.NDArray[np.int64]:
        """The last stage that was reached."""
        last: npt.NDArray[np.int64] = np.argmax(self.times[:, ::-1] != NEVER, axis=1)
        return COUNT - 1 - last


def _steps(asked: JourneyMap, setting: Setting) -> tuple[tuple[Step, ...], list[int]]:
    """The steps to read, and the mask of each stage."""
    steps, masks = list[Step](), []
    for name in STAGES:
        own = getattr(asked, name)
        if not own:
            usual = tuple(Step(event=event) for event in USUAL.get(name, ()))
            own = setting.paying if name == "buying" else usual
        masks.append(((1 << len(own)) - 1) << len(steps))
        steps += own
    return tuple(steps), masks


def _by(asked: JourneyMap) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (asked.by, asked.touch) if name))


def reads(asked: JourneyMap, setting: Setting) -> Reads:
    start, end = setting.period.bounds(setting.days)
    steps, _ = _steps(asked, setting)
    longest = max(asked.window.ms, asked.follow.ms)
    # Touches are on any event.
    return Reads(start - asked.window.ms, end + longest, steps=steps, every=True, by=_by(asked))


def find(asked: JourneyMap, source: Source, setting: Setting) -> Journeyed:
    start, end = setting.period.bounds(setting.days)
    _, masks = _steps(asked, setting)
    by = _by(asked)
    nobody, none = np.empty(0, np.int32), np.empty(0, np.int64)
    journeys = [(nobody, np.empty((0, COUNT), np.int64))]
    begun, touches = [(nobody, nobody)], [(nobody, nobody, none, none, none)]
    for rows in source:
        stages = np.zeros(len(rows.slot), np.int64)
        for place, mask in enumerate(masks):
            stages |= np.where(rows.hits & mask != 0, 1 << place, 0)
        slot, times, first = journeyed(
            rows.slot, rows.ms, stages, np.int64(start), np.int64(end), np.int64(asked.window.ms)
        )
        journeys.append((slot, times))
        if asked.by:
            begun.append((rows.slot[first], rows.codes[by.index(asked.by)][first]))
        if asked.touch:
            code = rows.codes[by.index(asked.touch)]
            first = newly(rows.slot, code, (code >= 0) & (rows.ms >= start) & (rows.ms < end))
            before = around(rows.slot, rows.ms, stages, np.int64(asked.window.ms), True)
            after = _following(rows.slot, rows.ms, stages, asked.follow.ms)
            touches.append(tuple(
                one[first] for one in (rows.slot, code, rows.ms, before, after)
            ))  # fmt: skip
    slot, times = (np.concatenate(part) for part in zip(*journeys, strict=True))
    group, names = _begun(slot, begun, source.words(by.index(asked.by)) if asked.by else [""])
    words = source.words(by.index(asked.touch)) if asked.touch else []
    return Journeyed(slot, times, group, names if asked.by else [], _touched(touches, words))


@numba.njit(cache=True, nogil=True)
def journeyed(slot: Any, ms: Any, stages: Any, start: Any, end: Any, window: Any) -> Any:
    """Of each owner with a stage in the period: when each was first reached from then on, within
    the window; and by row, whether a journey begins at its moment."""
    size = 0
    for row in range(len(slot)):
        size += row == 0 or slot[row] != slot[row - 1]
    whose, times = np.empty(size, np.int32), np.full((size, COUNT), np.int64(NEVER))
    first = np.zeros(len(slot), np.bool_)
    used, began = 0, np.int64(NEVER)
    for row in range(len(slot)):
        if row == 0 or slot[row] != slot[row - 1]:
            used += began != NEVER
            began = np.int64(NEVER)
        if stages[row] == 0:
            continue
        if began == NEVER and start <= ms[row] < end:
            began, whose[used] = ms[row], slot[row]
        if began != NEVER and ms[row] - began <= window:
            first[row] = ms[row] == began
            for stage in range(COUNT):
                if stages[row] >> stage & 1 and times[used, stage] == NEVER:
                    times[used, stage] = ms[row]
    used += began != NEVER
    return whose[:used], times[:used], first


@numba.njit(cache=True, nogil=True)
def around(slot: Any, ms: Any, stages: Any, window: Any, own: Any) -> Any:
    """By row: the stages of the owner within so long before it, with its own moment or without."""
    found, last = np.zeros(len(slot), np.int64), np.empty(COUNT, np.int64)
    row = 0
    while row < len(slot):
        first, mask = row, np.int64(0)
        if row == 0 or slot[row] != slot[row - 1]:
            last[:] = NEVER
        while row < len(slot) and slot[row] == slot[first] and ms[row] == ms[first]:
            mask |= stages[row]
            row += 1
        for stage in range(COUNT):
            if own and mask >> stage & 1:
                last[stage] = ms[first]
            if last[stage] != NEVER and ms[first] - last[stage] <= window:
                found[first:row] |= np.int64(1) << stage
            if mask >> stage & 1:
                last[stage] = ms[first]
    return found


@numba.njit(cache=True, nogil=True)
def newly(slot: Any, code: Any, inside: Any) -> Any:
    """bool by row: is it the owner's first of its code, of those inside?"""
    found = np.zeros(len(slot), np.bool_)
    seen = np.full(code.max() + 1 if len(code) else 0, np.int64(-1))
    owner = 0
    for row in range(len(slot)):
        owner += row > 0 and slot[row] != slot[row - 1]
        if inside[row] and seen[code[row]] != owner:
            seen[code[row]] = owner
            found[row] = True
    return found


def _following(slot: Slots, ms: Any, stages: Masks, window: int) -> Masks:
    """By row: the stages that follow within so long. The same look, from the other end."""
    whose, at, mask = (np.ascontiguousarray(one[::-1]) for one in (slot, -ms, stages))
    found: Masks = around(whose, at, mask, np.int64(window), False)[::-1]
    return found


def _begun(slot: Slots, parts: Any, words: Any) -> tuple[npt.NDArray[np.int64], list[Any]]:
    """With what each journey begins: of several at its first moment the first by name."""
    if len(parts) == 1:
        return np.zeros(len(slot), np.int64), []
    whose, code = (np.concatenate(part) for part in zip(*parts, strict=True))
    # Code -1 is the last place.
    rank = np.full(len(words) + 1, len(words), np.int64)
    rank[sorted(range(len(words)), key=lambda at: words[at])] = np.arange(len(words))
    order = np.lexsort((rank[code], whose))
    owners, place = np.unique(whose[order], return_index=True)
    own = code[order][place][np.searchsorted(owners, slot)]
    return ranked(own, words, GROUPS)


def _touched(parts: Any, words: Any) -> Touched:
    """The first touch of each profile by each touchpoint, the rest taken as one."""
    slot, code, ms, before, after = (np.concatenate(part) for part in zip(*parts, strict=True))
    group, names = ranked(code, words, MOST)
    order = np.lexsort((ms, group, slot))
    same = (np.diff(slot[order], prepend=-1) == 0) & (np.diff(group[order], prepend=-1) == 0)
    kept = order[~same]
    return Touched(slot[kept], group[kept], names, before[kept], after[kept])


HIGHEST: Final = np.array([mask.bit_length() for mask in range(1 << COUNT)])


def tell(asked: JourneyMap, found: Journeyed, setting: Setting) -> Result:
    every = np.ones(len(found.slot), bool)
    rows = _rows(found, every, None)
    grouped = []
    for place, name in enumerate(found.names):
        grouped += _rows(found, found.group == place, name)
    began = found.times.min(axis=1, initial=NEVER)
    bought = found.times[:, BUYING] != NEVER
    took = (found.times[:, BUYING] - began)[bought]
    figures: dict[str, float | int | None] = {
        "people": len(found.slot),
        "bought": int(bought.sum()),
        "rate": share(int(bought.sum()), len(found.slot)),
        "shared": int((found.times[:, -1] != NEVER).sum()),
        "median": int(np.quantile(took, 0.5, method="inverted_cdf")) if len(took) else None,
        "open": int((began + asked.window.ms >= setting.now).sum()),
        "worst": _worst(rows),
    }
    plain = tuple(column for column in COLUMNS if column.name != "group")
    tables = [Table("stages", plain, [[*row[:2], *row[3:]] for row in rows])]
    charts = [Chart("funnel", "stages", "step", ("reached",))]
    if asked.by:
        tables.append(Table("groups", COLUMNS, grouped))
        charts.append(Chart("bar", "groups", "step", ("of_begun",), by="group"))
    if asked.touch:
        tables.append(Table("touchpoints", TOUCHES, _touches(found.touched)))
        charts.append(Chart("bar", "touchpoints", "group", ("more",)))
    sentence = "nobody" if not len(found.slot) else "done" if figures["worst"] else "kept"
    return Result(figures, tuple(tables), tuple(charts), sentence)


def _rows(found: Journeyed, of: Any, group: Any) -> list[list[Any]]:
    """A row for each stage: of all journeys or of those of a group."""
    times, furthest = found.times[of], found.furthest[of]
    rows = []
    for stage, name in enumerate(STAGES):
        there, further = times[:, stage] != NEVER, furthest > stage
        many, on = int(there.sum()), int((there & further).sum())
        went = [None] * 3 if stage == COUNT - 1 else [on, share(on, many), many - on]
        rows.append([
            stage + 1, name, group, many, share(many, len(times)), *went,
            int((further & ~there).sum()), *_took(times[there], stage),
        ])  # fmt: skip
    return rows


def _took(times: npt.NDArray[np.int64], stage: int) -> list[int | None]:
    """From a stage to the next that was reached: half took at most so long, nine in ten."""
    own, later = times[:, stage], times[:, stage + 1 :]
    following = np.where(later >= own[:, None], later, NEVER).min(axis=1, initial=NEVER)
    took = (following - own)[following != NEVER]
    if not len(took):
        return [None, None]
    return [int(one) for one in np.quantile(took, (0.5, 0.9), method="inverted_cdf")]


def _worst(rows: list[list[Any]]) -> int | None:
    """At which stage before the purchase is most lost, as a share of those who were there?"""
    lost = [(row[7] / row[3], -row[0]) for row in rows[:BUYING] if row[7]]
    return -max(lost)[1] if lost else None


def _touches(found: Touched) -> list[list[Any]]:
    """A row for each touchpoint: how many more went on than of all who were touched at the same
    stages; those with the most come first."""
    before = HIGHEST[found.before]
    went_on = HIGHEST[found.after] > before
    bought = found.after >> BUYING & 1 == 1
    many = np.bincount(before, minlength=COUNT + 1)
    usual = np.bincount(before, went_on, COUNT + 1) / np.maximum(many, 1)
    rows = []
    for place, name in enumerate(found.names):
        of = found.group == place
        people, on, sold = int(of.sum()), int(went_on[of].sum()), int(bought[of].sum())
        expected = float(usual[before[of]].sum())
        rows.append([
            name, people, on, on / people, expected / people, round(on - expected, 6), sold,
            sold / people,
        ])  # fmt: skip
    rows.sort(key=lambda row: (-row[5], row[0] == REST, str(row[0])))
    return rows


def who(asked: JourneyMap, found: Journeyed, cell: Cell, setting: Setting) -> Slots | None:
    if cell.get("table") == "touchpoints":
        return _touching(found.touched, cell)
    stage, of = cell.get("step"), np.ones(len(found.slot), bool)
    if not isinstance(stage, int) or not 1 <= stage <= COUNT:
        return None
    if cell.get("table") == "groups":
        if cell.get("group") not in found.names:
            return None
        of &= found.group == found.names.index(cell.get("group"))
    elif cell.get("table") != "stages":
        return None
    there, further = found.times[:, stage - 1] != NEVER, found.furthest > stage - 1
    columns = {"reached": there, "skipped": further & ~there}
    if stage < COUNT:
        columns |= {"went_on": there & further, "lost": there & ~further}
    chosen = columns.get(str(cell.get("column")))
    return None if chosen is None else np.unique(found.slot[of & chosen])


def _touching(found: Touched, cell: Cell) -> Slots | None:
    if cell.get("group") not in found.names:
        return None
    of = found.group == found.names.index(cell.get("group"))
    columns = {
        "people": of,
        "went_on": of & (HIGHEST[found.after] > HIGHEST[found.before]),
        "bought": of & (found.after >> BUYING & 1 == 1),
    }
    chosen = columns.get(str(cell.get("column")))
    return None if chosen is None else np.unique(found.slot[chosen])


COLUMNS: Final = (
    Column("step", "step", key=True), Column("stage", "word"), Column("group", "group", key=True),
    Column("reached", "count", drill=True), Column("of_begun", "share"),
    Column("went_on", "count", drill=True), Column("on_rate", "share"),
    Column("lost", "count", drill=True), Column("skipped", "count", drill=True),
    Column("median", "duration"), Column("q90", "duration"),
)  # fmt: skip
TOUCHES: Final = (
    Column("group", "group", key=True), Column("people", "count", drill=True),
    Column("went_on", "count", drill=True), Column("on_rate", "share"),
    Column("usual", "share"), Column("more", "number"), Column("bought", "count", drill=True),
    Column("buy_rate", "share"),
)  # fmt: skip
CALLED: Final = {
    "aware": Said("Aware", "知晓"),
    "interested": Said("Interested", "兴趣"),
    "considering": Said("Considering", "考虑"),
    "buying": Said("Buying", "购买"),
    "sharing": Said("Sharing", "分享"),
}
WORDS: Final = Words(
    title=Said("Journey map", "旅程地图"),
    about=Said(
        "From aware to sharing: how many reach each stage and when, where they are lost, and which "
        "touchpoints move them on.",
        "从知晓到分享：多少人到达每个阶段、用了多久、在哪里流失，哪些触点推动他们前进。",
    ),
    tables={
        "stages": Said("Stages", "阶段"),
        "groups": BY_GROUP,
        "touchpoints": Said("Touchpoints by what followed", "触点及其后续"),
    },
    columns={
        "step": Said("No.", "序号"),
        "stage": Said("Stage", "阶段"),
        "group": GROUP,
        "reached": REACHED,
        "of_begun": OF_ALL,
        "went_on": Said("Went on", "继续前进"),
        "on_rate": Said("Of those there", "前进比例"),
        "lost": Said("Went no further", "止步于此"),
        "skipped": Said("Went on without it", "跳过"),
        "median": Said("Half went on within", "一半在此时间内前进"),
        "q90": Said("Nine in ten within", "九成在此时间内前进"),
        "people": Said("Touched", "触达人数"),
        "usual": Said("Usual at their stages", "同阶段平均"),
        "more": Said("More than usual", "比平均多"),
        "bought": Said("Bought", "购买人数"),
        "buy_rate": Said("Bought, of those touched", "购买比例"),
    },
    figures={
        "people": ("count", PEOPLE),
        "bought": ("count", Said("Bought", "购买人数")),
        "rate": ("share", Said("Bought, of all", "购买比例")),
        "shared": ("count", Said("Shared", "分享人数")),
        "median": ("duration", Said("Half bought within", "一半在此时间内购买")),
        "open": ("count", Said("Still under way", "旅程未结束")),
        "worst": ("word", Said("Most lost at stage", "流失最多的阶段")),
    },
    sentences={
        "done": Said(
            "{people} people came and {bought} bought ({rate}); before that most are lost at the "
            "stage {worst}.",
            "{people} 人开始旅程，{bought} 人购买（{rate}）；购买之前，{worst}阶段流失最多。",
        ),
        "kept": Said(
            "{people} people came and {bought} bought ({rate}); nobody was lost before that.",
            "{people} 人开始旅程，{bought} 人购买（{rate}）；购买之前没有人流失。",
        ),
        "nobody": Said("Nobody came in this period.", "这段时间没有人来。"),
    },
    values=CALLED | {str(at + 1): CALLED[stage] for at, stage in enumerate(STAGES)},
)
ANALYSIS: Final = Analysis(WORDS, JourneyMap, reads, find, tell, who, example={"touch": "channel"})
