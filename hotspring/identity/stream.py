"""One compiled pass over a batch: evidence is counted, and what is plain is joined at once.

Plain is what cannot come out otherwise in any order: trusted ties within limits that bring
together at most one user_id, and devices that lead to one person. Everything else is left as it
is and its component named for recomputing; from then on such a component is `INVOLVED`, and only
a recomputation that finds it plain again lets this pass touch it.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from hotspring.identity.columns import (
    BESIDE,
    CLAIMED,
    CROWDED,
    FOREIGN,
    INVOLVED,
    LEAF,
    NEVER,
    OWN,
    PARTED,
    RULED,
    SPOKE,
    STRONG_FACTOR,
    TAKEN_BACK,
    UNBOUND,
    WATCHED,
)
from hotspring.identity.names import place_of

IDS_USED, SLOTS_USED, TIES_USED, SLOTS_BEFORE, MERGED, SEEDS = range(6)
"""Places in the array of counts; those up to `SLOTS_BEFORE` outlive the batch."""

BIND, UNBIND = 2, 3
"""Kinds of a claim; 0 is any event and 1 an alias, which say the same."""


@numba.njit(cache=True, nogil=True)
def absorb(
    claims: Any, kinds: Any, ids: Any, slots: Any, ties: Any, table: Any, counts: Any, out: Any
) -> Any:
    """Take the events of a batch in; returns what watched devices did.

    That is int32[:, 4]: event, device, its person or -1, 1 where the device is the subject.
    `out` is (merged int32[:, 2], seeds int32[:]), filled up to counts[MERGED] and counts[SEEDS].
    """
    watched = np.empty((len(claims.ids), 4), np.int32)
    found = 0
    for event in range(len(claims.ms)):
        start, end = claims.offsets[event], claims.offsets[event + 1]
        person, device = _sides(claims, kinds, ids, event)
        # What is rare is asked here and done elsewhere: a call costs more than all of this.
        if ids.mark[claims.ids[start]] & SPOKE == 0 or claims.kind[event] == UNBIND:
            _speak(event, claims, kinds, ids, slots, ties, counts, out)
        starred = person >= 0 and claims.kind[event] >= BIND
        if device >= 0 and ids.mark[device] & WATCHED:
            found = _watch(event, device, person, claims, ids, watched, found)
        if person >= 0 and device >= 0:
            _say(device, person, event, claims, kinds, ids, slots, ties, table, counts, out)
        for at in range(start + 1, end):
            other = claims.ids[at]
            beside = starred and not kinds.strong[ids.kind[other]]
            root = person if beside or kinds.strong[ids.kind[other]] else device
            if other == root or root < 0 or (beside and other == device):
                continue
            if beside and claims.kind[event] == BIND:
                ids.mark[other] |= BESIDE
                if ids.mark[other] & WATCHED:
                    found = _watch(event, other, person, claims, ids, watched, found)
            _say(root, other, event, claims, kinds, ids, slots, ties, table, counts, out)
        for at in range(start, end):
            if ids.slot[claims.ids[at]] < 0:
                _own_slot(claims.ids[at], kinds, ids, slots, counts, out)
    return watched[:found]


@numba.njit(cache=True, nogil=True)
def _watch(
    event: Any, device: Any, person: Any, claims: Any, ids: Any, watched: Any, found: Any
) -> Any:
    """Note what an event says of a watched device; gives the new count of notes."""
    watched[found, 0], watched[found, 1] = event, device
    watched[found, 2] = person if claims.kind[event] != UNBIND else -1
    watched[found, 3] = claims.ids[claims.offsets[event]] == device
    return found + 1


@numba.njit(cache=True, nogil=True)
def _speak(
    event: Any, claims: Any, kinds: Any, ids: Any, slots: Any, ties: Any, counts: Any, out: Any
) -> None:
    """Mark the subject of an event as one; part it from all where an unbind names it alone."""
    start, end = claims.offsets[event], claims.offsets[event + 1]
    subject = claims.ids[start]
    ids.mark[subject] |= OWN
    if claims.kind[event] == UNBIND and end - start == 1:
        _part(subject, claims.ms[event], claims.public[event], kinds, ids, slots, ties, counts, out)
    elif ids.mark[subject] & SPOKE == 0:
        ids.mark[subject] |= SPOKE
        slot = ids.slot[subject]
        order = ids.mark[subject] & LEAF or (slot >= 0 and slots.mark[slot] & INVOLVED)
        if kinds.claim[ids.kind[subject]] and order:
            # It stands for itself from now on: claims may no longer carry it off.
            _involve(subject, ids, slots, counts, out)


@numba.njit(cache=True, nogil=True)
def _part(
    i: Any, ms: Any, public: Any, kinds: Any, ids: Any, slots: Any, ties: Any, counts: Any, out: Any
) -> None:  # fmt: skip
    """An unbind names an identifier alone: all that was said of it until then is void."""
    when = ids.disowned_ms if public else ids.unbound_ms
    if ms <= when[i]:
        return
    when[i] = ms
    ids.mark[i] = (ids.mark[i] | PARTED) & ~np.uint16(CROWDED)
    # What it is tied to may come back under its limit.
    link = ids.tie[i]
    while link >= 0:
        tie, second = link >> 1, link & 1
        other = ties.a[tie] if second else ties.b[tie]
        ids.mark[other] &= ~np.uint16(CROWDED)
        link = ties.next_b[tie] if second else ties.next_a[tie]
    _own_slot(i, kinds, ids, slots, counts, out)
    _involve(i, ids, slots, counts, out)


@numba.njit(cache=True, nogil=True)
def _sides(claims: Any, kinds: Any, ids: Any, event: Any) -> Any:
    """The person (first strong identifier) and the device (first weak one) of an event."""
    person, device = np.int32(-1), np.int32(-1)
    ms, key = claims.ms[event], claims.key[event]
    for at in range(claims.offsets[event], claims.offsets[event + 1]):
        i = claims.ids[at]
        if ms < ids.first_ms[i] or (ms == ids.first_ms[i] and key < ids.first_key[i]):
            ids.first_ms[i] = ms
            ids.first_key[i] = key
        if kinds.strong[ids.kind[i]]:
            if person < 0:
                person = i
        elif device < 0 and ids.mark[i] & FOREIGN == 0:
            device = i
    return person, device


@numba.njit(cache=True, nogil=True)
def _say(
    a: Any, b: Any, event: Any, claims: Any, kinds: Any, ids: Any, slots: Any, ties: Any,
    table: Any, counts: Any, out: Any,
) -> None:  # fmt: skip
    """One event says that `a` and `b` belong together, or no longer do."""
    claim = kinds.claim[ids.kind[a]] or kinds.claim[ids.kind[b]]
    word = CLAIMED if claims.public[event] and claim else 0
    if claims.kind[event] == UNBIND:
        word |= TAKEN_BACK
    tie, new, earlier, before = _count(
        a, b, word, claims.ms[event], claims.key[event], ids, ties, table, counts
    )
    if ids.slot[a] < 0 and ids.slot[b] >= 0:
        a, b = b, a
    _own_slot(a, kinds, ids, slots, counts, out)
    if word & TAKEN_BACK:
        _own_slot(b, kinds, ids, slots, counts, out)
        for end in (a, b):
            ids.mark[end] = (ids.mark[end] | UNBOUND) & ~np.uint16(CROWDED)
        _involve(a, ids, slots, counts, out)
        _involve(b, ids, slots, counts, out)
        return
    if new:
        _degrees(a, b, kinds, ids)
        _crowd(a, kinds, ids, slots, counts, out)
        _crowd(b, kinds, ids, slots, counts, out)
    if not new and (ids.mark[a] | ids.mark[b]) & PARTED:
        parted = _parted(a, b, word, ids)
        if before <= parted < ties.last_ms[tie]:
            _involve(a, ids, slots, counts, out)
            _involve(b, ids, slots, counts, out)
            return
    if (ids.mark[a] | ids.mark[b]) & (CROWDED | FOREIGN):
        return
    if not new:
        both = (ids.mark[a] & ids.mark[b] & UNBOUND) != 0
        if (earlier or both) and (slots.mark[ids.slot[a]] | slots.mark[ids.slot[b]]) & INVOLVED:
            _involve(a, ids, slots, counts, out)
            _involve(b, ids, slots, counts, out)
        return
    if not _join(a, b, word, kinds, ids, slots, ties, tie, counts, out):
        _own_slot(b, kinds, ids, slots, counts, out)
        _involve(a, ids, slots, counts, out)
        _involve(b, ids, slots, counts, out)


@numba.njit(cache=True, nogil=True)
def _parted(a: Any, b: Any, word: Any, ids: Any) -> Any:
    """When was one of the two last named alone by an unbind that voids such a word?"""
    when = max(ids.unbound_ms[a], ids.unbound_ms[b])
    return max(when, ids.disowned_ms[a], ids.disowned_ms[b]) if word & CLAIMED else when


@numba.njit(cache=True, nogil=True)
def _count(
    a: Any, b: Any, word: Any, ms: Any, key: Any, ids: Any, ties: Any, table: Any, counts: Any
) -> Any:
    """Count one saying: the tie, whether it is new, whether it moved the earliest time, and the
    latest time before it."""
    low, high = min(a, b), max(a, b)
    pair = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
    pair |= (np.uint64(word & 1) << np.uint64(31)) | (np.uint64(word >> 1) << np.uint64(63))
    place = place_of(table.keys, pair)
    tie = table.values[place]
    new = tie < 0
    if new:
        tie = np.int32(counts[TIES_USED])
        counts[TIES_USED] += 1
        table.keys[place] = pair
        table.values[place] = tie
        ties.a[tie], ties.b[tie], ties.kind[tie] = a, b, word
        ties.next_a[tie], ties.next_b[tie] = ids.tie[a], ids.tie[b]
        ids.tie[a], ids.tie[b] = 2 * tie, 2 * tie + 1
    before = NEVER if new else ties.last_ms[tie]
    ties.seen[tie] += 1
    earlier = new or ms < ties.first_ms[tie]
    earlier = earlier or (ms == ties.first_ms[tie] and key < ties.first_key[tie])
    if earlier:
        ties.first_ms[tie], ties.first_key[tie] = ms, key
    if new or ms > ties.last_ms[tie] or (ms == ties.last_ms[tie] and key > ties.last_key[tie]):
        ties.last_ms[tie], ties.last_key[tie] = ms, key
    return tie, new, earlier, before


@numba.njit(cache=True, nogil=True)
def _degrees(a: Any, b: Any, kinds: Any, ids: Any) -> None:
    for this, other in ((a, b), (b, a)):
        degrees = ids.strong_ties if kinds.strong[ids.kind[other]] else ids.weak_ties
        if degrees[this] < 65535:
            degrees[this] += 1


@numba.njit(cache=True, nogil=True)
def _crowd(i: Any, kinds: Any, ids: Any, slots: Any, counts: Any, out: Any) -> None:
    """Have a weak identifier looked at that may have come over its limit."""
    if kinds.strong[ids.kind[i]] or ids.mark[i] & (CROWDED | FOREIGN):
        return
    limit = kinds.limit[ids.kind[i]]
    if ids.weak_ties[i] > limit or ids.strong_ties[i] > STRONG_FACTOR * limit:
        if ids.slot[i] < 0:
            _own_slot(i, kinds, ids, slots, counts, out)
        _involve(i, ids, slots, counts, out)


@numba.njit(cache=True, nogil=True)
def _join(
    a: Any, b: Any, word: Any, kinds: Any, ids: Any, slots: Any, ties: Any, tie: Any, counts: Any,
    out: Any,
) -> Any:  # fmt: skip
    """Join two identifiers where that is plain; says whether it was."""
    if (ids.mark[a] | ids.mark[b]) & (LEAF | RULED):
        return False
    x, y = ids.slot[a], ids.slot[b]
    if (slots.mark[x] | (slots.mark[y] if y >= 0 else np.uint8(0))) & INVOLVED:
        return False
    strong_a, strong_b = kinds.strong[ids.kind[a]], kinds.strong[ids.kind[b]]
    if (strong_a and kinds.limit[ids.kind[a]] < 1) or (strong_b and kinds.limit[ids.kind[b]] < 1):
        return False
    if strong_a and strong_b:
        if word & CLAIMED:
            return _hang(a, b, kinds, ids, slots, ties, tie)
        users = (slots.user[x] >= 0) + _user_of(b, kinds, ids, slots)
        if users > 1 and x != y:
            return False
    elif x != y and slots.strong[x] > 0 and (slots.strong[y] > 0 if y >= 0 else strong_b):
        return False
    if y < 0:
        _append(b, x, kinds, ids, slots)
    elif x != y:
        _unite(x, y, ids, slots, counts, out)
    return True


@numba.njit(cache=True, nogil=True)
def _hang(a: Any, b: Any, kinds: Any, ids: Any, slots: Any, ties: Any, tie: Any) -> Any:
    """Hang a claimed value that nobody knows yet on the profile that claims it."""
    lone = ids.tie[b] >> 1 == tie and (ties.next_a if ties.a[tie] == b else ties.next_b)[tie] < 0
    if not kinds.claim[ids.kind[b]] or ids.mark[b] & SPOKE or ids.slot[b] >= 0 or not lone:
        return False
    _append(b, ids.slot[a], kinds, ids, slots)
    ids.mark[b] |= LEAF
    return True


@numba.njit(cache=True, nogil=True)
def _user_of(i: Any, kinds: Any, ids: Any, slots: Any) -> Any:
    if ids.slot[i] < 0:
        return kinds.user[ids.kind[i]]
    return slots.user[ids.slot[i]] >= 0


@numba.njit(cache=True, nogil=True)
def _own_slot(i: Any, kinds: Any, ids: Any, slots: Any, counts: Any, out: Any) -> Any:
    if ids.slot[i] < 0:
        slot = np.int32(counts[SLOTS_USED])
        counts[SLOTS_USED] += 1
        _append(i, slot, kinds, ids, slots)
        if ids.mark[i] & RULED:
            _involve(i, ids, slots, counts, out)
    return ids.slot[i]


@numba.njit(cache=True, nogil=True)
def _append(i: Any, slot: Any, kinds: Any, ids: Any, slots: Any) -> None:
    ids.slot[i] = slot
    ids.next[i] = -1
    if slots.head[slot] < 0:
        slots.head[slot] = i
    else:
        ids.next[slots.tail[slot]] = i
    slots.tail[slot] = i
    slots.size[slot] += 1
    slots.strong[slot] += kinds.strong[ids.kind[i]]
    if kinds.user[ids.kind[i]]:
        slots.user[slot] = i


@numba.njit(cache=True, nogil=True)
def _unite(x: Any, y: Any, ids: Any, slots: Any, counts: Any, out: Any) -> None:
    """Put the smaller slot into the larger; one that existed before the batch never goes into
    one that did not, so that those of this batch have no past anyone must be told of."""
    before = counts[SLOTS_BEFORE]
    old_x, old_y = x < before, y < before
    if (old_y and not old_x) or (old_x == old_y and slots.size[y] > slots.size[x]):
        x, y = y, x
    i = slots.head[y]
    while i >= 0:
        ids.slot[i] = x
        i = ids.next[i]
    ids.next[slots.tail[x]] = slots.head[y]
    slots.tail[x] = slots.tail[y]
    slots.size[x] += slots.size[y]
    slots.strong[x] += slots.strong[y]
    slots.mark[x] |= slots.mark[y]
    if slots.user[y] >= 0:
        slots.user[x] = slots.user[y]
    slots.head[y] = slots.tail[y] = slots.user[y] = -1
    slots.size[y] = slots.strong[y] = 0
    if y < before:
        out.merged[counts[MERGED], 0] = y
        out.merged[counts[MERGED], 1] = x
        counts[MERGED] += 1


@numba.njit(cache=True, nogil=True)
def _involve(i: Any, ids: Any, slots: Any, counts: Any, out: Any) -> None:
    slots.mark[ids.slot[i]] |= INVOLVED
    out.seeds[counts[SEEDS]] = i
    counts[SEEDS] += 1


@numba.njit(cache=True, nogil=True)
def devices(flat: Any, offsets: Any, kinds: Any, ids: Any) -> Any:
    """int32[n]: the first weak identifier of each event, -1 where it has none."""
    out = np.full(len(offsets) - 1, -1, np.int32)
    for event in range(len(out)):
        for at in range(offsets[event], offsets[event + 1]):
            i = flat[at]
            if not kinds.strong[ids.kind[i]] and ids.mark[i] & FOREIGN == 0:
                out[event] = i
                break
    return out


@numba.njit(cache=True, nogil=True)
def earliest(wanted: Any, ids: Any, slots: Any) -> Any:
    """int32: of each slot, the member that was seen first; fingerprints decide a tie."""
    out = np.empty(len(wanted), np.int32)
    for at in range(len(wanted)):
        best = slots.head[wanted[at]]
        i = ids.next[best]
        while i >= 0:
            if (
                ids.first_ms[i] < ids.first_ms[best]
                or (
                    ids.first_ms[i] == ids.first_ms[best] and ids.first_key[i] < ids.first_key[best]
                )
                or (
                    ids.first_ms[i] == ids.first_ms[best]
                    and ids.first_key[i] == ids.first_key[best]
                    and ids.print[i] < ids.print[best]
                )
            ):
                best = i
            i = ids.next[i]
        out[at] = best
    return out
