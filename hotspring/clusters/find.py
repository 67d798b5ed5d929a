"""Finds the groups of alike profiles, and puts everybody into one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from hotspring.clusters import describe, parting, same
from hotspring.clusters.book import MOST, Clustering, Column, Fact, Found, Group, Moved
from hotspring.clusters.prepare import Floats, Input, Ints, coordinates, learn
from hotspring.errors import Conflict

LEAST_PROFILES: Final = 50
SAMPLE: Final = 20_000
"""Profiles that groups are learnt from; the others are put to the nearest centre."""
DESCRIBED: Final = 200_000
"""Profiles that a group is described by."""
MOST_CHOSEN: Final = 8
"""Groups at most where their number is chosen here: more are hard to tell apart in words."""
BLOCK: Final = 100_000


class Pool(NamedTuple):
    """The profiles that are parted, in an order that is the same in every rebuild."""

    inputs: Sequence[Input]
    degrees: Floats
    before: Ints | None = None
    """In which group of the last run each is held to be, -1 in none; None: by its centres."""


class Outcome(NamedTuple):
    """What was found, and who is where."""

    found: Found
    codes: Ints
    """int32: the place of everybody's group."""


def find(
    asked: Clustering,
    pool: Pool,
    now: int,
    call: Callable[[tuple[Fact, ...]], str],
    new_id: Callable[[], str],
    tell: parting.Tell,
) -> Outcome:
    """The groups of a pool. `call` names a new one by what sets it apart.

    Raises `Conflict` where too few are known, or nothing tells them apart.
    """
    total = len(pool.degrees)
    if total < LEAST_PROFILES:
        raise Conflict(f"{total} known profiles are too few to part; {LEAST_PROFILES} are needed")
    rows = _drawn(total, SAMPLE)
    sample = [one.at(rows) for one in pool.inputs]
    columns, read = learn(sample)
    if not columns:
        raise Conflict("nothing tells the profiles apart: too few have these traits, or all alike")
    points = coordinates(sample, columns)
    last = asked.found
    counts = _counts(asked, len(np.unique(points, axis=0)))
    before = _earlier(last, columns) if last else None
    best, tried = parting.part(points, counts, before, lambda share: tell(0.6 * share))
    if best is None:
        raise Conflict("there are not as many different profiles as groups; choose fewer groups")
    tell(0.6)
    blocks = np.array([one.input for one in columns])
    shuffled = parting.shuffled(points, blocks, len(best.centres))
    tell(0.7)
    codes = _assigned(pool.inputs, columns, best.centres, lambda share: tell(0.7 + 0.2 * share))
    made = Found(
        now, total, len(rows), round(best.silhouette, 4), round(shuffled, 4), tried, columns, read,
        (),
    )  # fmt: skip
    groups = _described(pool, columns, best.centres, codes, call, new_id)
    tell(0.95)
    if last is None:
        return _by_size(msgspec.structs.replace(made, groups=groups), codes)
    return _carried(asked, last, pool, msgspec.structs.replace(made, groups=groups), codes)


def places(found: Found, inputs: Sequence[Input]) -> Ints:
    """int32: the place of the group whose centre each profile is nearest to."""
    centres = np.array([one.centre for one in found.groups])
    return _assigned(inputs, found.columns, centres, lambda _: None)


def _counts(asked: Clustering, distinct: int) -> list[int]:
    if asked.count:
        return [asked.count]
    if asked.found:
        return [len(asked.found.groups)]
    return list(range(2, min(MOST_CHOSEN, distinct, MOST) + 1)) or [2]


def _drawn(total: int, most: int) -> np.ndarray:
    """At most so many places, the same ones each time."""
    if total <= most:
        return np.arange(total)
    return np.sort(np.random.default_rng(parting.SEED).choice(total, most, replace=False))


def _earlier(last: Found, columns: Sequence[Column]) -> Floats | None:
    """The centres of the last run as points of this one; none where other columns are read."""
    place = {(one.input, one.word): at for at, one in enumerate(last.columns)}
    out = np.empty((len(last.groups), len(columns)))
    for at, column in enumerate(columns):
        old = place.get((column.input, column.word))
        if old is None or last.columns[old].log != column.log:
            return None
        then = last.columns[old]
        away = np.array([one.centre[old] for one in last.groups]) * then.scale + then.middle
        out[:, at] = (away - column.middle) / column.scale
    return out


def _assigned(
    inputs: Sequence[Input], columns: Sequence[Column], centres: Floats, tell: parting.Tell
) -> Ints:
    total = len(_held(inputs[0]))
    codes = np.empty(total, np.int32)
    for start in range(0, total, BLOCK):
        part = slice(start, start + BLOCK)
        points = coordinates([one.at(part) for one in inputs], columns)
        codes[part] = parting.nearest(points, centres)
        tell(min(start + BLOCK, total) / total)
    return codes


def _held(given: Input) -> Floats | Ints:
    held = given.values if given.values is not None else given.codes
    assert held is not None
    return held


def _described(
    pool: Pool, columns: Sequence[Column], centres: Floats, codes: Ints,
    call: Callable[[tuple[Fact, ...]], str], new_id: Callable[[], str],
) -> tuple[Group, ...]:  # fmt: skip
    rows = _drawn(len(codes), DESCRIBED)
    inputs = [one.at(rows) for one in pool.inputs]
    points, mine = coordinates(inputs, columns), codes[rows]
    sizes = np.bincount(codes, minlength=len(centres))
    groups = list[Group]()
    for at, centre in enumerate(centres):
        told = describe.facts(inputs, columns, points, mine, at)
        warm = pool.degrees[codes == at]
        groups.append(
            Group(
                new_id(), call(told), at, int(sizes[at]),
                round(float(warm.mean()), 2) if len(warm) else None,
                tuple(round(float(one), 6) for one in centre), told,
            )
        )  # fmt: skip
    return tuple(groups)


def _by_size(found: Found, codes: Ints) -> Outcome:
    """The greatest group first, each with a colour and a name of its own."""
    order = sorted(range(len(found.groups)), key=lambda at: (-found.groups[at].size, at))
    names = list[str]()
    groups = list[Group]()
    for colour, at in enumerate(order):
        names.append(_own(found.groups[at].name, names))
        groups.append(msgspec.structs.replace(found.groups[at], colour=colour, name=names[-1]))
    return _placed(found, codes, order, groups)


def _carried(asked: Clustering, last: Found, pool: Pool, found: Found, codes: Ints) -> Outcome:
    """The same with ids, names and colours of the last run where a group is the same."""
    before = pool.before
    if before is None:
        before = places(last, pool.inputs)
    old = same.matched(before, codes, (len(last.groups), len(found.groups)))
    size = len(last.groups)
    order = sorted(
        range(len(found.groups)), key=lambda at: (old.get(at, size), -found.groups[at].size, at)
    )
    kept = {one.colour for one in last.groups}
    free = iter(sorted(set(range(size + len(found.groups))) - kept))
    names = [last.groups[one].name for one in old.values()]
    groups = list[Group]()
    for at in order:
        if at in old:
            was = last.groups[old[at]]
            more = {"id": was.id, "name": was.name, "colour": was.colour}
        else:
            names.append(_own(found.groups[at].name, names))
            more = {"name": names[-1], "colour": next(free)}
        groups.append(msgspec.structs.replace(found.groups[at], **more))
    there = before >= 0
    where = np.array([old.get(at, -1) for at in range(len(found.groups))], np.int32)
    moved = Moved(
        int(there.sum()), int((where[codes[there]] != before[there]).sum()),
        tuple(one.name for at, one in enumerate(last.groups) if at not in old.values()),
    )  # fmt: skip
    return _placed(msgspec.structs.replace(found, moved=moved), codes, order, groups)


def _placed(found: Found, codes: Ints, order: list[int], groups: list[Group]) -> Outcome:
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Outcome(msgspec.structs.replace(found, groups=tuple(groups)), place[codes])


def _own(name: str, taken: Sequence[str]) -> str:
    """A name that no other group has."""
    if name not in taken:
        return name
    return next(made for n in range(2, 999) if (made := f"{name} {n}") not in taken)
