"""By what events can be told apart: their own columns, what surrounded them, and whose they are."""

from __future__ import annotations

from typing import Final

from hotspring.errors import RuleFault
from hotspring.rules import Catalogue

PLAIN: Final = ("name", "channel", "device", "source")
"""Columns of few words, which need no engine."""
CONTEXT: Final = {
    "utm_source": "/campaign/source",
    "utm_medium": "/campaign/medium",
    "utm_campaign": "/campaign/name",
    "utm_content": "/campaign/content",
    "utm_term": "/campaign/term",
    "browser": "/browser",
    "os": "/os/name",
    "page_title": "/page/title",
    "search_engine": "/referrer/name",
    "search_word": "/referrer/keyword",
}
ASKED: Final = {
    **{name: f"json_extract_string(context, '{place}')" for name, place in CONTEXT.items()},
    "page": "coalesce(json_extract_string(context, '/page/path'), "
    "json_extract_string(properties, '/path'))",
    "referrer": "nullif(regexp_extract(coalesce(json_extract_string(context, '/page/referrer'), "
    "json_extract_string(context, '/referrer/url')), '^[a-z]+://([^/:?#]+)', 1), '')",
    "province": "CASE WHEN adcode > 0 THEN CAST(adcode // 10000 AS VARCHAR) END",
    "city": "CASE WHEN adcode > 0 THEN CAST(adcode // 100 AS VARCHAR) END",
}
"""SQL of DuckDB over the table of events. Places are codes, as `/api/districts` names them."""
BAND: Final = "band"
TIER: Final = "tier:"
SEGMENT: Final = "segment:"
PROPERTIES: Final = "properties."


def names() -> list[str]:
    """The dimensions that need no name of the pool's own."""
    return [*PLAIN, *ASKED, BAND]


def of_owner(name: str) -> bool:
    """Does it tell profiles apart, not their events?"""
    return name == BAND or name.startswith((TIER, SEGMENT))


def sql(name: str) -> str:
    """A text of an event, null where it has none."""
    if name in PLAIN:
        return f"nullif({name}, '')"
    if name in ASKED:
        return f"nullif({ASKED[name]}, '')"
    steps = (
        one.replace("~", "~0").replace("/", "~1") for one in name[len(PROPERTIES) :].split(".")
    )
    place = "".join(f"/{step}" for step in steps).replace("'", "''")
    return f"nullif(json_extract_string(properties, '{place}'), '')"


def faults(name: str, there: Catalogue, place: str) -> list[RuleFault]:
    """What is wrong with a dimension of this name, asked for at this place?"""
    if name in PLAIN or name in ASKED or name == BAND:
        return []
    known = {TIER: "scheme", SEGMENT: "segment"}
    for prefix, kind in known.items():
        if name.startswith(prefix) and name[len(prefix) :] in there.titles(kind):
            return []
    if name.startswith(PROPERTIES) and (not there.events or there.kinds(None, name)):
        return []
    said = f"there is no dimension {name!r}; known: {', '.join(names())}, properties.NAME"
    return [RuleFault(place, "unknown_name", said)]
