"""The funnel as windows over moments: the latest beginning from which each step was reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import ibis

from hotspring.analytics.portable import Form, Rows, Table
from hotspring.analytics.portable._calendar import Expr, whole
from hotspring.analytics.portable._pieces import (
    OWN,
    in_order,
    named,
    quantiles,
    ranked,
    share,
    spine,
)
from hotspring.analytics.report import Setting

NO_TIME: Final = ibis.null("int64")


def find(asked: Any, rows: Rows, setting: Setting) -> Table:
    count = len(asked.steps)
    moments = _moments(rows.events, count)
    _, end = setting.period.bounds(setting.days)
    tried = _first if asked.attempts == "first" else _best
    ways = tried(moments, count, asked.window.ms, asked.order == "strict", end)
    return _told(ways, [step.event for step in asked.steps])


def _moments(events: Table, count: int) -> Table:
    """One row for each moment of an owner, so that windows have one order."""
    steps = {f"step_{at}": events[f"step_{at}"].any() for at in range(count)}
    return events.group_by(OWN, "ms").aggregate(**steps)


def _best(moments: Table, count: int, window: int, strict: bool, end: int) -> Table:
    """Of each owner who begins, when each step of the way that leads furthest was reached: of
    several the one that got there first, and of those the one that began last."""
    ms = moments["ms"]
    begins = moments["step_0"] & (ms < whole(end))
    moments = moments.mutate(start_0=begins.ifelse(ms, NO_TIME))
    for at in range(1, count):
        start = moments[f"start_{at - 1}"]
        before = ibis.rows_window(group_by=OWN, order_by="ms", preceding=(None, 1))
        prior = start.lag().over(in_order()) if strict else start.max().over(before)
        moments = moments.mutate(prior=prior)
        ahead = moments[f"step_{at}"] & (moments["ms"] - moments["prior"] <= whole(window))
        moments = moments.mutate(**{f"start_{at}": ahead.ifelse(moments["prior"], NO_TIME)})
    steps = range(count - 1, -1, -1)
    far = [(moments[f"start_{at}"].notnull(), whole(at)) for at in steps]
    began = ibis.coalesce(*(moments[f"start_{at}"] for at in steps))
    mine = ibis.window(group_by=OWN)
    moments = moments.mutate(far=ibis.cases(*far), began=began)
    moments = moments.mutate(furthest=moments["far"].max().over(mine))
    there = (moments["far"] == moments["furthest"]).ifelse(moments["ms"], NO_TIME)
    moments = moments.mutate(got=there.min().over(mine))
    last = (moments["ms"] == moments["got"]).ifelse(moments["began"], NO_TIME)
    moments = moments.mutate(start=last.max().over(mine))
    # Nobody comes to a step twice from one beginning sooner than the first time.
    times = {
        f"at_{at}": moments["ms"].min(where=moments[f"start_{at}"] == moments["start"])
        for at in range(count)
    }
    return moments.group_by(OWN).aggregate(**times)


def _first(moments: Table, count: int, window: int, strict: bool, end: int) -> Table:
    """When each step of the first attempt was reached."""
    mine = ibis.window(group_by=OWN)
    begins = (moments["step_0"] & (moments["ms"] < whole(end))).ifelse(moments["ms"], NO_TIME)
    moments = moments.mutate(
        before=moments["ms"].lag().over(in_order()), at_0=begins.min().over(mine)
    )
    for at in range(1, count):
        ms, since = moments["ms"], moments[f"at_{at - 1}"]
        follows = moments["before"] == since if strict else ms > since
        ahead = moments[f"step_{at}"] & follows & (ms - moments["at_0"] <= whole(window))
        then = ahead.ifelse(ms, NO_TIME).min().over(mine)
        moments = moments.mutate(**{f"at_{at}": then})
    times = {f"at_{at}": moments[f"at_{at}"].min() for at in range(count)}
    return moments.group_by(OWN).aggregate(**times)


def _told(ways: Table, events: list[str | None]) -> Table:
    """A row for each step."""
    steps = spine(range(len(events)), "at")
    each = ways.cross_join(steps)
    at = each["at"]
    each = each.mutate(
        got=_of_step(each, at, 0, len(events)), since=_of_step(each, at, 1, len(events))
    )
    each = each.filter(each["got"].notnull())
    each = ranked(each.mutate(took=each["got"] - each["since"]), "at", "took")
    told = each.group_by("at").aggregate(many=each.count(), **quantiles(each, "took"))
    told = steps.left_join(told, "at")
    told = told.mutate(reached=told["many"].fill_null(whole(0)))
    line = ibis.window(order_by="at")
    told = told.mutate(
        begun=told["reached"].max().over(ibis.window()),
        previous=told["reached"].lag().over(line),
        following=told["reached"].lead().over(line),
    )
    return told.select(
        step=told["at"] + whole(1), event=named(told["at"], events), reached=told["reached"],
        of_first=share(told["reached"], told["begun"]),
        of_previous=share(told["reached"], told["previous"]),
        dropped=told["reached"] - told["following"],
        q25=told["q25"], median=told["median"], q75=told["q75"], q90=told["q90"],
    )  # fmt: skip


def _of_step(each: Table, at: Expr, back: int, count: int) -> Expr:
    """When this step, or the one before, was reached."""
    times = [(at == whole(step + back), each[f"at_{step}"]) for step in range(count - back)]
    return ibis.cases(*times) if times else NO_TIME


def lacks(asked: Any) -> Iterator[str]:
    if asked.attempts == "every":
        yield "attempts"
    if asked.exclude:
        yield "exclude"


FORM: Final = Form(lambda _: "steps", find, lacks)
