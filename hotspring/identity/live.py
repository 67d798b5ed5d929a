"""The live state of identity: its columns, how they grow, and how a component is gathered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numba
import numpy as np

from hotspring.identity import columns, names
from hotspring.identity.columns import CROWDED, FOREIGN, Ids, Slots, Ties
from hotspring.identity.rulings import Rulings
from hotspring.identity.scene import Pair, Scene
from hotspring.identity.spans import Spans
from hotspring.identity.stream import IDS_USED, SLOTS_USED, TIES_USED
from hotspring.settings import Settings

BOUNDARY = CROWDED | FOREIGN


class Component(NamedTuple):
    """Identifiers that evidence, rulings or a common slot tie together."""

    nodes: list[int]
    ties: list[int]


class Live:
    """Everything identity remembers of a pool."""

    def __init__(self, settings: Settings) -> None:
        self.kinds = columns.kinds(settings)
        self.kind_of = {kind.name: place for place, kind in enumerate(settings.identifier_kinds)}
        self.ids: Ids = columns.fresh(columns.IDS)
        self.slots: Slots = columns.fresh(columns.SLOTS)
        self.ties: Ties = columns.fresh(columns.TIES)
        self.by_print = names.hashed(0)
        self.by_pair = names.hashed(0)
        self.counts = np.zeros(6, np.int64)
        self.rulings = Rulings()
        self.spans = Spans()
        self._epoch = 0

    def room(self, ids: int = 0, slots: int = 0, ties: int = 0) -> None:
        """Make place for that many more."""
        used = self.counts
        self.by_print = names.with_room(self.by_print, int(used[IDS_USED]), ids)
        self.by_pair = names.with_room(self.by_pair, int(used[TIES_USED]), ties)
        self.ids = columns.room(self.ids, columns.IDS, int(used[IDS_USED]) + ids)
        self.slots = columns.room(self.slots, columns.SLOTS, int(used[SLOTS_USED]) + slots)
        self.ties = columns.room(self.ties, columns.TIES, int(used[TIES_USED]) + ties)

    def index(self) -> None:
        """Build the two hash tables from the columns."""
        known = int(self.counts[IDS_USED])
        tied = int(self.counts[TIES_USED])
        self.by_print, self.by_pair = names.hashed(known), names.hashed(tied)
        names.enter(self.ids.print[:known], self.by_print)
        names.enter(pair_keys(self.ties, tied), self.by_pair)

    def new_slot(self) -> int:
        """An empty slot."""
        self.room(slots=1)
        self.counts[SLOTS_USED] += 1
        return int(self.counts[SLOTS_USED]) - 1

    def members(self, slot: int) -> np.ndarray:
        """int32, the identifiers that belong to a slot at all times."""
        return np.asarray(_members(slot, self.ids, self.slots))

    def components(self, seeds: Sequence[int] | np.ndarray) -> list[Component]:
        """Which components hold these identifiers?"""
        self._epoch += 1
        found = self._gathered(np.asarray(seeds, np.int32))
        todo = list(found)
        while todo:
            ends = [i for part in todo for pair in self._bridges(part) for i in pair]
            todo = self._gathered(np.array(ends, np.int32)) if ends else []
            found += todo
        return self._bridged(found)

    def _bridges(self, part: Component) -> list[tuple[int, int]]:
        """What holds identifiers together beside evidence and slots: joins and time lines."""
        _, joins = self.rulings.about(part.nodes)
        found = list(joins.values())
        if self.spans.devices:
            for i, span in zip(part.nodes, self.ids.span[part.nodes].tolist(), strict=True):
                if span >= 0:
                    device = self.spans.devices[span]
                    found += [(i, other) for other in (*device.members, *device.doors)]
        return found

    def _gathered(self, seeds: np.ndarray) -> list[Component]:
        nodes, node_ends, ties, tie_ends = _gather(
            seeds, self._epoch, self.ids, self.slots, self.ties, self.counts
        )
        flat_nodes, flat_ties = nodes.tolist(), ties.tolist()
        parts: list[Component] = []
        at, tied = 0, 0
        for end, tie_end in zip(node_ends.tolist(), tie_ends.tolist(), strict=True):
            parts.append(Component(flat_nodes[at:end], flat_ties[tied:tie_end]))
            at, tied = end, tie_end
        return parts

    def _bridged(self, parts: list[Component]) -> list[Component]:
        """The same components, those that bridges join made one."""
        bridges = [pair for part in parts for pair in self._bridges(part)]
        if not bridges:
            return parts
        part_of = {i: part for part in parts for i in part.nodes}
        for a, b in bridges:
            left, right = part_of[a], part_of[b]
            if left is not right:
                left.nodes.extend(right.nodes)
                left.ties.extend(right.ties)
                part_of.update(dict.fromkeys(right.nodes, left))
        return list({id(part): part for part in part_of.values()}.values())

    def scene(self, part: Component) -> Scene:
        """All that is known about a component, as the law reads it."""
        ties = self.ties
        rows = np.array(part.ties, np.int64)
        values = (column[rows].tolist() for column in ties[:8])
        pairs: dict[tuple[int, int], Pair] = {}
        for a, b, kind, first_ms, first_key, last_ms, last_key, _ in zip(*values, strict=True):
            pair = pairs.get((a, b)) or pairs.get((b, a))
            if pair is None:
                pair = pairs[a, b] = Pair(a, b, [None, None, None, None])
            pair.words[kind] = ((first_ms, first_key), (last_ms, last_key))
        everyone = list(dict.fromkeys([*part.nodes, *(i for ends in pairs for i in ends)]))
        place = np.array(everyone, np.int64)
        marks = self.ids.mark[place].tolist()
        separations, joins = self.rulings.about(part.nodes)
        # What no event ever named cannot be joined yet.
        joins = {name: ends for name, ends in joins.items() if min(self.ids.slot[[*ends]]) >= 0}
        parted = self._unbound(everyone, marks, pairs)
        return Scene(
            kind=dict(zip(everyone, self.ids.kind[place].tolist(), strict=True)),
            print=dict(zip(everyone, self.ids.print[place].tolist(), strict=True)),
            own={i for i, mark in zip(everyone, marks, strict=True) if mark & columns.SPOKE},
            crowded={i for i, mark in zip(everyone, marks, strict=True) if mark & BOUNDARY},
            pairs=list(pairs.values()),
            separations=separations,
            joins=joins,
            parted=parted,
        )

    def _unbound(
        self, everyone: list[int], marks: list[int], pairs: dict[tuple[int, int], Pair]
    ) -> bool:
        """Tell the pairs when an unbind named one of their ends alone; says whether any did."""
        ids = self.ids
        parted = [i for i, mark in zip(everyone, marks, strict=True) if mark & columns.PARTED]
        when = {i: (int(ids.unbound_ms[i]), int(ids.disowned_ms[i])) for i in parted}
        for (a, b), pair in pairs.items() if when else ():
            for trusted, public in (when[i] for i in (a, b) if i in when):
                pair.unbound = max(pair.unbound[0], trusted), max(pair.unbound[1], public)
        return bool(when)


def pair_keys(ties: Ties, count: int) -> np.ndarray:
    """uint64: under which key does each tie stand in its table?"""
    low = np.minimum(ties.a[:count], ties.b[:count]).astype(np.uint64)
    high = np.maximum(ties.a[:count], ties.b[:count]).astype(np.uint64)
    word = ties.kind[:count].astype(np.uint64)
    bits = ((word & np.uint64(1)) << np.uint64(31)) | ((word >> np.uint64(1)) << np.uint64(63))
    return np.asarray((low << np.uint64(32)) | high | bits)


@numba.njit(cache=True, nogil=True)
def _members(slot: Any, ids: Any, slots: Any) -> Any:
    out = np.empty(slots.size[slot], np.int32)
    i = slots.head[slot]
    for at in range(len(out)):
        out[at] = i
        i = ids.next[i]
    return out


@numba.njit(cache=True, nogil=True)
def _slot_mates(node: Any, epoch: Any, ids: Any, slots: Any, nodes: Any, end: Any) -> Any:
    """Note the members of a node's slot that were not met yet; gives the new end of `nodes`."""
    slot = ids.slot[node]
    if slot < 0 or slots.visit[slot] == epoch:
        return end
    slots.visit[slot] = epoch
    member = slots.head[slot]
    while member >= 0:
        if ids.visit[member] != epoch:
            ids.visit[member] = epoch
            nodes[end] = member
            end += 1
        member = ids.next[member]
    return end


@numba.njit(cache=True, nogil=True)
def _gather(seeds: Any, epoch: Any, ids: Any, slots: Any, ties: Any, counts: Any) -> Any:
    """Breadth first from each seed, over ties and common slots, not through what is crowded."""
    nodes = np.empty(counts[IDS_USED], np.int32)
    taken = np.empty(counts[TIES_USED], np.int32)
    node_ends = np.empty(len(seeds), np.int64)
    tie_ends = np.empty(len(seeds), np.int64)
    at, end, tied, parts = 0, 0, 0, 0
    for seed in seeds:
        if ids.visit[seed] == epoch:
            continue
        ids.visit[seed] = epoch
        nodes[end] = seed
        end += 1
        while at < end:
            node = nodes[at]
            at += 1
            end = _slot_mates(node, epoch, ids, slots, nodes, end)
            if ids.mark[node] & BOUNDARY:
                continue
            link = ids.tie[node]
            while link >= 0:
                tie, second = link >> 1, link & 1
                other = ties.a[tie] if second else ties.b[tie]
                crowded = ids.mark[other] & BOUNDARY
                if crowded or not second:
                    taken[tied] = tie
                    tied += 1
                if not crowded and ids.visit[other] != epoch:
                    ids.visit[other] = epoch
                    nodes[end] = other
                    end += 1
                link = ties.next_b[tie] if second else ties.next_a[tie]
        node_ends[parts], tie_ends[parts] = end, tied
        parts += 1
    return nodes[:end].copy(), node_ends[:parts], taken[:tied].copy(), tie_ends[:parts]
