"""How fast is a rule answered? Medians, as ratios against hand-written SQL over the same relations.

python -m benches.rules [PROFILES] [FOLDER]

People with 40 traits in memory, and the sealed events of the pool in FOLDER (which is only read);
without one, ten events for each profile are made first.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from benches.history import write
from hotspring.engine import parted
from hotspring.rules import Catalogue, Question, read

ROUNDS = 5
TRAITS = 40
DAY = 86_400_000
CITIES = ("Guangzhou", "Shenzhen", "Foshan", "Dongguan", "Zhuhai", "Beijing", "Shanghai", "Wuhan")
CATALOGUE = Catalogue(
    traits={
        **{f"number{n}": "number" for n in range(TRAITS // 2)},
        **{f"text{n}": "string" for n in range(TRAITS // 2)},
    },
    events={"Order Completed": {}, "Product Viewed": {}, "Product Added": {}},
)
FACTS = {"and": [
    {"trait": {"name": "text1", "op": "in", "value": list(CITIES[:3])}},
    {"trait": {"name": "number1", "op": "ge", "value": 30}},
    {"trait": {"name": "number2", "op": "between", "value": [10, 80]}},
    {"or": [{"trait": {"name": "text2", "op": "ne", "value": "Wuhan"}},
            {"trait": {"name": "number3", "op": "exists", "value": False}}]},
]}  # fmt: skip
BOUGHT = {"behaviour": {"event": "Order Completed", "window": {"from": {"ago": 30}}, "value": 2}}
THREE = {"and": [
    BOUGHT,
    {"behaviour": {"event": "Product Viewed", "window": {"from": {"ago": 7}}}},
    {"not": {"behaviour": {"event": "Product Added", "window": {"from": {"ago": 14}}}}},
]}  # fmt: skip
LEFT = {"sequence": {
    "first": {"event": "Product Added"}, "then": {"event": "Order Completed"},
    "within": {"amount": 1}, "window": {"from": {"ago": 30}}, "followed": False,
}}  # fmt: skip


def crowd(profiles: int) -> dict[str, Any]:
    """Traits by name: every tenth value is missing."""
    random = np.random.default_rng(1)
    cities = pa.array(CITIES)
    found: dict[str, Any] = {}
    for n in range(TRAITS // 2):
        gone = random.random(profiles) < 0.1
        found[f"number{n}"] = pa.array(random.integers(0, 100, profiles) * 1.0, mask=gone)
        codes = pa.array(random.integers(0, len(CITIES), profiles).astype(np.int32), mask=gone)
        found[f"text{n}"] = pa.DictionaryArray.from_arrays(codes, cities)
    return found


def median(asks: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of a question in the median, and its answer."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = asks()
        took.append((time.perf_counter() - began) * 1_000)
    return statistics.median(took), answer


def compared(engine: Any, name: str, rule: Any, now: int, by_hand: str, traits: Any = None) -> None:
    """Print how long a rule takes, and its ratio to what is written by hand."""
    question = Question(read(rule, CATALOGUE), CATALOGUE, now)
    columns = {"profile": PEOPLE[0]}
    for one in question.needs.traits:
        columns[one.column] = traits[one.name]
    engine.register("profiles", parted(pa.table(columns)))
    sql = f"SELECT count(*) FROM ({question.sql('duckdb')})"
    compiling, _ = median(lambda: Question(read(rule, CATALOGUE), CATALOGUE, now).sql("duckdb"))
    ours, count = median(lambda: engine.execute(sql).fetchone()[0])
    theirs, same = median(lambda: engine.execute(by_hand).fetchone()[0])
    if count != same:
        raise SystemExit(f"{name}: {count} by the rule and {same} by hand")
    print(
        f"{name:28} {ours:8.0f} ms  by hand {theirs:8.0f} ms  ratio {ours / theirs:5.2f}  "
        f"compiling {compiling:4.0f} ms  {count:,} profiles"
    )


PEOPLE: list[pa.Array] = []


def bench(folder: Path, profiles: int) -> None:
    """Five traits, one behaviour, three behaviours, and one thing after another."""
    engine = duckdb.connect(config={"threads": 2})
    PEOPLE.append(pa.array(np.arange(profiles, dtype=np.int32)))
    traits = crowd(profiles)
    engine.register("by_hand", parted(pa.table({"profile": PEOPLE[0], **traits})))
    compared(engine, "five traits", FACTS, 0, (
        "SELECT count(*) FROM by_hand WHERE text1 IN ('Guangzhou', 'Shenzhen', 'Foshan') "
        "AND number1 >= 30e0 AND number2 BETWEEN 10e0 AND 80e0 "
        "AND (text2 <> 'Wuhan' OR text2 IS NULL OR number3 IS NULL)"
    ), traits)  # fmt: skip
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    files = [str(folder / block["file"]) for block in manifest["blocks"]["events"]]
    engine.register("owners", parted(owners(engine, files, profiles)))
    engine.execute(
        "CREATE TEMP VIEW events AS SELECT o.slot AS profile, e.name, e.ms "
        f"FROM read_parquet({files}) e JOIN owners o ON o.origin_id = e.origin_id "
        "WHERE e.flags & 1 = 0"
    )
    count, now = engine.execute("SELECT count(*), max(ms) FROM events").fetchone()
    print(f"{count:,} events")
    bought = (
        "SELECT profile FROM events WHERE name = 'Order Completed' "
        f"AND ms >= {now - 30 * DAY} AND ms <= {now} GROUP BY profile HAVING count(*) >= 2"
    )
    compared(engine, "one behaviour of 30 days", BOUGHT, now, f"SELECT count(*) FROM ({bought})")
    compared(engine, "three behaviours", THREE, now, (
        f"SELECT count(*) FROM ({bought}) "
        f"SEMI JOIN (FROM events WHERE name = 'Product Viewed' AND ms >= {now - 7 * DAY}) "
        "USING (profile) "
        f"ANTI JOIN (FROM events WHERE name = 'Product Added' AND ms >= {now - 14 * DAY}) "
        "USING (profile)"
    ))  # fmt: skip
    compared(engine, "added and not bought in a day", LEFT, now, (
        f"WITH a AS (FROM events WHERE name = 'Product Added' AND ms >= {now - 30 * DAY} "
        f"AND ms < {now - DAY}), b AS (FROM events WHERE name = 'Order Completed') "
        "SELECT count(DISTINCT a.profile) FROM a ANTI JOIN b ON a.profile = b.profile "
        f"AND b.ms > a.ms AND b.ms <= a.ms + {DAY}"
    ))  # fmt: skip


def owners(engine: Any, files: Sequence[str], profiles: int) -> pa.Table:
    """A profile for every subject of the events."""
    sql = f"SELECT max(origin_id) FROM read_parquet({list(files)})"
    (last,) = engine.execute(sql).fetchone()
    origins = np.arange(last + 1, dtype=np.int32)
    return pa.table({"origin_id": origins, "slot": origins % profiles})


def main() -> None:
    profiles = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        write(folder, 10 * profiles, profiles)
        bench(folder, profiles)


if __name__ == "__main__":
    main()
