"""What is published of the map once a day, kept in the folder so that a restart tells no more."""

from __future__ import annotations

import datetime as dt
import io
import threading
from pathlib import Path
from typing import Any, Final

import numpy as np

from hotspring import durable
from hotspring.heatmap import frame, publishing, view
from hotspring.pipeline import Pipeline
from hotspring.pool.board import Board
from hotspring.pool.moments import clock, iso
from hotspring.pool.rulebook import Rulebook

FILE: Final = "map/published.npz"


class Published:
    """Publishes the known profiles of a pool by area, on the first question of each day."""

    def __init__(self, folder: Path, pipeline: Pipeline, board: Board, rulebook: Rulebook) -> None:
        self._file = folder / FILE
        self._pipeline = pipeline
        self._board = board
        self._rulebook = rulebook
        self._lock = threading.Lock()
        self._publication: publishing.Publication | None = None
        self._at = self._rules = 0

    def show(self, level: str, box: view.Box | None, lang: str) -> dict[str, Any]:
        """What was published today of the areas of a level."""
        with self._lock:
            publication = self._today()
            areas = self._board.areas
            groups = view.areas_of(areas, level, box)
            counts = np.zeros((len(groups.ids), len(frame.STATES)), np.int64)
            sums = np.zeros(len(groups.ids), np.int64)
            inside = np.flatnonzero(groups.of >= 0)
            np.add.at(counts, groups.of[inside], publication.told.counts[inside])
            np.add.at(sums, groups.of[inside], publication.told.sums[inside])
            told = publication.told.counts.sum(axis=1)
            coarse = int(told[: areas.count][groups.of == -1].sum() + told[areas.count])
            nowhere = int(told[-1])
        tally = frame.Tally(counts.astype(np.int32), sums, coarse, 0, nowhere)
        figures = view.told(tally, groups)
        names = view.named(figures, groups, level, areas, self._board.atlas, lang)
        return {
            "as_of": iso(self._at),
            "rules": self._rules,
            "k": view.K,
            "withheld": 0,
            "level": level,
            "resolution": None,
            "profiles": int(figures.counts.sum()),
            "coarse": coarse,
            "unlocated": nowhere,
            "published": True,
            "areas": view.rows(figures, names),
        }

    def _today(self) -> publishing.Publication:
        now = clock()
        zone = self._pipeline.settings.zone
        if self._publication is None:
            self._publication = self._load()
        today, last = (dt.datetime.fromtimestamp(ms / 1000, zone).date() for ms in (now, self._at))
        if today != last:
            self._publication.publish(self._people(now))
            self._at, self._rules = now, self._rulebook.number()
            self._keep(self._publication)
        return self._publication

    def _people(self, now: int) -> publishing.People:
        """The known profiles, each by the least of its identifiers' numbers."""
        moment = self._board.now(now)
        with self._pipeline.lock:
            owner = self._pipeline.state.who.mapping().slot
        drawn, events = moment.frame, moment.known.events
        size = min(len(drawn.state), len(events))
        ids = np.flatnonzero((owner >= 0) & (owner < size))[::-1]
        first = np.full(size, -1, np.int32)
        first[owner[ids]] = ids
        slots = np.flatnonzero((drawn.state[:size] != frame.NOBODY) & drawn.strong[:size])
        slots = slots[first[slots] >= 0]
        slots = slots[np.argsort(first[slots])]
        columns: Any = (drawn.node, events, drawn.state, drawn.degrees)
        return publishing.People(first[slots], *(column[:size][slots] for column in columns))

    def _load(self) -> publishing.Publication:
        publication = publishing.Publication(publishing.units_above(self._board.areas), view.K)
        if self._file.exists():
            with np.load(io.BytesIO(self._file.read_bytes())) as kept:
                if publication.load(kept["publication"].tobytes()):
                    self._at, self._rules = kept["meta"].tolist()
        return publication

    def _keep(self, publication: publishing.Publication) -> None:
        durable.private_folder(self._file.parent)
        body = np.frombuffer(publication.dump(), np.uint8)
        with durable.replacing(self._file) as out:
            np.savez(out, publication=body, meta=np.array([self._at, self._rules], np.int64))
