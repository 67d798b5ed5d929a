"""Recompute whole components by the law and bring the live state in line, saying what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from hotspring.identity import columns
from hotspring.identity.columns import CROWDED, INVOLVED, LEAF, OWN, WATCHED
from hotspring.identity.live import Component, Live
from hotspring.identity.partition import partition
from hotspring.identity.scene import Device, Partition
from hotspring.identity.sharing import (
    ALWAYS,
    Changes,
    History,
    Line,
    differing,
    line,
    read,
    still,
)
from hotspring.identity.spans import Shared


class Standing(msgspec.Struct):
    """Where the identifiers of a component stood before it was recomputed."""

    slot: dict[int, int]
    span: dict[int, int]
    own: set[int]


def settle(live: Live, seeds: Sequence[int] | np.ndarray, history: History, before: int) -> Changes:
    """Recompute every component that holds one of these identifiers."""
    changes = Changes(before)
    settled = [(part, partition(live.scene(part), live.kinds)) for part in live.components(seeds)]
    shared = [
        (device, result.person)
        for _, result in settled
        for device in result.devices
        if len(device.people) > 1
    ]
    lines = _lines(live, shared, history)
    for part, result in settled:
        _apply(live, part, result, lines, changes)
    return changes


class Lines(NamedTuple):
    """Time lines of shared devices by their smallest identifier."""

    by_member: dict[int, Shared]
    read: set[int]
    """Those that were made from the store."""


def _lines(live: Live, shared: list[tuple[Device, dict[int, int]]], history: History) -> Lines:
    found: dict[int, Shared] = {}
    unknown: list[Device] = []
    person: dict[int, int] = {}
    for device, people in shared:
        spans = {int(live.ids.span[i]) for i in device.members}
        span = spans.pop()
        kept = still(live, span, device, people) if span >= 0 and not spans else None
        if kept is None:
            unknown.append(device)
            person.update(people)
        else:
            found[min(device.members)] = kept
    made = {new.members[0]: new for new in read(live, unknown, history, person)}
    return Lines(found | made, set(made))


def _apply(live: Live, part: Component, result: Partition, lines: Lines, changes: Changes) -> None:
    nodes = np.array(part.nodes, np.int64)
    # Rulings may name what no event ever did: that has no profile.
    nodes = nodes[live.ids.slot[nodes] >= 0]
    part = Component(nodes.tolist(), part.ties)
    rows = [column[nodes].tolist() for column in (live.ids.slot, live.ids.span, live.ids.mark)]
    old = Standing(
        dict(zip(part.nodes, rows[0], strict=True)),
        {i: span for i, span in zip(part.nodes, rows[1], strict=True) if span >= 0},
        {i for i, mark in zip(part.nodes, rows[2], strict=True) if mark & OWN},
    )
    groups, shared = _groups(set(part.nodes), result)
    slots = _slots_for(live, groups, old, changes)
    _write(live, groups, slots, result.plain, nodes)
    was, now = np.array(rows[0], np.int32), live.ids.slot[nodes]
    changes.regrouped.update(was[was != now].tolist(), now[was != now].tolist())
    _mark(live, part, result)
    _share(live, [lines.by_member[min(d.members)] for d in shared], old, lines.read, changes)


def _groups(nodes: set[int], result: Partition) -> tuple[list[list[int]], list[Device]]:
    """The identifiers of each new profile at all times, and the shared devices."""
    people: dict[int, list[int]] = {}
    for i, person in result.person.items():
        if i in nodes:
            people.setdefault(person, []).append(i)
    groups = list(people.values())
    shared = []
    for device in result.devices:
        members = [i for i in device.members if i in nodes]
        if len(device.people) > 1:
            shared.append(device)
        elif device.people:
            people[device.people[0]].extend(members)
        elif members:
            groups.append(members)
    return groups, shared


def _slots_for(live: Live, groups: list[list[int]], old: Standing, changes: Changes) -> list[int]:
    """Choose a slot for every group; note which slots merged and which changed otherwise.

    A slot whose events all go to one group is that group's; of several the largest stays and the
    others merge into it. A slot whose events part is rebuilt wherever they go.
    """
    past = {i: s for i, s in old.slot.items() if i not in old.span and 0 <= s < changes.before}
    goes: dict[int, Counter[int]] = {}
    heavy: dict[int, set[int]] = {}
    for place, group in enumerate(groups):
        for i in group:
            if i in past:
                goes.setdefault(past[i], Counter())[place] += 1
                if i in old.own:
                    heavy.setdefault(past[i], set()).add(place)
    chosen: dict[int, int] = {}
    parted: set[int] = set()
    whole: dict[int, list[int]] = {}
    for slot, places in goes.items():
        homes = heavy.get(slot, set())
        if len(homes) > 1:
            parted.add(slot)
        else:
            home = next(iter(homes)) if homes else places.most_common(1)[0][0]
            whole.setdefault(home, []).append(slot)
    for place, slots in whole.items():
        slots.sort(key=lambda s: -int(live.slots.size[s]))
        chosen[place] = slots[0]
        changes.merged += [(slot, slots[0]) for slot in slots[1:]]
    for slot in sorted(parted):
        changes.moved.add(slot)
        for place, _ in goes[slot].most_common():
            if place not in chosen:
                chosen[place] = slot
                break
        for place in heavy[slot]:
            changes.moved.add(_slot_of(live, chosen, place, groups[place], changes))
    return [_slot_of(live, chosen, place, group, changes) for place, group in enumerate(groups)]


def _slot_of(
    live: Live, chosen: dict[int, int], place: int, group: list[int], changes: Changes
) -> int:
    if place not in chosen:
        fresh = {int(live.ids.slot[i]) for i in group} - set(chosen.values())
        free = [slot for slot in fresh if slot >= changes.before]
        chosen[place] = free[0] if free else live.new_slot()
    return chosen[place]


def _write(
    live: Live, groups: list[list[int]], slots: list[int], plain: bool, nodes: np.ndarray
) -> None:
    """Write the groups into the columns; slots that hold nothing any more are dead."""
    ids, table = live.ids, live.slots
    stale = np.unique(ids.slot[nodes])
    stale = stale[stale >= 0]
    for column, fill in zip(table[:6], columns.SLOTS[:6], strict=True):
        column[stale] = fill[0]
    for slot, group in zip(slots, groups, strict=True):
        members = np.array(group, np.int32)
        kind = ids.kind[members]
        ids.slot[members] = slot
        ids.next[members[:-1]] = members[1:]
        ids.next[members[-1]] = -1
        table.head[slot], table.tail[slot] = members[0], members[-1]
        table.size[slot] = len(members)
        table.strong[slot] = live.kinds.strong[kind].sum()
        users = members[live.kinds.user[kind]]
        table.user[slot] = users[0] if len(users) else -1
        table.mark[slot] = 0 if plain else INVOLVED


def _mark(live: Live, part: Component, result: Partition) -> None:
    mark = live.ids.mark
    nodes = np.array(part.nodes, np.int64)
    mark[nodes] &= np.uint16(0xFFFF - LEAF - CROWDED)
    crowded = result.crowded.intersection(part.nodes)
    for bit, marked in ((CROWDED, crowded), (LEAF, result.leaves if result.plain else set())):
        if marked:
            mark[np.array(sorted(marked), np.int64)] |= np.uint16(bit)


def _share(
    live: Live, shared: list[Shared], old: Standing, made: set[int], changes: Changes
) -> None:
    """Give shared devices their time lines, and note whose events a time line moved."""
    slot, span_of, mark = live.ids.slot, live.ids.span, live.ids.mark
    was = {span: live.spans.devices[span] for span in old.span.values()}
    held = {i for device in shared for i in device.members}
    for i in old.span.keys() - held:
        span_of[i] = -1
        mark[i] &= np.uint16(0xFFFF - WATCHED)
        now = [(ALWAYS, int(slot[i]))]
        _move(old, i, _line(old, was, i), now, was[old.span[i]].last_ms, changes)
    free = set(was)
    for device in shared:
        span = next((old.span[i] for i in device.members if old.span.get(i) in free), -1)
        free.discard(span)
        span = live.spans.put(span, device)
        if device.members[0] in made:
            changes.read.add(span)
        now = [(t, int(slot[h])) for t, h in zip(device.times, device.holders, strict=True)]
        for i in device.members:
            span_of[i] = span
            slot[i] = now[0][1]
            mark[i] |= np.uint16(WATCHED)
            _move(old, i, _line(old, was, i), now, device.last_ms, changes)
    for span in free:
        live.spans.drop(span)


def _line(old: Standing, shared: dict[int, Shared], i: int) -> Line:
    """By time from which on, the slot an identifier's events were counted in."""
    return line(shared[old.span[i]], old.slot) if i in old.span else [(ALWAYS, old.slot[i])]


def _move(
    old: Standing,
    i: int,
    was: Line,
    now: Line,
    last_ms: int,
    changes: Changes,
) -> None:
    """Note the slots between which a device's own events changed hands, merging apart."""
    if i in old.own and (i in old.span or 0 <= old.slot[i] < changes.before):
        into = dict(changes.merged)
        was = [(time, _end(into, slot)) for time, slot in was]
        changes.moved |= differing(was, now, last_ms)


def _end(into: dict[int, int], slot: int) -> int:
    while slot in into:
        slot = into[slot]
    return slot
