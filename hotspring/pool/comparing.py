"""What makes some profiles of an open pool different from the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.engine import parted
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import iso
from hotspring.pool.trait_columns import Said, said, typed
from hotspring.rules import Catalogue
from hotspring.segments import difference
from hotspring.store import Store

MOST: Final = 100_000
"""Profiles of either side that are looked at; of more, so many are drawn."""
LEAST: Final = 5
"""Profiles that must have a value: fewer tell of themselves, not of the segment."""
SHOWN: Final = 100
"""Shares that are told."""
DAY_MS: Final = 86_400_000
BANDS: Final = ("hot", "warm", "cool", "never_warm", "cooled")
WRITES: Final = (
    "SELECT origin_id, ms, key, source, op, name, value FROM trait_writes "
    "SEMI JOIN compared USING (origin_id)"
)


Tiers = Callable[[str, int, np.ndarray], pa.Array]
"""The names of the tiers of a scheme at a moment, in the order of some slots."""


class Both(NamedTuple):
    """The profiles that are compared: members and rest together."""

    slots: np.ndarray
    """int32, ascending."""
    inside: np.ndarray
    """bool: who of them is a member?"""
    now: int

    @property
    def sizes(self) -> tuple[int, int]:
        members = int(self.inside.sum())
        return members, len(self.slots) - members


class Comparing:
    """Compares profiles of an open pool with all other known ones. From any thread."""

    def __init__(self, pipeline: Pipeline, store: Store, tiers: Tiers | None = None) -> None:
        """Without `tiers` none are compared."""
        self._pipeline = pipeline
        self._store = store
        self._tiers = tiers

    def compare(self, members: np.ndarray, there: Catalogue, now: int) -> dict[str, Any]:
        """By every trait, temperature, band, tier and province: figures of both sides, the greatest
        effect first. `members` are slots; those that are known no more are left out.
        """
        found = self.sides(members, there, now)
        del found["said"]
        return {**found, "shares": found["shares"][:SHOWN]}

    def sides(self, members: np.ndarray, there: Catalogue, now: int) -> dict[str, Any]:
        """The same with every share, however many there are, and of how many each is `said`."""
        with self._pipeline.lock:
            everybody = self._pipeline.state.who.slots(known_only=True)
        inside = np.isin(everybody, members)
        sides = everybody[inside], everybody[~inside]
        drawn = [_drawn(side) for side in sides]
        slots = np.sort(np.concatenate(drawn)).astype(np.int32)
        both = Both(slots, np.isin(slots, drawn[0]), now)
        numbers = [("temperature", "", self._temperature(both))]
        shares = [("band", "", BANDS[one.value], one) for one in self._bands(both)]
        placed = self._placed(both)
        shares += [("province", "", f"{one.value:02d}", one) for one in _provinces(placed, both)]
        shares += [("tier", *one) for one in self._standing(both, there)]
        known = {("province", ""): _sides_of(placed > 0, both)}
        for name, what in self._traits(both):
            known["trait", name] = _sides_of(what.codes >= 0, both)
            kind = there.traits.get(name, "string")
            if kind in ("number", "datetime"):
                numbers.append(("trait", name, self._number(what, both, kind)))
            elif kind != "object":
                shares += [("trait", name, value, one) for value, one in _values(what, both)]
        return {
            "as_of": iso(now),
            "members": len(sides[0]),
            "rest": len(sides[1]),
            "compared": dict(zip(("members", "rest"), both.sizes, strict=True)),
            "said": known,
            "numbers": [
                {"of": of, "name": name, **_plain(one)}
                for of, name, one in sorted(numbers, key=lambda row: -abs(row[2].effect))
            ],
            "shares": [
                {"of": of, "name": name, **_plain(one), "value": value}
                for of, name, value, one in sorted(shares, key=lambda row: -abs(row[3].effect))
            ],
        }

    # --- what is told of everybody ---

    def _temperature(self, both: Both) -> difference.Number:
        with self._pipeline.lock:
            degrees = self._pipeline.state.heat.degrees(both.now, both.slots)
        tenths, place = np.unique(np.round(degrees, 1), return_inverse=True)
        return difference.number(tenths, *difference.tally(place, both.inside, len(tenths)))

    def _bands(self, both: Both) -> list[difference.Share]:
        codes, degrees = np.empty(len(both.slots), np.int8), np.empty(len(both.slots), np.int16)
        with self._pipeline.lock:
            self._pipeline.state.heat.view(both.now, degrees, codes, both.slots)
        counts = difference.tally(codes, both.inside, len(BANDS))
        return difference.shares(*counts, both.sizes)

    def _placed(self, both: Both) -> np.ndarray:
        """The two digits of where each was last, 0 where that is not known."""
        with self._pipeline.lock:
            codes: np.ndarray = self._pipeline.state.where.known().adcode[both.slots]
        return codes // 10_000

    def _standing(
        self, both: Both, there: Catalogue
    ) -> Iterator[tuple[str, str, difference.Share]]:
        """The tiers of every scheme: its name, that of the tier, and who is in it."""
        if self._tiers is None:
            return
        for id_, name in there.titles("scheme").items():
            told = self._tiers(id_, both.now, both.slots).dictionary_encode()
            words, codes = told.dictionary.to_pylist(), pc.fill_null(told.indices, -1).to_numpy()
            for one in difference.shares(
                *difference.tally(codes, both.inside, len(words)), both.sizes
            ):
                yield name, words[one.value], one

    # --- traits ---

    def _traits(self, both: Both) -> Iterator[tuple[str, Said]]:
        """Every trait that somebody of these has, in one pass; codes by place among `both`."""
        writes, place = self._writes(both)
        names = writes.column("name").combine_chunks().dictionary_encode()
        codes = names.indices.to_numpy()
        words = names.dictionary.to_pylist()
        order = np.argsort(codes, kind="stable")
        edges = np.searchsorted(codes[order], np.arange(len(words) + 1))
        # A deletion of all traits has no name.
        empty = words.index("") if "" in words else len(words)
        cleared = order[edges[empty] : edges[empty + 1]] if empty < len(words) else order[:0]
        for code, name in enumerate(words):
            if name:
                at = np.concatenate([order[edges[code] : edges[code + 1]], cleared])
                none = np.full(len(both.slots), -1, np.int32)
                yield name, said(writes.take(pa.array(at)), place[at], none, name)

    def _writes(self, both: Both) -> tuple[pa.Table, np.ndarray]:
        """The writes of these profiles, and whose each is, by place."""
        with self._pipeline.lock:
            mapping = self._pipeline.state.who.mapping()
        theirs = np.isin(mapping.slot, both.slots) | (mapping.span >= 0)
        origins = pa.table({"origin_id": pa.array(np.flatnonzero(theirs), pa.int32())})
        with self._store.reader(WRITES) as cursor:
            cursor.register("compared", parted(origins))
            writes = cursor.execute(WRITES).to_arrow_table()
        owner = mapping.profile_of(
            writes.column("origin_id").to_numpy().astype(np.int32), writes.column("ms").to_numpy()
        )
        place = np.searchsorted(both.slots, owner)
        own = (place < len(both.slots)) & (owner >= 0)
        own[own] = both.slots[place[own]] == owner[own]
        return writes.filter(pa.array(own)), place[own]

    def _number(self, what: Said, both: Both, kind: str) -> difference.Number:
        """A number, or how many days ago a time is."""
        values = typed(what.texts.to_pylist(), kind, self._pipeline.settings.zone)
        there = values.is_valid().to_numpy(zero_copy_only=False)
        read = np.array(pc.fill_null(values, 0).to_numpy(zero_copy_only=False), np.float64)
        if kind == "datetime":
            read = np.floor((both.now - read) / DAY_MS)
        mine, theirs = difference.tally(what.codes, both.inside, len(read))
        return difference.number(*difference.merged(read[there], mine[there], theirs[there]))


def _provinces(placed: np.ndarray, both: Both) -> list[difference.Share]:
    found = difference.tally(np.where(placed > 0, placed, -1), both.inside, 100)
    return difference.shares(*found, both.sizes)


def _sides_of(there: np.ndarray, both: Both) -> dict[str, int]:
    """Of how many members and of how many others this is so."""
    return {
        "members": int((there & both.inside).sum()),
        "rest": int((there & ~both.inside).sum()),
    }


def _values(what: Said, both: Both) -> list[tuple[str, difference.Share]]:
    """The commonest texts, of lists their members, of all else the JSON."""
    mine, theirs = difference.tally(what.codes, both.inside, len(what.texts))
    by_word: dict[str, np.ndarray] = {}
    read = msgspec.json.Decoder().decode
    used = np.flatnonzero(mine + theirs)
    for text, *counts in zip(
        what.texts.take(pa.array(used)).to_pylist(), mine[used], theirs[used], strict=True
    ):
        value = read(text)
        held = value if isinstance(value, list) else [value]
        for word in {one if isinstance(one, str) else _json(one) for one in held}:
            by_word[word] = by_word.get(word, 0) + np.array(counts)
    words = [word for word, counts in by_word.items() if counts.sum() >= LEAST]
    sides = np.array([by_word[word] for word in words], np.int64).reshape(-1, 2)
    found = difference.shares(sides[:, 0], sides[:, 1], both.sizes)
    return [(words[one.value], one) for one in found]


def _drawn(slots: np.ndarray) -> np.ndarray:
    """At most `MOST` of these, the same ones each time."""
    if len(slots) <= MOST:
        return slots
    return np.random.default_rng(0).choice(slots, MOST, replace=False)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _plain(one: difference.Number | difference.Share) -> dict[str, Any]:
    if isinstance(one, difference.Share):
        return {
            "members": round(one.members, 6),
            "rest": round(one.rest, 6),
            "effect": round(one.effect, 4),
        }
    return {
        "members": msgspec.to_builtins(one.members),
        "rest": msgspec.to_builtins(one.rest),
        "effect": round(one.effect, 4),
    }
