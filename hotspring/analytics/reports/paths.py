"""Paths: what people do next, step by step, from an event on or up to one."""

from __future__ import annotations

import functools
import threading
from typing import Annotated, Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from hotspring.analytics.parameters import Parameters, Step, Window, called, told
from hotspring.analytics.report import (
    REST,
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
    share,
)
from hotspring.analytics.reports._walks import (
    ENDED,
    counted,
    followed,
    in_sessions,
    in_windows,
    numbered,
    tallied,
    untied,
)
from hotspring.analytics.words import OF_ALL, PEOPLE

ANY: Final = Step(event=None)
PAIRS: Final = 50
"""Pairs that are told."""
WHOLE: Final = 20
"""Whole paths that are told."""
NAMES: Final = 2_000
"""Names that steps may have; pairs of them are counted in one table."""
DENSE: Final = 2_000_000
"""Numbers below this are counted in one table."""
NOTHING: Final = "—"
"""The name of an anchor without any."""


class Paths(Parameters, frozen=True, kw_only=True):
    """Parameters of paths."""

    anchor: Annotated[
        Step | None,
        told("Event", "起止事件", "Where paths begin or end; without it, with the session.",
             "路径从哪个事件开始或到哪个事件结束；空为会话的开始或结束。", "step"),
    ] = None  # fmt: skip
    direction: Annotated[
        Literal["from", "to"],
        told("Direction", "方向", "From it on, or up to it.", "从它开始，或到它为止。"),
        called(**{"from": ("From it on", "从它开始"), "to": ("Up to it", "到它为止")}),
    ] = "from"
    within: Annotated[
        Literal["session", "window"],
        told(
            "Within",
            "范围",
            "A session, or a window around the event.",
            "同一会话，或事件前后的一段时间。",
        ),
        called(session=("A session", "同一会话"), window=("A window", "时间窗口")),
    ] = "session"
    session_minutes: Annotated[
        int,
        told("Session ends after", "会话超时", "Minutes without any event.", "多少分钟没有事件。",
             ge=1, le=1_440),
    ] = 30  # fmt: skip
    window: Annotated[Window, told("Window", "时间窗口")] = Window(amount=1)
    node: Annotated[
        str,
        told("Steps are", "步骤取自", "What a step is called by.", "步骤用什么命名。", "dimension",
             min_length=1, max_length=400),
    ] = "name"  # fmt: skip
    only: Annotated[
        tuple[str, ...],
        told("Only", "只看", "Steps of other names are left out.", "其他名称的步骤略去。", "words",
             max_length=200),
    ] = ()  # fmt: skip
    hide: Annotated[
        tuple[str, ...],
        told("Without", "略去", "Steps of these names are left out.", "略去这些名称的步骤。",
             "words", max_length=200),
    ] = ()  # fmt: skip
    collapse: Annotated[
        bool, told("Repeats are one", "合并重复", "The same again and again is one step.",
                   "连续重复算一步。"),
    ] = True  # fmt: skip
    depth: Annotated[int, told("Steps", "步数", ge=2, le=10)] = 5
    top: Annotated[
        int,
        told("Names per step", "每步显示", "The rest is one.", "其余合为一项。", ge=1, le=30),
    ] = 8
    goal: Annotated[
        Step | None,
        told("Goal", "目标", "Of each way, how many came to it afterwards.",
             "每条路之后有多少达到目标。", "step"),
    ] = None  # fmt: skip


class Found(NamedTuple):
    """All walks: a row for each."""

    slot: Slots
    codes: npt.NDArray[np.int32]
    """By step; `ENDED` where nothing followed. 0 is no name, the others are one more than words."""
    goals: npt.NDArray[np.bool_]
    pairs: npt.NDArray[np.int64]
    names: list[str]


def reads(asked: Paths, setting: Setting) -> Reads:
    start, end = setting.period.bounds(setting.days)
    if asked.within == "window":
        back = asked.direction == "to"
        start, end = (start - asked.window.ms, end) if back else (start, end + asked.window.ms)
    steps = (asked.anchor or ANY, *((asked.goal,) if asked.goal else ()))
    return Reads(start, end, steps=steps, every=True, by=(asked.node,))


def find(asked: Paths, source: Source, setting: Setting) -> Found:
    start, end = setting.period.bounds(setting.days)
    tables = dict[int, npt.NDArray[np.int64]]()
    named = functools.cache(lambda: _named(asked, list(source.words(0))))
    gap, window = np.int64(asked.session_minutes * 60_000), np.int64(asked.window.ms)
    how = (asked.direction == "to", asked.depth, asked.collapse, asked.goal is not None)

    def walked(rows: Rows) -> Any:
        names, rank, usable, place = named()
        # Each thread counts for itself.
        pairs = tables.setdefault(threading.get_ident(), np.zeros((0, 0), np.int64))
        if len(pairs) < len(names):
            pairs = tables[threading.get_ident()] = np.zeros((len(names), len(names)), np.int64)
        own = (rows.slot, rows.ms)
        hits, code = untied(*own, rows.hits, rows.codes[0], place, rank)
        if asked.within == "window":
            limits = (window, np.int64(start), np.int64(end))
            return in_windows(*own, hits, code, usable, *limits, *how, pairs)
        return in_sessions(*own, hits, code, usable, gap, *how, pairs)

    nobody = (np.empty(0, np.int32), np.empty((0, asked.depth), np.int32), np.empty(0, bool))
    parts: list[Any] = [nobody, *source.each(walked)]
    slot, codes, goals = (np.concatenate(one) for one in zip(*parts, strict=True))
    if not tables:
        return Found(slot, codes, goals, np.zeros((1, 1), np.int64), [NOTHING])
    return Found(slot, codes, goals, np.sum(list(tables.values()), axis=0), named()[0])


def _named(asked: Paths, words: list[str]) -> tuple[list[str], Any, Any, Any]:
    """The names of steps, their order, which of them may be one, and the name of each code."""
    kept = words[:NAMES]
    names = [NOTHING, *kept, *([REST] if len(words) > NAMES else [])]
    rank = np.empty(len(names), np.int64)
    rank[sorted(range(len(names)), key=lambda at: names[at])] = np.arange(len(names))
    usable = np.array([
        at > 0 and name not in asked.hide and (not asked.only or name in asked.only)
        for at, name in enumerate(names)
    ])  # fmt: skip
    # Code -1 is the last place.
    place = np.append(np.minimum(np.arange(len(words)), NAMES) + 1, 0).astype(np.int32)
    return names, rank, usable, place


def tell(asked: Paths, found: Found, setting: Setting) -> Result:
    places, shown = _shown(asked, found)
    links = []
    for level in range(asked.depth - 1):
        links += _links(level, places, shown, found, asked.goal is not None)
    tables = (
        Table("links", LINKS, links),
        Table("whole", PATHS, _whole(found, asked.goal is not None)),
        Table("pairs", TRANSITIONS, _pairs(found)),
    )
    first = [row for row in links if row[0] == 1 and row[2] not in (None, REST)]
    best = max(first, key=lambda row: row[3]) if first else None
    figures: dict[str, float | int | None] = {
        "paths": len(found.slot),
        "people": distinct(found.slot),
        "goal_rate": share(int(found.goals.sum()), len(found.slot)) if asked.goal else None,
        "ended": share(int((found.codes[:, 1] == ENDED).sum()), len(found.slot)),
        "next_share": best[4] if best else None,
    }
    charts = (
        Chart("sankey", "links", "source", ("paths",), by="target"),
        Chart("bar", "pairs", "target", ("times",), by="source"),
    )
    return Result(figures, tables, charts, "paths" if len(found.slot) else "nobody")


def _shown(asked: Paths, found: Found) -> tuple[Any, list[list[Any]]]:
    """By step: the place of each name, one more than its code, among those that are shown, and
    these names.

    The most frequent come first, then the rest; -1 is the place of those who have ended.
    """
    places = np.full((found.codes.shape[1], len(found.names) + 1), asked.top, np.int64)
    places[:, 0] = -1
    shown = []
    for level in range(found.codes.shape[1]):
        many = counted(found.codes, level, len(found.names) + 1)[1:]
        there = [int(code) for code in np.flatnonzero(many)]
        there.sort(key=lambda code: (-many[code], found.names[code]))
        first = there[: asked.top]
        places[level, [code + 1 for code in first]] = np.arange(len(first))
        names = [found.names[code] for code in first]
        shown.append([*names, *([REST] if len(there) > asked.top else [])])
    return places, shown


def _links(
    level: int, places: Any, shown: list[list[Any]], found: Found, goal: bool
) -> list[list[Any]]:
    """From each name of a step to each of the next, where somebody went."""
    wide = len(shown[level + 1]) + 1
    counted = followed(found.codes, found.goals, level, len(found.names) + 1)
    source, target = np.nonzero(counted[0])
    # Those that have ended stand before all others.
    key = (places[level, source] + 1) * wide + places[level + 1, target] + 1
    size = (len(shown[level]) + 1) * wide
    many, came = (
        np.bincount(key, table[source, target], minlength=size)[wide:] for table in counted
    )
    sums = many.reshape(-1, wide).sum(axis=1)
    rows = []
    for at in np.flatnonzero(many).tolist():
        name, next_ = divmod(at, wide)
        rows.append([
            level + 1, shown[level][name], shown[level + 1][next_ - 1] if next_ else None,
            int(many[at]), int(many[at]) / int(sums[name]),
            int(came[at]) / int(many[at]) if goal else None,
        ])  # fmt: skip
    rows.sort(key=lambda row: (-row[3], str(row[1]), str(row[2])))
    return rows


def _whole(found: Found, goal: bool) -> list[list[Any]]:
    """The most frequent ways as a whole."""
    way, size = np.zeros(len(found.slot), np.int64), 0
    for level in range(found.codes.shape[1]):
        size = numbered(way, found.codes, level, len(found.names) + 1) + 1
        if size > DENSE:
            # Numbered anew: so they stay small, whatever the depth.
            way = np.unique(way, return_inverse=True)[1]
            size = int(way.max()) + 1
    many, came, one = tallied(way, found.goals, size)
    most = max(int(np.sort(many)[-WHOLE:][0]) if len(many) else 0, 1)
    rows: list[list[Any]] = [
        [" → ".join(found.names[code] for code in found.codes[one[at]] if code >= 0),
         int(many[at]), int(many[at]) / len(found.slot),
         int(came[at]) / int(many[at]) if goal else None]
        for at in np.flatnonzero(many >= most).tolist()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row[1], row[0]))
    return rows[:WHOLE]


def _pairs(found: Found) -> list[list[Any]]:
    """What follows what, the most frequent."""
    flat = found.pairs.ravel()
    order = np.argsort(-flat, kind="stable")[: PAIRS * 4]
    wide = len(found.names)
    sums = found.pairs.sum(axis=1)
    rows = [
        [found.names[at // wide], found.names[at % wide], int(flat[at]),
         int(flat[at]) / int(sums[at // wide])]
        for at in order.tolist() if flat[at]
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    return rows[:PAIRS]


def who(asked: Paths, found: Found, cell: Cell, setting: Setting) -> Slots | None:
    level = cell.get("level")
    if cell.get("table") != "links" or cell.get("column") != "paths":
        return None
    if not isinstance(level, int) or not 1 <= level < asked.depth:
        return None
    places, shown = _shown(asked, found)
    of = np.ones(len(found.slot), bool)
    for place, end in ((level - 1, "source"), (level, "target")):
        name, labels = cell.get(end), places[place][found.codes[:, place] + 1]
        if name is None and end == "target":
            of &= labels == -1
        elif name in shown[place]:
            of &= labels == shown[place].index(name)
        else:
            return None
    return np.unique(found.slot[of])


LINKS: Final = (
    Column("level", "step", key=True), Column("source", "group", key=True),
    Column("target", "group", key=True), Column("paths", "number", drill=True),
    Column("of_source", "share"), Column("goal_rate", "share"),
)  # fmt: skip
PATHS: Final = (
    Column("path", "text", key=True), Column("paths", "number"), Column("of_all", "share"),
    Column("goal_rate", "share"),
)  # fmt: skip
TRANSITIONS: Final = (
    Column("source", "group", key=True), Column("target", "group", key=True),
    Column("times", "number"), Column("of_source", "share"),
)  # fmt: skip
WORDS: Final = Words(
    title=Said("Paths", "路径"),
    about=Said(
        "What people do next, step by step, from an event on or up to one.",
        "人们接下来做什么：从某个事件出发，或走到某个事件，一步一步看。",
    ),
    tables={
        "links": Said("Step by step", "逐步去向"),
        "whole": Said("Whole paths", "完整路径"),
        "pairs": Said("What follows what", "前后相接"),
    },
    columns={
        "level": Said("Step", "步"),
        "source": Said("From", "从"),
        "target": Said("To", "到"),
        "path": Said("Path", "路径"),
        "paths": Said("Paths", "路径数"),
        "of_source": Said("Of those there", "占该处"),
        "of_all": OF_ALL,
        "goal_rate": Said("Came to the goal", "达到目标"),
        "times": Said("Times", "次数"),
    },
    figures={
        "paths": ("number", Said("Paths", "路径数")),
        "people": ("count", PEOPLE),
        "goal_rate": ("share", Said("Came to the goal", "达到目标")),
        "ended": ("share", Said("Nothing followed", "之后没有动作")),
        "next_share": ("share", Said("Took the most frequent next step", "走最常见的下一步")),
    },
    sentences={
        "paths": Said(
            "{paths} paths of {people} people; {next_share} take the most frequent next step, "
            "after {ended} nothing follows.",
            "{people} 人的 {paths} 条路径；{next_share} 走最常见的下一步，{ended} 之后没有动作。",
        ),
        "nobody": Said("No path in this period.", "这段时间没有路径。"),
    },
    none={"target": Said("Nothing followed", "到此为止")},
)
ANALYSIS: Final = Analysis(
    WORDS, Paths, reads, find, tell, who,
    example={"goal": {"event": "Order Completed"}},
)  # fmt: skip
