"""A reading that stays valid however often one looks."""

from __future__ import annotations

import math
from typing import Final

ALPHA: Final = 0.05


def always_valid(
    estimate: float, error: float, count: int, expected: int, alpha: float = ALPHA
) -> tuple[float, float, float]:
    """Lower and upper bound of an estimate over all looks at once, and its p-value.

    The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
    ("Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics
    52, 2024), with `error` the standard error after `count` profiles:

        estimate ± error · sqrt(2 · (n·ρ² + 1) / (n·ρ²) · log(sqrt(n·ρ² + 1) / alpha))

    ρ² = (-2·log(alpha) + log(-2·log(alpha) + 1)) / `expected`: about narrowest where as many
    profiles are there as were expected. It holds for large numbers, as a z-test does. Without any
    spread nothing is told.
    """
    width = -2 * math.log(alpha)
    scale = count * (width + math.log(width + 1)) / max(expected, 1)
    if not scale or not math.isfinite(error) or error <= 0:
        return -math.inf, math.inf, 1.0
    half = error * math.sqrt(2 * (scale + 1) / scale * math.log(math.sqrt(scale + 1) / alpha))
    spent = 0.5 * math.log(scale + 1) - (estimate / error) ** 2 * scale / (2 * (scale + 1))
    return estimate - half, estimate + half, min(math.exp(min(spent, 0.0)), 1.0)
