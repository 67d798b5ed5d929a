"""A thread beside the pipeline that does one job at a time."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import structlog

from hotspring.errors import StillRead

log = structlog.get_logger("hotspring.pipeline")

NICE: Final = 10


class Aside:
    """Does one job at a time; a `polite` one lets those go first who answer people."""

    def __init__(self, name: str, polite: bool = False) -> None:
        self._worker = ThreadPoolExecutor(1, name, initializer=_politely if polite else None)
        self._job: Future[None] | None = None
        self.trouble = ""
        """What went wrong in the last job, empty where it went well."""

    @property
    def busy(self) -> bool:
        """Was a job started of which `ended` did not tell yet?"""
        return self._job is not None

    def start(self, job: Callable[..., None], *parts: object) -> None:
        """Do this now."""
        self._job = self._worker.submit(job, *parts)

    def ended(self) -> bool:
        """Did the job come to its end since the last call?"""
        if self._job is None or not self._job.done():
            return False
        error = self._job.exception()
        self._job = None
        # To wait for who reads is nothing that anybody has to mend.
        waits = isinstance(error, StillRead)
        self.trouble = str(error) if error and not waits else ""
        if waits:
            log.info("keeping waits for who reads", error=str(error))
        elif error:
            log.error("keeping failed; it will be tried again", error=str(error))
        return True

    def close(self) -> None:
        """Return once the job is done."""
        self._worker.shutdown(wait=True)


def _politely() -> None:
    # Where the system knows threads of less urgency.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
