"""The compiled passes over live energies: decay then add, cells with a cap, bands.

Everything is kept relative to a profile's `as_of`: 2^(t / H) from 1970 on would overflow. What a
capped cell brings, `±min(S, cap)`, is folded into the energy as it changes, so that a reading
costs the same with and without caps; S itself is kept, because late events and merges need it.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

CELL: Final = np.dtype([("key", "<i8"), ("sum", "<f8"), ("count", "<i4"), ("next", "<i4")])
"""One cell: which it is, S, how many events, and the next cell of the same profile (-1: none)."""

DAY_BITS: Final = 20
RULE_BITS: Final = 12
DAY_ZERO: Final = 1 << (DAY_BITS - 1)
EMPTY: Final = -1
LOW: Final = (1 << 32) - 1
LAST_RULE: Final = (1 << RULE_BITS) - 1
FRONT: Final = 16
"""So many cells of a profile are looked at one by one."""
STRETCH: Final = 64
"""So many weights are read ahead at once."""


@numba.njit(cache=True, nogil=True, inline="always")
def _entry(key: Any, cell: Any) -> Any:
    """What the table says of a cell: 31 bits of its hash above 32 bits of its place."""
    mixed = np.uint64(key) ^ (np.uint64(key) >> np.uint64(29))
    scattered = (mixed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
    return (np.int64(scattered) << 32) | cell


@numba.njit(cache=True, nogil=True, inline="always")
def _key(slot: Any, rule: Any, day: Any) -> Any:
    return (((np.int64(slot) << RULE_BITS) | rule) << DAY_BITS) | (day + DAY_ZERO)


@numba.njit(cache=True, nogil=True, inline="always")
def _rank(key: Any) -> Any:
    """The order of the cells of one profile: by day, then by rule."""
    return ((key & ((1 << DAY_BITS) - 1)) << RULE_BITS) | ((key >> DAY_BITS) & LAST_RULE)


@numba.njit(cache=True, nogil=True)
def _cell_of(table: Any, bits: Any, cells: Any, used: Any, head: Any, key: Any) -> Any:
    """Where is the cell of this key? It is made where there is none yet.

    The cells of a profile are a list: the latest `FRONT` days and rules first, in order, then all
    others, in no order. Those others are found by the table, so that neither a profile of many
    days nor one of a few costs more than some steps.
    """
    slot = key >> (DAY_BITS + RULE_BITS)
    wanted = _rank(key)
    before, steps, cell = -1, 0, head[slot]
    while cell >= 0 and steps < FRONT:
        rank = _rank(cells[cell].key)
        if rank == wanted:
            return cell
        if rank < wanted:
            break
        before, steps, cell = cell, steps + 1, cells[cell].next
    if steps == FRONT:
        at = _place(table, bits, cells, key)
        if table[at] != EMPTY:
            return table[at] & LOW
    fresh = used[0]
    used[0] += 1
    cells[fresh].key = key
    cells[fresh].sum = 0.0
    cells[fresh].count = 0
    _link(table, bits, cells, used, head, fresh, before, steps)
    return fresh


@numba.njit(cache=True, nogil=True)
def _place(table: Any, bits: Any, cells: Any, key: Any) -> Any:
    """Where in the table does a key stand, or would it stand?"""
    wanted = _entry(key, 0)
    mask = (1 << bits) - 1
    at = wanted >> (63 - bits)
    while table[at] != EMPTY:
        entry = table[at]
        cell = entry & LOW
        if entry - cell == wanted and cells[cell].key == key:
            return at
        at = (at + 1) & mask
    return at


@numba.njit(cache=True, nogil=True)
def _link(
    table: Any, bits: Any, cells: Any, used: Any, head: Any, cell: Any, before: Any, steps: Any
) -> None:
    """Put a cell into the list of its profile after `before`, which is that many steps in."""
    slot = cells[cell].key >> (DAY_BITS + RULE_BITS)
    if before < 0:
        cells[cell].next = head[slot]
        head[slot] = cell
    else:
        cells[cell].next = cells[before].next
        cells[before].next = cell
    # Whoever leaves the front by this is from now on found by the table.
    last = cell
    while steps < FRONT and last >= 0:
        last, steps = cells[last].next, steps + 1
    if last >= 0:
        table[_place(table, bits, cells, cells[last].key)] = _entry(cells[last].key, last)
        used[1] += 1


@numba.njit(cache=True, nogil=True)
def spread(old: Any, table: Any, bits: Any) -> None:
    """Put the entries of a table into a larger one; both are walked nearly in order."""
    mask = (1 << bits) - 1
    for entry in old:
        if entry != EMPTY:
            at = entry >> (63 - bits)
            while table[at] != EMPTY:
                at = (at + 1) & mask
            table[at] = entry


@numba.njit(cache=True, nogil=True)
def group(keys: Any, sums: Any, counts: Any, cells: Any, head: Any) -> Any:
    """Lay bare cells out profile by profile, the latest first; how many are behind the front?

    Each profile's stand together, so that walking along them is walking along memory.
    """
    for key in keys:
        head[key >> (DAY_BITS + RULE_BITS)] += 1
    # From here on a head is where the next cell of its profile goes, in the end behind its last.
    start = 0
    for slot in range(len(head)):
        count = head[slot] + 1
        head[slot] = start
        start += count
    for i in range(len(keys)):
        slot = keys[i] >> (DAY_BITS + RULE_BITS)
        cell = head[slot]
        head[slot] = cell + 1
        cells[cell].key, cells[cell].sum, cells[cell].count = keys[i], sums[i], counts[i]
    start, behind = 0, 0
    for slot in range(len(head)):
        end = head[slot]
        head[slot] = start if end > start else -1
        _latest_first(cells, start, end)
        for cell in range(start, end):
            cells[cell].next = cell + 1 if cell + 1 < end else -1
        behind += max(0, end - start - FRONT)
        start = end
    return behind


@numba.njit(cache=True, nogil=True)
def _latest_first(cells: Any, start: Any, end: Any) -> None:
    """Sort the cells of one profile; most came in the order of their days."""
    left, right = start, end - 1
    while left < right:
        _swap(cells, left, right)
        left, right = left + 1, right - 1
    unsorted = 0
    for cell in range(start + 1, end):
        at = cell
        while at > start and unsorted < FRONT * (end - start):
            if _rank(cells[at - 1].key) >= _rank(cells[at].key):
                break
            _swap(cells, at - 1, at)
            at -= 1
            unsorted += 1
    if unsorted >= FRONT * (end - start):
        ranks = np.empty(end - start, np.int64)
        for cell in range(start, end):
            ranks[cell - start] = -_rank(cells[cell].key)
        cells[start:end] = cells[start:end][np.argsort(ranks)]


@numba.njit(cache=True, nogil=True, inline="always")
def _swap(cells: Any, one: Any, other: Any) -> None:
    key, total, count = cells[one].key, cells[one].sum, cells[one].count
    cells[one].key, cells[one].sum = cells[other].key, cells[other].sum
    cells[one].count = cells[other].count
    cells[other].key, cells[other].sum, cells[other].count = key, total, count


@numba.njit(cache=True, nogil=True)
def find(table: Any, bits: Any, cells: Any, used: Any, head: Any) -> None:
    """Let the table find the cells behind the front of their profiles, as `group` laid them out."""
    for first in head:
        cell, steps = first, 0
        while cell >= 0:
            if steps >= FRONT:
                table[_place(table, bits, cells, cells[cell].key)] = _entry(cells[cell].key, cell)
                used[1] += 1
            cell, steps = cells[cell].next, steps + 1


@numba.njit(cache=True, nogil=True, inline="always")
def _advance(energy: Any, as_of: Any, lives: Any, slot: Any, ms: Any) -> None:
    """Let a profile cool up to `ms`."""
    passed = np.float64(ms - as_of[slot])
    for h in range(len(lives)):
        if energy[slot, h] != 0.0:
            energy[slot, h] *= np.exp2(-passed / lives[h])
    as_of[slot] = ms


@numba.njit(cache=True, nogil=True)
def _fetch(
    profiles: Any, rules: Any, store: Any, slots: Any, weights: Any, start: Any, end: Any
) -> Any:
    """Read what a stretch of weights will need, all at once.

    The reads do not wait for each other as they would between the steps of `add`, so memory
    answers them together: a third less time where profiles are many and far apart.
    """
    energy, as_of, total, positive, head = profiles
    cap = rules[1]
    cells = store[2]
    event, rule, _, _ = weights
    seen = 0.0
    for i in range(start, end):
        slot = slots[event[i]]
        if slot >= 0:
            seen += energy[slot, 0] + as_of[slot] + total[slot] + positive[slot] + head[slot]
            if cap[rule[i]] > 0.0 and head[slot] >= 0:
                seen += cells[head[slot]].sum
    return seen


@numba.njit(cache=True, nogil=True)
def add(
    profiles: Any, lives: Any, rules: Any, starts: Any, store: Any, slots: Any, ms: Any,
    weights: Any, sign: Any,
) -> Any:  # fmt: skip
    """Add weights to profiles (sign 1), or take added ones out again (sign -1).

    What it returns means nothing; it keeps the compiler from leaving the reading ahead out.
    """
    energy, as_of, total, positive, head = profiles
    column, cap = rules
    first, begins = starts
    table, bits, cells, used = store
    event, rule, weight, day = weights
    seen = 0.0
    # The cell that each rule used last: events of one profile and day often come together.
    last_key, last_cell = np.full(len(cap), -1, np.int64), np.zeros(len(cap), np.int64)
    end = 0
    for i in range(len(event)):
        if i % STRETCH == 0:
            seen += _fetch(profiles, rules, store, slots, weights, i, min(i + STRETCH, len(event)))
        slot = slots[event[i]]
        if slot < 0:
            continue
        if i >= end:
            # A profile cools once for all its weights that come together.
            latest = ms[event[i]]
            end = i + 1
            while end < len(event) and slots[event[end]] == slot:
                latest = max(latest, ms[event[end]])
                end += 1
            if total[slot] == 0:
                as_of[slot] = latest
            elif latest > as_of[slot]:
                _advance(energy, as_of, lives, slot, latest)
        r, w, t = rule[i], weight[i], ms[event[i]]
        change = sign * w
        if cap[r] > 0.0:
            key = _key(slot, r, day[i])
            if key != last_key[r]:
                last_key[r] = key
                last_cell[r] = _cell_of(table, bits, cells, used, head, key)
            cell = last_cell[r]
            before = cells[cell].sum
            after = before + sign * abs(w)
            cells[cell].sum = after
            cells[cell].count += sign
            change = min(after, cap[r]) - min(before, cap[r])
            if w < 0.0:
                change = -change
            t = begins[day[i] - first]
        h = column[r]
        if change != 0.0:
            energy[slot, h] += change * np.exp2(-np.float64(as_of[slot] - t) / lives[h])
        total[slot] += sign
        if w > 0.0:
            positive[slot] += sign
        if total[slot] == 0:
            energy[slot, :] = 0.0
    return seen


@numba.njit(cache=True, nogil=True)
def cells_of(head: Any, cells: Any, slot: Any) -> Any:
    """How many cells does a profile have?"""
    count = 0
    cell = head[slot]
    while cell >= 0:
        count += 1
        cell = cells[cell].next
    return count


@numba.njit(cache=True, nogil=True)
def merge(
    profiles: Any, lives: Any, rules: Any, signs: Any, starts: Any, store: Any, loser: Any,
    winner: Any,
) -> None:  # fmt: skip
    """Add all of `loser` to `winner`: energies add up, cells add up before the cap is taken."""
    energy, as_of, total, positive, head = profiles
    column, cap = rules
    first, begins = starts
    table, bits, cells, used = store
    if total[loser] == 0:
        return
    if total[winner] == 0:
        as_of[winner] = as_of[loser]
    latest = max(as_of[loser], as_of[winner])
    _advance(energy, as_of, lives, loser, latest)
    _advance(energy, as_of, lives, winner, latest)
    energy[winner, :] += energy[loser, :]
    below = (np.int64(1) << (DAY_BITS + RULE_BITS)) - 1
    cell = head[loser]
    while cell >= 0:
        if cells[cell].count != 0:
            rest = cells[cell].key & below
            key = (np.int64(winner) << (DAY_BITS + RULE_BITS)) | rest
            into = _cell_of(table, bits, cells, used, head, key)
            r = rest >> DAY_BITS
            day = (rest & ((1 << DAY_BITS) - 1)) - DAY_ZERO
            mine, theirs = cells[into].sum, cells[cell].sum
            change = min(mine + theirs, cap[r]) - min(mine, cap[r]) - min(theirs, cap[r])
            age = np.float64(latest - begins[day - first])
            energy[winner, column[r]] += signs[r] * change * np.exp2(-age / lives[column[r]])
            cells[into].sum = mine + theirs
            cells[into].count += cells[cell].count
        cell = cells[cell].next
    total[winner] += total[loser]
    positive[winner] += positive[loser]
    clear(profiles, cells, loser)


@numba.njit(cache=True, nogil=True)
def clear(profiles: Any, cells: Any, slot: Any) -> None:
    """Forget all heat of a profile. Its empty cells stay until the state is next loaded."""
    energy, as_of, total, positive, head = profiles
    energy[slot, :] = 0.0
    as_of[slot] = 0
    total[slot] = 0
    positive[slot] = 0
    cell = head[slot]
    while cell >= 0:
        cells[cell].sum = 0.0
        cells[cell].count = 0
        cell = cells[cell].next


@numba.njit(cache=True, nogil=True, inline="always")
def _reading(energy: Any, as_of: Any, rates: Any, slot: Any, now: Any) -> Any:
    passed = np.float64(max(now - as_of[slot], 0))
    total = 0.0
    for h in range(len(rates)):
        if energy[slot, h] != 0.0:
            total += energy[slot, h] * np.exp2(passed * rates[h])
    return total


@numba.njit(cache=True, nogil=True, inline="always")
def band_of(energy: Any, edges: Any) -> Any:
    """The band of an energy, by its code."""
    cool, warm, hot = edges
    return np.int8(3) - (energy >= cool) - (energy >= warm) - (energy >= hot)


@numba.njit(cache=True, nogil=True)
def read(energy: Any, as_of: Any, rates: Any, now: Any, slots: Any, out: Any) -> None:
    """Write the energy at `now` of each of the slots, of all where `out` is longer than `slots`."""
    everyone = len(slots) == 0
    for i in range(len(out)):
        out[i] = _reading(energy, as_of, rates, i if everyone else slots[i], now)


@numba.njit(cache=True, nogil=True)
def count(
    energy: Any, as_of: Any, positive: Any, rates: Any, now: Any, edges: Any, mask: Any, size: Any
) -> Any:
    """How many profiles are in each band, and how many had heat before they were cold?"""
    everyone = len(mask) == 0
    bands = np.zeros(5, np.int64)
    for slot in range(size):
        if everyone or mask[slot]:
            b = band_of(_reading(energy, as_of, rates, slot, now), edges)
            bands[b] += 1
            if b == 3 and positive[slot] > 0:
                bands[4] += 1
    return bands


@numba.njit(cache=True, nogil=True)
def moved(
    energy: Any, as_of: Any, rates: Any, now: Any, lower: Any, upper: Any, announced: Any,
    slots: Any, size: Any,
) -> Any:  # fmt: skip
    """Which profiles left their announced band by more than the dead zone: slots, bands now."""
    everyone = len(slots) == 0
    limit = size if everyone else len(slots)
    who = np.empty(limit, np.int32)
    to = np.empty(limit, np.int8)
    found = 0
    for i in range(limit):
        slot = i if everyone else slots[i]
        e = _reading(energy, as_of, rates, slot, now)
        last = announced[slot]
        b = band_of(e, upper)
        if b >= last:
            b = band_of(e, lower)
            if b <= last:
                continue
        who[found] = slot
        to[found] = b
        found += 1
    return who[:found].copy(), to[:found].copy()


@numba.njit(cache=True, nogil=True, inline="always")
def hundredths(energy: Any, scale: Any) -> Any:
    """Hundredths of degrees of an energy; `scale` as in `view`."""
    cold, span, floor, half = scale
    if energy >= 0.0:
        degrees = cold + span * (1.0 - np.exp2(-energy / half))
    else:
        degrees = max(floor, cold + energy * span * np.log(2.0) / half)
    return np.int16(np.rint(degrees * 100.0))


@numba.njit(cache=True, nogil=True)
def view(
    energy: Any, as_of: Any, positive: Any, rates: Any, now: Any, edges: Any, scale: Any,
    slots: Any, start: Any, degrees: Any, states: Any,
) -> None:  # fmt: skip
    """Write hundredths of degrees and the band (cold told apart) of slots, or of all from `start`.

    `scale` is the coldest and the span of the thermometer, its floor, and the energy of its half.
    """
    everyone = len(slots) == 0
    for i in range(len(degrees)):
        slot = start + i if everyone else slots[i]
        e = _reading(energy, as_of, rates, slot, now)
        degrees[i] = hundredths(e, scale)
        b = band_of(e, edges)
        states[i] = 4 if b == 3 and positive[slot] > 0 else b
