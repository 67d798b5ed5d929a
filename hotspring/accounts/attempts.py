"""How often one may try to sign in: by name and by address, in windows from the first try on."""

from __future__ import annotations

import ipaddress
import math
import time
from typing import Final, NoReturn

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from hotspring.errors import TooManyTries

HERE: Final = RateLimitItemPerMinute(10, 15, namespace="here")
"""One name from one address."""
NAME: Final = RateLimitItemPerHour(100, 1, namespace="name")
"""One name from anywhere: many guessers share it, and who guesses cannot lock out for long."""
ADDRESS: Final = RateLimitItemPerMinute(100, 15, namespace="address")
"""All names from one address."""
CODE: Final = RateLimitItemPerMinute(5, 15, namespace="code")
CODES: Final = RateLimitItemPerHour(30, 24, namespace="codes")
"""Second factors of one name: who tries them knows the password already."""


class Attempts:
    """Counts tries and refuses those that come too often. Thread-safe; forgets at a restart."""

    def __init__(self) -> None:
        # Moving windows would keep a key for ever; these forget it with its window.
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def password(self, name_key: str, address: str) -> None:
        """Count a try with a password; raises `TooManyTries`."""
        place = _place(address)
        if not self._limiter.test(ADDRESS, place):
            # Looked at first, so that made-up names do not fill the memory.
            self._refuse(ADDRESS, place)
        self._spend((HERE, (name_key, place)), (NAME, (name_key,)), (ADDRESS, (place,)))

    def code(self, name_key: str) -> None:
        """Count a try with a second factor; raises `TooManyTries`."""
        self._spend((CODE, (name_key,)), (CODES, (name_key,)))

    def link(self, address: str) -> None:
        """Count a try with a one-time link; raises `TooManyTries`."""
        self._spend((ADDRESS, (_place(address),)))

    def came_in(self, name_key: str, address: str) -> None:
        """The right person is in: their typing errors are forgotten."""
        self._limiter.clear(HERE, name_key, _place(address))
        self._limiter.clear(CODE, name_key)

    def _spend(self, *counted: tuple[RateLimitItem, tuple[str, ...]]) -> None:
        # The narrowest first: what that refuses does not count against others.
        for limit, key in counted:
            if not self._limiter.hit(limit, *key):
                self._refuse(limit, *key)

    def _refuse(self, limit: RateLimitItem, *key: str) -> NoReturn:
        ends = self._limiter.get_window_stats(limit, *key).reset_time
        raise TooManyTries(max(1, math.ceil(ends - time.time())))


def _place(address: str) -> str:
    """Where an address counts as: one subscriber has 2^64 of IPv6 at the least."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, 64), strict=False).network_address)
