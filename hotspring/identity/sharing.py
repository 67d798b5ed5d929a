"""Whose is a shared device when? Time lines from the store, or longer by what just came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.identity.columns import BESIDE, LATEST
from hotspring.identity.live import Live
from hotspring.identity.partition import timeline
from hotspring.identity.scene import BEFORE_ALL, Device
from hotspring.identity.spans import Shared

ALWAYS: Final = BEFORE_ALL[0]

History = Callable[[np.ndarray, np.ndarray], pa.Table]
"""All recorded events of these device identifiers, int32: those with `client_id` among the first,
and those of type `bind` with any of the second among their `ids`. A row may come twice.

Columns `ms`, `key`, `type`, `client_id`, `ids` of the event table."""

Line = list[tuple[int, int]]
"""By time from which on, a slot."""


class SignIn(NamedTuple):
    """An event of a shared device with a person on it."""

    device: int
    ms: int
    key: int
    person: int


class Changes(msgspec.Struct):
    """What a recomputation did to profiles that existed before."""

    before: int
    """Slots from this number on are of this very batch and have no past."""
    merged: list[tuple[int, int]] = msgspec.field(default_factory=list)
    moved: set[int] = msgspec.field(default_factory=set)
    regrouped: set[int] = msgspec.field(default_factory=set)
    """Slots that gained or lost an identifier, whether or not it has events."""
    read: set[int] = msgspec.field(default_factory=set)
    """Devices whose time line was made from the store, this batch included."""


def read(
    live: Live, devices: Sequence[Device], history: History, person: Mapping[int, int]
) -> list[Shared]:
    """The time lines of devices from what the store knows; `person` tells who is one."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    last: dict[int, int] = {}
    if devices:
        members = np.array([i for d in devices for i in d.members], np.int32)
        rows = history(members, members[live.ids.mark[members] & BESIDE > 0])
        columns = (rows.column(n).to_pylist() for n in ("ms", "key", "type", "client_id", "ids"))
        for ms, key, kind, client, ids in zip(*columns, strict=True):
            strength = live.kinds.strong[live.ids.kind[ids]].tolist()
            if True in strength and kind != "unbind":
                entry = (ms, key, ids[strength.index(True)])
                weak = [i for i, strong in zip(ids, strength, strict=True) if not strong]
                for i in weak if kind == "bind" else [client]:
                    found.setdefault(i, []).append(entry)
            if ids[0] == client:
                last[client] = max(last.get(client, -LATEST), ms)
    return [
        _shared(live, d, [s for i in d.members for s in found.get(i, ())], last, person)
        for d in devices
    ]


def _shared(
    live: Live,
    device: Device,
    sign_ins: Iterable[tuple[int, int, int]],
    last: Mapping[int, int],
    person: Mapping[int, int],
) -> Shared:
    people = {door: person[door] for _, door in device.doors}
    counting = [entry for entry in sign_ins if entry[2] in people]
    vouched = [(ALWAYS, int(live.ids.print[door]), door) for door in device.vouched]
    times, holders = timeline(counting + vouched, people)
    end = max(((ms, key) for ms, key, _ in counting), default=BEFORE_ALL)
    last_ms = max((last.get(i, -LATEST) for i in device.members), default=-LATEST)
    doors, members = sorted(people), sorted(device.members)
    return Shared(members, doors, sorted(device.vouched), times, holders, end, last_ms)


def still(live: Live, span: int, device: Device, person: Mapping[int, int]) -> Shared | None:
    """The time line a device has, where it holds on: the same parts and nobody came apart.

    `person` is the new partition, the slots of `live` are still those of the old one.
    """
    old = live.spans.devices[span]
    same = old.members == sorted(device.members) and old.vouched == sorted(device.vouched)
    if not same or old.doors != sorted({door for _, door in device.doors}):
        return None
    into: dict[int, int] = {}
    for door in old.doors:
        if into.setdefault(int(live.ids.slot[door]), person[door]) != person[door]:
            return None
    times, holders = old.times[:1], old.holders[:1]
    for ms, holder in zip(old.times[1:], old.holders[1:], strict=True):
        if person[holder] != person[holders[-1]]:
            times.append(ms)
            holders.append(holder)
    return msgspec.structs.replace(old, times=times, holders=holders)


def follow(live: Live, sign_ins: Iterable[SignIn], history: History, changes: Changes) -> None:
    """Take in sign-ins of shared devices whose doors were known before."""
    slot, spans = live.ids.slot, live.spans
    late: set[int] = set()
    for entry in sorted(sign_ins, key=lambda s: (s.ms, s.key)):
        span = int(live.ids.span[entry.device])
        if span < 0 or span in changes.read or span in late:
            continue
        device = spans.devices[span]
        if entry.person not in device.doors:
            continue
        stamp, mine = (entry.ms, entry.key), slot[entry.person]
        if stamp < device.end or entry.ms == device.times[-1]:
            # Where the person held the device anyway, one sign-in more changes nothing.
            if slot[_holder(device, entry.ms)] != mine:
                late.add(span)
            device.end = max(device.end, stamp)
            continue
        device.end = stamp
        before = slot[device.holders[-1]]
        if before != mine:
            spans.append(span, entry.ms, entry.person)
            if entry.ms <= device.last_ms:
                changes.moved.update((int(before), int(mine)))
    _retime(live, sorted(late), history, changes)


def _holder(device: Shared, ms: int) -> int:
    at = max(place for place, time in enumerate(device.times) if time <= ms)
    return device.holders[at]


def _retime(live: Live, late: list[int], history: History, changes: Changes) -> None:
    """Make time lines anew from the store: a sign-in came late between others."""
    slot = live.ids.slot
    old = [live.spans.devices[span] for span in late]
    devices = [
        Device(d.members, [(d.members[0], door) for door in d.doors], [], d.vouched) for d in old
    ]
    person = {door: int(slot[door]) for d in old for door in d.doors}
    for span, was, now in zip(late, old, read(live, devices, history, person), strict=True):
        now.last_ms = was.last_ms
        live.spans.put(span, now)
        changes.moved |= differing(line(was, person), line(now, person), was.last_ms)


def line(device: Shared, slot: Mapping[int, int]) -> Line:
    """The time line by slots."""
    return [(ms, int(slot[door])) for ms, door in zip(device.times, device.holders, strict=True)]


def differing(old: Line, new: Line, last_ms: int) -> set[int]:
    """The slots between which moments up to `last_ms` changed hands."""
    if old == new:
        return set()
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    first = min(part[same][0] for part in (old, new) if same < len(part))
    if first > last_ms:
        return set()
    return {slot for part in (old, new) for _, slot in part[max(same - 1, 0) :]}
