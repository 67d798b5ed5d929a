"""A rule names the same profiles on Spark as on DuckDB, which agrees with the reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from hotspring.rules import Question, read
from tests.rules.pools import pool, tables
from tests.rules.some import CATALOGUE, LEAVES, NOW, behaviours, rules, sequences

# Spark leaves the sockets over which it hands rows out to the garbage collector.
pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]

PEOPLE = pool(11, 60)
KEYS = {key: LEAVES[key] for key in LEAVES if key not in ("behaviour", "sequence")}


class Engines:
    """Both engines, with one folder for the tables of the rule that is asked."""

    def __init__(self, spark: Any, folder: Path) -> None:
        self._spark = spark
        self._folder = folder
        self._asked = 0

    def agree(self, rule: Any) -> None:
        question = Question(read(rule, CATALOGUE), CATALOGUE, NOW)
        self._asked += 1
        with duckdb.connect() as engine:
            for name, table in tables(PEOPLE, question).items():
                file = self._folder / f"{name}-{self._asked}.parquet"
                pq.write_table(table, file)
                engine.register(name, table)
                self._spark.read.parquet(str(file)).createOrReplaceTempView(name)
            here = engine.execute(question.sql("duckdb")).to_arrow_table()["profile"].to_pylist()
        there = [row.profile for row in self._spark.sql(question.sql("pyspark")).collect()]
        assert sorted(there) == sorted(here)


@pytest.fixture(scope="module")
def engines(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Engines:
    return Engines(spark, tmp_path_factory.mktemp("relations"))


def some(count: int) -> Any:
    """Few examples, the same in every run: Spark takes its time for each."""
    chosen = settings(
        max_examples=count, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    )  # fmt: skip
    return lambda test: seed(5)(chosen(test))


@pytest.mark.parametrize("key", KEYS)
def test_leaves_over_facts_and_names(engines: Engines, key: str) -> None:
    @some(1)
    @given(KEYS[key])
    def agree(leaf: Any) -> None:
        engines.agree({"not": {key: leaf}})

    agree()


@some(9)
@given(behaviours())
def test_behaviour(engines: Engines, leaf: Any) -> None:
    engines.agree({"behaviour": leaf})


@some(8)
@given(sequences())
def test_sequences(engines: Engines, leaf: Any) -> None:
    engines.agree({"sequence": leaf})


@some(9)
@given(rules())
def test_whole_rules(engines: Engines, rule: Any) -> None:
    engines.agree(rule)
