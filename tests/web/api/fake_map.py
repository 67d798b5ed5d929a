"""A heat map in memory, for tests of the doors in front of it."""

from __future__ import annotations

from typing import Any

from hotspring.errors import (
    BadRequest,
    Forbidden,
    NotFound,
)

AS_OF = "2026-03-01T00:00:00.000Z"


class FakeHeatMap:
    """Hangzhou is warm."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.live = self
        self.territory = self
        self.left: list[str] = []

    def watch(self, level: str, resolution: int, lang: str, deliver: Any) -> str:
        deliver(b'event: whole\ndata: {"areas":[]}\n\n')
        for _ in range(resolution if level == "cell" else 0):
            deliver(b'event: changed\ndata: {"areas":[]}\n\n')
        deliver(None)
        return level

    def districts(self, lang: str = "zh") -> dict[str, str]:
        return {"44": "广东省"}

    def areas(self) -> list[dict[str, Any]]:
        return [{"id": "a1", "name": "West Lake", "geometry": {}, "profiles": 7, "mean": 50.0}]

    def add_areas(
        self, given: dict[str, Any], name: str, by: str, datum: str = "wgs84"
    ) -> dict[str, Any]:
        if given.get("type") not in ("Polygon", "FeatureCollection"):
            raise BadRequest("an area is a GeoJSON Polygon or MultiPolygon")
        return {
            "items": [{"id": "a1", "name": name, "created_at": AS_OF, "by": by}], "refused": []
        }  # fmt: skip

    def change_area(self, id_: str, name: str | None, geometry: Any) -> dict[str, Any]:
        return {"id": id_, "name": name, "created_at": AS_OF, "by": "x"}

    def outlets(self) -> list[dict[str, Any]]:
        return [{"id": "o1", "name": "Shop", "lon": 120.1, "lat": 30.2, "radius": 3000.0}]

    def add_outlets(self, rows: Any, datum: str, by: str, *more: Any, **how: Any) -> dict[str, Any]:
        self.asked.append((list(rows), datum))
        return {"added": [], "refused": [], "usable": 0, "cities": []}

    def change_outlet(self, id_: str, given: dict[str, Any], datum: str) -> dict[str, Any]:
        return {"id": id_, "name": "Shop", "created_at": AS_OF, "by": "x"}

    def delete(self, kind: Any, id_: str) -> None:
        if id_ != "a1":
            raise NotFound(f"there is no such {kind}")

    def restore(self, kind: Any, id_: str) -> dict[str, Any]:
        return {"id": id_, "name": "Shop", "created_at": AS_OF, "by": "x"}

    def delete_outlets(self, ids: list[str]) -> int:
        return len(ids)

    def restore_outlets(self, ids: list[str]) -> int:
        return len(ids)

    def analysis(self, level: str, lang: str) -> dict[str, Any]:
        row = {
            "id": "330100", "name": "=杭州", "profiles": 7, "mean": 55.5, "outlets": 1,
            "capacity": 0.0, "outlets_per_thousand": 142.857, "capacity_per_thousand": 0.0,
            "quadrant": "hot_thin", "compared": True, "suggestion": "extend",
            "because": {"mean": 55.5, "mean_line": 50.0, "service": 142.857, "service_line": 200.0},
        }  # fmt: skip
        return {
            "as_of": AS_OF, "k": 5, "level": level, "lines": {"mean": 1.0}, "caveat": "c",
            "items": [row],
        }  # fmt: skip

    def days(self) -> dict[str, Any]:
        return {"days": [AS_OF], "drawn": 1.0}

    def leave(self, watcher: str) -> None:
        self.left.append(watcher)

    def show(self, asked: Any, profiles: bool) -> dict[str, Any]:
        self.asked.append((asked, profiles))
        if not profiles and asked.filtered:
            raise Forbidden("the role may not filter the map")
        area = {
            "id": "330100", "name": "杭州市", "profiles": 7, "hot": 1, "warm": 4, "cool": 1,
            "cold": 1, "never_warm": 0, "cooled": 1, "mean": 55.5,
        }  # fmt: skip
        return {
            "as_of": AS_OF, "rules": 1, "k": 5, "withheld": 3, "level": asked.level,
            "resolution": 7 if asked.level == "cell" else None, "profiles": 10, "coarse": 0,
            "unlocated": 2, "published": not profiles, "areas": [area] * 20,
        }  # fmt: skip


MADE = dict.fromkeys(("events", "people", "passers_by", "orders", "revenue"), 1)
HAPPENED = {
    "as_of": AS_OF, "from": AS_OF, "minutes": [{"at": AS_OF, **MADE}], "totals": MADE,
    "currency": "CNY", "pages": [{"name": "/tea", "events": 1, "visitors": 1}], "sources": [],
    "channels": [], "names": [], "places": [{"id": "330000", "name": "浙江省", "people": 7}],
    "withheld": 0, "unlocated": 0,
}  # fmt: skip


class FakeHappening:
    """One event in one minute."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def now(self, lang: str) -> dict[str, Any]:
        return HAPPENED

    def watch(self, lang: str, deliver: Any) -> str:
        deliver(b'event: minutes\ndata: {"minutes":[]}\n\n')
        deliver(None)
        return lang

    def leave(self, watcher: str) -> None:
        self.left.append(watcher)
