"""People who sign in: members, passwords, second factors, sessions, one-time links."""

from hotspring.accounts.accounts import Accounts
from hotspring.accounts.members import Members
from hotspring.accounts.passwords import Passwords
from hotspring.accounts.sessions import Signed

__all__ = ["Accounts", "Members", "Passwords", "Signed"]
