"""Short links: what may be saved, where they lead, and how they are drawn."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, parse_qsl, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.errors import BadRequest
from hotspring.links import FORMS, Link, links, picture

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)
QUERIES = st.lists(st.tuples(st.sampled_from(["a", "utm_source", "utm_id"]), WORDS), max_size=4)


@given(QUERIES, WORDS, WORDS)
def test_a_link_adds_what_it_tells_and_takes_nothing_away(
    query: list[tuple[str, str]], channel: str, staff: str
) -> None:
    asked = "&".join(f"{name}={msgspec.json.encode(value).hex()}" for name, value in query)
    target = f"https://shop.example/tea{'?' + asked if asked else ''}#top"
    one = Link(id="ln_1", name="Poster", target=target, channel=channel, staff=staff).checked()
    parts, before = urlsplit(one.landing), urlsplit(target)
    assert parts._replace(query="") == before._replace(query="")
    told = parse_qsl(parts.query)
    assert told[: len(query)] == parse_qsl(before.query)
    whole = parse_qs(parts.query)
    said = {name for name, _ in query}
    for name, value in (("utm_source", channel), ("utm_content", staff), ("utm_id", one.code)):
        if name not in said and value:
            assert whole[name] == [value]
    assert len(told) == len({name for name, _ in told} - said) + len(query)


@pytest.mark.parametrize(
    "target",
    [
        "", "shop.example/tea", "javascript:alert(1)", "//evil.example", "https://", "ftp://a.b/c",
        "https://shop.example@evil.example/", "https://a.b/c d", "https://a.b\\@evil.example",
        "https://a.b/\u0000", "https://a.b:port/", "https://[::1/", "data:text/html,x",
        "https://a.b/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_a_link_leads_to_a_page_and_nothing_else(target: str) -> None:
    with pytest.raises(BadRequest):
        Link(id="ln_1", name="Poster", target=target).checked()


@pytest.mark.parametrize("code", ["ab", "x" * 33, "a/b", "a.b", "茶茶茶", "../x"])
def test_a_code_is_plain(code: str) -> None:
    with pytest.raises(BadRequest):
        Link(id="ln_1", name="Poster", target="https://a.b/", code=code).checked()


def test_a_code_is_drawn_where_none_is_given() -> None:
    drawn = {Link(id="l", name="n", target="https://a.b/").checked().code for _ in range(50)}
    assert len(drawn) == 50
    assert all(re.fullmatch("[2-9a-z]{7}", one) for one in drawn)


def test_a_link_is_kept_as_it_was_said() -> None:
    one = Link(id="ln_1", name="Poster", target="https://a.b/", channel="海报").checked()
    book = links()
    book.take(1, "link", 0, "me", msgspec.json.encode(one).decode())
    assert book.one("ln_1").said == one


def test_a_code_is_drawn_for_print_and_as_an_image() -> None:
    drawn = {form: picture("https://heat.example.com/l/tea2025", form, 4) for form in FORMS}
    assert drawn["svg"].startswith(b"<svg")
    assert b"<script" not in drawn["svg"]
    assert drawn["png"].startswith(b"\x89PNG")
    assert len(picture("https://heat.example.com/l/tea2025", "png", 20)) > len(drawn["png"])
