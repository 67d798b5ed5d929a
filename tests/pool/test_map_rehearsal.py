"""What a rehearsal of the map compiles is all that the map of a real pool needs."""

from __future__ import annotations

import subprocess
import sys

from tests.shape.source import ROOT

SCRIPT = """
import importlib, pkgutil, tempfile, time
from pathlib import Path
from numba.core.dispatcher import Dispatcher
from hotspring import geo, heatmap
from hotspring.pool import Asked
from tests.laws.folding import DAY, Folding
from tests.pool.test_heatmap import CROWD, XIHU, told

rooms = [
    importlib.import_module(f"{room.__name__}.{one.name}")
    for room in (geo, heatmap) for one in pkgutil.iter_modules(room.__path__)
]
kernels = {
    f"{room.__name__}.{name}": one
    for room in rooms for name, one in vars(room).items() if isinstance(one, Dispatcher)
}
def compiled():
    return {(name, forms) for name, one in kernels.items() for forms in one.signatures}

now = time.time_ns() // 1_000_000
with tempfile.TemporaryDirectory() as first, Folding(Path(first)) as pool:
    pool.deliver([told(0, XIHU, now - DAY)])
    pool.app.pool.heatmap.rehearse(now)
before = compiled()
assert len(before) > 5, before
with tempfile.TemporaryDirectory() as second, Folding(Path(second)) as pool:
    pool.deliver([told(n, place, now - 5 * DAY) for n, place in enumerate(CROWD)])
    map_ = pool.app.pool.heatmap
    map_.past.rehearse(now)
    box = (100.0, 20.0, 130.0, 40.0)
    for asked in (
        Asked(), Asked("district", band="hot", channel="app"), Asked("cell", box, 8),
        Asked("city", who="all", first_from=now - 9 * DAY, precision=1000.0),
        Asked("province", trait=("city_tier", "first")),
        Asked("city", at=now - 2 * DAY, since=now - 4 * DAY), Asked("cell", box, at=now - 3 * DAY),
    ):
        map_.show(asked, True)
    map_.show(Asked("city"), False)
    got = []
    map_.live.watch("city", -1, "zh", got.append)
    pool.deliver([told(n, XIHU, now - 2000) for n in range(30)])
    map_.live.tick(now)
    map_.territory.analysis("city", "zh")
    map_.close()
print(sorted(f"{name} {forms}" for name, forms in compiled() - before))
"""


def test_nothing_is_compiled_for_the_first_map_that_was_not_rehearsed() -> None:
    asked = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
