"""What the preset names of Sensors Analytics (神策) mean here."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from hotspring.collect.context import Context, channel_of, described

IDENTITIES: Final = {
    "$identity_login_id": "user_id",
    "$identity_cookie_id": "anonymous_id",
    "$identity_anonymous_id": "anonymous_id",
    "$identity_mp_id": "anonymous_id",
    "$identity_mp_openid": "openid@mp",
    "$identity_mp_unionid": "unionid",
    "$identity_mobile": "phone",
    "$identity_email": "email",
    "$identity_android_id": "device_id",
    "$identity_android_uuid": "device_id",
    "$identity_ios_id": "device_id",
    "$identity_ios_uuid": "device_id",
    "$identity_idfv": "device_id",
    "$identity_harmony_id": "device_id",
    "$identity_harmony_uuid": "device_id",
}
OPERATIONS: Final = {
    "profile_set": "set",
    "profile_set_once": "set_once",
    "profile_increment": "increment",
    "profile_append": "append",
    "profile_unset": "unset",
    "profile_delete": "delete",
}
EVENTS: Final = {
    "$pageview": "page",
    "$AppViewScreen": "screen",
    "$MPViewScreen": "screen",
}
"""Preset events, and the type of call they are here; others keep their name."""
PERSONAL: Final = frozenset(
    {"$ip", "$user_agent", "$device_id", "$latitude", "$longitude", "$imei", "$mac", "$oaid"}
)
"""Properties that are used for place, device and identity, and not stored with the event."""
DATUMS: Final = {"WGS84": "wgs84", "GCJ02": "gcj02", "BD09": "bd09", "BD09LL": "bd09"}
MICRODEGREES: Final = 1e6
LONGEST_ADDRESS: Final = 64
PRESETS: Final = {
    "$utm_source": ("campaign", "source"),
    "$utm_medium": ("campaign", "medium"),
    "$utm_campaign": ("campaign", "campaign"),
    "$utm_content": ("campaign", "content"),
    "$utm_term": ("campaign", "term"),
    "$url": ("page", "url"),
    "$url_path": ("page", "path"),
    "$title": ("page", "title"),
    "$referrer": ("page", "referrer"),
    "$lib_version": ("library", "version"),
    "$os": ("os", "name"),
    "$os_version": ("os", "version"),
    "$app_id": ("app", "id"),
    "$app_version": ("app", "version"),
    "$network_type": ("network", "type"),
    "$carrier": ("network", "carrier"),
    "$manufacturer": ("device", "manufacturer"),
    "$model": ("device", "model"),
    "$user_agent": ("agent", "text"),
}
"""Where a preset property stands in a context."""


def identities(told: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Which identifiers does an `identities` map name, as (kind, value)?

    `$identity_mp_APPID_openid` is the openid of that app; a name without `$` is taken as a kind
    of this pool. A list holds several values.
    """
    for name, value in told.items():
        kind = IDENTITIES.get(name)
        if kind is None and name.startswith("$identity_mp_") and name.endswith("_openid"):
            kind = "openid@" + name.removeprefix("$identity_mp_").removesuffix("_openid")
        if kind is None and not name.startswith("$"):
            kind = name
        if kind is not None:
            for one in value if isinstance(value, list) else [value]:
                yield kind, one


def datum(properties: Mapping[str, Any]) -> str:
    """Which datum do the coordinates name? Empty where they name none."""
    name = properties.get("$geo_coordinate_system")
    return DATUMS.get(name.upper(), "") if isinstance(name, str) else ""


def surroundings(properties: Mapping[str, Any], library: object, agent: str) -> Context:
    """What do the preset properties say about the surroundings of an event?"""
    get = properties.get
    told = get("$lib")
    if not isinstance(told, str):
        told = library.get("$lib") if isinstance(library, dict) else ""
    name = told if isinstance(told, str) else ""
    agent = agent if channel_of(name) == "web" and agent.startswith("Mozilla/") else ""
    presets = [get(preset) for preset in PRESETS]
    try:
        around = _remembered(name, agent, *presets)
    except TypeError:  # a list or an object where a word belongs: nothing to remember it by
        around = _described(name, agent, *presets)
    location, address = _location(properties), get("$ip")
    if not location and address is None:
        return around
    address = address[:LONGEST_ADDRESS] if isinstance(address, str) else ""
    return msgspec.structs.replace(around, location=location or None, address=address)


def _described(name: str, agent: str, *presets: object) -> Context:
    parts: dict[str, dict[str, Any]] = {"library": {"name": name}}
    for (part, word), value in zip(PRESETS.values(), presets, strict=True):
        if value is not None and value != "":
            parts.setdefault(part, {})[word] = value
    seen = parts.pop("agent", {}).get("text")
    return described(
        {"userAgent": seen or agent, **parts, "library": _present(parts["library"].items())}
    )


_remembered: Final = functools.lru_cache(16_384, typed=True)(_described)


def _present(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value not in (None, "")}


def _location(properties: Mapping[str, Any]) -> dict[str, Any]:
    place = _present((part, properties.get(f"${part}")) for part in ("city", "province"))
    for part in ("latitude", "longitude"):
        degrees = properties.get(f"${part}")
        if isinstance(degrees, int | float) and not isinstance(degrees, bool):
            # The mobile clients send whole millionths of a degree.
            place[part] = degrees / MICRODEGREES if abs(degrees) > 180 else degrees
    return place
