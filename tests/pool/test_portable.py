"""What an engine reads from the blocks of a pool is what the pool itself answers."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from hotspring.analytics.portable import OWNERS
from hotspring.errors import ParametersRefused
from hotspring.event import Event, Flag
from tests.analytics.reports.portable_cases import key, rounded
from tests.laws.folding import DAY, NOW, Folding, events
from tests.pool.test_analyses import SHOP, ask, bought, stop_clocks, table, viewed
from tests.pool.test_segments import event

QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("funnel", {"steps": SHOP}),
    ("funnel", {"steps": SHOP, "people": "known", "attempts": "first"}),
    ("retention", {"first": {"event": "Product Viewed"}, "back": {"event": None}, "unit": "day",
                   "days": 9, "periods": 5}),
    ("funnel", {"steps": [
        {"event": None, "where": [{"field": "channel", "op": "eq", "value": "app"}]},
        {"event": "Order Completed",
         "where": [{"field": "amount", "op": "ge", "value": 10, "currency": "CNY"}]},
    ], "order": "strict"}),
    ("traffic", {"days": 9}),
    ("traffic", {"days": 9, "channels": ["web"], "interval": "week"}),
    ("traffic", {"days": 40, "sources": ["shop"], "interval": "month"}),
    ("paths", {"session_minutes": 1440}),
    ("distribution", {"event": {"event": None}}),
    ("distribution", {"event": SHOP[0], "then": SHOP[1], "of": "gaps"}),
]  # fmt: skip

KINDS = {pa.int32(): "int32", pa.int64(): "int64", pa.bool_(): "boolean"}


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        found.deliver([
            viewed("ann", 3), bought("ann", 2), bought("ann", 1.9), viewed("ann", 1),
            viewed("", 3, ids=("anonymous_id:b",)), bought("bob", 2, channel="app"),
            viewed("bot", 3, flags=int(Flag.BOT)), bought("bot", 2),
            viewed("eve", 6), bought("eve", 4), viewed("eve", 4), bought("eve", 3.9, amount=12.5),
            bought("eve", 3.8, amount=30.25, currency="CNY", channel="web"),
            bought("eve", 3.7, amount=99.0, currency="XXX"),
            event("eve", NOW - 3 * DAY, "Order Refunded", amount=5.125),
            event("", NOW - DAY, "Page", type="page", ids=("anonymous_id:c",)),
        ])  # fmt: skip
        found.deliver([event("bob", NOW - 4 * DAY, "Signed In", type="identify",
                             ids=("user_id:bob", "anonymous_id:b"))])  # fmt: skip
        # A device in two hands.
        found.deliver([
            event(who, NOW - days * DAY, "Signed In", type="identify",
                  ids=(f"user_id:{who}", "anonymous_id:d"))
            for who, days in (("dan", 5), ("eve", 2))
        ])  # fmt: skip
        found.deliver([
            viewed("", days, ids=("anonymous_id:d",)) for days in (5.5, 5, 3, 2, 1.5)
        ])  # fmt: skip
        yield found


def of_duckdb(files: list[str], owners: pa.Table, sql: str) -> list[dict[str, Any]]:
    with duckdb.connect() as engine:
        engine.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({files})")
        engine.register("owners", owners)
        return engine.execute(sql).to_arrow_table().to_pylist()


Answers = Callable[[list[str], pa.Table, str], list[dict[str, Any]]]
"""An engine: asks SQL of these files and owners."""


def asked_of_blocks(
    pool: Folding, name: str, given: dict[str, Any], engine: str = "duckdb",
    answers: Answers = of_duckdb,
) -> tuple[str, list[Any]]:  # fmt: skip
    """The table an engine tells, and its rows."""
    pool.app.seal()
    analyses = pool.app.pool.analytics.analyses
    found = analyses.query(name, given, engine)
    assert found["waiting"] == 0
    files = [str(pool.app.pool.folder / file) for file in found["files"]]
    return found["table"], answers(files, analyses.portable.owners(), found["sql"])


def same(pool: Folding, name: str, given: dict[str, Any], *engine: Any) -> None:
    called, rows = asked_of_blocks(pool, name, given, *engine)
    told = table(ask(pool, name, **given), called)
    if name == "traffic":
        told, rows = [row for row in told if row["events"]], [rounded(row) for row in rows]
    assert sorted(map(key, rows)) == sorted(map(key, told))


def test_an_engine_tells_what_the_pool_tells(pool: Folding) -> None:
    for question in QUESTIONS:
        same(pool, *question)
    pool.command("flag", {"id": "f1", "identifiers": ["user_id:eve"]})
    pool.command("flag", {"id": "f2", "identifiers": ["user_id:bot"], "verdict": "human"})
    for question in QUESTIONS:
        same(pool, *question)


def test_single_events_are_flagged_as_people_said(pool: Folding) -> None:
    traffic = ("traffic", {"days": 9})
    whole = asked_of_blocks(pool, *traffic)
    (one,) = pool.app.pipeline.ask("SELECT source, message_id FROM events WHERE amount > 0", [])
    named = {**one.to_pylist()[0], "subject": "user_id:eve"}
    pool.command("flag", {"id": "f3", "events": [named]})
    same(pool, *traffic)
    assert asked_of_blocks(pool, *traffic) != whole
    # What was decided about the event itself stands over what was decided about its subject.
    pool.command("flag", {"id": "f4", "events": [named], "verdict": "human"})
    pool.command("flag", {"id": "f5", "identifiers": ["user_id:eve"]})
    same(pool, *traffic)


@pytest.mark.parametrize(("name", "given", "place"), [
    ("funnel", {"steps": SHOP, "attempts": "every"}, "/attempts"),
    ("funnel", {"steps": [{"event": "Product Viewed", "where": [
        {"field": "properties.sku", "op": "eq", "value": "x"}]}]}, "/steps/0/where/0"),
    ("funnel", {"steps": SHOP, "by": "page"}, "/by"),
    ("traffic", {"rule": {"band": {"any_of": ["hot"]}}}, "/rule"),
    ("attribution", {}, "/"),
])  # fmt: skip
def test_what_only_the_pool_can_be_asked_is_refused(
    pool: Folding, name: str, given: dict[str, Any], place: str
) -> None:
    pool.deliver([viewed("ann", 1, properties={"sku": "x"})])
    with pytest.raises(ParametersRefused) as refused:
        pool.app.pool.analytics.analyses.query(name, given, "spark")
    assert [(one.place, one.code) for one in refused.value.faults] == [(place, "not_portable")]


def test_owners_are_as_questions_read_them(pool: Folding) -> None:
    owners = pool.app.pool.analytics.analyses.portable.owners()
    assert {one.name: KINDS[one.type] for one in owners.schema} == OWNERS
    # No moment of a subject has two owners.
    lines = sorted(zip(*(owners.column(name).to_pylist() for name in
                         ("origin_id", "since", "until")), strict=True))  # fmt: skip
    for (origin, _, until), (next_, since, _) in itertools.pairwise(lines):
        assert origin != next_ or until == since


@settings(max_examples=6)
@drawn(events(24), st.booleans())
def test_whoever_is_whoever_else(some: list[Event], flagged: bool) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        stop_clocks(patch)
        with Folding(Path(folder)) as pool:
            pool.deliver(some[: len(some) // 2])
            if flagged:
                pool.command("flag", {"id": "f", "identifiers": ["user_id:u1"]})
            pool.deliver(some[len(some) // 2 :])
            pool.app.seal()
            if not pool.app.pool.analytics.analyses.query("traffic", {}, "duckdb")["files"]:
                return
            any_ = {"event": None}
            same(pool, "traffic", {"days": 10})
            same(pool, "paths", {"days": 10})
            same(pool, "funnel", {"steps": [any_, any_, any_], "window": {"amount": 2}})
            same(pool, "retention", {"first": any_, "unit": "day", "cohorts": "each"})
