"""How fast requests are let in: by source, and as fast as the pipeline can follow."""

from __future__ import annotations

import asyncio
import collections
import math
from collections.abc import Callable
from typing import Final

from hotspring.web.position import Position

SLOW_LAG: Final = 0.5
"""Seconds the pipeline may stay behind before requests have to wait."""
PATIENCE: Final = 5.0
"""Seconds a request waits for the pipeline before it is sent away."""
LOOK_SECONDS: Final = 0.02


class Limit:
    """At most so many requests a second from each source, in bursts of a second's worth."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._rate = per_second
        self._clock = clock
        self._spent: dict[int, float] = {}

    def wait(self, source: int) -> int:
        """Seconds until this source may ask again; 0 lets the request in and counts it."""
        if self._rate <= 0:
            return 0
        now = self._clock()
        # The time at which all that was let in would have been served at an even pace.
        served = max(self._spent.get(source, now), now) + 1 / self._rate
        if served - now > max(1.0, 1 / self._rate):
            return max(1, math.ceil(served - now - 1.0))
        self._spent[source] = served
        return 0


class Gate:
    """Lets requests in while the pipeline keeps up with what was journalled here."""

    def __init__(self, position: Position, clock: Callable[[], float]) -> None:
        self._position = position
        self._clock = clock
        self._sent: collections.deque[tuple[int, float]] = collections.deque()
        self._open = asyncio.Event()
        self._open.set()
        self.lag = 0.0
        """Seconds since the oldest record came that is not applied yet."""

    def journalled(self, seq: int) -> None:
        """Record `seq` is durable; from now on the pipeline should come to it."""
        now = self._clock()
        if not self._sent or now - self._sent[-1][1] >= LOOK_SECONDS:
            self._sent.append((seq, now))

    async def admitted(self) -> bool:
        """Wait while the pipeline lags; False where it still does after all patience."""
        if self._open.is_set():
            return True
        try:
            await asyncio.wait_for(self._open.wait(), PATIENCE)
        except TimeoutError:
            return False
        return True

    async def watch(self) -> None:
        """Keep looking how far the pipeline is. Runs until it is cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        applied = self._position.applied
        while self._sent and self._sent[0][0] <= applied:
            self._sent.popleft()
        self.lag = self._clock() - self._sent[0][1] if self._sent else 0.0
        if self.lag > SLOW_LAG:
            self._open.clear()
        else:
            self._open.set()
