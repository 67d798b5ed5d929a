"""Pairs by probability: how likely are these two one person, learnt from the pool itself.

The model is that of Fellegi and Sunter (JASA 1969), its parameters estimated without labels by
expectation maximisation, as splink does it.
"""

from __future__ import annotations

import logging
from typing import Any, Final

import duckdb
import pyarrow as pa

from hotspring.errors import Conflict, NotInstalled
from hotspring.matching.attributes import facts
from hotspring.matching.evidence import LIKE, OTHER, SAME
from hotspring.matching.rules import LEAST, Found, Tell, without_two_accounts

EXTRA: Final = "the probabilistic pass needs splink: pip install 'hotspring[matching]'"
LEAST_SHARE: Final = 0.05
"""An attribute that fewer people have is not learnt."""
LEAST_PEOPLE: Final = 50
"""With fewer there is nothing to learn from."""
SAMPLE_PAIRS: Final = 1_000_000
COLUMNS: Final = (
    "given", "surname", "name", "birthday", "city", "postcode", "address", "national_id", "phone",
    "mailbox", "gender",
)  # fmt: skip
NEAR: Final[dict[str, tuple[str, tuple[float, ...]]]] = {
    "given": ("jaro_winkler", (0.92, 0.8)),
    "surname": ("jaro_winkler", (0.92, 0.8)),
    "name": ("jaro_winkler", (0.95, 0.85)),
    "city": ("jaro_winkler", (0.9,)),
    "address": ("jaro_winkler", (0.92,)),
    "mailbox": ("jaro_winkler", (0.95, 0.88)),
    "birthday": ("damerau_levenshtein", (1, 2)),
    "postcode": ("damerau_levenshtein", (1,)),
    "national_id": ("damerau_levenshtein", (1,)),
    "phone": ("damerau_levenshtein", (1,)),
    "gender": ("", ()),
}
"""How alike two values are, and from where on they count as alike."""
FREQUENT: Final = ("given", "surname", "name", "city")
"""Where agreeing on a rare value says more than on a frequent one."""
BLOCKS: Final = (
    ("national_id",), ("phone",), ("mailbox",), ("birthday",), ("address",), ("name",),
    ("given", "surname"), ("surname", "city"), ("given", "city"), ("surname", "postcode"),
    ("given", "postcode"), ("name", "city"), ("mailbox_name",), ("start", "year"), ("given",),
    ("surname",),
)  # fmt: skip
"""Only pairs that agree on one of these are looked at."""
CERTAIN: Final = (
    ("national_id",), ("name", "birthday"), ("given", "surname", "birthday"), ("mailbox",),
    ("phone", "name"),
)  # fmt: skip
CERTAIN_FINDS: Final = 0.6
"""The share of true pairs that `CERTAIN` is taken to find: sets how many pairs there are at all."""
TRAINING: Final = (
    ("birthday",), ("given", "surname"), ("name",), ("address",), ("phone",), ("postcode",),
    ("mailbox",),
)  # fmt: skip
MOST_IN_BLOCK: Final = 100
MOST_PAIRS: Final = 3_000_000
"""Of one block; the largest are left out first."""


def installed() -> None:
    """Raises `NotInstalled` where the probabilistic pass cannot run."""
    try:
        import splink  # noqa: F401
    except ImportError as error:
        raise NotInstalled(EXTRA) from error


def by_probability(con: duckdb.DuckDBPyConnection, told: pa.Table, tell: Tell) -> Found:
    """How likely are which people one? Their score is the probability of a match.

    Raises `Conflict` where there is too little to learn from.
    """
    installed()
    facts(con, told)
    columns = _wide(con)
    left_out = _blocked(con)
    tell(0.15)
    linker = _linker(con, columns)
    _train(linker, columns, tell)
    predicted = linker.inference.predict(threshold_match_probability=LEAST)
    tell(0.9)
    pairs = _told(con, predicted.physical_name, columns)
    report: dict[str, Any] = {"blocks_too_large": left_out, "attributes": columns}
    return Found(*without_two_accounts(con, pairs, report))


def _wide(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Make the table `wide` with the latest value of each attribute; which are worth learning?"""
    latest = ", ".join(
        f"arg_max(value, (ms, value)) FILTER (attribute = '{name}') AS {name}"
        for name in (*COLUMNS, "mailbox_name")
    )
    con.execute(f"CREATE TABLE wide AS SELECT person, {latest} FROM facts GROUP BY person")
    row = con.execute(
        "SELECT count(*), " + ", ".join(f"count({name})" for name in COLUMNS) + " FROM wide"
    ).fetchone()
    people, *counts = row or (0,)
    columns = [
        name
        for name, count in zip(COLUMNS, counts, strict=True)
        if count >= max(2, LEAST_SHARE * people)
    ]
    if {"given", "surname"} <= set(columns):
        columns.remove("name") if "name" in columns else None
    if people < LEAST_PEOPLE or len(columns) < 2:
        raise Conflict(
            f"{people} people with {len(columns)} attributes in common are too few to learn from: "
            f"at least {LEAST_PEOPLE} with two of {', '.join(COLUMNS)} are needed"
        )
    return columns


def _blocked(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Make the table `records`: `wide` with the keys pairs are sought by, where they are not too
    frequent. How many were left out, by block?"""
    keys, joins, left_out = [], [], {}
    for place, block in enumerate(BLOCKS):
        con.execute(
            f"CREATE TEMP TABLE sizes_{place} AS SELECT {_key(block)} AS key, count(*) AS size, "
            "sum(size * (size - 1) // 2) OVER (ORDER BY size, key ROWS UNBOUNDED PRECEDING) "
            "AS pairs FROM wide WHERE key IS NOT NULL GROUP BY key HAVING size > 1"
        )
        small = f"size <= {MOST_IN_BLOCK} AND pairs <= {MOST_PAIRS}"
        row = con.execute(f"SELECT count(*) FROM sizes_{place} WHERE NOT ({small})").fetchone()
        if row and row[0]:
            left_out[SAME + "+".join(block)] = int(row[0])
        keys.append(f"k{place}.key AS block_{place}")
        joins.append(
            f"LEFT JOIN (SELECT key FROM sizes_{place} WHERE {small}) k{place} "
            f"ON k{place}.key = {_key(block)}"
        )
    con.execute(
        f"CREATE TABLE records AS SELECT wide.*, {', '.join(keys)} FROM wide {' '.join(joins)} "
        "ORDER BY person"
    )
    return left_out


def _key(block: tuple[str, ...]) -> str:
    parts = {
        "start": "left(coalesce(surname, name), 3)",
        "year": "left(birthday, 4)",
    }
    return " || chr(31) || ".join(parts.get(name, name) for name in block)


def _linker(con: duckdb.DuckDBPyConnection, columns: list[str]) -> Any:
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    made: dict[str, Any] = {
        "jaro_winkler": cl.JaroWinklerAtThresholds,
        "damerau_levenshtein": cl.DamerauLevenshteinAtThresholds,
    }
    comparisons: list[Any] = []
    for name in columns:
        kind, near = NEAR[name]
        comparison = made[kind](name, list(near)) if kind else cl.ExactMatch(name)
        if name in FREQUENT:
            comparison = comparison.configure(term_frequency_adjustments=True)
        comparisons.append(comparison)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="person",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            block_on(f"block_{place}") for place in range(len(BLOCKS))
        ],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
        linker_uid="matching",
    )
    return Linker(DuckDBAPI(connection=con).register("records"), settings, log_level=None)


def _train(linker: Any, columns: list[str], tell: Tell) -> None:
    from splink import block_on

    training = linker.training
    have = set(columns) | ({"name"} if {"given", "surname"} <= set(columns) else set())
    certain = [block_on(*block) for block in CERTAIN if set(block) <= have]
    if certain:
        training.estimate_probability_two_random_records_match(certain, recall=CERTAIN_FINDS)
    tell(0.3)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLE_PAIRS, seed=1)
    tell(0.5)
    learnt: set[str] = set()
    for block in TRAINING:
        # Blocking on an attribute says nothing about that attribute: two rounds learn them all.
        if set(block) <= set(columns) and not learnt >= set(columns):
            training.estimate_parameters_using_expectation_maximisation(
                block_on(*block), max_pairs=SAMPLE_PAIRS
            )
            learnt |= set(columns) - set(block)
            tell(min(0.85, 0.5 + 0.15 * len(learnt) / len(columns)))


def _told(con: duckdb.DuckDBPyConnection, predicted: str, columns: list[str]) -> pa.Table:
    """The predictions as pairs with their evidence: what agrees, what is alike, what differs."""
    codes = ", ".join(
        f"CASE WHEN gamma_{name} >= {len(NEAR[name][1]) + 1} THEN '{SAME}{name}' "
        f"WHEN gamma_{name} > 0 THEN '{LIKE}{name}' WHEN gamma_{name} = 0 THEN '{OTHER}{name}' END"
        for name in columns
    )
    return con.execute(
        "SELECT least(person_l, person_r)::integer AS a, greatest(person_l, person_r)::integer "
        f"AS b, match_probability AS score, list_filter([{codes}], lambda x: x IS NOT NULL) "
        f"AS evidence FROM {predicted} ORDER BY score DESC, a, b"
    ).to_arrow_table()
