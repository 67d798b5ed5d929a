"""Experiments: laws, cases against plain formulas, false alarms over many looks, known figures."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hotspring.experiments import Metric, Sample, Split, always_valid, compare, needed

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/experiments"


def read(name: str) -> dict[str, np.ndarray]:
    file = FOLDER / f"{name}.parquet"
    if not file.exists():
        pytest.skip("the real data of experiments is not beside the project")
    table = pq.read_table(file)
    return {c: table.column(c).to_numpy(zero_copy_only=False) for c in table.column_names}


def arms(*each: list[float], **before: list[float]) -> Sample:
    """The values of each arm in a column x, the first is the control."""
    variant = np.concatenate([np.full(len(one), at) for at, one in enumerate(each)])
    columns = {"x": np.concatenate([np.array(one, float) for one in each])}
    columns |= {name: np.array(values, float) for name, values in before.items()}
    return Sample(variant, tuple("abcdef"[: len(each)]), columns)


values = st.lists(st.integers(-20, 20).map(float), min_size=3, max_size=12).filter(
    lambda some: max(some) > min(some)
)


@given(left=values, right=values)
def test_a_mean_is_compared_as_welch_did(left: list[float], right: list[float]) -> None:
    (found,) = compare(arms(left, right), [Metric(name="m", column="x")])
    known = stats.ttest_ind(right, left, equal_var=False)
    assert found.difference == pytest.approx(np.mean(right) - np.mean(left))
    assert found.p == pytest.approx(known.pvalue)
    interval = known.confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


@given(left=values, right=values, third=values)
def test_the_always_valid_reading_is_the_wider_one(
    left: list[float], right: list[float], third: list[float]
) -> None:
    for one in compare(arms(left, right, third), [Metric(name="m", column="x")]):
        assert one.always_low < one.low <= one.difference <= one.high < one.always_high
        assert one.p_adjusted >= one.p


@given(
    estimate=st.floats(-5, 5), error=st.floats(0.01, 3), count=st.integers(2, 10**6),
    expected=st.integers(2, 10**6),
)  # fmt: skip
def test_the_p_value_says_what_the_interval_says(
    estimate: float, error: float, count: int, expected: int
) -> None:
    low, high, p = always_valid(estimate, error, count, expected)
    assert high - low >= 2 * 1.96 * error
    assert (p < 0.05) == (low > 0 or high < 0) or math.isclose(p, 0.05, rel_tol=1e-6)
    # The p-value is the level whose interval ends at nothing: by the formula, with that level.
    if 1e-290 < p < 1:
        level = -2 * math.log(0.05)
        scale = count * (level + math.log(level + 1)) / expected
        half = math.sqrt(2 * (scale + 1) / scale * math.log(math.sqrt(scale + 1) / p))
        assert half * error == pytest.approx(abs(estimate), rel=1e-6)


def test_looking_often_finds_nothing_where_nothing_is() -> None:
    random = np.random.default_rng(20)
    looks, each, runs = 40, 250, 1_000
    left, right = (random.exponential(1, (runs, looks * each)) for _ in range(2))
    false, naive = 0, 0
    sizes = np.arange(1, looks + 1) * each
    sums = [np.cumsum(x, axis=1)[:, sizes - 1] / sizes for x in (left, right)]
    squares = [np.cumsum(x**2, axis=1)[:, sizes - 1] / sizes for x in (left, right)]
    spread = [square - mean**2 for square, mean in zip(squares, sums, strict=True)]
    error = np.sqrt((spread[0] + spread[1]) / sizes)
    for run in range(runs):
        ps = [
            always_valid(
                sums[1][run, at] - sums[0][run, at], error[run, at], 2 * int(sizes[at]), 10_000
            )[2]
            for at in range(looks)
        ]
        false += min(ps) < 0.05
        naive += bool((np.abs(sums[1][run] - sums[0][run]) > 1.96 * error[run]).any())
    assert false / runs <= 0.05
    assert naive / runs > 0.2


def test_what_was_before_takes_variance_off_and_no_bias() -> None:
    random = np.random.default_rng(4)
    before = random.normal(10, 3, 4_000)
    after = before + random.normal(0, 1, 4_000)
    after[2_000:] += 0.2
    sample = arms(after[:2_000].tolist(), after[2_000:].tolist(), before=before.tolist())
    plain, cuped = compare(
        sample, [Metric(name="plain", column="x"), Metric(name="m", column="x", before="before")]
    )
    assert cuped.high - cuped.low < (plain.high - plain.low) / 2
    assert cuped.low < 0.2 < cuped.high


def test_a_ratio_is_that_of_two_means() -> None:
    sample = Sample(
        np.repeat([0, 1], 4), ("a", "b"),
        {"orders": np.array([1, 0, 2, 1, 2, 2, 1, 3.0]),
         "visits": np.array([2, 1, 4, 1, 2, 4, 1, 3.0])},
    )  # fmt: skip
    (found,) = compare(sample, [Metric(name="r", kind="ratio", column="orders", per="visits")])
    assert (found.control_mean, found.mean) == pytest.approx((4 / 8, 8 / 10))


def test_several_tests_are_judged_together() -> None:
    random = np.random.default_rng(7)
    sample = arms(*([float(x) for x in random.normal(n / 10, 1, 400)] for n in range(4)))
    metrics = [Metric(name="m", column="x")]
    ps = [one.p for one in compare(sample, metrics, "none")]
    holm = [one.p_adjusted for one in compare(sample, metrics)]
    known = stats.false_discovery_control(ps)
    hochberg = [one.p_adjusted for one in compare(sample, metrics, "benjamini_hochberg")]
    assert hochberg == pytest.approx(known)
    # The least times 3, the next times 2, the greatest as it is, never less than the one before.
    ranked, most, expected = sorted(ps), 0.0, {}
    for at, p in enumerate(ranked):
        most = max(most, min(p * (3 - at), 1))
        expected[p] = most
    assert holm == pytest.approx([expected[p] for p in ps])


def test_a_plan_is_that_of_the_textbook() -> None:
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert needed(0.1, 0.09, 0.1) == pytest.approx(4 * 0.09 * z**2 / 0.01**2, rel=0.01)
    for wrong in ((0.0, 1.0, 0.1), (1.0, 0.0, 0.1), (1.0, 1.0, 0.0)):
        with pytest.raises(ValueError, match="mean, a variance and a change"):
            needed(*wrong)


def test_an_uneven_split_is_seen() -> None:
    assert not Split.of([500, 520]).uneven
    assert not Split.of([1_000, 2_000], [1, 2]).uneven
    assert Split.of([1_000, 2_000]).uneven
    assert Split.of([1_000, 1_000, 1_200]).uneven
    assert Split.of([0, 0]).p == 1


def test_without_any_spread_nothing_is_told() -> None:
    (found,) = compare(arms([1.0] * 4, [1.0] * 4), [Metric(name="m", column="x")])
    assert (found.difference, found.p, found.always_p) == (0, 1, 1)
    assert (found.always_low, found.always_high) == (-math.inf, math.inf)


def test_too_few_profiles_tell_nothing() -> None:
    assert compare(arms([1.0], [2.0, 3.0]), [Metric(name="m", column="x")]) == []


def test_hillstrom_gives_the_known_figures() -> None:
    rows = read("hillstrom")
    names = ("No E-Mail", "Mens E-Mail", "Womens E-Mail")
    variant = np.array([names.index(one) for one in rows["segment"]])
    sample = Sample(variant, names, {c: rows[c].astype(float) for c in ("visit", "spend")})
    visits, womens, spend, less = compare(
        sample,
        [Metric(name="visit", kind="conversion", column="visit"),
         Metric(name="spend", kind="revenue", column="spend")],
    )  # fmt: skip
    assert round(visits.control_mean * 100, 2) == 10.62
    assert (round(visits.mean * 100, 2), round(womens.mean * 100, 2)) == (18.28, 15.14)
    assert round(spend.control_mean, 4) == 0.6528
    assert (round(spend.mean, 4), round(less.mean, 4)) == (1.4226, 1.0772)
    assert all(one.always_p < 0.05 for one in (visits, womens, spend))
    assert not Split.of(np.bincount(variant).tolist()).uneven


def test_the_cats_were_not_split_evenly() -> None:
    rows = read("cookie_cats")
    variant = (rows["version"] == "gate_40").astype(int)
    split = Split.of(np.bincount(variant).tolist())
    assert split.counts == (44_700, 45_489)
    assert split.uneven
    sample = Sample(variant, ("gate_30", "gate_40"), {"x": rows["retention_7"].astype(float)})
    (found,) = compare(sample, [Metric(name="day 7", kind="conversion", column="x")])
    assert (round(found.control_mean * 100, 2), round(found.mean * 100, 2)) == (19.02, 18.20)
    assert found.p < 0.01
