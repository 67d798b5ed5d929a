"""Taking people out: which identifiers their evidence reaches, and how all of it is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numba
import numpy as np

from hotspring.identity import columns, names
from hotspring.identity.columns import FOREIGN, RULED, Hashed
from hotspring.identity.live import Live, pair_keys
from hotspring.identity.names import place_of
from hotspring.identity.stream import TIES_USED

PREFIX: Final = "erased-"
"""Before the number of an identifier whose text is gone; no identifier is written so."""


def erased_text(number: int) -> str:
    """What stands in place of an identifier that was erased: nothing but its dense number."""
    return f"{PREFIX}{number}"


def reach(live: Live, ids: Iterable[int], most: int) -> np.ndarray | None:
    """int32: every identifier that evidence, slots, devices or joins tie to these, even through
    crowded ones; None where they are more than `most`.

    No event names one of them and another identifier beside, so all that is known of them can be
    forgotten and folded again from their own events.
    """
    found: set[int] = set()
    todo = list(ids)
    while todo:
        nodes = _reached(np.array(todo, np.int32), most + 1, live.ids, live.slots, live.ties)
        fresh = set(nodes.tolist()) - found
        found |= fresh
        if len(found) > most:
            return None
        todo = [i for i in _bridges(live, sorted(fresh)) if i not in found]
    return np.array(sorted(found), np.int32)


def _bridges(live: Live, ids: list[int]) -> list[int]:
    _, joins = live.rulings.about(ids)
    ends = [i for pair in joins.values() for i in pair]
    spans = {int(span) for span in live.ids.span[ids] if span >= 0} | live.spans.held_by(ids)
    for span in spans:
        device = live.spans.devices[span]
        ends += [*device.members, *device.doors]
    return ends


def wipe(live: Live, ids: np.ndarray) -> None:
    """Forget all that was ever said about these identifiers, which are all that `reach` found.

    They keep their numbers, kinds and names, and what people decided about them.
    """
    for span in {int(span) for span in live.ids.span[ids] if span >= 0}:
        live.spans.drop(span)
    slots = np.unique(live.ids.slot[ids])
    slots = slots[slots >= 0]
    for column, fill in zip(live.slots[:6], columns.SLOTS[:6], strict=True):
        column[slots] = fill[0]
    used = int(live.counts[TIES_USED])
    gone = np.zeros(len(live.ids.slot), bool)
    gone[ids] = True
    dead = np.flatnonzero(gone[live.ties.a[:used]] | gone[live.ties.b[:used]])
    keys = pair_keys(live.ties, used)
    _untie(dead[::-1], keys, live.ids, live.ties, live.by_pair, live.counts)
    marks = live.ids.mark[ids] & np.uint16(FOREIGN | RULED)
    for field, fill in zip(columns.Ids._fields, columns.IDS, strict=True):
        if field not in ("print", "kind", "visit"):
            getattr(live.ids, field)[ids] = fill[0]
    live.ids.mark[ids] = marks


def unname(live: Live, ids: np.ndarray, prints: np.ndarray) -> None:
    """Let these identifiers be known by other fingerprints, and be of no kind."""
    for i, fresh in zip(ids.tolist(), prints.tolist(), strict=True):
        _remove(live.by_print, live.ids.print[i])
        live.ids.print[i] = fresh
        place = place_of(live.by_print.keys, np.uint64(fresh))
        live.by_print.keys[place], live.by_print.values[place] = fresh, i
        live.ids.kind[i] = -1
        live.ids.mark[i] |= np.uint16(FOREIGN)


def stones(prints: Iterable[int]) -> Hashed:
    """A table of fingerprints to ask `known` about."""
    given = np.array(sorted(prints), np.uint64)
    table = names.hashed(len(given))
    names.enter(given, table)
    return table


@numba.njit(cache=True, nogil=True)
def known(prints: Any, table: Any) -> Any:
    """bool[n]: which of these fingerprints are in the table?"""
    out = np.empty(len(prints), np.bool_)
    for i in range(len(prints)):
        out[i] = table.keys[place_of(table.keys, prints[i])] != np.uint64(0)
    return out


@numba.njit(cache=True, nogil=True)
def _reached(seeds: Any, most: Any, ids: Any, slots: Any, ties: Any) -> Any:
    """Breadth first over ties and common slots; stops after `most`."""
    seen = set(seeds)
    queue = list(seen)
    at = 0
    while at < len(queue) and len(queue) < most:
        node = queue[at]
        at += 1
        slot = ids.slot[node]
        if slot >= 0:
            mate = slots.head[slot]
            while mate >= 0:
                if mate not in seen:
                    seen.add(mate)
                    queue.append(mate)
                mate = ids.next[mate]
        link = ids.tie[node]
        while link >= 0:
            tie, second = link >> 1, link & 1
            other = ties.a[tie] if second else ties.b[tie]
            if other not in seen:
                seen.add(other)
                queue.append(other)
            link = ties.next_b[tie] if second else ties.next_a[tie]
    return np.array(queue, np.int32)


@numba.njit(cache=True, nogil=True)
def _remove(table: Any, key: Any) -> None:
    """Take a key out of an open-addressed table; those behind it move up."""
    mask = np.uint64(len(table.keys) - 1)
    hole = place_of(table.keys, key)
    if table.keys[hole] == np.uint64(0):
        return
    at = hole
    while True:
        at = (at + np.uint64(1)) & mask
        other = table.keys[at]
        if other == np.uint64(0):
            break
        mixed = other * np.uint64(0x9E3779B97F4A7C15)
        home = (mixed ^ (mixed >> np.uint64(29))) & mask
        # It may move up unless its home lies between the hole and where it stands.
        if ((at - home) & mask) >= ((at - hole) & mask):
            table.keys[hole], table.values[hole] = other, table.values[at]
            hole = at
    table.keys[hole] = np.uint64(0)
    table.values[hole] = -1


@numba.njit(cache=True, nogil=True)
def _untie(dead: Any, keys: Any, ids: Any, ties: Any, table: Any, counts: Any) -> None:
    """Remove ties, given from the last to the first: the last one left moves into each gap.

    Both ends of a dead tie are wiped: nobody's list leads to it any more.
    """
    for gap in dead:
        _remove(table, keys[gap])
        counts[TIES_USED] -= 1
        last = counts[TIES_USED]
        if gap == last:
            continue
        for side in range(2):
            end = ties.b[last] if side else ties.a[last]
            _relink(end, 2 * last + side, 2 * gap + side, ids, ties)
        ties.a[gap], ties.b[gap], ties.kind[gap] = ties.a[last], ties.b[last], ties.kind[last]
        ties.first_ms[gap], ties.first_key[gap] = ties.first_ms[last], ties.first_key[last]
        ties.last_ms[gap], ties.last_key[gap] = ties.last_ms[last], ties.last_key[last]
        ties.seen[gap] = ties.seen[last]
        ties.next_a[gap], ties.next_b[gap] = ties.next_a[last], ties.next_b[last]
        table.values[place_of(table.keys, keys[last])] = gap
        keys[gap] = keys[last]
    # Rows beyond the end are as if they had never been used.
    end = counts[TIES_USED]
    ties.seen[end : end + len(dead)] = 0


@numba.njit(cache=True, nogil=True)
def _relink(end: Any, old: Any, new: Any, ids: Any, ties: Any) -> None:
    """In the list of ties of one identifier, let a link lead to where its tie stands now."""
    link = ids.tie[end]
    if link == old:
        ids.tie[end] = new
        return
    while link >= 0:
        tie, second = link >> 1, link & 1
        following = ties.next_b[tie] if second else ties.next_a[tie]
        if following == old:
            if second:
                ties.next_b[tie] = new
            else:
                ties.next_a[tie] = new
            return
        link = following
