"""Funnel: how many go from step to step, how long it takes them, where they are lost."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import (
    Parameters,
    Step,
    Unit,
    Window,
    begins,
    called,
    dated,
    told,
    units,
)
from hotspring.analytics.report import (
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
    ranked,
    share,
)
from hotspring.analytics.words import BY_GROUP, GROUP, REACHED, TREND

NEVER: Final = -(2**62)
QUANTILES: Final = (0.25, 0.5, 0.75, 0.9)
GROUPS: Final = 10


class Funnel(Parameters, frozen=True, kw_only=True):
    """Parameters of a funnel."""

    steps: Annotated[
        tuple[Step, ...],
        told("Steps", "步骤", "What is done, one after the other.", "依次要做的事。", "steps",
             min_length=1, max_length=12),
    ]  # fmt: skip
    window: Annotated[
        Window,
        told("Window", "转化窗口", "From the first step to the last, at most so long.",
             "从第一步到最后一步最多多久。"),
    ] = Window()  # fmt: skip
    order: Annotated[
        Literal["loose", "strict"],
        told("Order", "顺序", "Strict: nothing else is done in between.",
             "严格：两步之间没有其他事件。"),
        called(loose=("Loose", "宽松"), strict=("Strict", "严格")),
    ] = "loose"  # fmt: skip
    exclude: Annotated[
        tuple[Step, ...],
        told("Exclusions", "排除事件", "Who does one of these in between has to begin anew.",
             "中途发生这些事件，就要重新开始。", "steps", max_length=10),
    ] = ()  # fmt: skip
    attempts: Annotated[
        Literal["best", "first", "every"],
        told("Attempts", "统计方式",
             "Each profile once, by its furthest or its first attempt; or every attempt.",
             "每人一次，取走得最远的一次或第一次；或统计每一次尝试。"),
        called(
            best=("The furthest of each profile", "每人最远的一次"),
            first=("The first of each profile", "每人第一次"),
            every=("Every attempt", "每一次尝试"),
        ),
    ] = "best"  # fmt: skip
    by: Annotated[
        str,
        told("By", "分组", "A dimension of the first step.", "第一步的维度。", "dimension",
             max_length=400),
    ] = ""  # fmt: skip
    interval: Annotated[Unit, told("Trend by", "趋势间隔")] = "day"


class Attempts(NamedTuple):
    """All attempts: one row for each."""

    slot: Slots
    times: npt.NDArray[np.int64]
    """By step; `NEVER` where it was not reached."""
    reached: npt.NDArray[np.int64]
    """Steps."""
    group: npt.NDArray[Any]
    names: list[Any]


def reads(asked: Funnel, setting: Setting) -> Reads:
    start, end = setting.period.bounds(setting.days)
    return Reads(
        start,
        end + _window(asked),
        steps=(*asked.steps, *asked.exclude),
        every=asked.order == "strict",
        by=(asked.by,) if asked.by else (),
    )


def find(asked: Funnel, source: Source, setting: Setting) -> Attempts:
    count = len(asked.steps)
    nobody = np.empty(0, np.int32)
    _, end = setting.period.bounds(setting.days)
    how = (count, np.int64(_window(asked)), asked.order == "strict", np.int64(end))

    def gone(rows: Rows) -> tuple[Any, ...]:
        own = rows.codes[0] if asked.by else np.zeros(len(rows.slot), np.int32)
        if asked.attempts == "best":
            found = best(rows.slot, rows.ms, rows.hits, own, *how)
        else:
            found = attempted(rows.slot, rows.ms, rows.hits, own, *how, asked.attempts == "first")
        return *found, _reached(found[1])

    none = (nobody, np.empty((0, count), np.int64), nobody, np.empty(0, np.int64))
    parts = [none, *source.each(gone)]
    slot, when, codes, reached = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not asked.by:
        return Attempts(slot, when, reached, codes, [])
    return Attempts(slot, when, reached, *ranked(codes, source.words(0), GROUPS))


@numba.njit(cache=True, nogil=True)
def best(
    slot: Any, ms: Any, hits: Any, code: Any, count: Any, window: Any, strict: Any, until: Any
) -> Any:
    """Of each owner who begins, the way that leads furthest: its times and the code it began with.

    Of several, the one that got there first, and of those the one that began last. A step is at a
    later millisecond than the one before; what is at one millisecond has no order.
    """
    size = _owners(slot)
    whose = np.empty(size, np.int32)
    when = np.full((size, count), np.int64(NEVER))
    codes = np.empty(size, np.int32)
    began = np.full((count, count), np.int64(NEVER))
    label, most = np.zeros(count, np.int32), 0
    exclusion = ~((np.int64(1) << count) - 1)
    used, row = 0, 0
    while row < len(slot):
        first = row
        mask, own = np.int64(0), code[row]
        while row < len(slot) and slot[row] == slot[first] and ms[row] == ms[first]:
            if hits[row] & 1 and not mask & 1:
                own = code[row]
            mask |= hits[row]
            row += 1
        at = ms[first]
        out = strict or (mask & exclusion) != 0
        for step in range(count - 1, -1, -1):
            ahead = False
            if mask >> step & 1:
                if step == 0:
                    ahead = at < until
                else:
                    start = began[step - 1, 0]
                    ahead = start != NEVER and at - start <= window
                    # The same beginning, and there already: the earlier way stays.
                    ahead = ahead and (out or start > began[step, 0])
            if ahead:
                # Rows of few numbers: a loop is quicker than to copy a slice.
                for before in range(step):
                    began[step, before] = began[step - 1, before]
                label[step] = label[step - 1] if step else own
                began[step, step] = at
            elif out:
                began[step, 0] = np.int64(NEVER)
            if ahead and step + 1 > most:
                most = step + 1
                for one in range(most):
                    when[used, one] = began[step, one]
                codes[used] = label[step]
        if row == len(slot) or slot[row] != slot[first]:
            if most:
                whose[used] = slot[first]
                used += 1
            for step in range(count):
                began[step, 0] = np.int64(NEVER)
            most = 0
    return whose[:used], when[:used], codes[:used]


@numba.njit(cache=True, nogil=True)
def attempted(
    slot: Any, ms: Any, hits: Any, code: Any, count: Any, window: Any, strict: Any, until: Any,
    once: Any,
) -> Any:  # fmt: skip
    """Every attempt of each owner, or the first one: it begins with a first step outside of any
    other, and ends where the last is reached, the window is over, or it is broken off."""
    size = 1
    for row in range(len(slot)):
        size += hits[row] & 1
    whose = np.empty(size, np.int32)
    when = np.full((size, count), np.int64(NEVER))
    codes = np.empty(size, np.int32)
    exclusion = ~((np.int64(1) << count) - 1)
    used, row, step, over = 0, 0, 0, False
    while row < len(slot):
        first = row
        mask, own = np.int64(0), code[row]
        while row < len(slot) and slot[row] == slot[first] and ms[row] == ms[first]:
            if hits[row] & 1 and not mask & 1:
                own = code[row]
            mask |= hits[row]
            row += 1
        at = ms[first]
        if step and at - when[used, 0] > window:
            used, step, over = used + 1, 0, once
        if step and mask >> step & 1:
            when[used, step] = at
            step += 1
            if step == count:
                used, step, over = used + 1, 0, once
        elif step and (strict or (mask & exclusion) != 0):
            used, step, over = used + 1, 0, once
            if not over and mask & 1 and at < until:
                whose[used], codes[used], when[used, 0], step = slot[first], own, at, 1
        elif not step and not over and mask & 1 and at < until:
            whose[used], codes[used], when[used, 0], step = slot[first], own, at, 1
            if count == 1:
                used, step, over = used + 1, 0, once
        if row == len(slot) or slot[row] != slot[first]:
            if step:
                used, step = used + 1, 0
            over = False
    return whose[:used], when[:used], codes[:used]


@numba.njit(cache=True, nogil=True)
def _reached(when: Any) -> Any:
    """How many steps has each attempt?"""
    found = np.zeros(len(when), np.int64)
    for row in range(len(when)):
        for step in range(when.shape[1]):
            found[row] += when[row, step] != NEVER
    return found


@numba.njit(cache=True, nogil=True)
def _took(times: Any, reached: Any, of: Any, step: Any, many: Any) -> Any:
    """How long those `of` them who came to a step needed from the one before."""
    found = np.empty(many, np.int64)
    used = 0
    for row in range(len(times)):
        if of[row] and reached[row] > step:
            found[used] = times[row, step] - times[row, step - 1]
            used += 1
    return found


@numba.njit(cache=True, nogil=True)
def _owners(slot: Any) -> Any:
    """How many stand in rows that lie together by owner? One more, as room to write."""
    found = 1
    for row in range(len(slot)):
        if row == 0 or slot[row] != slot[row - 1]:
            found += 1
    return found


def tell(asked: Funnel, found: Attempts, setting: Setting) -> Result:
    names = [step.event for step in asked.steps]
    every = np.ones(len(found.slot), bool)
    rows = _rows(found, every, names, None)
    grouped = []
    for place, name in enumerate(found.names):
        grouped += _rows(found, found.group == place, names, name)
    started, finished = int((found.reached > 0).sum()), int((found.reached == len(names)).sum())
    whole = found.reached == len(names)
    took = _quantiles(found.times[whole, -1] - found.times[whole, 0])
    unit = asked.attempts == "every"
    open_ = (found.reached < len(names)) & (found.times[:, 0] + _window(asked) >= setting.now)
    figures: dict[str, float | int | None] = {
        "started": started,
        "finished": finished,
        "rate": share(finished, started),
        "open": int(open_.sum()),
        "median": took[1],
        "worst_step": _worst(rows),
    }
    columns = (
        Column("step", "step", key=True),
        Column("event", "event"),
        *((Column("group", "group", key=True),) if asked.by else ()),
        Column("reached", "count", drill=not unit),
        Column("of_first", "share"),
        Column("of_previous", "share"),
        Column("dropped", "count", drill=not unit),
        Column("q25", "duration"), Column("median", "duration"), Column("q75", "duration"),
        Column("q90", "duration"),
    )  # fmt: skip
    plain = tuple(column for column in columns if column.name != "group")
    tables = [Table("steps", plain, [[*row[:2], *row[3:]] for row in rows])]
    charts = [Chart("funnel", "steps", "step", ("reached",))]
    if asked.by:
        tables.append(Table("groups", columns, grouped))
        charts.append(Chart("bar", "groups", "step", ("of_first",), by="group"))
    tables.append(_trend(asked, found, len(names), setting))
    charts.append(Chart("line", "trend", "day", ("rate",)))
    sentence = "nobody" if not started else "one" if len(names) == 1 else "done"
    return Result(figures, tuple(tables), tuple(charts), sentence)


def _rows(found: Attempts, of: Any, events: list[str | None], group: Any) -> list[list[Any]]:
    """A row for each step: of all attempts or of those of a group."""
    many = [int(np.count_nonzero(of & (found.reached > step))) for step in range(len(events) + 1)]
    rows = []
    for step, event in enumerate(events):
        took: list[Any] = [None] * len(QUANTILES)
        if step:
            took = _quantiles(_took(found.times, found.reached, of, step, many[step]))
        last = step == len(events) - 1
        rows.append([
            step + 1, event, group, many[step], share(many[step], many[0]),
            share(many[step], many[step - 1]) if step else None,
            None if last else many[step] - many[step + 1], *took,
        ])  # fmt: skip
    return rows


def _worst(rows: list[list[Any]]) -> int | None:
    """After which step is most lost, as a share of those who were there?"""
    lost = [(row[6] / row[3], -row[0]) for row in rows if row[6] and row[3]]
    return -max(lost)[1] if lost else None


def _quantiles(values: npt.NDArray[Any]) -> list[Any]:
    """Durations that somebody took."""
    if not len(values):
        return [None] * len(QUANTILES)
    return [int(one) for one in np.quantile(values, QUANTILES, method="inverted_cdf")]


def _trend(asked: Funnel, found: Attempts, count: int, setting: Setting) -> Table:
    """Attempts by the day, week or month of their first step."""
    period = setting.period
    first, last = (int(units(np.int64(day), asked.interval)) for day in period)
    place = np.asarray(units(setting.days.of(found.times[:, 0]), asked.interval)) - first
    started = np.bincount(place, minlength=last - first + 1).tolist()
    ended = np.bincount(place[found.reached == count], minlength=last - first + 1).tolist()
    rows = [
        [dated(begins(first + at, asked.interval)), one, other, share(other, one)]
        for at, (one, other) in enumerate(zip(started, ended, strict=True))
    ]
    drill = asked.attempts != "every"
    columns = (
        Column("day", "day", key=True), Column("started", "count", drill=drill),
        Column("finished", "count", drill=drill), Column("rate", "share"),
    )  # fmt: skip
    return Table("trend", columns, rows)


def who(asked: Funnel, found: Attempts, cell: Cell, setting: Setting) -> Slots | None:
    column, of = cell.get("column"), np.ones(len(found.slot), bool)
    if asked.attempts == "every":
        return None
    if cell.get("table") == "trend":
        days = np.asarray(units(setting.days.of(found.times[:, 0]), asked.interval))
        named = {dated(begins(int(one), asked.interval)): one for one in np.unique(days)}
        of &= days == named.get(str(cell.get("day")), NEVER)
        if column not in ("started", "finished"):
            return None
        return np.unique(found.slot[of & (found.reached >= _least(asked, column))])
    step = cell.get("step")
    if not isinstance(step, int) or not 1 <= step <= len(asked.steps):
        return None
    if cell.get("table") == "groups":
        if cell.get("group") not in found.names:
            return None
        of &= found.group == found.names.index(cell.get("group"))
    elif cell.get("table") != "steps":
        return None
    if column == "reached":
        of &= found.reached >= step
    elif column == "dropped" and step < len(asked.steps):
        of &= found.reached == step
    else:
        return None
    return np.unique(found.slot[of])


def _least(asked: Funnel, column: Any) -> int:
    return len(asked.steps) if column == "finished" else 1


def _window(asked: Funnel) -> int:
    return asked.window.ms


WORDS: Final = Words(
    title=Said("Funnel", "漏斗"),
    about=Said(
        "How many go from step to step, how long it takes them, and where they are lost.",
        "有多少人一步步走下去，用了多久，在哪里流失。",
    ),
    tables={
        "steps": Said("Steps", "步骤"),
        "groups": BY_GROUP,
        "trend": TREND,
    },
    columns={
        "step": Said("Step", "步骤"),
        "event": Said("Event", "事件"),
        "group": GROUP,
        "reached": REACHED,
        "of_first": Said("Of the first step", "占第一步"),
        "of_previous": Said("Of the step before", "占上一步"),
        "dropped": Said("Went no further", "止步于此"),
        "q25": Said("A quarter within", "四分之一在此时间内"),
        "median": Said("Half within", "一半在此时间内"),
        "q75": Said("Three quarters within", "四分之三在此时间内"),
        "q90": Said("Nine in ten within", "九成在此时间内"),
        "day": Said("Began", "开始于"),
        "started": Said("Started", "开始"),
        "finished": Said("Finished", "完成"),
        "rate": Said("Conversion", "转化率"),
    },
    figures={
        "started": ("count", Said("Started", "开始")),
        "finished": ("count", Said("Finished", "完成")),
        "rate": ("share", Said("Conversion", "转化率")),
        "open": ("count", Said("May still finish", "仍可能完成")),
        "median": ("duration", Said("Half took at most", "一半人用时不超过")),
        "worst_step": ("step", Said("Most lost after step", "流失最多的步骤")),
    },
    sentences={
        "done": Said(
            "{started} started and {finished} finished ({rate}); most are lost after step "
            "{worst_step}.",
            "{started} 开始，{finished} 完成（{rate}）；第 {worst_step} 步之后流失最多。",
        ),
        "one": Said("{started} did it.", "{started} 做了这件事。"),
        "nobody": Said("Nobody started in this period.", "这段时间没有人开始。"),
    },
)
ANALYSIS: Final = Analysis(
    WORDS, Funnel, reads, find, tell, who,
    example={
        "steps": [
            {"event": "Product Viewed"}, {"event": "Product Added"}, {"event": "Order Completed"},
        ],
    },
)  # fmt: skip
