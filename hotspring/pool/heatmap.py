"""The heat map of an open pool: by area and moment, for those who may see people and for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.errors import BadRequest, Forbidden
from hotspring.geo import Areas
from hotspring.heatmap import frame, polygons, view
from hotspring.pipeline import Pipeline
from hotspring.pool.board import Board, Moment
from hotspring.pool.live import Live
from hotspring.pool.moments import clock, iso
from hotspring.pool.past_maps import PastMaps
from hotspring.pool.published import Published
from hotspring.pool.rulebook import Rulebook
from hotspring.pool.territory import Territory
from hotspring.pool.trait_columns import TraitColumns
from hotspring.store import Operations
from hotspring.whereabouts import CHANNELS

WHO: Final = ("all", "known", "anonymous")
MOST_BOXES: Final = 8
_DAY_MS: Final = 86_400_000
BAND_STATES: Final = {"hot": (0,), "warm": (1,), "cool": (2,), "cold": (3, 4)}


class Asked(msgspec.Struct, frozen=True):
    """What somebody wants to see of the map."""

    level: str = "province"
    """`province`, `city`, `district` or `cell`."""
    box: tuple[float, float, float, float] | None = None
    """West, south, east, north."""
    resolution: int | None = None
    """Of cells, 0 to 10; as fine as fits where none is given."""
    lang: str = "zh"
    band: str | None = None
    who: str = "known"
    channel: str | None = None
    trait: tuple[str, str] | None = None
    first_from: int | None = None
    """First seen from this moment (ms), ..."""
    first_to: int | None = None
    """... and before this one."""
    precision: float | None = None
    """Places known at least so exactly, in metres."""
    outlet: str | None = None
    """Those within the radius of this outlet."""
    among: str | None = None
    """Those whom one of `among.FORMS` means now."""
    at: int | None = None
    """A moment of the past (ms); now where none is given."""
    since: int | None = None
    """Each area is compared with what it was at this moment (ms)."""

    @property
    def filtered(self) -> bool:
        """Is there anything that those may not ask who may not list profiles?"""
        plain = Asked(self.level, self.box, None, self.lang)
        return self != plain


class HeatMap:
    """Answers what the map of one pool shows. Every method may be called from any thread."""

    def __init__(
        self,
        folder: Path,
        pipeline: Pipeline,
        rulebook: Rulebook,
        operations: Operations,
        traits: TraitColumns,
    ) -> None:
        self._pipeline = pipeline
        self._rulebook = rulebook
        self.board = Board(pipeline)
        """Everybody, live."""
        self.live = Live(self.board, rulebook.number)
        """For whoever watches."""
        self.past = PastMaps(folder, pipeline, self.board, rulebook.number)
        """Past moments."""
        self.territory = Territory(operations, self.board)
        """Trade areas and outlets."""
        self._cells: dict[Any, frame.Groups] = {}
        """The cells of boxes that were lately asked for."""
        self._traits = traits
        self.among: Callable[[str], np.ndarray] | None = None
        """The slots of whom a text means; set by who keeps what sorts people."""
        self._published = Published(folder, pipeline, self.board, rulebook)

    def show(self, asked: Asked, profiles: bool) -> dict[str, Any]:
        """The areas of a level with their figures.

        Who may not list `profiles` gets what was published today, by province, city or district.
        """
        if not profiles:
            return self._restricted(asked)
        now = clock()
        moment = self._moment(asked.at, now)
        chosen = self._chosen(asked, moment, now)
        if asked.level == "area":
            earlier = None if asked.since is None else self._moment(asked.since, now)
            return self._drawn(asked, moment, chosen, earlier)
        finest = 10 if asked.resolution is None else asked.resolution
        while True:
            groups = self._groups(asked, finest)
            tally = view.counted(moment.frame, moment.known, groups, chosen)
            figures = view.told(tally, groups)
            if len(figures.at) <= view.MOST or asked.level != "cell":
                answer = self._answer(asked, moment, groups, tally, figures)
                if asked.since is not None:
                    earlier = self._moment(asked.since, now)
                    then = view.counted(earlier.frame, earlier.known, groups, chosen)
                    view.compare(answer["areas"], figures, view.told(then, groups))
                return answer
            finest = groups.resolution - 1

    def _drawn(
        self, asked: Asked, moment: Moment, chosen: frame.Chosen, earlier: Moment | None
    ) -> dict[str, Any]:
        """The trade areas, as `show` tells areas.

        How many are withheld is not said: of a drawn area that would tell the few who are in it.
        Who is in two areas counts twice in `profiles`: the overlap may be of a few.
        """
        shown = self.territory.shown(moment, chosen)
        names = ("id", "name", "profiles", *view.BANDS, "mean")
        rows = [
            {name: area[name] for name in names}
            for area in shown.rows
            if area["profiles"] and _meets(area["geometry"], self._box(asked))
        ]
        if earlier is not None:
            then = {one["id"]: one for one in self.territory.shown(earlier, chosen).rows}
            for row in rows:
                before = then.get(row["id"], {}).get("mean")
                row["change"] = None if before is None else round(row["mean"] - before, 2)
        return {
            "as_of": iso(moment.at_ms),
            "rules": self._rulebook.number(),
            "k": view.K,
            "withheld": 0,
            "level": asked.level,
            "resolution": None,
            "profiles": sum(row["profiles"] for row in rows),
            "coarse": shown.coarse,
            "unlocated": shown.unlocated,
            "published": False,
            "restated": asked.at is not None,
            "restated_as_of": iso(moment.read_ms) if moment.read_ms else None,
            "areas": rows,
        }

    def days(self) -> dict[str, Any]:
        """The days whose maps are kept, as moments for `at`, and how many of them are drawn."""
        ends = self.past.days(clock())
        return {"days": [iso(end + 1) for end in ends], "drawn": self.past.progress()}

    def _moment(self, at: int | None, now: int) -> Moment:
        if at is None or at >= now:
            return self.board.now(now)
        return self.past.at(at, now)

    def rehearse(self, now: int) -> None:
        """Draw everything once that the map can show, so that what is compiled for it is."""
        ring = [[120, 30], [121, 30], [121, 31], [120, 31], [120, 30]]
        self.territory.add_areas({"type": "Polygon", "coordinates": [ring]}, "rehearsal", "")
        outlet = {"name": "rehearsal", "lon": 120.16, "lat": 30.28}
        (added,) = self.territory.add_outlets([outlet], "gcj02", "")["added"]
        self.territory.outlets()
        self.past.rehearse(now)
        for asked in (
            Asked(since=now - _DAY_MS),
            Asked(at=now - _DAY_MS),
            Asked("cell", (119.0, 29.0, 122.0, 32.0)),
            Asked("area"),
            Asked(outlet=added["id"]),
        ):
            self.show(asked, True)
        self.show(Asked(), False)

    def close(self) -> None:
        """End what goes on beside."""
        self.past.close()
        self.live.close()

    def _restricted(self, asked: Asked) -> dict[str, Any]:
        if asked.level not in Areas.LEVELS or asked.filtered:
            raise Forbidden(
                "the role may not filter the map or see cells of it: that takes a role that may "
                f"list profiles; ask for level={', '.join(Areas.LEVELS)} without filters"
            )
        return self._published.show(asked.level, asked.box, asked.lang)

    def _groups(self, asked: Asked, finest: int) -> frame.Groups:
        box = self._box(asked)
        if asked.level == "cell":
            key = (finest, box, self.board.ground.count)
            found = self._cells.get(key)
            if found is None:
                with self.board.drawing:
                    found = view.cells_in(self.board.ground, finest, box)
                while len(self._cells) >= MOST_BOXES:
                    self._cells.pop(next(iter(self._cells)), None)
                self._cells[key] = found
            return found
        return view.areas_of(self.board.areas, asked.level, box)

    @staticmethod
    def _box(asked: Asked) -> view.Box | None:
        if asked.box is not None:
            west, south, east, north = asked.box
            if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
                raise BadRequest("write bbox as west,south,east,north in degrees, west below east")
        return asked.box

    def _chosen(self, asked: Asked, moment: Moment, now: int) -> frame.Chosen:
        wanted = range(5) if asked.band is None else BAND_STATES[asked.band]
        states = tuple(state in wanted for state in range(5))
        masks = list(self._masks(asked, moment, now))
        size = min((len(one) for one in masks), default=0)
        mask = frame.NO_MASK
        if masks:
            mask = np.logical_and.reduce([one[:size] for one in masks])
            mask = mask if size else np.zeros(1, bool)
        first = asked.first_from is not None or asked.first_to is not None
        return frame.Chosen(
            (states[0], states[1], states[2], states[3], states[4]),
            WHO.index(asked.who),
            0 if asked.channel is None else 1 << CHANNELS.index(asked.channel),
            (asked.first_from or 0) if first else 0,
            (asked.first_to or 2**62) if first else 0,
            255 if asked.precision is None else int(frame.radius_code(asked.precision)),
            mask,
        )

    def _masks(self, asked: Asked, moment: Moment, now: int) -> Iterator[np.ndarray]:
        """Whom each filter leaves: bool by slot; who lies past the end is left out."""
        if asked.trait is not None:
            yield self._traits.mask(*asked.trait, now)
        if asked.outlet is not None:
            inside = self.territory.reach(asked.outlet)
            yield frame.within(moment.frame, self.board.ground, inside)
        if asked.among is not None and self.among is not None:
            slots = self.among(asked.among)
            mask = np.zeros(int(slots.max()) + 1 if len(slots) else 0, bool)
            mask[slots] = True
            yield mask

    def _answer(
        self,
        asked: Asked,
        moment: Moment,
        groups: frame.Groups,
        tally: frame.Tally,
        figures: view.Figures,
    ) -> dict[str, Any]:
        names = view.named(
            figures, groups, asked.level, self.board.areas, self.board.atlas, asked.lang
        )
        inside, shown = int(tally.profiles.sum()), int(figures.counts.sum())
        return {
            "as_of": iso(moment.at_ms),
            "rules": self._rulebook.number(),
            "k": view.K,
            "withheld": inside - shown,
            "level": asked.level,
            "resolution": groups.resolution if asked.level == "cell" else None,
            "profiles": inside,
            "coarse": tally.coarse,
            "unlocated": tally.unlocated,
            "published": False,
            "restated": asked.at is not None,
            "restated_as_of": iso(moment.read_ms) if moment.read_ms else None,
            "areas": view.rows(figures, names),
        }


def _meets(geometry: dict[str, Any], box: view.Box | None) -> bool:
    """Does a drawn area reach into the box?"""
    if box is None:
        return True
    edges = polygons.edges_of(geometry)
    west, south = edges[:, [0, 2]].min(), edges[:, [1, 3]].min()
    east, north = edges[:, [0, 2]].max(), edges[:, [1, 3]].max()
    return bool(view.meets(np.array([[west, south, east, north]]), box)[0])
