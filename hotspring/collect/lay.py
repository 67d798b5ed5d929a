"""Compiled passes over the rows of a scan: what each event is, and its texts laid into columns."""

from __future__ import annotations

import zlib
from typing import Any, Final

import numba
import numpy as np

from hotspring.collect.address import byte_at, copy_bytes
from hotspring.collect.known import FACTS, GOOD, checksum, found, lower_checksum
from hotspring.collect.moment import parsed
from hotspring.collect.scan import (
    ANON,
    CONTEXT,
    CURRENCY,
    ID,
    MONEY,
    NAME,
    ODD,
    ORIGINAL,
    PROPERTIES,
    TIME,
    USER,
)
from hotspring.event import Flag

MS, FLAGS, CONTENT, NAME_ENTRY, CONTEXT_ENTRY = range(5)
"""Of the facts of an event."""
RECEIVED, LATEST, SHIFT, BASE, OLDEST, LARGEST = range(6)
"""Of the terms of a request: milliseconds, flags and bytes."""
BODY, NAMES, CONTEXTS, EXTRA = range(4)
"""Where a piece of text stands: in the body, among what is known, among the texts made for it."""
UNKNOWN, UNFIT = -1, -2
MARK, SEEN = FACTS + 6, FACTS + 7
"""Of what is known of a context: a checksum of what is kept of it, and flags."""
SKEW_CORRECTED: Final = Flag.SKEW_CORRECTED.value
CLAMPED: Final = Flag.CLAMPED.value
_TRACK: Final = np.uint32(zlib.crc32(b"track\0"))
_compiled: Final = numba.njit(cache=True, nogil=True)


@_compiled
def _looked_up(text: Any, start: Any, end: Any, slots: Any, entries: Any, arena: Any) -> Any:
    entry = found(text, start, end, slots, entries, arena)
    return entry if entry < 0 or entries[entry, GOOD] else UNFIT


@_compiled
def _named(text: Any, start: Any, end: Any, lengths: Any, junk: Any) -> Any:
    """Can this printable text be an identifier as it stands?"""
    if byte_at(text, start) == 32 or byte_at(text, end - 1) == 32:
        return False
    if not lengths[end - start]:
        return True
    mark = lower_checksum(text, start, end)
    placeholder = 0
    while placeholder < len(junk) and junk[placeholder] != mark:
        placeholder += 1
    return placeholder == len(junk)


@_compiled
def _happened(text: Any, row: Any, terms: Any) -> Any:
    """When, and what was changed of it; flags of -1 leave it to others."""
    field = TIME if row[TIME + 1] else ORIGINAL
    if not row[field + 1]:
        return 0, -1
    ms, good = parsed(text, row[field], row[field + 1])
    if not good:
        return 0, -1
    flags = terms[BASE]
    if terms[SHIFT]:
        ms += terms[SHIFT]
        flags |= SKEW_CORRECTED
    if ms > terms[RECEIVED]:
        return terms[RECEIVED], (-1 if ms > terms[LATEST] else flags | CLAMPED)
    return ms, (-1 if ms < terms[OLDEST] else flags)


@_compiled
def _head(text: Any, row: Any, name: Any, name_texts: Any, words: Any, word_ends: Any,
          user_first: Any) -> Any:  # fmt: skip
    """The checksum of type, name, time as written, and identifiers, each with a zero behind it."""
    nul = word_ends[3]
    crc = checksum(name_texts, name[FACTS], name[FACTS + 1], _TRACK)
    crc = checksum(words, nul, nul + 1, crc)
    field = TIME if row[TIME + 1] else ORIGINAL
    crc = checksum(text, row[field], row[field + 1], crc)
    crc = checksum(words, nul, nul + 1, crc)
    for turn in range(2):
        user = user_first == (turn == 0)
        field, word = (USER, 1) if user else (ANON, 2)
        if row[field + 1]:
            crc = checksum(words, word_ends[word], word_ends[word + 1], crc)
            crc = checksum(text, row[field], row[field + 1], crc)
            crc = checksum(words, nul, nul + 1, crc)
    return crc


@_compiled
def weigh(body: Any, rows: Any, facts: Any, terms: Any, name_slots: Any, names: Any,
          name_arena: Any, slots: Any, contexts: Any, context_arena: Any, lengths: Any, junk: Any,
          word_texts: Any, word_ends: Any, user_first: Any) -> Any:  # fmt: skip
    """Fill in the facts of plain events, doubt the others; how many names and contexts are new?"""
    text, words = body.ctypes.data, word_texts.ctypes.data
    name_texts, context_texts = name_arena.ctypes.data, context_arena.ctypes.data
    unknown = 0
    for at in range(len(rows)):
        row, fact = rows[at], facts[at]
        fact[NAME_ENTRY] = fact[CONTEXT_ENTRY] = UNFIT
        if row[ODD]:
            continue
        start, end = row[PROPERTIES], row[PROPERTIES + 1]
        ms, flags = _happened(text, row, terms)
        good = flags >= 0 and end - start <= terms[LARGEST]
        for field in (USER, ANON):
            if row[field + 1]:
                good &= _named(text, row[field], row[field + 1], lengths, junk)
        if not good or not _money(text, row):
            row[ODD] = 1
            continue
        name = _looked_up(text, row[NAME], row[NAME + 1], name_slots, names, name_texts)
        context = _looked_up(text, row[CONTEXT], row[CONTEXT + 1], slots, contexts, context_texts)
        fact[NAME_ENTRY], fact[CONTEXT_ENTRY] = name, context
        if name == UNFIT or context == UNFIT:
            row[ODD] = 1
        elif name == UNKNOWN or context == UNKNOWN:
            unknown += 1
        else:
            head = _head(text, row, names[name], name_texts, words, word_ends, user_first)
            rest = checksum(text, start, end, np.uint32(contexts[context, MARK]))
            fact[MS] = ms
            fact[FLAGS] = flags | contexts[context, SEEN]
            fact[CONTENT] = np.int64(rest) << 31 | np.int64(head) >> 1
    return unknown


@_compiled
def _money(text: Any, row: Any) -> Any:
    """Is the currency of an amount three capital letters? It counts only beside an amount."""
    start, end = row[CURRENCY], row[CURRENCY + 1]
    if not (row[MONEY + 1] or row[MONEY + 3] or row[MONEY + 5]):
        row[CURRENCY] = row[CURRENCY + 1] = 0
        return True
    if not end:
        return True
    if end - start != 5 or byte_at(text, start) != 34:
        return False
    at = start + 1
    while at < end - 1 and 65 <= byte_at(text, at) <= 90:
        at += 1
    return at == end - 1


@_compiled
def lay(rows: Any, facts: Any, kept: Any, names: Any, contexts: Any, word_ends: Any,
        user_first: Any, other_ids: Any, ids_of: Any, pieces: Any) -> Any:  # fmt: skip
    """Note where each text of each event stands.

    `pieces` is int32[9, events, 3]: source, start and end, in the order of `delivery.TEXTS`; those
    of events with ids in `other_ids` are there already. Two arrays: int32[ids, 5] of a word's start
    and end, then the piece; uint32[kept events], how many ids each has.
    """
    ids = np.zeros((2 * len(rows) + len(other_ids), 5), np.int32)
    counts = np.zeros(len(rows), np.uint32)
    used = count = 0
    for at in range(len(rows)):
        if not kept[at]:
            continue
        first = used
        row = rows[at]
        if row[ODD]:
            for other in range(ids_of[at, 0], ids_of[at, 1]):
                ids[used, 2] = EXTRA
                ids[used, 3], ids[used, 4] = other_ids[other]
                used += 1
        else:
            for turn in range(2):
                user = user_first == (turn == 0)
                field, word = (USER, 1) if user else (ANON, 2)
                if row[field + 1]:
                    ids[used, 0], ids[used, 1] = word_ends[word], word_ends[word + 1]
                    ids[used, 3], ids[used, 4] = row[field], row[field + 1]
                    used += 1
            _piece(pieces, 0, at, BODY, row[ID], row[ID + 1])
            _piece(pieces, 1, at, EXTRA, 0, word_ends[1])
            name, context = names[facts[at, NAME_ENTRY]], contexts[facts[at, CONTEXT_ENTRY]]
            _piece(pieces, 2, at, NAMES, name[FACTS], name[FACTS + 1])
            _piece(pieces, 3, at, BODY, row[PROPERTIES], row[PROPERTIES + 1])
            for text in range(3):
                start, end = context[FACTS + 2 * text], context[FACTS + 2 * text + 1]
                _piece(pieces, 5 + text, at, CONTEXTS, start, end)
            if row[CURRENCY + 1]:
                _piece(pieces, 8, at, BODY, row[CURRENCY] + 1, row[CURRENCY + 1] - 1)
        counts[count] = used - first
        count += 1
    return ids[:used], counts[:count]


@_compiled
def _piece(pieces: Any, column: Any, at: Any, source: Any, start: Any, end: Any) -> Any:
    pieces[column, at, 0] = source
    pieces[column, at, 1] = start
    pieces[column, at, 2] = end


@_compiled
def _same(one: Any, other: Any, length: Any) -> Any:
    at = 0
    while at < length and byte_at(one, at) == byte_at(other, at):
        at += 1
    return at == length


@_compiled
def gather(pieces: Any, kept: Any, ids: Any, body: Any, names: Any, contexts: Any,
           extra: Any) -> Any:  # fmt: skip
    """The columns of texts, then the ids, end to end.

    uint8[bytes]; int64[11], where each begins; uint32[10, most], lengths of the values;
    bool[10]: are all values of a column the same? Then it stands there once.
    """
    columns = len(pieces)
    size = 0
    for at in range(len(ids)):
        size += ids[at, 1] - ids[at, 0] + ids[at, 4] - ids[at, 3]
    for column in range(columns):
        for at in range(len(kept)):
            if kept[at]:
                size += pieces[column, at, 2] - pieces[column, at, 1]
    out = np.empty(size, np.uint8)
    whole = out.ctypes.data
    sources = (body.ctypes.data, names.ctypes.data, contexts.ctypes.data, extra.ctypes.data)
    ends = np.zeros(columns + 2, np.int64)
    lengths = np.zeros((columns + 1, max(len(kept), len(ids))), np.uint32)
    same = np.zeros(columns + 1, np.bool_)
    to: Any = 0
    for column in range(columns):
        begin, count, equal = to, 0, True
        for at in range(len(kept)):
            if not kept[at]:
                continue
            piece = pieces[column, at]
            length = np.int64(piece[2] - piece[1])
            copy_bytes(whole + to, sources[piece[0]] + piece[1], length)
            after = to + length
            if count and equal:
                equal = length == lengths[column, 0] and _same(whole + begin, whole + to, length)
            lengths[column, count] = length
            count += 1
            to = after
        if equal and count:
            to = begin + lengths[column, 0]
        same[column] = equal and count > 0
        ends[column + 1] = to
    for at in range(len(ids)):
        word, length = np.int64(ids[at, 1] - ids[at, 0]), np.int64(ids[at, 4] - ids[at, 3])
        copy_bytes(whole + to, sources[EXTRA] + ids[at, 0], word)
        copy_bytes(whole + to + word, sources[ids[at, 2]] + ids[at, 3], length)
        lengths[columns, at] = word + length
        to += word + length
    ends[columns + 1] = to
    return out, ends, lengths, same
