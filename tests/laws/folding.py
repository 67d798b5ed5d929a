"""Pools without threads, for laws: deliver, fold, and read the state without its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
from hypothesis import strategies as st

from hotspring.app import App
from hotspring.delivery import pack
from hotspring.event import Command, Delivery, Event, Flag, Place, Refused
from hotspring.journal import COMMAND, DELIVERY, Record
from hotspring.settings import Settings

NOW = 1_760_000_000_000
HOUR = 3_600_000
DAY = 24 * HOUR
NAMES = (
    "Order Completed",
    "Product Viewed",
    "Product Added",
    "Order Refunded",
    "Signed In",
    "Other",
)


class Folding:
    """An open pool that applies what it is given at once, in the calling thread."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.app = App(folder, settings or Settings())
        self._closed = False
        self.apply()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.crash()

    def deliver(self, events: Sequence[Event], source: str = "shop", received: int = NOW) -> None:
        body = pack(Delivery(source, received, list(events)))
        self.app.journal.append([Record(DELIVERY, received, body, len(events))])
        self.apply()

    def refuse(self, refused: Sequence[Refused], source: str = "shop", received: int = NOW) -> None:
        body = pack(Delivery(source, received, [], list(refused)))
        self.app.journal.append([Record(DELIVERY, received, body, 0)])
        self.apply()

    def command(self, kind: str, body: object) -> None:
        text = msgspec.json.encode(body).decode()
        command = msgspec.msgpack.encode(Command(kind, NOW, "tests", text))
        self.app.journal.append([Record(COMMAND, NOW, command)])
        self.apply()

    def apply(self) -> None:
        while self.app.pipeline.step():
            pass

    def crash(self) -> None:
        """Let go of the folder as a kill would: nothing sealed, nothing saved."""
        if not self._closed:
            self._closed = True
            self.app.abandon()

    def close(self) -> None:
        """Leave the folder in order."""
        self._closed = True
        self.app.close()

    def partition(self) -> set[frozenset[str]]:
        """Which identifiers are one profile?"""
        who = self.app.pipeline.state.who
        rows = self.app.pipeline.ask("SELECT id, text FROM identifiers", [])
        texts = {row["id"]: row["text"] for batch in rows for row in batch.to_pylist()}
        return {
            frozenset(texts[int(i)] for i in who.identifiers(int(slot))) for slot in who.slots()
        }

    def warmth(self, now: int = NOW + DAY) -> dict[frozenset[str], tuple[str, float]]:
        """Public id and energy of every profile at `now`."""
        state = self.app.pipeline.state
        rows = self.app.pipeline.ask("SELECT id, text FROM identifiers", [])
        texts = {row["id"]: row["text"] for batch in rows for row in batch.to_pylist()}
        slots = state.who.slots()
        energies = state.heat.energy(now, slots)
        return {
            frozenset(texts[int(i)] for i in state.who.identifiers(int(slot))): (
                name,
                float(energy),
            )
            for slot, name, energy in zip(slots, state.who.public_ids(slots), energies, strict=True)
        }

    def places(self) -> dict[frozenset[str], tuple[int, ...]]:
        """When and where every profile was last, since when it is known, and by how many events."""
        state = self.app.pipeline.state
        rows = self.app.pipeline.ask("SELECT id, text FROM identifiers", [])
        texts = {row["id"]: row["text"] for batch in rows for row in batch.to_pylist()}
        known = state.where.known()
        return {
            frozenset(texts[int(i)] for i in state.who.identifiers(int(slot))): tuple(
                int(column[slot]) for column in known
            )
            for slot in state.who.slots()
        }

    def merges(self) -> list[tuple[str, str]]:
        """Every merge there was: an identifier of the profile, and the id of the merge."""
        keys = sorted(min(members) for members in self.partition())
        return [(key, row["id"]) for key in keys for row in self.app.pool.merges(key)["merges"]]

    def events_of(self, key: str) -> list[str]:
        """The message ids of the profile that has this identifier."""
        profile = self.app.pool
        return sorted(row["message_id"] for row in profile.timeline(key, 10_000, None)[0])


def same_warmth(
    a: dict[frozenset[str], tuple[str, float]], b: dict[frozenset[str], tuple[str, float]]
) -> bool:
    """Are two pools equally warm? Energies may differ by rounding, relative to what was added."""
    return a.keys() == b.keys() and all(
        a[key][0] == b[key][0] and np.isclose(a[key][1], b[key][1], rtol=1e-9, atol=1e-7)
        for key in a
    )


USERS = st.sampled_from([f"user_id:u{n}" for n in range(4)])
DEVICES = st.sampled_from([f"anonymous_id:a{n}" for n in range(3)])
PHONES = st.sampled_from([f"phone:+861380013800{n}" for n in range(3)])
MAILS = st.sampled_from([f"email:m{n}@example.com" for n in range(2)])
IDS = st.one_of(
    st.tuples(USERS),
    st.tuples(DEVICES),
    st.tuples(USERS, DEVICES),
    st.tuples(USERS, PHONES),
    st.tuples(DEVICES, PHONES),
    st.tuples(USERS, DEVICES, PHONES),
    st.tuples(USERS, st.just("anonymous_id:a0"), st.just("anonymous_id:a2")),
    st.tuples(USERS, MAILS),
    st.tuples(PHONES),
)


PLACES = (
    None,
    Place(120.15, 30.27, "gps", 50.0, 330_106),
    Place(121.47, 31.23, "city", 60_000.0, 310_000),
    Place(-46.63, -23.55, "gps", 50.0),
)


HAPPENINGS = st.tuples(
    IDS,
    st.integers(0, 14 * 24),
    st.sampled_from(NAMES),
    st.sampled_from(["track"] * 6 + ["alias", "bind", "bind", "unbind"]),
    st.sampled_from([0, 0, 0, int(Flag.PUBLIC), int(Flag.BOT)]),
    st.sampled_from([None, 10.0, 250.0]),
).map(lambda drawn: happening(*drawn))
"""What an event of a few people over two weeks is, but for its message id."""


def happening(
    ids: tuple[str, ...], hours: int, name: str, kind: str, flags: int, amount: float | None
) -> dict[str, Any]:
    """The fields of an event so many hours ago. Who is alone has nobody to be tied to."""
    alone = len(ids) == 1 and kind != "unbind"
    return {
        "ids": ids,
        "ms": NOW - hours * HOUR,
        "name": name,
        "type": "track" if alone else kind,
        "flags": flags,
        "amount": amount,
    }


@st.composite
def events(draw: st.DrawFn, most: int = 14) -> list[Event]:
    """Events of a few people over two weeks, each with its own message id."""
    rows = draw(st.lists(st.tuples(HAPPENINGS, st.sampled_from(PLACES)), max_size=most))
    return [
        Event(message_id=f"m{n}", content=n, place=place, **fields)
        for n, (fields, place) in enumerate(rows)
    ]


def in_parts(rows: Sequence[Event], cuts: Iterable[int]) -> list[Sequence[Event]]:
    """The rows cut at these places."""
    places = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    return [rows[a:b] for a, b in itertools.pairwise(places)]
