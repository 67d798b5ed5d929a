"""Every energy anew from a recorded history, beside DuckDB adding up the same weights.

Run: python -m benches.heat [EVENTS] [PROFILES] [FOLDER]

DuckDB reads the same Parquet files with two threads, joins names and currencies to their weights,
and adds up: with the caps left out in one GROUP BY, else by profile, rule and day and then by
profile. It keeps one energy of today, while the pool keeps one by half-life, the sums of days, and
who is one person. FOLDER is where the history lies, or is made: a gigabyte for 50 million events.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from benches import history
from benches.history import timed
from hotspring.app import App
from hotspring.errors import HotspringError
from hotspring.identity import Mapping
from hotspring.pipeline import EVENTS, Prepared
from hotspring.pool import movement
from hotspring.settings import Settings
from hotspring.store import Store
from hotspring.temperature import Heat, RuleSet, Weigher, rules

LN2 = "0.6931471805599453::DOUBLE"
OFFSET = 8 * 3_600_000
"""Of the pool's days, all the year."""


def engine(folder: Path, by: RuleSet) -> duckdb.DuckDBPyConnection:
    """DuckDB with the events and, by name, what they weigh."""
    found: dict[str, list[Any]] = {}
    for number, rule in enumerate(by.rules):
        for name in rule.events:
            row = found.setdefault(name, [name, number, 0.0, 0.0, rule.half_life_ms, rule.cap])
            row[3 if rule.amount else 2] = rule.points
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET preserve_insertion_order=false; SET memory_limit='6GB'")
    connection.execute(f"SET temp_directory='{folder / 'temporary'}'")
    connection.execute(
        "CREATE TABLE weights "
        "(name VARCHAR, rule INT, points DOUBLE, per DOUBLE, life DOUBLE, cap DOUBLE)"
    )
    connection.executemany("INSERT INTO weights VALUES (?, ?, ?, ?, ?, ?)", list(found.values()))
    connection.execute("CREATE TABLE rates (currency VARCHAR, rate DOUBLE)")
    connection.executemany("INSERT INTO rates VALUES (?, ?)", [("", 1.0), *by.rates.items()])
    files = [str(file) for file in sorted((folder / "blocks").glob("events-*.parquet"))]
    connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({files})")
    return connection


def grouped(capped: bool, now: int) -> str:
    """The energy of every subject at `now`, by GROUP BY."""
    weight = (
        "(points + CASE WHEN per <> 0 "
        "THEN coalesce(per * ln(1 + greatest(amount * rate, 0)), 0) ELSE 0 END)"
    )
    decayed = f"{weight} * exp((ms - {now}) * {LN2} / life)"
    rows = "events JOIN weights USING (name) JOIN rates USING (currency) WHERE flags & 1 = 0"
    if not capped:
        return f"SELECT origin_id, sum({decayed}) AS energy FROM {rows} GROUP BY origin_id"
    day = f"CASE WHEN cap IS NULL THEN 0 ELSE (ms + {OFFSET}) // 86400000 END"
    cells = (
        f"SELECT origin_id, rule, {day} AS day, any_value(cap) AS cap, any_value(life) AS life, "
        f"sum(CASE WHEN cap IS NULL THEN {decayed} ELSE {weight} END) AS s "
        f"FROM {rows} GROUP BY 1, 2, 3"
    )
    since = f"day * 86400000 - {OFFSET} - {now}"
    return (
        f"SELECT origin_id, sum(CASE WHEN day = 0 THEN s ELSE least(s, cap) * "
        f"exp(({since}) * {LN2} / life) END) AS energy FROM ({cells}) GROUP BY origin_id"
    )


class Source(NamedTuple):
    """Where events are read: the history, not the pool that tells of the rest."""

    ask: Callable[[str, list[Any]], Iterator[pa.RecordBatch]]
    scan: Callable[..., Iterator[pa.RecordBatch]]


class Everyone:
    """As many known people as there are subjects."""

    def __init__(self, profiles: int) -> None:
        self.known = np.ones(profiles, bool)

    def slots(self) -> np.ndarray:
        return np.arange(len(self.known), dtype=np.int32)

    def public_ids(self, slots: np.ndarray) -> list[str]:
        return [f"p_{slot}" for slot in slots.tolist()]


def recomputed(store: Store, by: RuleSet, profiles: int) -> Heat:
    """The heat of every subject, as a pool finds it when these rules are tried."""
    everyone = np.arange(profiles, dtype=np.int32)
    nobody = np.zeros(1, np.int64)
    mapping = Mapping(
        everyone, np.full(profiles, -1, np.int32), nobody, nobody, nobody, everyone[:1]
    )
    source: Any = Source(nothing, partial(store.columns.scan, EVENTS))
    prepared = Prepared(by, Settings(), source)
    # A heat in force would tell how many sums of days to expect.
    cells = store.rows(EVENTS) * 2 // 3 if any(rule.cap for rule in by.rules) else 0
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as place:
        app = App(Path(place))
        ground = app.pipeline.state.ground(prepared)
        app.abandon()
    ground = ground._replace(bound=2**62, capacity=profiles, cells=cells, whose=mapping.profile_of)
    assert prepared.catch_up(ground)
    return prepared.heat


def nothing(sql: str, parameters: list[Any]) -> Iterator[pa.RecordBatch]:
    """Nobody was moved: there is no question to answer."""
    raise HotspringError(f"nobody was moved, and yet this was asked: {sql}")


def measure(folder: Path, profiles: int) -> None:
    """Both rule sets, by the pool and by DuckDB, and both ratios."""
    default = rules.sets()["ecommerce"]
    bare = tuple(msgspec.structs.replace(rule, cap=None) for rule in default.rules)
    uncapped = msgspec.structs.replace(default, rules=bare)
    store = Store(folder, [EVENTS], "Asia/Shanghai")
    _compile(default, profiles)
    heats: list[Heat] = []
    print(f"{store.rows(EVENTS):,} events, {profiles:,} profiles")
    for name, by in (("uncapped", uncapped), ("with caps", default)):
        capped = by is default
        heat, mine = timed(f"{name}, pool", lambda by=by: recomputed(store, by, profiles))
        heats.append(heat)
        energy = heat.energy(history.NOW)
        sql = f"SELECT sum(energy), max(energy) FROM ({grouped(capped, history.NOW)})"
        found, theirs = timed(
            f"{name}, DuckDB", lambda by=by, sql=sql: engine(folder, by).execute(sql).fetchone()
        )
        assert np.allclose([energy.sum(), energy.max()], found, rtol=1e-6), (energy.sum(), found)
        print(f"{name}: ratio {mine / theirs:.2f}")
    everyone: Any = Everyone(profiles)
    movement(everyone, heats[0], heats[1], history.NOW)
    found, _ = timed("who would move", lambda: movement(everyone, *heats, history.NOW))
    print(f"{found['moved']:,} of {found['total']:,} move")


def _compile(by: RuleSet, profiles: int) -> None:
    zone = Settings().zone
    batch = next(history.rows(np.random.default_rng(3), np.full(100, 4.0), 0.0, 1.0, 0))
    heat, ms = Heat(by, zone, profiles), np.array(batch.column("ms"))
    heat.add(np.array(batch.column("origin_id")), ms, Weigher(by, zone).weigh(batch))


if __name__ == "__main__":
    history.main(measure)
