"""Write keys and tokens: made once, kept as hashes, compared in constant time, taken back."""

from __future__ import annotations

import contextlib
import enum
import functools
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Final

import msgspec

from hotspring.errors import BadRequest, Conflict, FolderError, Forbidden, Unauthorised
from hotspring.privacy.audit import Audit
from hotspring.store import Operations, Source, Token

DATUMS: Final = ("wgs84", "gcj02", "bd09")
DAY_MS: Final = 86_400_000
RECHECK_MS: Final = 1_000
"""A token that was taken back elsewhere stops working within this time."""
USED_EVERY_MS: Final = 60_000
LOCAL: Final = "local"
"""The actor of commands on this machine; no token may take this name."""
NAME: Final = re.compile(r"[^\W_][\w.-]{0,63}")


class Role(enum.StrEnum):
    """What a token or a member is for; each role may all that the one before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ANALYST = "analyst"
    ADMIN = "admin"

    def may(self, permission: Permission) -> bool:
        """Is this among what the role may do?"""
        return permission in permissions(self)


class Permission(enum.StrEnum):
    """One thing that a request may need."""

    READ_POOL = "read_pool"
    """Counts, temperatures of the whole pool, its rules: nobody's own data."""
    READ_PROFILES = "read_profiles"
    """Search and open people: identifiers, traits, timelines, consent."""
    READ_IMPORTS = "read_imports"
    READ_QUARANTINE = "read_quarantine"
    """Refused events as they came: raw personal data."""
    CHANGE_QUARANTINE = "change_quarantine"
    """Mend and replay refused events, or drop them."""
    IMPORT = "import"
    EXPORT = "export"
    CHANGE_IDENTITY = "change_identity"
    """Undo and redo merges."""
    FLAG_BOTS = "flag_bots"
    """Say what is machine traffic, and take that back."""
    CHANGE_RULES = "change_rules"
    CHANGE_MAP = "change_map"
    """Trade areas and outlets."""
    CHANGE_SEGMENTS = "change_segments"
    """Save, rename and delete segments; to take one out as a file is to export."""
    ERASE = "erase"
    """Take a person out of everything, and let them come back."""
    OPERATE = "operate"
    """Rebuild and examine the folder."""
    MANAGE_ACCESS = "manage_access"
    """Sources, tokens, members and the audit log."""


_ADDED: Final = {
    Role.VIEWER: {Permission.READ_POOL},
    Role.OPERATOR: {
        Permission.READ_PROFILES,
        Permission.READ_IMPORTS,
        Permission.CHANGE_SEGMENTS,
    },
    Role.ANALYST: {
        Permission.READ_QUARANTINE,
        Permission.CHANGE_QUARANTINE,
        Permission.IMPORT,
        Permission.EXPORT,
        Permission.CHANGE_IDENTITY,
        Permission.FLAG_BOTS,
        Permission.CHANGE_RULES,
        Permission.CHANGE_MAP,
    },
    Role.ADMIN: {Permission.ERASE, Permission.OPERATE, Permission.MANAGE_ACCESS},
}


@functools.cache
def permissions(role: Role) -> frozenset[Permission]:
    """What may a token of this role do?"""
    order = list(Role)
    return frozenset().union(*(_ADDED[lower] for lower in order[: order.index(role) + 1]))


class Actor(msgspec.Struct, frozen=True):
    """Who asks: the name of the token and its role."""

    name: str
    role: Role


class Access:
    """Makes, checks and takes back the write keys and tokens of one folder. Thread-safe."""

    def __init__(
        self, operations: Operations, audit: Audit, clock: Callable[[], int], local_token: str = ""
    ) -> None:
        """`clock` gives milliseconds; `local_token` is the secret of this machine's owner."""
        self._operations = operations
        self._audit = audit
        self._clock = clock
        self._local = _digest(local_token) if local_token else ""
        self._tokens = _Recent(clock)

    def create_source(
        self, name: str, *, by: str, public: bool = False, datum: str = "wgs84", project: str = ""
    ) -> tuple[Source, str]:
        """Make a source; its write key is told here and never again."""
        _check_name(name)
        if datum not in DATUMS:
            raise BadRequest(f"datum {datum!r} is not one of {', '.join(DATUMS)}")
        key = f"wk_{secrets.token_urlsafe(32)}"
        source = self._operations.add_source(
            name=name, key_hash=_digest(key), key_prefix=key[:7], public=public, datum=datum,
            project=project, created_ms=self._clock(),
        )  # fmt: skip
        self._audit.record(by, "source.created", name, public=public, datum=datum)
        return source, key

    def sources(self) -> list[Source]:
        """Which sources are active?"""
        return self._operations.sources()

    def revoke_source(self, name: str, *, by: str) -> Source:
        """Take a write key back: events that come with it are refused from now on."""
        source = self._operations.revoke_source(name, self._clock())
        self._audit.record(by, "source.revoked", name)
        return source

    def create_token(
        self, name: str, role: str, *, by: str, days: float | None = None
    ) -> tuple[Token, str]:
        """Make a token; its text is told here and never again."""
        _check_name(name)
        if name == LOCAL:
            raise BadRequest(f"{LOCAL!r} is the name of the owner of this machine")
        if role not in list(Role):
            raise BadRequest(f"role {role!r} is not one of {', '.join(Role)}")
        members = self._operations.members.all()
        if any(name.casefold() == one.name_key and one.password_hash for one in members):
            # What is on record must not leave open who it was.
            raise Conflict(f"a member is named {name!r}; take another name")
        if days is not None and not 0 < days <= 36_500:
            raise BadRequest("a token ends after more than 0 and at most 36500 days")
        text = f"hs_{secrets.token_urlsafe(32)}"
        now = self._clock()
        token = self._operations.add_token(
            name=name, role=role, token_hash=_digest(text), prefix=text[:7], created_ms=now,
            expires_ms=None if days is None else now + int(days * DAY_MS),
        )  # fmt: skip
        self._audit.record(by, "token.created", name, role=role)
        return token, text

    def tokens(self) -> list[Token]:
        """Which tokens are active?"""
        return self._operations.tokens()

    def revoke_token(self, name: str, *, by: str) -> Token:
        """Take a token back."""
        token = self._operations.revoke_token(name, self._clock())
        self._tokens.forget()
        self._audit.record(by, "token.revoked", name)
        return token

    def known(self, token: str, permission: Permission) -> Actor | None:
        """Who is this, and may they, as far as that is known without a look at the records?

        Never waits. None where nothing is known, which only `admit` tells from a refusal.
        """
        digest = _digest(token)
        actor = self._local_actor(digest)
        if actor is None:
            found = self._tokens.kept(digest)
            if found is None or self._ended(found) or self._use_is_due(found):
                return None
            actor = Actor(found.name, Role(found.role))
        return actor if permission in permissions(actor.role) else None

    def admit(self, token: str, permission: Permission) -> Actor:
        """Who is this, and may they? Raises `Unauthorised` or `Forbidden`."""
        actor = self._actor(token)
        if actor is None:
            # Nobody gets in because the disk is full, and nobody is told so either.
            with contextlib.suppress(FolderError):
                self._audit.failed_sign_in("unknown_token" if token else "no_token")
            raise Unauthorised("send a valid token: Authorization: Bearer hs_...")
        self.permit(actor.name, actor.role, permission)
        return actor

    def permit(self, name: str, role: Role, permission: Permission) -> None:
        """May they, who are known already? Raises `Forbidden`."""
        if permission not in permissions(role):
            self._audit.record(name, "access.denied", permission.value, role=role)
            raise Forbidden(f"the role {role} may not {permission.replace('_', ' ')}")

    def _actor(self, text: str) -> Actor | None:
        if not text:
            return None
        digest = _digest(text)
        local = self._local_actor(digest)
        if local is not None:
            return local
        token = self._tokens.get(digest, lambda: self._operations.token_by_hash(digest))
        if token is None or not hmac.compare_digest(token.token_hash, digest):
            return None
        if self._ended(token):
            return None
        if self._use_is_due(token):
            now = self._clock()
            # Reading goes on while the disk is full.
            with contextlib.suppress(FolderError):
                self._operations.token_used(token.id, now)
            self._tokens.put(digest, msgspec.structs.replace(token, last_used_ms=now))
        return Actor(token.name, Role(token.role))

    def _local_actor(self, digest: str) -> Actor | None:
        ours = self._local and hmac.compare_digest(self._local, digest)
        return Actor(LOCAL, Role.ADMIN) if ours else None

    def _ended(self, token: Token) -> bool:
        return token.expires_ms is not None and self._clock() >= token.expires_ms

    def _use_is_due(self, token: Token) -> bool:
        """Is it to be noted that this token was used?"""
        return token.last_used_ms is None or self._clock() - token.last_used_ms >= USED_EVERY_MS


class _Recent:
    """Tokens looked up less than `RECHECK_MS` ago; what is not known is looked up each time."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[int, Token]] = {}

    def kept(self, key: str) -> Token | None:
        """What was looked up a moment ago."""
        known = self._known.get(key)
        # A clock that was set back must not keep a record for ever.
        if known is not None and 0 <= self._clock() - known[0] < RECHECK_MS:
            return known[1]
        return None

    def get(self, key: str, look_up: Callable[[], Token | None]) -> Token | None:
        record = self.kept(key)
        if record is not None:
            return record
        record = look_up()
        if record is None:
            self._known.pop(key, None)
        else:
            self.put(key, record)
        return record

    def put(self, key: str, record: Token) -> None:
        self._known[key] = (self._clock(), record)

    def forget(self) -> None:
        self._known = {}


def _digest(text: str) -> str:
    # 256 random bits cannot be guessed, so a plain hash keeps them; no salt, no slow hash.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise BadRequest(
            "a name has 1 to 64 letters, digits, dots, dashes or underscores "
            "and starts with a letter or digit"
        )
