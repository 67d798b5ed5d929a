"""What a call other than track says: trait operations, and identifiers in its own fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hotspring.collect.call import Call, Told
from hotspring.collect.fragment import fragment
from hotspring.collect.verdict import Reason

EVIDENT: Final = ("email", "phone", "unionid")
"""Traits of an identify call that name the person, beside `openid` (of the app in `appid`)."""

_encode: Final = msgspec.json.encode

Claims = tuple[tuple[str, object], ...]


class Said(msgspec.Struct, frozen=True):
    """What the fields of one call say."""

    properties: bytes
    """The properties to store, perhaps with the name of the page or the traits of the group."""
    traits: str = ""
    """Trait operations as JSON, or empty."""
    claims: Claims = ()
    """Identifiers as (kind, value)."""


def said(call: Call, raw: bytes, properties: dict[str, Any], largest: int) -> Said:
    """What does this call say besides its properties? Raises `Unfit` with `bad_traits`."""
    if isinstance(call, Told):
        changes = call.operations
        if not changes:
            return Said(raw, claims=call.claims)
        return Said(raw, _encode(changes).decode(), call.claims + _evident(changes.get("set")))
    kind = call.type
    if kind == "identify":
        text, traits = fragment(call.traits, Reason.BAD_TRAITS, largest)
        operations = f'{{"set":{text.decode()}}}' if traits else ""
        return Said(raw, operations, _evident(traits))
    if kind == "alias":
        return Said(raw, claims=(("anonymous_id", call.previous_id),))
    if kind == "group":
        text, _ = fragment(call.traits, Reason.BAD_TRAITS, largest)
        group = call.group_id
        known = isinstance(group, str | int) and not isinstance(group, bool)
        operations = _encode({"set": {"group_id": group}}).decode() if known else ""
        return Said(raw if properties else text, operations)
    if kind in ("page", "screen"):
        return Said(_titled(call.name, raw, properties))
    return Said(raw)


def _titled(name: object, raw: bytes, properties: Mapping[str, Any]) -> bytes:
    if not isinstance(name, str) or not name or "name" in properties:
        return raw
    title = b'{"name":' + _encode(name[:256])
    return title + b"}" if not properties else title + b"," + raw[1:]


def _evident(traits: object) -> Claims:
    if not isinstance(traits, dict):
        return ()
    claims = [(kind, traits[kind]) for kind in EVIDENT if traits.get(kind) is not None]
    if traits.get("openid") is not None:
        app = traits.get("appid")
        kind = f"openid@{app}" if isinstance(app, str) and app else "openid"
        claims.append((kind, traits["openid"]))
    return tuple(claims)
