"""Fingerprints are SipHash-2-4 under the pool's key."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.keys import fingerprints, run_fingerprints

KEY = bytes(range(16))


def test_the_vectors_of_the_paper() -> None:
    texts = ["", "\x00", bytes(range(15)).decode(), bytes(range(8)).decode()]
    values = [hex(value) for value in fingerprints(pa.array(texts), KEY).tolist()]
    assert values == [
        "0x726fdb47dd0e0e31",
        "0x74f839c593dc67fd",
        "0xa129ca6149be45e5",
        "0x93f5f5799a932462",
    ]


@given(st.lists(st.text(max_size=40), max_size=30), st.integers(0, 10))
def test_a_slice_gives_the_same_as_the_whole(texts: list[str], start: int) -> None:
    whole = pa.array(texts, pa.string())
    assert np.array_equal(fingerprints(whole, KEY)[start:], fingerprints(whole[start:], KEY))


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=30))
def test_texts_end_to_end_give_the_same(texts: list[str]) -> None:
    data = [text.encode() for text in texts]
    lengths = np.array([len(text) for text in data], np.uint32).tobytes()
    expected = fingerprints(pa.array(texts, pa.string()), KEY)
    assert np.array_equal(run_fingerprints(b"".join(data), lengths, KEY), expected)


def test_another_key_gives_other_numbers() -> None:
    texts = pa.array(["user_id:1"])
    assert fingerprints(texts, KEY)[0] != fingerprints(texts, KEY[::-1])[0]


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        fingerprints(pa.array(["x"]), b"short")
