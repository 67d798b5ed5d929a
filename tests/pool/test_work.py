"""Jobs that run one after the other: how they end, and how they are ended."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from structlog.testing import capture_logs

from hotspring.errors import BadRequest, Conflict
from hotspring.pool.work import INTERRUPTED, Ended, Stopped, Worker, told

SOON = 60.0


class Job(NamedTuple):
    id: str
    state: str = "running"
    progress: float = 0.123456
    started_ms: int = 0
    finished_ms: int | None = None
    by: str = "ana"


class Ends:
    """Collects how jobs ended."""

    def __init__(self) -> None:
        self.all: list[Ended[Any]] = []
        self._came = threading.Semaphore(0)

    def __call__(self, ended: Ended[Any]) -> None:
        self.all.append(ended)
        self._came.release()

    def next(self) -> Ended[Any]:
        assert self._came.acquire(timeout=SOON)
        return self.all[-1]


@pytest.fixture
def worker() -> Iterator[Worker]:
    with contextlib.closing(Worker("backup", "copying")) as opened:
        yield opened


def until_stopped(worker: Worker, begun: threading.Event, left: Any = None) -> Callable[[], Any]:
    """Work that goes on until somebody wants it to end."""

    def work() -> Any:
        begun.set()
        while not worker.stopped("a"):
            time.sleep(0.001)
        raise Stopped(left)

    return work


def raising(error: Exception) -> Callable[[], Any]:
    def work() -> Any:
        raise error

    return work


def test_work_that_is_done_tells_its_result(worker: Worker) -> None:
    ends = Ends()
    worker.add("a", lambda: {"bytes": 5}, ends)
    assert ends.next() == Ended("done", {"bytes": 5}, "")


def test_an_error_of_ours_is_told_and_a_fault_only_named(worker: Worker) -> None:
    ends = Ends()
    with capture_logs() as logs:
        worker.add("a", raising(BadRequest("no such folder")), ends)
        assert ends.next() == Ended("failed", None, "no such folder")
        assert logs == []
        worker.add("b", raising(ValueError("13800138000")), ends)
        assert ends.next() == Ended("failed", None, "ValueError while copying")
    assert [(one["event"], one["job"]) for one in logs] == [("backup failed", "b")]


def test_jobs_run_one_after_the_other(worker: Worker) -> None:
    ends, begun, order = Ends(), threading.Event(), list[str]()
    worker.add("a", until_stopped(worker, begun), ends)
    worker.add("b", lambda: order.append("b"), ends)
    assert begun.wait(SOON)
    assert order == []
    worker.cancel(Job("a"))
    assert ends.next().state
    assert ends.next().state == "done"
    assert (order, [ended.state for ended in ends.all]) == (["b"], ["cancelled", "done"])


def test_a_job_is_cancelled_with_what_there_is_of_it(worker: Worker) -> None:
    ends, begun = Ends(), threading.Event()
    worker.add("a", until_stopped(worker, begun, left={"rows": 3}), ends)
    worker.cancel(Job("a", "queued"))
    assert ends.next() == Ended("cancelled", {"rows": 3}, "")
    for state in ("done", "failed", "cancelled"):
        with pytest.raises(Conflict, match=f"this backup is {state} already"):
            worker.cancel(Job("a", state))
    # The wish goes with its job: another of the same name is not ended by it.
    worker.add("a", lambda: worker.check("a"), ends)
    assert ends.next().state == "done"


@pytest.mark.parametrize("by_closing", [False, True])
def test_what_does_not_look_is_interrupted(by_closing: bool) -> None:
    worker, ends, begun, stop = Worker("search", "matching"), Ends(), *_events(2)

    def work() -> None:
        with worker.interruptible("a", stop.set):
            begun.set()
            assert stop.wait(SOON)
            raise RuntimeError("interrupted")

    worker.add("a", work, ends)
    assert begun.wait(SOON)
    if by_closing:
        worker.close()
    else:
        worker.cancel(Job("a"))
    ended = Ended[Any]("failed", None, INTERRUPTED) if by_closing else Ended[Any]("cancelled")
    assert ends.next() == ended
    worker.close()


def test_an_interrupt_that_comes_too_early_is_not_lost(worker: Worker) -> None:
    ends, begun, go = Ends(), *_events(2)

    def work() -> None:
        begun.set()
        assert go.wait(SOON)
        with worker.interruptible("a", lambda: None):
            pytest.fail("it was cancelled before")

    worker.add("a", work, ends)
    assert begun.wait(SOON)
    worker.cancel(Job("a"))
    go.set()
    assert ends.next() == Ended("cancelled")


def test_a_fault_in_what_can_be_interrupted_stays_a_fault(worker: Worker) -> None:
    ends = Ends()

    def work() -> None:
        with worker.interruptible("a", lambda: None):
            raise KeyError

    with capture_logs():
        worker.add("a", work, ends)
        assert ends.next().error == "KeyError while copying"


def test_closing_ends_what_runs_and_what_waits() -> None:
    worker, ends, begun = Worker("backup", "copying"), Ends(), threading.Event()
    worker.add("a", until_stopped(worker, begun), ends)
    worker.add("b", lambda: worker.check("b"), ends)
    worker.close()
    assert ends.all == [Ended("failed", None, INTERRUPTED)] * 2


def test_a_result_that_cannot_be_kept_is_a_failure(worker: Worker) -> None:
    ends = Ends()

    def end(ended: Ended[Any]) -> None:
        if ended.state == "done":
            raise OSError("disk full")
        ends(ended)

    with capture_logs() as logs:
        worker.add("a", lambda: 5, end)
        assert ends.next() == Ended("failed", None, "OSError while copying")
    assert len(logs) == 1


def test_a_job_is_told_with_what_is_its_own() -> None:
    assert told(Job("a"), target="/safe") == {
        "id": "a", "state": "running", "progress": 0.1235, "target": "/safe",
        "started_at": "1970-01-01T00:00:00.000Z", "finished_at": None, "by": "ana",
    }  # fmt: skip


def _events(count: int) -> list[threading.Event]:
    return [threading.Event() for _ in range(count)]
