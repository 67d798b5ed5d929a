"""Small random pools, as the reference reads them and as tables."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa

from hotspring.rules import Question
from tests.rules.some import CATALOGUE, HOUR, NOW, NUMBERS, SEGMENTS, TEXTS

BANDS = ("hot", "warm", "cool", "cold")
STATES = ("hot", "warm", "cool", "never_warm", "cooled")
STAGES = ("new", "active", "loyal", "sleeping", "lost", "returned")
ARROW = {
    "int8": pa.int8(), "int32": pa.int32(), "int64": pa.int64(), "float64": pa.float64(),
    "string": pa.string(), "boolean": pa.bool_(), "array<string>": pa.list_(pa.string()),
}  # fmt: skip


def pool(seed: int, people: int) -> list[dict[str, Any]]:
    """So many people, of whom everything is drawn from few values, so that rules meet some."""
    return [_person(random.Random(f"{seed}/{number}")) for number in range(people)]


def _person(chance: random.Random) -> dict[str, Any]:
    def some(*values: Any) -> list[Any]:
        return [value for value in values if chance.random() < 0.4]

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.6 else None

    traits = {
        "city": maybe(chance.choice(TEXTS)), "age": maybe(chance.choice(NUMBERS)),
        "vip": maybe(chance.random() < 0.5), "home": maybe(True),
        "born": maybe(_moment(chance, 100)), "likes": maybe(some(*TEXTS)),
    }  # fmt: skip
    away = maybe((113.3 + chance.uniform(-0.3, 0.3), 23.1 + chance.uniform(-0.3, 0.3)))
    return {
        "traits": traits,
        "scores": {"activity": maybe(chance.choice(NUMBERS))},
        "tiers": {"worth": maybe(chance.choice(("gold", "silver")))},
        "temperature": chance.choice((-20.0, *map(float, NUMBERS), 90.5)),
        "band": chance.choice(STATES),
        "next_band": maybe((chance.choice(BANDS), NOW + chance.randrange(1, 120) * HOUR)),
        "lifecycle": maybe(chance.choice(STAGES)),
        "adcode": maybe(chance.choice((440103, 440100, 440000, 110101, 0))),
        "lon": away and away[0],
        "lat": away and away[1],
        "tags": [("staff", ""), *(("colour", c) for c in some("red", "blue"))]
        if chance.random() < 0.5 else [],
        "segments": some(*SEGMENTS),
        "identifiers": some("phone", "email"),
        "consents": {(p, c): chance.random() < 0.5
                     for p in ("marketing", "place") for c in some("", "email", "sms")},
        "areas": some(*CATALOGUE.areas),
        "events": [_event(chance) for _ in range(chance.choice((0, 1, 2, 4, 8)))],
    }  # fmt: skip


def _moment(chance: random.Random, later: int = 0) -> int:
    return NOW + chance.randrange(-110, later + 1) * HOUR + chance.choice((-1, 0, 0, 0, 1))


def _event(chance: random.Random) -> dict[str, Any]:
    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.7 else None

    properties = {
        "n": maybe(chance.choice(NUMBERS)), "t": maybe(chance.choice(TEXTS)),
        "f": maybe(chance.random() < 0.5), "d": maybe(_moment(chance, 50)),
        "l": maybe([one for one in TEXTS if chance.random() < 0.4]),
    }  # fmt: skip
    return {
        "name": chance.choice(("a", "a", "b", "c")), "ms": _moment(chance),
        "channel": chance.choice(TEXTS), "device": "mobile", "source": "shop",
        "amount": maybe(chance.choice((-0.1, 0.2, 1.0, 2.25, 1e13))),
        "currency": chance.choice(("CNY", "USD", "XXX", "")), "properties": properties,
    }  # fmt: skip


def tables(people: list[dict[str, Any]], question: Question) -> dict[str, pa.Table]:
    """What a question needs of these people, as tables."""
    rows: dict[str, list[dict[str, Any]]] = {
        "profiles": [_facts(number, one, question) for number, one in enumerate(people)],
        "events": [{"profile": number, **event, **_properties(event, question)}
                   for number, one in enumerate(people) for event in one["events"]],
        "tags": [{"profile": number, "tag": tag, "value": value}
                 for number, one in enumerate(people) for tag, value in one["tags"]],
        "consents": [{"profile": number, "purpose": purpose, "channel": channel, "given": given}
                     for number, one in enumerate(people)
                     for (purpose, channel), given in one["consents"].items()],
    }  # fmt: skip
    plain = (("identifiers", "kind"), ("memberships", "segment"), ("areas", "area"))
    for relation, column in plain:
        key = "segments" if relation == "memberships" else relation
        rows[relation] = [{"profile": number, column: value}
                          for number, one in enumerate(people) for value in one[key]]  # fmt: skip
    found = {}
    for relation, columns in question.needs.relations.items():
        schema = pa.schema([pa.field(name, ARROW[kind]) for name, kind in columns.items()])
        found[relation] = pa.Table.from_pylist(rows[relation], schema=schema)
    return found


def _facts(number: int, person: dict[str, Any], question: Question) -> dict[str, Any]:
    needs = question.needs
    band = person["next_band"]
    return {
        "profile": number,
        **{name: person[name] for name in ("temperature", "adcode", "lon", "lat")},
        "band": STATES.index(person["band"]),
        "next_band": band and BANDS.index(band[0]),
        "next_band_ms": band and band[1],
        "lifecycle": person["lifecycle"] and STAGES.index(person["lifecycle"]),
        **{one.column: person["traits"][one.name] for one in needs.traits},
        **{one.column: person["scores"][one.name] for one in needs.scores},
        **{one.column: person["tiers"][one.name] for one in needs.tiers},
    }


def _properties(event: dict[str, Any], question: Question) -> dict[str, Any]:
    return {one.column: event["properties"][one.name] for one in question.needs.properties}
