"""The state folded anew from what was recorded: the proof that nothing else is needed."""

from __future__ import annotations

import numpy as np

from hotspring.errors import FolderError
from hotspring.event import Command
from hotspring.pipeline.state import State, flat, of_people
from hotspring.pipeline.tables import first_seq
from hotspring.pipeline.warming import Ask
from hotspring.temperature import law


def rebuild(state: State, ask: Ask, position: int) -> State:
    """Fold events, commands and announcements up to the journal `position` into an empty `state`.

    Reads the tables only, so it works when the journal has long been dropped. Identifiers keep
    their numbers, because event rows name them by number. Raises FolderError where the table of
    identifiers has lost rows.
    """
    for batch in ask("SELECT id, text FROM identifiers ORDER BY id", []):
        given = state.who.intern(batch.column("text").to_pylist())
        _complete(np.array_equal(given, batch.column("id").to_numpy()))
    state.who.take_new()
    done = 0
    for command, at in _commands(ask, position):
        _events(state, ask, first_seq(done), first_seq(at))
        state.bound = first_seq(at + 1)
        state.command(command)
        done = at
    _events(state, ask, first_seq(done), first_seq(position + 1))
    state.take_kept()
    _announcements(state, ask)
    return state


def _commands(ask: Ask, position: int) -> list[tuple[Command, int]]:
    sql = 'SELECT seq, kind, at_ms, "by", body FROM commands WHERE seq <= ? ORDER BY seq'
    return [
        (Command(row["kind"], row["at_ms"], row["by"], row["body"]), row["seq"])
        for batch in ask(sql, [position])
        for row in batch.to_pylist()
    ]


def _events(state: State, ask: Ask, start: int, end: int) -> None:
    for batch in ask("SELECT * FROM events WHERE seq >= ? AND seq < ? ORDER BY seq", [start, end]):
        state.bound = batch.column("seq")[-1].as_py() + 1
        people = of_people(batch)
        ids, offsets = flat(people.column("ids"))
        # What is compiled would read beyond its arrays.
        _complete(ids.max(initial=-1) < state.who.count)
        state.fold(people, ids, offsets)


def _complete(found: bool | np.bool_) -> None:
    if not found:
        raise FolderError(
            "events name identifiers that the table of identifiers has no rows of: blocks are "
            "missing; restore the folder from a backup"
        )


def _announcements(state: State, ask: Ask) -> None:
    sql = "SELECT profile, arg_max(after, seq) AS band FROM announcements GROUP BY profile"
    for batch in ask(sql, []):
        profiles = batch.column("profile").to_pylist()
        slots = np.array([state.who.named(profile) for profile in profiles], np.int32)
        bands = np.array(
            [law.BANDS.index(band) for band in batch.column("band").to_pylist()], np.int8
        )
        state.heat.announced(slots[slots >= 0], bands[slots >= 0])
