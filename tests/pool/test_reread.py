"""Dear figures: as fresh as they are cheap, and never of another time."""

from __future__ import annotations

import time

from hotspring.pool.reread import SHARE, Reread


def test_what_took_long_is_kept_for_long() -> None:
    read = []

    def slowly(now: int) -> int:
        read.append(now)
        time.sleep(0.05)
        return now

    kept = Reread(slowly)
    assert kept.at(1_000) == 1_000
    assert kept.at(1_000 + round(50 / SHARE) - 1) == 1_000
    assert kept.at(60_000) == 60_000
    # A clock that was set back.
    assert kept.at(2_000) == 2_000
    assert read == [1_000, 60_000, 2_000]
