"""What was in a file: every row accounted for, and the quality of every column."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from hotspring.collect.files.preset import Preset, Terms
from hotspring.collect.files.stage import UNITS, Stage, numeric
from hotspring.event import Event

BINS: Final = 20
"""Bins for one factor of e: each is about 5 % wide."""
FENCE: Final = 3.0
"""Outliers lie further from the median than this many interquartile ranges, on a log scale."""
NARROWEST: Final = 4.0


@dataclass
class Money:
    """What was sold and taken back in one currency, exactly, in 1/10,000."""

    sold: int = 0
    taken_back: int = 0

    @property
    def revenue(self) -> Decimal:
        return Decimal(self.sold) / UNITS

    @property
    def refunds(self) -> Decimal:
        return Decimal(self.taken_back) / UNITS


@dataclass(frozen=True)
class Quality:
    """How good one column is. Times are in milliseconds since 1970 UTC."""

    column: str
    field: str
    missing: int
    invalid: int = 0
    out_of_range: int = 0
    outliers: int = 0
    future: int = 0
    least: float | None = None
    most: float | None = None


@dataclass
class Report:
    """The account of one import; complete once all portions were taken."""

    file: str
    format: str
    preset: str
    rows: int = 0
    events: int = 0
    profiles: int = 0
    duplicate_rows: int = 0
    dropped_rows: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    """Events by name."""
    used_rows: dict[str, int] = field(default_factory=dict)
    """Rows that became events: sold and taken back for orders."""
    money: dict[str, Money] = field(default_factory=dict)
    earliest_ms: int | None = None
    latest_ms: int | None = None
    columns: list[Quality] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    """What no column tells, and is missed: `amount`, `place`."""

    @property
    def revenue(self) -> Decimal:
        """Of all orders, in the currency of the file; the largest one where it holds several."""
        return max((m.revenue for m in self.money.values()), default=Decimal(0))

    @property
    def refunds(self) -> Decimal:
        return max((m.refunds for m in self.money.values()), default=Decimal(0))

    def count(self, events: list[Event]) -> None:
        """Adds events that were made."""
        self.events += len(events)
        for event in events:
            self.names[event.name] = self.names.get(event.name, 0) + 1
            if event.amount is not None:
                self._pay(event.name, event.amount, event.currency)
        if events:
            first, last = min(e.ms for e in events), max(e.ms for e in events)
            self.earliest_ms = first if self.earliest_ms is None else min(first, self.earliest_ms)
            self.latest_ms = last if self.latest_ms is None else max(last, self.latest_ms)

    def document(self) -> dict[str, Any]:
        """The report as plain values for JSON; money to the hundredth."""
        return {
            "file": self.file,
            "format": self.format,
            "preset": self.preset,
            "rows": self.rows,
            "events": self.events,
            "profiles": self.profiles,
            "duplicate_rows": self.duplicate_rows,
            "dropped_rows": self.dropped_rows,
            "rejected": {reason.replace(" ", "_"): rows for reason, rows in self.rejected.items()},
            "names": self.names,
            "used_rows": self.used_rows,
            "revenue": float(round(self.revenue, 2)),
            "refunds": float(round(self.refunds, 2)),
            "money": {
                currency: {"revenue": str(round(m.revenue, 2)), "refunds": str(round(m.refunds, 2))}
                for currency, m in sorted(self.money.items())
            },
            "earliest_ms": self.earliest_ms,
            "latest_ms": self.latest_ms,
            "columns": [
                {name: getattr(q, name) for name in Quality.__dataclass_fields__}
                for q in self.columns
            ],
            "without": self.without,
        }

    def _pay(self, name: str, amount: float, currency: str) -> None:
        if name not in ("Order Completed", "Order Refunded"):
            return
        money = self.money.setdefault(currency, Money())
        exact = round(amount * UNITS)
        if name == "Order Completed":
            money.sold += exact
        else:
            money.taken_back += exact


def survey(report: Report, stage: Stage, preset: Preset, terms: Terms) -> None:
    """Fills in what can be said of the rows before events are made of them."""
    con = stage.con
    report.rows = stage.rows
    counts = con.execute("""
        select reason, sum(n)::bigint from (
            select reason::varchar as reason, count(*) as n
            from lines where reason is not null group by reason
            union all select reason, count(*) from bad group by reason
        ) group by reason order by 2 desc, 1
    """)
    report.rejected = dict(counts.fetchall())
    group = "refunds" if preset.name == "orders" else "name"
    used = con.execute(
        f"select {group}, count(*) from lines where reason is null group by 1 order by 1"
    )
    kinds = {0: "sold", 1: "taken back"} if group == "refunds" else {}
    report.used_rows = {kinds.get(name, name): n for name, n in used.fetchall()}
    people = [f"id{n}" for n in range(len(terms.columns.identifiers()))]
    if people:
        subject = f"coalesce({', '.join(people)})"
        report.profiles = con.execute(
            f"select count(*) from (select 1 from who group by {subject})"
        ).fetchone()[0]
    report.duplicate_rows += stage.duplicates()
    report.columns = [_quality(name, stage, preset, terms) for name in stage.names]


def _quality(name: str, stage: Stage, preset: Preset, terms: Terms) -> Quality:
    fields = {column: f for f, column in terms.columns.taken.items()}
    known = {f.name: f for f in terms.columns.fields}
    own = fields.get(name, "")
    form = known[own.partition("@")[0]].form if own else ""
    text = stage.text(name)
    if form == "time":
        return _times(name, own, stage, terms)
    if form == "number" or (not own and numeric(stage.types[stage.column(name)])):
        return _numbers(name, own, stage, own in preset.positive)
    missing, invalid = _sum(f"{text} is null"), "0"
    joins = ""
    if form == "identifier":
        place = terms.columns.identifiers().index(own)
        joins = stage.joins[place]
        invalid = _sum(f"i{place}.problem is not null")
    found = stage.con.execute(
        f"select {missing}, {invalid} from {stage.tally(name)} {joins}"
    ).fetchone()
    return Quality(name, own, *found)


def _sum(condition: str) -> str:
    return f"coalesce(sum(n) filter ({condition}), 0)::bigint"


def _times(name: str, own: str, stage: Stage, terms: Terms) -> Quality:
    missing, invalid, old, future, least, most = stage.con.execute(f"""
        select {_sum("t is null")}, {_sum("t is not null and x is null")},
            {_sum(f"x < {terms.oldest_ms}")}, {_sum(f"x > {terms.now_ms}")}, min(x), max(x)
        from (select {stage.text(name)} as t, {stage.ms(name)} as x, n from {stage.tally(name)})
    """).fetchone()
    return Quality(name, own, missing, invalid, old, 0, future, least, most)


def _numbers(name: str, own: str, stage: Stage, positive: bool) -> Quality:
    number = stage.number(name)
    missing, invalid, low, least, most = stage.con.execute(f"""
        select {_sum("t is null")}, {_sum("t is not null and x is null")}, {_sum("x < 0")},
            min(x)::double, max(x)::double
        from (select {stage.text(name)} as t, {number} as x, n from {stage.tally(name)})
    """).fetchone()
    bins = stage.con.execute(f"""
        select floor(ln(abs(x)::double) * {BINS})::bigint, sum(n)::bigint
        from (select {number} as x, n from {stage.tally(name)})
        where x <> 0 group by 1 order by 1
    """).fetchall()
    return Quality(
        name, own, missing, invalid, low if positive else 0, outliers(bins), 0, least, most
    )


def outliers(bins: list[tuple[int, int]]) -> int:
    """How many values lie far from the median? `bins` are (logarithmic bin, count), sorted.

    Far is more than `FENCE` interquartile ranges, on the log scale, and at least 20 % times that.
    """
    total = sum(n for _, n in bins)
    if total < 10:
        return 0

    def quantile(share: float) -> int:
        left = math.ceil(total * share)
        for place, n in bins:
            left -= n
            if left <= 0:
                return place
        return bins[-1][0]

    reach = FENCE * max(quantile(0.75) - quantile(0.25), NARROWEST)
    middle = quantile(0.5)
    return sum(n for place, n in bins if abs(place - middle) > reach)
