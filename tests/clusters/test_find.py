"""Finding groups: the laws of it, and what it makes of data whose groups are known."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.clusters import Clustering, Input, Pool, find, places, words
from hotspring.clusters.find import Outcome
from hotspring.clusters.parting import silhouette
from hotspring.errors import BadRequest, Conflict

OF = ({"trait": {"name": "spent"}}, {"trait": {"name": "days"}}, {"trait": {"name": "city"}})
ASKED = Clustering("cl_1", "Groups", traits=OF)
LABELS = ["spent", "days", "city"]


def shops(n: int, seed: int = 1) -> tuple[list[Input], np.ndarray]:
    """Three kinds of people that differ in all three traits, and who is of which kind."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, 3, n)
    spent = np.exp(random.normal(np.array([1.0, 4.0, 8.0])[kind], 0.4))
    days = random.normal(np.array([10.0, 200.0, 60.0])[kind], 6.0)
    cities = np.where(random.random(n) < 0.98, kind, random.integers(0, 3, n)).astype(np.int32)
    return [Input(spent), Input(days), Input(None, cities, ("A", "B", "C"))], kind


def found(asked: Clustering, inputs: list[Input], before: np.ndarray | None = None) -> Outcome:
    numbers = itertools.count()
    held = inputs[0].values if inputs[0].values is not None else inputs[0].codes
    assert held is not None
    return find(
        asked, Pool(inputs, np.zeros(len(held)), before), 5,
        lambda facts: words.name(facts, OF, LABELS, "en"),
        lambda: f"g{len(asked.found.groups) if asked.found else 0}-{next(numbers)}",
        lambda share: None,
    )  # fmt: skip


def test_groups_that_are_there_are_found_and_said() -> None:
    inputs, kind = shops(3_000)
    outcome = found(ASKED, inputs)
    assert len(outcome.found.groups) == 3
    assert outcome.found.clear in ("fair", "strong")
    for at in range(3):
        _, counts = np.unique(kind[outcome.codes == at], return_counts=True)
        assert counts.max() > 0.95 * counts.sum()
    rich = next(one for one in outcome.found.groups if one.facts[0].effect > 0 and any(
        fact.input == 0 and fact.members > 1000 for fact in one.facts))  # fmt: skip
    (fact,) = [one for one in rich.facts if one.input == 0]
    mine = outcome.codes == outcome.found.groups.index(rich)
    spent = inputs[0].values
    assert spent is not None
    assert fact.members == pytest.approx(spent[mine].mean())
    assert fact.rest == pytest.approx(spent[~mine].mean())
    assert "times that of the others" in words.said(fact, OF[0], "spent", "en")
    assert "倍" in words.said(fact, OF[0], "消费", "zh")
    assert outcome.found.read[0].log
    assert not outcome.found.read[1].log


@settings(max_examples=5)
@given(st.integers(0, 2**31), st.integers(60, 300))
def test_everybody_is_in_one_group_and_the_same_data_gives_the_same(seed: int, n: int) -> None:
    inputs, _ = shops(n, seed)
    one, two = found(ASKED, inputs), found(ASKED, inputs)
    assert one.found == two.found
    assert one.codes.tolist() == two.codes.tolist()
    sizes = np.bincount(one.codes, minlength=len(one.found.groups))
    assert [group.size for group in one.found.groups] == sizes.tolist()
    assert sizes.sum() == n
    assert min(sizes) > 0
    assert places(one.found, inputs).tolist() == one.codes.tolist()
    assert len({group.name for group in one.found.groups}) == len(one.found.groups)


@settings(max_examples=4)
@given(st.integers(0, 2**31))
def test_a_refresh_of_the_same_data_moves_nobody(seed: int) -> None:
    inputs, _ = shops(200, seed)
    first = found(ASKED, inputs)
    again = found(msgspec.structs.replace(ASKED, found=first.found), inputs)
    assert again.codes.tolist() == first.codes.tolist()
    assert again.found.moved is not None
    assert (again.found.moved.compared, again.found.moved.profiles) == (200, 0)
    keys = [[(one.id, one.name, one.colour) for one in run.found.groups] for run in (first, again)]
    assert keys[0] == keys[1]


def joined(one: Input, other: Input) -> Input:
    """All but the first fifty of the one, and five hundred of the other."""
    if one.values is not None and other.values is not None:
        return Input(np.r_[one.values[50:], other.values[:500]])
    assert one.codes is not None
    assert other.codes is not None
    return Input(None, np.r_[one.codes[50:], other.codes[:500]], one.words)


def test_groups_keep_ids_and_names_while_people_come_and_move() -> None:
    inputs, _ = shops(2_000)
    first = found(ASKED, inputs)
    more, _ = shops(2_400, seed=2)
    merged = [joined(a, b) for a, b in zip(inputs, more, strict=True)]
    before = np.r_[first.codes[50:], np.full(500, -1)].astype(np.int32)
    before[:30] = (before[:30] + 1) % 3
    again = found(msgspec.structs.replace(ASKED, found=first.found), merged, before)
    assert [one.id for one in again.found.groups] == [one.id for one in first.found.groups]
    assert again.found.moved is not None
    assert again.found.moved.compared == 1_950
    assert 25 <= again.found.moved.profiles <= 40


def test_what_has_no_groups_is_told_so() -> None:
    random = np.random.default_rng(3)
    even = [Input(random.random(1_500)) for _ in range(3)]
    assert found(ASKED, even).found.clear == "none"
    assert found(ASKED, even[:1]).found.clear == "none"
    two = [Input(np.r_[random.normal(0, 1, 300), random.normal(30, 1, 300)])]
    assert found(ASKED, two).found.clear == "strong"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([Input(np.arange(10.0))], "10 known profiles are too few to part; 50 are needed"),
        ([Input(np.full(60, 3.0))], "nothing tells the profiles apart"),
        ([Input(np.full(60, np.nan))], "nothing tells the profiles apart"),
        ([Input(None, np.zeros(60, np.int32), ("a",))], "nothing tells the profiles apart"),
    ],
)
def test_unfit_data_is_refused(inputs: list[Input], message: str) -> None:
    with pytest.raises(Conflict, match=message):
        found(ASKED, inputs)
    unfit = [*shops(60)[0], Input(np.full(60, 3.0))]
    assert found(ASKED, unfit).found.read[3].unused == "same"


def test_more_groups_than_kinds_of_people_are_refused() -> None:
    two = [Input(np.repeat([0.0, 1.0], 40))]
    assert len(found(ASKED, two).found.groups) == 2
    with pytest.raises(Conflict, match="choose fewer groups"):
        found(msgspec.structs.replace(ASKED, count=3), two)


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.integers(4, 40))
def test_the_silhouette_is_that_of_its_definition(seed: int, n: int) -> None:
    random = np.random.default_rng(seed)
    points, codes = random.normal(size=(n, 2)), random.integers(0, 3, n).astype(np.int32)
    codes[:2] = 0, 1
    widths = []
    for at in range(n):
        away = np.sqrt(((points - points[at]) ** 2).sum(axis=1))
        mine = codes == codes[at]
        if mine.sum() == 1:
            widths.append(0.0)
            continue
        inner = away[mine].sum() / (mine.sum() - 1)
        outer = min(away[codes == one].mean() for one in set(codes.tolist()) - {codes[at]})
        widths.append((outer - inner) / max(inner, outer))
    assert silhouette(points, codes) == pytest.approx(np.mean(widths))


@pytest.mark.parametrize(
    "said",
    [
        {"traits": []},
        {"traits": [{"temperature": {}}] * 2},
        {"traits": [{"strange": {}}]},
        {"traits": [{"rfm": {"figure": "age"}}]},
        {"traits": [{"trait": {}}]},
        {"traits": [{"temperature": {}}], "count": 1},
        {"traits": [{"tag": {"id": "tg_1"}}], "tag": "tg_1"},
    ],
)
def test_what_cannot_be_asked_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        Clustering.of({"name": "x", **said}, "cl_1").checked()
