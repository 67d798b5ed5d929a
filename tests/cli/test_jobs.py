"""Jobs that are followed, lists that come in pages, answers that become files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from hotspring.cli import jobs
from hotspring.cli.client import Client
from hotspring.cli.saving import save
from hotspring.errors import HotspringError

Answer = Callable[[httpx.Request], httpx.Response]
THINGS = [{"id": number} for number in range(5)]


def asking(answer: Answer) -> Client:
    return Client(httpx.Client(base_url="http://pool", transport=httpx.MockTransport(answer)))


def unheard(share: float) -> None:
    """Nobody looks at the bar."""


class Work:
    """A job that is a tenth further at every look, and what was asked of it."""

    def __init__(self, state: str = "done") -> None:
        self.asked: list[str] = []
        self.end = state

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        share = len(self.asked) / 10
        state = self.end if share >= 1 else "running"
        return httpx.Response(200, json={"id": "j1", "state": state, "progress": share})


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_a_job_is_followed_to_its_end(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("hotspring.cli.jobs.time.sleep", pauses.append)
    work, told = Work(end), list[float]()
    job = jobs.followed(asking(work), "/api/x", {"id": "j1", "state": "queued"}, told.append)
    assert (job["state"], told[-1], len(told)) == (end, 1.0, 10)
    assert set(work.asked) == {"GET /api/x/j1"}
    assert pauses == sorted(pauses)
    assert pauses[0] == jobs.FIRST_LOOK
    assert pauses[-1] == jobs.LONGEST_LOOK


def test_what_has_ended_is_not_asked_for_again() -> None:
    work = Work()
    ended = {"id": "j1", "state": "done", "progress": 1.0}
    assert jobs.followed(asking(work), "/api/x", ended, unheard) is ended
    assert work.asked == []


def test_ctrl_c_ends_the_job_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hotspring.cli.jobs.time.sleep", interrupted)
    work = Work()
    with pytest.raises(KeyboardInterrupt):
        jobs.followed(asking(work), "/api/x", {"id": "j1", "state": "queued"}, unheard)
    assert work.asked == ["POST /api/x/j1/cancel"]


@pytest.mark.parametrize(("count", "limits"), [(3, [2, 1]), (2, [2]), (9, [2, 2, 2]), (1, [1])])
def test_a_list_is_asked_for_in_pages(count: int, limits: list[int]) -> None:
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["band"] == "hot"
        assert "source" not in request.url.params
        begin, limit = int(request.url.params.get("cursor", 0)), int(request.url.params["limit"])
        asked.append(limit)
        rows = THINGS[begin : begin + limit]
        following = str(begin + limit) if begin + limit < 5 else None
        return httpx.Response(200, json={"items": rows, "next": following})

    found = asking(answer).listed("/api/things", count, 2, band="hot", source=None)
    assert found == THINGS[:count]
    assert asked == limits


def test_a_file_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    (tmp_path / "people.csv.new").write_text("what an earlier process left")
    mask = os.umask(0)
    try:
        save(asking(lambda _: httpx.Response(200, content=b"all of them")), "/api/x", file)
    finally:
        os.umask(mask)
    assert file.read_bytes() == b"all of them"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def _broken() -> Iterator[bytes]:
    yield b"half of"
    raise httpx.ReadError("gone")


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(200, content=_broken()),
        lambda _: httpx.Response(403, json={"detail": "not for you"}),
    ],
)
def test_an_answer_that_breaks_off_leaves_the_old_file(tmp_path: Path, answer: Answer) -> None:
    file = tmp_path / "people.csv"
    file.write_text("the old ones")
    with pytest.raises(HotspringError, match=r"broke off|not for you"):
        save(asking(answer), "/api/x", file)
    assert file.read_text() == "the old ones"
    assert list(tmp_path.iterdir()) == [file]
