"""Members: the people who sign in, as an administrator sees them."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from hotspring.accounts.codes import digest
from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.privacy import Audit, Role
from hotspring.store import Operations, records

LINK_MS: Final = 24 * 3_600_000
NAME: Final = re.compile(r"[^\W_][\w.@+-]{0,63}")
LANGUAGES: Final = ("", "zh", "en")
FIRST: Final = "admin"
RESERVED: Final = ("local",)


class Members:
    """Makes, changes and removes members of one folder. Thread-safe."""

    def __init__(self, operations: Operations, audit: Audit, clock: Callable[[], int]) -> None:
        self._records = operations.members
        self._operations = operations
        self._audit = audit
        self._clock = clock

    def all(self) -> list[records.User]:
        """Who may sign in?"""
        return self._records.all()

    def one(self, name: str) -> records.User:
        """The member of this name; raises `NotFound`."""
        found = self._records.by("name_key", name_key(name))
        if found is None:
            raise NotFound(f"no member is named {name!r}")
        return found

    def create(self, name: str, role: str, language: str, *, by: str) -> records.User:
        """Add a member, who comes in by a link."""
        self.check_name(name)
        _check_role(role)
        _check_language(language)
        user = self._records.add(
            name=name, name_key=name_key(name), role=role, language=language,
            created_ms=self._clock(),
        )  # fmt: skip
        self._audit.record(by, "user.created", user.name, role=role)
        return user

    def link(self, name: str, *, by: str) -> tuple[str, int]:
        """A secret that lets this member set a password once, and until when; older ones end."""
        user = self.one(name)
        if not user.active:
            raise Conflict(f"{user.name} is not active; activate the member first")
        secret, until = secrets.token_urlsafe(32), self._clock() + LINK_MS
        self._records.change(user, link_hash=digest(secret), link_until_ms=until)
        self._audit.record(by, "user.link_made", user.name)
        return secret, until

    def change(
        self, name: str, *, by: str, role: str | None = None, active: bool | None = None,
        without_second_factor: bool = False,
    ) -> records.User:  # fmt: skip
        """Give another role, let in or shut out, take a lost second factor off.

        All sessions of the member end with it. Raises `Conflict` where no administrator who can
        sign in would be left.
        """
        user = self.one(name)
        changes: dict[str, Any] = {}
        if role is not None and role != user.role:
            _check_role(role)
            changes["role"] = role
        if active is not None and active != user.active:
            changes["active"] = active
        told = dict(changes)
        if active is False:
            changes |= {"link_hash": None, "link_until_ms": None}
        if without_second_factor and user.factor_secret is not None:
            changes |= {"factor_on": False, "factor_secret": None}
            told["second_factor"] = "reset"
        if not told:
            return user
        changed = self._records.change(user, ends_sessions=True, **changes)
        if "second_factor" in told:
            self._records.set_codes(user, ())
        self._audit.record(by, "user.changed", user.name, **told)
        return changed

    def remove(self, name: str, *, by: str) -> None:
        """Delete a member with everything that is theirs; the audit log keeps the name."""
        user = self.one(name)
        self._records.remove(user)
        self._audit.record(by, "user.removed", user.name)

    def first_link(self) -> str | None:
        """The secret of a link for the administrator of a pool in which nobody has signed in yet.

        None where someone has: then who is in lets others in.
        """
        users = self._records.all()
        if any(user.password_hash is not None for user in users):
            return None
        waiting = [user for user in users if user.role == Role.ADMIN and user.active]
        if not waiting:
            self.create(self._free_name(), Role.ADMIN, "", by="hotspring")
            return self.first_link()
        return self.link(waiting[0].name, by="hotspring")[0]

    def check_name(self, name: str) -> None:
        """Raise where nobody may have this name."""
        if not NAME.fullmatch(name) or name_key(name) in RESERVED:
            raise BadRequest(
                "a name has 1 to 64 letters, digits or any of . _ @ + - and starts with a letter "
                f"or digit; {' and '.join(RESERVED)} is taken by this machine"
            )
        # What is on record must not leave open who it was.
        if any(name_key(token.name) == name_key(name) for token in self._operations.tokens()):
            raise Conflict(f"a token is named {name!r}; take another name")

    def _free_name(self) -> str:
        tokens = {token.name for token in self._operations.tokens()}
        return next(
            name
            for n in range(1, 10_000)
            if (name := f"{FIRST}-{n}" if n > 1 else FIRST) not in tokens
        )


def name_key(name: str) -> str:
    """A name as it is compared: `Ann`, `ann` and `ＡＮＮ` are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _check_role(role: str) -> None:
    if role not in list(Role):
        raise BadRequest(f"role {role!r} is not one of {', '.join(Role)}")


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise BadRequest("a language is zh or en, or empty for that of the browser")
