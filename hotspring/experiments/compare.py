"""Every treatment beside the control, metric by metric."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.experiments.sequence import always_valid

NORMAL: Final = 1.959963984540054
"""Of a normal distribution 95 % lies within so many standard deviations."""

Floats = npt.NDArray[np.float64]
Correction = Literal["holm", "benjamini_hochberg", "none"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared."""

    name: str
    kind: Literal["mean", "ratio", "conversion", "revenue"] = "mean"
    """A conversion is 0 or 1 of each profile; revenue is a mean over everybody; a ratio that of two
    means, by the delta method."""
    column: str
    per: str = ""
    """Of a ratio: the column below the line."""
    before: str = ""
    """The same column as it was before the experiment, which takes variance off (CUPED: Deng, Xu,
    Kohavi and Walker, WSDM 2013). Not of ratios."""


class Sample(NamedTuple):
    """What was measured: a row for each profile."""

    variant: npt.NDArray[np.int64]
    """The code of the variant it was given."""
    names: tuple[str, ...]
    """Variants by code; the first is the control."""
    columns: Mapping[str, Floats]


class Comparison(NamedTuple):
    """One metric of one treatment beside the control."""

    metric: str
    treatment: str
    control_mean: float
    mean: float
    difference: float
    low: float
    high: float
    """Of the difference, at 95 %, for one look at a time that was fixed before."""
    relative: float
    """The difference as a part of the control; not a number where that is 0."""
    p: float
    p_adjusted: float
    """For all metrics and treatments together."""
    always_low: float
    always_high: float
    """Of the difference, at 95 %, over all looks at any time."""
    always_p: float


def compare(
    sample: Sample,
    metrics: Sequence[Metric],
    correction: Correction = "holm",
    expected: int = 10_000,
) -> list[Comparison]:
    """Every metric of every treatment, by Welch's t-test.

    `expected` is how many profiles the experiment is to have in all, decided before: there the
    always valid interval is narrowest. With fewer than two profiles in an arm nothing is told.
    """
    sums = [_sums(sample, code) for code in range(len(sample.names))]
    found = [
        _told(metric, sample.names[code], sums[0], sums[code], expected)
        for metric in metrics
        for code in range(1, len(sample.names))
        if min(sums[0].count(), sums[code].count()) > 1
    ]
    adjusted = _adjusted([one.p for one in found], correction)
    return [one._replace(p_adjusted=p) for one, p in zip(found, adjusted, strict=True)]


def _sums(sample: Sample, code: int) -> Any:
    """Count, means, variances and covariances of one variant."""
    from tea_tasting.aggr import Aggregates

    mine = sample.variant == code
    names = list(sample.columns)
    rows = np.array([sample.columns[name][mine] for name in names], float).reshape(len(names), -1)
    count = int(mine.sum())
    if count < 2:
        return Aggregates(count_=count)
    spread = np.atleast_2d(np.cov(rows))
    means = rows.mean(axis=1)
    return Aggregates(
        count_=count,
        mean_={name: float(means[at]) for at, name in enumerate(names)},
        var_={name: float(spread[at, at]) for at, name in enumerate(names)},
        cov_={
            (left, right): float(spread[i, j])
            for i, left in enumerate(names)
            for j, right in enumerate(names)
            if i < j
        },
    )


def _test(metric: Metric, use_t: bool) -> Any:
    # Imported late: it takes a second, which only experiments pay for.
    from tea_tasting.metrics import Mean, RatioOfMeans

    if metric.kind == "ratio":
        return RatioOfMeans(metric.column, metric.per, use_t=use_t, equal_var=False)
    return Mean(metric.column, metric.before or None, use_t=use_t, equal_var=False)


def _told(metric: Metric, treatment: str, control: Any, treated: Any, expected: int) -> Comparison:
    # Where nothing varies the tests divide by nothing, and say so by what is not a number.
    with np.errstate(all="ignore"):
        told = _test(metric, use_t=True).analyze_aggregates(control, treated)
        large = _test(metric, use_t=False).analyze_aggregates(control, treated)
    difference, p = float(told.effect_size), float(told.pvalue)
    error = float(large.effect_size_ci_upper - large.effect_size_ci_lower) / (2 * NORMAL)
    profiles = control.count() + treated.count()
    always = always_valid(difference, error, profiles, expected)
    # Without any spread no test says anything.
    p = p if math.isfinite(p) and error > 0 else 1.0
    return Comparison(
        metric.name, treatment, float(told.control), float(told.treatment), difference,
        float(told.effect_size_ci_lower), float(told.effect_size_ci_upper),
        float(told.rel_effect_size), p, p, *always,
    )  # fmt: skip


def _adjusted(ps: Sequence[float], correction: Correction) -> list[float]:
    """p-values for all tests together: Holm (Scand. J. Statistics 6, 1979) bounds the chance of any
    false finding, Benjamini and Hochberg (JRSS B 57, 1995) the part of findings that are false."""
    if correction == "none" or not ps:
        return list(ps)
    values, size = np.array(ps), len(ps)
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    if correction == "holm":
        steps = np.maximum.accumulate(ranked * np.arange(size, 0, -1))
    else:
        steps = np.minimum.accumulate((ranked * size / np.arange(1, size + 1))[::-1])[::-1]
    found = np.empty(size)
    found[order] = np.minimum(steps, 1.0)
    return [float(one) for one in found]
