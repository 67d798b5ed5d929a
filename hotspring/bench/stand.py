"""What a bench outside this room stands on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from hotspring.bench.bodies import Bodies
from hotspring.bench.ingest import Server as Running
from hotspring.bench.ingest import running
from hotspring.bench.past import Homes, make_past


class Stand:
    """Bodies to send, and a server on a pool with a past."""

    Bodies = Bodies
    Server = Running

    @staticmethod
    @contextlib.contextmanager
    def serving(folder: Path, profiles: int, events: int, province: str = "") -> Iterator[Running]:
        """Serve a new folder with so many made-up people, of one province or of all China."""
        make_past(folder, profiles, events, homes=Homes(profiles, province))
        with running(folder) as server:
            yield server
