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


@bots.command("scan")
def scan(
    days: Annotated[float, typer.Option(min=0.01, max=366, help="How far back, in days.")] = 7,
    apply: Annotated[
        bool, typer.Option("--apply", help="Flag the clicks of likely mail scanners.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Who looks like a machine: mail scanners by their clicks, robots by their pace."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/bots/suspects", days=days)["items"]
        done = client.post("/api/bots/suspects/flag", days=days) if apply else None
    if as_json:
        show.document({"suspects": found, "flagged": done})
        return
    out = show.console()
    rows = [
        (
            row["kind"].replace("_", " "),
            show.plain(row["identifier"]),
            f"{row['score']:.2f}",
            "yes" if row["flaggable"] else "no",
            show.plain(", ".join(f"{name} {value}" for name, value in row["evidence"].items())),
        )
        for row in found
    ]
    if not rows:
        out.print("Nobody looks like a machine.")
    else:
        columns = ("suspect", "subject", "score", "likely", "why")
        out.print(show.listing(columns, rows, right="score"))
    if done:
        out.print(f"flagged: {done['events']} events")


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
