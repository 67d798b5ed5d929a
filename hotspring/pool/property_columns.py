"""Properties of events, which are kept as JSON text, as typed columns of DuckDB."""

from __future__ import annotations

from typing import Any, Final

NUMBERS: Final = "('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')"
OFFSET: Final = r"'T.*:.*(Z|[+-]\d{2}(:?\d{2})?)$'"
"""A time that names its own zone."""


def property_sql(named: Any, column: str, zone: str) -> str:
    """The SQL that reads a property (`name`, `kind`) out of a column of JSON, as rules read kinds.

    Null where it is missing or of another kind: the text "5" is not the number 5. Times that name
    no zone are in `zone`.
    """
    # A JSON pointer, because every name can be written in it.
    steps = (step.replace("~", "~0").replace("/", "~1") for step in named.name.split("."))
    place = "'" + "".join(f"/{step}" for step in steps).replace("'", "''") + "'"
    kind, text = f"json_type({column}, {place})", f"json_extract_string({column}, {place})"
    match named.kind:
        case "string":
            return f"CASE WHEN {kind} = 'VARCHAR' THEN {text} END"
        case "number":
            return f"CASE WHEN {kind} IN {NUMBERS} THEN CAST({text} AS DOUBLE) END"
        case "boolean":
            return f"CASE WHEN {kind} = 'BOOLEAN' THEN {text} = 'true' END"
        case "object":
            return f"CASE WHEN {kind} = 'OBJECT' THEN true END"
        case "list":
            elements = f"json_extract(json_extract({column}, {place}), '$[*]')"
            texts = f"[json_extract_string(x, '$') FOR x IN {elements} IF json_type(x) = 'VARCHAR']"
            return f"CASE WHEN {kind} = 'ARRAY' THEN {texts} END"
    own = f"try_cast({text} AS TIMESTAMPTZ)"
    local = f"try_cast({text} AS TIMESTAMP) AT TIME ZONE '{zone}'"
    moment = f"CASE WHEN regexp_matches({text}, {OFFSET}) THEN {own} ELSE {local} END"
    return f"CASE WHEN {kind} = 'VARCHAR' THEN epoch_us({moment}) // 1000 END"
