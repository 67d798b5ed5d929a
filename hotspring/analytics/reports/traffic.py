"""Traffic: visitors, sessions, views, how long and how often, and what they bring, day by day."""

from __future__ import annotations

import functools
from typing import Annotated, Any, Final, Literal, NamedTuple

import numpy as np

from hotspring.analytics.calendar import Calendar, Clock
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
    PAGE,
    REST,
    Analysis,
    Chart,
    Column,
    Reads,
    Result,
    Rows,
    Said,
    Setting,
    Source,
    Table,
    Words,
    share,
)
from hotspring.analytics.reports import _visits
from hotspring.analytics.reports._visits import ADDED, METRICS, Visits
from hotspring.analytics.words import BY_GROUP, GROUP, TREND

MONTH: Final = 30
GROUPS: Final = 50
OFTEN: Final = (1, 2, 3, 4, 5, 10, 20)
"""Where bars of frequency begin."""
LEFT: Final = "Page Left"
"""What the script for web pages tells of every view when it ends."""
APART: Final = (1, 2, 3, 4, 8, 15, 31)
"""Where bars of days between visits begin."""


class Traffic(Parameters, frozen=True, kw_only=True):
    """Parameters of traffic."""

    views: Annotated[
        tuple[Step, ...],
        told("Views", "浏览事件", "What counts as a view; else pages and screens.",
             "什么算一次浏览；不填为页面和屏幕浏览。", "steps", max_length=10),
    ] = ()  # fmt: skip
    quiet: Annotated[
        tuple[Step, ...],
        told("No acts", "非主动事件",
             "Events that are no act, as scrolling: a session with one act beside them bounced. "
             "Else that a page was left.",
             "不算主动行为的事件，如滚动：除此之外只有一次行为的会话算跳出。不填为离开页面。",
             "steps", max_length=10),
    ] = ()  # fmt: skip
    session_minutes: Annotated[
        int,
        told("Session ends after", "会话超时", "Minutes without any event.", "多少分钟没有事件。",
             ge=1, le=1_440),
    ] = 30  # fmt: skip
    by: Annotated[
        str, told("By", "分组", form="dimension", max_length=400),
    ] = ""  # fmt: skip
    scope: Annotated[
        Literal["session", "event"],
        told("Group of", "分组依据", "What a session began with, or each event's own.",
             "按会话的第一个事件，或按每个事件自身。"),
        called(session=("Its session", "所在会话"), event=("Itself", "事件自身")),
    ] = "session"  # fmt: skip
    interval: Annotated[Unit, told("Trend by", "趋势间隔")] = "day"

    @property
    def still(self) -> tuple[Step, ...]:
        """What is no act."""
        return self.quiet or (Step(event=LEFT),)


class Found(NamedTuple):
    """What a period comes to."""

    visits: Visits
    words: list[str]


def reads(asked: Traffic, setting: Setting) -> Reads:
    _, end = setting.period.bounds(setting.days)
    first = min(setting.period.before().first, setting.period.first - MONTH + 1)
    return Reads(
        int(setting.days.start(np.array([first]))[0]),
        end,
        steps=(*asked.views, *asked.still, *setting.paying, *setting.refunds),
        every=True,
        by=(asked.by,) if asked.by else (),
        money=True,
        pages=not asked.views,
        firsts=True,
        passers=True,
    )


def find(asked: Traffic, source: Source, setting: Setting) -> Found:
    period = setting.period
    starts = [one.bounds(setting.days) for one in (period.before(), period)]
    base = int(units(np.int64(period.first), asked.interval))
    many = int(units(np.int64(period.last), asked.interval)) - base + 1
    masks = _masks(asked, setting)
    edges = np.array([starts[0][0], starts[1][0], starts[1][1]], np.int64)
    unit_of = Calendar.of(setting.days, asked.interval, base)
    day_of = Calendar.of(setting.days, "day", period.first)
    clock = Clock(setting.zone, reads(asked, setting).since, starts[1][1])
    gap = np.int64(asked.session_minutes * 60_000)
    firsts, nothing = source.firsts(), np.empty(0, np.int32)

    def visited(rows: Rows) -> Visits:
        code = rows.codes[0] + np.int32(1) if asked.by else nothing
        visits = Visits.empty(many, period.length, int(code.max(initial=0)) + 1)
        own = (rows.slot, rows.ms, rows.hits)
        days = (unit_of.starts, unit_of.numbers, clock.low, clock.hours)
        known = (rows.worth, masks, firsts, edges)
        _visits.active(*own[:2], day_of.starts, day_of.numbers, visits.rolling, visits.apart)
        group = _visits.sessions(
            *own, code, masks[_visits.STILL], gap, edges, *days, visits.units, visits.periods,
            visits.groups, visits.hours, visits.often,
        )  # fmt: skip
        _visits.people(*own, *known, visits.periods)
        _visits.deeds(*own, *known, *days, visits.units, visits.hours)
        if asked.by:
            group = code if asked.scope == "event" else group
            _visits.grouped(*own, rows.worth, group, *known[1:], visits.groups)
        return visits

    visits = functools.reduce(
        Visits.plus, source.each(visited), Visits.empty(many, period.length, 1)
    )
    visits.periods[1, ADDED] = visits.units[:, ADDED].sum(axis=0)
    return Found(visits, list(source.words(0)) if asked.by else [])


def _masks(asked: Traffic, setting: Setting) -> Any:
    """int64: which hits are views, no acts, orders and refunds?"""
    masks, at = [], 0
    for steps in (asked.views, asked.still, setting.paying, setting.refunds):
        masks.append((1 << (at + len(steps))) - (1 << at))
        at += len(steps)
    if not asked.views:
        masks[0] = PAGE
    return np.array(masks, np.int64)


# --- what it tells ---

SHOWN: Final = (
    Column("visitors", "count"), Column("new", "count"), Column("sessions", "count"),
    Column("views", "count"), Column("events", "count"), Column("bounce_rate", "share"),
    Column("dwell", "duration"), Column("depth", "number"), Column("orders", "count"),
    Column("buyers", "count"), Column("revenue", "money"), Column("average_order", "money"),
    Column("repurchase", "share"),
)  # fmt: skip


def _shown(row: Any) -> list[Any]:
    """The metrics of a row as they are shown."""
    got = dict(zip(METRICS, row.tolist(), strict=True))
    sessions, orders = got["sessions"], got["orders"]
    revenue = round(got["worth"] / MILLIONTHS, 2)
    return [
        int(got["visitors"]), int(got["new"]), int(sessions), int(got["views"]),
        int(got["events"]), share(got["bounces"], sessions),
        int(got["dwell"] / sessions) if sessions else None,
        round(got["views"] / sessions, 2) if sessions else None, int(orders), int(got["buyers"]),
        revenue, round(revenue / orders, 2) if orders else None,
        share(got["repeats"], got["buyers"]),
    ]  # fmt: skip


def tell(asked: Traffic, found: Found, setting: Setting) -> Result:
    visits, period = found.visits, setting.period
    totals = [
        [dated(one.first), *_shown(row)]
        for one, row in ((period, visits.periods[1]), (period.before(), visits.periods[0]))
    ]
    now = dict(zip((column.name for column in SHOWN), totals[0][1:], strict=True))
    before = dict(zip((column.name for column in SHOWN), totals[1][1:], strict=True))
    active = np.cumsum(visits.rolling, axis=0)[: period.length]
    daily = active[:, 0]
    dau = float(daily.mean())
    mau = int(active[-1, 2])
    figures: dict[str, float | int | None] = {
        **now,
        "returning": now["visitors"] - now["new"],
        "dau": round(dau, 2),
        "wau": int(active[-1, 1]),
        "mau": mau,
        "stickiness": share(dau, mau),
        "change": share(now["visitors"] - before["visitors"], before["visitors"]),
    }
    tables = [
        Table("totals", (Column("from", "day", key=True), *SHOWN), totals),
        _trend(asked, visits, period.first),
        Table("active", ACTIVE, [
            [dated(period.first + at), *map(int, row)] for at, row in enumerate(active)
        ]),
        Table("hours", HOURS, [
            [at // 24 + 1, at % 24, *map(int, row)] for at, row in enumerate(visits.hours)
        ]),
        Table("frequency", FREQUENCY, _bars(visits.often, OFTEN)),
        Table("gaps", GAPS, _bars(visits.apart, APART)),
    ]  # fmt: skip
    charts = [
        Chart("line", "trend", "day", ("visitors", "sessions")),
        Chart("line", "active", "day", ("dau", "wau", "mau")),
        Chart("heat", "hours", "hour", ("events",), by="weekday"),
        Chart("bar", "frequency", "sessions", ("visitors",)),
        Chart("bar", "gaps", "days", ("visits",)),
    ]
    if asked.by:
        tables.insert(1, _groups(visits, [None, *found.words]))
        charts.insert(0, Chart("bar", "groups", "group", ("visitors",)))
    sentence = "nobody" if not now["visitors"] else "changed" if before["visitors"] else "first"
    return Result(figures, tuple(tables), tuple(charts), sentence)


def _trend(asked: Traffic, visits: Visits, first: int) -> Table:
    base = int(units(np.int64(first), asked.interval))
    rows = [
        [dated(begins(base + at, asked.interval)), *_shown(row)]
        for at, row in enumerate(visits.units)
    ]
    return Table("trend", (Column("day", "day", key=True), *SHOWN), rows)


def _groups(visits: Visits, names: list[str | None]) -> Table:
    """The largest by visitors, then by events; the rest together, whose people are not counted."""
    there = np.flatnonzero(visits.groups[:, METRICS.index("events")] > 0).tolist()
    size = {at: (visits.groups[at, 0], visits.groups[at, METRICS.index("events")]) for at in there}
    there.sort(key=lambda at: (-size[at][0], -size[at][1], names[at] is None, names[at] or ""))
    rows = [[names[at], *_shown(visits.groups[at])] for at in there[:GROUPS]]
    if len(there) > GROUPS:
        rest = _shown(visits.groups[there[GROUPS:]].sum(axis=0))
        people = {column.name for column in SHOWN if column.name in PEOPLE}
        rows.append([REST, *(
            None if column.name in people else value
            for column, value in zip(SHOWN, rest, strict=True)
        )])  # fmt: skip
    return Table("groups", (Column("group", "group", key=True), *SHOWN), rows)


PEOPLE: Final = ("visitors", "new", "buyers", "repurchase")
"""What does not add up over groups: one person may stand in several."""


def _bars(counts: Any, starts: tuple[int, ...]) -> list[list[Any]]:
    ends = (*starts[1:], len(counts))
    return [
        [start if end == start + 1 else f"{start}–{end - 1}" if end < len(counts) else f"{start}+",
         int(counts[start:end].sum())]
        for start, end in zip(starts, ends, strict=True)
    ]  # fmt: skip


ACTIVE: Final = (
    Column("day", "day", key=True), Column("dau", "count"), Column("wau", "count"),
    Column("mau", "count"),
)  # fmt: skip
HOURS: Final = (
    Column("weekday", "word", key=True), Column("hour", "number", key=True),
    Column("events", "count"), Column("sessions", "count"),
)  # fmt: skip
FREQUENCY: Final = (Column("sessions", "text", key=True), Column("visitors", "count"))
GAPS: Final = (Column("days", "text", key=True), Column("visits", "count"))
NAMES: Final = {
    "visitors": Said("Visitors", "访客数 UV"),
    "new": Said("New", "新访客"),
    "sessions": Said("Sessions", "会话"),
    "views": Said("Views", "浏览量 PV"),
    "events": Said("Events", "事件"),
    "bounce_rate": Said("Bounce rate", "跳出率"),
    "dwell": Said("Dwell in the mean", "平均停留"),
    "depth": Said("Views per session", "访问深度"),
    "orders": Said("Orders", "订单"),
    "buyers": Said("Buyers", "下单人数"),
    "revenue": Said("Revenue", "收入"),
    "average_order": Said("Average order", "客单价"),
    "repurchase": Said("Bought again", "复购率"),
}
WEEKDAYS: Final = (
    Said("Mon", "周一"), Said("Tue", "周二"), Said("Wed", "周三"), Said("Thu", "周四"),
    Said("Fri", "周五"), Said("Sat", "周六"), Said("Sun", "周日"),
)  # fmt: skip
WORDS: Final = Words(
    title=Said("Traffic", "流量"),
    about=Said(
        "Visitors, sessions and views, how long and how often, and what they bring, against the "
        "period before.",
        "访客、会话和浏览，停留多久、多常来、带来什么，并与上一时段比较。",
    ),
    tables={
        "totals": Said("This period and the one before", "本时段与上一时段"),
        "groups": BY_GROUP,
        "trend": TREND,
        "active": Said("Active on each day, and in 7 and 30 days", "日活、周活、月活"),
        "hours": Said("Hours of the week", "一周各小时"),
        "frequency": Said("Sessions per visitor", "每位访客的会话数"),
        "gaps": Said("Days between visits", "两次来访相隔天数"),
    },
    columns={
        **NAMES,
        "from": Said("From", "开始日期"),
        "day": Said("Day", "日期"),
        "group": GROUP,
        "dau": Said("Active that day", "日活 DAU"),
        "wau": Said("Active in 7 days", "周活 WAU"),
        "mau": Said("Active in 30 days", "月活 MAU"),
        "weekday": Said("Day of the week", "星期"),
        "hour": Said("Hour", "小时"),
        "days": Said("Days", "天数"),
        "visits": Said("Times", "次数"),
    },
    figures={
        **{column.name: (column.kind, NAMES[column.name]) for column in SHOWN},
        "returning": ("count", Said("Returning", "回访访客")),
        "dau": ("number", Said("Active a day, in the mean", "平均日活")),
        "wau": ("count", Said("Active in the last 7 days", "最近 7 天周活")),
        "mau": ("count", Said("Active in the last 30 days", "最近 30 天月活")),
        "stickiness": ("share", Said("Stickiness", "粘性 DAU/MAU")),
        "change": ("share", Said("Visitors against the period before", "访客环比")),
    },
    sentences={
        "changed": Said(
            "{visitors} visitors ({change} against the period before), {new} of them new; "
            "{sessions} sessions of {dwell} in the mean, {bounce_rate} bounced.",
            "{visitors} 位访客（环比 {change}），其中新访客 {new}；"
            "{sessions} 次会话，平均停留 {dwell}，跳出率 {bounce_rate}。",
        ),
        "first": Said(
            "{visitors} visitors, {new} of them new; {sessions} sessions of {dwell} in the mean, "
            "{bounce_rate} bounced.",
            "{visitors} 位访客，其中新访客 {new}；{sessions} 次会话，平均停留 {dwell}，"
            "跳出率 {bounce_rate}。",
        ),
        "nobody": Said("Nobody came in this period.", "这段时间没有人来。"),
    },
    values={str(day): name for day, name in enumerate(WEEKDAYS, 1)},
)
ANALYSIS: Final = Analysis(WORDS, Traffic, reads, find, tell, example={"by": "channel"})
