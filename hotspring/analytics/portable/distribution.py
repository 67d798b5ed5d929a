"""How often each owner did something, and how long until the next time, in bars."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import ibis

from hotspring.analytics.portable import Form, Rows, Table
from hotspring.analytics.portable._calendar import whole
from hotspring.analytics.portable._pieces import OWN, number, share, until_now
from hotspring.analytics.report import Setting
from hotspring.analytics.reports.distribution import GAPS, TIMES


def find(asked: Any, rows: Rows, setting: Setting) -> Table:
    events = rows.events
    if asked.of == "gaps":
        return _bars(_gaps(events), GAPS)
    times = events.group_by(OWN).aggregate(value=events.count())
    return _bars(times, TIMES)


def _gaps(events: Table) -> Table:
    """From the first event that waits to the next end at a later moment; then anew.

    Every end is the beginning of a stretch: what waits for the next is the first event in it.
    """
    ends = number(events["step_1"]).sum().over(until_now())
    events = events.mutate(stretch=ends)
    each = events.group_by(OWN, "stretch").aggregate(
        opened=events["ms"].min(), since=events["ms"].min(where=events["step_0"])
    )
    line = ibis.window(group_by=OWN, order_by="stretch")
    each = each.mutate(ended=each["opened"].lead().over(line))
    each = each.mutate(value=each["ended"] - each["since"])
    return each.filter(each["value"].notnull())


def _bars(values: Table, starts: tuple[int, ...]) -> Table:
    ends = (*starts[1:], None)
    bars = ibis.array([
        ibis.struct({"low": whole(low), "high": ibis.null("int64") if end is None else whole(end)})
        for low, end in zip(starts, ends, strict=True)
    ])  # fmt: skip
    bars = bars.unnest().name("bar").as_table()
    bars = bars.select(low=bars["bar"]["low"], high=bars["bar"]["high"])
    value = values["value"]
    place = [(value < whole(end), whole(low)) for low, end in itertools.pairwise(starts)]
    values = values.mutate(low=ibis.cases(*place, else_=whole(starts[-1])))
    found = values.group_by("low").aggregate(found=values.count())
    told = bars.left_join(found, "low")
    told = told.mutate(many=told["found"].fill_null(whole(0)))
    every = told["many"].sum().over(ibis.window())
    told = told.mutate(every=every)
    return told.select(
        low=told["low"].cast("float64"), high=told["high"].cast("float64"), many=told["many"],
        of_all=share(told["many"], told["every"].cast("int64")),
    )  # fmt: skip


def lacks(asked: Any) -> Iterator[str]:
    if asked.of == "values":
        yield "of"


FORM: Final = Form(lambda asked: str(asked.of), find, lacks)
