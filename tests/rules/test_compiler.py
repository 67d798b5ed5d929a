"""What the compiler finds on DuckDB is what the reference finds, one profile at a time."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.rules import Question, read
from tests.rules.pools import pool, tables
from tests.rules.reference import Reference
from tests.rules.some import CATALOGUE, LEAVES, NOW, rules

REFERENCE = Reference(NOW, CATALOGUE)


@pytest.fixture(scope="module")
def engine() -> Any:
    with duckdb.connect() as found:
        found.execute("SET threads=1")
        yield found


def matches(engine: Any, rule: Any, people: list[dict[str, Any]]) -> list[int]:
    question = Question(read(rule, CATALOGUE), CATALOGUE, NOW)
    for name, table in tables(people, question).items():
        engine.register(name, table)
    found: list[int] = (
        engine.execute(question.sql("duckdb")).to_arrow_table()["profile"].to_pylist()
    )
    return sorted(found)


def expected(rule: Any, people: list[dict[str, Any]]) -> list[int]:
    return [number for number, one in enumerate(people) if REFERENCE.true(rule, one)]


@settings(max_examples=150, deadline=None)
@given(rules(), st.integers(0, 2**20))
def test_the_compiler_agrees_with_the_reference(engine: Any, rule: Any, seed: int) -> None:
    people = pool(seed, 12)
    assert matches(engine, rule, people) == expected(rule, people)


@pytest.mark.parametrize("key", LEAVES)
def test_each_leaf_agrees_with_the_reference(engine: Any, key: str) -> None:
    people = pool(7, 40)

    @settings(max_examples=12, deadline=None)
    @given(LEAVES[key])
    def agrees(leaf: Any) -> None:
        for rule in ({key: leaf}, {"not": {key: leaf}}):
            assert matches(engine, rule, people) == expected(rule, people)

    agrees()
