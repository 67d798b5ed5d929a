"""What a member changes of their own: password, second factor, language, other sessions."""

from __future__ import annotations

from collections.abc import Callable

from hotspring.accounts.codes import (
    digest,
    fresh_secret,
    recovery_codes,
    step_of,
    tidied,
    uri,
)
from hotspring.accounts.entrance import Entrance
from hotspring.accounts.passwords import Passwords, check
from hotspring.accounts.sessions import Sessions, Signed
from hotspring.errors import BadRequest, Conflict, WeakPassword
from hotspring.privacy import Audit
from hotspring.store import Operations, records


class Own:
    """The account of who is signed in. Thread-safe."""

    def __init__(
        self,
        operations: Operations,
        audit: Audit,
        clock: Callable[[], int],
        entrance: Entrance,
        sessions: Sessions,
        passwords: Passwords,
    ) -> None:
        self._records = operations.members
        self._audit = audit
        self._clock = clock
        self._entrance = entrance
        self._sessions = sessions
        self._passwords = passwords

    def set_password(self, signed: Signed, old: str, new: str, *, address: str) -> Signed:
        """Set another password; other sessions end, this one gets a new secret. Slow by intent."""
        user = signed.user
        self._entrance.confirm(signed, old, address=address)
        check(new, user.name)
        if self._passwords.matches(user.password_hash, new):
            raise WeakPassword("same", "the new password is the old one")
        user = self._records.change(
            user, ends_sessions=True, but=signed.session.id, link_hash=None, link_until_ms=None,
            password_hash=self._passwords.hashed(new), password_ms=self._clock(),
        )  # fmt: skip
        self._audit.record(user.name, "password.changed", user.name, how="self")
        return self._sessions.renew(signed, user)

    def offer_factor(self, signed: Signed) -> tuple[str, str]:
        """A new secret for an app, and the address that an app reads; it counts once confirmed."""
        if signed.user.factor_on:
            raise Conflict("a second factor is on; take it off first")
        secret = fresh_secret()
        user = self._records.change(signed.user, factor_secret=secret)
        return secret, uri(secret, user.name)

    def confirm_factor(self, signed: Signed, code: str) -> list[str]:
        """Switch the second factor on with its first code; the recovery codes are told once.

        Other sessions end: whoever is in there came with the password alone.
        """
        user = signed.user
        if user.factor_on or user.factor_secret is None:
            raise Conflict("no second factor waits for its first code; ask for a secret first")
        step = step_of(user.factor_secret, tidied(code), self._clock())
        if step is None:
            raise BadRequest("this code is not that of the app now; see that its clock is right")
        codes = recovery_codes()
        self._records.set_codes(user, [digest(tidied(one)) for one in codes])
        self._records.change(user, factor_on=True, factor_step=step)
        self._sessions.end_others(signed)
        self._audit.record(user.name, "second_factor.on", user.name)
        return codes

    def drop_factor(self, signed: Signed, password: str, *, address: str) -> None:
        """Switch the second factor off. Slow by intent."""
        self._entrance.confirm(signed, password, address=address)
        self._records.change(signed.user, factor_on=False, factor_secret=None)
        self._records.set_codes(signed.user, ())
        if signed.user.factor_on:
            self._audit.record(signed.user.name, "second_factor.off", signed.user.name)

    def codes_left(self, user: records.User) -> int:
        """How many recovery codes are not used yet?"""
        return self._records.codes_left(user) if user.factor_on else 0

    def speak(self, signed: Signed, language: str) -> records.User:
        """Set the language of the pages for this member."""
        return self._records.change(signed.user, language=language)

    def sign_out(self, signed: Signed) -> None:
        """End this session."""
        self._sessions.end(signed)
        self._audit.record(signed.user.name, "sign_out.done", signed.user.name)

    def sign_out_others(self, signed: Signed, one: int | None = None) -> int:
        """End all other sessions of this member, or `one`; how many were there?"""
        ended = self._sessions.end_others(signed, one)
        self._audit.record(signed.user.name, "sign_out.others", signed.user.name, sessions=ended)
        return ended
