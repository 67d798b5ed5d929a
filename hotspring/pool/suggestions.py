"""Suggested merges: listed with score and evidence, accepted or refused by people, never by us."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.identity import Who
from hotspring.matching import told
from hotspring.pipeline import Pipeline
from hotspring.pool import cursors
from hotspring.pool.kept import METHODS, Kept, Listed
from hotspring.pool.matching import Matching, described
from hotspring.pool.moments import clock, iso
from hotspring.pool.profiles import Profiles
from hotspring.store import Store

STATUSES: Final = ("open", "joined", "refused", "apart", "gone")
"""`apart`: someone undid a merge of the two, or both have an account by now."""
OPEN, JOINED, REFUSED, APART, GONE = range(5)
SHOWN: Final = 20
"""Identifiers shown of each side."""
MOST_AT_ONCE: Final = 10_000
PORTION: Final = 500

Decide = Callable[[str, Sequence[str], str], None]
"""Journals decisions of one kind with these bodies, and waits until they are applied."""


class Suggestions:
    """The suggested merges of an open pool. Every method may be called from any thread."""

    def __init__(
        self, folder: Path, pipeline: Pipeline, store: Store, profiles: Profiles, decide: Decide
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles
        self._decide = decide
        self._kept = Kept(folder)
        self._matching = Matching(folder, pipeline, self._kept)

    def start(self, method: str, by: str) -> dict[str, Any]:
        """Begin to search for people to merge; how the run stands."""
        return self._matching.start(method, by)

    def runs(self) -> list[dict[str, Any]]:
        """The searches, the latest first."""
        return [described(run) for run in self._kept.runs()]

    def run(self, run_id: str) -> dict[str, Any]:
        return self._matching.one(run_id)

    def cancel(self, run_id: str) -> dict[str, Any]:
        return self._matching.cancel(run_id)

    def page(
        self, status: str, method: str | None, least: float, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of suggestions with at least this score, the highest first."""
        after = cursors.read(cursor, (float, str)) if cursor else None
        listed = self._kept.listed()
        places = self._places(listed, status, method, least)
        if after is not None:
            score, name = listed.score[places], listed.id[places]
            later = (score < after[0]) | ((score == after[0]) & (name > after[1].encode()))
            places = places[later]
        rows = self._rows(listed, places[:limit])
        more = len(places) > limit
        last = rows[-1] if more else None
        following = (
            cursors.write((float(listed.score[places[limit - 1]]), last["id"])) if last else None
        )
        return rows, following

    def export(
        self, status: str, method: str | None, least: float
    ) -> Iterator[list[dict[str, Any]]]:
        """All suggestions, in portions."""
        listed = self._kept.listed()
        places = self._places(listed, status, method, least)
        return (
            self._rows(listed, places[start : start + PORTION])
            for start in range(0, len(places), PORTION)
        )

    def accept(self, suggestion: str, by: str) -> dict[str, Any]:
        """Join the two: a decision in the journal, which can be taken back."""
        return self._settle("join", "j", suggestion, by)

    def refuse(self, suggestion: str, by: str) -> dict[str, Any]:
        """Never suggest the two again, unless the decision is taken back."""
        return self._settle("refuse", "r", suggestion, by)

    def accept_all(
        self, method: str | None, least: float, dry_run: bool, by: str
    ) -> dict[str, Any]:
        """Join all open suggestions with at least this score; with `dry_run` only count them."""
        listed = self._kept.listed()
        places = self._places(listed, "open", method, least)
        answer = {"least": least, "count": len(places), "dry_run": dry_run}
        if dry_run or not len(places):
            return answer
        if len(places) > MOST_AT_ONCE:
            raise Conflict(
                f"{len(places)} suggestions are more than the {MOST_AT_ONCE} that can be accepted "
                "at once: ask for a higher score"
            )
        ends = np.stack([listed.a[places], listed.b[places]], axis=1)
        texts = self._profiles.texts(np.unique(ends).tolist())
        names = listed.table.column("id").take(places).to_pylist()
        pairs = [
            (name, a, b)
            for name, (a, b) in zip(names, ends.tolist(), strict=True)
            if a in texts and b in texts
        ]
        self._decide("join", [_body("j", name, texts, a, b) for name, a, b in pairs], by)
        joined = int((self._status(listed)[places] == JOINED).sum())
        return {**answer, "joined": joined}

    def close(self) -> None:
        self._matching.close()

    def _settle(self, kind: str, letter: str, suggestion: str, by: str) -> dict[str, Any]:
        listed = self._kept.listed()
        found = np.flatnonzero(listed.id == suggestion.encode())
        if not len(found):
            raise NotFound(f"there is no suggestion {suggestion}; search for suggestions first")
        place = int(found[0])
        status = STATUSES[self._status(listed)[place]]
        if status != "open":
            raise Conflict(f"this suggestion is not open: {status}")
        a, b = int(listed.a[place]), int(listed.b[place])
        texts = self._profiles.texts([a, b])
        if not {a, b} <= texts.keys():
            raise NotFound(f"one of the two of suggestion {suggestion} is not here any more")
        body = _body(letter, suggestion, texts, a, b)
        self._decide(kind, [body], by)
        row = self._rows(listed, np.array([place]))[0]
        if kind == "join" and row["status"] != "joined":
            raise Conflict("the two cannot be one person: two accounts, or a merge that was undone")
        return {"command": msgspec.json.decode(body)["id"], "suggestion": row}

    def _places(self, listed: Listed, status: str, method: str | None, least: float) -> np.ndarray:
        if status not in STATUSES:
            raise BadRequest(f"status is one of {', '.join(STATUSES)}")
        if method is not None and method not in METHODS:
            raise BadRequest(f"method is one of {', '.join(METHODS)}")
        wanted = (self._status(listed) == STATUSES.index(status)) & (listed.score >= least)
        if method is not None:
            methods = listed.table.column("methods").to_pylist()
            wanted &= np.array([method in one for one in methods], bool)
        return np.flatnonzero(wanted)

    def _status(self, listed: Listed) -> np.ndarray:
        """int8 by place in the list, of `STATUSES`."""
        with self._pipeline.lock:
            who = self._pipeline.state.who
            a, b = _slots(who, listed.a), _slots(who, listed.b)
            accounts = who.has_account(a) & who.has_account(b)
            apart = who.apart()
        status = np.where(accounts, APART, OPEN).astype(np.int8)
        if apart:
            pairs = (np.minimum(a, b).astype(np.int64) << 32) | np.maximum(a, b)
            for word, code in (("separated", APART), ("refused", REFUSED)):
                keys = [(x << 32) | y for (x, y), said in apart.items() if said == word]
                status[np.isin(pairs, np.array(keys, np.int64))] = code
        status[a == b] = JOINED
        status[(a < 0) | (b < 0)] = GONE
        return status

    def _rows(self, listed: Listed, places: np.ndarray) -> list[dict[str, Any]]:
        """Suggestions as they are answered."""
        rows = listed.table.take(places).to_pylist()
        status = self._status(listed)[places].tolist()
        with self._pipeline.lock:
            who = self._pipeline.state.who
            sides = [_slots(who, ends[places]) for ends in (listed.a, listed.b)]
            names = [
                [who.public_ids([slot])[0] if slot >= 0 else "" for slot in side.tolist()]
                for side in sides
            ]
            held = [
                [who.identifiers(slot).tolist() if slot >= 0 else [] for slot in side.tolist()]
                for side in sides
            ]
        shown = {i for side in held for ids in side for i in ids[:SHOWN]}
        texts = self._profiles.texts(shown)
        decided = self._decided() if any(code in (JOINED, REFUSED) for code in status) else {}
        answer = []
        for at, row in enumerate(rows):
            a, b = (
                {
                    "profile": names[side][at],
                    "identifiers": [texts[i] for i in held[side][at][:SHOWN] if i in texts],
                    "count": len(held[side][at]),
                }
                for side in (0, 1)
            )
            answer.append({
                "id": row["id"],
                "score": round(row["score"], 6),
                "methods": row["methods"],
                "status": STATUSES[status[at]],
                "evidence": [told(code) for code in row["evidence"]],
                "a": a,
                "b": b,
                "found_at": iso(row["found_ms"]),
                "decided": decided.get(row["id"]),
            })  # fmt: skip
        return answer

    def _decided(self) -> dict[str, dict[str, Any]]:
        """The last decision on each suggestion."""
        rows = self._store.query(
            "SELECT kind, at_ms, \"by\", json_extract_string(body, '$.id') AS command "
            "FROM commands WHERE kind IN ('join', 'refuse') ORDER BY seq"
        ).to_pylist()
        return {
            row["command"].partition("_")[2].rpartition("_")[0]: {
                "kind": row["kind"], "at": iso(row["at_ms"]), "by": row["by"],
                "command": row["command"],
            }
            for row in rows
        }  # fmt: skip


def _slots(who: Who, ids: np.ndarray) -> np.ndarray:
    """Whose are these identifiers? -1 where the pool does not know them."""
    known = ids < who.count
    slots = who.profile_of(np.where(known, ids, 0), np.full(len(ids), clock())) if len(ids) else ids
    return np.where(known, slots, -1)


def _body(letter: str, name: str, texts: dict[int, str], a: int, b: int) -> str:
    ruling = {"id": f"{letter}_{name}_{clock()}", "a": texts[a], "b": texts[b]}
    return msgspec.json.encode(ruling).decode()
