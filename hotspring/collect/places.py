"""Where an event happened: what is asked of the atlas, and what is remembered."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final, Protocol

from hotspring.collect.call import Call, Told
from hotspring.collect.context import Context
from hotspring.collect.sitting import Sitting
from hotspring.event import Place

CACHED: Final = 16_384
LONGEST: Final = 64
FIELDS: Final = ("adcode", "city", "province")
"""Where the properties of an event name its place."""
CLIENT_CHANNELS: Final = frozenset({"web", "app", "miniprogram", "wechat"})
"""Where the address of the request is that of the person, and not of a server."""


class Locator(Protocol):
    """What is asked of an atlas."""

    @property
    def knows_addresses(self) -> bool:
        """Can it tell where an address is?"""

    def locate(
        self,
        location: Mapping[str, Any] | None = None,
        adcode: object = None,
        city: object = None,
        province: object = None,
        ip: str | None = None,
        datum: str = "wgs84",
    ) -> Place | None:
        """Where is this?"""


class Places:
    """Finds the places of events, and remembers those that have a name."""

    def __init__(self, atlas: Locator) -> None:
        self._atlas = atlas
        self._named = functools.lru_cache(CACHED)(functools.partial(self._locate, None))

    def of(
        self, call: Call, around: Context, properties: dict[str, Any], sitting: Sitting
    ) -> Place | None:
        """Where did this event happen? From its coordinates, else names and codes, else address.

        Names and codes in the properties come before those of the `location` of the context; the
        address of the request counts only where the channel says that a client's device sent it.
        """
        adcode, city, province = map(properties.get, FIELDS)
        address, datum = around.address, sitting.datum
        if not address and around.channel in CLIENT_CHANNELS:
            address = sitting.address
        location = around.location
        if location is not None:
            adcode = adcode or location.get("adcode")
            city = city or location.get("city")
            province = province or location.get("province") or location.get("region")
        if location is not None and "latitude" in location:
            if type(call) is Told and call.datum:
                datum = call.datum
            return self._locate(location, adcode, city, province, address, datum)
        if adcode or city or province or address:
            return self._named(_short(adcode), _short(city), _short(province), address, datum)
        return None

    def _locate(
        self,
        location: Mapping[str, Any] | None,
        adcode: object,
        city: object,
        province: object,
        address: str,
        datum: str,
    ) -> Place | None:
        return self._atlas.locate(location, adcode, city, province, address or None, datum)


def _short(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else None
    return value if isinstance(value, int) else None
