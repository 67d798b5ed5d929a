"""RFM of an open pool: what a class is said to hold is what its rule finds."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hotspring.collect.files import open_file
from hotspring.errors import BadRequest
from hotspring.event import Event, Flag
from hotspring.settings import Settings
from tests.laws.folding import DAY, NOW, Folding
from tests.pool.test_segments import event

RETAIL = Path(__file__).parents[1] / "data" / "online_retail" / "online_retail.parquet"
LONDON = zoneinfo.ZoneInfo("Europe/London")
NAMES = {
    (True, True, True): "important_value", (True, False, True): "important_develop",
    (False, True, True): "important_keep", (False, False, True): "important_win_back",
    (True, True, False): "general_value", (True, False, False): "general_develop",
    (False, True, False): "general_keep", (False, False, False): "general_win_back",
}  # fmt: skip


SHARE = {"by": "quantile", "share": 0.6}


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("segments", "pool", "analytics", "lifecycle"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: NOW)


@pytest.fixture
def pool(tmp_path: Path, stopped: None) -> Iterator[Folding]:
    with Folding(tmp_path) as found:
        yield found


def counted(pool: Folding, rule: Any) -> int:
    return int(pool.app.pool.segments.preview(rule)["count"])


def shopping(people: int) -> list[Event]:
    """Orders, refunds and machine traffic of people who also use devices of each other."""
    random = np.random.default_rng(3)
    found = []
    for n in range(people):
        who, device = f"u{n}", f"anonymous_id:d{n // 3}"
        found.append(event(who, NOW - 700 * DAY + n, "Signed In", ids=(f"user_id:{who}", device)))
        for _ in range(int(random.geometric(0.4)) - 1):
            ms = NOW - int(random.integers(0, 500 * DAY))
            ids = (device,) if random.random() < 0.2 else (f"user_id:{who}", device)
            name = "Order Completed" if random.random() < 0.8 else "Order Refunded"
            amount = round(float(random.exponential(200)), 2)
            currency = str(random.choice(["CNY", "USD", "", "XXX"]))
            flags = int(Flag.BOT) if random.random() < 0.05 else 0
            found.append(event(
                who, ms, name, ids=ids, amount=amount, currency=currency, flags=flags,
                properties={"points": round(amount)},
            ))  # fmt: skip
    return found


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"counted": {"days": 200, "at": NOW - 90 * DAY, "currency": "USD"}},
        {"counted": {"field": "properties.points", "refunds": []}, "thresholds": SHARE},
        {"counted": {"orders": ["Order Completed", "Signed In"], "days": 400}},
    ],
)  # fmt: skip
def test_the_rule_of_a_class_finds_exactly_its_customers(
    pool: Folding, asked: dict[str, Any]
) -> None:
    pool.deliver(shopping(80))
    found = pool.app.pool.analytics.rfm(asked)
    assert found["customers"] == sum(one["customers"] for one in found["classes"])
    assert found["customers"] == sum(one["customers"] for one in found["grid"])
    assert found["customers"] > 15
    for one in [*found["classes"], *found["grid"][::7]]:
        if one["rule"] is not None:
            assert counted(pool, one["rule"]) == one["customers"], one["name"]
        else:
            assert one["customers"] == 0
    rows = [row for part in pool.app.pool.analytics.customers(asked) for row in part]
    assert len(rows) == found["customers"]
    told = []
    for one in found["classes"]:
        cursor, some = None, []
        for _ in range(one["customers"]):
            page, cursor = pool.app.pool.analytics.members(asked, one["name"], 4, cursor)
            some += page
            if cursor is None:
                break
        assert len(some) == one["customers"]
        assert [row["amount"] for row in some] == sorted(row["amount"] for row in some)[::-1]
        told += some
    assert sorted(told, key=lambda row: row["id"]) == sorted(rows, key=lambda row: row["id"])
    for one in found["classes"]:
        mine = [row for row in rows if row["class"] == one["name"]]
        assert len(mine) == one["customers"]
        assert sum(row["amount"] for row in mine) == pytest.approx(one["revenue"], abs=1)


def test_the_machine_is_forgotten_and_the_past_is_told(pool: Folding) -> None:
    pool.deliver([
        event("ann", NOW - 20 * DAY, "Order Completed", amount=100.0, currency="CNY"),
        event("ann", NOW - DAY, "Order Completed", amount=100.0, currency="CNY"),
        event("bob", NOW - 40 * DAY, "Order Completed", amount=10.0, currency="USD"),
        event("bob", NOW - 39 * DAY, "Order Refunded", amount=2.0, currency="USD"),
        event("cat", NOW - DAY, "Product Viewed"),
        event("", NOW - DAY, "Order Completed", ids=("anonymous_id:x",), amount=7.0),
    ])  # fmt: skip
    rfm = pool.app.pool.analytics.rfm
    by = {"by": "hand", "days": 10, "orders": 2, "amount": 60}
    found = rfm({"thresholds": by, "since": NOW - 15 * DAY})
    assert (found["profiles"], found["customers"], found["orders_count"]) == (3, 2, 3)
    assert found["revenue"] == pytest.approx(200 + 8 * 7.2)
    there = {one["name"]: one["customers"] for one in found["classes"] if one["customers"]}
    assert there == {"important_value": 1, "general_win_back": 1}
    moves = {(move["from"], move["to"]): move["customers"] for move in found["moves"]}
    assert moves == {
        ("important_develop", "important_value"): 1,
        ("general_win_back", "general_win_back"): 1,
    }
    pool.command("flag", {
        "id": "f1", "identifiers": ["user_id:ann"], "events": [], "reason": "x",
    })  # fmt: skip
    assert rfm({"thresholds": by})["customers"] == 1


def test_what_cannot_be_is_refused_and_nothing_is_no_fault(pool: Folding) -> None:
    rfm = pool.app.pool.analytics.rfm
    found = rfm({})
    assert (found["customers"], found["orders"]) == (0, ["Order Completed"])
    assert all(one["rule"] is None for one in found["classes"])
    for asked, said in (
        ({"counted": {"currency": "ZZZ"}}, "no rate"),
        ({"counted": {"field": "total"}}, "properties.NAME"),
        ({"counted": {"orders": ["a"], "refunds": ["a"]}}, "at once"),
        ({"thresholds": {"by": "hand"}}, "by hand"),
        ({"thresholds": {"recency": [3, 2, 1, 0]}}, "ascending"),
        ({"since": NOW}, "before"),
    ):
        with pytest.raises(BadRequest, match=said):
            rfm(asked)


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folding]:
    own = Settings(currency="GBP")
    opened = open_file(RETAIL, "orders", own, NOW, tz="Europe/London")
    with Folding(tmp_path_factory.mktemp("retail"), own) as found:
        for portion in opened.portions(5_000):
            found.deliver(portion.events)
        yield found


def _by_hand(
    lines: pd.DataFrame, at: pd.Timestamp, high: Callable[[pd.Series], float]
) -> pd.DataFrame:
    """Classes and revenue of the raw lines, by pandas alone."""
    lines = lines[lines.CustomerID.notna() & (lines.UnitPrice > 0)].copy()
    lines["money"] = lines.Quantity * lines.UnitPrice
    sold = lines[~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0)]
    figures = sold.groupby("CustomerID").agg(
        last=("InvoiceDate", "max"), orders=("InvoiceNo", "nunique")
    )
    # The moment of an invoice is that of its first line.
    first = sold.groupby(["CustomerID", "InvoiceNo"]).InvoiceDate.min()
    figures["last"] = first.groupby("CustomerID").max()
    figures["amount"] = lines.groupby("CustomerID").money.sum().reindex(figures.index)
    figures["days"] = np.ceil((at - figures["last"]).dt.total_seconds() / 86_400)
    names = [
        NAMES[bool(recent), bool(often), bool(much)]
        for recent, often, much in zip(
            figures.days <= high(figures.days),
            figures.orders >= high(figures.orders),
            figures.amount >= high(figures.amount),
            strict=True,
        )
    ]
    return figures.groupby(names).agg(customers=("amount", "size"), revenue=("amount", "sum"))


def test_online_retail_agrees_with_pandas(retail: Folding, stopped: None) -> None:
    at = datetime(2011, 12, 10, tzinfo=LONDON)
    asked = {"counted": {"at": int(at.timestamp() * 1000), "days": None}}
    found = retail.app.pool.analytics.rfm(asked)
    assert found["customers"] == 4_338
    assert found["orders_count"] == 18_532
    expected = _by_hand(
        pd.read_parquet(RETAIL), pd.Timestamp("2011-12-10"), lambda column: column.mean()
    )
    assert expected.customers.sum() == 4_338
    for one in found["classes"]:
        if one["customers"] or one["name"] in expected.index:
            theirs = expected.loc[one["name"]]
            assert one["customers"] == theirs.customers, one["name"]
            assert one["revenue"] == pytest.approx(theirs.revenue, abs=0.01)
        assert counted(retail, one["rule"]) == one["customers"]
    for cell in found["grid"]:
        if cell["rule"] is not None and cell["name"] in ("5-5", "3-1", "1-4"):
            assert counted(retail, cell["rule"]) == cell["customers"]


def test_the_best_customers_of_online_retail(retail: Folding, stopped: None) -> None:
    at = int(datetime(2011, 12, 10, tzinfo=LONDON).timestamp() * 1000)
    concentration = retail.app.pool.analytics.concentration
    found = concentration({"at": at, "days": None, "refunds": []}, None, False)
    lines = pd.read_parquet(RETAIL)
    sold = lines[lines.CustomerID.notna() & (lines.UnitPrice > 0) & (lines.Quantity > 0)]
    sold = sold[~sold.InvoiceNo.str.startswith("C")]
    worth = (sold.Quantity * sold.UnitPrice).groupby(sold.CustomerID).sum()
    worth = worth.sort_values(ascending=False)
    assert (found["profiles"], found["revenue"]) == (4_338, pytest.approx(8_911_407.904, abs=0.01))
    for point in found["curve"]:
        assert point["revenue"] == pytest.approx(worth.iloc[: point["profiles"]].sum(), abs=0.01)
    everybody = concentration({"at": at, "days": None}, None, True)
    assert everybody["profiles"] == 4_371, "those who only took something back are there too"
    assert everybody["gini"] > concentration({"at": at, "days": None}, None, False)["gini"]
    rule = {"behaviour": {"event": "Order Refunded"}}
    some = concentration({"at": at, "days": None}, rule, False)
    assert 0 < some["profiles"] < 4_338


def test_everybody_is_in_one_stage_of_the_life_cycle(pool: Folding) -> None:
    ordered = {"ann": (5, 12, 20), "bob": (100,), "cat": (3, 90), "dan": (2,), "eve": (300,)}
    pool.deliver([
        event(who, NOW - ago * DAY, "Order Completed", amount=1.0)
        for who, days in ordered.items() for ago in days
    ])  # fmt: skip
    pool.deliver([event("fox", NOW - DAY, "Product Viewed"), event("bob", NOW - DAY, "Signed In")])
    show = pool.app.pool.lifecycle.show
    pace = {"new": 10, "sleeping": 40, "lost": 200, "loyal": 3}
    found = show({}, "orders", pace, 50)
    assert {one["name"]: one["profiles"] for one in found["stages"] if one["profiles"]} == {
        "loyal": 1, "sleeping": 1, "returned": 1, "new": 1, "lost": 1
    }  # fmt: skip
    assert (found["profiles"], found["never"]) == (6, 1), "who only looked is in no stage"
    assert sum(one["profiles"] for one in found["moves"]) == 5
    assert {(one["from"], one["to"]) for one in found["moves"]} >= {("none", "new")}
    assert found["gaps"] == 3
    visits = show({}, "visits", pace, 0)
    assert {one["name"]: one["profiles"] for one in visits["stages"] if one["profiles"]} == {
        "loyal": 1, "returned": 2, "new": 2, "lost": 1
    }  # fmt: skip
    with pytest.raises(BadRequest, match="before lost"):
        show({}, "orders", {"sleeping": 50, "lost": 50}, 0)
