"""`bots`: what is machine traffic, said after the fact."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder

bots = typer.Typer(no_args_is_help=True, help="Machine traffic: flagged later, and taken back.")

Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="TARGET", help="KIND:VALUE, or the public id of a profile; several."),
]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="SOURCE:MESSAGE_ID", help="One event; may come several times."),
]
Reason = Annotated[str, typer.Option(help="Why; stands beside the flag.")]


@bots.command("list")
def list_flags(
    count: Annotated[int, typer.Option("-n", min=1, max=1_000, help="How many.")] = 50,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The flags that stand, the latest first."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/bots", limit=count)["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.moment(row["at"]),
            show.plain(row["identifier"]),
            show.plain(row["event"]["message_id"] if row["event"] else "all events"),
            row["verdict"],
            row["cause"],
            show.plain(row["reason"]),
        )
        for row in found
    ]
    if not rows:
        show.console().print("Nothing is flagged.")
        return
    columns = ("when", "subject", "event", "verdict", "by", "reason")
    show.console().print(show.listing(columns, rows))


@bots.command("flag")
def flag(
    targets: Targets = None,
    event: Events = None,
    human: Annotated[
        bool, typer.Option("--human", help="Not a machine after all, whatever the door saw.")
    ] = False,
    reason: Reason = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say that something is a machine's; its heat goes at once."""
    verdict = "human" if human else "machine"
    _decide("flag", targets, event, {"reason": reason, "verdict": verdict}, data, as_json)


@bots.command("unflag")
def unflag(
    targets: Targets = None,
    event: Events = None,
    reason: Reason = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take flags back; the heat returns."""
    _decide("unflag", targets, event, {"reason": reason}, data, as_json)


def _decide(
    action: str,
    targets: list[str] | None,
    events: list[str] | None,
    more: dict[str, Any],
    data: Data,
    as_json: bool,
) -> None:
    body = {"profiles": targets or [], "events": [_event(text) for text in events or []], **more}
    with connected(data_folder(data)) as client:
        done = client.post(f"/api/bots/{action}", body)
    if as_json:
        show.document(done)
        return
    many = f"{len(done['identifiers'])} identifiers, {len(done['events'])} events"
    show.console().print(f"{action}ged: {many}")


def _event(text: str) -> dict[str, str]:
    source, mark, message = text.partition(":")
    if not mark or not source or not message:
        raise typer.BadParameter("write SOURCE:MESSAGE_ID", param_hint="--event")
    return {"source": source, "message_id": message}
