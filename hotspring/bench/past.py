"""A folder with a past: many people and events, written through the journal and the pipeline."""

from __future__ import annotations

import contextlib
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from hotspring.app import open_pool
from hotspring.bench.bodies import NAMES
from hotspring.delivery import Packed
from hotspring.journal import DELIVERY, Record
from hotspring.settings import Settings

BODY: Final = 20_000
AHEAD: Final = 40
"""Bodies that may wait for the pipeline."""
MEMBERS: Final = 10
"""One in so many people has signed in."""
DAY_MS: Final = 86_400_000
DAYS: Final = 60
"""The past goes back so many days."""
PROPERTIES: Final = b'{"product_id":"sku-00001","category":"category-7","price":19.9,"quantity":1}'


def make_past(
    folder: Path, profiles: int, events: int, tell: Callable[[str], None] = lambda line: None
) -> float:
    """Fill the folder as a server would have, without its door; how many seconds did it take?

    Everyone has one event first, then whoever chance brings. A tenth of all has two identifiers.
    """
    began = time.monotonic()
    draw = np.random.default_rng(1)
    now = time.time_ns() // 1_000_000
    with contextlib.closing(open_pool(folder, Settings())) as app:
        app.start()
        for number, first in enumerate(range(0, events, BODY)):
            count = min(BODY, events - first)
            people = draw.integers(0, profiles, count)
            if first < profiles:
                people = np.arange(first, first + count) % profiles
            body = _body(draw, people, first, now)
            place = app.journal.append([Record(DELIVERY, now, body, count)])[0]
            while place - app.pipeline.position > AHEAD:
                time.sleep(0.005)
            if number % 100 == 99:
                tell(f"{first + count:,} events, {time.monotonic() - began:.0f} s")
    return time.monotonic() - began


def _body(draw: np.random.Generator, people: np.ndarray, first: int, now: int) -> bytes:
    """A delivery of one event for each of `people`."""
    count = len(people)
    member = people % MEMBERS == 0
    ids = np.empty(count + int(member.sum()), "S33")
    places = np.arange(count) + np.cumsum(member) - member
    ids[places] = _numbered(b"anonymous_id:visitor-", people)
    ids[places[member] + 1] = _numbered(b"user_id:member-00000-", people[member])
    names = [NAMES[at].encode() for at in draw.integers(0, len(NAMES), count)]
    lengths = np.char.str_len(ids)
    return msgspec.msgpack.Encoder().encode(
        Packed(
            "bench",
            now,
            count,
            {
                "message_id": _even(_numbered(b"m", np.arange(first, first + count))),
                "type": (b"track", b""),
                "name": (b"".join(names), array("I", map(len, names)).tobytes()),
                "properties": (PROPERTIES, b""),
                "traits": (b"", b""),
                "context": (b"{}", b""),
                "channel": (b"web", b""),
                "device": (b"desktop", b""),
                "currency": (b"", b""),
            },
            {
                "ms": (now - draw.integers(0, DAYS * DAY_MS, count)).tobytes(),
                "content": draw.integers(0, 2**62, count).tobytes(),
                "flags": np.zeros(count, np.int32).tobytes(),
                "amount": np.full(count, np.nan).tobytes(),
            },
            (b"".join(ids.tolist()), lengths.astype(np.uint32).tobytes()),
            (1 + member).astype(np.uint32).tobytes(),
        )
    )


def _numbered(prefix: bytes, numbers: np.ndarray) -> np.ndarray:
    """Texts of one length: the prefix and twelve digits."""
    digits = np.char.zfill(numbers.astype("S12"), 12)
    return np.char.add(prefix, digits)


def _even(texts: np.ndarray) -> tuple[bytes, bytes]:
    """Texts of one length, end to end, and their lengths."""
    return texts.tobytes(), np.full(len(texts), texts.dtype.itemsize, np.uint32).tobytes()
