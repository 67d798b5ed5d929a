"""Accounts of a folder, with a clock that is set and passwords that are hashed fast."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hotspring.accounts import Accounts, Passwords, Signed
from hotspring.privacy import Audit
from hotspring.settings import Settings
from hotspring.store import Operations

START = 1_772_323_200_000
FAST = Passwords(memory_kib=8, passes=1)
PASSWORD = "tea at noon, twice"


@dataclass
class House:
    """One folder and those who sign in to it."""

    operations: Operations
    settings: Settings = field(default_factory=Settings)
    ms: int = START
    passwords: Passwords = FAST

    def __post_init__(self) -> None:
        audit = Audit(self.operations, lambda: self.ms)
        self.accounts = Accounts(
            self.operations, audit, self.settings, lambda: self.ms, self.passwords
        )

    def member(self, name: str, role: str = "viewer", password: str = PASSWORD) -> Signed:
        """A member who came in by a link."""
        members = self.accounts.members
        members.create(name, role, "", by="local")
        return self.welcome(members.link(name, by="local")[0], password)

    def welcome(
        self, link: str, password: str = PASSWORD, name: str = "", code: str = ""
    ) -> Signed:
        return self.accounts.entrance.welcome(
            link, name, password, code, address="203.0.113.7", device=""
        )

    def sign_in(
        self, name: str, password: str = PASSWORD, code: str = "", address: str = "203.0.113.7"
    ) -> Signed:
        return self.accounts.entrance.sign_in(
            name, password, code, address=address, device="Firefox"
        )

    def lines(self, *actions: str) -> list[tuple[str, str, str]]:
        """The audit log from its beginning: who, what, on whom."""
        told = [(e.actor, e.action, e.subject) for e in self.operations.audit(1000)][::-1]
        return [line for line in told if not actions or line[1] in actions]


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    Operations(folder).close()
    return folder


@contextlib.contextmanager
def housed(empty: Path, folder: Path) -> Iterator[House]:
    """A house in a new folder, without the time that making its records anew takes."""
    shutil.copytree(empty, folder, dirs_exist_ok=True)
    with contextlib.closing(Operations(folder)) as operations:
        yield House(operations)


@pytest.fixture
def house(empty_records: Path, tmp_path: Path) -> Iterator[House]:
    with housed(empty_records, tmp_path) as house:
        yield house
