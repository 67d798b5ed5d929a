"""The process of one calibration: a task comes by stdin, lines about it go to stdout."""

from __future__ import annotations

import os
import sys
import zoneinfo
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa

from hotspring.calibration.apart import Line, Task
from hotspring.calibration.calibrate import calibrate
from hotspring.calibration.first_time import Potential
from hotspring.calibration.history import History
from hotspring.errors import HotspringError

POLITE: Final = 10
"""How far the process steps back behind all others (nice)."""


def main() -> None:
    """Learn what one task asks for."""
    os.nice(POLITE)
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    history = History(
        pa.ipc.open_stream(task.events).read_next_batch(),
        np.frombuffer(task.profile, np.int32),
        np.frombuffer(task.known, np.bool_),
        np.frombuffer(task.key, np.uint64),
    )
    zone = zoneinfo.ZoneInfo(task.zone)
    try:
        if task.first_time:
            _say(Line(potential=Potential.learn(history, task.question, task.rules, _say_share)))
        else:
            _say(Line(result=calibrate(history, task.question, task.rules, zone, _say_share)))
    except HotspringError as error:
        _say(Line(error=str(error), kind=type(error).__name__))


def _say_share(share: float) -> None:
    _say(Line(share=share))


def _say(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
