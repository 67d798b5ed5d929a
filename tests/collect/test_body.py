"""Reading bytes whatever their labels claim."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.collect.body import basic_user, checksum, form, mended, plain, unbased
from hotspring.collect.split import elements, members
from hotspring.collect.verdict import Unreadable

LIMIT = 1 << 20
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def javascript_hash(text: bytes) -> int:
    """The loop of the JavaScript client."""
    total = 0
    for code in text:
        total = (31 * total + code) & 0xFFFFFFFF
    return total - 2**32 if total >= 2**31 else total


@given(st.binary(max_size=2000))
def test_gzip_is_seen_without_a_label(data: bytes) -> None:
    text = b"{" + data.strip() + b"}"
    assert plain(gzip.compress(text), LIMIT) == text
    assert plain(b"\xef\xbb\xbf " + text + b"\n", LIMIT) == text
    two = gzip.compress(text[:1]) + gzip.compress(text[1:])
    assert plain(two + b"\x00\x00", LIMIT) == text


@given(st.binary(min_size=1, max_size=400), st.data())
def test_half_a_gzip_is_no_body(data: bytes, draw: st.DataObject) -> None:
    whole = gzip.compress(data)
    half = whole[: draw.draw(st.integers(2, len(whole) - 1))]
    with pytest.raises(Unreadable) as caught:
        plain(half, LIMIT)
    assert caught.value.status == 400


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(bytes(50 << 20))
    tracemalloc.start()
    with pytest.raises(Unreadable) as caught:
        plain(bomb, LIMIT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.status == 413
    assert peak < 4 * LIMIT
    with pytest.raises(Unreadable) as caught:
        plain(bytes(LIMIT + 1), LIMIT)
    assert caught.value.status == 413


@given(st.binary(max_size=300))
def test_base64_survives_what_ways_do_to_it(data: bytes) -> None:
    text = b"{" + base64.b16encode(data) + b"}"
    coded = base64.b64encode(text)
    for way in (
        coded,
        coded.replace(b"+", b" "),
        coded.rstrip(b"="),
        base64.urlsafe_b64encode(text),
    ):
        assert unbased(way, LIMIT) == text
    assert unbased(base64.b64encode(gzip.compress(text)), LIMIT) == text


def test_what_is_not_base64_cannot_be_read() -> None:
    for bad in (b"%%%", b"a", "数据".encode()):
        with pytest.raises(Unreadable):
            unbased(bad, LIMIT)


@given(st.binary(max_size=200))
def test_the_checksum_is_that_of_the_javascript_client(text: bytes) -> None:
    assert checksum(text) == javascript_hash(text)


def test_forms_keep_their_plus_signs() -> None:
    fields = form(b"data=a%2Bb+c%3D&gzip=1&empty=&flag&data_list=")
    assert fields == {"data": b"a+b+c=", "gzip": b"1", "empty": b"", "data_list": b""}


@pytest.mark.parametrize(
    ("header", "user"),
    [
        ("Basic " + base64.b64encode(b"key:").decode(), "key"),
        ("basic " + base64.b64encode(b"key:pass").decode().rstrip("="), "key"),
        ("Bearer abc", ""),
        ("Basic !", ""),
        ("Basic \u20ac", ""),
        ("", ""),
    ],
)
def test_the_key_is_the_user_of_basic(header: str, user: str) -> None:
    assert basic_user({"authorization": header}) == user


@given(JSON)
def test_mending_leaves_sound_text_alone(value: object) -> None:
    for text in (json.dumps(value).encode(), json.dumps(value, ensure_ascii=False).encode()):
        assert mended(text) == text


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        (rb'"\ud800"', rb'"\ufffd"'),
        (rb'"\udc00\ud83d\ude00"', rb'"\ufffd\ud83d\ude00"'),
        (rb'"\\ud800"', rb'"\\ud800"'),
        (rb'"\\\ud800"', rb'"\\\ufffd"'),
        (rb'"\ud800\u0041"', rb'"\ufffd\u0041"'),
        (b'"a\xffb"', '"a\ufffdb"'.encode()),
        (b'"\xe4\xb8"', '"\ufffd"'.encode()),
    ],
)
def test_damage_costs_one_character(damaged: bytes, sound: bytes) -> None:
    assert mended(damaged) == sound
    json.loads(mended(damaged)).encode()


@given(st.lists(JSON, max_size=6), st.sampled_from([None, 1]))
def test_lists_are_cut_at_their_elements(values: list[object], indent: int | None) -> None:
    text = json.dumps(values, indent=indent).encode()
    assert [json.loads(part) for part in elements(text)] == values


@given(st.dictionaries(st.text("ab[]{}:,\\\"'", max_size=4), JSON, max_size=5))
def test_objects_are_cut_at_their_members(values: dict[str, object]) -> None:
    parts = members(json.dumps(values).encode())
    assert list(map(json.loads, parts.values())) == list(values.values())


def test_cutting_needs_no_understanding() -> None:
    text = b'[{"a": NaN}, undefined, {"b": [1, ], }, {"c": 1}]'
    parts = [b'{"a": NaN}', b"undefined", b'{"b": [1, ], }', b'{"c": 1}']
    assert elements(text) == parts


@pytest.mark.parametrize("text", [b"", b"[", b'{"a": 1', b'["a]', b"[1] 2", b"]", b"x", b'"[1]"'])
def test_what_does_not_end_cannot_be_cut(text: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        elements(text)
    assert caught.value.status == 400


def test_a_mountain_of_brackets_is_climbed_once() -> None:
    with pytest.raises(Unreadable):
        elements(b"[" * 3_000_000)
    assert elements(b"[" + b"{}," * 300_000 + b"5]")[-1] == b"5"
