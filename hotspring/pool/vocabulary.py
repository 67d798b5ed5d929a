"""What rules over an open pool may name: its traits, events, kinds, places, as they stand now."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

import msgspec

from hotspring.identity import traits
from hotspring.pipeline import Pipeline
from hotspring.pool.plans import SAMPLED
from hotspring.pool.territory import Territory
from hotspring.rules import Catalogue, Spot
from hotspring.store import Store

GOOD_MS: Final = 600_000
"""What is there is looked up anew after so long, once anything was applied."""
SOON_MS: Final = 10_000
"""And after so long where a rule names something that was not there."""
DEEPEST: Final = 3
"""Levels of nested objects whose fields are told."""
TRAITS: Final = """
SELECT name, CASE op WHEN 'append' THEN 'list' ELSE type END AS kind, count(*) AS writes
FROM trait_writes WHERE op NOT IN ('delete', 'unset') GROUP BY ALL ORDER BY writes, kind
"""
NAMES: Final = "SELECT DISTINCT name FROM events WHERE name <> '' ORDER BY name LIMIT 2000"
CONSENTS: Final = "SELECT DISTINCT purpose, channel FROM consents"
KINDS: Final = "SELECT DISTINCT kind FROM identifiers"


class Decided(Protocol):
    """Something that people decide and rules may name."""

    def into(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue with it."""

    def decided(self) -> int:
        """Journal position of the last decision."""


class Vocabulary:
    """The catalogue of an open pool. From any thread."""

    def __init__(self, pipeline: Pipeline, store: Store, territory: Territory) -> None:
        self._pipeline = pipeline
        self._store = store
        self._territory = territory
        self._lock = threading.Lock()
        self._shares: dict[str, dict[str, float]] = {}
        """By event and property."""
        self._known: tuple[int, int, Catalogue] | None = None
        self._also: list[Decided] = []

    def also(self, decided: Decided) -> None:
        """What people decide here may be named too."""
        self._also.append(decided)

    def decided(self) -> int:
        """Journal position of the last decision about what may be named."""
        return max((one.decided() for one in self._also), default=0)

    def catalogue(self, now: int, good_ms: int = GOOD_MS) -> Catalogue:
        """What there is, as of at most `good_ms` before `now`; places and rates as of now.

        Of a trait or property that is of several kinds, the kind that most of its values have.
        """
        with self._lock:
            known = self._known
            # The first events are there at once: who has just begun looks for them.
            if known is None or (
                known[0] != self._pipeline.position
                and (not known[2].events or not 0 <= now - known[1] < good_ms)
            ):
                position = self._pipeline.position
                known = self._known = (position, now, self._read())
        settings, rules = self._pipeline.settings, self._pipeline.state.rules
        spots = self._territory.spots()
        there = msgspec.structs.replace(
            known[2],
            timezone=settings.timezone,
            areas={spot.id: spot.name for spot in self._territory.drawn()},
            outlets={one: Spot(name, body.lon, body.lat) for one, name, body in spots},
            districts=self._territory.districts(),
            districts_en=self._territory.districts("en"),
            lifecycle=True,
            rates={**rules.rates, rules.currency: 1.0, "": 1.0},
        )
        for decided in self._also:
            there = decided.into(there)
        return there

    def _read(self) -> Catalogue:
        query = self._store.query
        kinds = {row["name"]: row["kind"] for row in query(TRAITS).to_pylist()}
        names: list[str] = query(NAMES).column("name").to_pylist()
        decided = query(CONSENTS)
        return Catalogue(
            traits=dict(sorted(kinds.items())),
            events={**{name: {} for name in names}, **self._properties()},
            identifiers=frozenset(query(KINDS).column("kind").to_pylist()),
            purposes=frozenset(decided.column("purpose").to_pylist()),
            channels=frozenset(decided.column("channel").to_pylist()) - {""},
        )

    def share(self, event: str, property_: str) -> float:
        """Of how many of the events of a name, by a sample, was this said when `catalogue` last
        looked?"""
        return self._shares.get(event, {}).get(property_, 0.0)

    def _properties(self) -> dict[str, Mapping[str, Any]]:
        """By event, from a sample of each: the properties seen, with their kinds."""
        seen: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        sampled = Counter[str]()
        read = msgspec.json.Decoder(dict[str, Any]).decode
        for batch in self._pipeline.ask(SAMPLED, [0, 0]):
            columns = (batch.column(name).to_pylist() for name in ("name", "properties"))
            for name, text in zip(*columns, strict=True):
                sampled[name] += 1
                for path, kind in _fields(read(text), "", 1):
                    seen[name][path][kind] += 1
        self._shares = {
            name: {path: kinds.total() / sampled[name] for path, kinds in properties.items()}
            for name, properties in seen.items()
        }
        return {
            name: {path: _most(kinds) for path, kinds in sorted(properties.items())}
            for name, properties in seen.items()
        }


def _fields(body: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        # A name with a dot cannot be told from a way through objects.
        if value is None or not name or "." in name:
            continue
        yield above + name, traits.type_of(value)
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _fields(value, f"{above}{name}.", depth + 1)


def _most(kinds: Counter[str]) -> str:
    return max(sorted(kinds), key=lambda kind: kinds[kind])
