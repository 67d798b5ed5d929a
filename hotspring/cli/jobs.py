"""Work of the server that takes a while: followed with a bar, ended with Ctrl-C."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from hotspring.cli import show
from hotspring.cli.client import Client

RUNNING: Final = ("queued", "running")
FIRST_LOOK, LONGEST_LOOK = 0.02, 0.5
"""Seconds between two looks: soon at first, for what takes no time."""

Tell = Callable[[float], None]
"""Is told which share is done, 0 to 1."""


def bars(quiet: bool) -> Progress:
    """Bars for people, beside what goes to a program."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=show.notes(),
        disable=quiet,
    )


@contextlib.contextmanager
def bar(what: str, quiet: bool) -> Iterator[Tell]:
    """One bar."""
    with bars(quiet) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda share: progress.update(task, completed=share)


def followed(client: Client, path: str, job: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """A job of the collection `path` as it is at its end. Ctrl-C ends it there, too."""
    pause = FIRST_LOOK
    try:
        while job["state"] in RUNNING:
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_LOOK)
            job = client.get(f"{path}/{job['id']}")
            tell(job["progress"])
    except KeyboardInterrupt:
        client.post(f"{path}/{job['id']}/cancel")
        raise
    return job
