"""Attribution in an open pool: a purchase is owed to what its buyer saw, once that is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.event import Event, Flag
from tests.laws.folding import DAY, HOUR, NOW, Folding
from tests.pool.test_analyses import ask, stop_clocks, table
from tests.pool.test_segments import event


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        yield found


def came(who: str, days: float, source: str, **more: Any) -> Event:
    context = json.dumps({"campaign": {"source": source, "name": "spring"}})
    return event(who, NOW - int(days * DAY), "Page Viewed", context=context, **more)


def bought(who: str, days: float, amount: float) -> Event:
    return event(who, NOW - int(days * DAY), "Order Completed", amount=amount, currency="CNY")


def owed(pool: Folding, **given: Any) -> dict[str, tuple[float, float]]:
    """Conversions by the first touch and by the last."""
    rows = table(ask(pool, "attribution", **given), "conversions")
    return {row["group"]: (row["first"], row["last"]) for row in rows}


def test_a_purchase_is_owed_to_what_its_buyer_saw(pool: Folding) -> None:
    pool.deliver([
        came("", 3, "baidu", ids=("anonymous_id:b",)), came("ann", 2, "email"),
        bought("ann", 1, 80), came("bot", 1, "baidu", flags=int(Flag.BOT)),
    ])  # fmt: skip
    assert owed(pool) == {"baidu": (0, 0), "email": (1, 1)}
    # Late: the device turns out to be hers.
    signed_in = event("ann", NOW - 3 * DAY + HOUR, "Signed In", type="identify",
                      ids=("user_id:ann", "anonymous_id:b"))  # fmt: skip
    pool.deliver([signed_in])
    assert owed(pool) == {"baidu": (1, 0), "email": (0, 1)}
    pool.command("separate", {"id": "s1", "a": ["user_id:ann"], "b": ["anonymous_id:b"]})
    assert owed(pool) == {"baidu": (0, 0), "email": (1, 1)}
    assert owed(pool, by="utm_campaign") == {"spring": (1, 1)}
    pool.command("flag", {"id": "f1", "identifiers": ["user_id:ann"], "events": [], "reason": "x"})
    assert ask(pool, "attribution")["sentence"] == "nothing"


def test_a_refund_is_taken_off_and_a_channel_needs_no_engine(pool: Folding) -> None:
    pool.deliver([
        event("ann", NOW - 3 * DAY, "Product Viewed", channel="web"), bought("ann", 2, 80),
        event("ann", NOW - DAY, "Order Refunded", amount=30.0, currency="CNY"),
    ])  # fmt: skip
    found = ask(pool, "attribution", by="channel", touches=[{"event": "Product Viewed"}])
    assert found["figures"]["value"] == 50
    (row,) = table(found, "value")
    assert (row["group"], row["first"]) == ("web", 50)
    cell = {"table": "reach", "group": "web", "column": "buyers"}
    asked = {"by": "channel", "touches": [{"event": "Product Viewed"}]}
    page, _ = pool.app.pool.analytics.analyses.profiles("attribution", asked, cell, 10, None)
    assert len(page) == 1


def test_an_empty_pool_has_no_conversion(pool: Folding) -> None:
    assert ask(pool, "attribution")["sentence"] == "nothing"
