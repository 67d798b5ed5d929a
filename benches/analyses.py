"""Analyses over a recorded history, beside ClickHouse's engine where that is installed.

Run: python -m benches.analyses [EVENTS] [PROFILES] [FOLDER]

Two rows in a hundred are in memory, in the order they came; one profile in a hundred has a second
subject, as after a merge. The peer is chDB, which is no part of Hotspring: `pip install chdb` to
see it. It has the same rows as a MergeTree sorted by profile and time, merged to one part, with
owners put in already, and two threads. Both are asked in turn, three times; the best of each counts
and the answers must be the same. The portable form of each question is asked of DuckDB over the
same rows, once.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benches import history
from benches.history import NOW, timed
from benches.ordered import mapping
from hotspring.analytics import report
from hotspring.identity import Mapping
from hotspring.pipeline import EVENTS
from hotspring.rules import Catalogue
from hotspring.store import Store

TIMES: Final = 3
ZONE: Final = zoneinfo.ZoneInfo("Asia/Shanghai")
STEPS: Final = ("Product Viewed", "Product Added", "Cart Viewed", "Order Completed")
WEEKS: Final = 12
DAYS: Final = 180
WEEK: Final = 7 * 86_400_000


class Rows:
    """The rows of the store as analyses take them: owners, names as hits, names as a dimension."""

    def __init__(self, store: Store, owners: Mapping, reads: report.Reads) -> None:
        self._store = store
        self._owners = owners
        self._reads = reads
        steps = {step.event for step in reads.steps}
        self._names = list(history.NAMES) if reads.by else sorted(steps - {None})
        self._masks = np.array([
            sum(1 << i for i, step in enumerate(reads.steps) if step.event in (None, name))
            for name in (*self._names, None)
        ])  # fmt: skip
        self._named = () if reads.every or None in steps else ("name",)

    def __iter__(self) -> Iterator[report.Rows]:
        return self.each(lambda rows: rows)

    def each(self, work: Callable[[report.Rows], Any]) -> Iterator[Any]:
        reads = self._reads

        def make(part: Any) -> Any:
            many = len(part.slot)
            hits, codes = np.full(many, self._masks[-1]), ()
            if self._names:
                own = part.columns["name"]
                hits, codes = report.drawn(self._masks, own), (own,) if reads.by else ()
            return work(report.Rows(part.slot, part.ms, hits, codes, np.zeros(many)))

        words = {"name": self._names} if self._names else {}
        return self._store.columns.ordered(
            EVENTS, list(words), words, self._owners, period=(reads.since, reads.until),
            named=self._named, without={"flags": 129}, make=make,
        )  # fmt: skip

    def words(self, dimension: int) -> Sequence[str]:
        return self._names

    def firsts(self) -> npt.NDArray[np.int64]:
        return np.empty(0, np.int64)


def ask(store: Store, owners: Mapping, name: str, **given: Any) -> report.Result:
    """The answer of an analysis."""
    analysis = report.analyses()[name]
    params = report.read(analysis.params, given)
    period = report.period(params, report.days_of(ZONE), NOW)
    setting = report.Setting(NOW, ZONE, period)
    rows = Rows(store, owners, analysis.reads(params, setting))
    return analysis.tell(params, analysis.find(params, rows, setting), setting)


def portable(store: Store, owners: Mapping, name: str, **given: Any) -> list[dict[str, Any]]:
    """The same by its portable form: rows of its table."""
    params = report.read(report.analyses()[name].params, given)
    setting = report.Setting(NOW, ZONE, report.period(params, report.days_of(ZONE), NOW))
    asked = report.sql(name, params, setting, Catalogue(rates={"": 1.0}), {}, "duckdb")
    many = len(owners.slot)
    whose = pa.table({
        "origin_id": pa.array(np.arange(many, dtype=np.int32)),
        "since": pa.array(np.full(many, -(2**62))), "until": pa.array(np.full(many, 2**62)),
        "profile": pa.array(owners.slot), "known": pa.array(np.ones(many, bool)),
        "passer": pa.array(np.zeros(many, bool)), "machine": pa.nulls(many, pa.bool_()),
    })  # fmt: skip
    with store.reader(asked.sql) as cursor:
        cursor.execute("SET threads = 2")
        cursor.register("owners", whose)
        rows: list[dict[str, Any]] = cursor.execute(asked.sql).to_arrow_table().to_pylist()
    return rows


FORMS: Final[dict[str, Callable[[list[dict[str, Any]]], Any]]] = {
    "four-step funnel, 7 days": lambda rows: [
        row["reached"] for row in sorted(rows, key=lambda row: int(row["step"]))
    ],
    "retention, 12 weeks": lambda rows: {
        (row["cohort"], row["period"]): row["back"] for row in rows if row["period"]
    },
    "daily uniques, 180 days": lambda rows: [
        row["visitors"] for row in sorted(rows, key=lambda row: str(row["day"]))
    ],
    "top 50 transitions": lambda rows: sorted(row["times"] for row in rows)[::-1],
}
"""What of the rows of a portable form is compared, where it tells all of the answer."""


class Peer:
    """The same rows in ClickHouse's engine."""

    def __init__(self, folder: str, rows: Path) -> None:
        session = importlib.import_module("chdb.session")
        self._session = session.Session(folder)
        self.ask("SET max_threads = 2")
        self.ask("CREATE DATABASE bench")
        self.ask(
            "CREATE TABLE bench.events (profile Int32, ms Int64, name LowCardinality(String)) "
            "ENGINE = MergeTree ORDER BY (profile, ms)"
        )
        self.ask(f"INSERT INTO bench.events SELECT * FROM file('{rows}', Parquet)")
        self.ask("OPTIMIZE TABLE bench.events FINAL")

    def ask(self, sql: str) -> list[list[str]]:
        """Rows as texts."""
        told = str(self._session.query(sql, "TSV"))
        return [line.split("\t") for line in told.splitlines()]


def _day(days: int) -> int:
    today = dt.datetime.fromtimestamp(NOW / 1000, ZONE).replace(hour=0, minute=0, second=0)
    first = today.replace(microsecond=0) - dt.timedelta(days=days - 1)
    return int(first.timestamp() * 1000)


def _funnel(answer: report.Result) -> Any:
    return [row[2] for row in answer.tables[0].rows]


def _kept(answer: report.Result) -> Any:
    return {(row[0], row[1]): row[3] for row in answer.tables[0].rows if row[1]}


def _sessions(answer: report.Result) -> Any:
    told = answer.figures
    sessions, rate, dwell = (told[name] or 0 for name in ("sessions", "bounce_rate", "dwell"))
    return int(sessions), round(sessions * rate), int(dwell)


def _uniques(answer: report.Result) -> Any:
    (trend,) = (one for one in answer.tables if one.name == "trend")
    return [row[1] for row in trend.rows]


def _pairs(answer: report.Result) -> Any:
    (pairs,) = (one for one in answer.tables if one.name == "pairs")
    return sorted(row[2] for row in pairs.rows)[::-1]


def _asked() -> dict[str, tuple[str, dict[str, Any], Callable[[report.Result], Any]]]:
    """By question: the analysis, its parameters, and what of the answer is compared."""
    any_ = {"event": None}
    return {
        "four-step funnel, 7 days": (
            "funnel", {"steps": [{"event": one} for one in STEPS], "days": 201}, _funnel
        ),
        "retention, 12 weeks": ("retention", {"first": any_, "days": 201}, _kept),
        "sessions": ("traffic", {"views": [any_], "days": DAYS}, _sessions),
        "daily uniques, 180 days": ("traffic", {"views": [any_], "days": DAYS}, _uniques),
        "top 50 transitions": ("paths", {"days": 201, "depth": 2}, _pairs),
    }  # fmt: skip


def _peers(base: int) -> dict[str, tuple[str, Callable[[list[list[str]]], Any]]]:
    """The same questions as SQL, and their answers in the same form."""
    steps = ", ".join(f"name = '{one}'" for one in STEPS)
    since, gap = _day(DAYS), 1_800_000
    week = f"toUInt8(intDiv(intDiv(ms + 28800000, 86400000) + 3, 7) - {base})"
    by = "OVER (PARTITION BY profile ORDER BY ms ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)"

    def levels(rows: list[list[str]]) -> Any:
        many = {int(level): int(count) for level, count in rows}
        return [sum(n for at, n in many.items() if at >= step) for step in range(1, 5)]

    def kept(rows: list[list[str]]) -> Any:
        first = dt.date(1970, 1, 1)
        return {
            ((first + dt.timedelta(days=(int(a) + base) * 7 - 3)).isoformat(), int(n)): int(m)
            for a, n, m in rows
        }  # fmt: skip

    return {
        "four-step funnel, 7 days": (
            f"SELECT level, count() FROM (SELECT windowFunnel({WEEK}, 'strict_increase')"
            f"(toUInt64(ms), {steps}) AS level FROM bench.events GROUP BY profile) GROUP BY level",
            levels,
        ),
        "retention, 12 weeks": (
            f"SELECT first, n, countIf(bitTest(mask, first + n)) FROM (SELECT min(week) AS first, "
            f"groupBitOr(bitShiftLeft(toUInt64(1), week)) AS mask FROM (SELECT profile, {week} AS "
            f"week FROM bench.events) GROUP BY profile) ARRAY JOIN range(1, {WEEKS + 1}) AS n "
            "WHERE first + n <= 29 GROUP BY first, n",
            kept,
        ),
        "sessions": (
            "SELECT countIf(s), countIf(s AND e), intDiv(sumIf(ms, e) - sumIf(ms, s), countIf(s)) "
            f"FROM (SELECT ms, ms - lagInFrame(ms, 1, -{gap}) {by} > {gap} AS s, "
            f"leadInFrame(ms, 1, ms + {gap + 1}) {by} - ms > {gap} AS e FROM bench.events "
            f"WHERE ms >= {since})",
            lambda rows: tuple(map(int, rows[0])),
        ),
        "daily uniques, 180 days": (
            "SELECT intDiv(ms + 28800000, 86400000) AS day, uniqExact(profile) FROM bench.events "
            f"WHERE ms >= {since} GROUP BY day ORDER BY day",
            lambda rows: [int(row[1]) for row in rows],
        ),
        "top 50 transitions": (
            f"SELECT last, name, count() AS n FROM (SELECT name, lagInFrame(name) {by} AS last, "
            f"ms - lagInFrame(ms, 1, -{gap}) {by} <= {gap} AS same FROM bench.events) "
            "WHERE same AND last <> name GROUP BY last, name ORDER BY n DESC LIMIT 50",
            lambda rows: [int(row[2]) for row in rows],
        ),
    }


def measure(folder: Path, profiles: int) -> None:
    """Every question, to both in turn."""
    random = np.random.default_rng(2)
    store = Store(folder, [EVENTS], "Asia/Shanghai")
    busy = np.full(profiles, store.rows(EVENTS) * 0.02 / profiles)
    for batch in history.rows(random, busy, 0.9, 0.1, 1 << 40):
        # As they come: numbered in that order, and in none by subject.
        came = batch.take(pa.array(np.argsort(batch.column("seq").to_numpy())))
        for at in range(0, batch.num_rows, 10_000):
            store.append(EVENTS, came.slice(at, 10_000))
    while store.project():
        pass
    owners = mapping(profiles, random)
    print(f"{store.rows(EVENTS):,} events of {profiles:,} profiles")
    with tempfile.TemporaryDirectory(prefix="hotspring-peer-") as name:
        peer = _peer(store, owners, Path(name))
        base = ((_day(201) + 28_800_000) // 86_400_000 + 3) // 7
        for question, (analysis, given, read) in _asked().items():
            mine, theirs = [], []
            for _ in range(TIMES):
                answer, took = timed(
                    question, lambda a=analysis, g=given: ask(store, owners, a, **g)
                )
                mine.append(took)
                if peer is not None:
                    sql, told = _peers(base)[question]
                    other, took = timed("  the peer", lambda s=sql: peer.ask(s))
                    theirs.append(took)
                    if not same(read(answer), told(other)):
                        raise SystemExit(f"{question}: {read(answer)!r:.300} {told(other)!r:.300}")
            if question in FORMS:
                rows, took = timed(
                    "  portable", lambda a=analysis, g=given: portable(store, owners, a, **g)
                )
                if not same(read(answer), FORMS[question](rows)):
                    raise SystemExit(f"{question}: the portable form tells another answer")
                print(f"{question}: portable form {took / min(mine):.1f} times the pass")
            if theirs:
                print(f"{question}: ratio {min(mine) / min(theirs):.2f}")


def same(mine: Any, theirs: Any) -> bool:
    """Are these one answer? Counts may be one in a hundred apart: events of one moment have no
    order here and any there, and there an earlier first step is forgotten where another falls
    on the moment of the second one."""
    if isinstance(mine, list | tuple):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, dict):
        return mine.keys() == theirs.keys() and all(same(mine[key], theirs[key]) for key in mine)
    return abs(mine - theirs) <= max(abs(mine), abs(theirs)) / 100


def _peer(store: Store, owners: Mapping, folder: Path) -> Peer | None:
    """The peer with the same rows, where it is installed."""
    if importlib.util.find_spec("chdb") is None:
        print("chDB is not installed: no peer")
        return None
    file = folder / "rows.parquet"
    schema = pa.schema({"profile": pa.int32(), "ms": pa.int64(), "name": pa.string()})
    names = pa.array([*history.NAMES, ""])
    with pq.ParquetWriter(file, schema) as writer:
        for part in store.columns.ordered(EVENTS, ["name"], {"name": list(history.NAMES)}, owners):
            texts = pa.DictionaryArray.from_arrays(part.columns["name"], names).cast(pa.string())
            writer.write_table(pa.table([part.slot, part.ms, texts], schema=schema))
    return Peer(str(folder / "peer"), file)


if __name__ == "__main__":
    history.main(measure)
