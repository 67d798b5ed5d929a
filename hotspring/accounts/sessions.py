"""Sessions: who is signed in, in which browser, and for how long."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final

import msgspec

from hotspring.accounts.codes import digest
from hotspring.errors import FolderError, NotFound
from hotspring.store import Operations, records

SEEN_EVERY_MS: Final = 60_000
HOUR_MS: Final = 3_600_000


class Signed(msgspec.Struct, frozen=True):
    """A member who is signed in, and the session that says so."""

    user: records.User
    session: records.Session
    secret: str
    """What the cookie holds; only its hash is kept."""
    csrf: str
    """What a request that changes something has to repeat: another site cannot know it. It stays
    the same as long as the session."""


class Sessions:
    """Begins, finds and ends sessions. Thread-safe."""

    def __init__(
        self, operations: Operations, clock: Callable[[], int], idle_hours: float, hours: float
    ) -> None:
        """A session ends `idle_hours` after its last request and `hours` after its first."""
        self._members = operations.members
        self._key = operations.secret
        self._clock = clock
        self._idle_ms = int(idle_hours * HOUR_MS)
        self._whole_ms = int(hours * HOUR_MS)

    def begin(self, user: records.User, device: str) -> Signed:
        """Sign this member in; who may has been decided before."""
        now = self._clock()
        self._members.end_expired(now - self._whole_ms, now - self._idle_ms)
        secret = secrets.token_urlsafe(32)
        session = self._members.add_session(user, digest(secret), device[:128], now)
        return self._signed(user, session, secret)

    def renew(self, signed: Signed, user: records.User) -> Signed:
        """Go on under another secret: who has the old one is out."""
        secret = secrets.token_urlsafe(32)
        return self._signed(user, self._members.renew(signed.session, digest(secret)), secret)

    def find(self, secret: str) -> Signed | None:
        """Who is signed in with this secret? None where nobody is any more."""
        found = self._members.session(digest(secret)) if secret else None
        if found is None:
            return None
        session, user = found
        now = self._clock()
        if not user.active or not self._lasts(session, now):
            return None
        if now - session.seen_ms >= SEEN_EVERY_MS:
            # Reading goes on while the disk is full.
            with contextlib.suppress(FolderError):
                self._members.seen(session, now)
            session = msgspec.structs.replace(session, seen_ms=now)
        return self._signed(user, session, secret)

    def of(self, user: records.User) -> list[records.Session]:
        """Where is this member signed in?"""
        now = self._clock()
        return [one for one in self._members.sessions(user) if self._lasts(one, now)]

    def end(self, signed: Signed) -> None:
        """Sign out."""
        self._members.end([signed.session.id])

    def end_others(self, signed: Signed, one: int | None = None) -> int:
        """Sign out everywhere else, or in `one` other place; in how many?"""
        others = [s.id for s in self._members.sessions(signed.user) if s.id != signed.session.id]
        if one is not None and one not in others:
            raise NotFound("there is no such session")
        ending = others if one is None else [one]
        self._members.end(ending)
        return len(ending)

    def _signed(self, user: records.User, session: records.Session, secret: str) -> Signed:
        told = f"csrf {session.id} {session.user_id} {session.created_ms}".encode()
        return Signed(user, session, secret, hmac.new(self._key, told, hashlib.sha256).hexdigest())

    def _lasts(self, session: records.Session, now: int) -> bool:
        return now < session.created_ms + self._whole_ms and now < session.seen_ms + self._idle_ms
