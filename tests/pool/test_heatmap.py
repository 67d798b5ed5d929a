"""The map of an open pool: counts by area, filters, the floor, and what is published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hotspring.errors import BadRequest, Forbidden
from hotspring.event import Event, Flag, Place
from hotspring.pool import Asked
from tests.laws.folding import DAY, Folding

XIHU = Place(120.13, 30.26, "gps", 50.0, 330_106)
BINJIANG = Place(120.21, 30.21, "gps", 50.0, 330_108)
NINGBO = Place(121.55, 29.87, "gps", 50.0, 330_203)
HANGZHOU = Place(120.15, 30.27, "city", 60_000.0, 330_100)
SHANGHAI = Place(121.47, 31.23, "gps", 50.0, 310_101)
SAO_PAULO = Place(-46.63, -23.55, "gps", 50.0)
NOWHERE = None
CROWD = [
    *[XIHU] * 7, *[BINJIANG] * 6, *[NINGBO] * 3, *[HANGZHOU] * 2, *[SHANGHAI] * 5, *[SAO_PAULO] * 8,
    *[NOWHERE] * 4,
]  # fmt: skip


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    moment = [1_760_000_000_000]
    for module in ("heatmap", "published"):
        monkeypatch.setattr(f"hotspring.pool.{module}.clock", lambda: moment[0])
    return moment


@pytest.fixture
def pool(tmp_path: Path, now: list[int]) -> Iterator[Folding]:
    with Folding(tmp_path) as pool:
        pool.deliver([told(n, place, now[0] - DAY) for n, place in enumerate(CROWD)])
        yield pool


def told(n: int, place: Place | None, ms: int, **more: Any) -> Event:
    given = {
        "name": "Order Completed" if n % 2 else "Product Viewed",
        "amount": 5_000.0,
        "channel": "app" if n % 3 else "store",
        "traits": '{"set":{"city_tier":"first"}}' if place == SHANGHAI else "",
        **more,
    }
    return Event(
        f"{n}-{ms}", "track", given.pop("name"), ms, (f"user_id:u{n}",), n, place=place, **given
    )


def show(pool: Folding, profiles: bool = True, **asked: Any) -> dict[str, Any]:
    return pool.app.pool.heatmap.show(Asked(**asked), profiles)


def sizes(answer: dict[str, Any]) -> dict[str, int]:
    return {area["name"] or area["id"]: area["profiles"] for area in answer["areas"]}


def test_provinces_and_countries_light_up(pool: Folding) -> None:
    answer = show(pool, lang="en")
    assert sizes(answer) == {"Zhejiang": 18, "Brazil": 8, "Shanghai": 5}
    assert (answer["unlocated"], answer["withheld"], answer["coarse"]) == (4, 0, 0)
    for area in answer["areas"]:
        bands = [area[band] for band in ("hot", "warm", "cool", "cold")]
        assert sum(bands) == area["profiles"]
        assert area["cold"] == area["never_warm"] + area["cooled"]


def test_the_mean_is_that_of_the_temperatures(pool: Folding, now: list[int]) -> None:
    area = show(pool)["areas"][0]
    state = pool.app.pipeline.state
    known = state.where.known()
    here = np.flatnonzero(known.adcode // 10_000 == 33).astype(np.int32)
    assert area["mean"] == pytest.approx(state.heat.degrees(now[0], here).mean(), abs=0.02)


def test_a_small_city_is_withheld_and_a_coarse_place_is_told_apart(pool: Folding) -> None:
    # Ningbo has three; Zhejiang less Hangzhou would tell them, so that Hangzhou goes too.
    cities = show(pool, level="city")
    assert sizes(cities) == {"巴西": 8, "上海市": 5}
    assert cities["withheld"] == 18
    assert sizes(show(pool, level="district"))["西湖区"] == 7
    assert show(pool, level="district")["coarse"] == 2


def test_cells_light_up_where_people_are(pool: Folding) -> None:
    answer = show(pool, level="cell", box=(-60.0, -30.0, -40.0, -10.0))
    assert [area["profiles"] for area in answer["areas"]] == [8]
    assert answer["areas"][0]["id"].startswith("8")
    fine = show(pool, level="cell", box=(120.0, 30.1, 120.3, 30.3), resolution=7)
    assert sizes(fine) == {"西湖区": 7, "滨江区": 6}
    assert fine["resolution"] == 7
    assert fine["coarse"] == 2, "known by their city only"


def test_cells_add_up_over_resolutions(pool: Folding) -> None:
    for resolution in range(4):
        answer = show(pool, level="cell", resolution=resolution)
        assert answer["profiles"] + answer["coarse"] == 31
        assert sum(sizes(answer).values()) + answer["withheld"] == answer["profiles"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"channel": "store"}, {"浙江省"}),
        ({"channel": "web"}, set()),
        ({"trait": ("city_tier", "first")}, {"上海市"}),
        ({"trait": ("city_tier", "second")}, set()),
        ({"trait": ("city_tier", '"first"')}, set()),
        ({"precision": 100.0}, {"浙江省", "巴西", "上海市"}),
        ({"precision": 10.0}, set()),
        ({"first_from": 1_760_000_000_000}, set()),
        ({"first_to": 1_760_000_000_000}, {"浙江省", "巴西", "上海市"}),
        ({"who": "anonymous"}, set()),
        ({"who": "all"}, {"浙江省", "巴西", "上海市"}),
        ({"band": "cold"}, {"浙江省"}),
    ],
)
def test_filters(pool: Folding, asked: dict[str, Any], names: set[str]) -> None:
    pool.deliver([told(99, XIHU, 1_759_000_000_000, name="Other", channel="", flags=int(Flag.BOT))])
    found = set(sizes(show(pool, **asked)))
    assert found == names or (asked.get("band") and found <= {"浙江省", "巴西", "上海市"})


def test_who_is_in_a_segment(pool: Folding) -> None:
    slots = pool.app.pipeline.state.who.slots()
    parts = {"all": slots, "none": slots[:0], "even": slots[::2], "odd": slots[1::2]}
    pool.app.pool.heatmap.among = parts.__getitem__
    assert sizes(show(pool, among="all")) == sizes(show(pool))
    assert show(pool, among="none")["profiles"] == 0
    for asked in ({}, {"trait": ("city_tier", "first")}, {"who": "all"}):
        halves = [show(pool, among=half, **asked)["profiles"] for half in ("even", "odd")]
        assert sum(halves) == show(pool, **asked)["profiles"] > 0, asked
    with pytest.raises(Forbidden):
        show(pool, False, among="all")


def test_the_map_follows_events_merges_and_erasures(pool: Folding, now: list[int]) -> None:
    assert sizes(show(pool))["浙江省"] == 18
    pool.deliver([told(0, SHANGHAI, now[0])])
    assert sizes(show(pool)) == {"浙江省": 17, "巴西": 8, "上海市": 6}
    both = ("user_id:u1", "phone:+8613800138001"), ("phone:+8613800138001", "email:a@example.com")
    pool.deliver(
        [Event(f"bind{n}", "bind", "", now[0], ids, 900 + n) for n, ids in enumerate(both)]
    )
    assert sizes(show(pool))["浙江省"] == 17
    print_ = f"{pool.app.pipeline.state.who.print_of('user_id:u2'):016x}"
    pool.command("erase", {"id": "e1", "tombstones": [print_], "profile": [print_]})
    assert sizes(show(pool))["浙江省"] == 16
    before = show(pool)
    assert pool.app.pipeline.replace_by_rebuild()
    assert show(pool)["areas"] == before["areas"]


def test_who_may_not_list_profiles_sees_what_is_published(
    pool: Folding, tmp_path: Path, now: list[int]
) -> None:
    cities = show(pool, profiles=False, level="city")
    assert cities["published"]
    # Ningbo's three and the two known by their city count in the province.
    assert sizes(cities) == {"杭州市": 13, "巴西": 8, "上海市": 5}
    provinces = show(pool, profiles=False)
    assert sizes(provinces)["浙江省"] == 18
    pool.deliver([told(n, XIHU, now[0]) for n in range(100, 120)])
    assert show(pool, profiles=False)["areas"] == provinces["areas"]
    now[0] += DAY
    assert sizes(show(pool, profiles=False))["浙江省"] == 38
    later = show(pool, profiles=False, level="district")
    pool.app.save()
    pool.crash()
    with Folding(tmp_path) as again:
        assert show(again, profiles=False, level="district")["areas"] == later["areas"]


@pytest.mark.parametrize("asked", [{"level": "cell"}, {"band": "hot"}, {"channel": "app"}])
def test_who_may_not_list_profiles_may_not_cut(pool: Folding, asked: dict[str, Any]) -> None:
    with pytest.raises(Forbidden, match="role"):
        show(pool, profiles=False, **asked)


def test_a_box_that_is_none_is_told(pool: Folding) -> None:
    with pytest.raises(BadRequest, match="west"):
        show(pool, box=(10.0, 0.0, -10.0, 5.0))
    assert set(sizes(show(pool, box=(-60.0, -30.0, -40.0, -10.0)))) >= {"巴西"}


SHARED = Path(__file__).parents[3] / "shared" / "data"


def imported(pool: Folding, file: Path, **options: Any) -> None:
    """Import a file while this thread applies what it brings."""
    job = pool.app.pool.start_import(file, {"source": "file", **options}, "tests")["id"]
    while pool.app.pool.import_job(job)["state"] in ("queued", "running"):
        pool.app.pipeline.step()
    report = pool.app.pool.import_job(job)
    assert report["state"] == "done", report
    pool.apply()


def test_rows_of_a_file_have_places(pool: Folding, tmp_path: Path) -> None:
    rows = ["user_id,event,timestamp,city,province,country,longitude,latitude"]
    rows += [f"i{n},Signed In,2025-10-01,西安市,陕西省,,," for n in range(6)]
    rows += [f"b{n},Signed In,2025-10-01,belo horizonte,MG,BR,," for n in range(5)]
    rows += [f"g{n},Signed In,2025-10-01,,,,2.35,48.85" for n in range(5)]
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(rows), "utf-8")
    imported(pool, file, preset="events")
    found = sizes(show(pool, lang="en"))
    assert (found["Shaanxi"], found["Brazil"], found["France"]) == (6, 8 + 5, 5)


def test_brazil_lights_up(pool: Folding, tmp_path: Path) -> None:
    folder = SHARED / "olist_subset"
    if not folder.exists():
        pytest.skip("the folder of shared data is absent")
    import duckdb

    orders = tmp_path / "orders.csv"
    duckdb.sql(
        f"COPY (SELECT o.order_id, c.customer_unique_id AS user_id, "
        f"o.order_purchase_timestamp AS created_at, 10.0 AS total, c.customer_city AS city, "
        f"c.customer_state AS province, 'BR' AS country FROM '{folder}/orders.parquet' o "
        f"JOIN '{folder}/customers.parquet' c USING (customer_id) LIMIT 2000) TO '{orders}'"
    )
    imported(pool, orders, preset="orders")
    brazil = next(area for area in show(pool, lang="en")["areas"] if area["id"] == "BR")
    assert brazil["profiles"] > 1_500
    cells = show(pool, level="cell", box=(-74.0, -34.0, -34.0, 6.0), resolution=3)
    assert len(cells["areas"]) > 20
