"""Bodies may be taken out of records; the records stay, and nothing of the old bytes does."""

from __future__ import annotations

import random
from pathlib import Path

from hotspring.journal import Entry, Journal, Record

SECRET = b"secret-of-lin-7001"


def noise(n: int) -> bytes:
    """What no compression makes small or hides."""
    return random.Random(n).randbytes(9_000)


def test_records_keep_their_numbers_and_the_old_bytes_are_gone(tmp_path: Path) -> None:
    with Journal(tmp_path, roll_bytes=64 << 10) as journal:
        rows = [Record(1, n, SECRET + noise(n), n) for n in range(30)]
        for row in rows:
            journal.append([row])
        before = {entry.seq: entry for entry in journal.read(0, 1 << 30)}
        on_disk = b"".join(file.read_bytes() for file in sorted((tmp_path / "journal").iterdir()))
        assert on_disk.count(SECRET) >= 30

        def change(entry: Entry) -> bytes | None:
            return noise(entry.seq) if entry.seq % 3 == 0 else None

        assert journal.rewrite(change, only={3, 6}) == 2
        assert journal.rewrite(change) == 10
        assert journal.append([Record(1, 99, b"more")]) == [31]
        after = {entry.seq: entry for entry in journal.read(0, 1 << 30)}
        assert sorted(after) == list(range(1, 32))
        for seq, entry in before.items():
            if seq % 3:
                assert after[seq] == entry
            else:
                assert (after[seq].body, after[seq].at_ms) == (noise(seq), entry.at_ms)
        assert journal.check() == []
        on_disk = b"".join(file.read_bytes() for file in sorted((tmp_path / "journal").iterdir()))
        assert on_disk.count(SECRET) == 20
        assert not any(before[seq].body[64:128] in on_disk for seq in range(3, 31, 3))
