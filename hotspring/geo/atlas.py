"""The atlas: where an event happened, and which district, city and province that is."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hotspring.event import Place
from hotspring.geo import grid, outlines
from hotspring.geo.datum import to_wgs84
from hotspring.geo.names import Names, english, short
from hotspring.geo.outlines import Area, Outlines
from hotspring.geo.region import Regions
from hotspring.geo.towns import Towns

EARTH: Final = 6_371_008.8
"""Mean radius in metres."""
GPS_METRES: Final = 50.0
"""Precision of a position that does not say its own."""
IP_METRES: Final = 20_000.0
"""No address is known more exactly than this."""
TOWN_METRES: Final = 20_000.0
"""Precision of a town abroad that is known by its name."""
FARTHEST: Final = math.pi * EARTH
"""No two places are further apart: an accuracy beyond it says nothing."""
LONGEST_IP: Final = 45
"""Characters of an address of version six that embeds one of version four."""
REMEMBERED: Final = 16_384
_CODE: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")
"""A district's code, or the longer one of a town or village in it."""


class Atlas:
    """Outlines and names of districts, and the regions of IP addresses where a file is given.

    What is shipped is read when it is first needed; files that an operator names are read at
    once, and raise `SettingsError` if they cannot be used.
    """

    def __init__(self, outlines_file: str = "", region_file: str = "") -> None:
        self._file = Path(outlines_file) if outlines_file else None
        self._regions = Regions(Path(region_file)) if region_file else None
        self._by_ip = lru_cache(REMEMBERED)(self._ip_place)
        self._by_area = lru_cache(REMEMBERED)(self._area_place)
        if self._file is not None:
            self.load()

    @property
    def knows_addresses(self) -> bool:
        """Is there a file that tells where IP addresses are?"""
        return self._regions is not None

    def load(self) -> None:
        """Read the outlines now, so that the first event does not wait for it."""
        self.adcode_of(0.0, 0.0)
        self._names.find("")

    @cached_property
    def _outlines(self) -> Outlines:
        return outlines.read(self._file)

    @cached_property
    def _grid(self) -> grid.Grid:
        return grid.build(self._outlines)

    @cached_property
    def _names(self) -> Names:
        return Names(self._outlines.areas)

    @cached_property
    def _towns(self) -> Towns:
        return Towns()

    @cached_property
    def _members(self) -> dict[int, list[int]]:
        """The places, in the outlines, of the districts of each area."""
        found: dict[int, list[int]] = defaultdict(list)
        for place, code in enumerate(self._outlines.codes.tolist()):
            for area in (code, *self.parents(code)):
                found[area].append(place)
        return dict(found)

    def locate(
        self,
        location: Mapping[str, Any] | None = None,
        adcode: object = None,
        city: object = None,
        province: object = None,
        ip: object = None,
        datum: str = "wgs84",
        country: object = None,
    ) -> Place | None:
        """Where did an event happen that carries this; None if nothing usable is given?

        The first that can be used decides: `latitude` and `longitude` of `location` in `datum`
        (`accuracy` in metres beside them), the adcode, the names of city and province, the IP
        address. A `location` may bring `adcode`, `city`, and `province` or `region` too. A city
        abroad is found by its name, that of the largest town of this name (in `country`, where
        that is given). Values come from clients: what is of a wrong type or out of range counts
        as absent.
        """
        if not (location or adcode or city or province or ip):
            return None
        if isinstance(location, Mapping):
            place = self._gps(location, datum)
            if place is not None:
                return place
            adcode = adcode or location.get("adcode")
            city = city or location.get("city")
            province = province or location.get("province") or location.get("region")
        code = self._known(adcode) if adcode else 0
        if code:
            return self._by_area(code, "adcode")
        if city or province:
            code = self._names.find(_text(city), _text(province))
            if code:
                return self._by_area(code, "city")
            town = self._towns.find(_text(city), _text(country)) if city else None
            if town is not None:
                return Place(*town, "city", TOWN_METRES)
        if self._regions and isinstance(ip, str) and len(ip) <= LONGEST_IP:
            return self._by_ip(ip)
        return None

    def adcode_of(self, lon: float, lat: float) -> int:
        """Which district holds this WGS-84 point; 0 if none does?"""
        place = grid.find(self._grid, lon, lat)
        return int(self._outlines.codes[place]) if place >= 0 else 0

    def adcodes_of(
        self, lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.int32]:
        """Which district holds each of these WGS-84 points; 0 where none does?"""
        found: npt.NDArray[np.int32] = grid.find_all(
            self._grid,
            np.ascontiguousarray(lons, np.float64),
            np.ascontiguousarray(lats, np.float64),
            self._outlines.codes,
        )
        return found

    def name(self, adcode: int) -> str:
        """What is this district, city or province called; empty if the code is unknown?"""
        area = self._outlines.areas.get(adcode)
        return area.name if area else ""

    def short(self, adcode: int) -> str:
        """How is this area said, without the word for its kind?"""
        area = self._outlines.areas[adcode]
        return area.short or short(area.name)

    def parents(self, adcode: int) -> tuple[int, ...]:
        """Which city and province is this area part of, nearest first?

        Areas that are their own city, or cities that are their own province, name only what is
        above them: 110101 gives (110000,), 110000 and unknown codes give ().
        """
        area = self._outlines.areas.get(adcode)
        return area.parents if area else ()

    def english(self, adcode: int) -> str:
        """What is this area called in English? Its own name where none is known."""
        return english().get(f"{adcode}") or self.name(adcode)

    def areas(self) -> dict[int, Area]:
        """Every area that has a code."""
        return self._outlines.areas

    def boxes(self) -> dict[int, tuple[float, float, float, float]]:
        """West, south, east and north of every area, as far as its districts reach."""
        edges, starts = self._outlines.edges, self._outlines.starts[:-1]
        west, east = np.minimum(edges[:, 0], edges[:, 2]), np.maximum(edges[:, 0], edges[:, 2])
        low, high = np.minimum.reduceat, np.maximum.reduceat
        sides = np.stack(
            [
                low(west, starts),
                low(edges[:, 1], starts),
                high(east, starts),
                high(edges[:, 3], starts),
            ],
            axis=1,
        )
        return {
            code: (*sides[places][:, :2].min(axis=0).tolist(), *sides[places][:, 2:].max(axis=0))
            for code, places in self._members.items()
        }

    def centre(self, adcode: int) -> tuple[float, float] | None:
        """Where, as WGS-84 longitude and latitude, is the middle of this area?

        For a city or province it is the middle of the district that is nearest to all its
        districts together: urban districts are small and many, so that this is where people live.
        """
        if adcode not in self._members:
            return None
        place = self._by_area(adcode, "adcode")
        return place.lon, place.lat

    def _gps(self, location: Mapping[str, Any], datum: str) -> Place | None:
        lon, lat = _number(location.get("longitude")), _number(location.get("latitude"))
        if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0) or (lon == 0.0 and lat == 0.0):
            return None
        lon, lat = to_wgs84(lon, lat, datum)
        accuracy = _number(location.get("accuracy"))
        precision = accuracy if 0.0 < accuracy <= FARTHEST else GPS_METRES
        return Place(lon, lat, "gps", precision, self.adcode_of(lon, lat))

    def _known(self, adcode: object) -> int:
        """The area of this code, else, for codes out of use, the city or province it was in."""
        if isinstance(adcode, int) and 100_000 <= adcode < 10**12:
            adcode = str(adcode)
        if not isinstance(adcode, str) or not _CODE.fullmatch(adcode.strip()):
            return 0
        code = int(adcode.strip()[:6])
        for known in (code, code // 100 * 100, code // 10000 * 10000):
            if known in self._members:
                return known
        return 0

    def _ip_place(self, ip: str) -> Place | None:
        code = self._regions.adcode(ip, self._names) if self._regions else 0
        return self._by_area(code, "ip") if code else None

    def _area_place(self, code: int, origin: str) -> Place:
        atlas, members = self._outlines, self._members[code]
        centres = atlas.centres[members]
        middle = centres[np.argmin([_metres(centre, centres).sum() for centre in centres])]
        corners = [atlas.edges[atlas.starts[i] : atlas.starts[i + 1], :2] for i in members]
        radius = float(_metres(middle, np.concatenate(corners)).max())
        if origin == "ip":
            radius = max(radius, IP_METRES)
        return Place(float(middle[0]), float(middle[1]), origin, radius, code)


def _metres(point: npt.NDArray[np.float64], others: npt.NDArray[np.float64]) -> Any:
    """Great-circle distances (haversine) from a point to others, in metres."""
    lon, lat = np.radians(others - point).T / 2
    level = np.cos(np.radians(point[1])) * np.cos(np.radians(others[:, 1]))
    return 2 * EARTH * np.arcsin(np.sqrt(np.sin(lat) ** 2 + level * np.sin(lon) ** 2))


def _number(value: object) -> float:
    """A number as clients write it, in text too; NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
