"""Write where the circle of each country stands on the map: the middle of its towns.

    python tools/build_countries.py

Reads the towns that are shipped (GeoNames, CC BY 4.0; see hotspring/geo/data/PROVENANCE.md).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np

ROOT: Final = Path(__file__).parent.parent
OURS: Final = ("TW", "HK", "MO")
"""Towns listed so are those of provinces."""


def main() -> None:
    with np.load(ROOT / "hotspring/geo/data/towns.npz") as towns:
        lon, lat, of = towns["lon"], towns["lat"], towns["country"].astype("U2")
    middles = {}
    for country in sorted(set(of.tolist()) - set(OURS)):
        own = of == country
        points = np.stack([lon[own], lat[own]], axis=1)
        middle = points[np.abs(points - np.median(points, axis=0)).sum(axis=1).argmin()]
        middles[country] = [round(float(part), 2) for part in middle]
    body = json.dumps(middles, separators=(",", ":"))
    (ROOT / "ui/src/map/countries.json").write_text(body + "\n", "utf-8")


if __name__ == "__main__":
    main()
