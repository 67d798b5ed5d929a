"""One JSON object inside an event: small enough, shallow enough, and fit to be stored."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from hotspring.collect.body import mended
from hotspring.collect.verdict import Reason, Unfit

DEEPEST: Final = 32
LIST: Final = ord("[")
OBJECT: Final = ord("{")
NOTHING: Final = (b"", b"{}", b"null")
_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


def fragment(given: msgspec.Raw, reason: Reason, largest: int) -> tuple[bytes, dict[str, Any]]:
    """What is written here, as bytes and as an object? Nothing and null are an empty object.

    Everything is decoded, read or not: what is stored can then be read by whoever comes later.
    Bytes that are not UTF-8 are replaced.
    Raises `Unfit` with `reason`, `too_large` or `too_deep`.
    """
    raw = bytes(given)
    size = len(raw)
    if size <= 4 and raw in NOTHING:
        return b"{}", {}
    if size > largest:
        raise Unfit(Reason.TOO_LARGE)
    try:
        values = _decode(raw)
    except UnicodeDecodeError:
        return fragment(msgspec.Raw(mended(raw)), reason, largest)
    except RecursionError:
        raise Unfit(Reason.TOO_DEEP) from None
    except msgspec.DecodeError:
        raise Unfit(reason) from None
    # Most objects are flat, which is seen at less cost than how deep others are.
    nested = LIST in raw or OBJECT in raw[1:]
    if nested and raw.count(b"{") + raw.count(b"[") > DEEPEST and _deeper(values, DEEPEST):
        raise Unfit(Reason.TOO_DEEP)
    return raw, values


def _deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels == 0 or any(_deeper(inner, levels - 1) for inner in value.values())
    if isinstance(value, list):
        return levels == 0 or any(_deeper(inner, levels - 1) for inner in value)
    return False
