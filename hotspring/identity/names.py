"""Which dense number does an identifier have? A keyed hash table that keeps no texts."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

import numba
import numpy as np

from hotspring.identity.columns import Hashed

PUBLIC: Final = "p_"
LETTERS: Final = 16


def hashed(size: int) -> Hashed:
    """A free table with at least twice `size` places."""
    places = 1 << max(11, (2 * size - 1).bit_length())
    return Hashed(np.zeros(places, np.uint64), np.full(places, -1, np.int32))


def with_room(table: Hashed, count: int, more: int) -> Hashed:
    """A table that stays at most half full after `more` entries; doubles as it grows."""
    if 2 * (count + more) <= len(table.keys):
        return table
    larger = hashed(max(count + more, 2 * count))
    _refill(table, larger)
    return larger


@numba.njit(cache=True, nogil=True, inline="always")
def place_of(keys: Any, key: Any) -> Any:
    """The place in the table where `key` is or would be."""
    mask = np.uint64(len(keys) - 1)
    # The keys of ties are two small numbers side by side: mix before taking the low bits.
    mixed = key * np.uint64(0x9E3779B97F4A7C15)
    place = (mixed ^ (mixed >> np.uint64(29))) & mask
    while keys[place] != np.uint64(0) and keys[place] != key:
        place = (place + np.uint64(1)) & mask
    return place


@numba.njit(cache=True, nogil=True)
def _refill(table: Any, larger: Any) -> None:
    for i in range(len(table.keys)):
        if table.keys[i] != np.uint64(0):
            place = place_of(larger.keys, table.keys[i])
            larger.keys[place] = table.keys[i]
            larger.values[place] = table.values[i]


@numba.njit(cache=True, nogil=True)
def numbered(prints: Any, table: Any, by_id: Any, count: Any) -> Any:
    """The dense ids of fingerprints, and where new ones stand; these count on from `count`."""
    ids = np.empty(len(prints), np.int32)
    fresh = np.empty(len(prints), np.int32)
    found = 0
    for i in range(len(prints)):
        place = place_of(table.keys, prints[i])
        if table.keys[place] == np.uint64(0):
            table.keys[place] = prints[i]
            table.values[place] = count + found
            by_id[count + found] = prints[i]
            fresh[found] = i
            found += 1
        ids[i] = table.values[place]
    return ids, fresh[:found]


@numba.njit(cache=True, nogil=True)
def enter(keys: Any, table: Any) -> None:
    """Enter keys under their place in the array."""
    for i in range(len(keys)):
        place = place_of(table.keys, keys[i])
        table.keys[place] = keys[i]
        table.values[place] = i


@numba.njit(cache=True, nogil=True)
def numbers_of(prints: Any, table: Any) -> Any:
    """The dense ids of fingerprints, -1 where one is not known."""
    ids = np.empty(len(prints), np.int32)
    for i in range(len(prints)):
        ids[i] = table.values[place_of(table.keys, prints[i])]
    return ids


def number_of(print_: int, table: Hashed) -> int:
    """The dense id of one fingerprint, -1 where it is not known."""
    return int(table.values[place_of(table.keys, np.uint64(print_))])


def public_id(print_: int, secret: bytes) -> str:
    """Under which name does the outside know the profile of this identifier?

    `p_` and 16 letters: the identifier's keyed fingerprint (64 bits), so that the identifier can
    be found from it without another table, and a keyed check of 16 bits, so that a made-up name
    finds nobody. Both need the secret of the pool; a rebuild gives the same names.
    """
    head = print_.to_bytes(8, "big")
    text = base64.b32encode(head + _check(head, secret)).decode("ascii")
    return PUBLIC + text.lower()


def print_of(name: str, secret: bytes) -> int | None:
    """Which fingerprint does a public id name? None where it is not one of this pool."""
    letters = name.removeprefix(PUBLIC)
    if len(letters) != LETTERS or not name.startswith(PUBLIC) or letters != letters.lower():
        return None
    try:
        raw = base64.b32decode(letters.upper())
    except ValueError:
        return None
    return int.from_bytes(raw[:8], "big") if _check(raw[:8], secret) == raw[8:] else None


def _check(head: bytes, secret: bytes) -> bytes:
    return hashlib.blake2b(head, digest_size=2, key=secret, person=b"profile").digest()
