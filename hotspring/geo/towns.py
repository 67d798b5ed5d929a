"""Towns of the world: where they are, in which country, what they are called."""

from __future__ import annotations

import gzip
import io
import unicodedata
from importlib import resources
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

LONGEST: Final = 64
"""Characters: whatever is longer is no name."""


class TownRows(NamedTuple):
    """All towns, the largest first."""

    lon: npt.NDArray[np.float32]
    lat: npt.NDArray[np.float32]
    country: npt.NDArray[np.bytes_]
    """Codes of two letters."""
    names: list[str]


class Towns:
    """Finds a town by its name, however its accents are written."""

    def __init__(self) -> None:
        self._rows = read_towns()
        self._codes = self._rows.country.astype(str).tolist()
        self._by_name: dict[str, list[int]] = {}
        for place, name in enumerate(self._rows.names):
            self._by_name.setdefault(_plain(name), []).append(place)
        told = msgspec.json.decode(gzip.decompress(_read("names.json.gz")))["countries"]
        self._countries = {_plain(name): code for code, both in told.items() for name in both}

    def find(self, name: str, country: str = "") -> tuple[float, float] | None:
        """Longitude and latitude of the largest town of this name; None if none is known.

        `country` is a code of two letters or a name in Chinese or English; towns elsewhere are
        then none.
        """
        if not name or len(name) > LONGEST:
            return None
        found = self._by_name.get(_plain(name), [])
        if country:
            code = self._countries.get(_plain(country[:LONGEST]), country.strip().upper())
            found = [place for place in found if self._codes[place] == code]
        if not found:
            return None
        return float(self._rows.lon[found[0]]), float(self._rows.lat[found[0]])


def read_towns() -> TownRows:
    """The towns that are shipped."""
    with np.load(io.BytesIO(_read("towns.npz"))) as kept:
        names = kept["names"].tobytes().decode().split("\n")
        return TownRows(kept["lon"], kept["lat"], kept["country"], names)


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.strip().casefold().replace("-", " "))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _read(name: str) -> bytes:
    return resources.files("hotspring.geo").joinpath("data", name).read_bytes()
