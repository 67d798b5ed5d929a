"""Erasures under way: applied to the live state at once, to everything at rest step by step.

An erasure is a journaled command that holds keyed fingerprints only. What must still be looked for
in files stands in a file of its own, `erasures/ID.json`, until all of it is done; so a process that
was killed goes on where it stopped.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring import durable, tombstones
from hotspring.event import Command
from hotspring.identity import IDENTIFIERS, Who, erased_text, traits
from hotspring.pipeline.buried import Buried
from hotspring.pipeline.erase import Outline, cleaned, event_key, sought, texts_of
from hotspring.pipeline.intake import Row
from hotspring.pipeline.screen import CAUGHT, ERASED
from hotspring.pipeline.state import State
from hotspring.pipeline.tables import COMMANDS, EVENTS, FLAGS, KEPT_HEAT, SEQ_BITS
from hotspring.pipeline.warming import Ask
from hotspring.privacy import CONSENTS
from hotspring.store import Store, Table
from hotspring.tags import marks
from hotspring.temperature import announcements

FOLDER: Final = "erasures"
FLAGGED: Final = ("origin_id", "key")
"""What tells a flagged event."""


class Work(msgspec.Struct):
    """What is still to be done of one erasure. Kept in a file of its own until the end."""

    id: str
    texts: list[str]
    """The identifiers, to find them where they stand in the clear."""
    names: list[str] = []
    """Public ids under which the person was known."""
    keys: list[int] = []
    """Keys of their events."""
    seq: int = 0
    """Journal position of the command; 0 before it is applied."""


class Erasing:
    """Takes people out of an open pool. The pipeline's thread applies, the keeper finishes."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret
        self._folder = store.folder / FOLDER
        for draft in self._folder.glob("*.new"):
            # A process was killed while it wrote this.
            draft.unlink()
        self._left = {file.stem for file in self._folder.glob("*.json")}
        """What earlier processes left, as far as no command was seen to ask for it."""
        self.works: dict[str, Work] = {}
        """Applied, but not out of every file yet."""
        self.ended: set[str] = set()
        """All of it is done; the command that says so is not applied yet."""
        self.void: set[str] = set()
        """Erasures of which nothing was done, because the profile had changed meanwhile."""
        self.stains: set[int] = set()
        """Journal entries with events of people who are kept out: found after the door let them
        in, still to be taken out."""

    @staticmethod
    def rehearse(state: State) -> None:
        """Take the first person out of the state of a pool that goes at once: what an erasure
        needs is compiled by then."""
        who = state.who
        reached = who.reach([0], 1_000)
        assert reached is not None
        texts = {i: f"rehearsal:{i}" for i in reached.tolist()}
        who.tombstones = frozenset(who.prints(reached))
        state.refold(reached, texts)
        who.buried(pa.array(list(texts.values()), pa.string()))

    @property
    def due(self) -> bool:
        """Is there anything left to take out of files?"""
        return bool(self.works or self.stains)

    def resume(self, who: Who, position: int, ask: Ask) -> None:
        """Take up what an earlier process left undone of what was applied up to `position`."""
        applied = self._known(position, ask)
        for file in sorted(self._folder.glob("*.json")):
            work = msgspec.json.decode(file.read_bytes(), type=Work)
            if work.id in applied:
                self.works[work.id] = work
                self._left.discard(work.id)
        if who.tombstones:
            sql = "SELECT DISTINCT seq FROM quarantine WHERE reason = ? AND detail = ?"
            rows = (seq for batch in ask(sql, [ERASED, CAUGHT]) for seq in batch["seq"].to_pylist())
            self.stains = {seq >> SEQ_BITS for seq in rows}

    def _known(self, position: int, ask: Ask) -> dict[str, Buried]:
        sql = "SELECT body FROM commands WHERE kind = 'erase' AND seq <= ?"
        found = (
            msgspec.json.decode(body, type=Buried)
            for batch in ask(sql, [position])
            for body in batch["body"].to_pylist()
        )
        return {buried.id: buried for buried in found}

    def missing(self, who: Who, position: int, ask: Ask) -> frozenset[int]:
        """Whom does the folder's file keep out of whose erasure this pool never heard? Restored
        from an older copy, it holds them again."""
        told = tombstones.read(self._store.folder) - who.tombstones
        if not told:
            return told
        return told.difference(*(one.prints for one in self._known(position, ask).values()))

    def stained(self, refused: list[Row]) -> None:
        """Remember the journal entries in which the pipeline found who was erased."""
        self.stains |= {seq >> SEQ_BITS for seq, _, _, one in refused if one.detail == CAUGHT}

    def tell(self, command: Command, who: Who) -> None:
        """Bring the folder's file up to what a command said. What it knows beside stays."""
        said = msgspec.json.decode(command.body, type=Buried)
        if command.kind == "erased":
            self.ended.discard(said.id)
        prints = said.prints
        told = tombstones.read(self._store.folder) - prints
        tombstones.write(self._store.folder, told | (prints & who.tombstones))

    def look_for(self, erasure: str, texts: list[str]) -> None:
        """What the command with this id is about, written down before the command is."""
        self.keep(Work(erasure, texts))

    def keep(self, work: Work) -> None:
        """Write down, durably and for nobody else, what an erasure must look for."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        durable.put(self._folder / f"{work.id}.json", msgspec.json.encode(work))

    def forget_left(self) -> None:
        """Forget what was to be looked for where the command never came, because a process was
        killed between the two. For when all that earlier processes journaled is applied."""
        for erasure in self._left:
            self._drop(erasure)
        self._left = set()

    def end(self, erasure: str) -> None:
        """Everything is done: forget what to look for."""
        self.ended.add(erasure)
        self._drop(erasure)

    def _drop(self, erasure: str) -> None:
        self.works.pop(erasure, None)
        (self._folder / f"{erasure}.json").unlink(missing_ok=True)

    def apply(
        self, state: State, seq: int, command: Command, ask: Ask
    ) -> tuple[Outline, dict[int, str], pa.Table] | None:
        """Hide the person's rows from all who read from now on; what goes with the person, how
        were the identifiers written that go, and which flags on single events go (FLAGGED)?

        None where the command is void. The live state is still to be folded anew.
        """
        buried = msgspec.json.decode(command.body, type=Buried)
        self._left.discard(buried.id)
        drawn = sought(state, buried, ask)
        if drawn is None:
            self.void.add(buried.id)
            self._drop(buried.id)
            return None
        texts = texts_of(drawn.gone, ask)
        work = self._work(buried.id)
        work.seq = seq
        work.texts = sorted({*work.texts, *texts.values()})
        work.names = state.who.names_of(drawn.gone)
        work.keys = drawn.rows.column("key").to_pylist()
        self.keep(work)
        self.works[work.id] = work
        flags = self._flags(drawn.gone, set(work.keys), seq, ask)
        self._store.hide(FLAGS, flags.select(["seq", "place"]))
        self._hide(drawn, texts, work, seq, ask)
        nobody = np.empty(0, np.int32)
        self._store.hide(KEPT_HEAT, _kept_of(state, drawn, KEPT_HEAT, nobody, ask))
        self._store.hide(marks.TAGGED, _kept_of(state, drawn, marks.TAGGED, drawn.gone, ask))
        return drawn, texts, flags.filter(pa.array(flags["key"].to_numpy() != 0)).select(FLAGGED)

    def _work(self, erasure: str) -> Work:
        file = self._folder / f"{erasure}.json"
        if not file.exists():
            return Work(erasure, [])
        return msgspec.json.decode(file.read_bytes(), type=Work)

    def _hide(self, drawn: Outline, texts: dict[int, str], work: Work, seq: int, ask: Ask) -> None:
        store, rows = self._store, drawn.rows.select(["seq"])
        for table in (EVENTS, traits.TRAIT_WRITES, CONSENTS):
            store.hide(table, rows)
        store.hide(announcements.ANNOUNCEMENTS, pa.table({"profile": pa.array(work.names)}))
        erased = {text: erased_text(i) for i, text in texts.items()}
        names = {
            "id": pa.array(list(texts), pa.int32()),
            "kind": pa.array(["erased"] * len(texts), pa.string()),
            "text": pa.array(list(erased.values()), pa.string()),
        }
        store.change(IDENTIFIERS, pa.table(names), "id")
        bodies: dict[int, str] = {}
        keys = frozenset(work.keys)
        sql = 'SELECT seq, kind, at_ms, "by", body FROM commands WHERE seq < ?'
        for row in (row for batch in ask(sql, [seq]) for row in batch.to_pylist()):
            given = Command(row["kind"], row["at_ms"], row["by"], row["body"])
            body = cleaned(given, erased, keys, self._secret)
            if body != given.body:
                bodies[row["seq"]] = body
        changed = {
            "seq": pa.array(list(bodies), pa.int64()),
            "body": pa.array(list(bodies.values()), pa.string()),
        }
        store.change(COMMANDS, pa.table(changed), "seq")

    def _flags(self, gone: np.ndarray, keys: set[int], seq: int, ask: Ask) -> pa.Table:
        """The flags of these identifiers and events: seq and place, and subject and key of the
        event, 0 for a flag on the subject as a whole."""
        ids, found = set(gone.tolist()), list[dict[str, Any]]()
        sql = "SELECT seq, place, origin_id, source, message_id FROM flags WHERE seq < ?"
        for batch in ask(sql, [seq]):
            for row in batch.to_pylist():
                row["key"] = event_key(row, self._secret) if row["message_id"] else 0
                if row["key"] in keys or row["origin_id"] in ids:
                    found.append({name: row[name] for name in ("seq", "place", *FLAGGED)})
        places = [FLAGS.schema.field(name) for name in ("seq", "place")]
        events = [EVENTS.schema.field(name) for name in FLAGGED]
        return pa.Table.from_pylist(found, schema=pa.schema([*places, *events]))


def _kept_of(state: State, drawn: Outline, table: Table, gone: np.ndarray, ask: Ask) -> pa.Table:
    """What a table that is no part of events holds of the person, and of identifiers that are
    `gone` with the person: subject and time of each row."""
    who = state.who
    own = {i for slot in drawn.slots for i, _, _ in who.origins(int(slot))}
    sql = (
        f"SELECT DISTINCT origin_id, ms FROM {table.name} "
        "WHERE origin_id IN (SELECT unnest(?::INTEGER[]))"
    )
    schema = pa.schema([table.schema.field(name) for name in ("origin_id", "ms")])
    found = []
    for batch in ask(sql, [sorted(own.union(gone.tolist()))]):
        ids, ms = batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
        theirs = np.isin(who.profile_of(ids, ms), drawn.slots) | np.isin(ids, gone)
        found.append(batch.cast(schema).filter(pa.array(theirs)))
    return pa.Table.from_batches(found, schema=schema)
