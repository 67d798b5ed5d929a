"""All of the room wired together for one folder."""

from __future__ import annotations

from collections.abc import Callable

from hotspring.accounts.attempts import Attempts
from hotspring.accounts.entrance import Entrance
from hotspring.accounts.members import Members
from hotspring.accounts.own import Own
from hotspring.accounts.passwords import Passwords
from hotspring.accounts.sessions import Sessions
from hotspring.privacy import Audit
from hotspring.settings import Settings
from hotspring.store import Operations


class Accounts:
    """Those who sign in to one folder: its `members`, their `sessions`, the `entrance`, `own`."""

    def __init__(
        self,
        operations: Operations,
        audit: Audit,
        settings: Settings,
        clock: Callable[[], int],
        passwords: Passwords | None = None,
    ) -> None:
        """`clock` gives milliseconds since 1970 UTC."""
        passwords = passwords or Passwords()
        self.members = Members(operations, audit, clock)
        self.sessions = Sessions(
            operations, clock, settings.session_idle_hours, settings.session_days * 24
        )
        self.entrance = Entrance(
            operations, audit, clock, self.members, self.sessions, passwords, Attempts()
        )
        self.own = Own(operations, audit, clock, self.entrance, self.sessions, passwords)
