"""Traits: what is known of a person, whatever order it was told in."""

from __future__ import annotations

import json
import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.event import EVENT_SCHEMA
from hotspring.identity.traits import TRAIT_WRITES, TraitWrite, fold_traits, trait_rows

NAMES = st.sampled_from(("city", "score", "tags"))
VALUES = st.sampled_from((None, 1, 2.5, True, "x", "2026-01-31", ["a", "b"], {"k": 1}))


def events(*operations: dict[str, Any] | None) -> pa.RecordBatch:
    """One event per set of operations, a millisecond apart."""
    columns: dict[str, Any] = {}
    for field in EVENT_SCHEMA:
        blank: Any = [] if pa.types.is_list(field.type) else None
        blank = "" if field.type == pa.string() else 0 if blank is None else blank
        columns[field.name] = [blank] * len(operations)
    columns["traits"] = [json.dumps(ops) if ops else "" for ops in operations]
    columns["ms"] = columns["seq"] = columns["key"] = list(range(len(operations)))
    columns["source"] = ["crm"] * len(operations)
    return pa.RecordBatch.from_pydict(columns, schema=EVENT_SCHEMA)


def folded(*operations: dict[str, Any] | None) -> dict[str, Any]:
    return {name: trait.value for name, trait in fold_traits(writes(events(*operations))).items()}


def writes(batch: pa.RecordBatch) -> list[TraitWrite]:
    rows = trait_rows(batch).select(list(TraitWrite._fields)).to_pylist()
    return [TraitWrite(**row) for row in rows]


@pytest.mark.parametrize(
    ("operations", "traits"),
    [
        ([{"set": {"city": "A"}}, {"set": {"city": "B"}}], {"city": "B"}),
        ([{"set": {"city": "A"}}, {"set_once": {"city": "B", "age": 3}}], {"city": "A", "age": 3}),
        ([{"increment": {"n": 2}}, {"increment": {"n": -0.5}}], {"n": 1.5}),
        ([{"set": {"n": "many"}}, {"increment": {"n": 2}}], {"n": 2}),
        ([{"increment": {"n": "two"}}, None], {}),
        ([{"append": {"t": ["a", "b"]}}, {"append": {"t": ["b", "c"]}}], {"t": ["a", "b", "c"]}),
        ([{"set": {"t": "a"}}, {"append": {"t": "b"}}], {"t": ["a", "b"]}),
        ([{"set": {"a": 1, "b": 2, "c": 3}}, {"unset": ["a"]}, {"unset": {"b": 1}}], {"c": 3}),
        ([{"set": {"a": 1}}, {"set": {"a": None}}], {}),
        ([{"set": {"a": 1}}, {"delete": True, "set": {"b": 2}}], {"b": 2}),
    ],
)
def test_operations(operations: list[dict[str, Any]], traits: dict[str, Any]) -> None:
    assert folded(*operations) == traits


@pytest.mark.parametrize(
    ("operations", "traits"),
    [
        ([{"set": {"n": 3}}, {"increment": {"n": 4}}], {"n": 7}),
        ([{"set_once": {"n": 3}}, {"increment": {"n": 4}}], {"n": 7}),
        ([{"set": {"t": ["a"]}}, {"append": {"t": ["b"]}}], {"t": ["a", "b"]}),
        ([{"unset": ["t"]}, {"append": {"t": ["b"]}}], {"t": ["b"]}),
        ([{"unset": ["n"]}, {"set": {"n": 1}}], {"n": 1}),
        ([{"set": {"n": 1}}, {"set_once": {"n": 2}}], {"n": 1}),
        ([{"delete": True}, {"set": {"n": 1}}, {"increment": {"m": 2}}], {"n": 1, "m": 2}),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
def test_operations_within_one_millisecond_apply_in_the_order_of_their_kinds(
    operations: list[dict[str, Any]], traits: dict[str, Any], descending: bool
) -> None:
    """The key of an event is a hash: whichever is smaller must not matter."""
    written = [
        write._replace(ms=5, key=-write.key if descending else write.key)
        for write in writes(events(*operations))
    ]
    before = TraitWrite(4, 9, "crm", "set", "old", "1")
    found = fold_traits([before, *written])
    kept = {} if operations[0].get("delete") else {"old": 1}
    assert {name: trait.value for name, trait in found.items()} == traits | kept


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("x", "string"), (3, "number"), (2.5, "number"), (False, "boolean"), ([1], "list"),
        ({"a": 1}, "object"), ("2026-01-31", "datetime"), ("2026-01-31T08:00:00Z", "datetime"),
        ("2026-13-31", "string"), ("2026", "string"),
    ],
)  # fmt: skip
def test_a_trait_has_a_type_a_source_and_the_time_it_was_written(value: Any, kind: str) -> None:
    trait = fold_traits(writes(events(None, {"set": {"t": value}})))["t"]
    assert (trait.value, trait.type, trait.source, trait.ms) == (value, kind, "crm", 1)


def test_rows_stand_with_the_event_that_wrote_them() -> None:
    rows = trait_rows(events(None, {"set": {"城市": "上海"}}, None, {"delete": True}))
    assert rows.schema == TRAIT_WRITES.schema
    assert rows.column("seq").to_pylist() == [1, 3]
    assert rows.column("name").to_pylist() == ["城市", ""]
    assert rows.column("type").to_pylist()[0] == "string"
    assert trait_rows(events(None)).num_rows == 0


@settings(max_examples=60, deadline=None)
@given(
    told=st.lists(
        st.dictionaries(
            st.sampled_from(("set", "set_once", "append", "unset", "increment")),
            st.dictionaries(NAMES, VALUES, max_size=2),
            max_size=3,
        ),
        max_size=12,
    ),
    rng=st.randoms(use_true_random=False),
)
def test_traits_do_not_depend_on_order_or_repetition(
    told: list[dict[str, Any]], rng: random.Random
) -> None:
    written = writes(events(*told))
    once = fold_traits(written)
    again = written + written
    rng.shuffle(again)
    assert fold_traits(again) == once
