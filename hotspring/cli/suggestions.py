"""`suggestions`: people that may be one, found, listed, accepted or refused."""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import jobs, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.cli.saving import download
from hotspring.errors import HotspringError
from hotspring.settings import data_folder

PAGE: Final = 500
RUNS: Final = "/api/suggestions/runs"

suggestions = typer.Typer(
    no_args_is_help=True, help="People that may be one: found, accepted, refused."
)
Method = Annotated[
    str | None,
    typer.Option(metavar="rules|probability", help="Only those found this way."),
]
Least = Annotated[float, typer.Option(help="Only with at least this score, 0 to 1.")]
Status = Annotated[
    str, typer.Option(metavar="open|joined|refused|apart|gone", help="Only those that stand so.")
]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a suggestion.")]


@suggestions.command("run")
def run(
    method: Annotated[
        str,
        typer.Option(metavar="rules|probability", help="By stated rules, or learnt from the pool."),
    ] = "rules",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Search the pool for people that may be one. Nothing is joined."""
    with connected(data_folder(data)) as client, jobs.bar("searching", as_json) as tell:
        done = jobs.followed(client, RUNS, client.post(RUNS, method=method), tell)
    if done["state"] != "done":
        raise HotspringError(str(done["report"].get("error") or f"the run was {done['state']}"))
    if as_json:
        show.document(done)
        return
    report = done["report"]
    rows = [
        ("people", show.number(report["people"])),
        ("suggested", show.number(report["suggested"])),
        ("left out: two accounts", show.number(report["two_accounts"])),
        ("seconds", show.number(report["seconds"])),
        *(
            (f"values of too many, {code[1:]}", show.number(count))
            for code, count in report["blocks_too_large"].items()
        ),
    ]
    show.console().print(show.pairs(rows))


@suggestions.command("list")
def list_suggestions(
    status: Status = "open",
    method: Method = None,
    least: Least = 0.0,
    count: Annotated[int, typer.Option("-n", min=1, max=200_000, help="How many.")] = 20,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The suggested merges, the likeliest first."""
    asked = {"status": status, "method": method, "least": least}
    with connected(data_folder(data)) as client:
        found = client.listed("/api/suggestions", count, PAGE, **asked)
    if as_json:
        show.document(found)
        return
    out = show.console()
    if not found:
        out.print("Nothing here: search with `hotspring suggestions run`.")
        return
    rows = [
        (
            row["id"],
            f"{row['score']:.3f}",
            show.plain(_side(row["a"])),
            show.plain(_side(row["b"])),
            "; ".join(one["en"] for one in row["evidence"]),
        )
        for row in found
    ]
    out.print(show.listing(("suggestion", "score", "one", "the other", "because"), rows, "score"))


@suggestions.command("accept")
def accept(
    suggestion: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Id of a suggestion.")
    ] = None,
    least: Annotated[
        float | None, typer.Option(min=0.5, max=1, help="All with at least this score.")
    ] = None,
    method: Method = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Join the two of a suggestion, or all above a score."""
    if (suggestion is None) == (least is None):
        raise typer.BadParameter("name one suggestion, or a score with --least", param_hint="ID")
    if suggestion is not None and (dry_run or method):
        raise typer.BadParameter("--dry-run and --method go with --least", param_hint="ID")
    with connected(data_folder(data)) as client:
        if suggestion is not None:
            done = client.post(f"{_path(suggestion)}/accept")
        else:
            done = client.post(
                "/api/suggestions/accept",
                least=least, method=method, dry_run="true" if dry_run else "false",
            )  # fmt: skip
    if as_json:
        show.document(done)
    elif suggestion is not None:
        show.console().print(f"joined by {done['command']}, which can be retracted")
    elif dry_run:
        show.console().print(f"{show.number(done['count'])} would be accepted")
    else:
        told = (
            f"{show.number(done['count'])} accepted, {show.number(done.get('joined') or 0)} joined"
        )
        show.console().print(told)


@suggestions.command("refuse")
def refuse(suggestion: Id, data: Data = None, as_json: Json = False) -> None:
    """Never suggest these two again."""
    with connected(data_folder(data)) as client:
        done = client.post(f"{_path(suggestion)}/refuse")
    if as_json:
        show.document(done)
    else:
        show.console().print(f"refused by {done['command']}, which can be retracted")


@suggestions.command("export")
def export(
    form: Annotated[str, typer.Option("--format", metavar="csv|jsonl", help="Form.")] = "csv",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Else to stdout.")
    ] = None,
    status: Status = "open",
    method: Method = None,
    least: Least = 0.0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The suggested merges as a file, for people who look at each."""
    if as_json and out is None:
        raise typer.BadParameter("with --json name a file with -o", param_hint="--json")
    asked = {"format": form, "status": status, "method": method, "least": least}
    with connected(data_folder(data)) as client:
        download(client, "/api/export/suggestions", out, as_json, **asked)


def _side(side: dict[str, Any]) -> str:
    more = side["count"] - 3
    return " ".join(side["identifiers"][:3]) + (f" (+{more})" if more > 0 else "")


def _path(suggestion: str) -> str:
    return f"/api/suggestions/{urllib.parse.quote(suggestion, safe='')}"
