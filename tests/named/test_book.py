"""What stands of things that people name is folded from what they decided, in order."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.named import Book, Named


class Mug(Named, frozen=True):
    """Something that has a name."""

    size: int = 1


IDS = ("a", "b", "c")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("mug"), st.sampled_from(IDS), st.integers(1, 3), st.text(max_size=2)),
        st.tuples(st.just("mug_deleted"), st.sampled_from(IDS), st.just(0), st.just("")),
    ),
    max_size=12,
)


def mugs() -> Book[Mug]:
    return Book("mug", Mug, 3, lambda rule: rule)


def take(book: Book[Mug], kind: str, said: Mug) -> None:
    seq = book.seq + 1
    book.take(seq, kind, seq * 10, f"by {seq}", msgspec.json.encode(said).decode())


@given(STEPS)
def test_what_stands_follows_from_the_last_that_was_said(
    steps: list[tuple[str, str, int, str]],
) -> None:
    book, halfway = mugs(), mugs()
    there: dict[str, list[tuple[int, Mug]]] = {}
    for at, (kind, id_, size, text) in enumerate(steps, 1):
        said = Mug(id_, id_.upper(), text, size)
        take(book, kind, said)
        if at == len(steps) // 2:
            halfway = book.copy()
        if kind == "mug":
            there.setdefault(id_, []).append((at, said))
        else:
            there.pop(id_, None)
    assert book.kept.keys() == there.keys()
    for id_, told in there.items():
        kept = book.one(id_)
        assert (kept.said, kept.version) == (told[-1][1], len(told))
        assert (kept.created_by, kept.updated_by) == (f"by {told[0][0]}", f"by {told[-1][0]}")
        changed = [at for (at, said), before in zip(told, [(0, None), *told], strict=False)
                   if before[1] is None or before[1].size != said.size]  # fmt: skip
        assert kept.since == changed[-1]
    for at, (kind, id_, size, text) in enumerate(steps, 1):
        if at > halfway.seq:
            take(halfway, kind, Mug(id_, id_.upper(), text, size))
    assert halfway.kept == book.kept


def test_a_name_is_given_once_however_it_is_typed() -> None:
    book = mugs()
    take(book, "mug", Mug("a", "Ｂｉｇ  one"))
    with pytest.raises(Conflict, match="there is a mug named"):
        book.checked("b", " big ONE", "")
    assert book.checked("a", " big \n ONE", " x ") == ("big ONE", "x")
    for name, text in (("", ""), (" ", ""), ("x" * 101, ""), ("x", "x" * 2_001)):
        with pytest.raises(BadRequest):
            book.checked("", name, text)
    with pytest.raises(NotFound, match="there is no mug b"):
        book.one("b")
    take(book, "mug", Mug("b", "b"))
    take(book, "mug", Mug("c", "c"))
    with pytest.raises(Conflict, match="at most 3 mugs"):
        book.checked("", "d", "")
    assert book.checked("c", "d", "") == ("d", "")
