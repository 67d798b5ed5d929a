"""The simulated present: calls leave when their moment comes."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from hotspring.demo.brand import Brand
from hotspring.demo.crowd import crowd, greeting
from hotspring.demo.sender import Sender
from hotspring.demo.visits import Call

TICK_SECONDS = 0.5
MOST_MISSED_MINUTES = 10
"""After a longer sleep of the machine the passers-by in between are left out."""


class Live:
    """Sends what customers and passers-by do from `since_ms` on."""

    def __init__(self, brand: Brand, sender: Sender, since_ms: int) -> None:
        self._brand = brand
        self._sender = sender
        self._day = brand.day_of(since_ms)
        self._minute = since_ms // 60_000
        self._people = brand.people.until(self._day)
        self._waiting: list[tuple[int, int, Call]] = []
        self._count = 0
        # A visit of the evening before may go on after midnight.
        for day in range(max(0, self._day - 1), self._day + 1):
            self._plan([call for call in brand.day(day) if call[0] > since_ms])
        self._plan(greeting(brand.seed, since_ms))

    def go(self, clock: Callable[[], int], pause: Callable[[float], object]) -> Iterator[int]:
        """Until when (in milliseconds) has everything been sent? Told after every tick."""
        while True:
            now = clock()
            self._sender.send(self.due(now))
            yield now
            pause(TICK_SECONDS)

    def due(self, now: int) -> list[Call]:
        """Which calls happened by `now` and were not given out before?"""
        while self._day < self._brand.day_of(now):
            self._day += 1
            self._people = self._brand.people.until(self._day)
            self._plan(self._brand.day(self._day))
        self._minute = max(self._minute, now // 60_000 - MOST_MISSED_MINUTES)
        while self._minute < now // 60_000:
            self._minute += 1
            here = [p for p in self._people if self._day < p.leaves]
            self._plan(crowd(self._brand.seed, self._minute, self._brand.zone, here))
        calls = []
        while self._waiting and self._waiting[0][0] <= now:
            calls.append(heapq.heappop(self._waiting)[2])
        return calls

    def _plan(self, calls: list[Call]) -> None:
        for call in calls:
            self._count += 1
            heapq.heappush(self._waiting, (call[0], self._count, call))
