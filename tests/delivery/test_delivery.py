"""A delivery survives the journal unchanged, and many make the columns of one table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.delivery import columns_of, joined, pack, packed, stretch, unpack
from hotspring.event import Delivery, Event, Place, Refused

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
WORDS = st.sampled_from(["", "track", "浏览", "😀 e\u0301", "a\x00b"])
INT64 = st.integers(-(2**63), 2**63 - 1)
DEGREES = st.floats(-180, 180)
PLACES = st.builds(
    Place,
    DEGREES,
    DEGREES,
    st.sampled_from(["gps", "ip"]),
    st.floats(0, 1e6),
    st.integers(0, 999999),
)
EVENTS = st.builds(
    Event,
    message_id=TEXT,
    type=WORDS,
    name=WORDS,
    ms=INT64,
    ids=st.lists(TEXT, min_size=1, max_size=3).map(tuple),
    content=INT64,
    properties=TEXT,
    traits=WORDS,
    context=WORDS,
    channel=WORDS,
    device=WORDS,
    flags=st.integers(0, 31),
    place=st.none() | PLACES,
    amount=st.none() | st.floats(allow_nan=False),
    currency=WORDS,
)
REFUSED = st.builds(Refused, st.integers(0, 99), TEXT, WORDS, TEXT, TEXT)
DELIVERIES = st.builds(
    Delivery,
    source=WORDS,
    received_ms=INT64,
    events=st.lists(EVENTS, max_size=6),
    refused=st.lists(REFUSED, max_size=3),
)


@given(DELIVERIES)
@settings(deadline=None)
def test_what_was_packed_is_unpacked(delivery: Delivery) -> None:
    assert unpack(pack(delivery)) == delivery


@given(st.lists(DELIVERIES, max_size=4))
@settings(deadline=None, max_examples=50)
def test_many_make_one_table_in_their_order(deliveries: list[Delivery]) -> None:
    whole = stretch([pack(delivery) for delivery in deliveries])
    events = [event for delivery in deliveries for event in delivery.events]
    assert whole.counts.tolist() == [len(delivery.events) for delivery in deliveries]
    assert whole.sources == [delivery.source for delivery in deliveries]
    assert whole.refused == [delivery.refused for delivery in deliveries]
    for name in ("message_id", "properties", "ms", "content", "amount", "channel"):
        assert whole.columns[name].to_pylist() == [getattr(event, name) for event in events]
    assert whole.ids.to_pylist() == [text for event in events for text in event.ids]
    assert whole.id_counts.tolist() == [len(event.ids) for event in events]


@given(st.lists(st.lists(EVENTS, min_size=1, max_size=4), min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_columns_put_end_to_end_are_those_of_all_their_events(parts: list[list[Event]]) -> None:
    whole = joined([columns_of(events) for events in parts])
    assert unpack(packed("shop", 7, whole, [])).events == [one for part in parts for one in part]
    assert whole.events == sum(map(len, parts))
