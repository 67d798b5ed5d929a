"""RFM of a large pool, beside DuckDB answering the same in plain SQL.

Run: python -m benches.rfm [EVENTS] [PROFILES] [FOLDER]

Orders are first the events of one name, then those of eight, so that nearly every profile is a
customer. DuckDB reads the same files with two threads, adds up by subject, compares with the means
and counts the eight classes; it knows nothing of people, machine traffic, currencies and the grid.
FOLDER is where the history lies, which is only read, or is made.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from benches import history
from benches.history import timed
from hotspring.analytics import Rfm, Thresholds
from hotspring.orders import Deeds, Tally, Terms
from hotspring.pipeline import EVENTS
from hotspring.store import Store
from hotspring.temperature import rules

MANY = (
    "Order Completed", "Product Viewed", "Product Added", "Signed In", "Cart Viewed",
    "Product List Viewed", "Product Added to Wishlist", "Product Shared",
)  # fmt: skip
ONE_BY_ONE = """
WITH customers AS (
    SELECT origin_id, max(ms) FILTER (name IN ({orders})) AS last,
        count(*) FILTER (name IN ({orders})) AS orders,
        coalesce(sum(CASE WHEN name IN ({orders}) THEN amount ELSE -amount END), 0) AS amount
    FROM events WHERE name IN ({orders}, 'Order Refunded') AND flags & 1 = 0 AND ms < {at}
    GROUP BY origin_id HAVING orders > 0
), means AS (SELECT avg({at} - last) AS age, avg(orders) AS orders, avg(amount) AS amount
    FROM customers)
SELECT c.amount < m.amount AS little, {at} - c.last > m.age AS old, c.orders < m.orders AS few,
    count(*), sum(c.amount)
FROM customers c, means m GROUP BY ALL
"""


COLUMNS = ["origin_id", "ms", "name", "flags", "amount", "currency"]


def bench(folder: Path, profiles: int) -> None:
    """Both, for few orders and for many: every subject is one known profile."""
    store = Store(folder, [EVENTS], "Asia/Shanghai")
    files = sorted((folder / "blocks").glob("events-*.parquet"))
    engine = duckdb.connect(config={"threads": 2})
    engine.execute("SET preserve_insertion_order=false")
    engine.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({list(map(str, files))})")
    size, at = engine.execute("SELECT max(origin_id) + 1, max(ms) FROM events").fetchone()
    rate = rules.sets()["ecommerce"].rate
    every = np.arange(size, dtype=np.int32)
    for names in (MANY[:1], MANY):
        terms = Terms(names, ("Order Refunded",), "amount", "CNY", at, None, now=False)

        def ours(terms: Terms = terms) -> Rfm:
            tally = Tally(terms, size)
            for batch in store.columns.scan(EVENTS, COLUMNS, ("name", "currency")):
                tally.add(Deeds.of(batch, terms, rate, lambda origins, ms: origins))
            (customers,) = tally.customers(every)
            return Rfm.of(customers, tally.happened(), Thresholds())

        found, took = timed(f"RFM, orders of {len(names)} names", ours)
        told = ", ".join(f"'{name}'" for name in names)
        sql = ONE_BY_ONE.format(orders=told, at=at)
        rows, theirs = timed("DuckDB, plain SQL", lambda sql=sql: engine.execute(sql).fetchall())
        customers = sum(part.customers for part in found.classes)
        if customers != sum(row[3] for row in rows):
            raise SystemExit("both must know the same customers")
        print(f"{customers:,} customers, ratio {took / theirs:.2f}")


if __name__ == "__main__":
    history.main(bench)
