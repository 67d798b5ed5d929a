"""A new plan reaches the door by a file, whole and soon."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hotspring.plan import Plan
from hotspring.web import plans
from hotspring.web.plans import FILE, PlanWatch, Telling

ONE = '{"events":{"A":{"schema":{"required":["x"]},"mode":"strict"}}}'


class Standing:
    """A plan as the owner knows it, and what the door followed."""

    def __init__(self) -> None:
        self.plan = (0, "{}")
        self.followed: list[tuple[int, Plan]] = []

    def __call__(self) -> tuple[int, str]:
        return self.plan

    def follow(self, plan: Plan, version: int) -> None:
        self.followed.append((version, plan))


def test_the_door_follows_each_version_once(tmp_path: Path) -> None:
    standing = Standing()
    watch = PlanWatch(tmp_path, standing.follow)
    watch.look()
    assert standing.followed == []
    telling = Telling(tmp_path, standing, settled=True)
    for version in ((0, "{}"), (1, ONE)):
        standing.plan = version
        telling.tell()
        telling.tell()
        watch.look()
        watch.look()
    assert [number for number, _ in standing.followed] == [0, 1]
    assert standing.followed[1][1].events["A"].mode == "strict"
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_server_that_is_not_caught_up_does_not_take_a_newer_plan_back(tmp_path: Path) -> None:
    standing = Standing()
    standing.plan = (4, ONE)
    Telling(tmp_path, standing, settled=False).tell()
    standing.plan = (3, "{}")
    late = Telling(tmp_path, standing, settled=False)
    late.tell()
    assert b'"version":4' in (tmp_path / FILE).read_bytes()
    standing.plan = (5, "{}")
    late.tell()
    assert b'"version":5' in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize("text", ["{", '{"version":1,"plan":{"events":3}}'])
def test_a_damaged_file_changes_nothing(tmp_path: Path, text: str) -> None:
    standing = Standing()
    (tmp_path / FILE).write_text(text)
    PlanWatch(tmp_path, standing.follow).look()
    assert standing.followed == []


def test_a_full_disk_passes(tmp_path: Path) -> None:
    standing = Standing()
    gone = tmp_path / "gone"
    telling = Telling(gone, standing, settled=True)
    telling.tell()
    gone.mkdir()
    telling.tell()
    assert (gone / FILE).exists()


def test_both_keep_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "LOOK_SECONDS", 0.01)
    standing = Standing()

    async def live() -> None:
        tasks = [
            asyncio.ensure_future(Telling(tmp_path, standing, settled=True).keep()),
            asyncio.ensure_future(PlanWatch(tmp_path, standing.follow).watch()),
        ]
        for version in (1, 2):
            standing.plan = (version, ONE)
            while not standing.followed or standing.followed[-1][0] != version:
                await asyncio.sleep(0.005)
        for task in tasks:
            task.cancel()

    asyncio.run(asyncio.wait_for(live(), 60))
