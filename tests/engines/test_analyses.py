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

pytestmark = marks
EXAMPLES = 2
MOST = 60
"""Events: what Spark takes for a question hardly hangs on it."""


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
