"""Dear figures: as fresh as they are cheap, and never of another time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hotspring.pool import reread
from hotspring.pool.reread import SHARE, Reread


def test_what_took_long_is_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    seconds = iter([5.0, 5.05, 6.0, 6.05, 7.0, 7.05, 9.0, 9.05])
    monkeypatch.setattr(reread, "time", SimpleNamespace(monotonic=lambda: next(seconds)))

    def slowly(now: int) -> int:
        read.append(now)
        return now

    kept = Reread(slowly)
    assert kept.at(1_000) == 1_000
    assert kept.at(1_000 + round(50 / SHARE) - 1) == 1_000
    assert kept.at(1_000 + round(50 / SHARE)) == 2_000
    assert kept.at(60_000) == 60_000
    # A clock that was set back.
    assert kept.at(2_000) == 2_000
    assert read == [1_000, 2_000, 60_000, 2_000]
