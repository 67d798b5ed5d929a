"""`quarantine`: what was refused; mend and replay it, drop it, take it away as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from hotspring.cli import show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.cli.saving import download
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

commands = typer.Typer(
    no_args_is_help=True, help="Refused events: read, mend and replay, drop, export."
)
PAGE: Final = 200
PORTION: Final = 1_000

Source = Annotated[str | None, typer.Option(help="Only from this source.")]
Reason = Annotated[str | None, typer.Option(help="Only refused for this reason.")]
EventName = Annotated[str | None, typer.Option("--event", help="Only events of this name.")]
Since = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="Only what was received from then on.")
]
Until = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="Only what was received before then.")
]
Ids = Annotated[list[str] | None, typer.Option("--id", help="Only this entry; may be repeated.")]
Fixes = Annotated[
    list[str] | None,
    typer.Option(
        "--fix",
        metavar="FIX",
        help="What to mend, in this order; may be repeated: 'rename_event NAME', 'rename A=B', "
        "'cast A=number', 'drop A', 'set A=VALUE', 'time received', 'type track', "
        "'identify KIND=VALUE', 'identify KIND=@PROPERTY', 'new_id'.",
    ),
]
File = Annotated[
    Path | None, typer.Option("--fixes", metavar="FILE", help="Fixes as JSON, after those.")
]
PAIRS: Final = {"rename": ("property", "to"), "cast": ("property", "to"),
                "set": ("property", "value"), "identify": ("kind", "value")}  # fmt: skip
SINGLE: Final = {"rename_event": "to", "drop": "property", "time": "to", "type": "to"}


@commands.command("list")
def list_entries(
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    status: Annotated[
        str, typer.Option(metavar="open|replayed|dropped|any", help="What became of them.")
    ] = "open",
    count: Annotated[int, typer.Option("-n", min=1, max=100_000, help="How many.")] = 20,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The refused events, the latest first."""
    asked = {"source": source, "reason": reason, "event": event, "since": since, "until": until}
    with connected(data_folder(data)) as client:
        found = client.listed("/api/quarantine", count, PAGE, **asked, status=status)
    if as_json:
        show.document(found)
        return
    rows = [
        (
            one["id"],
            show.moment(one["received_at"]),
            show.plain(one["source"]),
            show.plain(one["event"]),
            one["reason"],
            show.plain(one["detail"]),
            one["status"],
        )
        for one in found
    ]
    names = ("id", "received", "source", "event", "reason", "detail", "")
    show.console().print(show.listing(names, rows))


@commands.command()
def fix(
    fixes: Fixes = None,
    file: File = None,
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    ids: Ids = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what the fixes would make of open entries; nothing is changed."""
    select = _select(source, reason, event, since, until, ids)
    _replayed(select, _fixes(fixes, file), data, as_json, dry_run=True)


@commands.command()
def replay(
    fixes: Fixes = None,
    file: File = None,
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    ids: Ids = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Mend open entries and let in those that pass; the others stay open."""
    select = _select(source, reason, event, since, until, ids)
    _replayed(select, _fixes(fixes, file), data, as_json, dry_run=False)


@commands.command()
def drop(
    why: Annotated[str, typer.Option(help="Why; it is kept with the entries.")],
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    ids: Ids = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Close open entries for good, with a reason."""
    body = {"select": _select(source, reason, event, since, until, ids), "why": why}
    dropped, more = 0, True
    with connected(data_folder(data)) as client:
        while more:
            done = client.post("/api/quarantine/drop", body)
            dropped += done["dropped"]
            more = done["more"]
    if as_json:
        show.document({"dropped": dropped, "why": why})
    else:
        show.console().print(f"{show.number(dropped)} entries dropped")


@commands.command()
def export(
    form: Annotated[str, typer.Option("--format", metavar="csv|jsonl", help="Form.")] = "csv",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Else to stdout.")
    ] = None,
    source: Source = None,
    reason: Reason = None,
    event: EventName = None,
    since: Since = None,
    until: Until = None,
    status: Annotated[
        str, typer.Option(metavar="open|replayed|dropped|any", help="What became of them.")
    ] = "open",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Refused events as a file, the oldest first."""
    if as_json and out is None:
        raise typer.BadParameter("with --json name a file with -o", param_hint="--json")
    asked = {"source": source, "reason": reason, "event": event, "since": since, "until": until}
    asked |= {"format": form, "status": status}
    with connected(data_folder(data)) as client:
        download(client, "/api/quarantine/export", out, as_json, **asked)


def written(fix: str) -> dict[str, Any]:
    """Which fix is written here, as the API takes it? `BadRequest` where it is none."""
    do, _, rest = fix.strip().partition(" ")
    rest = rest.strip()
    if do == "new_id" and not rest:
        return {"do": do}
    if do in SINGLE and rest:
        return {"do": do, SINGLE[do]: rest}
    left, mark, right = rest.partition("=")
    if do not in PAIRS or not mark or not left:
        raise BadRequest(f"the fix {fix!r} cannot be read; see --help")
    if do == "identify" and right.startswith("@"):
        return {"do": do, "kind": left, "property": right[1:]}
    first, second = PAIRS[do]
    return {"do": do, first: left, second: _value(right) if do == "set" else right}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _fixes(fixes: list[str] | None, file: Path | None) -> list[dict[str, Any]]:
    listed = [written(fix) for fix in fixes or ()]
    if file is not None:
        try:
            listed += msgspec.json.decode(file.read_bytes(), type=list[dict[str, Any]])
        except msgspec.DecodeError as error:
            raise BadRequest(f"{file} is no list of fixes: {error}") from error
    return listed


def _select(
    source: str | None,
    reason: str | None,
    event: str | None,
    since: str | None,
    until: str | None,
    ids: list[str] | None,
) -> dict[str, Any]:
    given = {"source": source, "reason": reason, "event": event, "since": since, "until": until}
    return {**{k: v for k, v in given.items() if v is not None}, **({"ids": ids} if ids else {})}


def _replayed(
    select: dict[str, Any],
    fixes: list[dict[str, Any]],
    data: Path | None,
    as_json: bool,
    dry_run: bool,
) -> None:
    body = {"select": select, "fixes": fixes, "dry_run": dry_run, "limit": PORTION}
    with connected(data_folder(data)) as client:
        done = _all(client, body)
    if as_json:
        show.document(done)
        return
    out = show.console()
    for one in done["entries"]:
        verdict = one["verdict"]
        told = one["detail"] if one["still"] else one["event"]["name"] if one["event"] else ""
        out.print(f"{one['id']}  {one['reason']} -> {verdict}  {show.plain(told)}")
        if dry_run and one["after"] != one["before"]:
            out.print(f"  - {show.plain(one['before'])}\n  + {show.plain(one['after'])}")
    _counts("would become" if dry_run else "became", done["verdicts"])
    _counts("still refused for", done["still"])


def _all(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    """The answers to as many calls as there are portions, as one."""
    whole: dict[str, Any] = {}
    after = None
    while True:
        done = client.post("/api/quarantine/replay", {**body, "after": after})
        after = done.pop("next")
        if not whole:
            whole = done
        else:
            whole["looked_at"] += done["looked_at"]
            for name in ("verdicts", "still"):
                for word, count in done[name].items():
                    whole[name][word] = whole[name].get(word, 0) + count
        if after is None:
            return whole


def _counts(title: str, counts: dict[str, int]) -> None:
    pairs: Iterable[str] = (f"{show.number(count)} {word}" for word, count in counts.items())
    if counts:
        show.console().print(f"{title}: {', '.join(pairs)}")
