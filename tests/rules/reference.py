"""Rules answered slowly, one profile at a time: what the compiler must agree with.

A pool is a list of people; what is known of each stands in plain dicts and lists.
"""

from __future__ import annotations

import datetime
import math
import zoneinfo
from typing import Any

from hotspring.rules import written

UNITS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
COLD = ("never_warm", "cooled")


class Reference:
    """Answers plain rules of JSON, given what the catalogue says of rates, outlets and the zone."""

    def __init__(self, now: int, catalogue: Any) -> None:
        self.now = now
        self.there = catalogue

    def true(self, rule: dict[str, Any], person: dict[str, Any]) -> bool:
        ((key, leaf),) = rule.items()
        if key == "and":
            return all(self.true(one, person) for one in leaf)
        if key == "or":
            return any(self.true(one, person) for one in leaf)
        if key == "not":
            return not self.true(leaf, person)
        return bool(getattr(self, key)(leaf, person))

    # --- facts ---

    def trait(self, leaf: Any, person: Any) -> bool:
        return self.asked(person["traits"].get(leaf["name"]), leaf)

    def score(self, leaf: Any, person: Any) -> bool:
        return self.asked(person["scores"].get(leaf["id"]), leaf)

    def temperature(self, leaf: Any, person: Any) -> bool:
        return self.asked(person["temperature"], leaf)

    def tag(self, leaf: Any, person: Any) -> bool:
        wanted = leaf.get("any_of", ())
        thing = self.there.things[leaf["id"]]
        found = [word for word, rule in zip(thing.words, thing.rules, strict=False)
                 if self.true(written(rule), person)][:1]  # fmt: skip
        if not thing.rules:
            found = [value for tag, value in person["tags"] if tag == leaf["id"]]
        return any(not wanted or value in wanted for value in found)

    def band(self, leaf: Any, person: Any) -> bool:
        return person["band"] in leaf["any_of"] or (
            "cold" in leaf["any_of"] and person["band"] in COLD
        )

    def next_band(self, leaf: Any, person: Any) -> bool:
        if person["next_band"] is None:
            return False
        band, ms = person["next_band"]
        soon = ms <= self.now + self.span(leaf["within"])
        return soon and (not leaf.get("any_of") or band in leaf["any_of"])

    def tier(self, leaf: Any, person: Any) -> bool:
        return person["tiers"].get(leaf["id"]) in leaf["any_of"]

    def lifecycle(self, leaf: Any, person: Any) -> bool:
        return person["lifecycle"] in leaf["any_of"]

    def segment(self, leaf: Any, person: Any) -> bool:
        return leaf["id"] in person["segments"]

    def identifier(self, leaf: Any, person: Any) -> bool:
        return leaf["kind"] in person["identifiers"]

    def consent(self, leaf: Any, person: Any) -> bool:
        decided = person["consents"]
        purpose, channel = leaf["purpose"], leaf.get("channel", "")
        found = decided.get((purpose, channel), decided.get((purpose, "")))
        return found is not None and found == leaf.get("given", True)

    def district(self, leaf: Any, person: Any) -> bool:
        code = person["adcode"]
        return code is not None and any(f"{code:06d}".startswith(one) for one in leaf["any_of"])

    def trade_area(self, leaf: Any, person: Any) -> bool:
        return any(one in person["areas"] for one in leaf["any_of"])

    def near(self, leaf: Any, person: Any) -> bool:
        if person["lon"] is None:
            return False
        spot = self.there.outlets[leaf["outlet"]]
        lon, lat, lon0, lat0 = map(math.radians, (person["lon"], person["lat"], spot.lon, spot.lat))
        cosine = math.sin(lat) * math.sin(lat0) + math.cos(lat) * math.cos(lat0) * math.cos(
            lon - lon0
        )
        return math.acos(min(1.0, cosine)) * 6_371_008.8 <= leaf["metres"]

    # --- behaviour ---

    def behaviour(self, leaf: Any, person: Any) -> bool:
        events = self.events(leaf, leaf.get("window", {}), person)
        measure = leaf.get("measure", "count")
        test = {"op": leaf.get("op", "ge"), "value": leaf.get("value", 1)}
        found = self.measured(measure, leaf, events, person)
        return found is not None and self.asked(found, test)

    def taken_off(self, leaf: Any, person: Any) -> int:
        if "less" not in leaf:
            return 0
        events = self.events(leaf["less"], leaf.get("window", {}), person)
        values = [self.field(e, leaf["field"], leaf.get("currency")) for e in events]
        return sum(math.floor(v * 1e6 + 0.5) for v in values if v is not None and abs(v) <= 1e12)

    def measured(self, measure: str, leaf: Any, events: list[Any], person: Any) -> Any:
        if measure == "count":
            return len(events)
        if measure in ("first", "last"):
            times = [event["ms"] for event in events]
            return (min if measure == "first" else max)(times) if times else None
        values = [self.field(e, leaf["field"], leaf.get("currency")) for e in events]
        values = [value for value in values if value is not None]
        if measure == "distinct":
            return len(set(values))
        if measure in ("sum", "mean"):
            values = [value for value in values if abs(value) <= 1e12]
            total = sum(math.floor(value * 1e6 + 0.5) for value in values)
            if measure == "sum":
                return (total - self.taken_off(leaf, person)) / 1e6
            return total / 1e6 / len(values) if values else None
        return (max if measure == "max" else min)(values) if values else None

    def sequence(self, leaf: Any, person: Any) -> bool:
        firsts = self.events(leaf["first"], leaf.get("window", {}), person)
        start, _ = self.window(leaf.get("window", {}))
        thens = [e["ms"] for e in self.events(leaf["then"], {}, person) if e["ms"] >= start]
        within = self.span(leaf["within"]) if "within" in leaf else math.inf
        for first in firsts:
            after = [ms for ms in thens if ms > first["ms"] and ms - first["ms"] <= within]
            if leaf.get("followed", True):
                if after:
                    return True
            elif not after and (within == math.inf or first["ms"] + within < self.now):
                return True
        return False

    def events(self, step: Any, window: Any, person: Any) -> list[Any]:
        start, end = self.window(window)
        return [
            event for event in person["events"]
            if start <= event["ms"] < min(end, self.now + 1)
            and step["event"] in (None, event["name"])
            and all(self.asked(self.field(event, one["field"], one.get("currency")), one)
                    for one in step.get("where", ()))
        ]  # fmt: skip

    def field(self, event: Any, field: str, currency: str | None) -> Any:
        if field == "amount":
            rates = self.there.rates
            if event["amount"] is None or event["currency"] not in rates or currency is None:
                return None
            return event["amount"] * (rates[event["currency"]] / rates[currency])
        if field.startswith("properties."):
            return event["properties"].get(field.removeprefix("properties."))
        return event[field]

    # --- questions and times ---

    def asked(self, value: Any, test: Any) -> bool:
        op, wanted = test["op"], test.get("value")
        if op in ("ne", "not_in"):
            return not self.asked(value, {"op": "eq" if op == "ne" else "in", "value": wanted})
        if op == "exists":
            return (value is not None) == wanted
        if value is None:
            return False
        match op:
            case "eq":
                return bool(value == wanted)
            case "in":
                return value in wanted
            case "between":
                return bool(wanted[0] <= value <= wanted[1])
            case "contains":
                return wanted in value
            case "starts_with":
                return bool(value.startswith(wanted))
            case "during":
                start, end = self.window(wanted)
                return bool(start <= value < end)
        return bool({"gt": value > wanted, "ge": value >= wanted, "lt": value < wanted,
                     "le": value <= wanted}[op])  # fmt: skip

    def window(self, window: Any) -> tuple[float, float]:
        since, until = window.get("from"), window.get("to")
        return (
            -math.inf if since is None else self.moment(since),
            math.inf if until is None else self.moment(until),
        )

    def moment(self, moment: Any) -> int:
        if "at" in moment:
            found = datetime.datetime.fromisoformat(moment["at"])
            zone = zoneinfo.ZoneInfo(self.there.timezone)
            local = found if found.tzinfo else found.replace(tzinfo=zone)
            return round(local.timestamp() * 1000)
        unit = UNITS[moment.get("unit", "day")]
        return self.now + (moment.get("ahead", 0) - moment.get("ago", 0)) * unit

    @staticmethod
    def span(span: Any) -> int:
        return int(span["amount"]) * UNITS[span.get("unit", "day")]
