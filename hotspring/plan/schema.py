"""JSON Schema as far as a plan may use it: small, closed in itself, compiled once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jsonschema_rs
import msgspec

from hotspring.errors import PlanError

LARGEST: Final = 64 << 10
"""Bytes of one schema as JSON."""
DEEPEST: Final = 32
"""Levels of one schema; the properties of an event have no more either."""
MOST_PARTS: Final = 10_000
"""Objects and lists of one schema once every reference is written out."""
DEFINITIONS: Final = ("$defs", "definitions")
MOVING: Final = ("$dynamicRef", "$recursiveRef")
LITERAL: Final = ("const", "default", "enum", "examples")
"""Their values are data: a `$ref` in there is none."""
DIALECTS: Final = {
    "http://json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema_rs.Draft202012Validator,
}
HIDDEN: Final = "the value"
"""Stands in messages where the value of a client would."""


def compiled(schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
    """What checks values against this schema? Raises `PlanError`.

    Nothing is fetched: references stay within the schema, and do not lead back to themselves.
    Patterns are matched in time linear in the text: neither look-around nor back-references.
    """
    if len(msgspec.json.encode(schema)) > LARGEST:
        raise PlanError(f"the schema is larger than {LARGEST >> 10} kB")
    if any(True for _ in itertools.islice(_parts(schema, schema, 0, ()), MOST_PARTS, None)):
        raise PlanError(f"the schema has more than {MOST_PARTS} parts, references written out")
    dialect = str(schema.get("$schema", "https://json-schema.org/draft/2020-12/schema"))
    kind = DIALECTS.get(dialect.removesuffix("#"))
    if kind is None:
        raise PlanError("$schema names no dialect known here: draft-07, 2019-09 or 2020-12")
    try:
        return kind(
            dict(schema),
            mask=HIDDEN,
            validate_formats=True,
            offline=True,
            pattern_options=jsonschema_rs.RegexOptions(),
        )
    except jsonschema_rs.ValidationError as error:
        where = "/" + "/".join(map(str, error.instance_path))
        raise PlanError(f"this is no valid schema: at {where}: {error.message}") from error
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise PlanError(f"this is no valid schema: {error}") from error


def _parts(
    schema: Mapping[str, Any], part: object, depth: int, inside: tuple[str, ...]
) -> Iterator[None]:
    """Every object and list of the schema, with references followed."""
    if not isinstance(part, Mapping | list):
        return
    yield
    if depth > DEEPEST:
        raise PlanError(f"the schema is nested more than {DEEPEST} levels deep")
    if isinstance(part, list):
        for item in part:
            yield from _parts(schema, item, depth + 1, inside)
        return
    for name, value in part.items():
        if name in MOVING:
            raise PlanError(f"{name} is not supported; write $ref")
        if name == "$ref" and isinstance(value, str):
            if value in inside:
                raise PlanError(f"the reference {value} leads back to itself")
            yield from _parts(schema, _target(schema, value), depth + 1, (*inside, value))
        elif name not in LITERAL:
            yield from _parts(schema, value, depth + 1, inside)


def _target(schema: Mapping[str, Any], reference: str) -> object:
    steps = reference.split("/")
    if len(steps) != 3 or steps[0] != "#" or steps[1] not in DEFINITIONS:
        raise PlanError(f"the reference {reference!r} must read #/$defs/NAME; nothing is fetched")
    known = schema.get(steps[1])
    name = steps[2].replace("~1", "/").replace("~0", "~")
    if not isinstance(known, Mapping) or name not in known:
        raise PlanError(f"the reference {reference} leads nowhere")
    return known[name]
