"""Questions to portable forms, drawn: the same on every engine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hotspring.analytics import report
from tests.analytics.reports.forms import Engine, both, of_duckdb
from tests.analytics.reports.given import LONDON, NOW, SHANGHAI, Row, rows, setting
from tests.analytics.reports.test_retention import SPRING
from tests.analytics.reports.test_traffic import there

MINUTE = 60_000
WORDS = [["app", "web", "other"], []]
HUNDREDTHS = ("depth", "revenue", "average_order")
"""Columns that an answer rounds."""


def agree(
    name: str, some: list[Row], params: Any, where: report.Setting, engine: Engine = of_duckdb
) -> None:
    """The pass and the engine tell the same rows."""
    told, found = both(name, some, params, where, WORDS, engine)
    if name == "traffic":
        # Units without events have no row.
        told = [row for row in told if row["events"]]
        found = [rounded(row) for row in found]
    assert sorted(map(key, found)) == sorted(map(key, told))


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Of traffic, as an answer shows it."""
    shown = {name: row[name] if row[name] is None else round(row[name], 2) for name in HUNDREDTHS}
    return {**row, **shown, "dwell": None if row["dwell"] is None else int(row["dwell"])}


def key(row: dict[str, Any]) -> list[str]:
    """The same for the same row."""
    return [f"{name}={value}" for name, value in sorted(row.items())]


def asked(name: str, **given: Any) -> Any:
    return report.read(report.analyses()[name].params, given)


@st.composite
def close(draw: st.DrawFn, steps: int, hours: int, most: int) -> list[Row]:
    """Events, and more of them some minutes after others; not all of them at different moments."""
    some = draw(rows(steps, hours, most))
    for at, minutes in draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 90)),
                                     max_size=most)):  # fmt: skip
        if some:
            row = some[at % len(some)]
            later = min(row.ms + minutes * MINUTE, NOW)
            some.append(row._replace(ms=later, code=(row.code + 2) % 4 - 1))
    return some


def moved(some: list[Row], now: int) -> list[Row]:
    return [row._replace(ms=row.ms - NOW + now) for row in some]


UNIT = st.sampled_from(["day", "week", "month"])
ZONE = st.sampled_from([SHANGHAI, LONDON])
CLOCK = st.sampled_from([NOW, SPRING])
"""The other one just after clocks were changed."""


@st.composite
def funnels(draw: st.DrawFn, most: int = 16) -> tuple[str, list[Row], Any, report.Setting]:
    count = draw(st.integers(1, 4))
    params = asked(
        "funnel", steps=[{"event": f"s{n}"} for n in range(count)],
        window={"amount": draw(st.integers(1, 4))}, until="2025-10-08",
        order=draw(st.sampled_from(["loose", "strict"])),
        attempts=draw(st.sampled_from(["best", "first"])),
    )  # fmt: skip
    some = [one._replace(hits=one.hits & (2**count - 1)) for one in draw(rows(4, 5 * 24, most))]
    return "funnel", some, params, setting(params)


@st.composite
def visits(draw: st.DrawFn, most: int = 14) -> tuple[str, list[Row], Any, report.Setting]:
    now = draw(CLOCK)
    params = asked(
        "traffic", views=[{"event": "v"}], quiet=[{"event": "q"}], days=9, interval=draw(UNIT)
    )
    some = moved(draw(close(4, 30 * 24, most)), now)
    return "traffic", some, params, there(params, draw(ZONE), now)


@st.composite
def returns(draw: st.DrawFn, most: int = 24) -> tuple[str, list[Row], Any, report.Setting]:
    now = draw(CLOCK)
    params = asked(
        "retention", first={"event": "a"}, back={"event": "b"}, unit=draw(UNIT),
        days=draw(st.sampled_from([14, 60])), periods=draw(st.integers(1, 5)), brackets=[0, 1, 3],
        count=draw(st.sampled_from(["within", "from_then", "bracket"])),
        cohorts=draw(st.sampled_from(["first", "each"])),
    )  # fmt: skip
    hours = draw(st.sampled_from([14, 90])) * 24
    some = moved(draw(rows(2, hours, most)), now)
    return "retention", some, params, setting(params, draw(ZONE), now)


@st.composite
def spreads(draw: st.DrawFn, most: int = 24) -> tuple[str, list[Row], Any, report.Setting]:
    of, then = draw(st.sampled_from(["times", "gaps"])), draw(st.sampled_from([None, "b"]))
    params = asked(
        "distribution", event={"event": "a"}, of=of, then=then and {"event": then}, days=20
    )
    some = draw(rows(2, 20 * 24, most))
    if of == "times" or then is None:
        # Whatever begins ends, too.
        some = [one._replace(hits=(one.hits & 1) * 3) for one in some]
    return "distribution", [one for one in some if one.hits], params, setting(params)


@st.composite
def walks(draw: st.DrawFn, most: int = 20) -> tuple[str, list[Row], Any, report.Setting]:
    params = asked(
        "paths", hide=draw(st.sampled_from([[], ["web"]])), collapse=draw(st.booleans()),
        only=draw(st.sampled_from([[], ["app", "web"]])),
    )  # fmt: skip
    some = [one._replace(hits=1) for one in draw(close(1, 240, most))]
    return "paths", some, params, setting(params)


QUESTIONS = {
    "funnel": funnels, "traffic": visits, "retention": returns, "distribution": spreads,
    "paths": walks,
}  # fmt: skip
