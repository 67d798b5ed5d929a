"""`import`: a file into the pool, with its progress, its mapping and its report."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring import durable
from hotspring.cli import jobs, show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.cli.saving import save
from hotspring.errors import ImportRefused
from hotspring.settings import FILE as SETTINGS
from hotspring.settings import data_folder

CHUNK = 1 << 20
PATH = "/api/imports"
WITHOUT = {
    "amount": "No column tells the money of an order: revenue is 0, what was paid warms nobody. "
    "Where there is one, name it: --map total=COLUMN",
    "place": "No column tells where people are: the map will not show them. "
    "Where there is one, name it: --map city=COLUMN (or province, adcode, longitude and latitude)",
}
SHAPE = ("rows", "events", "profiles", "duplicate_rows", "rejected", "revenue", "seconds")


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV, Excel, Parquet, JSON Lines; also gzipped.")],
    preset: Annotated[
        str, typer.Option(metavar="orders|events|profiles", help="What the rows are.")
    ],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN,...", help="Corrects the guessed columns."),
    ] = None,
    tz: Annotated[str, typer.Option(help="Zone of times without one; else the pool's.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report only.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write rejected rows with their reason.")
    ] = None,
    source: Annotated[str, typer.Option(metavar="NAME", help="Source of the events.")] = "import",
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; else the first.")] = "",
    drop_duplicates: Annotated[
        bool, typer.Option("--drop-duplicates", help="Leave out exact repeats of a row.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import a file. The same file again changes nothing."""
    if not file.is_file():
        raise ImportRefused(f"there is no file {file}")
    options = {
        "preset": preset,
        "name": file.name,
        "map": ",".join(mapping or []),
        "tz": tz,
        "dry_run": dry_run,
        "source": source,
        "sheet": sheet,
        "drop_duplicates": drop_duplicates,
    }
    with _folder(data_folder(data), dry_run) as folder, connected(folder, create=True) as client:
        job = _run(client, file, options, quiet=as_json)
        if job["state"] != "done":
            reason = job["report"].get("error") or f"the import was {job['state']}"
            raise ImportRefused(str(reason))
        if rejects is not None:
            _save_rejects(client, job, rejects)
    if as_json:
        show.document(job["report"])
    else:
        _report(job["report"], rejects)


@contextlib.contextmanager
def _folder(named: Path, dry_run: bool) -> Iterator[Path]:
    """The folder to open: a trial before there is any pool must not leave one behind."""
    if not dry_run or (named / "operations.db").exists():
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="hotspring-") as place:
        if (named / SETTINGS).exists():
            shutil.copy(named / SETTINGS, place)
        yield Path(place)


def _run(client: Client, file: Path, options: dict[str, Any], quiet: bool) -> dict[str, Any]:
    with jobs.bars(quiet) as progress:
        sending = progress.add_task("sending", total=file.stat().st_size)

        def body() -> Iterator[bytes]:
            with file.open("rb") as opened:
                while part := opened.read(CHUNK):
                    progress.advance(sending, len(part))
                    yield part

        job: dict[str, Any] = client.upload(PATH, body(), **options)
        reading = progress.add_task("importing", total=1.0)

        def tell(share: float) -> None:
            progress.update(reading, completed=share)

        return jobs.followed(client, PATH, job, tell)


def _save_rejects(client: Client, job: dict[str, Any], file: Path) -> None:
    if job["report"].get("rejected"):
        save(client, f"{PATH}/{job['id']}/rejects", file)
    else:
        durable.put(file, b"", lasting=False)


def _report(report: dict[str, Any], rejects: Path | None) -> None:
    out = show.console()
    if report.get("columns"):
        columns = [_quality(column) for column in report["columns"]]
        out.print(show.listing(("column", "is", "quality"), columns))
    rows = [
        (name.replace("_", " "), show.number(report[name]))
        for name in SHAPE
        if isinstance(report.get(name), int | float)
    ]
    out.print(show.pairs(rows))
    refused = report.get("rejected") or {}
    if refused:
        counts = [
            (show.plain(reason.replace("_", " ")), show.number(count))
            for reason, count in refused.items()
        ]
        out.print(show.listing(("rejected because", "rows"), counts, right="rows"))
    for missed in report.get("without") or []:
        out.print(WITHOUT[missed], style="yellow")
    if report.get("dry_run"):
        out.print("Nothing was changed: this was a dry run.", style="dim")
    if rejects is not None:
        out.print(f"rejected rows: {show.plain(str(rejects))}", style="dim")


def _quality(column: dict[str, Any]) -> tuple[str, str, str]:
    flaws = [
        f"{show.number(column[flaw])} {flaw.replace('_', ' ')}"
        for flaw in ("missing", "invalid", "out_of_range", "outliers", "future")
        if column.get(flaw)
    ]
    is_what = column.get("field") or "not used"
    return show.plain(column["column"]), show.plain(is_what), ", ".join(flaws)
