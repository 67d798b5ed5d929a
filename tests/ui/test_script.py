"""`/hs.js` on a page of ours, on another origin, in a real browser in front of a real server."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pytest

from tests.ui.shop import Visit


def names(items: list[dict[str, Any]]) -> Counter[str]:
    return Counter(item["event"] for item in items)


def said(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """What the latest event of this name says."""
    return next(item["properties"] for item in items if item["event"] == name)


AGREED: Final = "hotspring.push(['consent', true]);"


def test_a_page_that_never_loads_anew_is_followed(visit: Visit) -> None:
    shop = visit(before=AGREED + "hotspring.push(['identify', 'u-7', {level: 'gold'}]);")
    page = shop.open("/?utm_source=wechat&utm_campaign=spring&q=tea")
    page.get_by_text("买茶").click(position={"x": 50, "y": 75})
    page.evaluate("() => { history.pushState(null, '', '/cart'); document.title = '购物车' }")
    page.evaluate("() => { location.hash = '#/pay' }")
    page.mouse.wheel(0, 2000)
    page.wait_for_function("() => scrollY > 1000")
    page.locator("[name=city]").fill("杭州")
    page.locator("[name=secret]").fill("tea4two")
    page.locator("[name=illness]").fill("flu")
    page.locator("[name=note]").focus()
    page.evaluate("() => hotspring.track('Product Viewed', {price: 128})")
    page.goto("about:blank")
    items = shop.heard(lambda found: names(found)["Form Abandoned"])
    found = names(items)
    assert found["Page Viewed"] == found["Page Left"] == 3
    viewed = [item["properties"]["path"] for item in items if item["event"] == "Page Viewed"]
    assert viewed == ["/", "/cart", "/cart#/pay"]
    assert said(items[::-1], "Page Viewed")["title"] == "购物车"
    clicked = said(items, "Element Clicked")
    assert (clicked["selector"], clicked["text"]) == ('button[data-hs="buy"]', "买茶")
    assert (clicked["x"], clicked["y"]) == (0.25, 0.75)
    assert said(items, "Site Searched") == {"query": "tea", "path": "/"}
    left = said(items[::-1], "Page Left")
    assert left["dwell_ms"] > 0
    assert 0.3 < left["depth"] < 1
    form = said(items, "Form Abandoned")
    assert (form["fields"], form["field"]) == (["city", "note"], "note")
    told = str(items)
    assert not any(word in told for word in ("杭州", "tea4two", "flu", "secret", "illness"))
    whose = {tuple(one.partition(":")[0] for one in item["identifiers"]) for item in items}
    assert whose == {("user_id", "anonymous_id")}
    shop.server.person("user_id:u-7", lambda person: person["traits"])
    totals = shop.server.api.post(
        "/api/analytics/traffic?wait=30",
        json={"by": "utm_source", "sources": [shop.source]},
    ).json()
    assert "wechat" in str(totals["tables"])


def test_a_tab_that_closes_in_mid_visit_tells_its_end(visit: Visit) -> None:
    shop = visit(before=AGREED)
    page = shop.open("/tea")
    page.get_by_text("买茶").click()
    page.close(run_before_unload=True)
    items = shop.heard(lambda found: names(found)["Page Left"])
    assert names(items) == {"Page Viewed": 1, "Element Clicked": 1, "Page Left": 1}
    assert len({item["message_id"] for item in items}) == 3


def test_what_happens_offline_comes_later_and_once(visit: Visit) -> None:
    shop = visit(before=AGREED)
    page = shop.open("/tea")
    shop.heard(lambda found: names(found)["Page Viewed"])
    shop.context.set_offline(True)
    page.get_by_text("买茶").click()
    page.evaluate("() => hotspring.track('Product Added', {price: 128})")
    assert [name.split(".")[1] for name in shop.stored(page)] == ["consent", "id", "queue"]
    # The next page finds what this one leaves behind.
    page.goto("about:blank")
    shop.context.set_offline(False)
    page = shop.open("/cup")
    items = shop.heard(lambda found: names(found)["Product Added"])
    assert names(items)["Element Clicked"] == 1
    assert len({tuple(item["identifiers"]) for item in items}) == 1
    # Back on the line, the same page sends by itself, and nothing again.
    shop.context.set_offline(True)
    page.evaluate("() => hotspring.track('Product Shared', {})")
    shop.context.set_offline(False)
    items = shop.heard(lambda found: names(found)["Product Shared"])
    counted = names(items)
    assert (counted["Product Added"], counted["Element Clicked"]) == (1, 1)


def test_without_consent_nothing_is_stored_and_nobody_is_known(visit: Visit) -> None:
    shop = visit(before="hotspring.push(['identify', 'u-8', {level: 'gold'}]);")
    page = shop.open("/tea")
    page.get_by_text("买茶").click()
    items = shop.heard(lambda found: names(found)["Element Clicked"])
    (who,) = {tuple(item["identifiers"]) for item in items}
    assert [one.partition(":")[0] for one in who] == ["passer_by"]
    assert {"passer_by", "public_key"} == {mark for item in items for mark in item["marks"]}
    assert shop.stored(page) == []
    assert shop.context.cookies() == []
    assert shop.server.api.get("/api/profiles/user_id:u-8").status_code == 404
    # A yes makes them known from here on; what was said before it is not tied to them.
    page.evaluate("() => hotspring.consent(true)")
    page.evaluate("() => hotspring.track('Product Added', {})")
    items = shop.heard(lambda found: names(found)["Product Added"])
    shop.server.person("user_id:u-8")
    timeline = shop.server.get("profiles/user_id:u-8/timeline")["items"]
    assert {"Identified", "Product Added"} == {row["name"] for row in timeline}
    # Withdrawn, nothing is left in the browser and nobody is known again.
    page.evaluate("() => hotspring.consent(false)")
    assert shop.stored(page) == []
    page.evaluate("() => hotspring.track('Product Shared', {})")
    items = shop.heard(lambda found: names(found)["Product Shared"])
    assert tuple(items[-1]["identifiers"]) == who
    assert shop.stored(page) == []


@pytest.mark.parametrize(
    ("signal", "says"),
    [("dnt", "navigator.doNotTrack === '1'"), ("gpc", "navigator.globalPrivacyControl === true")],
)
def test_who_says_no_in_the_browser_leaves_nothing(visit: Visit, signal: str, says: str) -> None:
    user = f"u-{signal}"
    shop = visit(
        'data-consent="given"', before=f"hotspring.push(['identify', '{user}']);", signal=signal
    )
    page = shop.open("/tea?utm_source=wechat")
    assert page.evaluate(says)
    page.get_by_text("买茶").click()
    page.reload()
    page.get_by_text("买茶").click()
    items = shop.heard(lambda found: names(found)["Element Clicked"] == 2)
    whose = {one.partition(":")[0] for item in items for one in item["identifiers"]}
    assert whose == {"passer_by"}
    assert all("passer_by" in item["marks"] for item in items)
    assert shop.left(page) == []
    assert user not in str(items)
    assert shop.server.api.get(f"/api/profiles/user_id:{user}").status_code == 404
    # Asked on the page, and agreed all the same, they are known.
    page.evaluate("() => hotspring.consent(true)")
    page.evaluate(f"() => hotspring.identify('{user}')")
    shop.server.person(f"user_id:{user}")
    assert "hs.consent" in shop.left(page)


def test_who_is_not_asked_may_say_no(visit: Visit) -> None:
    free = visit('data-consent="given"')
    page = free.open()
    assert free.heard(len)[0]["identifiers"][0].startswith("anonymous_id:")
    page.evaluate("() => hotspring.consent(false)")
    assert free.stored(page) == ["hs.consent"]
    page.reload()
    free.heard(lambda found: any(item["identifiers"][0].startswith("passer_by") for item in found))
    silent = visit('data-without="nothing"')
    page = silent.open()
    page.evaluate("() => hotspring.track('Product Shared', {})")
    page.evaluate("() => { hotspring.consent(true); hotspring.track('Product Added', {}) }")
    assert names(silent.heard(len)) == {"Product Added": 1}
