"""A deployer puts layers beside the shipped outlines: a damaged one is told, the map goes on."""

from __future__ import annotations

from pathlib import Path

from tests.geo.archive import PNG, archive, png
from tests.story.conftest import Server


def test_a_damaged_layer_is_told_at_the_start_and_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "pool" / "outlines"
    folder.mkdir(parents=True)
    whole = archive(png(0, 0, 255), PNG, name="Air")
    (folder / "air.pmtiles").write_bytes(whole)
    (folder / "streets.pmtiles").write_bytes(whole[:-20])
    server = Server(tmp_path / "pool")
    try:
        listed = [one["name"] for one in server.get("map/outlines")["items"]]
        assert listed == ["world", "province", "city", "district", "air"]
        assert server.get("map", level="province")["areas"] == []
    finally:
        server.stop()
    said = (tmp_path / "serve.log").read_text("utf-8")
    assert "streets.pmtiles cannot be drawn: the archive is cut off; copy it again" in said
    assert "air.pmtiles" not in said
