"""Lists and the map are narrowed by whatever sorts people, to the same people as its own list."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from hotspring.app import App
from hotspring.errors import BadRequest, NotFound, NotReady
from tests.pool.test_scores import LINES, PATIENCE, deliver, opened

BOUGHT = {"behaviour": {"event": "Order Completed"}}
TIERS = {"by": "metric", "tiers": [{"name": "Plain"}, {"name": "Gold: best"}], "cuts": [2]}
ASKED = ("me", "en")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with opened(tmp_path_factory.mktemp("among")) as found:
        deliver(found, *[("ann", "Order Completed", day) for day in (1, 2, 3)])
        deliver(found, ("bob", "Order Completed", 5), ("cat", "Signed In", 2), ("dan", "Other", 3))
        yield found


@pytest.fixture(scope="module")
def kept(app: App) -> dict[str, str]:
    """The ids of one thing of each kind."""
    pool = app.pool
    few = {"behaviour": {"event": "Order Completed", "op": "ge", "value": 3}}
    values = [{"value": "often", "rule": few}, {"value": "once", "rule": BOUGHT}]
    tag = {"name": "Buyer", "kind": "rule", "values": values}
    return {
        "segment": pool.segments.save("", "Buyers", "", BOUGHT, *ASKED)["id"],
        "tag": pool.tags.save("", tag, *ASKED)["id"],
        "tier": pool.tiers.save(
            "", {"name": "Orders", "metrics": [{"measure": {"of": BOUGHT}}], **TIERS}, *ASKED
        )["id"],
        "score": pool.scores.save("", {"name": "Points", "lines": LINES[:1]}, *ASKED)["id"],
        "group": pool.groups.save("", {"name": "All buyers", "rule": BOUGHT}, *ASKED)["id"],
    }


def listed(app: App, among: str) -> set[str]:
    """Of whom the list of profiles tells."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            rows, _ = app.pool.profiles(None, None, None, "temperature", 50, None, True, among)
            break
        except NotReady:
            assert time.monotonic() < end
            time.sleep(0.02)
    return {one["identifiers"][0]["value"] for one in rows}


@pytest.mark.parametrize(
    ("among", "who"),
    [
        ("segment:{segment}", {"ann", "bob"}),
        ("tag:{tag}", {"ann", "bob"}),
        ("tag:{tag}:once", {"bob"}),
        ("tier:{tier}:Gold: best", {"ann"}),
        ("tier:{tier}:Plain", {"bob", "cat", "dan"}),
        ("score:{score}:10", {"ann", "bob"}),
        ("score:{score}:10.5", set()),
        ("score:{score}:-1", {"ann", "bob", "cat", "dan"}),
        ("group:{group}", {"ann", "bob"}),
        ("lifecycle:new", {"ann", "bob"}),
        ("lifecycle:lost", set()),
    ],
)
def test_each_means_the_people_of_its_own_list(
    app: App, kept: dict[str, str], among: str, who: set[str]
) -> None:
    assert listed(app, among.format(**kept)) == who


def test_the_classes_of_rfm_part_the_customers(app: App) -> None:
    names = [one["name"] for one in app.pool.analytics.rfm({})["classes"]]
    parts = [listed(app, f"rfm:{name}") for name in names]
    assert set().union(*parts) == {"ann", "bob"}
    assert sum(map(len, parts)) == 2


@pytest.mark.parametrize(
    ("among", "error"),
    [
        ("sg_1", BadRequest),
        ("segment:", BadRequest),
        ("planet:mars", BadRequest),
        ("score:{score}:many", BadRequest),
        ("tier:{tier}:Tin", BadRequest),
        ("segment:sg_none", NotFound),
        ("group:gr_none", NotFound),
        ("rfm:best", NotFound),
        ("lifecycle:best", NotFound),
    ],
)
def test_what_means_nobody_says_why(
    app: App, kept: dict[str, str], among: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        listed(app, among.format(**kept))
