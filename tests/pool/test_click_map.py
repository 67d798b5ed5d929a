"""The click map of an open pool: what the script sends, whose it is, and what does not count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import ParametersRefused
from hotspring.event import Event, Flag
from tests.laws.folding import DAY, HOUR, NOW, Folding
from tests.pool.test_analyses import ask, stop_clocks, table
from tests.pool.test_segments import event


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        yield found


def on_page(who: str, name: str, hours: float = 1, **properties: Any) -> Event:
    """As `/hs.js` tells it; a passer-by where `who` begins with `?`."""
    passing = who.startswith("?")
    more = {"flags": int(Flag.PASSER_BY), "ids": (f"passer_by:{who[1:]}",)} if passing else {}
    return event(
        who, NOW - int(hours * HOUR), name, type="page" if name == "Page Viewed" else "track",
        properties={"path": "/tea", **properties}, channel="web", device="mobile",
        context='{"page":{"path":"/tea"}}', **more,
    )  # fmt: skip


def test_clicks_of_the_pool_are_told_and_whose_they_are(pool: Folding) -> None:
    pool.deliver([event("ann", NOW - HOUR, "Product Viewed")])
    # A pool where no page was ever looked at has an answer, too.
    assert ask(pool, "click_map")["sentence"] == "nobody"
    buy: dict[str, Any] = {"selector": "#buy", "text": "买茶", "page_x": 0.5, "page_y": 0.25}
    pool.deliver([
        *(on_page(who, "Page Viewed", view="v") for who in ("ann", "bob", "?x", "bot")),
        *(on_page(who, "Element Clicked", **buy) for who in ("ann", "bob", "?x")),
        on_page("bot", "Element Clicked", **buy),
        on_page("ann", "Page Left", view="v", depth=0.5),
        on_page("ann", "Form Started", form="#order", field="city"),
        on_page("ann", "Form Field Left", form="#order", field="city", dwell_ms=900, changed=True),
        on_page("ann", "Form Abandoned", form="#order", fields=["city"], field="city"),
        on_page("bob", "Element Clicked", 40 * 24, **buy), on_page("bob", "Page Viewed", 40 * 24),
    ])  # fmt: skip
    flag = {"id": "f", "identifiers": ["user_id:bot"], "events": [], "reason": "x"}
    pool.command("flag", flag)
    answer = ask(pool, "click_map", page="/t*", device="mobile")
    figures = answer["figures"]
    assert (figures["views"], figures["clicks"], figures["people"]) == (3, 3, 3)
    assert (figures["per_view"], figures["before"]) == (1.0, 1.0)
    (row,) = table(answer, "elements")
    assert (row["text"], row["across"], row["down"]) == ("买茶", 0.5, 0.25)
    assert [row["reached"] for row in table(answer, "scroll")] == [1.0] * 5 + [0.0] * 5
    (field,) = table(answer, "fields")
    assert [field[name] for name in ("field", "entered", "stayed", "changed", "last")] == [
        "city", 1, 900.0, 1.0, 1,
    ]  # fmt: skip
    # Behind a number stand the known only: a passer-by is nobody.
    analyses = pool.app.pool.analytics.analyses
    cell = {"table": "elements", "column": "people", "selector": "#buy"}
    rows, _ = analyses.profiles("click_map", {}, cell, 10, None)
    assert sorted(one["identifiers"][0]["value"] for one in rows) == ["ann", "bob"]
    # One person after all: the clicks stay, the people are one fewer; an undo tells two again.
    pool.deliver([event("", NOW - 2 * DAY, "Signed In", type="identify",
                        ids=("user_id:ann", "anonymous_id:a"))])  # fmt: skip
    pool.deliver([on_page("ann", "Element Clicked", selector="#buy"),
                  event("", NOW - HOUR, "Element Clicked", ids=("anonymous_id:a",),
                        properties={"path": "/tea", "selector": "#buy"})])  # fmt: skip
    assert table(ask(pool, "click_map"), "elements")[0]["people"] == 3
    pool.command("separate", {"id": "s", "a": ["user_id:ann"], "b": ["anonymous_id:a"]})
    assert table(ask(pool, "click_map"), "elements")[0]["people"] == 4


def test_versions_are_compared(pool: Folding) -> None:
    pool.deliver([
        on_page("ann", "Page Viewed", version="old"), on_page("bob", "Page Viewed", version="new"),
        on_page("bob", "Element Clicked", version="new", selector="#buy"),
        on_page("eve", "Page Viewed"),
    ])  # fmt: skip
    asked = {"against": "version", "version": "new", "other_version": "old"}
    figures = ask(pool, "click_map", **asked)["figures"]
    assert (figures["views"], figures["clicks"], figures["before"]) == (1, 1, 0.0)
    assert ask(pool, "click_map", **{**asked, "version": ""})["figures"]["views"] == 1
    assert ask(pool, "click_map", **{**asked, "version": "newer"})["sentence"] == "nobody"
    assert ask(pool, "click_map", **asked, by="properties.version")["figures"] == figures
    for given, place in (({"by": "weather"}, "/by"), ({"other": "soon"}, "/other")):
        way = {**asked, **given} if "by" in given else given
        with pytest.raises(ParametersRefused) as refused:
            ask(pool, "click_map", **way)
        assert refused.value.faults[0].place == place
