"""A merge can be undone whatever became of its rows, and later events go to the right side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hotspring.event import Event
from hotspring.store import blocks
from tests.laws.conftest import Folders
from tests.laws.folding import NOW, Folding, events, same_warmth

FEW = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
STEPS = st.lists(
    st.sampled_from(["seal", "compact", "save", "crash", "close", "rebuild"]), max_size=4
)


@pytest.fixture
def folder(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Gives new folders; two small blocks are enough for a compaction there."""
    monkeypatch.setattr(blocks, "FAN_IN", 2)
    return folders


class Aging:
    """A pool that between two deliveries goes through what a folder goes through in months."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.pool = Folding(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.crash()

    def age(self, steps: Sequence[str]) -> None:
        for step in steps:
            app = self.pool.app
            if step == "seal":
                app.seal()
            elif step == "compact":
                app.seal()
                while app._store.compact():
                    pass
            elif step == "save":
                app.save()
            elif step == "rebuild":
                assert app.pipeline.replace_by_rebuild()
            else:
                (self.pool.crash if step == "crash" else self.pool.close)()
                self.pool = Folding(self._folder)


def later(rows: Sequence[Event]) -> list[Event]:
    """The same kind of events, with other ids: they are no repeats."""
    return [msgspec.structs.replace(row, message_id=f"later-{row.message_id}") for row in rows]


@given(
    rows=events(),
    then=events(),
    steps=st.tuples(STEPS, STEPS, STEPS),
    choice=st.integers(0, 1_000),
)
@FEW
def test_an_undo_holds_after_any_compaction(
    folder: Callable[[], Path], rows: list[Event], then: list[Event], steps, choice: int
) -> None:
    with Aging(folder()) as aging, Folding(folder()) as plain:
        _undone(aging, plain, rows, then, steps, choice)


def _undone(aging: Aging, plain: Folding, rows, then, steps, choice: int) -> None:
    aging.pool.deliver(rows)
    plain.deliver(rows)
    aging.age(steps[0])
    pool = aging.pool.app.pool
    keys = sorted(min(members) for members in plain.partition())
    merges = [(key, row["id"]) for key in keys for row in pool.merges(key)["merges"]]
    sides: dict[str, list[str]] = {"a": [], "b": []}
    if merges:
        sides = pool.separation(*merges[choice % len(merges)])
        for one in (aging.pool, plain):
            one.command("separate", {"id": "u1", **sides})
    aging.age(steps[1])
    for one in (aging.pool, plain):
        one.deliver(later(then))
    aging.age(steps[2])
    assert aging.pool.partition() == plain.partition()
    assert same_warmth(aging.pool.warmth(), plain.warmth())
    _on_the_right_side(aging.pool, [*rows, *later(then)], sides)
    if merges:
        for one in (aging.pool, plain):
            one.command("retract", {"command": "u1"})
        assert aging.pool.partition() == plain.partition()
        assert same_warmth(aging.pool.warmth(), plain.warmth())


def _on_the_right_side(pool: Folding, told: Sequence[Event], sides: dict[str, list[str]]) -> None:
    """Every event whose subject is a person stands with it, and with nobody of the other side."""
    known = {i for row in told for i in row.ids}
    of = {i: set(pool.events_of(i)) for i in known}
    for row in told:
        person = row.ids[0]
        if person.startswith("anonymous_id"):
            continue
        assert row.message_id in of[person]
        for here, there in (("a", "b"), ("b", "a")):
            if person in sides[here]:
                others = [i for i in sides[there] if not i.startswith("anonymous_id")]
                assert not any(row.message_id in of.get(i, ()) for i in others)


def test_a_merge_of_months_ago_is_undone(folder: Callable[[], Path]) -> None:
    """Two people joined by a typing error: each gets back what is theirs, heat included."""

    def bought(number: int, *ids: str) -> Event:
        return Event(
            f"m{number}", "track", "Order Completed", NOW + number, ids, number, amount=100.0
        )

    with Aging(folder()) as aging:
        _joined_and_parted(aging, bought)


def _joined_and_parted(aging: Aging, bought: Callable[..., Event]) -> None:
    aging.pool.deliver([bought(n, "user_id:an") for n in range(5)])
    aging.pool.deliver([bought(n, "card:bo") for n in range(5, 15)])
    apart = aging.pool.warmth()
    aging.pool.deliver([Event("tie", "alias", "", NOW + 20, ("user_id:an", "card:bo"), 20)])
    assert len(aging.pool.partition()) == 1
    aging.age(["compact", "close", "compact", "save", "crash"])
    (merge,) = aging.pool.app.pool.merges("card:bo")["merges"]
    sides = aging.pool.app.pool.separation("card:bo", merge["id"])
    aging.pool.command("separate", {"id": "u", **sides})
    assert same_warmth(aging.pool.warmth(), apart)
    aging.age(["compact", "crash"])
    aging.pool.deliver([bought(30, "card:bo"), bought(31, "user_id:an"), bought(32, "card:bo")])
    aging.age(["compact"])
    assert aging.pool.events_of("card:bo") == sorted(
        [f"m{n}" for n in range(5, 15)] + ["m30", "m32"]
    )
    assert aging.pool.events_of("user_id:an") == sorted(
        [f"m{n}" for n in range(5)] + ["m31", "tie"]
    )
    assert aging.pool.app.pipeline.replace_by_rebuild()
