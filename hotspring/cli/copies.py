"""`backup` and `restore`: a pool made safe, and brought back."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import jobs, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import FolderError
from hotspring.settings import data_folder

PATH = "/api/backups"


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
    with connected(data_folder(data)) as client, jobs.bar("copying", as_json) as tell:
        asked = client.post(PATH, {"target": str(target.absolute()), "keep": keep})
        job = jobs.followed(client, PATH, asked, tell)
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
    with jobs.bar("restoring", as_json) as tell:
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
    with jobs.bar("reading", as_json) as tell:
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


def _part(tell: jobs.Tell, number: int, count: int, share: float) -> None:
    tell((number + share) / count)


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
