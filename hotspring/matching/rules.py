"""Pairs by stated rules: what both have in common, worth a stated score; what differs, less."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import duckdb
import msgspec
import pyarrow as pa

from hotspring.matching.attributes import facts
from hotspring.matching.evidence import AGAINST, SAME

MOST_IN_BLOCK: Final = 20
"""A value that more people have in common says nothing about any two of them."""
MOST_PAIRS: Final = 5_000_000
"""Of one rule; the largest blocks are left out first."""


class Rule(msgspec.Struct, frozen=True):
    """Two people with these attributes in common may be one."""

    attributes: tuple[str, ...]
    score: float
    """0 to 1: about the share of such pairs that are one person where records have typing errors.
    Of several rules the highest counts."""

    @property
    def code(self) -> str:
        return SAME + "+".join(self.attributes)


RULES: Final = (
    Rule(("national_id",), 0.95),
    Rule(("phone", "name"), 0.95),
    Rule(("mailbox", "name"), 0.95),
    Rule(("name", "birthday"), 0.95),
    Rule(("name", "address"), 0.95),
    Rule(("phone", "birthday"), 0.90),
    Rule(("mailbox", "birthday"), 0.90),
    Rule(("surname", "birthday", "postcode"), 0.90),
    Rule(("given", "birthday", "postcode"), 0.90),
    Rule(("mailbox",), 0.85),
    Rule(("mailbox_name", "name"), 0.85),
    Rule(("birthday", "address"), 0.80),
    Rule(("name", "postcode"), 0.80),
    Rule(("surname", "address"), 0.75),
    Rule(("phone",), 0.70),
    Rule(("name", "city"), 0.60),
)  # fmt: skip
AGAINST_FACTORS: Final = (
    ("national_id", 0.6, 0.3), ("birthday", 0.7, 0.3), ("gender", 0.6, 0.0), ("name", 0.75, 0.6),
)  # fmt: skip
"""Where both have the attribute, and in every value of one more than this share of the characters
differs from every value of the other, the score is taken by the factor."""
LEAST: Final = 0.5
"""Pairs with a lower score are not suggested."""

Tell = Callable[[float], None]


class Found(msgspec.Struct, frozen=True):
    """What a pass found."""

    pairs: pa.Table
    """`a` < `b` (persons), `score` 0 to 1, `evidence` (codes), the best first."""
    report: dict[str, Any]


def by_rules(con: duckdb.DuckDBPyConnection, told: pa.Table, tell: Tell) -> Found:
    """Which people may be one, by `RULES`?

    `told` has rows of `TOLD`. Two people with different accounts are never one: such pairs are
    counted and left out. `con` is an engine of the caller's, who may interrupt it.
    """
    facts(con, told)
    tell(0.2)
    con.execute("CREATE TABLE hits (a INTEGER, b INTEGER, rule INTEGER)")
    skipped: dict[str, int] = {}
    for place, rule in enumerate(RULES):
        left_out = _pairs(con, place, rule)
        if left_out:
            skipped[rule.code] = left_out
        tell(0.2 + 0.6 * (place + 1) / len(RULES))
    pairs = _scored(con)
    return Found(*without_two_accounts(con, pairs, {"blocks_too_large": skipped}))


def _pairs(con: duckdb.DuckDBPyConnection, place: int, rule: Rule) -> int:
    """Add the pairs of one rule to `hits`; how many blocks were too large?"""
    first, *more = rule.attributes
    value = " || chr(31) || ".join(f"f{i}.value" for i in range(len(rule.attributes)))
    joins = " ".join(f"JOIN facts f{i} ON f{i}.person = f0.person" for i in range(1, len(more) + 1))
    only = " AND ".join(f"f{i}.attribute = '{name}'" for i, name in enumerate((first, *more)))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE keyed AS SELECT DISTINCT f0.person, {value} AS key "
        f"FROM facts f0 {joins} WHERE {only}"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE blocks AS SELECT key, count(*) AS size, "
        "sum(size * (size - 1) // 2) OVER (ORDER BY size, key ROWS UNBOUNDED PRECEDING) AS pairs "
        "FROM keyed GROUP BY key HAVING size > 1"
    )
    small = f"size <= {MOST_IN_BLOCK} AND pairs <= {MOST_PAIRS}"
    con.execute(
        f"INSERT INTO hits SELECT x.person, y.person, {place} FROM blocks "
        "JOIN keyed x USING (key) JOIN keyed y USING (key) "
        f"WHERE x.person < y.person AND {small}"
    )
    row = con.execute(f"SELECT count(*) FROM blocks WHERE NOT ({small})").fetchone()
    return int(row[0]) if row else 0


def _scored(con: duckdb.DuckDBPyConnection) -> pa.Table:
    con.register("given", pa.table({
        "rule": pa.array(range(len(RULES)), pa.int32()),
        "points": [rule.score for rule in RULES],
        "code": [rule.code for rule in RULES],
    }))  # fmt: skip
    con.execute("CREATE TABLE rules AS SELECT * FROM given")
    con.execute(
        "CREATE TABLE pairs AS SELECT a, b, max(points) AS score, "
        "list(code ORDER BY points DESC, code) AS evidence FROM hits JOIN rules USING (rule) "
        "GROUP BY a, b"
    )
    for attribute, factor, share in AGAINST_FACTORS:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE against AS SELECT a, b FROM pairs "
            f"JOIN facts x ON x.person = a AND x.attribute = '{attribute}' "
            f"JOIN facts y ON y.person = b AND y.attribute = '{attribute}' "
            "GROUP BY a, b HAVING min(damerau_levenshtein(x.value, y.value) "
            f"/ greatest(strlen(x.value), strlen(y.value))) > {share}"
        )
        con.execute(
            f"UPDATE pairs SET score = score * {factor}, "
            f"evidence = list_append(evidence, '{AGAINST}{attribute}') "
            "FROM against WHERE pairs.a = against.a AND pairs.b = against.b"
        )
    return con.execute(
        f"SELECT * FROM pairs WHERE score >= {LEAST} ORDER BY score DESC, a, b"
    ).to_arrow_table()


def without_two_accounts(
    con: duckdb.DuckDBPyConnection, pairs: pa.Table, report: dict[str, Any]
) -> tuple[pa.Table, dict[str, Any]]:
    """The pairs that may be joined, and the report with how many may not."""
    con.register("given", pairs)
    # A join of rows that lie outside may fail in the engine (duckdb-python issue 463).
    con.execute("CREATE OR REPLACE TEMP TABLE found AS SELECT * FROM given")
    con.unregister("given")
    kept = con.execute(
        "WITH held AS (SELECT DISTINCT person FROM facts WHERE attribute = 'account') "
        "SELECT * FROM found WHERE NOT (a IN (SELECT person FROM held) "
        "AND b IN (SELECT person FROM held)) ORDER BY score DESC, a, b"
    ).to_arrow_table()
    people = con.execute("SELECT count(DISTINCT person) FROM facts").fetchone()
    dropped = pairs.num_rows - kept.num_rows
    counts = {
        "people": people[0] if people else 0,
        "pairs": kept.num_rows,
        "two_accounts": dropped,
    }
    return kept, {**counts, **report}
