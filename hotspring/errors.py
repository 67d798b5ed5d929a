"""What can go wrong, as exceptions whose docstring is their default message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class HotspringError(Exception):
    """Something in Hotspring went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingsError(HotspringError):
    """A setting is unknown or has a value that cannot be used."""


class PluginError(HotspringError):
    """A leaf file does not define what its folder expects."""


class FolderInUse(HotspringError):
    """Another process owns this data folder; stop it or name another folder."""


class FolderError(HotspringError):
    """The data folder cannot be opened."""


class StillRead(HotspringError):
    """Files that are to go are still being read; it goes on after that."""


class JournalUnavailable(HotspringError):
    """The journal cannot be written; nothing was accepted."""


class BadRequest(HotspringError):
    """The request cannot be understood."""


class Unusable(BadRequest):
    """This row cannot be used."""

    def __init__(self, code: str, message: str) -> None:
        """`code` is one word for programs: `name`, `place`, `repeated`, ..."""
        super().__init__(message)
        self.code = code


class WeakPassword(HotspringError):
    """This password is too easy to guess."""

    def __init__(self, code: str, message: str) -> None:
        """`code` is one word for programs: `too_short`, `too_common`, ..."""
        super().__init__(message)
        self.code = code


class Unauthorised(HotspringError):
    """No valid key or token came with the request."""


class SignInRefused(Unauthorised):
    """The name or the password is wrong."""

    def __init__(self, code: str, message: str) -> None:
        """`code` is one word for programs: `wrong_password`, `code_needed`, ..."""
        super().__init__(message)
        self.code = code


class NotReady(HotspringError):
    """This is being made; ask again in a moment."""


class TooManyTries(HotspringError):
    """Too many tries; wait and try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many tries; try again in {seconds} seconds")
        self.seconds = seconds


class Forbidden(HotspringError):
    """The role of this token does not allow this."""


class NotFound(HotspringError):
    """There is nothing under this name."""


class Conflict(HotspringError):
    """The change does not fit the present state."""


class Changed(Conflict):
    """It was changed since it was read; look at it again."""


class ImportRefused(HotspringError):
    """The file cannot be imported as it is."""


class RulesError(HotspringError):
    """The temperature rules are not valid."""


class RuleFault(NamedTuple):
    """One thing that is wrong with a rule."""

    place: str
    """A JSON pointer into the rule: `/and/1/behaviour/window`."""
    code: str
    """One word for programs: `unknown_name`, `wrong_type`, `window`, ..."""
    message: str


class RuleRefused(HotspringError):
    """The rule cannot be used as it is."""

    def __init__(self, faults: Sequence[RuleFault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


class ParametersRefused(RuleRefused):
    """The parameters of an analysis cannot be used as they are; places lie within them."""


class PlanError(HotspringError):
    """The tracking plan is not valid."""


class NotInstalled(HotspringError):
    """This needs an optional part that is not installed."""


class HistoryTooThin(HotspringError):
    """There is not enough history to learn from."""
