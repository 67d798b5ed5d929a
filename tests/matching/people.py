"""Records of real people-like data with the truth about them, as rows to compare."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pytest

from hotspring.matching import TOLD, Found

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared/data/identity"
FILES = {
    "febrl1": "febrl_dataset1.csv",
    "febrl2": "febrl_dataset2.csv",
    "febrl3": "febrl_dataset3.csv",
    "fake_1000": "fake_1000.csv",
}
LINKS = {"febrl1": 500, "febrl2": 1_934, "febrl3": 6_538, "fake_1000": 2_031}
Pair = tuple[int, int]


class Records(NamedTuple):
    told: pa.Table
    truth: set[Pair]


def told(people: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of `TOLD`, the people numbered from 0; a list of values tells each of them."""
    rows = [
        (person, name, json.dumps(value, ensure_ascii=False), 0)
        for person, facts in enumerate(people)
        for name, values in facts.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    arrays = [pa.array(c, f.type) for c, f in zip(columns, TOLD, strict=True)]
    return pa.Table.from_arrays(arrays, schema=TOLD)


def records(name: str) -> Records:
    """One of the data sets; skips where it is not there."""
    file = FOLDER / FILES[name]
    if not file.exists():
        pytest.skip(f"the real data {file.name} is not beside the project")
    with file.open(encoding="utf-8") as opened:
        rows = [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(opened)]
    groups: dict[str, list[int]] = defaultdict(list)
    for person, row in enumerate(rows):
        found = re.match(r"rec-(\d+)-", row.pop("rec_id", ""))
        row.pop("unique_id", "")
        groups[found[1] if found else row.pop("cluster")].append(person)
    truth = {pair for group in groups.values() for pair in itertools.combinations(group, 2)}
    assert len(truth) == LINKS[name]
    return Records(told({k: v for k, v in row.items() if v} for row in rows), truth)


def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def scores(found: Found, least: float = 0.0) -> dict[Pair, float]:
    columns = (found.pairs.column(name).to_pylist() for name in ("a", "b", "score"))
    return {(a, b): score for a, b, score in zip(*columns, strict=True) if score >= least}


def evidence(found: Found) -> dict[Pair, list[str]]:
    columns = (found.pairs.column(name).to_pylist() for name in ("a", "b", "evidence"))
    return {(a, b): codes for a, b, codes in zip(*columns, strict=True)}


def ignore(_: float) -> None:
    """Nobody watches the progress."""
