"""What follows what within sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import ibis

from hotspring.analytics.portable import Form, Rows, Table
from hotspring.analytics.portable._pieces import OWN, sessions, share
from hotspring.analytics.report import Setting
from hotspring.analytics.reports.paths import PAIRS


def find(asked: Any, rows: Rows, setting: Setting) -> Table:
    steps = sessions(rows.events, asked.session_minutes * 60_000)
    # After the sessions: what is no step keeps them going.
    steps = steps.filter(steps["by_0"].notnull())
    if asked.only:
        steps = steps.filter(steps["by_0"].isin(asked.only))
    if asked.hide:
        steps = steps.filter(~steps["by_0"].isin(asked.hide))
    line = ibis.window(group_by=[OWN, "session"], order_by=["ms", "by_0"])
    pairs = steps.mutate(source=steps["by_0"].lag().over(line), target=steps["by_0"])
    pairs = pairs.filter(pairs["source"].notnull())
    if asked.collapse:
        pairs = pairs.filter(pairs["source"] != pairs["target"])
    told = pairs.group_by("source", "target").aggregate(times=pairs.count())
    told = told.mutate(every=told["times"].sum().over(ibis.window(group_by="source")))
    told = told.mutate(of_source=share(told["times"], told["every"].cast("int64")))
    told = told.order_by(ibis.desc("times"), "source", "target").limit(PAIRS)
    return told.select("source", "target", "times", "of_source")


def lacks(asked: Any) -> Iterator[str]:
    if asked.within != "session":
        yield "within"


FORM: Final = Form(lambda _: "pairs", find, lacks)
