"""How many profiles does an experiment need?"""

from __future__ import annotations


def needed(
    mean: float,
    variance: float,
    relative: float,
    power: float = 0.8,
    alpha: float = 0.05,
    ratio: float = 1.0,
) -> int:
    """Profiles in control and treatment together, so that a change of the mean by the part
    `relative` is found with the probability `power`; `ratio` is treatments per control.

    Raises ValueError where there is nothing to find: no mean, no variance, no change.
    """
    from tea_tasting.aggr import Aggregates
    from tea_tasting.metrics import Mean

    if not mean or variance <= 0 or not relative:
        raise ValueError("a plan needs a mean, a variance and a change")
    plan = Mean("x", alpha=alpha, ratio=ratio, power=power, rel_effect_size=relative)
    before = Aggregates(count_=1_000_000, mean_={"x": mean}, var_={"x": variance})
    (found,) = plan.solve_power_from_aggregates(before, "n_obs")
    return int(found.n_obs)
