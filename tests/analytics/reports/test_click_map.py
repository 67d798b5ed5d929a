"""Click maps count what a look at each event counts."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hotspring.analytics import report
from hotspring.analytics.report import PAGE
from hotspring.analytics.reports import click_map
from tests.analytics.reports.given import DAY, HOUR, NOW, setting

CLICKS = report.analyses()["click_map"]
Told = dict[str, Any]
"""One event: slot, ms, name, and its properties."""


def asked(**more: Any) -> Any:
    return report.read(CLICKS.params, more)


class Events:
    """Events as a source."""

    def __init__(self, some: Sequence[Told], names: Sequence[str]) -> None:
        self._some = sorted(some, key=lambda one: (one["slot"], one["ms"]))
        self._names = [name.removeprefix("properties.") for name in names]
        self._words = [
            sorted({str(one[name]) for one in some if name in one}) for name in self._names
        ]

    def __iter__(self) -> Iterator[report.Rows]:
        def hits(one: Told) -> int:
            return PAGE if one["name"] == "view" else 1 << click_map.EVENTS.index(one["name"])

        yield report.Rows(
            np.array([one["slot"] for one in self._some], np.int32),
            np.array([one["ms"] for one in self._some], np.int64),
            np.array([hits(one) for one in self._some], np.int64),
            tuple(
                np.array([
                    words.index(str(one[name])) if name in one else -1 for one in self._some
                ], np.int32)
                for name, words in zip(self._names, self._words, strict=True)
            ),
            np.zeros(len(self._some)),
        )  # fmt: skip

    def each(self, work: Callable[[report.Rows], Any]) -> Iterator[Any]:
        with ThreadPoolExecutor(2) as workers:
            yield from workers.map(work, self)

    def words(self, dimension: int) -> Sequence[str]:
        return self._words[dimension]

    def firsts(self) -> Any:
        return np.empty(0, np.int64)


def found(some: Sequence[Told], params: Any) -> Any:
    where = setting(params)
    names = CLICKS.reads(params, where).by
    return CLICKS.find(params, Events(some, names), where)


def told(some: Sequence[Told], params: Any) -> report.Result:
    return CLICKS.tell(params, found(some, params), setting(params))


def table(answer: report.Result, name: str) -> list[dict[str, Any]]:
    (one,) = (each for each in answer.tables if each.name == name)
    return [
        dict(zip([column.name for column in one.columns], row, strict=True)) for row in one.rows
    ]


def behind(some: Sequence[Told], params: Any, **cell: Any) -> list[int] | None:
    assert CLICKS.who is not None
    slots = CLICKS.who(params, found(some, params), cell, setting(params))
    return None if slots is None else slots.tolist()


def _event(names: Sequence[str], **properties: Any) -> st.SearchStrategy[Told]:
    return st.fixed_dictionaries(
        {
            "slot": st.integers(0, 3),
            "ms": st.integers(0, 24 * 5).map(lambda hour: NOW - hour * HOUR),
            "name": st.sampled_from(names),
        },
        optional={
            "page": st.sampled_from(["/", "/tea", "/tea/green"]),
            "device": st.sampled_from(["desktop", "mobile"]),
            "version": st.sampled_from(["a", "b"]),
            **properties,
        },
    )


PART = st.sampled_from(["0", "0.1", "0.25", "0.3", "0.7", "1", "x"])
FORM = {"form": st.sampled_from(["#order", "#ask"]), "dwell_ms": st.integers(0, 9)}
FIELDS = st.sampled_from(["city", "note", "name"])
EVENTS = st.lists(
    st.one_of(
        _event(["view"]),
        _event(["Element Clicked"], selector=st.sampled_from(["#a", "#b", "#c"]),
               text=st.sampled_from(["Buy", "Look"]), page_x=PART, page_y=PART),
        _event(["Page Left"], view=st.sampled_from(["v1", "v2"]), depth=PART),
        _event(["Form Started", "Form Field Left"], **FORM, field=FIELDS,
               changed=st.sampled_from(["true", "false"])),
        _event(["Form Submitted", "Form Abandoned"], **FORM, field=FIELDS,
               fields=st.lists(FIELDS, unique=True).map(json.dumps)),
    ),
    max_size=25,
)  # fmt: skip


def number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def median(values: list[float | None]) -> float | None:
    known = sorted(value for value in values if value is not None)
    return known[math.ceil(len(known) / 2) - 1] if known else None


def rate(clicks: int, views: int) -> float | None:
    return round(clicks / views, 4) if views else None


def sides(some: list[Told], params: Any) -> tuple[list[Told], list[Told]]:
    """The events that count, and those that are compared; two days, and the two before."""
    middle = int(np.datetime64("2025-10-08T00:00", "ms").astype(np.int64)) - 8 * HOUR
    there = [
        one for one in some
        if one.get("page", "").startswith("/" if params.page == "*" else "/tea")
        if params.device in ("all", one.get("device"))
    ]  # fmt: skip
    if params.against == "version":
        now = [one for one in there if one["ms"] >= middle]
        return tuple([one for one in now if one.get("version") == name] for name in ("a", "b"))  # type: ignore[return-value]
    before = [one for one in there if middle - 2 * DAY <= one["ms"] < middle]
    return [one for one in there if one["ms"] >= middle], before


def of(some: list[Told], *names: str) -> list[Told]:
    return [one for one in some if one["name"] in names]


MANY = st.builds(
    lambda page, device, against: asked(
        page=page, device=device, against=against, days=2, version="a", other_version="b"
    ),
    st.sampled_from(["*", "/tea*"]), st.sampled_from(["all", "mobile"]),
    st.sampled_from(["period", "version"]),
)  # fmt: skip


@given(EVENTS, MANY)
def test_elements_are_those_of_a_look_at_each_click(some: list[Told], params: Any) -> None:
    answer, (now, other) = told(some, params), sides(some, params)
    views, seen = len(of(now, "view")), len(of(other, "view"))
    clicks, before = of(now, "Element Clicked"), of(other, "Element Clicked")
    names = {one.get("selector") for one in clicks + before}
    rows = table(answer, "elements")
    assert [row["selector"] for row in rows] == sorted(
        names,
        key=lambda name: (
            -sum(one.get("selector") == name for one in clicks),
            -sum(one.get("selector") == name for one in before),
            name is None, name or "",
        ),
    )  # fmt: skip
    for row in rows:
        own, was = (
            [one for one in side if one.get("selector") == row["selector"]]
            for side in (clicks, before)
        )
        assert row["clicks"] == len(own)
        assert row["people"] == len({one["slot"] for one in own})
        assert row["per_view"] == rate(len(own), views)
        assert row["of_all"] == (len(own) / len(clicks) if clicks else None)
        assert row["across"] == median([number(one.get("page_x")) for one in own])
        assert row["down"] == median([number(one.get("page_y")) for one in own])
        assert row["before"] == rate(len(was), seen)
        if row["before"] and row["per_view"] is not None:
            assert row["change"] == (row["per_view"] - row["before"]) / row["before"]
        else:
            assert row["change"] is None
        texts = Counter(one["text"] for one in own if "text" in one)
        earlier = Counter(one["text"] for one in was if "text" in one)
        usual = texts or earlier
        assert row["text"] == (min(usual, key=lambda t: (-usual[t], t)) if usual else None)
        cell = {"table": "elements", "column": "people", "selector": row["selector"]}
        if own:
            assert behind(some, params, **cell) == sorted({one["slot"] for one in own})
    pages = {row["page"]: (row["views"], row["clicks"]) for row in table(answer, "pages")}
    for page, counts in pages.items():
        mine = [one for one in now if one.get("page") == page]
        assert counts == (len(of(mine, "view")), len(of(mine, "Element Clicked")))
    assert sum(views for views, _ in pages.values()) == views


@given(EVENTS, MANY)
def test_depth_is_the_furthest_of_each_view(some: list[Told], params: Any) -> None:
    answer, both = told(some, params), []
    for side in sides(some, params):
        deepest: dict[Any, float] = {}
        for at, one in enumerate(of(side, "Page Left")):
            depth = number(one.get("depth"))
            if depth is not None:
                key = (one["slot"], one["view"]) if "view" in one else at
                deepest[key] = max(deepest.get(key, 0), depth)
        both.append(list(deepest.values()))
    for row in table(answer, "scroll"):
        shares = [
            sum(depth >= row["depth"] for depth in side) / len(side) if side else None
            for side in both
        ]
        assert [row["reached"], row["before"]] == shares
        assert row["views"] == sum(depth >= row["depth"] for depth in both[0])
    assert answer.figures["depth"] == median(list(both[0]))


@given(EVENTS, MANY)
def test_forms_are_those_of_a_look_at_each_course(some: list[Told], params: Any) -> None:
    answer, (now, other) = told(some, params), sides(some, params)
    for row in table(answer, "forms"):
        own, was = (
            [one for one in side if one.get("form") == row["form"]] for side in (now, other)
        )
        sent, gone = of(own, "Form Submitted"), of(own, "Form Abandoned")
        assert row["started"] == len(of(own, "Form Started"))
        assert row["people"] == len({one["slot"] for one in of(own, "Form Started")})
        assert (row["submitted"], row["abandoned"]) == (len(sent), len(gone))
        assert row["completed"] == (len(sent) / len(sent + gone) if sent + gone else None)
        ended = of(was, "Form Submitted", "Form Abandoned")
        assert row["before"] == (
            len(of(was, "Form Submitted")) / len(ended) if ended else None
        )  # fmt: skip
        assert row["took"] == median([number(one.get("dwell_ms")) for one in sent])
    for row in table(answer, "fields"):
        own = [one for one in now if one.get("form") == row["form"]]
        entered = [
            one for one in of(own, "Form Submitted", "Form Abandoned")
            if row["field"] in json.loads(one.get("fields", "[]"))
        ]  # fmt: skip
        visits = [one for one in of(own, "Form Field Left") if one.get("field") == row["field"]]
        last = [one for one in of(own, "Form Abandoned") if one.get("field") == row["field"]]
        assert row["entered"] == len(entered)
        assert row["people"] == len({one["slot"] for one in entered})
        assert row["visits"] == len(visits)
        assert row["stayed"] == median([number(one.get("dwell_ms")) for one in visits])
        wrote = sum(one.get("changed") == "true" for one in visits)
        assert row["changed"] == (wrote / len(visits) if visits else None)
        assert row["last"] == len(last)
        assert row["of_entered"] == (len(last) / len(entered) if entered else None)
        cell = {"table": "fields", "form": row["form"], "field": row["field"]}
        for column, rows in (("people", entered), ("last", last)):
            slots = sorted({one["slot"] for one in rows})
            assert behind(some, params, **cell, column=column) == slots
    fields = {(row["form"], row["field"]) for row in table(answer, "fields")}
    for one in of(now, "Form Abandoned"):
        assert ("field" not in one) or (one.get("form"), one["field"]) in fields


def test_a_case_worked_by_hand() -> None:
    def at(slot: int, name: str, days: float = 0.1, **more: Any) -> Told:
        return {"slot": slot, "ms": NOW - int(days * DAY), "name": name, "page": "/tea", **more}

    form: Told = {"form": "#order"}
    some = [
        at(1, "view"), at(2, "view"), at(2, "view"), at(3, "view"),
        at(1, "Element Clicked", selector="#buy", text="Buy", page_y="0.2"),
        at(2, "Element Clicked", selector="#buy", text="Buy", page_y="0.3"),
        at(3, "Element Clicked", selector="#more", text="More", page_y="0.9"),
        at(1, "Page Left", view="a", depth="0.3"), at(1, "Page Left", view="a", depth="1"),
        at(2, "Page Left", view="b", depth="0.45"),
        at(1, "Form Started", **form, field="city"), at(2, "Form Started", **form, field="city"),
        at(1, "Form Field Left", **form, field="city", dwell_ms=4_000, changed="true"),
        at(2, "Form Field Left", **form, field="city", dwell_ms=9_000, changed="false"),
        at(1, "Form Submitted", **form, fields='["city","note"]', dwell_ms=20_000),
        at(2, "Form Abandoned", **form, fields='["city"]', field="city"),
        at(4, "view", 40), at(4, "view", 40), at(4, "Element Clicked", 40, selector="#buy"),
    ]  # fmt: skip
    answer = told(some, asked(page="/tea"))
    assert answer.sentence == "changed"
    assert answer.figures == {
        "views": 4, "clicks": 3, "people": 3, "per_view": 0.75, "before": 0.5, "change": 0.5,
        "depth": 0.45, "completed": 0.5,
    }  # fmt: skip
    first, second = table(answer, "elements")
    assert (first["selector"], first["clicks"], first["per_view"], first["before"]) == (
        "#buy", 2, 0.5, 0.5,
    )  # fmt: skip
    assert (second["clicks"], second["before"], second["change"]) == (1, 0.0, None)
    assert [row["reached"] for row in table(answer, "scroll")] == [1.0] * 4 + [0.5] * 6
    assert [[row["field"], row["entered"], row["stayed"], row["last"]]
            for row in table(answer, "fields")] == [
        ["city", 2, 4_000, 1], ["note", 1, None, 0],
    ]  # fmt: skip
    assert behind(some, asked(), table="forms", column="people", form="#order") == [1, 2]
    for cell in ({"table": "forms", "form": "#none"}, {"table": "fields", "form": "#order"}):
        assert behind(some, asked(), **cell, column="people") is None
    assert behind(some, asked(), table="pages", column="people", page="/tea") == [1, 2, 3]
    assert behind(some, asked(), table="scroll", column="views", depth=0.1) is None
    assert told(some, asked(page="/cup")).sentence == "nobody"
    # A period that lies further back.
    far = told(some, asked(other="2025-08-20", days=20))
    assert (far.figures["before"], far.sentence) == (0.5, "changed")


def test_what_is_many_is_told_as_the_rest() -> None:
    some = [
        {"slot": at % 3, "ms": NOW - HOUR, "name": "Element Clicked", "selector": f"#e{at:03}",
         "page": "/"}
        for at in range(click_map.ELEMENTS + 5)
    ]  # fmt: skip
    rows = table(told(some, asked()), "elements")
    assert len(rows) == click_map.ELEMENTS + 1
    assert (rows[-1]["selector"], rows[-1]["clicks"], rows[-1]["people"]) == ("…", 5, None)
    assert told([], asked()).sentence == "nobody"


def fits(pattern: str, text: str) -> bool:
    """Tried at every place."""
    if not pattern or pattern[0] != "*":
        return text[:1] == pattern[:1] and (not pattern or fits(pattern[1:], text[1:]))
    return any(fits(pattern[1:], text[at:]) for at in range(len(text) + 1))


@given(st.text("ab*", min_size=1, max_size=7), st.text("ab\n", max_size=7))
def test_a_star_stands_for_anything(pattern: str, text: str) -> None:
    found = re.compile(click_map._pattern(pattern), re.DOTALL).fullmatch(text)
    assert (found is not None) == fits(pattern, text)


def test_many_stars_are_not_tried_at_every_place() -> None:
    """It would not come to its end."""
    pattern = re.compile(click_map._pattern("*a" * 60 + "*b*c"), re.DOTALL)
    assert pattern.fullmatch("a" * 2_000) is None
