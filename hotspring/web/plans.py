"""The tracking plan on its way to the door: the owner writes it to a file, the door looks there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog

from hotspring import durable
from hotspring.errors import PlanError
from hotspring.plan import Plan

FILE: Final = "plan.json"
LOOK_SECONDS: Final = 0.5

_log = structlog.get_logger("hotspring.plans")


class _Told(msgspec.Struct, frozen=True):
    version: int
    plan: msgspec.Raw


class Telling:
    """Writes the plan in force where the door finds it, whole or not at all."""

    def __init__(self, folder: Path, plan: Callable[[], tuple[int, str]], settled: bool) -> None:
        """`settled` is whether `plan` is up to date by now; until it is, an older file stays."""
        self._folder = folder
        self._plan = plan
        self._told = plan() if not settled and (folder / FILE).exists() else None

    def tell(self) -> None:
        """Write the plan if it is another than the one written last."""
        plan = self._plan()
        if plan != self._told:
            # A full disk passes; until then the door goes on with the plan it has.
            with contextlib.suppress(OSError):
                _write(self._folder, *plan)
                self._told = plan

    async def keep(self) -> None:
        """Keep telling. Runs until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.tell()


class PlanWatch:
    """Hands each new plan to whoever judges."""

    def __init__(self, folder: Path, follow: Callable[[Plan, int], None]) -> None:
        self._file = folder / FILE
        self._follow = follow
        self._seen: tuple[int, int] = (0, 0)

    def look(self) -> None:
        """Follow what is written there now, if it is new."""
        try:
            state = self._file.stat()
            seen = (state.st_mtime_ns, state.st_ino)
            if seen == self._seen:
                return
            self._seen = seen
            told = msgspec.json.decode(self._file.read_bytes(), type=_Told)
            self._follow(Plan.from_json(bytes(told.plan)), told.version)
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError, PlanError) as error:
            _log.error("plan_unusable", error=type(error).__name__)

    async def watch(self) -> None:
        """Keep looking. Runs until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await asyncio.to_thread(self.look)


def _write(folder: Path, version: int, text: str) -> None:
    told = msgspec.json.encode(_Told(version, msgspec.Raw(text.encode())))
    durable.put(folder / FILE, told, lasting=False)
