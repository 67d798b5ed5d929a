"""What the preset names of Sensors Analytics (神策) mean here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

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
_CAMPAIGN: Final = ("source", "medium", "campaign", "content", "term")


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
    told = properties.get("$lib")
    if not isinstance(told, str):
        told = library.get("$lib") if isinstance(library, dict) else ""
    name = told if isinstance(told, str) else ""
    browser = agent if channel_of(name) == "web" and agent.startswith("Mozilla/") else None
    get = properties.get
    return described(
        {
            "campaign": _present((part, get(f"$utm_{part}")) for part in _CAMPAIGN),
            "page": _present(
                (part, get(f"${part}")) for part in ("url", "title", "referrer", "url_path")
            ),
            "library": _present([("name", name), ("version", get("$lib_version"))]),
            "os": _present([("name", get("$os")), ("version", get("$os_version"))]),
            "app": _present([("id", get("$app_id")), ("version", get("$app_version"))]),
            "network": _present([("type", get("$network_type")), ("carrier", get("$carrier"))]),
            "device": _present([("manufacturer", get("$manufacturer")), ("model", get("$model"))]),
            "userAgent": get("$user_agent") or browser,
            "ip": get("$ip"),
            "location": _location(properties),
        }
    )


def _present(pairs: Any) -> dict[str, Any]:
    return {name: value for name, value in pairs if value not in (None, "")}


def _location(properties: Mapping[str, Any]) -> dict[str, Any]:
    place = _present((part, properties.get(f"${part}")) for part in ("city", "province"))
    for part in ("latitude", "longitude"):
        degrees = properties.get(f"${part}")
        if isinstance(degrees, int | float) and not isinstance(degrees, bool):
            # The mobile clients send whole millionths of a degree.
            place[part] = degrees / MICRODEGREES if abs(degrees) > 180 else degrees
    return place
