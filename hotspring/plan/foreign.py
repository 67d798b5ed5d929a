"""Plans as other tools export them, read as ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from hotspring.errors import PlanError
from hotspring.plan.plan import Plan

KINDS = {
    "TRACK": "", "PAGE": "Page Viewed", "SCREEN": "Screen Viewed", "GROUP": "Grouped",
    "IDENTIFY": "Identified",
}  # fmt: skip
"""Types of rules of a Segment tracking plan, and the name of their events; track brings its own."""


def foreign(document: Any) -> Plan:
    """Which plan does this document hold? Raises `PlanError` where it holds none.

    Read are: our own form; a tracking plan as Segment gives it (`rules` as a list with
    `jsonSchema`, or `rules.events`); an object of schemas by event name.
    """
    if not isinstance(document, Mapping):
        raise PlanError("a plan is a JSON object")
    data = document.get("data", document)
    rules = data.get("rules") if isinstance(data, Mapping) else None
    if isinstance(rules, list):
        found = dict(_listed(rules))
    elif isinstance(rules, Mapping):
        found = dict(_named(rules))
    elif isinstance(document.get("events"), Mapping):
        given = {name: document[name] for name in ("events", "others") if name in document}
        return Plan.from_json(msgspec.json.encode(given))
    else:
        found = {str(name): {"schema": schema} for name, schema in document.items()}
        if not all(isinstance(one["schema"], Mapping) for one in found.values()):
            raise PlanError("this is neither a plan nor an object of schemas by event name")
    if not found:
        raise PlanError("the document names no events")
    return Plan.from_json(msgspec.json.encode({"events": found}))


def _listed(rules: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for rule in rules:
        if not isinstance(rule, Mapping):
            raise PlanError("a rule of the plan is a JSON object")
        kind = str(rule.get("type", "TRACK")).upper()
        name = KINDS.get(kind, "") or rule.get("key")
        if kind in KINDS and isinstance(name, str):
            yield name.strip(), _planned(rule.get("jsonSchema"), "")


def _named(rules: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    events = rules.get("events")
    for event in events if isinstance(events, list) else ():
        if not isinstance(event, Mapping) or not isinstance(event.get("name"), str):
            raise PlanError("an event of the plan has a name")
        note = event.get("description")
        told = note if isinstance(note, str) else ""
        yield event["name"].strip(), _planned(event.get("rules"), told)


def _planned(schema: Any, note: str) -> dict[str, Any]:
    """The schema of the properties inside that of a whole call."""
    members = schema.get("properties") if isinstance(schema, Mapping) else None
    inner = members.get("properties") if isinstance(members, Mapping) else None
    if not isinstance(inner, Mapping):
        inner = {}
    return {"schema": dict(inner), "mode": "lenient", "note": note[:2_000]}
