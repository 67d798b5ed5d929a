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
PRECISION: Final = 50.0
"""Metres."""
TRAIT: Final = b'{"set":{"city_tier":"first"}}'
PROPERTIES: Final = b'{"product_id":"sku-00001","category":"category-7","price":19.9,"quantity":1}'


class Homes:
    """Where people live: around the middles of districts of China, large ones and small ones."""

    def __init__(self, people: int, province: str = "") -> None:
        """All over China, or in the province whose codes begin so."""
        from hotspring.geo import Areas, Atlas

        draw, atlas = np.random.default_rng(2), Atlas()
        ids = Areas(atlas).levels["district"].ids
        codes = np.array(
            [int(id_) for id_ in ids if id_.isdigit() and id_.startswith(province)], np.int32
        )
        middles = np.array([atlas.centre(int(code)) for code in codes])
        weight = draw.pareto(1.2, len(codes)) + 0.05
        chosen = draw.choice(len(codes), people, p=weight / weight.sum())
        self.adcode = codes[chosen]
        self.lon, self.lat = (middles[chosen] + draw.normal(0, 0.02, (people, 2))).T

    def columns(self, people: np.ndarray) -> dict[str, bytes]:
        """The columns of places of events by these people, at home."""
        return {
            "lon": self.lon[people].tobytes(),
            "lat": self.lat[people].tobytes(),
            "precision": np.full(len(people), PRECISION).tobytes(),
            "adcode": self.adcode[people].tobytes(),
        }


def make_past(
    folder: Path,
    profiles: int,
    events: int,
    tell: Callable[[str], None] = lambda line: None,
    homes: Homes | None = None,
) -> float:
    """Fill the folder as a server would have, without its door; how many seconds did it take?

    Everyone has one event first, then whoever chance brings. A tenth of all has two identifiers.
    With `homes` everyone has signed in, all events have a place, and a tenth has a trait.
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
            body = _body(draw, people, first, now, homes)
            place = app.journal.append([Record(DELIVERY, now, body, count)])[0]
            while place - app.pipeline.position > AHEAD:
                time.sleep(0.005)
            if number % 100 == 99:
                tell(f"{first + count:,} events, {time.monotonic() - began:.0f} s")
    return time.monotonic() - began


def _body(
    draw: np.random.Generator, people: np.ndarray, first: int, now: int, homes: Homes | None
) -> bytes:
    """A delivery of one event for each of `people`."""
    count = len(people)
    names = [NAMES[at].encode() for at in draw.integers(0, len(NAMES), count)]
    ids, id_counts = _identifiers(people) if homes is None else _members(people)
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
                "traits": (b"", b"") if homes is None else _traits(people),
                "context": (b"{}", b""),
                "channel": (b"web", b""),
                "device": (b"desktop", b""),
                "currency": (b"", b""),
                **({} if homes is None else {"place_origin": (b"gps", b"")}),
            },
            {
                "ms": (now - draw.integers(0, DAYS * DAY_MS, count)).tobytes(),
                "content": draw.integers(0, 2**62, count).tobytes(),
                "flags": np.zeros(count, np.int32).tobytes(),
                "amount": np.full(count, np.nan).tobytes(),
                **({} if homes is None else homes.columns(people)),
            },
            ids,
            id_counts.astype(np.uint32).tobytes(),
        )
    )


def _identifiers(people: np.ndarray) -> tuple[tuple[bytes, bytes], np.ndarray]:
    """An identifier for each, and a second one for those who have signed in; how many each has."""
    member = people % MEMBERS == 0
    ids = np.empty(len(people) + int(member.sum()), "S33")
    places = np.arange(len(people)) + np.cumsum(member) - member
    ids[places] = _numbered(b"anonymous_id:visitor-", people)
    ids[places[member] + 1] = _numbered(b"user_id:member-00000-", people[member])
    lengths = np.char.str_len(ids)
    return (b"".join(ids.tolist()), lengths.astype(np.uint32).tobytes()), 1 + member


def _members(people: np.ndarray) -> tuple[tuple[bytes, bytes], np.ndarray]:
    """The one identifier of each, who has signed in."""
    return _even(_numbered(b"user_id:member-", people)), np.ones(len(people))


def _traits(people: np.ndarray) -> tuple[bytes, bytes]:
    """The city tier of one in ten."""
    has = people % MEMBERS == 0
    lengths = np.where(has, len(TRAIT), 0).astype(np.uint32)
    return TRAIT * int(has.sum()), lengths.tobytes()


def _numbered(prefix: bytes, numbers: np.ndarray) -> np.ndarray:
    """Texts of one length: the prefix and twelve digits."""
    digits = np.char.zfill(numbers.astype("S12"), 12)
    return np.char.add(prefix, digits)


def _even(texts: np.ndarray) -> tuple[bytes, bytes]:
    """Texts of one length, end to end, and their lengths."""
    return texts.tobytes(), np.full(len(texts), texts.dtype.itemsize, np.uint32).tobytes()
