"""Heat of events whose rows are gone: weighed once, by the rules of then, and kept."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.event import Flag
from hotspring.temperature.rules import RuleSet
from hotspring.temperature.weigh import Weights

SCHEMA: Final = pa.schema(
    [
        pa.field("origin_id", pa.int32(), nullable=False),
        pa.field("ms", pa.int64(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("half_life_ms", pa.float64(), nullable=False),
        pa.field("cap", pa.float64(), nullable=False),
        pa.field("day", pa.int32(), nullable=False),
        pa.field("weight", pa.float64(), nullable=False),
        pa.field("flags", pa.int32(), nullable=False),
        pa.field("at_ms", pa.int64(), nullable=False),
        pa.field("events", pa.int64(), nullable=False),
    ]
)
"""One row per subject, rule, day where the rule has a cap, and mark of machine traffic: that of the
door, or that of flags on the events themselves. `weight` is what the events were worth at `ms`, the
latest of them; with a cap, their plain sum, and `cap` is over 0. Subjects that several people may
share have a row for each moment. `at_ms` is when they were weighed."""


class Kept(NamedTuple):
    """Kept heat as if each row were an event."""

    ms: npt.NDArray[np.int64]
    weights: Weights


def gathered(
    events: pa.RecordBatch, weights: Weights, rules: RuleSet, shared: npt.NDArray[np.bool_], at: int
) -> pa.RecordBatch:
    """What is to be kept of these events, weighed at `at` (ms)?

    `shared` tells, one boolean per event, whether its subject may be several people's over time.
    """
    index, rule, weight, day = weights
    ms = events.column("ms").to_numpy()[index]
    seen = (events.column("flags").to_numpy() & int(Flag.BOT | Flag.DECIDED))[index]
    keys = np.rec.fromarrays(
        [
            events.column("origin_id").to_numpy()[index],
            rule.astype(np.int32),
            day,
            seen.astype(np.int32),
            np.where(shared[index], ms, 0),
        ]
    )
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    latest = np.full(len(first), np.iinfo(np.int64).min)
    np.maximum.at(latest, group, ms)
    lives = np.array([one.half_life_ms for one in rules.rules], np.float64)
    caps = np.array([one.cap or 0.0 for one in rules.rules], np.float64)
    cooled = np.where(caps[rule] > 0, 1.0, np.exp2((ms - latest[group]) / lives[rule]))
    names = [one.id for one in rules.rules]
    columns: dict[str, Any] = {
        "origin_id": events.column("origin_id").to_numpy()[index][first],
        "ms": latest,
        "rule": [names[i] for i in rule[first].tolist()],
        "half_life_ms": lives[rule[first]],
        "cap": caps[rule[first]],
        "day": day[first],
        "weight": np.bincount(group, weights=weight * cooled, minlength=len(first)),
        "flags": seen[first],
        "at_ms": np.full(len(first), at),
        "events": np.bincount(group, minlength=len(first)),
    }
    return pa.RecordBatch.from_pydict(columns, schema=SCHEMA)


def revived(
    rows: pa.RecordBatch, rules: RuleSet, half_lives_ms: npt.NDArray[np.float64], starts: Any
) -> Kept:
    """What do these rows bring under `rules`?

    A rule that still has this name, half-life and kind of cap counts them as it would their events.
    The others' heat is taken as it stood when it was weighed, and cools with the nearest half-life
    of today: what is gone cannot be weighed again. `starts` gives the first moment of days.
    """
    names = pa.array([one.id for one in rules.rules], pa.string())
    found = pc.fill_null(pc.index_in(rows.column("rule"), names), -1)
    rule = found.to_numpy(zero_copy_only=False).astype(np.int64)
    lives, caps = rows.column("half_life_ms").to_numpy(), rows.column("cap").to_numpy()
    today = np.array([one.half_life_ms for one in rules.rules] or [0.0], np.float64)
    capped = np.array([bool(one.cap) for one in rules.rules] or [False], bool)
    stands = (rule >= 0) & (today[rule] == lives) & (capped[rule] == (caps > 0))
    ms, day = rows.column("ms").to_numpy().copy(), rows.column("day").to_numpy()
    weight, at = rows.column("weight").to_numpy().copy(), rows.column("at_ms").to_numpy()
    over = ~stands & (caps > 0)
    ms[over] = starts(day[over])
    weight[over] = np.sign(weight[over]) * np.minimum(np.abs(weight[over]), caps[over])
    gone = ~stands
    weight[gone] *= np.exp2((ms[gone] - at[gone]) / lives[gone])
    ms[gone] = at[gone]
    apart = np.abs(np.log(half_lives_ms[None, :]) - np.log(lives[gone, None]))
    # Behind the rules stands one of no name for each half-life.
    rule[gone] = len(rules.rules) + np.argmin(apart, axis=1)
    people = np.flatnonzero(rows.column("flags").to_numpy() & int(Flag.BOT) == 0)
    brings = people[weight[people] != 0]
    return Kept(
        ms,
        Weights(
            brings.astype(np.int32),
            rule[brings].astype(np.int16),
            weight[brings],
            np.where(stands, day, 0)[brings].astype(np.int32),
        ),
    )
