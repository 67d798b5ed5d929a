"""How fast is a map of millions? Medians and p95, ratios against bare NumPy over the same arrays.

python benches/heatmap.py [PROFILES]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from isal import igzip

from hotspring.geo import Areas, Atlas, cells
from hotspring.heatmap import Ground, frame, live, view
from hotspring.whereabouts import Known

ROUNDS = 40
TOUCHED = 10_000


def crowd(profiles: int, areas: Areas, atlas: Atlas, ground: Ground) -> tuple[frame.Frame, Known]:
    """People around the middles of districts, large ones and small ones."""
    random = np.random.default_rng(1)
    codes = np.array([int(i) for i in areas.levels["district"].ids if i.isdigit()], np.int32)
    middles = np.array([atlas.centre(int(code)) for code in codes])
    weight = random.pareto(1.2, len(codes)) + 0.05
    chosen = random.choice(len(codes), profiles, p=weight / weight.sum())
    lon, lat = (middles[chosen] + random.normal(0, 0.02, (profiles, 2))).T
    moment = frame.blank(profiles)
    moment.degrees[:] = random.integers(-2_000, 10_000, profiles)
    moment.state[:] = np.select(
        [moment.degrees > 8_000, moment.degrees >= 5_000, moment.degrees >= 0], [0, 1, 2], 4
    )
    moment.node[:] = areas.nodes_of(codes[chosen], lon, lat)
    moment.cell[:] = ground.numbers(cells.cells_of(lon, lat))
    moment.zone[:] = ground.zone[moment.cell]
    moment.radius[:] = frame.radius_code(50.0)
    moment.strong[:] = True
    blank = np.zeros(profiles, np.int32)
    known = Known(
        blank.astype(np.int64), blank, blank, blank.astype(np.float32), blank,
        blank.astype(np.int8), random.integers(0, 10**12, profiles),
        random.integers(1, 255, profiles).astype(np.int16), blank,
    )  # fmt: skip
    return moment, known


def took(call: Callable[[], Any]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of this thread: what others do does not count."""
    call()
    seconds = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        call()
        seconds.append(1000 * (time.thread_time() - start))
    return statistics.median(seconds), sorted(seconds)[int(0.95 * ROUNDS)]


def main() -> None:
    profiles = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    atlas = Atlas()
    areas, ground = Areas(atlas), Ground()
    moment, known = crowd(profiles, areas, atlas, ground)
    print(f"{profiles:,} located profiles in {ground.count:,} cells")
    of = areas.levels["district"].of
    bare = took(lambda: np.bincount(of[moment.node], weights=moment.degrees))
    print(f"{'bare NumPy: sums by district':34} {bare[0]:8.1f} {bare[1]:8.1f} ms (median, p95)")
    marked = np.random.default_rng(2).random(profiles) < 0.3
    everybody = frame.Chosen(who=1)
    filtered = frame.Chosen(
        (True, True, False, False, False), 1, 3, 10**11, 9 * 10**11, 200, marked
    )
    boxes = {
        " of China": (73.0, 3.0, 136.0, 54.0),
        " of a province": (118.0, 27.0, 123.0, 31.2),
        " of a city": (120.0, 30.0, 120.4, 30.5),
    }

    def ask(level: str, resolution: int, box: Any, chosen: frame.Chosen) -> bytes:
        while True:
            if level == "cell":
                groups = view.cells_in(ground, resolution, box)
            else:
                groups = view.areas_of(areas, level, box)
            figures = view.told(view.counted(moment, known, groups, chosen), groups)
            if level != "cell" or len(figures.at) <= view.MOST:
                break
            resolution = groups.resolution - 1
        names = view.named(figures, groups, level, areas, atlas, "zh")
        return igzip.compress(msgspec.json.encode(view.rows(figures, names)), 2)

    for name, chosen in (("", everybody), (", every filter", filtered)):
        asked = [(level, None) for level in ("province", "city", "district", "cell")]
        for level, where in (*asked, *(("cell", where) for where in boxes)):
            question = (level, 10, None if where is None else boxes[where], chosen)
            sent = ask(*question)
            got = took(lambda question=question: ask(*question))
            print(
                f"{level + (where or '') + name:34} {got[0]:8.1f} {got[1]:8.1f} ms  "
                f"{got[0] / bare[0]:5.2f} x  {len(sent) / 1000:6.1f} kB"
            )
    frames(moment, known, areas, ground)


def frames(moment: frame.Frame, known: Known, areas: Areas, ground: Ground) -> None:
    """A live frame after a batch of events, and a recount."""
    random = np.random.default_rng(3)
    for name, groups in (
        ("district", view.areas_of(areas, "district", None)),
        ("cell, resolution 5", view.every_cell(ground, 5)),
    ):
        level = live.Level(groups)
        level.recount(moment, known, groups)
        level.changed()

        def one(level: live.Level = level, groups: view.Groups = groups) -> None:
            slots = random.integers(0, len(moment.state), TOUCHED)
            before = frame.Frame(*(column[slots] for column in moment))
            after = before._replace(degrees=(before.degrees + 10).astype(np.int16))
            level.take(live.Change(before, after), groups)
            level.changed()

        def anew(level: live.Level = level, groups: view.Groups = groups) -> None:
            level.recount(moment, known, groups)

        for what, call in ((f"live frame, {TOUCHED:,} touched", one), ("recount", anew)):
            got = took(call)
            print(f"{name + ': ' + what:34} {got[0]:8.1f} {got[1]:8.1f} ms")


if __name__ == "__main__":
    main()
