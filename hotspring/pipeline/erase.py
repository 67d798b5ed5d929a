"""Taking a person out: whose rows go, what of them stays because others share it, what is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.event import Command
from hotspring.keys import fingerprints
from hotspring.pipeline import machines
from hotspring.pipeline.buried import COMMANDS, Buried
from hotspring.pipeline.state import State
from hotspring.pipeline.warming import Ask

MOST: Final = 20_000
"""Identifiers that evidence may tie to a person before the whole state is folded anew."""
ROWS: Final = pa.schema([("seq", pa.int64()), ("key", pa.uint64()), ("origin_id", pa.int32())])


class Outline(NamedTuple):
    """What would go with these profiles."""

    slots: np.ndarray
    own: np.ndarray
    """int32, the identifiers that are theirs at all times."""
    shared: np.ndarray
    """int32, those among them that rows of other people name: they stay with these."""
    gone: np.ndarray
    """int32, all identifiers that no other row names."""
    rows: pa.Table
    """seq, key and origin_id of their events."""
    reached: np.ndarray | None
    """int32, all that evidence ties to them; None where that is too much."""

    @property
    def buried(self) -> np.ndarray:
        """int32: the identifiers that must not come back."""
        return np.setdiff1d(self.own, self.shared)


def outline(state: State, slots: np.ndarray, ask: Ask) -> Outline:
    """What would go with these profiles, as of `state.bound`?"""
    who = state.who
    nobody = np.empty(0, np.int32)
    own = np.unique(np.concatenate([nobody, *(who.members(int(slot)) for slot in slots)]))
    reached = who.reach(own.tolist(), MOST)
    origins = {i for slot in slots for i, _, _ in who.origins(int(slot))}
    asked = sorted(origins) if reached is None else reached.tolist()
    rows: list[pa.RecordBatch] = []
    with_them, of_others = [own, who.vouched(own.tolist())], [nobody]
    condition = "origin_id IN (SELECT unnest(?::INTEGER[]))"
    for batch, theirs in _rows(state, slots, ask, condition, asked):
        mine = batch.filter(pa.array(theirs))
        rows.append(mine.select(ROWS.names))
        with_them.append(_named(mine))
        of_others.append(_named(batch.filter(pa.array(~theirs))))
    everything = np.unique(np.concatenate(with_them))
    if reached is None:
        condition = "list_has_any(ids, ?::INTEGER[])"
        for batch, theirs in _rows(state, slots, ask, condition, everything.tolist()):
            of_others.append(_named(batch.filter(pa.array(~theirs))))
    others = np.unique(np.concatenate(of_others))
    return Outline(
        slots,
        own,
        np.intersect1d(own, others),
        np.setdiff1d(everything, others),
        pa.Table.from_batches(rows, schema=ROWS),
        reached,
    )


def sought(state: State, buried: Buried, ask: Ask) -> Outline | None:
    """What goes with the profiles that a command names? None where it does not name all of them:
    they changed after it was made, and nobody agreed to that."""
    who = state.who
    found = who.printed(buried.whose)
    drawn = outline(state, np.unique(who.slots_of(found)), ask)
    if not buried.exact:
        return drawn
    kept_out = set(who.prints(drawn.buried))
    agreed = np.array_equal(drawn.own, found) and kept_out == buried.prints & set(who.prints(found))
    return drawn if agreed else None


def texts_of(ids: np.ndarray, ask: Ask) -> dict[int, str]:
    """The identifiers behind these numbers."""
    sql = "SELECT id, text FROM identifiers WHERE id IN (SELECT unnest(?::INTEGER[])) ORDER BY id"
    return {
        row["id"]: row["text"] for batch in ask(sql, [ids.tolist()]) for row in batch.to_pylist()
    }


def cleaned(command: Command, texts: dict[str, str], keys: frozenset[int], secret: bytes) -> str:
    """The body of a command without a person: `texts` gives what stands for each identifier,
    `keys` are those of the person's events. The same body where it does not speak of them."""
    speaks = any(text in command.body for text in _written(texts))
    flags = command.kind in machines.COMMANDS and len(keys) > 0
    if command.kind in COMMANDS or not (speaks or flags):
        return command.body
    body = msgspec.json.decode(command.body)
    if command.kind in machines.COMMANDS:
        given = {name: body.get(name) or [] for name in ("identifiers", "events")}
        body["identifiers"] = [one for one in body.get("identifiers", ()) if one not in texts]
        body["events"] = [
            one
            for one in body.get("events", ())
            if one["subject"] not in texts and event_key(one, secret) not in keys
        ]
        targets = [*body["identifiers"], *body["events"]]
        if not targets and (given["identifiers"] or given["events"]):
            body |= {"reason": "", "evidence": {}}
    fresh = _replaced(body, texts)
    same = fresh == msgspec.json.decode(command.body)
    return command.body if same else msgspec.json.encode(fresh).decode()


def event_key(event: dict[str, Any], secret: bytes) -> int:
    """The key of an event in the event table, given its source and message id."""
    text = f"{event['source']}\x00{event['message_id']}"
    return int(fingerprints(pa.array([text], pa.string()), secret)[0])


def _written(texts: Collection[str]) -> Iterator[str]:
    """Each text as it stands in JSON."""
    for text in texts:
        yield msgspec.json.encode(text).decode()[1:-1]


def _replaced(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(inner, texts) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, texts) for inner in value]
    return texts.get(value, value) if isinstance(value, str) else value


def _rows(
    state: State, slots: np.ndarray, ask: Ask, condition: str, asked: list[int]
) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """The recorded events that meet a condition, and which of them are of these profiles."""
    sql = f"SELECT seq, key, origin_id, ms, ids FROM events WHERE seq < ? AND {condition}"
    for batch in ask(sql, [state.bound, asked]):
        origins, ms = batch.column("origin_id").to_numpy(), batch.column("ms").to_numpy()
        yield batch, np.isin(state.who.profile_of(origins, ms), slots)


def _named(batch: pa.RecordBatch) -> np.ndarray:
    ids = batch.column("ids").flatten().to_numpy(zero_copy_only=False)
    return np.unique(ids.astype(np.int32))
