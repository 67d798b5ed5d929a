"""What measures come to on DuckDB is what plain Python adds up, one profile at a time."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.rules import Question, read
from tests.rules.pools import pool, tables
from tests.rules.reference import Reference
from tests.rules.some import CATALOGUE, NOW

REFERENCE = Reference(NOW, CATALOGUE)
DAY = 86_400_000
COUNTED = st.fixed_dictionaries(
    {"event": st.sampled_from(["a", "b", None])},
    optional={"window": st.integers(1, 60).map(lambda days: {"from": {"ago": days}})},
)
SUMMED = COUNTED.filter(lambda leaf: leaf["event"] is not None).map(
    lambda leaf: {**leaf, "measure": "sum", "field": "properties.n"}
)


def happened(leaf: Any, person: Any) -> list[Any]:
    """The events of a leaf, each known by the reference as its only one."""
    one = {name: leaf[name] for name in ("event", "window") if name in leaf}
    return [
        event for event in person["events"]
        if REFERENCE.true({"behaviour": one}, {**person, "events": [event]})
    ]  # fmt: skip


def amount(leaf: Any, half_life: int | None, person: Any) -> float:
    total = 0.0
    for event in happened(leaf, person):
        value = 1.0 if leaf.get("measure") is None else event["properties"].get("n")
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        fade = 1.0 if half_life is None else 0.5 ** ((NOW - event["ms"]) / half_life)
        total += value * fade
    return total


@pytest.mark.parametrize("leaves", [COUNTED, SUMMED])
def test_counts_and_sums_fade_as_plain_python_says(leaves: Any) -> None:
    with duckdb.connect() as engine:
        engine.execute("SET threads=1")

        @settings(max_examples=30, deadline=None)
        @given(leaves, st.none() | st.integers(1, 40), st.integers(0, 2**20))
        def agrees(leaf: Any, days: int | None, seed: int) -> None:
            people, half_life = pool(seed, 12), None if days is None else days * DAY
            tree = read({"behaviour": {**leaf, "op": "ge", "value": 1}}, CATALOGUE)
            several = Question.several((), CATALOGUE, [(tree, half_life)])
            for name, table in tables(people, several.at(NOW)).items():
                engine.register(name, table)
            told = engine.execute(several.sql(NOW)).to_arrow_table()
            found = np.zeros(len(people))
            found[told["profile"].to_numpy()] = told["amount_0"].to_numpy(zero_copy_only=False)
            wanted = [amount(leaf, half_life, one) for one in people]
            # Each event is added in whole millionths.
            assert found == pytest.approx(wanted, abs=1e-5, rel=1e-9)

        agrees()
