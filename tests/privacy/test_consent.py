"""What people agreed to, from events, and what of it stands."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.event import EVENT_SCHEMA
from hotspring.privacy import CONSENTS
from hotspring.privacy.consent import consent_rows, standing

Row = dict[str, Any]

ROWS = st.lists(
    st.builds(
        lambda ms, purpose, channel, given, seq: {
            "origin_id": 0, "seq": seq, "ms": ms, "source": "web", "purpose": purpose,
            "channel": channel, "given": given, "proof": "",
        },
        st.integers(0, 5), st.sampled_from(["ads", "care"]), st.sampled_from(["", "sms", "mail"]),
        st.booleans(), st.integers(0, 99),
    ),
    max_size=12,
)  # fmt: skip


def events(*rows: tuple[str, Any]) -> pa.RecordBatch:
    """Events of (type, properties)."""
    zero = {field.name: _zero(field) for field in EVENT_SCHEMA}
    return pa.RecordBatch.from_pylist(
        [
            zero | {"type": kind, "properties": text, "seq": n, "ms": 10 * n, "origin_id": 7}
            for n, (kind, text) in enumerate(rows)
        ],
        schema=EVENT_SCHEMA,
    )


def _zero(field: pa.Field) -> Any:
    if field.nullable:
        return None
    if pa.types.is_string(field.type):
        return ""
    return [] if pa.types.is_list(field.type) else 0


def said(*decisions: Any) -> str:
    return json.dumps({"decisions": decisions})


def test_decisions_become_rows_in_their_order() -> None:
    made = consent_rows(
        events(
            ("track", said({"purpose": "ads", "given": True})),
            ("consent", said({"purpose": "ads", "channel": "sms", "given": True, "proof": "form 3"},
                             {"purpose": "ads", "channel": "", "given": False})),
            ("consent", said({"purpose": "place", "given": True, "proof": {"page": "/p"}})),
        )
    )  # fmt: skip
    assert made.schema == CONSENTS.schema
    found = [
        (r["seq"], r["purpose"], r["channel"], r["given"], r["proof"]) for r in made.to_pylist()
    ]
    assert found == [
        (1, "ads", "sms", True, "form 3"),
        (1, "ads", "", False, ""),
        (2, "place", "", True, '{"page":"/p"}'),
    ]
    assert set(made.column("origin_id").to_pylist()) == {7}


@pytest.mark.parametrize(
    "properties",
    ["", "{", "[]", "null", "{}", '{"decisions": 3}', '{"decisions": [1, null, "x", []]}',
     said({"given": True}), said({"purpose": " ", "given": True}),
     said({"purpose": "ads", "given": "yes"}), said({"purpose": 3, "given": True})],
)  # fmt: skip
def test_what_is_no_decision_leaves_no_row_and_harms_none(properties: str) -> None:
    good = said({"purpose": "ads", "given": True})
    made = consent_rows(events(("consent", properties), ("consent", good)))
    assert made.column("seq").to_pylist() == [1]


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(properties: str) -> None:
    consent_rows(events(("consent", properties)))


@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_what_stands_does_not_depend_on_the_order_of_arrival(rows: list[Row], order: Any) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert standing(shuffled) == standing(rows)


@given(ROWS)
def test_what_stands_is_the_latest_that_speaks_of_the_channel(rows: list[Row]) -> None:
    stands = {(row["purpose"], row["channel"]): row for row in standing(rows)}
    assert set(stands) == {(row["purpose"], row["channel"]) for row in rows}
    for (purpose, channel), row in stands.items():
        about = [r for r in rows if r["purpose"] == purpose and r["channel"] in (channel, "")]
        last = max(r["ms"] for r in about)
        assert row["ms"] == last
        # Of two decisions at one moment the withdrawal stands.
        assert row["given"] == all(r["given"] for r in about if r["ms"] == last)


def test_a_withdrawal_for_all_channels_ends_those_given_before_and_not_those_after() -> None:
    def row(ms: int, channel: str, given: bool) -> Row:
        return {
            "ms": ms,
            "purpose": "ads",
            "channel": channel,
            "given": given,
            "source": "",
            "proof": "",
        }

    stands = standing([row(1, "sms", True), row(2, "", False), row(3, "mail", True)])
    assert {r["channel"]: r["given"] for r in stands} == {"": False, "sms": False, "mail": True}
