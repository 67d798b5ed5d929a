"""Channel value in an open pool: costs meet conversions, and an answer knows of new costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.folding import Folding
from tests.pool.test_analyses import ask, stop_clocks, table
from tests.pool.test_attribution import bought, came


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        yield found


def test_costs_meet_what_they_brought_at_once(pool: Folding) -> None:
    assert ask(pool, "value")["sentence"] == "nothing"
    pool.deliver([came("ann", 3, "baidu"), bought("ann", 2, 80), came("bob", 2, "email")])
    costs = pool.app.pool.costs
    row = {"from": "2025-10-07", "amount": "5", "currency": "USD", "utm_source": "baidu"}
    assert costs.add([row], "ops")["usable"] == 1
    answer = ask(pool, "value")
    (one,) = table(answer, "groups")
    paid = 5 * pool.app.pipeline.state.rules.rate("USD")
    assert (one["group"], one["new"], one["value"]) == ("baidu", 1, 80)
    assert (one["cost"], one["cac"]) == pytest.approx((paid, paid))
    assert (one["payback"], answer["sentence"]) == (0, "first")
    # Nothing was applied meanwhile: the costs alone are others.
    costs.delete(costs.page(1, None, "")[0][0]["id"])
    assert ask(pool, "value")["sentence"] == "nothing"
    assert ask(pool, "value", by="channel", model="markov")["sentence"] == "nothing"
