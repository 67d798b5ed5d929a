"""The records of those who sign in: members, their recovery codes, their sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hotspring.errors import Conflict, NotFound
from hotspring.store.records import Session, User
from hotspring.store.schema import RECOVERY_CODES, SESSIONS, USERS

Read = Callable[[sa.Select[Any]], list[dict[str, Any]]]
Write = Callable[..., AbstractContextManager[sa.Connection]]

ADMIN = sa.and_(USERS.c.role == "admin", USERS.c.active, USERS.c.password_hash.is_not(None))
"""Those who can sign in and let others in."""


class Members:
    """Part of the operational records: who signs in, and where they are signed in. Thread-safe."""

    def __init__(self, read: Read, write: Write) -> None:
        self._read = read
        self._write = write

    def add(self, *, name: str, name_key: str, role: str, language: str, created_ms: int) -> User:
        """Add a member without a password; `Conflict` where the name is taken."""
        row = USERS.insert().values(
            name=name, name_key=name_key, role=role, language=language, active=True,
            factor_on=False, factor_step=0, created_ms=created_ms,
        )  # fmt: skip
        try:
            with self._write() as connection:
                return User(**connection.execute(row.returning(*USERS.c)).one()._mapping)
        except IntegrityError as error:
            raise Conflict(f"a member named {name!r} is there already") from error

    def all(self) -> list[User]:
        return [User(**row) for row in self._read(USERS.select().order_by(USERS.c.name_key))]

    def by(self, column: str, value: Any) -> User | None:
        """The member whose `id`, `name_key` or `link_hash` is this."""
        found = self._read(USERS.select().where(USERS.c[column] == value))
        return User(**found[0]) if found else None

    def administrators(self) -> int:
        """How many could sign in and let others in?"""
        return len(self._read(sa.select(USERS.c.id).where(ADMIN)))

    def change(
        self, user: User, *, ends_sessions: bool = False, but: int | None = None, **values: Any
    ) -> User:
        """Set columns of a member as it was read; with `ends_sessions` all end with it, `but` one.

        `NotFound` where it is gone, or its link or password are not those of `user` any more;
        `Conflict` where the name is taken or no administrator would be left.
        """
        same = [USERS.c.id == user.id, USERS.c.link_hash.is_not_distinct_from(user.link_hash),
                USERS.c.password_hash.is_not_distinct_from(user.password_hash)]  # fmt: skip
        change = USERS.update().where(*same).values(**values).returning(*USERS.c)
        try:
            with self._write() as connection:
                before = _administrators(connection)
                found = connection.execute(change).one_or_none()
                if found is None:
                    raise NotFound(f"the member {user.name!r} has changed meanwhile; try again")
                _some_administrator(connection, before)
                if ends_sessions:
                    ending = SESSIONS.delete().where(SESSIONS.c.user_id == user.id)
                    if but is not None:
                        ending = ending.where(SESSIONS.c.id != but)
                    connection.execute(ending)
        except IntegrityError as error:
            raise Conflict("another member has this name") from error
        return User(**found._mapping)

    def remove(self, user: User) -> None:
        """Delete a member with all that is theirs; `Conflict` for the last administrator."""
        with self._write() as connection:
            before = _administrators(connection)
            connection.execute(USERS.delete().where(USERS.c.id == user.id))
            _some_administrator(connection, before)

    # The second factor

    def use_step(self, user: User, step: int) -> bool:
        """Take a time step for used; False where it, or a later one, was used before."""
        later = USERS.update().where(USERS.c.id == user.id, USERS.c.factor_step < step)
        with self._write() as connection:
            return bool(connection.execute(later.values(factor_step=step)).rowcount)

    def set_codes(self, user: User, hashes: Iterable[str]) -> None:
        """Put these recovery codes in the place of those that were there."""
        rows = [{"user_id": user.id, "code_hash": one} for one in hashes]
        with self._write() as connection:
            connection.execute(RECOVERY_CODES.delete().where(_of(RECOVERY_CODES, user)))
            if rows:
                connection.execute(RECOVERY_CODES.insert(), rows)

    def use_code(self, user: User, code_hash: str) -> bool:
        """Take a recovery code out; False where there is no such code."""
        code = RECOVERY_CODES.c.code_hash == code_hash
        with self._write() as connection:
            gone = connection.execute(
                RECOVERY_CODES.delete().where(_of(RECOVERY_CODES, user), code)
            )
            return bool(gone.rowcount)

    def codes_left(self, user: User) -> int:
        return len(self._read(RECOVERY_CODES.select().where(_of(RECOVERY_CODES, user))))

    # Sessions

    def add_session(self, user: User, token_hash: str, device: str, ms: int) -> Session:
        """Sign a member in as it was read; `Conflict` where it was changed or shut out since."""
        same = [USERS.c.id == user.id, USERS.c.active, USERS.c.role == user.role,
                USERS.c.password_hash.is_not_distinct_from(user.password_hash)]  # fmt: skip
        row = SESSIONS.insert().values(
            user_id=user.id, token_hash=token_hash, device=device, created_ms=ms, seen_ms=ms
        )
        with self._write() as connection:
            if not connection.execute(USERS.update().where(*same).values(signed_in_ms=ms)).rowcount:
                raise Conflict("this member was changed at the same moment; sign in again")
            return Session(**connection.execute(row.returning(*SESSIONS.c)).one()._mapping)

    def session(self, token_hash: str) -> tuple[Session, User] | None:
        """Which session has this token, and whose is it?"""
        found = self._read(SESSIONS.select().where(SESSIONS.c.token_hash == token_hash))
        if not found:
            return None
        session = Session(**found[0])
        user = self.by("id", session.user_id)
        return None if user is None else (session, user)

    def sessions(self, user: User) -> list[Session]:
        """Where is this member signed in? The latest seen first."""
        order = (SESSIONS.c.seen_ms.desc(), SESSIONS.c.id.desc())
        rows = self._read(SESSIONS.select().where(_of(SESSIONS, user)).order_by(*order))
        return [Session(**row) for row in rows]

    def seen(self, session: Session, ms: int) -> None:
        with self._write(light=True) as connection:
            connection.execute(
                SESSIONS.update().where(SESSIONS.c.id == session.id).values(seen_ms=ms)
            )

    def renew(self, session: Session, token_hash: str) -> Session:
        """Give a session another token; `NotFound` where it has ended."""
        change = SESSIONS.update().where(SESSIONS.c.id == session.id).values(token_hash=token_hash)
        with self._write() as connection:
            found = connection.execute(change.returning(*SESSIONS.c)).one_or_none()
        if found is None:
            raise NotFound("this session has ended; sign in again")
        return Session(**found._mapping)

    def end(self, sessions: Sequence[int]) -> None:
        with self._write() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.id.in_(sessions)))

    def end_expired(self, created_ms: int, seen_ms: int) -> None:
        """Delete the sessions that began, or were last seen, before these moments."""
        old = sa.or_(SESSIONS.c.created_ms <= created_ms, SESSIONS.c.seen_ms <= seen_ms)
        with self._write(light=True) as connection:
            connection.execute(SESSIONS.delete().where(old))

    def end_all(self) -> None:
        """Delete all sessions and all links: what was open elsewhere is not open here."""
        with self._write() as connection:
            connection.execute(SESSIONS.delete())
            connection.execute(USERS.update().values(link_hash=None, link_until_ms=None))


def _of(table: sa.Table, user: User) -> sa.ColumnElement[bool]:
    return table.c.user_id == user.id


def _administrators(connection: sa.Connection) -> int:
    return connection.execute(
        sa.select(sa.func.count()).select_from(USERS).where(ADMIN)
    ).scalar_one()


def _some_administrator(connection: sa.Connection, before: int) -> None:
    if before and not _administrators(connection):
        raise Conflict(
            "this is the last administrator who can sign in; make another member one first"
        )
