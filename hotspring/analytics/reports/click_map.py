"""Click map: what is clicked on a page, how far it is seen, and where its forms are left."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, NamedTuple

import numpy as np

from hotspring.analytics.parameters import Parameters, Period, Step, called, day, told
from hotspring.analytics.report import (
    PAGE,
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
from hotspring.analytics.reports import _forms, _pages
from hotspring.analytics.reports._forms import EVENTS as FORMS
from hotspring.analytics.reports._pages import Floats, Seen
from hotspring.analytics.words import OF_ALL, PEOPLE

CLICKED, LEFT = 1, 2
EVENTS: Final = ("Element Clicked", "Page Left", *FORMS)
"""Told by the script for web pages; the bit of each is its place."""
PROPERTIES: Final = {
    name: f"properties.{name}"
    for name in ("selector", "text", "page_x", "page_y", "url", "view", "depth",
                 "form", "field", "fields", "dwell_ms", "changed")
}  # fmt: skip
VERSION: Final = "properties.version"
ELEMENTS: Final = 100
PAGES: Final = 50
ANYTHING: Final = "*"


class ClickMap(Parameters, frozen=True, kw_only=True):
    """Parameters of a click map."""

    page: Annotated[
        str,
        told("Page", "页面", "Its path, as /tea; * stands for anything, as in /tea/*.",
             "页面路径，如 /tea；* 代表任意内容，如 /tea/*。", min_length=1, max_length=400),
    ] = ANYTHING  # fmt: skip
    device: Annotated[
        Literal["all", "desktop", "mobile", "tablet"],
        told("Device", "设备"),
        called(all=("All", "全部"), desktop=("Desktop", "电脑"), mobile=("Phone", "手机"),
               tablet=("Tablet", "平板")),
    ] = "all"  # fmt: skip
    against: Annotated[
        Literal["period", "version"],
        told("Compared with", "对比"),
        called(period=("Another period", "另一时段"), version=("Another version", "另一版本")),
    ] = "period"
    other: Annotated[
        str | None,
        told("Other period from", "对比时段开始", "As long as the period; else the one before it.",
             "与本时段一样长；不填为上一时段。", "date"),
    ] = None  # fmt: skip
    by: Annotated[
        str,
        told("Versions by", "版本依据",
             "What tells versions apart; else the data-version of the script.",
             "按什么区分版本；不填为脚本的 data-version。", "dimension", max_length=400),
    ] = ""  # fmt: skip
    version: Annotated[
        str,
        told("Version", "版本", "Empty: events that have none.", "留空：没有版本的事件。",
             max_length=400),
    ] = ""  # fmt: skip
    other_version: Annotated[
        str,
        told("Other version", "对比版本", "Empty: events that have none.",
             "留空：没有版本的事件。", max_length=400),
    ] = ""  # fmt: skip


class Found(NamedTuple):
    """What happened, and what did in the period or version that is compared."""

    now: Seen
    other: Seen


def compared(asked: ClickMap, setting: Setting) -> Period:
    """The days that are compared with."""
    period = setting.period
    if asked.against == "version":
        return period
    if asked.other is None:
        return period.before()
    first = day(asked.other, "/other")
    return Period(first, first + period.length - 1)


def _by(asked: ClickMap) -> tuple[str, ...]:
    version = (asked.by or VERSION,) if asked.against == "version" else ()
    return ("page", "device", *PROPERTIES.values(), *version)


def reads(asked: ClickMap, setting: Setting) -> Reads:
    bounds = [one.bounds(setting.days) for one in (setting.period, compared(asked, setting))]
    own = ("page", "device", *PROPERTIES.values(), *(() if asked.by else (VERSION,)))
    return Reads(
        min(start for start, _ in bounds),
        max(end for _, end in bounds),
        steps=tuple(Step(event=name) for name in EVENTS),
        by=_by(asked),
        own=own,
        pages=True,
        passers=True,
    )


def find(asked: ClickMap, source: Source, setting: Setting) -> Found:
    names = _by(asked)
    slots, hits = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
    moments = [np.empty(0, np.int64)]
    codes = [[np.empty(0, np.int32)] for _ in names]
    for rows in source:
        slots.append(rows.slot)
        hits.append(rows.hits)
        moments.append(rows.ms)
        for column, code in zip(codes, rows.codes, strict=True):
            column.append(code)
    seen = Seen(
        np.concatenate(slots),
        np.concatenate(hits),
        {name: np.concatenate(column) for name, column in zip(names, codes, strict=True)},
        {name: list(source.words(at)) for at, name in enumerate(names)},
    )
    there, ms = _there(asked, seen), np.concatenate(moments)
    now, other = (
        there & (ms >= start) & (ms < end)
        for start, end in (
            one.bounds(setting.days) for one in (setting.period, compared(asked, setting))
        )
    )
    if asked.against == "version":
        now &= _is(seen, names[-1], asked.version)
        other &= _is(seen, names[-1], asked.other_version)
    seen = _short(seen)
    return Found(seen.rows(now), seen.rows(other))


def _short(seen: Seen) -> Seen:
    """Properties by their own names."""
    long = {place: name for name, place in PROPERTIES.items()}
    return seen._replace(
        codes={long.get(name, name): code for name, code in seen.codes.items()},
        words={long.get(name, name): words for name, words in seen.words.items()},
    )


def _there(asked: ClickMap, seen: Seen) -> Any:
    """bool: rows of the page and the device that are asked for."""
    pattern = re.compile(_pattern(asked.page), re.DOTALL)
    fits = [pattern.fullmatch(page) is not None for page in seen.words["page"]]
    # What names no page, as screens of apps do not, lies on none.
    keep = np.array([*fits, False])[seen.codes["page"]]
    return keep if asked.device == "all" else keep & _is(seen, "device", asked.device)


def _pattern(page: str) -> str:
    """What takes each part at its first place: to go back and try others takes for ever."""
    first, *parts = map(re.escape, page.split(ANYTHING))
    last = ".*" + parts.pop() if parts else ""
    return first + "".join(f"(?>.*?{part})" for part in parts) + last


def _is(seen: Seen, name: str, word: str) -> Any:
    words = list(seen.words[name])
    code = words.index(word) if word in words else -1
    # A word that nobody said is not the same as none.
    return seen.codes[name] == code if code >= 0 or not word else np.zeros(len(seen.slot), bool)


# --- what it tells ---


def tell(asked: ClickMap, found: Found, setting: Setting) -> Result:
    now, other = found
    views, clicks = _size(now, PAGE), _size(now, CLICKED)
    rate, before = _rate(clicks, views), _rate(_size(other, CLICKED), _size(other, PAGE))
    depths = deepest(now)
    forms = _forms.forms(now, other)
    figures: dict[str, float | int | None] = {
        "views": views,
        "clicks": clicks,
        "people": len(np.unique(now.slot)),
        "per_view": rate,
        "before": before,
        "change": _change(rate, before),
        "depth": _pages.medians(np.zeros(len(depths), np.int64), depths, 1)[0],
        "completed": share(sum(row[2] for row in forms), sum(row[2] + row[3] for row in forms)),
    }
    tables = (
        Table("elements", ELEMENT, _elements(found, views)),
        Table("scroll", SCROLL, _scroll(depths, deepest(other))),
        Table("forms", _forms.FORM, forms),
        Table("fields", _forms.FIELD, _forms.fields(now)),
        Table("pages", SHOWN, _shown(found)),
    )
    charts = (
        Chart("ranking", "elements", "text", ("clicks",), by="selector"),
        Chart("line", "scroll", "depth", ("reached", "before")),
    )
    sentence = "nobody"
    if len(now.slot):
        sentence = "first" if figures["change"] is None else "changed"
    return Result(figures, tables, charts, sentence)


def _size(seen: Seen, bit: int) -> int:
    return len(seen.of(bit).slot)


def _rate(clicks: int, views: int) -> float | None:
    """Clicks per view."""
    return round(clicks / views, 4) if views else None


def _change(now: float | None, before: float | None) -> float | None:
    return (now - before) / before if before and now is not None else None


def _elements(found: Found, views: int) -> list[list[Any]]:
    """The elements by clicks; the rest together, whose people are not counted."""
    now, other = (side.of(CLICKED) for side in found)
    seen = _size(found.other, PAGE)
    many, before = now.many("selector"), other.many("selector")
    people, names, texts = now.people("selector"), now.names("selector"), _texts(now, other)
    across, down = (
        _pages.medians(now.codes["selector"] + 1, now.number(name), len(names))
        for name in ("page_x", "page_y")
    )
    there = np.flatnonzero(many + before).tolist()
    there.sort(key=lambda at: (-many[at], -before[at], names[at] is None, names[at] or ""))

    def row(name: Any, text: Any, some: list[int], own: int | None) -> list[Any]:
        clicks, earlier = int(many[some].sum()), int(before[some].sum())
        rate, was = _rate(clicks, views), _rate(earlier, seen)
        place = (across[some[0]], down[some[0]]) if own is not None else (None, None)
        return [name, text, clicks, own, rate, share(clicks, len(now.slot)), *place, was,
                _change(rate, was)]  # fmt: skip

    rows = [row(names[at], texts[at], [at], int(people[at])) for at in there[:ELEMENTS]]
    if len(there) > ELEMENTS:
        rows.append(row(REST, None, there[ELEMENTS:], None))
    return rows


def _texts(now: Seen, other: Seen) -> list[str | None]:
    """What each element says, or said."""
    both = (_pages.usual(side, "selector", "text") for side in (now, other))
    return [one or earlier for one, earlier in zip(*both, strict=True)]


def deepest(seen: Seen) -> Floats:
    """Of each view that told its end: how far the page was seen, 0 to 1."""
    left = seen.of(LEFT)
    left = left.rows(~np.isnan(left.number("depth")))
    # Who names no view tells of one at a time.
    alone = len(left.words["view"]) + np.arange(len(left.slot))
    view = np.where(left.codes["view"] >= 0, left.codes["view"], alone)
    keys = (left.slot.astype(np.int64) << 32) | view
    each, place = np.unique(keys, return_inverse=True)
    found = np.zeros(len(each))
    np.maximum.at(found, place, left.number("depth"))
    return found


def _scroll(depths: Floats, before: Floats) -> list[list[Any]]:
    """How many views reached each tenth of the page?"""
    rows = []
    for tenth in range(1, 11):
        many, earlier = ((one >= tenth / 10).sum() for one in (depths, before))
        rows.append([tenth / 10, int(many), share(int(many), len(depths)),
                     share(int(earlier), len(before))])  # fmt: skip
    return rows


def _shown(found: Found) -> list[list[Any]]:
    """The pages by views."""
    now, other = found
    sums = [side.of(bit).many("page") for side in (now, other) for bit in (PAGE, CLICKED)]
    views, clicks, seen, before = sums
    people, names = now.people("page"), now.names("page")
    addresses = _pages.usual(now.of(PAGE), "page", "url")
    there = np.flatnonzero(views + clicks).tolist()
    there.sort(key=lambda at: (-views[at], -clicks[at], names[at] is None, names[at] or ""))
    rows = []
    for at in there[:PAGES]:
        rate = _rate(int(clicks[at]), int(views[at]))
        was = _rate(int(before[at]), int(seen[at]))
        rows.append([names[at], int(views[at]), int(people[at]), int(clicks[at]), rate, was,
                     _change(rate, was), addresses[at]])  # fmt: skip
    return rows


def who(asked: ClickMap, found: Found, cell: Cell, setting: Setting) -> Slots | None:
    table, column = cell.get("table"), cell.get("column")
    if table in ("forms", "fields"):
        return _forms.who(found.now, cell)
    some = None
    if (table, column) == ("elements", "people"):
        some = found.now.of(CLICKED).named("selector", cell.get("selector"))
    elif (table, column) == ("pages", "people"):
        some = found.now.named("page", cell.get("page"))
    return None if some is None else np.unique(some.slot)


RATES: Final = (Column("before", "number"), Column("change", "share"))
ELEMENT: Final = (
    Column("selector", "group", key=True), Column("text", "text"), Column("clicks", "count"),
    Column("people", "count", drill=True), Column("per_view", "number"), Column("of_all", "share"),
    Column("across", "share"), Column("down", "share"), *RATES,
)  # fmt: skip
SCROLL: Final = (
    Column("depth", "share", key=True), Column("views", "count"), Column("reached", "share"),
    Column("before", "share"),
)  # fmt: skip
SHOWN: Final = (
    Column("page", "group", key=True), Column("views", "count"),
    Column("people", "count", drill=True), Column("clicks", "count"), Column("per_view", "number"),
    *RATES, Column("address", "text"),
)  # fmt: skip
CHANGE: Final = Said("Change", "变化")
CLICKS: Final = Said("Clicks", "点击")
PER_VIEW: Final = Said("Clicks per view", "每次浏览点击")
BEFORE: Final = Said("Compared", "对比值")
VIEWS: Final = Said("Views", "浏览量 PV")
WORDS: Final = Words(
    title=Said("Click map", "点击图"),
    about=Said(
        "What is clicked on a page, how far it is seen, and where its forms are left.",
        "页面上点了什么、看到多深、表单停在哪一项。",
    ),
    tables={
        "elements": Said("Elements", "元素"),
        "scroll": Said("How far the page is seen", "浏览深度"),
        "forms": Said("Forms", "表单"),
        "fields": Said("Forms by field", "表单各项"),
        "pages": Said("Pages", "页面"),
    },
    columns={
        "selector": Said("Element", "元素"),
        "text": Said("Text", "文字"),
        "clicks": CLICKS,
        "people": PEOPLE,
        "per_view": PER_VIEW,
        "of_all": OF_ALL,
        "across": Said("From the left", "距左"),
        "down": Said("From the top", "距顶"),
        "before": BEFORE,
        "change": CHANGE,
        "depth": Said("Part of the page", "页面深度"),
        "views": VIEWS,
        "reached": Said("Seen so far", "看到这里"),
        "page": Said("Page", "页面"),
        "address": Said("Address", "地址"),
        **_forms.COLUMNS,
    },
    figures={
        "views": ("count", VIEWS),
        "clicks": ("count", CLICKS),
        "people": ("count", PEOPLE),
        "per_view": ("number", PER_VIEW),
        "before": ("number", BEFORE),
        "change": ("share", CHANGE),
        "depth": ("share", Said("Half saw so much of the page", "一半浏览看到页面的")),
        "completed": ("share", Said("Forms completed", "表单完成率")),
    },
    sentences={
        "changed": Said(
            "{clicks} clicks in {views} views: {per_view} per view, a change of {change} against "
            "{before}.",
            "{views} 次浏览中有 {clicks} 次点击：每次浏览 {per_view} 次，比对比值 {before} "
            "变化 {change}。",
        ),
        "first": Said(
            "{clicks} clicks in {views} views of {people} people, {per_view} per view.",
            "{people} 人的 {views} 次浏览中有 {clicks} 次点击，每次浏览 {per_view} 次。",
        ),
        "nobody": Said(
            "The script for web pages told of no such page in this period.",
            "这段时间网页脚本没有记录这样的页面。",
        ),
    },
)
ANALYSIS: Final = Analysis(WORDS, ClickMap, reads, find, tell, who)
