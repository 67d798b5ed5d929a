"""`hotspring outlet` and `hotspring area`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_outlets_are_listed_imported_and_weighed(run: Run, folder: Path, tmp_path: Path) -> None:
    assert "Shop" in run("outlet", "list").out
    file = tmp_path / "shops.csv"
    file.write_text("name,lon,lat\nShop,120.1,30.2\n")
    made = run("outlet", "import", str(file), "--datum", "gcj02", "--json")
    assert (made.json["added"], made.json["refused"]) == ([], [])
    assert run("outlet", "import", str(file)).code != 0, "the datum must be said"
    file.write_text("shop,x,y\nShop,120.1,30.2\n")
    tried = run("outlet", "import", str(file), "--datum", "gcj02", "--dry-run").out
    assert "say --map name=COLUMN, one of shop, x, y" in " ".join(tried.split())
    maps = [word for one in ("name=shop", "lon=x", "lat=y") for word in ("--map", one)]
    made = run("outlet", "import", str(file), "--datum", "gcj02", *maps, "--json")
    assert made.json["columns"] == {"name": "shop", "lon": "x", "lat": "y"}
    assert "extend" in run("outlet", "analysis").out


def test_areas_are_listed_and_imported(run: Run, folder: Path, tmp_path: Path) -> None:
    assert "West Lake" in run("area", "list").out
    file = tmp_path / "areas.geojson"
    file.write_text('{"type":"FeatureCollection","features":[]}')
    assert run("area", "import", str(file), "--json").json[0]["name"] == "areas"
    file.write_text("not json")
    assert "GeoJSON" in run("area", "import", str(file)).err
