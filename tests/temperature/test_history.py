"""Readings of the past, and what made them, in cases."""

from __future__ import annotations

import zoneinfo

import numpy as np
import pytest

from hotspring.temperature import history, law, rules
from tests.temperature.reference import DAY_MS, Deed, batch

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
RULES = rules.sets()["ecommerce"]
NOW = 1_760_000_000_000
STORY = [
    Deed("Product Viewed", NOW),
    Deed("Order Completed", NOW + DAY_MS, amount=200.0),
    Deed("Order Refunded", NOW + 9 * DAY_MS, amount=200.0),
]


def test_nothing_happened_before_the_first_event() -> None:
    seen = history.reading(batch(STORY), RULES, SHANGHAI, NOW - 1)
    assert (seen.energy, seen.degrees, law.BANDS[seen.band]) == (0.0, -20.0, "cold")
    assert history.contributions(batch(STORY), RULES, SHANGHAI, NOW - 1) == []
    assert history.reading(batch([]), RULES, SHANGHAI, NOW).energy == 0.0


def test_a_refund_cools_but_does_not_undo() -> None:
    before = history.reading(batch(STORY), RULES, SHANGHAI, NOW + 9 * DAY_MS - 1)
    after = history.reading(batch(STORY), RULES, SHANGHAI, NOW + 9 * DAY_MS)
    assert after.degrees < before.degrees
    assert after.energy > 0


def test_contributions_name_rules_and_share_the_energy() -> None:
    parts = history.contributions(batch(STORY), RULES, SHANGHAI, NOW + 10 * DAY_MS)
    assert [part.rule for part in parts][:2] == ["purchase_amount", "refund_amount"]
    assert {part.rule: part.events for part in parts}["purchase"] == 1
    assert sum(abs(part.share) for part in parts) == pytest.approx(1)
    assert all((part.share < 0) == part.rule.startswith("refund") for part in parts)
    assert parts[0].title.zh == "购买金额"
    assert parts[0].last_ms == NOW + DAY_MS


def test_a_curve_draws_jumps_upright() -> None:
    curve = history.curve(batch(STORY), RULES, SHANGHAI, NOW, NOW + 20 * DAY_MS, points=5)
    moments = curve.ms.tolist()
    for deed in STORY[1:]:
        at = moments.index(deed.ms)
        assert moments[at - 1] == deed.ms - 1
        assert abs(curve.degrees[at] - curve.degrees[at - 1]) > 10
    quiet = np.diff(curve.energy)[~np.isin(curve.ms[1:], [deed.ms for deed in STORY])]
    assert (quiet <= 0).all()


def test_a_curve_of_many_events_keeps_the_greatest_jumps() -> None:
    views = [Deed("Product Viewed", NOW + i * 60_000) for i in range(500)]
    order = Deed("Order Completed", NOW + 123_456, amount=500.0)
    events = batch([*views, order])
    curve = history.curve(events, RULES, SHANGHAI, NOW, NOW + DAY_MS, points=10)
    assert len(curve.ms) <= 30
    assert order.ms in curve.ms
    last = history.reading(events, RULES, SHANGHAI, int(curve.ms[-1]))
    assert curve.energy[-1] == pytest.approx(last.energy, rel=1e-9)
