"""Which events came before, as far as the door remembers: enough to tell a client of repeats."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Final, NamedTuple

import numba
import numpy as np

from hotspring.delivery import NUMBERS, Columns
from hotspring.keys import KEY_BYTES, run_fingerprints

GENERATION: Final = 250_000
"""Ids of one generation; two are kept."""


class Fingerprints(NamedTuple):
    """What tells events apart: uint64[n] of source and message id, int64[n] of the content."""

    keys: np.ndarray
    contents: np.ndarray


class Recent:
    """Ids and contents of the events that were journalled lately.

    Only for the answer: every event is journalled, and the pipeline decides in journal order. Ids
    are kept as fingerprints under a key that ends with the process.
    """

    def __init__(self, generation: int = GENERATION) -> None:
        self._most = generation
        self._key = os.urandom(KEY_BYTES)
        self._keys: dict[str, bytes] = {}
        self._slots = 1 << (2 * generation - 1).bit_length()
        self._young, self._old = self._empty(), self._empty()
        self._count = 0

    def fingerprints(self, source: str, columns: Columns) -> Fingerprints:
        """What tells these events of a source apart from others?"""
        key = self._keys.get(source)
        if key is None:
            key = hashlib.blake2b(source.encode(), digest_size=KEY_BYTES, key=self._key).digest()
            self._keys[source] = key
        contents = np.frombuffer(columns.numbers["content"], NUMBERS["content"])
        return Fingerprints(run_fingerprints(*columns.run("message_id"), key), contents)

    def known(self, events: Fingerprints) -> tuple[list[int], list[int]]:
        """Which of these repeat an earlier event, and which give its id to another content?

        Two lists of places; those before count as earlier ones.
        """
        found, some = _compared(*events, *self._young, *self._old)
        if not some:
            return [], []
        return np.flatnonzero(found == 1).tolist(), np.flatnonzero(found == 2).tolist()

    def remember(self, events: Fingerprints) -> None:
        """These are durable now."""
        # Larger bodies than a generation are remembered in parts.
        for first in range(0, len(events.keys), self._most):
            part = slice(first, first + self._most)
            if self._count + len(events.keys[part]) > self._most:
                self._old, self._young, self._count = self._young, self._empty(), 0
            self._count += _added(events.keys[part], events.contents[part], *self._young)

    def _empty(self) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(self._slots, np.uint64), np.zeros(self._slots, np.int64)


@numba.njit(cache=True, nogil=True)
def _place(keys: Any, key: Any) -> Any:
    mask = np.uint64(len(keys) - 1)
    at = key & mask
    while keys[at] != 0 and keys[at] != key:
        at = (at + np.uint64(1)) & mask
    return at


@numba.njit(cache=True, nogil=True)
def _compared(keys: Any, contents: Any, young: Any, young_contents: Any, old: Any,
              old_contents: Any) -> Any:  # fmt: skip
    """Of each event: 0 it is new, 1 it repeats an earlier one, 2 it contradicts one; and is there
    any but new ones?"""
    some = False
    found = np.zeros(len(keys), np.int8)
    own = np.zeros(_size(2 * len(keys)), np.uint64)
    own_contents = np.zeros(len(own), np.int64)
    for i in range(len(keys)):
        here, at, before = _place(own, keys[i]), _place(young, keys[i]), _place(old, keys[i])
        if own[here]:
            earlier = own_contents[here]
        elif young[at]:
            earlier = young_contents[at]
        elif old[before]:
            earlier = old_contents[before]
        else:
            own[here], own_contents[here] = keys[i], contents[i]
            continue
        found[i] = 1 if earlier == contents[i] else 2
        some = True
    return found, some


@numba.njit(cache=True, nogil=True)
def _size(least: Any) -> Any:
    size = 16
    while size < least:
        size *= 2
    return size


@numba.njit(cache=True, nogil=True)
def _added(keys: Any, contents: Any, table: Any, table_contents: Any) -> Any:
    """Put what is not there yet into the table; how many were put?"""
    added = 0
    for i in range(len(keys)):
        at = _place(table, keys[i])
        # What came first under an id stays.
        if not table[at]:
            table[at], table_contents[at] = keys[i], contents[i]
            added += 1
    return added
