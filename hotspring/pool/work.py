"""Work that takes a while: jobs of one kind, one after the other, beside everything else."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import structlog

from hotspring.errors import Conflict, HotspringError
from hotspring.pool.moments import iso

RUNNING: Final = ("queued", "running")
"""States of a job that has not come to its end."""

INTERRUPTED: Final = "the server stopped meanwhile; start it again"
"""Why a job failed that nobody wanted to end."""

T = TypeVar("T")


class Job(Protocol):
    """What every job tells of itself."""

    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def progress(self) -> float: ...
    @property
    def started_ms(self) -> int: ...
    @property
    def finished_ms(self) -> int | None: ...
    @property
    def by(self) -> str: ...


class Closes(Protocol):
    """Something that goes on until it is closed."""

    def close(self) -> None: ...


class Stopped(Exception, Generic[T]):
    """Raised by work that somebody wants to end, with what there is of its result."""

    def __init__(self, left: T | None = None) -> None:
        super().__init__()
        self.left = left


class Ended(NamedTuple, Generic[T]):
    """How a job came to its end."""

    state: str
    """`done`, `failed` or `cancelled`."""
    result: T | None = None
    """What the work gave back; of a job that was ended before, what there is of it."""
    error: str = ""
    """Why it failed."""


class Worker:
    """Runs the jobs of one kind. Which jobs there are is remembered by its owner. Thread-safe."""

    def __init__(self, kind: str, doing: str) -> None:
        """`kind` is what a job is called, such as "import", `doing` what it does, in errors."""
        self._kind = kind
        self._doing = doing
        self._log = structlog.get_logger(f"hotspring.{kind}")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=kind)
        self._lock = threading.Lock()
        self._cancelled: set[str] = set()
        self._closing = threading.Event()
        self._interrupts: dict[str, Callable[[], None]] = {}

    def add(self, job_id: str, work: Callable[[], T], end: Callable[[Ended[T]], None]) -> None:
        """Do the work when those before it have ended, then tell `end` how it went.

        What the work raises is its failure: a `HotspringError` is told as it is, of anything else
        only the kind, the rest stands in the log.
        """
        self._thread.submit(self._run, job_id, work, end)

    def cancel(self, job: Job) -> None:
        """Want this job to end: it does so at its next `check`. `Conflict` where it has ended."""
        if job.state not in RUNNING:
            raise Conflict(f"this {self._kind} is {job.state} already")
        self._cancelled.add(job.id)
        with self._lock:
            if job.id in self._interrupts:
                self._interrupts[job.id]()

    def stopped(self, job_id: str) -> bool:
        """Shall this job end before it is done?"""
        return job_id in self._cancelled or self._closing.is_set()

    def check(self, job_id: str) -> None:
        """Raises `Stopped` where the job shall end."""
        if self.stopped(job_id):
            raise Stopped

    @contextlib.contextmanager
    def interruptible(self, job_id: str, interrupt: Callable[[], None]) -> Iterator[None]:
        """Within, the wish that the job end calls `interrupt`, which makes fail what runs there."""
        with self._lock:
            self._interrupts[job_id] = interrupt
        try:
            self.check(job_id)
            yield
        except (HotspringError, Stopped):
            raise
        except Exception:
            self.check(job_id)
            raise
        finally:
            with self._lock:
                del self._interrupts[job_id]

    def close(self) -> None:
        """End the job under way and those that wait, and wait until they have."""
        self._closing.set()
        with self._lock:
            for interrupt in self._interrupts.values():
                interrupt()
        self._thread.shutdown(wait=True)

    def _run(self, job_id: str, work: Callable[[], T], end: Callable[[Ended[T]], None]) -> None:
        ended = self._done(job_id, work)
        try:
            end(ended)
        except Exception as error:
            # Its result cannot be kept; that it ended may be.
            end(self._failed(job_id, error))
        finally:
            self._cancelled.discard(job_id)

    def _done(self, job_id: str, work: Callable[[], T]) -> Ended[T]:
        try:
            return Ended("done", work())
        except Stopped as stopped:
            if job_id in self._cancelled:
                return Ended("cancelled", stopped.left)
            return Ended("failed", stopped.left, INTERRUPTED)
        except HotspringError as error:
            return Ended("failed", error=str(error))
        except Exception as error:
            return self._failed(job_id, error)

    def _failed(self, job_id: str, error: Exception) -> Ended[T]:
        self._log.error(f"{self._kind} failed", job=job_id, exc_info=error)
        return Ended("failed", error=f"{type(error).__name__} while {self._doing}")


def told(job: Job, **more: Any) -> dict[str, Any]:
    """A job as it is answered, with what is its own."""
    return {
        "id": job.id,
        "state": job.state,
        "progress": round(job.progress, 4),
        **more,
        "started_at": iso(job.started_ms),
        "finished_at": iso(job.finished_ms),
        "by": job.by,
    }
