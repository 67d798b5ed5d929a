"""Erasing a person in two steps: what would go is told first, and only that is done."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.pipeline import Pipeline
from hotspring.pool.elsewhere import Elsewhere, listed
from hotspring.pool.moments import iso
from hotspring.pool.profiles import Profiles
from hotspring.privacy import mentions
from hotspring.store import Store

GOOD_MS: Final = 15 * 60_000
"""So long what was told may be agreed to."""
COUNTED: Final = ("trait_writes", "consents")

Decide = Callable[[str, str, str], None]
"""Journals a command (kind, body, by) and waits until it is applied."""


class _Found(NamedTuple):
    profile: str | None
    texts: list[str]
    """Identifiers that must not come back."""
    prints: list[int]
    whose: list[int]
    """By which the profile is found: those that stay with others included."""
    told: dict[str, Any]


class Erasures:
    """Plans, confirms and lists the erasures of one open pool."""

    def __init__(
        self,
        pipeline: Pipeline,
        store: Store,
        profiles: Profiles,
        elsewhere: Elsewhere,
        decide: Decide,
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles
        self._elsewhere = elsewhere
        self._decide = decide

    def plan(self, key: str, now: int) -> dict[str, Any]:
        """What would go with the person that has this identifier, and what agrees to it?"""
        found = self._found(key, now)
        until = now + GOOD_MS
        return {
            "profile": found.profile,
            "identifiers": listed(found.texts),
            **found.told,
            "confirm": self._token(found, until),
            "expires_at": iso(until),
        }

    def confirm(self, key: str, token: str, by: str, now: int) -> dict[str, Any]:
        """Erase the person as it was told. `Conflict` where there is another person by now."""
        until = _until(token)
        if not 0 <= until - now <= GOOD_MS:
            raise BadRequest("this confirmation is no longer good; ask for the plan again")
        found = self._found(key, now)
        if not hmac.compare_digest(self._token(found, until), token):
            raise Conflict("the person has other identifiers by now; ask for the plan again")
        erasure = f"e_{now}_{secrets.token_hex(4)}"
        erasing = self._pipeline.erasing
        erasing.look_for(erasure, found.texts)
        body = {
            "id": erasure,
            "tombstones": [f"{one:016x}" for one in found.prints],
            "profile": [f"{one:016x}" for one in found.whose],
        }
        self._decide("erase", msgspec.json.encode(body).decode(), by)
        if erasure in erasing.void:
            raise Conflict("the person changed at this very moment; ask for the plan again")
        return self.one(erasure)

    def readmit(self, key: str, by: str, now: int) -> dict[str, Any]:
        """Let a person who was erased come back: everything that was erased with the identifier
        may be named again."""
        text = self._profiles.identifier(key)
        print_ = self._pipeline.state.who.print_of(text)
        if print_ not in self._pipeline.state.who.tombstones:
            raise NotFound("nobody who was erased had this identifier")
        wanted = f"{print_:016x}"
        stones = {
            stone
            for row in self._commands()
            if row["kind"] == "erase" and wanted in row["body"].get("tombstones", ())
            for stone in row["body"]["tombstones"]
        }
        erasure = f"r_{now}_{secrets.token_hex(4)}"
        body = {"id": erasure, "tombstones": sorted(stones)}
        self._decide("readmit", msgspec.json.encode(body).decode(), by)
        return self.one(erasure)

    def all(self) -> list[dict[str, Any]]:
        """Every erasure and readmission, the newest first."""
        # Asked first: what ends meanwhile is then found among the commands.
        working = {*self._pipeline.erasing.works, *self._pipeline.erasing.ended}
        rows = self._commands()
        ended = {row["body"]["id"]: row["at_ms"] for row in rows if row["kind"] == "erased"}
        return [
            {
                "id": (name := row["body"]["id"]),
                "kind": row["kind"],
                "at": iso(row["at_ms"]),
                "by": row["by"],
                "identifiers": len(row["body"].get("tombstones", ())),
                "state": "done"
                if name in ended or row["kind"] == "readmit"
                else "running"
                if name in working
                else "void",
                "done_at": iso(row["at_ms"] if row["kind"] == "readmit" else ended.get(name)),
            }
            for row in reversed(rows)
            if row["kind"] != "erased"
        ]

    def one(self, erasure: str) -> dict[str, Any]:
        """One of them. `NotFound` where there is none of this id."""
        for row in self.all():
            if row["id"] == erasure:
                return row
        raise NotFound(f"there is no erasure {erasure}")

    def _commands(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._store.query(
            'SELECT kind, at_ms, "by", body FROM commands '
            "WHERE kind IN ('erase', 'readmit', 'erased') ORDER BY seq"
        ).to_pylist()
        return [{**row, "body": msgspec.json.decode(row["body"])} for row in rows]

    def _found(self, key: str, now: int) -> _Found:
        """Whom does a key mean, and what is there of them? Someone nobody knows may still stand
        in quarantine or in files."""
        pipeline = self._pipeline
        with pipeline.lock:
            who = pipeline.state.who
            try:
                slots = np.array([self._profiles.slot(key, now)], np.int32)
                profile: str | None = who.public_ids(slots)[0]
            except NotFound:
                if ":" not in key:
                    raise
                slots, profile = np.empty(0, np.int32), None
            drawn = pipeline.outline(slots)
            prints, whose = who.prints(drawn.buried), who.prints(drawn.own)
            names = who.names_of(drawn.gone)
        texts = self._profiles.texts(drawn.gone.tolist())
        own = [texts[i] for i in drawn.buried.tolist()]
        if profile is None:
            own = [self._profiles.identifier(key)]
            prints = [pipeline.state.who.print_of(own[0])]
        person = mentions.Mentions([*own, *texts.values()], self._profiles.form)
        keys = set(drawn.rows.column("key").to_pylist())
        shared = self._profiles.texts(drawn.shared.tolist())
        told = {
            "stays": listed(shared.values()),
            "events": drawn.rows.num_rows,
            **{name: self._count(name, drawn.rows.column("seq").to_pylist()) for name in COUNTED},
            "announcements": self._announcements(names),
            "quarantined": self._elsewhere.quarantined(person, keys).num_rows,
            "whole_pool": drawn.reached is None,
        }
        return _Found(profile, own, sorted(prints), sorted(whose), told)

    def _count(self, table: str, seqs: list[int]) -> int:
        sql = f"SELECT count(*) AS n FROM {table} WHERE seq IN (SELECT unnest(?::BIGINT[]))"
        return int(self._store.query(sql, [seqs]).column("n")[0].as_py())

    def _announcements(self, names: list[str]) -> int:
        sql = (
            "SELECT count(*) AS n FROM announcements WHERE profile IN (SELECT unnest(?::VARCHAR[]))"
        )
        return int(self._store.query(sql, [names]).column("n")[0].as_py())

    def _token(self, found: _Found, until: int) -> str:
        said = f"erase {until} {found.prints} {found.whose}".encode()
        seal = hashlib.blake2b(
            said, key=self._elsewhere.key, digest_size=16, person=b"confirm"
        ).hexdigest()
        return f"{until:x}-{seal}"


def _until(token: str) -> int:
    try:
        return int(token.partition("-")[0], 16)
    except ValueError as error:
        raise BadRequest("this is no confirmation; ask for the plan first") from error
