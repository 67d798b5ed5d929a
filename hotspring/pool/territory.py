"""Trade areas and outlets of one pool, and how warm the people in them are."""

from __future__ import annotations

import functools
import threading
import uuid
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.errors import BadRequest, Unusable
from hotspring.geo import DATUMS, Atlas, to_wgs84
from hotspring.heatmap import frame, polygons, serving, view
from hotspring.pool.board import Board, Moment
from hotspring.pool.moments import clock, iso
from hotspring.store import Operations, records

MOST: Final = 5_000
"""Of each kind in one pool."""
NEAR: Final = int(frame.radius_code(2_000.0))
"""Whose place is known less exactly than to 2 km counts in no drawn area and no catchment."""
KNOWN: Final = frame.Chosen(who=1)
RADIUS: Final = 3_000.0
"""Service radius in metres of an outlet that does not say its own."""


class Area(msgspec.Struct, frozen=True):
    """A drawn area."""

    geometry: dict[str, Any]


class Outlet(msgspec.Struct, frozen=True):
    """Where people are served."""

    lon: float
    """WGS-84 degrees."""
    lat: float
    kind: str = ""
    capacity: float = 0.0
    """How many it can serve, in whatever unit all outlets share; 0 where it is not said."""
    radius: float = RADIUS
    own_id: str = ""
    """By which those who run it know it; empty where it is not said."""


class Shown(NamedTuple):
    """The trade areas of the map."""

    rows: list[dict[str, Any]]
    coarse: int
    """Profiles whose place is known too little to be in any."""
    unlocated: int


class Territory:
    """Keeps what people put on the map, and counts around it. From any thread."""

    def __init__(self, operations: Operations, board: Board) -> None:
        self._records = operations.territory
        self._board = board
        self._lock = threading.Lock()
        self._caught: tuple[Any, serving.Catchment] | None = None
        self._drawn: tuple[Any, polygons.Drawn] | None = None

    # --- trade areas ---

    def areas(self) -> list[dict[str, Any]]:
        """Every trade area with its outline and the figures of the people in it."""
        return self.shown(self._board.now(clock()), KNOWN).rows

    def shown(self, moment: Moment, chosen: frame.Chosen, k: int = view.K) -> Shown:
        """Every trade area with the figures of those who are chosen."""
        spots = self._records.all("area")
        shapes = [msgspec.json.decode(spot.body, type=Area).geometry for spot in spots]
        drawn, groups = self._sets(spots, shapes)
        tally = view.counted(moment.frame, moment.known, groups, chosen)
        counts, sums = drawn.add_up(tally)
        rows = [
            {**_told(spot), "geometry": shape, **_figures(count, int(total), k)}
            for spot, shape, count, total in zip(spots, shapes, counts, sums, strict=True)
        ]
        return Shown(rows, tally.coarse, tally.unlocated)

    def _sets(
        self, spots: list[records.Spot], shapes: list[Any]
    ) -> tuple[polygons.Drawn, frame.Groups]:
        """The sets of areas that cells are in; kept until an area changes."""
        key = tuple((spot.id, spot.body) for spot in spots)
        with self._lock:
            if self._drawn is None or self._drawn[0] != key:
                edges = [polygons.edges_of(shape) for shape in shapes]
                self._drawn = key, polygons.Drawn(edges)
            drawn = self._drawn[1]
            with self._board.drawing:
                return drawn, drawn.groups(self._board.ground, NEAR)

    def add_areas(
        self, given: dict[str, Any], name: str, by: str, datum: str = "wgs84"
    ) -> dict[str, Any]:
        """Add a polygon, or every polygon of a GeoJSON collection; tells which cannot be used.

        Raises `Unusable` where none of them can.
        """
        if datum not in DATUMS:
            raise BadRequest(f"datum is one of {', '.join(DATUMS)}")
        features = given.get("features") if given.get("type") == "FeatureCollection" else [given]
        if not isinstance(features, list) or not features:
            raise Unusable("empty", "the collection holds no feature")
        good: list[tuple[str, Area]] = []
        refused: list[dict[str, Any]] = []
        for number, feature in enumerate(features, 1):
            told, geometry = _feature(feature)
            usual = name if len(features) == 1 or not name else f"{name} {number}"
            called = told or usual or f"area {number}"
            try:
                polygons.edges_of(geometry)
                good.append((_name(called), Area(_moved(geometry, datum))))
            except Unusable as error:
                why = {"code": error.code, "reason": str(error)}
                refused.append({"feature": number, "name": told, **why})
        if not good:
            one = refused[0]
            more = f"feature 1 of {len(refused)}, none of which can be used: "
            raise Unusable(one["code"], (more if len(refused) > 1 else "") + one["reason"])
        return {"items": self._add("area", good, by), "refused": refused}

    def change_area(self, id_: str, name: str | None, geometry: Any) -> dict[str, Any]:
        """Name or draw an area anew."""
        values: dict[str, Any] = {} if name is None else {"name": _name(name)}
        if geometry is not None:
            polygons.edges_of(geometry)
            values["body"] = msgspec.json.encode(Area(geometry)).decode()
        return _told(self._records.change("area", id_, **_some(values)))

    # --- outlets ---

    def outlets(self, k: int = view.K) -> list[dict[str, Any]]:
        """Every outlet, whom it is nearest to, and who is within its radius."""
        spots, bodies = self._outlets()
        counts, sums = self._by_cell()
        caught = self._catchment(spots, bodies)
        found = []
        near_counts = np.zeros((len(spots), counts.shape[1]), np.int64)
        near_sums = np.zeros(len(spots), np.int64)
        if len(spots):
            np.add.at(near_counts, caught.nearest, counts[: len(caught.nearest)])
            np.add.at(near_sums, caught.nearest, sums[: len(caught.nearest)])
        for number, (spot, body) in enumerate(zip(spots, bodies, strict=True)):
            within = caught.within[number]
            found.append(
                {
                    **_told(spot),
                    **msgspec.structs.asdict(body),
                    "nearest": _figures(near_counts[number], int(near_sums[number]), k),
                    "within": _figures(counts[within].sum(axis=0), int(sums[within].sum()), k),
                }
            )
        return found

    def add_outlets(
        self,
        rows: Sequence[dict[str, Any]],
        datum: str,
        by: str,
        lines: Sequence[int] = (),
        try_only: bool = False,
        lang: str = "zh",
    ) -> dict[str, Any]:
        """Add outlets whose places are stated in a datum; tells which rows cannot be used.

        `lines` are what the rows are called, else they are numbered from 1. With `try_only`
        nothing is added, and it is told what would be.
        """
        if datum not in DATUMS:
            raise BadRequest(f"datum is one of {', '.join(DATUMS)}")
        good: list[tuple[str, Outlet]] = []
        refused = []
        spots, bodies = self._outlets()
        pairs = zip(spots, bodies, strict=True)
        there = {one for spot, body in pairs for one in _same(spot.name, body)}
        for number, row in zip(lines or range(1, len(rows) + 1), rows, strict=True):
            try:
                name, body = _outlet(row, datum)
                if not there.isdisjoint(same := _same(name, body)):
                    why = "an outlet of this name is already at this place, or has this id"
                    raise Unusable("repeated", why)
                there |= same
                good.append((name, body))
            except Unusable as error:
                told = {"row": number, "name": str(row.get("name") or ""), "code": error.code}
                refused.append({**told, "reason": str(error)})
        return {
            "added": [] if try_only else self._add("outlet", good, by),
            "refused": refused,
            "usable": len(good),
            "cities": self._cities([body for _, body in good], lang),
        }

    def _cities(self, bodies: list[Outlet], lang: str) -> list[dict[str, Any]]:
        """In which cities (abroad, countries) do these lie, those with the most first?"""
        if not bodies:
            return []
        board = self._board
        lon, lat = (np.array([getattr(one, name) for one in bodies]) for name in ("lon", "lat"))
        nodes = board.areas.nodes_of(board.atlas.adcodes_of(lon, lat), lon, lat)
        level = board.areas.levels["city"]
        names = level.en if lang == "en" else level.zh
        # What lies in no city that we know is told without a name.
        places, outlets = np.unique(level.of[nodes], return_counts=True)
        found = [
            {"name": names[at] if at >= 0 else "", "outlets": count}
            for at, count in zip(places.tolist(), outlets.tolist(), strict=True)
        ]
        return sorted(found, key=lambda one: -one["outlets"])

    def change_outlet(self, id_: str, given: dict[str, Any], datum: str) -> dict[str, Any]:
        """Change some of what is known of an outlet."""
        old = next((s for s in self._records.all("outlet") if s.id == id_), None)
        before = {} if old is None else msgspec.json.decode(old.body)
        moved = "lon" in given or "lat" in given
        row = {"name": "" if old is None else old.name, **before, **given}
        name, body = _outlet(row, datum if moved else "wgs84")
        text = msgspec.json.encode(body).decode()
        return _told(self._records.change("outlet", id_, name=name, body=text))

    # --- both ---

    def delete(self, kind: Any, id_: str) -> None:
        """Take one off the map; `restore` brings it back."""
        self._records.change(kind, id_, deleted_ms=clock())

    def restore(self, kind: Any, id_: str) -> dict[str, Any]:
        """Bring back one that was deleted."""
        return _told(self._records.restore(kind, id_))

    def delete_outlets(self, ids: list[str]) -> int:
        """Take several outlets off the map, as those of a list that was wrong; how many."""
        return self._records.mark("outlet", ids, clock())

    def restore_outlets(self, ids: list[str]) -> int:
        """Bring back those of these outlets that were deleted; how many."""
        return self._records.mark("outlet", ids, None)

    def analysis(self, level: str, lang: str, k: int = view.K) -> dict[str, Any]:
        """Users, areas and outlets together: who is hot, who is served, and what that suggests."""
        moment = self._board.now(clock())
        _, bodies = self._outlets()
        lon, lat = np.array([o.lon for o in bodies]), np.array([o.lat for o in bodies])
        capacity = np.array([o.capacity for o in bodies])
        rows, held = (
            self._drawn_around(moment, k, lon, lat)
            if level == "area"
            else self._shipped_around(moment, level, lang, k, lon, lat)
        )
        served = [
            serving.Served(
                row["profiles"], row["mean"], int(own.sum()), float(capacity[own].sum()),
                # Abroad nothing finer than a country is known, and its id is of letters.
                level == "area" or row["id"].isdigit(),
            )
            for row, own in zip(rows, held, strict=True)
        ]  # fmt: skip
        told, lines = serving.quadrants(served)
        which = 1 if lang == "en" else 0
        return {
            "as_of": iso(moment.at_ms),
            "k": k,
            "level": level,
            "lines": lines,
            "caveat": serving.CAVEAT[which],
            "items": [
                {**row, **more, "suggestion": serving.ADVICE[more["quadrant"]][which]}
                for row, more in zip(rows, told, strict=True)
            ],
        }

    def _shipped_around(
        self, moment: Moment, level: str, lang: str, k: int, lon: Any, lat: Any
    ) -> tuple[list[dict[str, Any]], list[Any]]:
        """The areas of a level with people in them, and which of these points each holds."""
        board = self._board
        groups = view.areas_of(board.areas, level, None)
        figures = view.told(view.counted(moment.frame, moment.known, groups, KNOWN), groups, k)
        names = view.named(figures, groups, level, board.areas, board.atlas, lang)
        where = np.full(len(lon), -1)
        if len(lon):
            where = groups.of[board.areas.nodes_of(board.atlas.adcodes_of(lon, lat), lon, lat)]
        return view.rows(figures, names), [where == at for at in figures.at.tolist()]

    def _drawn_around(
        self, moment: Moment, k: int, lon: Any, lat: Any
    ) -> tuple[list[dict[str, Any]], list[Any]]:
        """The trade areas with people in them, and which of these points each holds."""
        told = [row for row in self.shown(moment, KNOWN, k).rows if row["profiles"]]
        rows = sorted(told, key=lambda row: -row["profiles"])
        edges = [polygons.edges_of(row.pop("geometry")) for row in rows]
        return rows, [polygons.inside(one, lon, lat) for one in edges]

    def reach(self, outlet: str) -> np.ndarray:
        """bool by cell: what lies within the radius of an outlet?"""
        spots, bodies = self._outlets()
        body = next((b for spot, b in zip(spots, bodies, strict=True) if spot.id == outlet), None)
        if body is None:
            raise BadRequest("there is no such outlet")
        ground = self._board.ground
        found: np.ndarray = serving.within(body.lon, body.lat, body.radius, ground.lon, ground.lat)
        return found

    @property
    def atlas(self) -> Atlas:
        """Outlines and names of districts."""
        return self._board.atlas

    def districts(self, lang: str = "zh") -> dict[str, str]:
        """Names of provinces, cities and districts, by codes of two, four and six digits."""
        called = self.atlas.english if lang == "en" else self.atlas.name
        return {_digits(code): called(code) for code in sorted(self.atlas.areas())}

    def drawn(self) -> list[records.Spot]:
        """The trade areas as they are kept; their shape is JSON text."""
        return self._records.all("area")

    def spots(self) -> list[tuple[str, str, Outlet]]:
        """Id, name and body of every outlet."""
        spots, bodies = self._outlets()
        return [(spot.id, spot.name, body) for spot, body in zip(spots, bodies, strict=True)]

    def _outlets(self) -> tuple[list[records.Spot], list[Outlet]]:
        spots = self._records.all("outlet")
        return spots, [msgspec.json.decode(spot.body, type=Outlet) for spot in spots]

    def _catchment(self, spots: list[records.Spot], bodies: list[Outlet]) -> serving.Catchment:
        ground = self._board.ground
        key = (tuple((spot.id, spot.body) for spot in spots), ground.count)
        with self._lock:
            if self._caught is None or self._caught[0] != key:
                lon, lat, reach = (
                    np.array([getattr(one, name) for one in bodies], np.float64)
                    for name in ("lon", "lat", "radius")
                )
                caught = serving.catchment(lon, lat, reach, ground.lon, ground.lat)
                self._caught = key, caught
            return self._caught[1]

    def _by_cell(self) -> tuple[np.ndarray, np.ndarray]:
        """Profiles by cell and state, and the sums of their temperatures."""
        moment = self._board.now(clock())
        with self._board.drawing:
            every = view.finest(self._board.ground, NEAR)
        tally = view.counted(moment.frame, moment.known, every, KNOWN)
        return tally.counts, tally.sums

    def _add(self, kind: Any, drawn: Sequence[tuple[str, Any]], by: str) -> list[dict[str, Any]]:
        if len(self._records.all(kind)) + len(drawn) > MOST:
            raise BadRequest(f"a pool has at most {MOST} of these")
        spots = [
            records.Spot(
                uuid.uuid4().hex, kind, _name(name), msgspec.json.encode(body).decode(), clock(), by
            )
            for name, body in drawn
        ]
        self._records.add(spots)
        return [_told(spot) for spot in spots]


def _digits(code: int) -> str:
    """The digits of a code that say which area it is: those of its level."""
    text = f"{code:06d}"
    while len(text) > 2 and text.endswith("00"):
        text = text[:-2]
    return text


def _told(spot: records.Spot) -> dict[str, Any]:
    return {"id": spot.id, "name": spot.name, "created_at": iso(spot.created_ms), "by": spot.by}


def _figures(counts: Any, degrees: int, k: int) -> dict[str, Any]:
    """The figures of some cells; none of fewer than k people."""
    profiles = int(counts.sum())
    if profiles < k:
        names = ("profiles", *view.BANDS, "mean")
        return {**dict.fromkeys(names), "withheld": profiles > 0}
    mean = round(degrees / profiles / frame.HUNDREDTHS, 2)
    return {"profiles": profiles, **view.bands(counts.tolist()), "mean": mean, "withheld": False}


def _feature(given: Any) -> tuple[str, Any]:
    """The name and the geometry of a feature, or of a bare geometry."""
    if not isinstance(given, dict) or given.get("type") != "Feature":
        return "", given
    properties = given.get("properties")
    told = properties.get("name") if isinstance(properties, dict) else None
    return str(told or "").strip(), given.get("geometry")


def _moved(geometry: dict[str, Any], datum: str) -> dict[str, Any]:
    """A geometry in WGS-84."""

    def moved(part: Any) -> Any:
        if isinstance(part[0], list | tuple):
            return [moved(one) for one in part]
        return list(to_wgs84(float(part[0]), float(part[1]), datum))

    if datum == "wgs84":
        return geometry
    return {"type": geometry["type"], "coordinates": moved(geometry["coordinates"])}


def _same(name: str, body: Outlet) -> set[Any]:
    """Meets for outlets of one name within a metre or so, and for those of one id."""
    place = name, round(body.lon, 5), round(body.lat, 5)
    return {place, body.own_id} if body.own_id else {place}


def _outlet(row: dict[str, Any], datum: str) -> tuple[str, Outlet]:
    number = functools.partial(_number, row)
    lon, lat = number("lon", None), number("lat", None)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Unusable("place", "lon and lat are degrees")
    radius, capacity = number("radius", RADIUS), number("capacity", 0.0)
    if not 0 < radius <= 1_000_000 or capacity < 0:
        raise Unusable(
            "service", "radius is over 0 and at most 1,000,000 metres, capacity not negative"
        )
    east, north = to_wgs84(lon, lat, datum)
    kind = str(row.get("kind") or "")[:64]
    own_id = str(row.get("own_id") or "").strip()[:64]
    return _name(str(row.get("name") or "")), Outlet(east, north, kind, capacity, radius, own_id)


def _number(row: dict[str, Any], name: str, default: float | None) -> float:
    value = row.get(name, default)
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise Unusable(name, f"{name} must be a number") from error
    if not np.isfinite(found):
        raise Unusable(name, f"{name} must be a number")
    return found


def _name(name: str) -> str:
    if not 0 < len(name.strip()) <= 200:
        raise Unusable("name", "a name has 1 to 200 characters")
    return name.strip()


def _some(values: dict[str, Any]) -> dict[str, Any]:
    if not values:
        raise BadRequest("say a name or a geometry")
    return values
