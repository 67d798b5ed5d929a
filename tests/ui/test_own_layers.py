"""Layers that whoever runs the server puts on the map: drawn, named, hidden."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from tests.geo.archive import MVT, PNG, archive, png, vector
from tests.story.conftest import Server
from tests.ui.conftest import NARROW, Desk, Opened
from tests.ui.test_map import drawn

RED = [255, 0, 0]
LINK = '<a href="https://city.example/maps">City &amp; Co</a>'
SEA = "/map?at=150,20,4"
PIXEL = """async ([data, x, y]) => {
  const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0))
  const picture = await createImageBitmap(new Blob([bytes]))
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  const ink = canvas.getContext('2d')
  ink.drawImage(picture, 0, 0)
  return [...ink.getImageData(picture.width * x, picture.height * y, 1, 1).data].slice(0, 3)
}"""


@pytest.fixture
def folder(seeded: Server) -> Iterator[Path]:
    made = seeded.folder / "outlines"
    made.mkdir()
    yield made
    shutil.rmtree(made)


def pixel(seat: Desk, x: float = 0.5, y: float = 0.5) -> list[int]:
    """The colour of a point of the map, as shares of its size."""
    shot = base64.b64encode(seat.page.locator(".map-place canvas").screenshot()).decode()
    found: list[int] = seat.page.evaluate(PIXEL, [shot, x, y])
    return found


def until(seat: Desk, x: float, y: float, wanted: Callable[[list[int]], bool]) -> None:
    """Wait until the colour of a point of the map is as wanted."""
    for _ in range(120):
        if wanted(pixel(seat, x, y)):
            return
        seat.page.wait_for_timeout(250)
    raise AssertionError(f"{pixel(seat, x, y)} is not wanted here")


def test_tiles_are_drawn_under_the_areas_and_say_where_they_come_from(
    desk: Opened, folder: Path
) -> None:
    (folder / "broken.pmtiles").write_bytes(b"PMTiles")
    body = archive(png(*RED), PNG, name="航拍", attribution=LINK)
    (folder / "air.pmtiles").write_bytes(body)
    seat = desk("viewer")
    ranges: list[str] = []

    def watch(request: Request) -> None:
        if "/api/map/outlines/air" in request.url:
            ranges.append(request.headers.get("range", ""))

    seat.page.on("request", watch)
    seat.open(SEA)
    drawn(seat)
    expect(seat.page.locator("[data-own='air']")).to_be_attached()
    credits = seat.page.get_by_role("list", name="附加图层的来源")
    expect(credits).to_have_text("航拍：City & Co")
    until(seat, 0.6, 0.5, lambda colour: colour == RED)
    assert ranges, "the archive is read"
    assert all(one.startswith("bytes=") for one in ranges), "piece by piece"
    seat.shoot("own-raster")
    seat.accessible()
    seat.page.get_by_role("button", name="附加图层").click()
    seat.page.wait_for_url("**own=off*")
    expect(credits).to_have_count(0)
    expect(seat.page.locator("[data-own='']")).to_be_attached()
    until(seat, 0.6, 0.5, lambda colour: colour != RED)


def test_vector_tiles_and_documents_are_drawn_in_the_look_of_the_page(
    desk: Opened, folder: Path
) -> None:
    tiles = archive(vector("water", "大洋"), MVT, vector_layers=[{"id": "water"}], name="Sea")
    (folder / "sea.pmtiles").write_bytes(tiles)
    plain = desk("operator", locale="en-US", viewport=NARROW)
    line = {"type": "LineString", "coordinates": [[100.0, 30.0], [170.0, 10.0]]}
    feature = {"type": "Feature", "properties": {"name": "Line 1"}, "geometry": line}
    document = {"type": "FeatureCollection", "name": "Metro", "features": [feature]}
    (folder / "metro.geojson").write_text(json.dumps(document))
    plain.open(f"{SEA}&own=off")
    drawn(plain)
    expect(plain.page.get_by_role("button", name="Added layers")).to_have_attribute(
        "aria-pressed", "false"
    )
    before = pixel(plain, 0.7, 0.4)
    plain.page.get_by_role("button", name="Added layers").click()
    expect(plain.page.locator("[data-own='metro sea']")).to_be_attached()
    said = plain.page.get_by_role("list", name="Where the added layers come from")
    expect(said.get_by_role("listitem")).to_have_text(["Metro", "Sea"])
    # The water of the tiles is another blue.
    until(plain, 0.7, 0.4, lambda colour: colour != before)
    plain.shoot("own-vector-narrow")
    plain.accessible()
    assert plain.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_what_draws_tiles_is_loaded_only_where_there_are_some(desk: Opened) -> None:
    seat = desk("operator")
    scripts: list[str] = []
    seat.page.on("request", lambda request: scripts.append(request.url))
    seat.open("/map")
    drawn(seat)
    expect(seat.page.locator("[data-own='']")).to_be_attached()
    assert not [one for one in scripts if "/assets/own-" in one]
    expect(seat.page.get_by_role("button", name="附加图层")).to_have_count(0)
