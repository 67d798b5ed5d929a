"""Who is who, live: identifiers become numbers, numbers profiles, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.identity import apart, columns, forget, names, stream
from hotspring.identity.columns import FOREIGN, LATEST, RULED
from hotspring.identity.forget import erased_text
from hotspring.identity.live import Live
from hotspring.identity.merges import Account, Merge, Suggestion, pair_name
from hotspring.identity.settle import settle
from hotspring.identity.sharing import Changes, History, SignIn, follow
from hotspring.identity.spans import Mapping, Shared
from hotspring.identity.stream import (
    IDS_USED,
    MERGED,
    SEEDS,
    SLOTS_BEFORE,
    SLOTS_USED,
    TIES_USED,
    absorb,
)
from hotspring.identity.tables import base_kind, identifier_rows
from hotspring.keys import fingerprints
from hotspring.settings import Settings
from hotspring.spare import Copy

NOBODY = np.empty(0, np.int32)


class Claims(NamedTuple):
    """What a batch of events says about identifiers."""

    ids: np.ndarray
    """int32, the identifiers of all events one after the other, the subject of each first."""
    offsets: np.ndarray
    """int32[n + 1] into `ids`; every event has at least one."""
    ms: np.ndarray
    """int64[n]."""
    key: np.ndarray
    """uint64[n], unique by event and the same in every rebuild: the second key of the order."""
    kind: np.ndarray
    """uint8[n]: 0 any event, 1 alias, 2 bind, 3 unbind (of one identifier alone: from all)."""
    public: np.ndarray
    """bool[n]: came with a public write key."""


class Change(NamedTuple):
    """What a batch or a command did to profiles."""

    profile: np.ndarray
    """int32[n], the slot of every event of the batch once all of it is known."""
    merged: np.ndarray
    """int32[k, 2], (loser, winner) in order: all events of the loser are now the winner's."""
    moved: np.ndarray
    """int32, slots whose events changed in another way, read after `merged`. Slots without a
    past do not count as changed by what came with the batch itself."""
    regrouped: np.ndarray = NOBODY
    """int32, slots that gained or lost an identifier, even one without events."""


class _Out(NamedTuple):
    merged: np.ndarray
    seeds: np.ndarray


class Who:
    """The identities of one pool.

    `secret` keys the fingerprints of identifiers (16 bytes). `history` reads recorded events of
    devices from the store; it is called when a device turns out to be shared, and must already
    know the batch that is being resolved.
    """

    def __init__(self, settings: Settings, secret: bytes, history: History) -> None:
        self._settings = settings
        self._secret = secret
        self._history = history
        self._live = Live(settings)
        self._new: tuple[list[int], list[str], list[str]] = ([], [], [])
        self.tombstones = frozenset()

    # --- names ---

    def intern(self, texts: Sequence[str] | pa.StringArray) -> np.ndarray:
        """Which dense number has each identifier? int32; new ones are numbered as they appear."""
        array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
        live = self._live
        prints = fingerprints(array, self._secret)
        live.room(ids=len(prints))
        ids, fresh = names.numbered(
            prints, live.by_print, live.ids.print, int(live.counts[IDS_USED])
        )
        if len(fresh):
            self._name(ids[fresh], array.take(pa.array(fresh)).to_pylist())
        return np.asarray(ids)

    def _name(self, ids: np.ndarray, texts: list[str]) -> None:
        live = self._live
        live.counts[IDS_USED] += len(ids)
        kind_names = [base_kind(text) for text in texts]
        kinds = [live.kind_of.get(name, -1) for name in kind_names]
        live.ids.kind[ids] = kinds
        live.ids.mark[ids] = np.where(np.array(kinds) < 0, FOREIGN, 0)
        self._new[0].extend(ids.tolist())
        self._new[1].extend(kind_names)
        self._new[2].extend(texts)

    def take_new(self) -> pa.RecordBatch:
        """The rows of `IDENTIFIERS` for what was named since the last call."""
        rows = identifier_rows(*self._new)
        self._new = ([], [], [])
        return rows

    def find(self, text: str) -> int:
        """Which number has this identifier? -1 where no event ever named it."""
        found = self._number(text)
        return found if found >= 0 and self._live.ids.slot[found] >= 0 else -1

    def _number(self, text: str) -> int:
        prints = fingerprints(pa.array([text], pa.string()), self._secret)
        return names.number_of(int(prints[0]), self._live.by_print)

    def clients(self, ids: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """int32[n]: the device identifier (first weak one) of each event, -1 where none came."""
        live = self._live
        return np.asarray(stream.devices(ids, offsets, live.kinds, live.ids))

    # --- evidence and rulings ---

    def resolve(self, claims: Claims) -> Change:
        """Take in what a batch says; the identifiers are numbers from `intern`."""
        live = self._live
        claims = _plain(claims)
        live.room(slots=len(claims.ids), ties=2 * len(claims.ids))
        before = int(live.counts[SLOTS_USED])
        live.counts[SLOTS_BEFORE], live.counts[MERGED], live.counts[SEEDS] = before, 0, 0
        most = len(claims.ids) + 1
        out = _Out(np.empty((most, 2), np.int32), np.empty(8 * most, np.int32))
        watched = absorb(
            claims, live.kinds, live.ids, live.slots, live.ties, live.by_pair, live.counts, out
        )
        merged = out.merged[: live.counts[MERGED]]
        changes = self._settled(claims, out.seeds[: live.counts[SEEDS]], watched, before)
        subjects = claims.ids[claims.offsets[:-1]]
        merged = np.concatenate([merged, _pairs(changes)])
        whose = self.profile_of(subjects, claims.ms)
        return Change(whose, merged, _moved(changes), _regrouped(changes))

    def _settled(
        self, claims: Claims, seeds: np.ndarray, watched: np.ndarray, before: int
    ) -> Changes:
        live = self._live
        changes = Changes(before)
        if len(seeds):
            changes = settle(live, np.unique(seeds), self._history, before)
        signing = watched[watched[:, 2] >= 0]
        if len(signing):
            ms, keys = claims.ms[signing[:, 0]].tolist(), claims.key[signing[:, 0]].tolist()
            rows = (signing[:, 1].tolist(), ms, keys, signing[:, 2].tolist())
            entries = [SignIn(*row) for row in zip(*rows, strict=True)]
            follow(live, entries, self._history, changes)
        subject = watched[watched[:, 3] > 0]
        moments = claims.ms[subject[:, 0]].tolist()
        for span, moment in zip(live.ids.span[subject[:, 1]].tolist(), moments, strict=True):
            if span >= 0:
                device = live.spans.devices[span]
                device.last_ms = max(device.last_ms, moment)
        return changes

    def command(self, kind: str, body: dict[str, Any]) -> Change:
        """Take a ruling in: `separate`, `join`, `retract` or `refuse`.

        Raises `BadRequest` where the body does not fit. The same ruling twice is one.
        """
        live = self._live
        ids = live.rulings.add(kind, body, lambda text: int(self.intern([text])[0]))
        live.ids.mark[ids] |= RULED
        before = int(live.counts[SLOTS_USED])
        known = [i for i in ids if live.ids.slot[i] >= 0]
        changes = settle(live, known, self._history, before) if known else Changes(before)
        return Change(NOBODY, _pairs(changes), _moved(changes), _regrouped(changes))

    # --- answers ---

    @property
    def capacity(self) -> int:
        """One more than the highest slot ever used."""
        return int(self._live.counts[SLOTS_USED])

    @property
    def known(self) -> np.ndarray:
        """bool[capacity]: which slots hold a strong identifier."""
        return np.asarray(self._live.slots.strong[: self.capacity] > 0)

    def are_known(self, slots: np.ndarray) -> np.ndarray:
        """bool[n]: which of these slots hold a strong identifier?"""
        return np.asarray(self._live.slots.strong[slots] > 0)

    def slots(self, known_only: bool = False) -> np.ndarray:
        """int32: the live slots."""
        return np.flatnonzero(self._there(known_only)).astype(np.int32)

    def profiles(self, known_only: bool = False) -> int:
        """How many live slots are there?"""
        return int(np.count_nonzero(self._there(known_only)))

    def _there(self, known_only: bool) -> np.ndarray:
        column = self._live.slots.strong if known_only else self._live.slots.size
        return np.asarray(column[: self.capacity] > 0)

    def profile_of(self, origin_ids: np.ndarray, ms: np.ndarray) -> np.ndarray:
        """int32[n]: whose are events with these subjects at these times?"""
        return self._mapping().profile_of(origin_ids, ms)

    def mapping(self) -> Mapping:
        """A copy of who owns which events: it stays as it is while the live state goes on."""
        known, live = int(self._live.counts[IDS_USED]), self._mapping()
        ids = (live.slot[:known].copy(), live.span[:known].copy())
        return Mapping(*ids, *(line.copy() for line in live[2:]))

    def _mapping(self) -> Mapping:
        ids, lines = self._live.ids, self._live.spans
        return Mapping(ids.slot, ids.span, lines.start, lines.length, lines.times, lines.holders)

    def origins(self, slot: int) -> list[tuple[int, int, int]]:
        """Which events are this profile's? (subject, from ms, to ms exclusive)."""
        live = self._live
        members = live.members(slot).tolist()
        found = [(i, -LATEST, LATEST) for i in members]
        for span in sorted(live.spans.held_by(members)):
            device = live.spans.devices[span]
            starts = [-LATEST, *device.times[1:], LATEST]
            for at, holder in enumerate(device.holders):
                if live.ids.slot[holder] == slot:
                    found += [(i, starts[at], starts[at + 1]) for i in device.members]
        return found

    def identifiers(self, slot: int) -> np.ndarray:
        """int32: the identifiers of a profile; shared devices stand with each of their people."""
        return np.array(sorted({i for i, _, _ in self.origins(slot)}), np.int32)

    def public_ids(self, slots: Sequence[int] | np.ndarray) -> list[str]:
        """Under which names does the outside know these profiles?

        The name comes from the identifier that was seen first (by time and key of its event), so
        it may change with late events and merges; older names keep leading to the profile.
        """
        live = self._live
        first = stream.earliest(np.asarray(slots, np.int32), live.ids, live.slots)
        return [names.public_id(value, self._secret) for value in live.ids.print[first].tolist()]

    def firsts(self, slots: np.ndarray) -> np.ndarray:
        """int32[n]: the identifier of each profile that was seen first."""
        live = self._live
        return np.asarray(stream.earliest(np.asarray(slots, np.int32), live.ids, live.slots))

    def numbers(self, texts: pa.StringArray) -> np.ndarray:
        """int32[n]: the numbers of these identifiers, -1 of those that no event ever named."""
        live = self._live
        found = names.numbers_of(fingerprints(texts, self._secret), live.by_print)
        return np.where((found >= 0) & (live.ids.slot[found] >= 0), found, -1).astype(np.int32)

    def names_of(self, ids: np.ndarray) -> list[str]:
        """Under which public names could these identifiers stand for their profile?"""
        prints = self._live.ids.print[np.asarray(ids, np.int64)].tolist()
        return [names.public_id(value, self._secret) for value in prints]

    def named(self, public: str) -> int:
        """Which slot has this public name, or had it once? -1 where none."""
        print_ = names.print_of(public, self._secret)
        found = -1 if print_ is None else names.number_of(print_, self._live.by_print)
        return -1 if found < 0 else int(self._live.ids.slot[found])

    def merges(self, slot: int) -> list[Merge]:
        """Why is this one person: the joins behind the profile, with their evidence."""
        return Account(self._live, slot).merges()

    def sides(self, slot: int, merge: str) -> tuple[list[int], list[int]] | None:
        """Which identifiers would a `separate` keep apart to undo a merge of this profile?"""
        return Account(self._live, slot).sides(merge)

    def suggestions(self, slot: int) -> list[Suggestion]:
        """What speaks for joining this profile with others, but did not."""
        return Account(self._live, slot).suggestions()

    def loose(self, start: int, count: int) -> np.ndarray:
        """int32[n, 2]: strong identifiers that an event named together and that did not join.

        Of `count` ties from `start` on; there are `ties` of them.
        """
        return apart.loose(self._live, start, count)

    @property
    def count(self) -> int:
        """How many identifiers have a number?"""
        return int(self._live.counts[IDS_USED])

    @property
    def ties(self) -> int:
        """How many pairs of identifiers did events name together?"""
        return int(self._live.counts[TIES_USED])

    def pair_names(self, pairs: np.ndarray) -> list[str]:
        """Under which names do merges and suggestions of these pairs of identifiers stand?"""
        prints = self._live.ids.print[pairs].tolist()
        return [pair_name(a, b) for a, b in prints]

    def has_account(self, slots: np.ndarray) -> np.ndarray:
        """bool[n]: which of these profiles hold a user_id, of which one person has one at most?"""
        return np.asarray(self._live.slots.user[slots] >= 0)

    def apart(self) -> dict[tuple[int, int], str]:
        """Which slots did someone decide to keep apart? The smaller first, with the decision."""
        return apart.apart(self._live)

    # --- taking people out ---

    def members(self, slot: int) -> np.ndarray:
        """int32: the identifiers that are a profile's own at all times."""
        return self._live.members(slot)

    def prints(self, ids: np.ndarray) -> list[int]:
        """The keyed fingerprints of identifiers: all that is kept of those that are erased."""
        found: list[int] = self._live.ids.print[np.asarray(ids, np.int64)].tolist()
        return found

    def print_of(self, text: str) -> int:
        """The keyed fingerprint of an identifier, known or not."""
        return int(fingerprints(pa.array([text], pa.string()), self._secret)[0])

    def printed(self, prints: Iterable[int]) -> np.ndarray:
        """int32: the identifiers with these fingerprints that some event named."""
        found = [names.number_of(one, self._live.by_print) for one in prints]
        return np.array(
            sorted(i for i in found if i >= 0 and self._live.ids.slot[i] >= 0), np.int32
        )

    def slots_of(self, ids: np.ndarray) -> np.ndarray:
        """int32: the slots in which these identifiers stand, -1 where none."""
        return np.asarray(self._live.ids.slot[np.asarray(ids, np.int64)])

    def reach(self, ids: Iterable[int], most: int) -> np.ndarray | None:
        """int32: all that evidence ties to these identifiers; None if more than `most`."""
        return forget.reach(self._live, ids, most)

    def vouched(self, ids: Iterable[int]) -> np.ndarray:
        """int32: identifiers that people joined to these and that no event ever named."""
        _, joins = self._live.rulings.about(ids)
        ends = {i for pair in joins.values() for i in pair if self._live.ids.slot[i] < 0}
        return np.array(sorted(ends), np.int32)

    def wipe(self, reached: np.ndarray) -> None:
        """Forget all that events said of identifiers that `reach` found."""
        forget.wipe(self._live, reached)

    def unname(self, texts: dict[int, str]) -> None:
        """Forget the names of these identifiers, given as number to text, for good."""
        erased = {text: erased_text(i) for i, text in texts.items()}
        given = pa.array(list(erased.values()), pa.string())
        ids = np.array(list(texts), np.int64)
        forget.unname(self._live, ids, fingerprints(given, self._secret))
        self._live.rulings.rename(erased)

    @property
    def tombstones(self) -> frozenset[int]:
        """Fingerprints of the identifiers that must not come back."""
        return self._tombstones

    @tombstones.setter
    def tombstones(self, prints: frozenset[int]) -> None:
        self._tombstones = prints
        self._stones = forget.stones(prints)

    def is_erased(self, public: str) -> bool:
        """Is this the public name of someone who must not come back?"""
        return names.print_of(public, self._secret) in self._tombstones

    def buried(self, texts: pa.StringArray) -> np.ndarray:
        """bool[n]: which of these identifiers must not come back?"""
        return np.asarray(forget.known(fingerprints(texts, self._secret), self._stones))

    # --- keeping ---

    def dump(self, copy: Copy = np.copy) -> dict[str, np.ndarray]:
        """The state as arrays, those that grow with the pool by way of `copy`."""
        live = self._live
        used = live.counts
        shared = list(live.spans.devices.values())
        given = [(kind, msgspec.to_builtins(r)) for (kind, _), r in live.rulings.given.items()]
        return {
            **columns.packed(live.ids, "ids", int(used[IDS_USED]), copy),
            **columns.packed(live.slots, "slots", int(used[SLOTS_USED]), copy),
            **columns.packed(live.ties, "ties", int(used[TIES_USED]), copy),
            "rulings": np.frombuffer(msgspec.json.encode(given), np.uint8).copy(),
            "tombstones": np.array(sorted(self.tombstones), np.uint64),
            "shared": np.frombuffer(msgspec.json.encode(shared), np.uint8).copy(),
        }

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        """Become what `dump` gave."""
        live = self._live = Live(self._settings)
        live.ids = columns.unpacked(columns.IDS, "ids", arrays)
        live.slots = columns.unpacked(columns.SLOTS, "slots", arrays)
        live.ties = columns.unpacked(columns.TIES, "ties", arrays)
        live.counts[[IDS_USED, SLOTS_USED, TIES_USED]] = [
            len(arrays[name]) for name in ("ids.slot", "slots.head", "ties.a")
        ]
        live.index()
        self.tombstones = frozenset(arrays.get("tombstones", np.empty(0, np.uint64)).tolist())
        for kind, body in msgspec.json.decode(arrays["rulings"].tobytes()):
            live.rulings.add(kind, body, self._number)
        live.ids.span[:] = -1
        for device in msgspec.json.decode(arrays["shared"].tobytes(), type=list[Shared]):
            live.ids.span[device.members] = live.spans.put(-1, device)


def _plain(claims: Claims) -> Claims:
    kinds = (np.int32, np.int32, np.int64, np.uint64, np.uint8, np.bool_)
    return Claims(*(np.require(a, k, ["C", "W"]) for a, k in zip(claims, kinds, strict=True)))


def _pairs(changes: Changes) -> np.ndarray:
    return np.array(changes.merged, np.int32).reshape(-1, 2)


def _moved(changes: Changes) -> np.ndarray:
    return np.array(sorted(changes.moved), np.int32)


def _regrouped(changes: Changes) -> np.ndarray:
    return np.array(sorted(changes.regrouped), np.int32)
