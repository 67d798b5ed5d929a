"""The sums of days of capped rules: found whether a profile has a few or thousands of them."""

from __future__ import annotations

import zoneinfo

import msgspec
import numpy as np
import pytest

from hotspring.temperature import Heat, RuleSet, Weigher
from hotspring.temperature.kernels import FRONT
from tests.temperature.test_weigh import Deed, batch

NOON = 1_750_000_000_000
DAY = 86_400_000
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


def capped() -> RuleSet:
    rules = [
        {"id": name, "title": {"zh": name, "en": name}, "events": [name], "points": points,
         "half_life_days": 4_000, "cap": 2.5}
        for name, points in (("a", 1.0), ("b", -1.0))
    ]  # fmt: skip
    body = {"title": {"zh": "", "en": ""}, "e_half": 20, "currency": "CNY", "rates": {}}
    return RuleSet.from_json(msgspec.json.encode({**body, "rules": rules}))


@pytest.mark.parametrize("days", [3, FRONT, 40, 900])
@pytest.mark.parametrize("order", ["ascending", "descending", "mixed"])
def test_a_profile_of_many_days_adds_up(days: int, order: str) -> None:
    rules, random = capped(), np.random.default_rng(days)
    deeds = [
        Deed("ab"[n % 2], NOON - day * DAY)
        for day in range(days)
        for n in range(int(random.integers(1, 9)))
    ]
    if order == "mixed":
        deeds = [deeds[i] for i in random.permutation(len(deeds))]
    elif order == "ascending":
        deeds.reverse()
    heat, other, weigher = Heat(rules, ZONE, 4), Heat(rules, ZONE, 4), Weigher(rules, ZONE)
    for at in range(0, len(deeds), 37):
        part = batch(deeds[at : at + 37])
        ms = part.column("ms").to_numpy()
        heat.add(np.full(len(ms), 1, np.int32), ms, weigher.weigh(part))
        # Every other event is another profile's until the two are merged.
        other.add(np.arange(len(ms), dtype=np.int32) % 2, ms, weigher.weigh(part))
    other.merge(0, 1)
    sums = {}
    for deed in deeds:
        sums.setdefault((deed.name, deed.ms), []).append(1.0)
    expected = sum(
        (1 if name == "a" else -1)
        * min(len(found), 2.5)
        * 2 ** ((start(ms) - NOON) / (4_000 * DAY))
        for (name, ms), found in sums.items()
    )
    assert heat.energy(NOON, [1])[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert other.energy(NOON, [1])[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert heat.cells == len(sums)
    again = Heat(rules, ZONE)
    again.load(heat.dump())
    part = batch(deeds)
    ms = part.column("ms").to_numpy()
    again.add(np.full(len(ms), 1, np.int32), ms, weigher.weigh(part), sign=-1)
    assert again.energy(NOON, [1])[0] == pytest.approx(0.0, abs=1e-9)
    assert again.cells == len(sums)


def start(ms: int) -> int:
    return (ms + 8 * 3_600_000) // DAY * DAY - 8 * 3_600_000
