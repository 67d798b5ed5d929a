"""What the bytes of a request say, whatever their labels claim."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import unquote_to_bytes

import numpy as np
from isal import isal_zlib

from hotspring.collect.verdict import Unreadable

GZIP: Final = b"\x1f\x8b"
# The stub of isal declares an exception where there is a class of exceptions.
_DAMAGED: Final = cast("type[Exception]", isal_zlib.IsalError)
_BOM: Final = b"\xef\xbb\xbf"
_URLSAFE: Final = bytes.maketrans(b"-_ ", b"+/+")
_ESCAPE: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def plain(body: bytes, limit: int) -> bytes:
    """Which bytes were sent, once unpacked? At most `limit`, else 413; half a gzip is 400."""
    if len(body) > limit:
        raise _too_large(limit)
    if body[:2] == GZIP:
        body = _inflated(body, limit)
    return body.removeprefix(_BOM).strip()


def mended(body: bytes) -> bytes:
    """The same body with damaged characters replaced, and nothing else changed.

    Bytes that are not UTF-8 and escapes of half a surrogate pair become U+FFFD, so that damage
    costs a character and not its neighbours.
    """
    if not body.isascii():
        body = body.decode("utf-8", "replace").encode()
    if rb"\u" in body:
        body = _ESCAPE.sub(lambda match: rb"\ufffd" if match["lone"] else match[0], body)
    return body


def unbased(text: bytes, limit: int) -> bytes:
    """Which bytes stand behind base64, perhaps URL-safe, unpadded, or with `+` made a space?"""
    clean = text.translate(_URLSAFE).rstrip(b"=")
    try:
        raw = base64.b64decode(clean + b"=" * (-len(clean) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(400, "bad_base64", "the data is neither JSON nor base64") from None
    return plain(raw, limit)


def form(text: bytes) -> dict[str, bytes]:
    """Which fields does a query or a form carry? The last of a name counts; `+` stays `+`."""
    fields: dict[str, bytes] = {}
    for part in text.split(b"&"):
        name, mark, value = part.partition(b"=")
        if mark:
            fields[unquote_to_bytes(name).decode("utf-8", "replace")] = unquote_to_bytes(value)
    return fields


def basic_user(headers: Mapping[str, str]) -> str:
    """Which user name does HTTP Basic give? Empty where there is none."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        user = base64.b64decode(credentials.strip().encode() + b"===")
    except (binascii.Error, ValueError):
        return ""
    return user.partition(b":")[0].decode("utf-8", "replace")


def checksum(text: bytes) -> int:
    """Which number does the JavaScript client write for its data? s[0]·31ⁿ⁻¹ + …, as int32."""
    powers = np.full(len(text), 31, np.uint32)
    powers[:1] = 1
    powers = np.cumprod(powers, dtype=np.uint32)[::-1]
    codes = np.frombuffer(text, np.uint8).astype(np.uint32)
    total = int((codes * powers).sum(dtype=np.uint32))
    return total - 2**32 if total >= 2**31 else total


def _inflated(body: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:
        unpack = isal_zlib.decompressobj(wbits=31)
        try:
            part = unpack.decompress(body, limit + 1 - size)
        except _DAMAGED:
            raise Unreadable(400, "bad_gzip", "the gzip stream is damaged") from None
        parts.append(part)
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        if not unpack.eof:
            raise Unreadable(400, "bad_gzip", "the gzip stream ends too early")
        # A gzip file may hold several streams; what follows the last one is padding.
        body = unpack.unused_data if unpack.unused_data[:2] == GZIP else b""
    return b"".join(parts)


def _too_large(limit: int) -> Unreadable:
    return Unreadable(413, "too_large", f"the body holds more than {limit} bytes")
