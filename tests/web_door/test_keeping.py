"""Small requests that come together share a record of the journal, and nothing else."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotspring.errors import JournalUnavailable
from hotspring.journal import Record
from tests.web_door.conftest import Lines, Stand, standing, track

OFTEN = 24
"""Requests that come in one turn of the event loop."""


async def singles(door: Stand, events: Sequence[dict[str, Any]]) -> list[Any]:
    return list(await asyncio.gather(*(door.batch(event) for event in events)))


def test_single_events_that_come_together_are_one_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with standing(tmp_path) as door:
            names = [f"m{n}" for n in range(OFTEN)]
            answers = await singles(door, [track(name) for name in names])
            assert [answer.json()["accepted"] for answer in answers] == [1] * OFTEN
            kept = door.kept()
            assert len(kept) == 1
            assert sorted(event.message_id for one in kept for event in one.events) == sorted(names)

    asyncio.run(story())


def test_a_journal_that_cannot_write_is_503_to_all_of_them_and_they_may_come_again(
    tmp_path: Path,
) -> None:
    full = True

    def write(records: Sequence[Record]) -> list[int]:
        if full:
            raise JournalUnavailable("the disk is full")
        return list(range(1, len(records) + 1))

    async def story() -> None:
        nonlocal full
        events = [track(f"m{n}") for n in range(OFTEN)]
        async with standing(tmp_path, disk=Lines(write)) as door:
            answers = await singles(door, events)
            assert {answer.status_code for answer in answers} == {503}
            assert {answer.headers["retry-after"] for answer in answers} == {"5"}
            full = False
            again = await singles(door, events)
            assert [answer.json()["duplicates"] for answer in again] == [0] * OFTEN

    asyncio.run(story())


SENT = st.tuples(st.integers(0, 5), st.sampled_from(["a", "b"]), st.booleans())
"""Which id, which content, and whether its time can be read."""


@given(st.lists(SENT, min_size=1, max_size=OFTEN))
@example([(0, "a", True), (0, "a", True), (0, "b", True), (1, "a", False), (0, "a", True)])
@settings(deadline=None, max_examples=40)
def test_each_request_has_the_answer_it_would_have_alone(sent: list[tuple[int, str, bool]]) -> None:
    """Together they are answered as one after the other, in the order they are kept in."""
    events = [
        track(f"m{number}", properties={"of": content}, **({} if good else {"timestamp": "?"}))
        for number, content, good in sent
    ]

    async def story(folder: Path) -> None:
        async with standing(folder) as door:
            answers = await singles(door, events)
            kept = [event for one in door.kept() for event in one.events]
            fit = [one for one in sent if one[2]]
            contents = {(number, content) for number, content, _ in fit}
            accepted = sum(answer.json()["accepted"] for answer in answers)
            repeats = sum(answer.json()["duplicates"] for answer in answers)
            reasons = [one["reason"] for answer in answers for one in answer.json()["rejected"]]
            assert len(kept) == len(fit)
            assert reasons.count("bad_timestamp") == len(sent) - len(fit)
            assert accepted + repeats + reasons.count("conflict") == len(fit)
            assert accepted == len({number for number, _ in contents})
            for answer, (number, _, good) in zip(answers, sent, strict=True):
                told = answer.json()
                assert told["accepted"] + told["duplicates"] + len(told["rejected"]) == 1
                for one in told["rejected"]:
                    assert (one["index"], one["messageId"]) == (0, f"m{number}")
                    assert (one["reason"] == "conflict") == good

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder)))
