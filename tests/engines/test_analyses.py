"""The portable form of an analysis tells on Spark what the compiled pass tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from tests.analytics.reports.portable_cases import QUESTIONS, agree
from tests.engines.test_rules import pytestmark as marks
from tests.engines.test_rules import some
from tests.laws.folding import Folding
from tests.pool.test_portable import pool as pool
from tests.pool.test_portable import same

pytestmark = marks
EXAMPLES = 2
MOST = 60
"""Events: what Spark takes for a question hardly hangs on it."""
SHOP = [{"event": "Product Viewed"}, {"event": "Order Completed"}]
BLOCKS = (("traffic", {"days": 9}), ("funnel", {"steps": SHOP, "people": "known"}))


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_analysis(spark: Any, tmp_path: Path, name: str) -> None:
    # To name a backend is to load it.
    _ = ibis.pyspark
    told = 0

    def of_spark(tables: dict[str, pa.Table], asked: Any) -> list[dict[str, Any]]:
        nonlocal told
        told += 1
        for relation, table in tables.items():
            file = tmp_path / f"{relation}-{told}.parquet"
            pq.write_table(table, file)
            spark.read.parquet(str(file)).createOrReplaceTempView(relation)
        return [row.asDict() for row in spark.sql(ibis.to_sql(asked, dialect="pyspark")).collect()]

    @some(EXAMPLES)
    @given(QUESTIONS[name](MOST))
    def law(question: Any) -> None:
        agree(*question, engine=of_spark)

    law()
    assert told == EXAMPLES


def test_the_blocks_of_a_pool(spark: Any, tmp_path: Path, pool: Folding) -> None:
    def of_spark(files: list[str], owners: pa.Table, sql: str) -> list[dict[str, Any]]:
        pq.write_table(owners, tmp_path / "owners.parquet")
        spark.read.parquet(*files).createOrReplaceTempView("events")
        spark.read.parquet(str(tmp_path / "owners.parquet")).createOrReplaceTempView("owners")
        return [row.asDict() for row in spark.sql(sql).collect()]

    pool.command("flag", {"id": "f1", "identifiers": ["user_id:ann"]})
    for name, given_ in BLOCKS:
        same(pool, name, given_, "spark", of_spark)
