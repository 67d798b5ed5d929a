"""Which events came before, as far as the door remembers: enough to tell a client of repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hotspring.event import Event

GENERATION: Final = 250_000
"""Ids of one generation; two are kept."""


class Recent:
    """Ids and contents of the events that were journalled lately, by source.

    Only for the answer: every event is journalled, and the pipeline decides in journal order.
    """

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._young: dict[str, dict[str, int]] = {}
        self._old: dict[str, dict[str, int]] = {}
        self._count = 0

    def known(self, source: str, events: Sequence[Event]) -> tuple[list[int], list[int]]:
        """Which of these repeat an earlier event, and which give its id to another content?

        Two lists of places in `events`; those before count as earlier ones.
        """
        ids = {event.message_id for event in events}
        young = self._young.get(source, {})
        old = self._old.get(source, {})
        # Only these few are looked up one by one: the generations are too large to lie near.
        earlier_ones = {name: old[name] for name in old.keys() & ids}
        earlier_ones |= {name: young[name] for name in young.keys() & ids}
        repeats: list[int] = []
        conflicts: list[int] = []
        if len(ids) == len(events) and not earlier_ones:
            return repeats, conflicts
        for place, event in enumerate(events):
            name = event.message_id
            earlier = earlier_ones.get(name)
            if earlier is None:
                earlier_ones[name] = event.content
            else:
                (repeats if earlier == event.content else conflicts).append(place)
        return repeats, conflicts

    def remember(self, source: str, events: Sequence[Event]) -> None:
        """These are durable now."""
        known = self._young.setdefault(source, {})
        # What came first under an id stays.
        new = {event.message_id: event.content for event in reversed(events)}
        for name in known.keys() & new.keys():
            del new[name]
        known.update(new)
        self._count += len(events)
        if self._count >= self._generation:
            self._old, self._young, self._count = self._young, {}, 0
