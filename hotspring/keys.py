"""Short keyed fingerprints of texts, for tables in memory that an outsider cannot make collide."""

from __future__ import annotations

import functools
from typing import Any, Final

import numba
import numpy as np
import pyarrow as pa

KEY_BYTES: Final = 16


def fingerprints(texts: pa.StringArray, key: bytes) -> np.ndarray:
    """Which 64-bit number stands for each text, under this key?

    uint64[n], never 0, the same in every process. SipHash-2-4 (Aumasson and Bernstein, 2012) of
    the UTF-8 bytes: whoever does not know the 16-byte key cannot craft two texts with one number.
    """
    k0, k1 = _halves(key)
    _, offsets, data = texts.buffers()
    count = len(texts)
    if count == 0:
        return np.empty(0, np.uint64)
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + count + 1]
    bytes_ = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    return np.asarray(_siphash(bytes_, ends, k0, k1))


def run_fingerprints(data: bytes, lengths: bytes, key: bytes) -> np.ndarray:
    """Which numbers does `fingerprints` give for texts that lie end to end, of uint32 `lengths`?"""
    sizes = np.frombuffer(lengths, np.uint32)
    return np.asarray(_siphash_run(np.frombuffer(data, np.uint8), sizes, *_halves(key)))


@functools.lru_cache(maxsize=1024)
def _halves(key: bytes) -> tuple[np.uint64, np.uint64]:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a fingerprint key has {KEY_BYTES} bytes, this one {len(key)}")
    k0, k1 = np.frombuffer(key, "<u8")
    return k0, k1


@numba.njit(cache=True, nogil=True, inline="always")
def _rotated(x: Any, by: Any) -> Any:
    return (x << np.uint64(by)) | (x >> np.uint64(64 - by))


@numba.njit(cache=True, nogil=True, inline="always")
def _round(v0: Any, v1: Any, v2: Any, v3: Any) -> Any:
    v0 = v0 + v1
    v1 = _rotated(v1, 13) ^ v0
    v0 = _rotated(v0, 32)
    v2 = v2 + v3
    v3 = _rotated(v3, 16) ^ v2
    v0 = v0 + v3
    v3 = _rotated(v3, 21) ^ v0
    v2 = v2 + v1
    v1 = _rotated(v1, 17) ^ v2
    v2 = _rotated(v2, 32)
    return v0, v1, v2, v3


@numba.njit(cache=True, nogil=True)
def _siphash(data: Any, ends: Any, k0: Any, k1: Any) -> Any:
    out = np.empty(len(ends) - 1, np.uint64)
    for i in range(len(out)):
        start = ends[i]
        length = ends[i + 1] - start
        v0 = k0 ^ np.uint64(0x736F6D6570736575)
        v1 = k1 ^ np.uint64(0x646F72616E646F6D)
        v2 = k0 ^ np.uint64(0x6C7967656E657261)
        v3 = k1 ^ np.uint64(0x7465646279746573)
        whole = length - length % 8
        for at in range(start, start + whole, 8):
            word = np.uint64(0)
            for b in range(8):
                word |= np.uint64(data[at + b]) << np.uint64(8 * b)
            v3 ^= word
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
            v0 ^= word
        word = np.uint64(length & 0xFF) << np.uint64(56)
        for b in range(length - whole):
            word |= np.uint64(data[start + whole + b]) << np.uint64(8 * b)
        v3 ^= word
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
        v2 ^= np.uint64(0xFF)
        for _ in range(4):
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        value = v0 ^ v1 ^ v2 ^ v3
        # 0 marks an empty slot in the tables that use these numbers.
        out[i] = value if value != 0 else np.uint64(1)
    return out


@numba.njit(cache=True, nogil=True)
def _siphash_run(data: Any, lengths: Any, k0: Any, k1: Any) -> Any:
    ends = np.zeros(len(lengths) + 1, np.int32)
    for i in range(len(lengths)):
        ends[i + 1] = ends[i] + np.int32(lengths[i])
    return _siphash(data, ends, k0, k1)
