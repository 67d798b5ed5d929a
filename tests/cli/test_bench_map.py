"""The folder that the bench of the map makes: everybody is known, located and on the map."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hotspring.app import open_pool
from hotspring.bench.past import Homes, make_past
from hotspring.pool import Asked
from hotspring.settings import Settings

PEOPLE = 300


def test_everybody_of_the_folder_is_on_the_map(tmp_path: Path) -> None:
    homes = Homes(PEOPLE, "33")
    make_past(tmp_path / "pool", PEOPLE, 2 * PEOPLE, homes=homes)
    with contextlib.closing(open_pool(tmp_path / "pool", Settings())) as app:
        heatmap = app.pool.heatmap
        answer = heatmap.show(Asked(), True)
        assert [(area["id"], area["profiles"]) for area in answer["areas"]] == [("330000", PEOPLE)]
        assert answer["unlocated"] == 0
        some = heatmap.show(Asked(trait=("city_tier", "first")), True)
        assert some["profiles"] == PEOPLE // 10
