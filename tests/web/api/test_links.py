"""The door to short links: kept, drawn, followed and counted."""

from __future__ import annotations

from typing import Any

import msgspec

from hotspring.event import Flag
from tests.collect.clients import BROWSER
from tests.web.api.conftest import Api

SAID = {"target": "https://shop.example/tea?a=1", "channel": "poster", "staff": "lin"}


def make(api: Api, name: str = "Poster", **said: Any) -> dict[str, Any]:
    made = api.post("/api/links", "operator", json={"name": name, **SAID, **said})
    assert made.status_code == 201, made.text
    told: dict[str, Any] = made.json()
    return told


def follow(api: Api, code: str, method: str = "GET", agent: str = BROWSER) -> Any:
    return api.send(method, f"/l/{code}", None, headers={"user-agent": agent})


def test_a_link_is_made_changed_and_taken_back(api: Api) -> None:
    made = make(api, code="spring")
    place = f"/api/links/{made['id']}"
    assert made["address"].endswith("/l/spring")
    taken = {"name": "Else", **SAID, "code": "spring"}
    assert api.post("/api/links", json=taken).status_code == 409
    changed = api.send("PUT", place, json={"name": "Poster", **SAID, "staff": "mei"}).json()
    assert (changed["code"], changed["staff"], changed["version"]) == ("spring", "mei", 2)
    answer = follow(api, "spring")
    assert answer.status_code == 302
    assert answer.headers["location"] == (
        "https://shop.example/tea?a=1&utm_source=poster&utm_content=mei&utm_id=spring"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert api.send("DELETE", place).status_code == 204
    assert follow(api, "spring").status_code == 404
    kinds = ("created", "changed", "deleted")
    assert [len(api.audit(f"link.{one}")) for one in kinds] == [1, 1, 1]


def test_who_follows_a_link_is_counted_and_nobody(api: Api) -> None:
    made = make(api)
    for agent in (BROWSER, BROWSER, "Googlebot/2.1 (+http://www.google.com/bot.html)"):
        assert follow(api, made["code"], agent=agent).status_code == 302
    assert follow(api, made["code"], "HEAD").status_code == 302
    events = api.pool.links._store.events
    assert len(events) == 3
    assert len({event.message_id for event in events}) == 3
    assert [bool(event.flags & Flag.BOT) for event in events] == [False, False, True]
    event = events[0]
    assert (event.name, event.device, event.channel) == ("Link Opened", "desktop", "web")
    assert event.flags & Flag.PASSER_BY
    assert [one.partition(":")[0] for one in event.ids] == ["passer_by"]
    assert msgspec.json.decode(event.properties) == {
        "link": made["id"], "code": made["code"], "channel": "poster", "staff": "lin",
    }  # fmt: skip
    assert msgspec.json.decode(event.context)["campaign"] == {
        "source": "poster", "content": "lin", "id": made["code"], "name": "Poster",
    }  # fmt: skip


def test_only_what_was_saved_is_led_to(api: Api) -> None:
    make(api, code="spring")
    for path in ("nothing", "SPRING", "spring%2F..%2Fx", "https:%2F%2Fevil.example"):
        assert "location" not in follow(api, path).headers
    answer = follow(api, "nothing")
    assert answer.status_code == 404
    assert "script" not in answer.text
    answer = follow(api, "spring?target=https://evil.example&to=//evil.example")
    assert answer.headers["location"].startswith("https://shop.example/tea?a=1&utm_source=poster")
    wrong = {"name": "X", "target": "javascript:alert(1)"}
    assert api.post("/api/links", json=wrong).status_code == 400


def test_a_code_is_drawn(api: Api) -> None:
    place = f"/api/links/{make(api)['id']}/qr"
    for form, kind, start in (("svg", "image/svg+xml", b"<svg"), ("png", "image/png", b"\x89PNG")):
        drawn = api.get(f"{place}?form={form}")
        assert (drawn.headers["content-type"], drawn.content[:4]) == (kind, start)
    assert api.get(f"{place}?form=gif").status_code == 422
    assert api.get(f"{place}?scale=99").status_code == 422
