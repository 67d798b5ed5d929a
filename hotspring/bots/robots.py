"""Robots on a site or in an app: faster than a hand, or as even as a clock."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

MINUTE_MS: Final = 60_000
FAST: Final = 120
"""Events in one minute that no person makes."""
MANY: Final = 30
"""Fewer events say nothing about how even they are."""
EVEN: Final = 0.1
"""Standard deviation of the gaps over their mean; people are above 0.5."""
REST_MS: Final = 30 * MINUTE_MS
"""A longer gap is a pause between two visits and no part of the rhythm."""


class Robot(msgspec.Struct, frozen=True):
    """A subject that is suspected to be a robot, and why."""

    origin: int
    last_ms: int
    score: float
    """0 to 1."""
    evidence: dict[str, float]


def suspects(origins: npt.NDArray[np.int32], ms: npt.NDArray[np.int64]) -> list[Robot]:
    """Which subjects act like robots? Given subject and time of each event, in any order."""
    if not len(origins):
        return []
    order = np.lexsort((ms, origins))
    origins, ms = origins[order], ms[order]
    starts = np.flatnonzero(np.r_[True, origins[1:] != origins[:-1]])
    found = []
    for times, origin in zip(np.split(ms, starts[1:]), origins[starts], strict=True):
        if len(times) >= MANY:
            evidence = _signs(times)
            score = max(
                min(evidence["peak_per_minute"] / (2 * FAST), 0.95)
                if evidence["peak_per_minute"] >= FAST
                else 0.0,
                0.9 - evidence["unevenness"] if evidence["unevenness"] < EVEN else 0.0,
            )
            if score > 0:
                found.append(Robot(int(origin), int(times[-1]), round(score, 3), evidence))
    return sorted(found, key=lambda robot: (-robot.score, robot.origin))


def _signs(times: npt.NDArray[np.int64]) -> dict[str, float]:
    within = np.searchsorted(times, times + MINUTE_MS) - np.arange(len(times))
    gaps = np.diff(times)
    gaps = gaps[gaps <= REST_MS]
    # Many events of one moment are a batch that was sent later, not a rhythm.
    steady = len(gaps) >= MANY - 1 and gaps.mean() >= 1_000
    return {
        "events": len(times),
        "peak_per_minute": int(within.max()),
        "unevenness": round(float(gaps.std() / gaps.mean()), 3) if steady else 1.0,
    }
