"""How fast is a static segment made of a list of identifiers?

python -m benches.lists FOLDER [LINES]

The pool in FOLDER is written to: give a copy. Lines name nobody where the pool has fewer
identifiers. Beside it DuckDB joins the same lines with the identifiers of the table.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import pyarrow as pa

from hotspring.app import App

ROUNDS = 3


def main(folder: Path, lines: int) -> None:
    """Print the medians and their ratio."""
    app = App(folder)
    app.start()
    try:
        store = app.pool.segments._asking._store
        sql = "SELECT text FROM identifiers WHERE kind = 'user_id' ORDER BY hash(id) LIMIT ?"
        texts = store.query(sql, [lines]).column("text").to_pylist()
        known = len(texts)
        texts += [f"user_id:nobody-{n}" for n in range(lines - known)]
        body = "\n".join(texts).encode()
        ours, joined = list[float](), list[float]()
        for number in range(ROUNDS):
            began = time.perf_counter()
            name = f"bench {time.time_ns()} {number}"
            told = app.pool.segments.upload(name, "", body, "bench", "en")
            ours.append(time.perf_counter() - began)
            assert told["found"] == known
            began = time.perf_counter()
            with store.reader("identifiers") as cursor:
                cursor.register("given", pa.table({"text": body.decode().splitlines()}))
                found = cursor.execute(
                    "SELECT count(*) FROM identifiers JOIN given USING (text)"
                ).fetchone()
            joined.append(time.perf_counter() - began)
            assert found == (known,)
        kept, plain = statistics.median(ours), statistics.median(joined)
        print(f"{lines:,} lines, {known:,} of them known: {kept:.2f} s")
        print(f"DuckDB joins them in {plain:.2f} s: {kept / plain:.1f} times that")
    finally:
        app.abandon()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]), int(given[1]) if len(given) > 1 else 1_000_000)
