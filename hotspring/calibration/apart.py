"""A calibration in a process of its own: it takes neither the lock nor the cores of the pool."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import threading
import zoneinfo
from typing import IO, Final

import msgspec
import pyarrow as pa

from hotspring import errors
from hotspring.calibration.calibrate import Question
from hotspring.calibration.first_time import Potential
from hotspring.calibration.fit import Tell
from hotspring.calibration.history import History
from hotspring.calibration.result import Calibration
from hotspring.errors import HotspringError
from hotspring.settings import environment
from hotspring.temperature import RuleSet

THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""One each: small matrices gain nothing from more, and waiting threads take the pool's cores."""
LOOK_SECONDS: Final = 0.2


class Task(msgspec.Struct):
    """What the other process is given; arrays as their bytes."""

    question: Question
    rules: RuleSet
    zone: str
    events: bytes
    profile: bytes
    known: bytes
    key: bytes
    first_time: bool = False
    """Is a score of who does it for the first time wanted, and not rules?"""


class Line(msgspec.Struct, omit_defaults=True):
    """What the other process says: how far it is, what it found, or why it could not."""

    share: float = 0.0
    result: Calibration | None = None
    potential: Potential | None = None
    error: str = ""
    kind: str = ""


def calibrate_apart(
    history: History, question: Question, force: RuleSet, zone: zoneinfo.ZoneInfo, tell: Tell
) -> Calibration:
    """What `calibrate` gives, learnt in another process; ends it when `tell` raises."""
    found = _apart(_task(history, question, force, zone), tell).result
    assert found is not None
    return found


def first_time_apart(
    history: History, question: Question, force: RuleSet, zone: zoneinfo.ZoneInfo, tell: Tell
) -> Potential:
    """What `Potential.learn` gives, in the same way."""
    task = _task(history, question, force, zone)
    found = _apart(msgspec.structs.replace(task, first_time=True), tell).potential
    assert found is not None
    return found


def _task(history: History, question: Question, force: RuleSet, zone: zoneinfo.ZoneInfo) -> Task:
    return Task(
        question, force, zone.key, _written(history.events), history.profile.tobytes(),
        history.known.tobytes(), history.key.tobytes(),
    )  # fmt: skip


def _apart(task: Task, tell: Tell) -> Line:
    command = [sys.executable, "-m", "hotspring.calibration.worker"]
    single = environment(**dict.fromkeys(THREADS, "1"))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=single
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        giving = threading.Thread(target=_give, args=(process.stdin, task), daemon=True)
        giving.start()
        try:
            return _followed(process.stdout, tell)
        finally:
            process.kill()
            giving.join()


def _give(out: IO[bytes], task: Task) -> None:
    try:
        with out:
            out.write(msgspec.msgpack.encode(task))
    except BrokenPipeError:
        # It ended early; what it said last tells why.
        return


def _followed(said: IO[bytes], tell: Tell) -> Line:
    """Reads what the process says, line by line, until it has found something."""
    share, rest = 0.0, b""
    with selectors.DefaultSelector() as selector:
        selector.register(said, selectors.EVENT_READ)
        while True:
            tell(share)
            if not selector.select(LOOK_SECONDS):
                continue
            part = os.read(said.fileno(), 1 << 16)
            if not part:
                raise HotspringError("the learning process ended before it was done; try again")
            *lines, rest = (rest + part).split(b"\n")
            for text in lines:
                line = msgspec.json.decode(text, type=Line)
                if line.result is not None or line.potential is not None:
                    return line
                if line.error:
                    raise getattr(errors, line.kind, HotspringError)(line.error)
                share = line.share


def _written(events: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, events.schema) as writer:
        writer.write_batch(events)
    return bytes(sink.getvalue())
