"""Merging and parting people, told from the outside."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.story.conftest import Server

NOW = dt.datetime.now(dt.UTC)


def told(kind: str, message: str, hours: float, **more: Any) -> dict[str, Any]:
    when = (NOW - dt.timedelta(hours=hours)).isoformat()
    return {"type": kind, "messageId": message, "timestamp": when, **more}


def bought(message: str, hours: float, **who: Any) -> dict[str, Any]:
    order = {"order_id": message, "total": 200, "currency": "CNY"}
    return told("track", message, hours, event="Order Completed", properties=order, **who)


def card(number: str) -> dict[str, Any]:
    return {"context": {"externalIds": [{"type": "card", "id": number}]}}


def messages(server: Server, key: str) -> set[str]:
    return {row["message_id"] for row in server.get(f"profiles/{key}/timeline")["items"]}


def test_a_suggestion_is_accepted_regretted_and_undone(own_server: Server) -> None:
    server = own_server
    key = server.source("shop")
    ling = {"name": "林静", "birthday": "1988-08-08"}
    server.send(
        key,
        told("identify", "a1", 50, userId="ling", traits=ling),
        told("identify", "b1", 49, traits={**ling, "gender": "f"}, **card("C-7")),
        bought("a2", 48, userId="ling"),
        bought("b2", 47, **card("C-7")),
    )
    server.person("card:C-7", lambda found: found["events"] == 2)
    before = {k: server.get(f"profiles/{k}") for k in ("user_id:ling", "card:C-7")}
    assert before["user_id:ling"]["id"] != before["card:C-7"]["id"]

    run = server.command("suggestions", "run")
    assert run["report"]["suggested"] == 1
    (suggestion,) = server.get("suggestions")["items"]
    assert suggestion["evidence"][0]["en"] == "same name and birthday"
    assert len({server.get(f"profiles/{k}")["id"] for k in before}) == 2, "nothing by itself"

    done = server.command("suggestions", "accept", suggestion["id"])
    assert server.get("profiles/card:C-7")["events"] == 4
    assert server.get("suggestions")["items"] == []

    # The server stops and starts: the rows are sealed, the state is saved.
    server.stop()
    server.start()
    merges = server.get("profiles/card:C-7/merges")["merges"]
    (merge,) = [one for one in merges if one["command"] == done["command"]]
    undone = server.api.post(f"/api/profiles/card:C-7/merges/{merge['id']}/undo")
    assert undone.status_code == 200
    for name, was in before.items():
        now = server.get(f"profiles/{name}")
        assert (now["id"], now["events"]) == (was["id"], 2)
        assert abs(now["temperature"] - was["temperature"]) < 0.5

    server.send(key, bought("a3", 0.2, userId="ling"), bought("b3", 0.1, **card("C-7")))
    server.person("card:C-7", lambda found: found["events"] == 3)
    assert messages(server, "user_id:ling") == {"a1", "a2", "a3"}
    assert messages(server, "card:C-7") == {"b1", "b2", "b3"}
    assert server.command("suggestions", "run")["report"]["people"] == 2
    assert server.get("suggestions")["items"] == []
    assert len(server.get("suggestions", status="apart")["items"]) == 1
    actions = {row["action"] for row in server.get("audit", limit=1000)["items"]}
    assert {"suggestion.searched", "suggestion.accepted", "identity.merge_undone"} <= actions


def test_a_profile_of_ten_thousand_identifiers_is_read_and_parted(own_server: Server) -> None:
    """Seconds, where a walk over all pairs would take hours."""
    server = own_server
    key = server.source("shop")
    many = 5_000
    for name, start in (("user_id:big", 0), ("card:BIG", many)):
        who: dict[str, Any] = {"userId": "big"} if start == 0 else {}
        for first in range(start, start + many, 500):
            rows = []
            for n in range(first, first + 500):
                ids = [{"type": "email", "id": f"e{n}@example.com"}]
                if start:
                    ids.insert(0, {"type": "card", "id": "BIG"})
                rows.append(bought(f"m{n}", n / 100, **who, context={"externalIds": ids}))
            server.send(key, *rows)
        server.person(name, lambda found: found["events"] == many)
    server.send(key, told("identify", "tie", 0, userId="big", **card("BIG")))
    server.person("user_id:big", lambda found: found["events"] == 2 * many + 1)
    whole = server.get("profiles/user_id:big")
    assert len(whole["identifiers"]) == 2 * many + 2
    assert len(server.get("profiles/user_id:big/timeline", limit=1000)["items"]) == 1000
    merges = server.get("profiles/email:e7@example.com/merges")["merges"]
    assert len(merges) == 2 * many + 1
    server.get("profiles/user_id:big/contributions")
    texts = {merge["id"]: {merge["a"], merge["b"]} for merge in merges}
    (tie,) = [name for name, ends in texts.items() if ends == {"user_id:big", "card:BIG"}]
    undone = server.api.post(f"/api/profiles/user_id:big/merges/{tie}/undo")
    assert undone.status_code == 200
    assert server.get("profiles/card:BIG")["events"] == many
    server.send(
        key,
        bought("late", 0, context={"externalIds": [{"type": "email", "id": "e9999@example.com"}]}),
    )
    server.person("card:BIG", lambda found: found["events"] == many + 1)
