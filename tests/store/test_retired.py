"""Files out of use stay for whoever began before, and for nobody else."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hotspring.store.retired import Retired

STEPS = st.lists(st.tuples(st.sampled_from(["begin", "end", "add"]), st.integers(0, 9)))


@given(STEPS)
def test_a_file_stays_exactly_as_long_as_somebody_reads_who_began_before(
    steps: list[tuple[str, int]],
) -> None:
    retired = Retired()
    reading: list[contextlib.ExitStack] = []
    whose: dict[Path, list[contextlib.ExitStack]] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ended:
        for number, (step, which) in enumerate(steps):
            if step == "begin":
                one = ended.enter_context(contextlib.ExitStack())
                one.enter_context(retired.reading())
                reading.append(one)
            elif step == "end" and reading:
                reading.pop(which % len(reading)).close()
            elif step == "add":
                path = Path(folder, f"{number}.parquet" if which % 2 else f"{number}")
                (path.touch if which % 2 else path.mkdir)()
                whose[path] = list(reading)
                retired.add([path])
            stays = {path for path, few in whose.items() if any(one in reading for one in few)}
            assert set(Path(folder).iterdir()) == stays == set(retired.paths())
