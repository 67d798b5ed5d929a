"""Where an IP address is, by the ip2region file that an operator brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ip2region import searcher, util

from hotspring.errors import SettingsError
from hotspring.geo.names import Names

COUNTRY: Final = "中国"
LEAST: Final = util.HeaderInfoLength + util.VectorIndexLength
"""A whole file holds at least a header and a vector index."""


class Regions:
    """An ip2region file (xdb, IPv4 or IPv6), held in memory."""

    def __init__(self, file: Path) -> None:
        try:
            with file.open("rb") as handle:
                util.verify(handle)
                handle.seek(0)
                content = handle.read()
            version = util.version_from_header(util.Header(content[: util.HeaderInfoLength]))
            if version is None or len(content) < LEAST:
                raise ValueError("it is not a whole xdb file")
        except Exception as error:  # verify raises bare exceptions
            raise SettingsError(f"region_file {file} cannot be read: {error}") from error
        self._search: Any = searcher.new_with_buffer(version, content).search

    def adcode(self, ip: str, names: Names) -> int:
        """Which city, else which province, of China is this address in; 0 if none is known?"""
        try:
            country, *fields = self._search(ip).split("|")
        except (ValueError, IndexError):
            return 0  # not an address, of the other version, or a damaged record
        if country != COUNTRY:
            return 0
        # The files know 国家|区域|省份|城市|… and, newer, 国家|省份|城市|…
        for place, field in enumerate(fields):
            if names.province(field):
                return names.find("".join(fields[place + 1 : place + 2]), field)
        return 0
