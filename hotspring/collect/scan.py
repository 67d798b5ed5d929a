"""Finding the events of a plain batch and their fields in one compiled pass over its bytes.

A *plain* body is valid JSON whose strings are UTF-8: all that a client library writes. Where there
is any doubt the answer is "not plain" for the body, or "odd" for one event, and the general reader,
which is several times slower, has the word. So nothing here decides what is refused.
"""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np

from hotspring.collect.address import byte_at
from hotspring.collect.walk import ESCAPED, PLAIN, key, marks_of, same_word, space, string, value

START, END, ODD = 0, 1, 2
ID, NAME, USER, ANON, TIME, ORIGINAL, PROPERTIES, CONTEXT = 3, 5, 7, 9, 11, 13, 15, 17
MONEY, CURRENCY = 19, 25
"""MONEY has a place for each of revenue, total and value, in this order."""
WIDTH: Final = 27
"""Of a row: each field but the first three is a start and an end in the body, both 0 where the
event does not have it. Texts stand without their quotes."""

WRITE_KEY, SENT_AT, COUNT = 0, 2, 4
"""Of what is said around the events: two values as JSON, and how many events there are."""

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

_compiled: Final = numba.njit(cache=True, nogil=True)


def scan(body: bytes, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Where do the events of this batch stand, and what is said around them?

    `body` is an object with a list `batch` of at most `most` events. Two arrays: int32
    [events, WIDTH], and int32[5] of WRITE_KEY, SENT_AT and COUNT, which is -1 for a body that is
    not plain.
    """
    text = np.frombuffer(body, np.uint8)
    rows, around = _scan(text, marks_of(text), most)
    return rows, around


@_compiled
def _telling(text: Any, size: Any, start: Any, end: Any) -> Any:
    """Which of the properties that say more than what is stored of them is this? -1: none."""
    width = end - start
    if width == 5:
        if same_word(text, size, start, end, _TOTAL):
            return MONEY + 2
        if same_word(text, size, start, end, _VALUE):
            return MONEY + 4
    elif width == 7 and same_word(text, size, start, end, _REVENUE):
        return MONEY
    elif width == 8:
        if same_word(text, size, start, end, _CURRENCY):
            return CURRENCY
        if same_word(text, size, start, end, _PROVINCE):
            return 0
    elif (width == 6 and same_word(text, size, start, end, _ADCODE)) or (
        width == 4 and same_word(text, size, start, end, _CITY)
    ):
        return 0
    return -1


@_compiled
def _properties(text: Any, size: Any, marks: Any, at: Any, row: Any) -> Any:
    """Note the properties that begin at `at`; where they end, -1 where they are damaged."""
    begin = at
    at = space(text, size, at + 1)
    if at < size and byte_at(text, at) == 125:
        row[PROPERTIES], row[PROPERTIES + 1] = begin, at + 1
        return at + 1
    while True:
        start = space(text, size, at) + 1
        end, kind, at = key(text, size, marks, at)
        if at < 0:
            return -1
        field = _telling(text, size, start, end)
        first = byte_at(text, at)
        valued = at
        at, odd = value(text, size, marks, at)
        if at < 0:
            return -1
        if odd or kind & ESCAPED:
            row[ODD] = 1
        if field >= 0 and first != 110:
            number = first == 45 or 48 <= first <= 57
            if field == CURRENCY:
                row[field], row[field + 1] = valued, at
            elif field == 0 or not number or row[field + 1]:
                row[ODD] = 1
            else:
                row[field], row[field + 1] = valued, at
        elif field >= MONEY and row[field + 1]:
            row[ODD] = 1
        at = space(text, size, at)
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
    _, kind = string(text, size, marks, start + 1)
    if kind != PLAIN or end - start - 2 > LONGEST or (end - start == 2 and not empty):
        row[ODD] = 1
    elif end - start > 2:
        row[field], row[field + 1] = start + 1, end - 1


@_compiled
def _field(text: Any, size: Any, start: Any, end: Any) -> Any:
    """Which field of an event has this name? -1: none that is read."""
    width = end - start
    if width == 4 and same_word(text, size, start, end, _TYPE):
        return START
    if width == 5 and same_word(text, size, start, end, _EVENT):
        return NAME
    if width == 6:
        if same_word(text, size, start, end, _USER):
            return USER
        if same_word(text, size, start, end, _SENT):
            return END
    if width == 7 and same_word(text, size, start, end, _CONTEXT):
        return CONTEXT
    if width == 9:
        if same_word(text, size, start, end, _MESSAGE):
            return ID
        if same_word(text, size, start, end, _TIME):
            return TIME
    if width == 10 and same_word(text, size, start, end, _PROPERTIES):
        return PROPERTIES
    if width == 11 and same_word(text, size, start, end, _ANON):
        return ANON
    if width == 17 and same_word(text, size, start, end, _ORIGINAL):
        return ORIGINAL
    return -1


@_compiled
def _note(text: Any, size: Any, marks: Any, field: Any, start: Any, end: Any, row: Any) -> Any:
    """Note the value of one field that is no object, or doubt the event."""
    if field == START:
        if byte_at(text, start) != 34 or not same_word(text, size, start + 1, end - 1, _TRACK):
            row[ODD] = 1
    elif field == NAME:
        if byte_at(text, start) == 34:
            row[NAME], row[NAME + 1] = start + 1, end - 1
        else:
            row[ODD] = 1
    elif field == PROPERTIES:
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
    at = space(text, size, at + 1)
    seen = 0
    typed = False
    while True:
        start = space(text, size, at) + 1
        end, kind, at = key(text, size, marks, at)
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
            valued = at
            at, odd = value(text, size, marks, at)
            if at < 0:
                return -1
            if odd:
                row[ODD] = 1
            typed |= field == START
            if field >= 0:
                _note(text, size, marks, field, valued, at, row)
        at = space(text, size, at)
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
    at = space(text, size, at + 1)
    if at < size and byte_at(text, at) == 93:
        return rows[:0], at + 1
    while True:
        at = space(text, size, at)
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
        at = space(text, size, at)
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
    at = space(text, size, 0)
    if at >= size or byte_at(text, at) != 123:
        return rows, around
    at += 1
    while True:
        start = space(text, size, at) + 1
        end, kind, at = key(text, size, marks, at)
        # A context for all events, and names that are written oddly, are for the general reader.
        if at < 0 or kind != PLAIN or same_word(text, size, start, end, _CONTEXT):
            return rows, around
        valued = at
        if same_word(text, size, start, end, _BATCH):
            if found or byte_at(text, at) != 91:
                return rows, around
            found = True
            rows, at = _events(text, size, marks, at, most)
            odd = False
        else:
            at, odd = value(text, size, marks, at)
        if at < 0 or odd:
            return rows, around
        if same_word(text, size, start, end, _WRITE_KEY):
            around[WRITE_KEY], around[WRITE_KEY + 1] = valued, at
        elif same_word(text, size, start, end, _SENT):
            around[SENT_AT], around[SENT_AT + 1] = valued, at
        at = space(text, size, at)
        if at >= size:
            return rows, around
        if byte_at(text, at) == 125:
            break
        if byte_at(text, at) != 44:
            return rows, around
        at += 1
    if found and space(text, size, at + 1) == size:
        around[COUNT] = len(rows)
    return rows, around
