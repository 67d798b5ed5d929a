"""Traffic by day, week or month: owners and sessions of each, added up."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hotspring.analytics.parameters import Period, begins, units
from hotspring.analytics.portable import Form, Rows, Table
from hotspring.analytics.portable._calendar import dated, unit_of, whole
from hotspring.analytics.portable._pieces import OWN, number, one_of, sessions, share
from hotspring.analytics.report import MILLIONTHS, Setting


def find(asked: Any, rows: Rows, setting: Setting) -> Table:
    at, kinds = 0, {}
    many = {
        "view": len(asked.views), "quiet": len(asked.still), "paid": len(setting.paying),
        "refund": len(setting.refunds),
    }  # fmt: skip
    for kind, some in many.items():
        kinds[kind] = one_of(rows.events, at, some)
        at += some
    if not asked.views:
        kinds["view"] = rows.events["page"]
    events = rows.events.select(OWN, "ms", "worth", **kinds)
    start, _ = setting.period.bounds(setting.days)
    edge, _ = setting.period.before().bounds(setting.days)
    visits = _visits(sessions(events, asked.session_minutes * 60_000, edge), start)
    inside = events.filter(events["ms"] >= whole(start)).join(rows.firsts, OWN)
    people = _people(inside.mutate(unit=_unit(inside, asked, setting)), asked, setting)
    visits = visits.mutate(unit=_unit(visits, asked, setting))
    counted = visits.group_by("unit").aggregate(
        sessions=visits.count(), bounces=number(visits["acts"] <= 1).sum(),
        stayed=(visits["end"] - visits["ms"]).sum(),
    )  # fmt: skip
    return _shown(people.left_join(counted, "unit"), asked, setting)


def _unit(table: Table, asked: Any, setting: Setting) -> Any:
    return unit_of(table["ms"], asked.interval, setting.days, setting.period)


def _visits(events: Table, start: int) -> Table:
    """Every session that begins in the period: its beginning, its end, and how many acts."""
    visits = events.group_by(OWN, "session").aggregate(
        end=events["ms"].max(), acts=number(~events["quiet"]).sum(), ms=events["ms"].min()
    )
    return visits.filter(visits["ms"] >= whole(start))


def _people(events: Table, asked: Any, setting: Setting) -> Table:
    """By unit, from a row for each owner and unit."""
    paid, refund = events["paid"], events["refund"] & ~events["paid"]
    worth = paid.ifelse(events["worth"], refund.ifelse(-events["worth"], whole(0)))
    mine = events.group_by(OWN, "unit").aggregate(
        events=events.count(), views=number(events["view"]).sum(), orders=number(paid).sum(),
        worth=worth.cast("decimal(38, 0)").sum(), first=events["first"].min(),
    )  # fmt: skip
    # Who was first seen before the period is new in none of its units.
    unit = int(units(np.int64(setting.period.first), asked.interval))
    span = Period(begins(unit, asked.interval), setting.period.last)
    since = whole(int(span.bounds(setting.days)[0]))
    new = (mine["first"] >= since) & (
        unit_of(mine["first"], asked.interval, setting.days, span) == mine["unit"]
    )
    return mine.group_by("unit").aggregate(
        visitors=mine.count(), new=number(new).sum(), views=mine["views"].sum(),
        events=mine["events"].sum(), orders=mine["orders"].sum(),
        buyers=number(mine["orders"] > 0).sum(), repeats=number(mine["orders"] > 1).sum(),
        worth=mine["worth"].sum().cast("float64"),
    )  # fmt: skip


def _shown(told: Table, asked: Any, setting: Setting) -> Table:
    visits = told["sessions"].fill_null(whole(0))
    revenue = told["worth"] / MILLIONTHS
    return told.select(
        day=dated(told["unit"], asked.interval, setting.period),
        visitors=told["visitors"], new=told["new"], sessions=visits, views=told["views"],
        events=told["events"], bounce_rate=share(told["bounces"], visits),
        dwell=share(told["stayed"], visits), depth=share(told["views"], visits),
        orders=told["orders"], buyers=told["buyers"], revenue=revenue,
        average_order=revenue / told["orders"].nullif(whole(0)).cast("float64"),
        repurchase=share(told["repeats"], told["buyers"]),
    )  # fmt: skip


FORM: Final = Form(lambda _: "trend", find)
