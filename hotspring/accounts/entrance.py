"""The entrance: a name and a password, a second factor, a one-time link."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Final

from hotspring.accounts.attempts import Attempts
from hotspring.accounts.codes import digest, step_of, tidied
from hotspring.accounts.members import Members, name_key
from hotspring.accounts.passwords import Passwords, check
from hotspring.accounts.sessions import Sessions, Signed
from hotspring.errors import NotFound, SignInRefused
from hotspring.privacy import Audit
from hotspring.store import Operations, records

WRONG: Final = "the name or the password is wrong"


class Entrance:
    """Lets members in. Slow by intent: call it beside the event loop. Thread-safe."""

    def __init__(
        self,
        operations: Operations,
        audit: Audit,
        clock: Callable[[], int],
        members: Members,
        sessions: Sessions,
        passwords: Passwords,
        attempts: Attempts,
    ) -> None:
        self._records = operations.members
        self._audit = audit
        self._clock = clock
        self._members = members
        self._sessions = sessions
        self._passwords = passwords
        self._attempts = attempts

    def sign_in(self, name: str, password: str, code: str, *, address: str, device: str) -> Signed:
        """Who comes with this name and password? Raises `SignInRefused` or `TooManyTries`.

        It takes as long for a name nobody has, and says the same.
        """
        key = name_key(name)
        self._attempts.password(key, address)
        user = self._records.by("name_key", key)
        able = user is not None and user.active
        kept = user.password_hash if user is not None and able else None
        if not self._passwords.matches(kept, password) or user is None:
            self._failed("wrong_password", user)
            raise SignInRefused("wrong_password", WRONG)
        self._second_factor(user, code)
        self._attempts.came_in(key, address)
        if kept is not None and self._passwords.outdated(kept):
            with contextlib.suppress(NotFound):  # another sign-in did it at the same moment
                user = self._records.change(user, password_hash=self._passwords.hashed(password))
        return self._in(user, device)

    def welcome(
        self, link: str, name: str, password: str, code: str, *, address: str, device: str
    ) -> Signed:
        """Set the password of whom this link was made for, and sign them in; it works once.

        Who comes for the first time may choose another `name`.
        """
        self._attempts.link(address)
        user = self._invited(link)
        first = user.password_hash is None
        named: dict[str, Any] = {}
        if name and name_key(name) != user.name_key:
            if not first:
                raise SignInRefused("wrong_name", f"this link is for {user.name}")
            named = {"name": name, "name_key": name_key(name)}
        if first:
            self._members.check_name(name or user.name)
        check(password, name or user.name)
        self._second_factor(user, code)
        try:
            user = self._records.change(
                user, ends_sessions=True, link_hash=None, link_until_ms=None,
                password_hash=self._passwords.hashed(password), password_ms=self._clock(), **named,
            )  # fmt: skip
        except NotFound:
            raise SignInRefused("link_over", "this link was used already") from None
        self._audit.record(user.name, "password.changed", user.name, how="link")
        return self._in(user, device)

    def invited(self, link: str, *, address: str) -> records.User:
        """For whom is this link? Raises `SignInRefused` where it is not, or no longer, good."""
        self._attempts.link(address)
        return self._invited(link)

    def confirm(self, signed: Signed, password: str, *, address: str) -> None:
        """Is it really this member? Raises `SignInRefused` or `TooManyTries`."""
        self._attempts.password(signed.user.name_key, address)
        if not self._passwords.matches(signed.user.password_hash, password):
            self._failed("wrong_password", signed.user)
            raise SignInRefused("wrong_password", "the password is wrong")
        self._attempts.came_in(signed.user.name_key, address)

    def _invited(self, link: str) -> records.User:
        user = self._records.by("link_hash", digest(link)) if link else None
        until = user.link_until_ms if user is not None else None
        if user is None or until is None or not user.active or self._clock() >= until:
            self._failed("wrong_link", user)
            raise SignInRefused(
                "link_over", "this link was used or is over; ask an administrator for a new one"
            )
        return user

    def _second_factor(self, user: records.User, code: str) -> None:
        """Ask for the second factor of who has one; a code is good once."""
        if not user.factor_on or user.factor_secret is None:
            return
        code = tidied(code)
        if not code:
            raise SignInRefused("code_needed", "a code of the second factor is needed")
        self._attempts.code(user.name_key)
        step = step_of(user.factor_secret, code, self._clock())
        if step is not None:
            right = self._records.use_step(user, step)
        else:
            right = self._records.use_code(user, digest(code))
            if right:
                self._audit.record(user.name, "recovery_code.used", user.name)
        if not right:
            self._failed("wrong_code", user)
            raise SignInRefused("wrong_code", "this code is wrong or was used already")

    def _in(self, user: records.User, device: str) -> Signed:
        signed = self._sessions.begin(user, device)
        self._audit.record(user.name, "sign_in.done", user.name)
        return signed

    def _failed(self, reason: str, user: records.User | None) -> None:
        # What was typed for a name nobody has may be a password: it is not written down.
        self._audit.failed_sign_in(reason, user.name if user is not None else "")
