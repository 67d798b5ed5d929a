"""Costs of an open pool: imported, taken back, kept over a restart, converted by its rates."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspring.errors import Conflict, NotFound, Unusable
from tests.laws.folding import Folding

LIST = (
    "日期,来源,活动,花费,币种\n"
    "2025-10-01,red,spring,100,\n"
    '2025/10/2,red,spring,"1,200.50",\n'
    "2025-10-02,blue,,7,USD\n"
    "2025-10-02,blue,,7,XAU\n"
    "soon,blue,,7,\n"
)


def test_a_list_comes_in_row_by_row_and_goes_again(tmp_path: Path) -> None:
    body = LIST.encode("gb18030")
    with Folding(tmp_path) as pool:
        costs = pool.app.pool.costs
        empty = costs.stamp()
        tried = costs.upload(body, "october.csv", {}, "ops", try_only=True)
        assert (tried["usable"], tried["id"], costs.stamp()) == (3, "", empty)
        assert tried["columns"] == {
            "from": "日期", "amount": "花费", "currency": "币种", "utm_source": "来源",
            "utm_campaign": "活动",
        }  # fmt: skip
        found = costs.upload(body, "october.csv", {}, "ops", try_only=False)
        refused = [(one["row"], one["code"]) for one in found["refused"]]
        assert refused == [(5, "currency"), (6, "day")]
        dollar = pool.app.pipeline.state.rules.rate("USD")
        assert found["amount"] == pytest.approx(1300.5 + 7 * dollar, abs=0.005)
        assert (found["from"], found["until"]) == ("2025-10-01", "2025-10-02")
        # The same list again tells nothing new.
        again = costs.upload(body, "october.csv", {}, "ops", try_only=False)
        assert (again["usable"], again["refused"][0]["code"]) == (0, "repeated")
        with pytest.raises(Unusable, match="lacks columns"):
            costs.upload(b"day,source\n2025-10-01,red\n", "bad.csv", {}, "ops", try_only=False)
        taken = costs.stamp()
        assert costs.undo(found["id"]) == 3
        assert (costs.page(10, None, "")[0], costs.converted()) == ([], ())
        assert costs.stamp() not in (empty, taken)
        assert costs.lists()[0]["rows"] == 0
        assert costs.redo(found["id"]) == 3
        with pytest.raises(NotFound):
            costs.redo(found["id"])
        pool.close()
    with Folding(tmp_path) as pool:
        costs = pool.app.pool.costs
        (one,) = costs.lists()
        assert (one["rows"], one["all_rows"], one["amounts"]) == (3, 3, {"CNY": 1300.5, "USD": 7.0})
        amounts = sorted(cost.amount for cost in costs.converted())
        assert amounts == [pytest.approx(7 * dollar), 100, 1200.5]


def test_costs_come_in_pages_and_one_by_one(tmp_path: Path) -> None:
    rows = [{"from": f"2025-10-{day:02}", "amount": str(day), "channel": "web"}
            for day in range(1, 8)]  # fmt: skip
    with Folding(tmp_path) as pool:
        costs = pool.app.pool.costs
        assert costs.add([*rows, {"amount": "1"}], "ops")["usable"] == 7
        seen, cursor = [], None
        while True:
            items, cursor = costs.page(3, cursor, "")
            seen += items
            if cursor is None:
                break
        assert [one["amount"] for one in seen] == [7, 6, 5, 4, 3, 2, 1]
        costs.delete(seen[0]["id"])
        with pytest.raises(NotFound):
            costs.delete(seen[0]["id"])
        assert sum(one.amount for one in costs.converted()) == 21
        costs.restore(seen[0]["id"])
        assert sum(len(part) for part in costs.portions()) == 7
        # By hand, nothing is a list.
        assert costs.lists() == []


def test_what_was_added_again_is_not_brought_back_too(tmp_path: Path) -> None:
    body = b"day,channel,amount\n2025-10-01,web,5\n2025-10-01,web,5\n2025-10-02,web,7\n"
    with Folding(tmp_path) as pool:
        costs = pool.app.pool.costs
        first = costs.upload(body, "a.csv", {}, "ops", try_only=False)
        assert first["usable"] == 3
        # One of two that are alike goes and comes back.
        twin = costs.page(10, None, "")[0][-1]["id"]
        costs.delete(twin)
        costs.restore(twin)
        assert costs.undo(first["id"]) == 3
        again = costs.upload(body, "b.csv", {}, "ops", try_only=False)
        with pytest.raises(Conflict, match="added again"):
            costs.redo(first["id"])
        assert sum(one.amount for one in costs.converted()) == 17
        costs.undo(again["id"])
        assert costs.redo(first["id"]) == 3
