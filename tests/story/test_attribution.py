"""A conversion is credited as it happens: by rules at once, by models as they last were."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from tests.story.conftest import PATIENCE, Server

Message = dict[str, Any]


def message(name: str, id_: str, ago: dt.timedelta, **more: Any) -> Message:
    when = (dt.datetime.now(dt.UTC) - ago).isoformat()
    return {"type": "track", "event": name, "messageId": id_, "timestamp": when, **more}


def visit(who: str, days: float, source: str) -> Message:
    campaign = {"source": source, "name": "autumn"}
    return message(
        "Product Viewed", f"att-{who}-{source}", dt.timedelta(days=days), userId=f"att-{who}",
        context={"campaign": campaign},
    )  # fmt: skip


def order(who: str, days: float) -> Message:
    told = {"order_id": f"att-{who}", "total": 100, "currency": "CNY"}
    return message(
        "Order Completed", f"att-{who}-order", dt.timedelta(days=days), userId=f"att-{who}",
        properties=told,
    )  # fmt: skip


def asked(server: Server) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """The figures of attribution, and the conversions by touchpoint and model."""
    answer = server.api.post("/api/analytics/attribution", params={"wait": 30}, json={})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    columns = [column["name"] for column in told["tables"][0]["columns"]]
    rows = (dict(zip(columns, row, strict=True)) for row in told["tables"][0]["rows"])
    return told["figures"], {row["group"]: row for row in rows}


def credited(server: Server, many: int) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """The same, as soon as so many conversions are credited."""
    end = time.monotonic() + PATIENCE
    while True:
        figures, by = asked(server)
        if figures["attributed"] == many:
            return figures, by
        assert time.monotonic() < end, figures
        time.sleep(0.05)


def test_a_conversion_is_credited_while_one_looks(server: Server) -> None:
    key = server.source("attribution-shop")
    server.send(
        key,
        visit("ann", 5, "search"), visit("ann", 4, "letter"), order("ann", 3),
        visit("bob", 5, "search"), order("bob", 2),
        visit("cai", 3, "search"), visit("cai", 2, "letter"),
    )  # fmt: skip
    before, was = credited(server, 2)
    assert (was["search"]["first"], was["letter"]["last"]) == (2, 1)

    # The shop is quiet but for one customer, who buys now.
    sent = time.monotonic()
    server.send(key, order("cai", 0))
    after, now = credited(server, 3)
    print(f"credited {time.monotonic() - sent:.2f} s after it was sent")
    assert (now["search"]["first"], now["letter"]["last"]) == (3, 2)
    for model in ("linear", "markov", "shapley"):
        assert abs(sum(row[model] for row in now.values()) - 3) < 1e-9
    if after["fitted"] == before["fitted"]:
        # By the fit of before: what it was in the way of did not change.
        assert after["later"] == 1
        assert 0 < now["search"]["markov"] - was["search"]["markov"] < 1
