"""From events and owners as tables to the rows that an analysis reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from hotspring.analytics.portable import Asked, Rows, Table
from hotspring.analytics.portable._calendar import Expr, whole
from hotspring.analytics.portable._pieces import OWN
from hotspring.analytics.report import MILLIONTHS
from hotspring.event import Flag
from hotspring.rules import Catalogue, Question, read

LARGEST: Final = 1e12
"""Greater sums are not added."""
PAGES: Final = ("page", "screen")


def rows(asked: Asked, events: Table, owners: Table) -> Rows:
    """Machines, spent events and whoever does not count are left out."""
    params, reads = asked.params, asked.reads
    owned = _owned(events, owners, asked.singles)
    firsts = owned.group_by(OWN).aggregate(first=owned["ms"].min())
    some = owned.filter(owned["ms"] >= whole(reads.since), owned["ms"] < whole(reads.until))
    if not reads.passers:
        some = some.filter(~some["passer"])
    if params.people == "known":
        some = some.filter(some["known"])
    for column, wanted in (("channel", params.channels), ("source", params.sources)):
        if wanted:
            some = some.filter(some[column].isin(wanted))
    leaves: list[Any] = [
        read({"behaviour": {"event": step.event, "where": list(step.where)}}, None)
        for step in reads.steps
    ]
    told = Question.apart(leaves, asked.there, asked.setting.now, some)
    if reads.pages:
        told["page"] = some["type"].isin(PAGES)
    if reads.money:
        told["worth"] = _worth(some, asked.there)
    by = {f"by_{at}": some[name].nullif("") for at, name in enumerate(reads.by)}
    found = some.select(OWN, "ms", **told, **by)
    if not reads.every:
        steps = [found[name] for name in told if name != "worth"]
        found = found.filter(ibis.or_(*steps))
    return Rows(found, firsts)


def _owned(events: Table, owners: Table, singles: Mapping[int, bool]) -> Table:
    """Every event that counts, with its owner. What people said of single events goes before what
    they said of subjects, and that before what the door saw."""
    of = [
        events["origin_id"] == owners["origin_id"],
        events["ms"] >= owners["since"],
        events["ms"] < owners["until"],
    ]
    mine = events.join(owners, of)
    door = _flagged(mine, Flag.BOT)
    said = mine["machine"]
    for verdict in (True, False):
        some = [whole(seq) for seq, machine in sorted(singles.items()) if machine is verdict]
        if some:
            said = mine["seq"].isin(some).ifelse(ibis.literal(verdict), said)
    machine = _flagged(mine, Flag.DECIDED).ifelse(door, said.fill_null(door))
    return mine.filter(~machine, ~_flagged(mine, Flag.SPENT))


def _flagged(events: Table, flag: Flag) -> Expr:
    return (events["flags"] & ibis.literal(int(flag), "int32")) != 0


def _worth(events: Table, there: Catalogue) -> Expr:
    """Money in the pool's currency, in whole millionths; 0 where none is told."""
    rates = [
        (events["currency"] == currency, ibis.literal(repr(rate)).cast("float64"))
        for currency, rate in sorted(there.rates.items())
    ]
    money = events["amount"] * ibis.cases(*rates, else_=ibis.null("float64"))
    counted = (money >= -LARGEST) & (money <= LARGEST)
    millionths = (money * MILLIONTHS + 0.5).floor().cast("int64")
    return counted.fill_null(False).ifelse(millionths, whole(0))
