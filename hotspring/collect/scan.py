"""Finding the events of a plain batch and their fields in one compiled pass over its bytes.

A *plain* body is valid JSON whose strings are UTF-8: all that a client library writes. Where there
is any doubt the answer is "not plain" for the body, or "odd" for one event, and the general reader,
which is several times slower, has the word. So nothing here decides what is refused.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from hotspring.collect.address import byte_at, mark_at

START, END, ODD = 0, 1, 2
ID, NAME, USER, ANON, TIME, ORIGINAL, PROPERTIES, CONTEXT = 3, 5, 7, 9, 11, 13, 15, 17
MONEY, CURRENCY = 19, 25
"""MONEY has a place for each of revenue, total and value, in this order."""
WIDTH: Final = 27
"""Of a row: each field but the first three is a start and an end in the body, both 0 where the
event does not have it. Texts stand without their quotes."""

WRITE_KEY, SENT_AT, COUNT = 0, 2, 4
"""Of what is said around the events: two values as JSON, and how many events there are."""

DEEPEST: Final = 16
"""Levels of nesting within one value; what is deeper is left to the general reader."""
DIGITS: Final = 18
LONGEST: Final = 256


def _words(*words: str) -> tuple[np.ndarray, ...]:
    return tuple(np.frombuffer(word.encode(), np.uint8) for word in words)


_TYPE, _TRACK, _EVENT, _MESSAGE, _USER, _ANON = _words(
    "type", "track", "event", "messageId", "userId", "anonymousId"
)
_TIME, _ORIGINAL, _SENT, _PROPERTIES, _CONTEXT = _words(
    "timestamp", "originalTimestamp", "sentAt", "properties", "context"
)
_BATCH, _WRITE_KEY = _words("batch", "writeKey")
_REVENUE, _TOTAL, _VALUE, _CURRENCY = _words("revenue", "total", "value", "currency")
_ADCODE, _CITY, _PROVINCE = _words("adcode", "city", "province")
_TRUE, _FALSE, _NULL = _words("true", "false", "null")

PLAIN, FOREIGN, ESCAPED, HALF = 0, 1, 2, 4
"""Of a string: printable ASCII alone; other characters; escapes; escapes of surrogates."""

_compiled: Final = numba.njit(cache=True, nogil=True)


def scan(body: bytes, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Where do the events of this batch stand, and what is said around them?

    `body` is an object with a list `batch` of at most `most` events. Two arrays: int32
    [events, WIDTH], and int32[5] of WRITE_KEY, SENT_AT and COUNT, which is -1 for a body that is
    not plain.
    """
    text = np.frombuffer(body, np.uint8)
    rows, around = _scan(text, _marks(text), most)
    return rows, around


@_compiled
def _marks(text: Any) -> Any:
    """int32[n]: of each place, the next byte from there on that does not stand for itself in a
    string; n where there is none."""
    marks = np.empty(len(text), np.int32)
    following = len(text)
    for at in range(len(text) - 1, -1, -1):
        byte = text[at]
        special = (
            (np.uint8(byte - np.uint8(32)) > np.uint8(94))
            | (byte == np.uint8(34))
            | (byte == np.uint8(92))
        )
        following = at if special else following
        marks[at] = following
    return marks


@_compiled
def _space(text: Any, size: Any, at: Any) -> Any:
    while at < size and (
        byte_at(text, at) == 32
        or byte_at(text, at) == 10
        or byte_at(text, at) == 13
        or byte_at(text, at) == 9
    ):
        at += 1
    return at


@_compiled
def _is(text: Any, size: Any, start: Any, end: Any, word: Any) -> Any:
    if end - start != len(word):
        return False
    at = 0
    while at < len(word) and byte_at(text, start + at) == word[at]:
        at += 1
    return at == len(word)


@_compiled
def _character(text: Any, size: Any, at: Any) -> Any:
    """Where the UTF-8 character that begins here ends; -1 where it is none."""
    lead = byte_at(text, at)
    low, high, more = 0x80, 0xBF, 1
    if lead < 0xC2 or lead > 0xF4:
        return -1
    if lead >= 0xF0:
        more = 3
        if lead == 0xF0:
            low = 0x90
        elif lead == 0xF4:
            high = 0x8F
    elif lead >= 0xE0:
        more = 2
        if lead == 0xE0:
            low = 0xA0
        elif lead == 0xED:
            high = 0x9F
    if at + more >= size:
        return -1
    for i in range(1, more + 1):
        if byte_at(text, at + i) < low or byte_at(text, at + i) > high:
            return -1
        low, high = 0x80, 0xBF
    return at + more + 1


@_compiled
def _hexadecimal(byte: Any) -> Any:
    if 48 <= byte <= 57:
        return byte - 48
    byte |= 32
    if 97 <= byte <= 102:
        return byte - 87
    return -1


@_compiled
def _string(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """The place of the closing quote (-1: none, or damaged), and of what kind the string is."""
    kind = PLAIN
    while at < size:
        at = mark_at(marks, at)
        if at >= size:
            return -1, kind
        byte = byte_at(text, at)
        if byte == 34:
            return at, kind
        if byte >= 128:
            kind |= FOREIGN
            at = _character(text, size, at)
            if at < 0:
                return -1, kind
        elif byte == 127:
            kind |= FOREIGN
            at += 1
        elif byte < 32 or at + 1 >= size:
            return -1, kind
        else:
            kind |= ESCAPED
            mark = byte_at(text, at + 1)
            if mark == 117:
                if at + 5 >= size:
                    return -1, kind
                code = 0
                for i in range(2, 6):
                    digit = _hexadecimal(byte_at(text, at + i))
                    if digit < 0:
                        return -1, kind
                    code = code * 16 + digit
                if 0xD800 <= code <= 0xDFFF:
                    kind |= HALF
                at += 6
            elif (
                mark == 34 or mark == 92 or mark == 47 or mark == 98
                or mark == 102 or mark == 110 or mark == 114 or mark == 116
            ):  # fmt: skip
                at += 2
            else:
                return -1, kind
    return -1, kind


@_compiled
def _number(text: Any, size: Any, at: Any) -> Any:
    """Where the number ends (-1: it is none), and whether it is an odd one: long, or with an e."""
    begin = at
    if byte_at(text, at) == 45:
        at += 1
    first = at
    while at < size and 48 <= byte_at(text, at) <= 57:
        at += 1
    whole = at - first
    if whole == 0 or (whole > 1 and byte_at(text, first) == 48):
        return -1, False
    if at < size and byte_at(text, at) == 46:
        first = at + 1
        at = first
        while at < size and 48 <= byte_at(text, at) <= 57:
            at += 1
        if at == first:
            return -1, False
    odd = at - begin > DIGITS
    if at < size and (byte_at(text, at) | 32) == 101:
        odd = True
        at += 1
        if at < size and (byte_at(text, at) == 43 or byte_at(text, at) == 45):
            at += 1
        first = at
        while at < size and 48 <= byte_at(text, at) <= 57:
            at += 1
        if at == first:
            return -1, False
    return at, odd


@_compiled
def _scalar(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """Where the value that begins here and is no list and no object ends, and whether it is odd."""
    byte = byte_at(text, at)
    if byte == 34:
        end, kind = _string(text, size, marks, at + 1)
        return (end + 1 if end >= 0 else -1), (kind & HALF) != 0
    if byte == 45 or 48 <= byte <= 57:
        return _number(text, size, at)
    if byte == 116 and _is(text, size, at, min(at + 4, size), _TRUE):
        return at + 4, False
    if byte == 110 and _is(text, size, at, min(at + 4, size), _NULL):
        return at + 4, False
    if byte == 102 and _is(text, size, at, min(at + 5, size), _FALSE):
        return at + 5, False
    return -1, False


@_compiled
def _key(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """The place of a name's closing quote, its kind, and where its value begins; -1 if damaged."""
    at = _space(text, size, at)
    if at >= size or byte_at(text, at) != 34:
        return -1, PLAIN, -1
    end, kind = _string(text, size, marks, at + 1)
    if end < 0:
        return -1, kind, -1
    at = _space(text, size, end + 1)
    if at >= size or byte_at(text, at) != 58:
        return -1, kind, -1
    at = _space(text, size, at + 1)
    return end, kind, (at if at < size else -1)


@_compiled
def _value(text: Any, size: Any, marks: Any, at: Any) -> Any:
    """Where the value that begins here ends (-1: it is damaged), and whether it is odd."""
    odd = False
    depth = 0
    objects = 0
    while True:
        at = _space(text, size, at)
        if at >= size:
            return -1, odd
        byte = byte_at(text, at)
        if byte == 123 or byte == 91:
            inner = _space(text, size, at + 1)
            if inner >= size:
                return -1, odd
            if byte_at(text, inner) == byte + 2:
                at = inner + 1
            else:
                depth += 1
                if depth > DEEPEST:
                    return -1, odd
                objects = objects << 1 | (1 if byte == 123 else 0)
                at = inner
                if byte == 123:
                    _, kind, at = _key(text, size, marks, at)
                    if at < 0:
                        return -1, odd
                    odd |= (kind & HALF) != 0
                continue
        else:
            at, strange = _scalar(text, size, marks, at)
            if at < 0:
                return -1, odd
            odd |= strange
        while True:
            if depth == 0:
                return at, odd
            at = _space(text, size, at)
            if at >= size:
                return -1, odd
            byte = byte_at(text, at)
            if byte == 44:
                at += 1
                if objects & 1:
                    _, kind, at = _key(text, size, marks, at)
                    if at < 0:
                        return -1, odd
                    odd |= (kind & HALF) != 0
                break
            if byte != (125 if objects & 1 else 93):
                return -1, odd
            objects >>= 1
            depth -= 1
            at += 1


@_compiled
def _telling(text: Any, size: Any, start: Any, end: Any) -> Any:
    """Which of the properties that say more than what is stored of them is this? -1: none."""
    width = end - start
    if width == 5:
        if _is(text, size, start, end, _TOTAL):
            return MONEY + 2
        if _is(text, size, start, end, _VALUE):
            return MONEY + 4
    elif width == 7 and _is(text, size, start, end, _REVENUE):
        return MONEY
    elif width == 8:
        if _is(text, size, start, end, _CURRENCY):
            return CURRENCY
        if _is(text, size, start, end, _PROVINCE):
            return 0
    elif (width == 6 and _is(text, size, start, end, _ADCODE)) or (
        width == 4 and _is(text, size, start, end, _CITY)
    ):
        return 0
    return -1


@_compiled
def _properties(text: Any, size: Any, marks: Any, at: Any, row: Any) -> Any:
    """Note the properties that begin at `at`; where they end, -1 where they are damaged."""
    begin = at
    at = _space(text, size, at + 1)
    if at < size and byte_at(text, at) == 125:
        row[PROPERTIES], row[PROPERTIES + 1] = begin, at + 1
        return at + 1
    while True:
        start = _space(text, size, at) + 1
        end, kind, at = _key(text, size, marks, at)
        if at < 0:
            return -1
        field = _telling(text, size, start, end)
        first = byte_at(text, at)
        value = at
        at, odd = _value(text, size, marks, at)
        if at < 0:
            return -1
        if odd or kind & ESCAPED:
            row[ODD] = 1
        if field >= 0 and first != 110:
            number = first == 45 or 48 <= first <= 57
            if field == CURRENCY:
                row[field], row[field + 1] = value, at
            elif field == 0 or not number or row[field + 1]:
                row[ODD] = 1
            else:
                row[field], row[field + 1] = value, at
        elif field >= MONEY and row[field + 1]:
            row[ODD] = 1
        at = _space(text, size, at)
        if at >= size:
            return -1
        if byte_at(text, at) == 125:
            row[PROPERTIES], row[PROPERTIES + 1] = begin, at + 1
            return at + 1
        if byte_at(text, at) != 44:
            return -1
        at += 1


@_compiled
def _text(
    text: Any, size: Any, marks: Any, start: Any, end: Any, row: Any, field: Any, empty: Any
) -> Any:
    """Note a value that should be a short text of printable ASCII, or null where it may be."""
    if byte_at(text, start) == 110:
        if not empty:
            row[ODD] = 1
        return
    if byte_at(text, start) != 34:
        row[ODD] = 1
        return
    _, kind = _string(text, size, marks, start + 1)
    if kind != PLAIN or end - start - 2 > LONGEST or (end - start == 2 and not empty):
        row[ODD] = 1
    elif end - start > 2:
        row[field], row[field + 1] = start + 1, end - 1


@_compiled
def _field(text: Any, size: Any, start: Any, end: Any) -> Any:
    """Which field of an event has this name? -1: none that is read."""
    width = end - start
    if width == 4 and _is(text, size, start, end, _TYPE):
        return START
    if width == 5 and _is(text, size, start, end, _EVENT):
        return NAME
    if width == 6:
        if _is(text, size, start, end, _USER):
            return USER
        if _is(text, size, start, end, _SENT):
            return END
    if width == 7 and _is(text, size, start, end, _CONTEXT):
        return CONTEXT
    if width == 9:
        if _is(text, size, start, end, _MESSAGE):
            return ID
        if _is(text, size, start, end, _TIME):
            return TIME
    if width == 10 and _is(text, size, start, end, _PROPERTIES):
        return PROPERTIES
    if width == 11 and _is(text, size, start, end, _ANON):
        return ANON
    if width == 17 and _is(text, size, start, end, _ORIGINAL):
        return ORIGINAL
    return -1


@_compiled
def _note(text: Any, size: Any, marks: Any, field: Any, start: Any, end: Any, row: Any) -> Any:
    """Note the value of one field that is no object, or doubt the event."""
    if field == START:
        if byte_at(text, start) != 34 or not _is(text, size, start + 1, end - 1, _TRACK):
            row[ODD] = 1
    elif field == NAME:
        if byte_at(text, start) == 34:
            row[NAME], row[NAME + 1] = start + 1, end - 1
        else:
            row[ODD] = 1
    elif field == END:
        if byte_at(text, start) != 110:
            row[ODD] = 1
    elif field == CONTEXT:
        if byte_at(text, start) == 123:
            row[CONTEXT], row[CONTEXT + 1] = start, end
        else:
            row[ODD] = 1
    elif field == ID:
        _text(text, size, marks, start, end, row, ID, False)
    else:
        _text(text, size, marks, start, end, row, field, True)


@_compiled
def _event(text: Any, size: Any, marks: Any, at: Any, row: Any) -> Any:
    """Note the fields of the event that begins at `at`; where it ends, -1 where it is damaged."""
    row[START] = at
    at = _space(text, size, at + 1)
    seen = 0
    typed = False
    while True:
        start = _space(text, size, at) + 1
        end, kind, at = _key(text, size, marks, at)
        if at < 0:
            return -1
        field = _field(text, size, start, end)
        if kind & ESCAPED:
            row[ODD] = 1
        if field >= 0:
            if seen >> field & 1:
                row[ODD] = 1
            seen |= 1 << field
        if field == PROPERTIES and byte_at(text, at) == 123:
            at = _properties(text, size, marks, at, row)
            if at < 0:
                return -1
        else:
            value = at
            at, odd = _value(text, size, marks, at)
            if at < 0:
                return -1
            if odd:
                row[ODD] = 1
            typed |= field == START
            if field >= 0:
                _note(text, size, marks, field, value, at, row)
        at = _space(text, size, at)
        if at >= size:
            return -1
        if byte_at(text, at) == 125:
            break
        if byte_at(text, at) != 44:
            return -1
        at += 1
    row[END] = at + 1
    # What nearly every event has; the general reader knows what else an event may be.
    if not typed or not row[ID + 1] or not row[NAME + 1] or not row[PROPERTIES + 1]:
        row[ODD] = 1
    if not row[CONTEXT + 1] or not (row[USER + 1] or row[ANON + 1]):
        row[ODD] = 1
    return at + 1


@_compiled
def _events(text: Any, size: Any, marks: Any, at: Any, most: Any) -> Any:
    """The rows of the events in the list that begins at `at`, and where it ends, -1 if damaged."""
    rows = np.zeros((128, WIDTH), np.int32)
    count = 0
    at = _space(text, size, at + 1)
    if at < size and byte_at(text, at) == 93:
        return rows[:0], at + 1
    while True:
        at = _space(text, size, at)
        if at >= size or byte_at(text, at) != 123 or count > most:
            return rows[:0], -1
        if count == len(rows):
            longer = np.zeros((2 * count, WIDTH), np.int32)
            longer[:count] = rows
            rows = longer
        at = _event(text, size, marks, at, rows[count])
        if at < 0:
            return rows[:0], -1
        count += 1
        at = _space(text, size, at)
        if at >= size:
            return rows[:0], -1
        if byte_at(text, at) == 93:
            return rows[:count], at + 1
        if byte_at(text, at) != 44:
            return rows[:0], -1
        at += 1


@_compiled
def _scan(body: Any, places: Any, most: Any) -> Any:
    text, size, marks = body.ctypes.data, len(body), places.ctypes.data
    around = np.zeros(5, np.int32)
    around[COUNT] = -1
    rows = np.zeros((0, WIDTH), np.int32)
    found = False
    at = _space(text, size, 0)
    if at >= size or byte_at(text, at) != 123:
        return rows, around
    at += 1
    while True:
        start = _space(text, size, at) + 1
        end, kind, at = _key(text, size, marks, at)
        # A context for all events, and names that are written oddly, are for the general reader.
        if at < 0 or kind != PLAIN or _is(text, size, start, end, _CONTEXT):
            return rows, around
        value = at
        if _is(text, size, start, end, _BATCH):
            if found or byte_at(text, at) != 91:
                return rows, around
            found = True
            rows, at = _events(text, size, marks, at, most)
            odd = False
        else:
            at, odd = _value(text, size, marks, at)
        if at < 0 or odd:
            return rows, around
        if _is(text, size, start, end, _WRITE_KEY):
            around[WRITE_KEY], around[WRITE_KEY + 1] = value, at
        elif _is(text, size, start, end, _SENT):
            around[SENT_AT], around[SENT_AT + 1] = value, at
        at = _space(text, size, at)
        if at >= size:
            return rows, around
        if byte_at(text, at) == 125:
            break
        if byte_at(text, at) != 44:
            return rows, around
        at += 1
    if found and _space(text, size, at + 1) == size:
        around[COUNT] = len(rows)
    return rows, around
