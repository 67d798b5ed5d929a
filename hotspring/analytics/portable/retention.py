"""Retention as owners, the periods they began in and those in which they came back."""

from __future__ import annotations

from typing import Any, Final

import ibis
import numpy as np

from hotspring.analytics.parameters import Period, begins, units
from hotspring.analytics.portable import Form, Rows, Table
from hotspring.analytics.portable._calendar import dated, unit_of, whole
from hotspring.analytics.portable._pieces import OWN, share
from hotspring.analytics.report import Setting
from hotspring.analytics.reports.retention import ages


def find(asked: Any, rows: Rows, setting: Setting) -> Table:
    now = int(setting.days.of(np.array([setting.now]))[0])
    among = Period(setting.period.first, max(now, setting.period.last))
    # Whole periods: who comes back does so in one that began before the first day at the earliest.
    among = Period(_first(asked, among), among.last)
    began = _began(asked, rows.events, setting, among)
    back = rows.events.filter(
        rows.events["step_1"], rows.events["ms"] >= whole(among.bounds(setting.days)[0])
    )
    back = back.mutate(unit=unit_of(back["ms"], asked.unit, setting.days, among))
    back = back.group_by(OWN, "unit").aggregate(late=back["ms"].max()).rename(then="unit")
    met = began.join(back, OWN)
    # In the period of the beginning: after it.
    came = (met["then"] > met["unit"]) | (
        (met["then"] == met["unit"]) & (met["late"] > met["began"])
    )
    met = met.filter(came).select(OWN, "unit", age=met["then"] - met["unit"])
    last = int(units(np.int64(now), asked.unit))
    return _triangle(asked, began, met, last, setting, among)


def _first(asked: Any, among: Period) -> int:
    return begins(int(units(np.int64(among.first), asked.unit)), asked.unit)


def _began(asked: Any, events: Table, setting: Setting, among: Period) -> Table:
    """A row for each owner and unit in which they stand in a cohort, and when they began in it."""
    start, end = setting.period.bounds(setting.days)
    events = events.filter(events["step_0"])
    if asked.cohorts == "first":
        first = events.group_by(OWN).aggregate(began=events["ms"].min())
        first = first.filter(first["began"] >= whole(start), first["began"] < whole(end))
        return first.mutate(unit=unit_of(first["began"], asked.unit, setting.days, among))
    events = events.filter(events["ms"] >= whole(start), events["ms"] < whole(end))
    events = events.mutate(unit=unit_of(events["ms"], asked.unit, setting.days, among))
    return events.group_by(OWN, "unit").aggregate(began=events["ms"].min())


def _triangle(
    asked: Any, began: Table, met: Table, now: int, setting: Setting, among: Period
) -> Table:
    """A row for each cohort and column that has begun."""
    columns = [
        ibis.struct({"from_": whole(one.begins), "to_": whole(one.ends)}) for one in ages(asked)
    ]
    spine = ibis.array(columns).unnest().name("column").as_table()
    spine = spine.select(
        period=spine["column"]["from_"],
        ends=whole(asked.periods + 1) if asked.count == "from_then" else spine["column"]["to_"],
    )
    sizes = began.group_by("unit").aggregate(people=began.count()).cross_join(spine)
    sizes = sizes.filter(sizes["unit"] + sizes["period"] <= whole(now))
    if asked.count == "from_then":
        # Whoever came back later did so from then on, however much later.
        met = met.mutate(age=ibis.least(met["age"], whole(asked.periods + 1)))
    came = met.join(
        spine, (met["age"] >= spine["period"]) & (met["age"] <= spine["ends"]), how="inner"
    )
    came = came.select(OWN, "unit", "period").distinct()
    came = came.group_by("unit", "period").aggregate(many=came.count())
    told = sizes.left_join(came, ["unit", "period"])
    back = told["many"].fill_null(whole(0))
    ends = told["period"] if asked.count == "from_then" else told["ends"]
    return told.select(
        cohort=dated(told["unit"], asked.unit, among), period=told["period"],
        people=told["people"], back=back, rate=share(back, told["people"]),
        over=told["unit"] + ends < whole(now),
    )  # fmt: skip


FORM: Final = Form(lambda _: "triangle", find)
