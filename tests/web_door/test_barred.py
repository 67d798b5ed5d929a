"""Who was erased is turned away at the door, and nothing of them is written."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pyarrow as pa

from hotspring import tombstones
from hotspring.keys import fingerprints
from tests.web_door.conftest import standing, track

KEY = b"k" * 16


def bury(folder: Path, *identifiers: str) -> None:
    (folder / "pool.key").write_bytes(KEY)
    tombstones.write(folder, fingerprints(pa.array(identifiers), KEY).tolist())


def test_who_was_erased_is_turned_away_and_the_others_pass(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            lin = {"userId": "lin-secret", "properties": {"home": "Bamboo Lodge"}}
            assert (await door.batch(track("a", **lin))).json()["accepted"] == 1
            bury(tmp_path, "user_id:lin-secret", "phone:+8613800138000")
            door.clock.now += 3
            answer = await door.batch(
                track("b"),
                track("bad", timestamp="?", traits={"mobile": "138 0013 8000"}),
                track("c", **lin),
                track("also-bad", timestamp="?"),
                track("a", **lin),
                track("b"),
                {"type": "identify", "userId": "new", "traits": {"phone": "13800138000"}},
            )
            told = answer.json()
            assert (told["accepted"], told["duplicates"]) == (1, 1)
            reasons = [(row["index"], row["reason"]) for row in told["rejected"]]
            assert reasons == [
                (1, "erased"), (2, "erased"), (3, "bad_timestamp"), (4, "erased"), (6, "erased"),
            ]  # fmt: skip
            kept = door.kept()[-1]
            assert [event.message_id for event in kept.events] == ["b", "b"]
            assert [(one.index, one.reason, bool(one.body)) for one in kept.refused] == [
                (1, "erased", False), (2, "erased", False), (3, "bad_timestamp", True),
                (4, "erased", False), (6, "erased", False),
            ]  # fmt: skip
            written = door.journal.read(1)[-1].body
            assert not any(text in written for text in (b"lin-secret", b"Bamboo", b"13800138000"))
            tombstones.write(tmp_path, [])
            door.clock.now += 3
            assert (await door.batch(track("d", **lin))).json()["accepted"] == 1

    asyncio.run(story())
