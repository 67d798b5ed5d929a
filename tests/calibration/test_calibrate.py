"""What is learnt: laws over made-up people, and the figures on real ones."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hotspring.calibration import Calibration, History, Question, calibrate_apart
from hotspring.calibration.calibrate import by_band, calibrate, energies
from hotspring.calibration.history import frame
from hotspring.calibration.measures import auc
from hotspring.errors import HistoryTooThin
from hotspring.temperature import RuleSet, law, rules
from tests.calibration.past import DAY, SCHEMA, START, Row, history, shoppers

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
FORCE = rules.sets()["ecommerce"]
PEOPLE = 400
ROWS = shoppers(PEOPLE)
CUT = START + 200 * DAY
ASKED = Question("Order", 30 * DAY, CUT)
RETAIL = Path(__file__).parents[1] / "data" / "online_retail" / "online_retail.parquet"
CDNOW = Path(__file__).parents[3] / "shared" / "data" / "cdnow" / "cdnow_sample.parquet"
TABLE = {"retail": {"rfm": 0.742, "boosting": 0.742}, "cdnow": {"rfm": 0.776, "boosting": 0.756}}
"""What the rivals reach on the same cuts elsewhere."""


def learnt(past: History, asked: Question = ASKED, force: RuleSet = FORCE) -> Calibration:
    shares: list[float] = []
    found = calibrate_apart(past, asked, force, ZONE, shares.append)
    assert shares == sorted(shares)
    return found


@pytest.fixture(scope="module")
def found() -> Calibration:
    return learnt(history(ROWS, PEOPLE))


def test_what_tells_is_weighed_and_noise_is_not(found: Calibration) -> None:
    assert found.auc["temperature"] > 0.65
    assert {"Order", "View"} & {weight.event for weight in found.weights}
    assert "Noise" in found.without_weight
    assert all(weight.points > 0 for weight in found.weights)
    rates = [rate for rate in found.bands.values() if rate is not None]
    assert rates == sorted(rates, reverse=True)


def test_the_rules_are_valid_and_the_figures_are_those_of_the_law(found: Calibration) -> None:
    assert RuleSet.from_json(found.rules.to_json()) == found.rules
    past = history(ROWS, PEOPLE)
    there = frame(past, "Order", CUT, 30 * DAY)
    energy = energies(past, found.rules, ZONE, there)
    degrees = law.degrees(energy, found.rules.e_half)
    assert found.auc["temperature"] == round(auc(there.reached, degrees), 4)
    assert (degrees > 80).mean() == pytest.approx(found.share, abs=0.01) == found.hot
    bands = by_band(energy, found.rules.e_half, there.reached)
    assert found.bands == {name: group.rate for name, group in bands.items()}
    assert sum(found.band_profiles.values()) == found.test.profiles == len(there.profiles)


def test_nothing_from_after_the_cut_is_learnt(found: Calibration) -> None:
    random = np.random.default_rng(9)
    changed = [row for row in ROWS if row.ms < CUT or random.random() < 0.6]
    changed += [
        Row(int(random.integers(PEOPLE // 4)), CUT + int(random.integers(40 * DAY)), name, 900.0)
        for name in random.choice(["Order", "Cart", "New"], 300)
    ]
    other = learnt(history(changed, PEOPLE))
    assert other.rules == found.rules
    assert (other.weights, other.learning) == (found.weights, found.learning)
    assert other.test != found.test


def test_neither_the_order_of_events_nor_the_numbers_of_profiles_matter(found: Calibration) -> None:
    random = np.random.default_rng(4)
    number = random.permutation(PEOPLE)
    rows = [ROWS[i]._replace(profile=int(number[ROWS[i].profile])) for i in
            random.permutation(len(ROWS))]  # fmt: skip
    past = history(rows, PEOPLE)
    keys = np.empty_like(past.key)
    keys[number] = past.key
    assert learnt(past._replace(key=keys)) == found


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Question("Order", 30 * DAY, START + 40 * DAY), "begins 40 days before the cut"),
        (Question("Order", 60 * DAY, START + 200 * DAY), "are not over in the history"),
        (Question("Order", 150 * DAY, START + 90 * DAY), "choose a horizon of at most 80 days"),
    ],
)
def test_a_history_that_is_too_short_says_what_to_choose(asked: Question, told: str) -> None:
    with pytest.raises(HistoryTooThin, match=told):
        asked.check_span(START, START + 240 * DAY)


def test_a_goal_of_too_few_is_refused_with_advice() -> None:
    with pytest.raises(HistoryTooThin, match="only 0 known profiles did 'Refund' in the horizon"):
        calibrate(
            history(ROWS[:2000], PEOPLE), Question("Refund", 30 * DAY, CUT), FORCE, ZONE, print
        )
    everyone = [Row(n, START + d * DAY, "Visit") for n in range(120) for d in range(0, 240, 5)]
    with pytest.raises(HistoryTooThin, match="shorter horizon or an event that tells people apart"):
        calibrate(history(everyone, 120), Question("Visit", 30 * DAY, CUT), FORCE, ZONE, print)


def test_it_ends_when_it_is_told_to() -> None:
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate_apart(history(ROWS, PEOPLE), ASKED, FORCE, ZONE, stop)


def _judged(past: History, name: str, cut: str, days: int) -> Calibration:
    at = int(np.datetime64(cut, "ms").astype(np.int64))
    result = learnt(past, Question("Order Completed", days * DAY, at))
    for rival in ("recency", "frequency", "rfm", "boosting"):
        assert result.auc["temperature"] >= result.auc[rival] - 0.002, result.auc
    for rival, figure in TABLE[name].items():
        assert result.auc[rival] >= figure - 0.005, result.auc
    assert result.bands["hot"] > result.bands["warm"] > result.bands["cool"] > result.bands["cold"]  # type: ignore[operator]
    return result


def _bought(people: pa.Array, ms: np.ndarray, amount: np.ndarray) -> History:
    profile = people.dictionary_encode().indices.to_numpy().astype(np.int32)
    count = len(profile)
    events = pa.RecordBatch.from_arrays(
        [
            pa.array(ms), pa.array(["track"] * count), pa.array(["Order Completed"] * count),
            pa.array(np.zeros(count, np.int32)), pa.array(amount), pa.array([""] * count),
        ],
        schema=SCHEMA,
    )  # fmt: skip
    keys = np.random.default_rng(1).integers(1, 2**62, profile.max() + 1).astype(np.uint64)
    return History(events, profile, np.ones(count, bool), keys)


def test_on_online_retail_the_temperature_reaches_every_rival() -> None:
    orders = duckdb.sql(
        "SELECT any_value(CustomerID)::INTEGER AS customer, epoch_ms(min(InvoiceDate)) AS ms, "
        f"sum(Quantity * UnitPrice) AS worth FROM read_parquet('{RETAIL}') "
        "WHERE CustomerID IS NOT NULL AND Quantity > 0 AND UnitPrice > 0 "
        "AND NOT starts_with(InvoiceNo, 'C') GROUP BY InvoiceNo"
    ).to_arrow_table()
    assert orders.num_rows == 18_532
    people = orders["customer"].combine_chunks()
    past = _bought(people, orders["ms"].to_numpy(), orders["worth"].to_numpy())
    result = _judged(past, "retail", "2011-08-28", 60)
    assert result.auc["temperature"] == pytest.approx(0.751, abs=0.005)


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW sample is not beside this checkout")
def test_on_cdnow_the_temperature_reaches_every_rival() -> None:
    bought = pq.read_table(CDNOW)
    ms = np.array(bought["date"].to_pylist(), "datetime64[ms]").astype(np.int64)
    past = _bought(bought["sample_id"].combine_chunks(), ms, bought["value"].to_numpy())
    result = _judged(past, "cdnow", "1997-09-28", 90)
    assert result.auc["temperature"] == pytest.approx(0.783, abs=0.005)
