"""Events by profile and time over a recorded history, beside DuckDB reading the same columns.

Run: python -m benches.ordered [EVENTS] [PROFILES] [FOLDER]

Two rows in a hundred are in memory, in the order they came; one profile in a hundred has a second
subject, as after a merge. The compiled pass counts sessions (half an hour apart) and profiles that
view, then put into the cart, then buy within a week. DuckDB only adds the columns up, in no order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numba
import numpy as np
import pyarrow as pa

from benches import history
from benches.history import timed
from hotspring.identity import Mapping
from hotspring.pipeline import EVENTS
from hotspring.store import Store

STEPS = ("Product Viewed", "Product Added", "Order Completed")
HALF_HOUR, WEEK = 1_800_000, 7 * 86_400_000


@numba.njit(cache=True, nogil=True)
def passed(slot: Any, ms: Any, name: Any) -> Any:
    """Sessions, and profiles that went all the way of the funnel."""
    sessions = done = 0
    began = np.full(3, np.int64(-(2**62)))
    finished = False
    for i in range(len(slot)):
        if i == 0 or slot[i] != slot[i - 1]:
            began[:] = -(2**62)
            finished = False
            sessions += 1
        elif ms[i] - ms[i - 1] > HALF_HOUR:
            sessions += 1
        if name[i] == 0:
            began[0] = ms[i]
        elif name[i] == 1 and ms[i] - began[0] <= WEEK:
            began[1] = began[0]
        elif name[i] == 2 and ms[i] - began[1] <= WEEK and not finished:
            finished = True
            done += 1
    return sessions, done


def funnel(store: Store, owners: Mapping) -> tuple[int, int, int]:
    """Rows, sessions and finishers of the whole history."""
    rows = sessions = done = 0
    for part in store.columns.ordered(EVENTS, ["name"], {"name": STEPS}, owners):
        more, finished = passed(part.slot, part.ms, part.columns["name"])
        rows, sessions, done = rows + len(part.slot), sessions + more, done + finished
    return rows, sessions, done


def mapping(profiles: int, random: np.random.Generator) -> Mapping:
    """Everyone their own slot, but one in a hundred has the events of another one as well."""
    slot = np.arange(profiles, dtype=np.int32)
    pairs = random.permutation(profiles)[: profiles // 100 * 2].reshape(2, -1)
    slot[pairs[0]] = slot[pairs[1]]
    nobody = np.zeros(1, np.int64)
    return Mapping(slot, np.full(profiles, -1, np.int32), nobody, nobody, nobody, slot[:1].copy())


def measure(folder: Path, profiles: int) -> None:
    """The ordered pass, a plain read, and their ratio."""
    random = np.random.default_rng(2)
    store = Store(folder, [EVENTS], "Asia/Shanghai")
    sealed = store.rows(EVENTS)
    busy = np.full(profiles, sealed * 0.02 / profiles)
    for batch in history.rows(random, busy, 0.9, 0.1, 1 << 40):
        # As they come: numbered in that order, and in none by subject.
        came = batch.take(pa.array(np.argsort(batch.column("seq").to_numpy())))
        for at in range(0, batch.num_rows, 10_000):
            store.append(EVENTS, came.slice(at, 10_000))
    while store.project():
        pass
    owners = mapping(profiles, random)
    files = [str(file) for file in sorted((folder / "blocks").glob("events-*.parquet"))]
    print(f"{store.rows(EVENTS):,} events in {len(files)} blocks and memory")
    passed(owners.slot[:2], np.zeros(2, np.int64), owners.slot[:2])
    timed("first time in order", lambda: funnel(store, owners), shown=True)
    _, mine = timed("in order", lambda: funnel(store, owners), shown=True)
    connection = duckdb.connect(config={"threads": 2})
    # Half a column is not worth more than a whole one: the same three columns are read.
    sql = f"SELECT sum(ms), max(origin_id), count(*) FILTER (name = '{STEPS[2]}') "
    plain = f"{sql} FROM read_parquet({files})"
    _, theirs = timed("DuckDB, no order", lambda: connection.execute(plain).fetchone(), shown=True)
    print(f"ratio {mine / theirs:.2f}")


if __name__ == "__main__":
    history.main(measure)
