"""The temperatures of the whole pool at a past time, restated by today's rules and identities."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hotspring.pipeline import Pipeline, first_seq
from hotspring.pool.moments import iso
from hotspring.temperature import Heat, Weigher

KEPT: Final = "SELECT *, 0::UBIGINT AS key FROM kept_heat WHERE rule <> '' AND ms <= ?"
"""What events that are gone were worth; up to the latest of each row nothing of it is told."""


def temperature_at(pipeline: Pipeline, version: int, at_ms: int) -> dict[str, Any]:
    """How many known profiles were in each band at `at_ms`?

    Counted are the profiles with an event by then; what arrived late since is included.
    """
    with pipeline.lock:
        rules, who, bound = (
            pipeline.state.rules,
            pipeline.state.who,
            first_seq(pipeline.position + 1),
        )
        machines = pipeline.state.machines
        capacity, known = who.capacity, who.known.copy()
    zone = pipeline.settings.zone
    heat, weigher = Heat(rules, zone), Weigher(rules, zone)
    heat.ensure(capacity)
    present = np.zeros(capacity, bool)
    for batch in pipeline.warmth(machines, "AND ms <= ?", [bound, at_ms], weigher.columns):
        ms = batch.column("ms").to_numpy()
        with pipeline.lock:
            slots = who.profile_of(batch.column("origin_id").to_numpy(), ms)
        within = (slots >= 0) & (slots < capacity)
        present[slots[within]] = True
        heat.add(slots, ms, weigher.weigh(batch).of(within))
    for batch in pipeline.ask(KEPT, [at_ms]):
        with pipeline.lock:
            slots = who.profile_of(batch.column("origin_id").to_numpy(), batch["ms"].to_numpy())
        heat.add_kept(slots, machines.seen(batch), slots < capacity)
    counted = present & known[:capacity]
    return {
        "as_of": iso(at_ms),
        "total": int(counted.sum()),
        **by_band(heat, at_ms, counted),
        "anonymous": int((present & ~known[:capacity]).sum()),
        "rules": version,
        "restated": True,
    }


def by_band(heat: Heat, now: int, mask: np.ndarray) -> dict[str, dict[str, int]]:
    """How many of the slots in `mask` are in each band at `now`, with cold told apart."""
    counts = heat.counts(now, mask)
    return {
        "bands": {"hot": counts.hot, "warm": counts.warm, "cool": counts.cool, "cold": counts.cold},
        "cold": {"never_warm": counts.never_warm, "cooled": counts.cooled},
    }
