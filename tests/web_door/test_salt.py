"""The salt of the day: kept over a restart, gone with its day."""

from __future__ import annotations

import errno
import zoneinfo
from contextlib import AbstractContextManager
from pathlib import Path
from unittest import mock

import pytest

from hotspring import durable
from hotspring.web.salt import Salt

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
MIDNIGHT = 1_760_025_600_000
"""2025-10-10 00:00 in Shanghai."""


class Clock:
    def __init__(self, ms: int) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


def test_a_restart_counts_nobody_twice_and_midnight_begins_anew(tmp_path: Path) -> None:
    file, clock = tmp_path / "salt", Clock(MIDNIGHT - 1)
    first = Salt(file, SHANGHAI, clock).today()
    again = Salt(file, SHANGHAI, clock)
    assert again.today() == first
    assert len(first) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    clock.ms = MIDNIGHT
    second = again.today()
    assert second != first
    assert first not in file.read_bytes()
    assert Salt(file, SHANGHAI, clock).today() == second


def test_an_old_salt_goes_at_the_start(tmp_path: Path) -> None:
    file, clock = tmp_path / "salt", Clock(MIDNIGHT - 1)
    first = Salt(file, SHANGHAI, clock).today()
    clock.ms += 3 * 86_400_000
    Salt(file, SHANGHAI, clock).today()
    assert first not in file.read_bytes()


@pytest.mark.parametrize("found", [b"", b"\xc1broken", b"\x01"])
def test_a_damaged_file_is_replaced(tmp_path: Path, found: bytes) -> None:
    file = tmp_path / "salt"
    file.write_bytes(found)
    salt = Salt(file, SHANGHAI, Clock(MIDNIGHT)).today()
    assert Salt(file, SHANGHAI, Clock(MIDNIGHT)).today() == salt


def full_disk() -> AbstractContextManager[object]:
    return mock.patch.object(durable, "put", side_effect=OSError(errno.ENOSPC, "no space left"))


def test_on_a_full_disk_the_day_begins_all_the_same(tmp_path: Path) -> None:
    file, clock = tmp_path / "salt", Clock(MIDNIGHT - 1)
    salt = Salt(file, SHANGHAI, clock)
    first = salt.today()
    clock.ms = MIDNIGHT
    with full_disk():
        second = salt.today()
        salt.look()
        assert salt.today() == second != first
    assert list(tmp_path.iterdir()) == [], "the salt of a day before is gone in any case"
    salt.look()
    assert Salt(file, SHANGHAI, clock).today() == second
    salt.look()
    assert salt.today() == second


def test_who_could_not_write_takes_what_another_wrote_since(tmp_path: Path) -> None:
    file, clock = tmp_path / "salt", Clock(MIDNIGHT)
    salt = Salt(file, SHANGHAI, clock)
    with full_disk():
        mine = salt.today()
    theirs = Salt(file, SHANGHAI, clock).today()
    salt.look()
    assert salt.today() == theirs != mine


def test_what_cannot_be_read_is_no_salt(tmp_path: Path) -> None:
    (tmp_path / "salt").mkdir()
    salt = Salt(tmp_path / "salt", SHANGHAI, Clock(MIDNIGHT))
    assert salt.today() == salt.today()
