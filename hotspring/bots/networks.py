"""From which networks do mail scanners look at links?"""

from __future__ import annotations

import functools
import ipaddress
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring.errors import SettingsError

SHIPPED: Final = "scanner_networks.toml"
CACHED: Final = 4_096

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The address ranges of one service."""

    name: str
    source: str
    """Where the ranges were read, and when."""
    cidrs: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of networks."""

    network: tuple[Network, ...] = ()


class Networks:
    """The networks that come with Hotspring and those of a file of the operator's own."""

    def __init__(self, file: str = "") -> None:
        """Raises `SettingsError` where the file cannot be used."""
        shipped = resources.files("hotspring.bots") / "data" / SHIPPED
        listed = _listed(shipped.read_text("utf-8"), SHIPPED)
        if file:
            try:
                text = Path(file).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"scanner_networks_file {file}: {error}") from error
            listed += _listed(text, file)
        self._ranges = listed
        self.name = functools.lru_cache(CACHED)(self._name)

    def _name(self, address: str) -> str:
        """Whose is this address? Empty where nobody's."""
        try:
            found: Address = ipaddress.ip_address(address)
        except ValueError:
            return ""
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return next((name for network, name in self._ranges if found in network), "")


def _listed(text: str, file: str) -> list[tuple[Any, str]]:
    try:
        rows = msgspec.convert(tomllib.loads(text), Listed).network
        return [(ipaddress.ip_network(cidr), row.name) for row in rows for cidr in row.cidrs]
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise SettingsError(f"scanner_networks_file {file}: {error}") from error
