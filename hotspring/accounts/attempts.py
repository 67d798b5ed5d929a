"""How often one may try to sign in: by name and by address, in moving windows."""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

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
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def password(self, name_key: str, address: str) -> None:
        """Count a try with a password; raises `TooManyTries`."""
        self._spend((HERE, (name_key, address)), (NAME, (name_key,)), (ADDRESS, (address,)))

    def code(self, name_key: str) -> None:
        """Count a try with a second factor; raises `TooManyTries`."""
        self._spend((CODE, (name_key,)), (CODES, (name_key,)))

    def link(self, address: str) -> None:
        """Count a try with a one-time link; raises `TooManyTries`."""
        self._spend((ADDRESS, (address,)))

    def came_in(self, name_key: str, address: str) -> None:
        """The right person is in: their typing errors are forgotten."""
        self._limiter.clear(HERE, name_key, address)
        self._limiter.clear(CODE, name_key)

    def _spend(self, *counted: tuple[RateLimitItem, tuple[str, ...]]) -> None:
        # The narrowest first: what that refuses does not count against others.
        for limit, key in counted:
            if not self._limiter.hit(limit, *key):
                ends = self._limiter.get_window_stats(limit, *key).reset_time
                raise TooManyTries(max(1, math.ceil(ends - time.time())))
