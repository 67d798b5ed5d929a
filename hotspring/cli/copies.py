"""`backup` and `restore`: a pool made safe, and brought back."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from hotspring.cli import show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import FolderError
from hotspring.settings import data_folder

ENDED = ("done", "failed", "cancelled")
PAUSE = 0.05


def backup(
    target: Annotated[
        Path,
        typer.Argument(metavar="TARGET", help="Folder of backups; each backup is a folder in it."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=10_000,
            help="Keep so many backups there; else the setting backup_keep.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Make none; read those that are there and compare them with their checksums.",
        ),
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a backup of the pool while it runs."""
    if check:
        _verify(target, as_json)
        return
    with connected(data_folder(data)) as client, _shown("copying", as_json) as tell:
        job = _followed(client, {"target": str(target.absolute()), "keep": keep}, tell)
    if job["state"] != "done":
        raise FolderError(job["report"].get("error") or f"the backup was {job['state']}")
    _told(job["report"], as_json)


def restore(
    source: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", help="A backup, or a folder of backups: then the newest."),
    ],
    tombstones: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File `tombstones` of the pool that is replaced: its erasures are repeated.",
            show_default=False,
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Turn a backup into a new folder, and open it to prove that it is whole."""
    from hotspring.app import restored
    from hotspring.web import set_up_logs

    set_up_logs("warning")
    with _shown("restoring", as_json) as tell:
        report = restored(source, data_folder(data), tell, tombstones)
    _told(report, as_json)
    if not as_json:
        for finding in report["findings"]:
            show.notes().print(f"{finding['check']}: {show.plain(finding['detail'])}")


def _verify(target: Path, as_json: bool) -> None:
    """Needs no pool: what it looks at is there for the day when the pool is not."""
    from hotspring.backup import chosen, verify

    newest = chosen(target)
    found = sorted(path.parent for path in target.glob("*/backup.json")) or [newest]
    wrong = {}
    with _shown("reading", as_json) as tell:
        for number, path in enumerate(found):
            wrong[str(path)] = verify(path, functools.partial(_part, tell, number, len(found)))
    ok = not any(wrong.values())
    if as_json:
        show.document({"ok": ok, "backups": wrong})
    else:
        rows = [
            ("[red]not ok[/]" if lines else "[green]ok[/]", show.plain(path), "\n".join(lines))
            for path, lines in wrong.items()
        ]
        show.console().print(show.listing(("", "backup", "found"), rows))
    if not ok:
        raise typer.Exit(1)


def _part(tell: Callable[[float], None], number: int, count: int, share: float) -> None:
    tell((number + share) / count)


def _followed(
    client: Client, body: dict[str, Any], tell: Callable[[float], None]
) -> dict[str, Any]:
    job: dict[str, Any] = client.post("/api/backups", body)
    try:
        while job["state"] not in ENDED:
            time.sleep(PAUSE)
            job = client.get(f"/api/backups/{job['id']}")
            tell(job["progress"])
    except KeyboardInterrupt:
        client.post(f"/api/backups/{job['id']}/cancel")
        raise
    return job


@contextlib.contextmanager
def _shown(what: str, quiet: bool) -> Iterator[Callable[[float], None]]:
    """A bar that is told the share that is done."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=show.notes(),
        disable=quiet,
    )
    with progress:
        task = progress.add_task(what, total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _told(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(report)
        return
    rows = [
        (name.replace("_", " "), show.number(value))
        if isinstance(value, int | float)
        else (name, show.plain(value))
        for name, value in report.items()
        if value != []
    ]
    show.console().print(show.pairs(rows))
