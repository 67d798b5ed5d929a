"""`plan`: which properties events should have, and what breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from hotspring import durable
from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import PlanError
from hotspring.settings import data_folder

commands = typer.Typer(
    no_args_is_help=True, help="The tracking plan: which properties events should have."
)
Since = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="Only what was received from then on.")
]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Else to stdout.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A plan as JSON.")]


@commands.command("show")
def show_plan(
    version: Annotated[
        int | None, typer.Option(min=0, help="This version; else the one in force.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The plan in force, or an earlier version."""
    path = "/api/plan" if version is None else f"/api/plan/versions/{version}"
    with connected(data_folder(data)) as client:
        plan = client.get(path)
    if as_json:
        show.document(plan)
        return
    rows = [
        (show.plain(name), one["mode"], ", ".join(map(show.plain, _properties(one["schema"]))))
        for name, one in plan["events"].items()
    ]
    out = show.console()
    out.print(f"version {plan['version']}, other events: {plan['others']}")
    out.print(show.listing(("event", "mode", "properties (* required)"), rows))


@commands.command()
def versions(data: Data = None, as_json: Json = False) -> None:
    """Every version of the plan there was."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/plan/versions")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            str(one["version"]),
            show.moment(one["at"]),
            show.plain(one["by"]),
            str(len(one["events"])),
        )
        for one in found
    ]
    show.console().print(
        show.listing(("version", "since", "by", "events"), rows, right="version events")
    )


@commands.command()
def apply(file: File, data: Data = None, as_json: Json = False) -> None:
    """Put the plan in FILE in force for what comes from now on."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        plan = client.put("/api/plan", body)
    _in_force(plan, as_json)


@commands.command()
def restore(
    version: Annotated[int, typer.Argument(min=0, help="Number of an earlier version.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put an earlier version in force again, as a new one."""
    with connected(data_folder(data)) as client:
        plan = client.post(f"/api/plan/versions/{version}/restore")
    _in_force(plan, as_json)


@commands.command()
def diff(file: File, data: Data = None, as_json: Json = False) -> None:
    """What the plan in FILE would change."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        found = client.post("/api/plan/diff", body)
    if as_json:
        show.document(found)
        return
    out = show.console()
    if found["others"]:
        out.print(f"other events: {found['others']}")
    for one in found["changes"]:
        out.print(f"{one['change']} {show.plain(one['event'])}")
        for line in one["lines"]:
            out.print(f"  {show.plain(line)}")
    if not found["changes"] and not found["others"]:
        out.print("nothing")


@commands.command()
def learn(
    since: Since = None,
    new: Annotated[
        bool, typer.Option("--new", help="Add to the plan in force what it does not name yet.")
    ] = False,
    out: Out = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Propose a plan from the events that came, for people to look through."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/plan/learn", since=since, new=new)
    _proposed(found, out, as_json)
    if not as_json:
        show.notes().print(_breaking(found["events"]))


@commands.command("import")
def import_plan(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A tracking plan, also one of Segment's.")
    ],
    out: Out = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Read another tool's plan as ours; apply it when you have looked through it."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        found = client.post("/api/plan/import", body)
    _proposed(found, out, as_json)


@commands.command("try")
def try_plan(file: File, since: Since = None, data: Data = None, as_json: Json = False) -> None:
    """How many of the events that came would break the plan in FILE."""
    body = _read(file)
    with connected(data_folder(data)) as client:
        found = client.post("/api/plan/try", body, since=since)
    if as_json:
        show.document(found)
    else:
        show.console().print(_breaking(found["events"]))


@commands.command()
def breaches(
    since: Since = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """How many events broke the plan, by source and event."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/plan/breaches", since=since)["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(one["source"]),
            show.plain(one["event"]),
            "refused" if one["mode"] == "strict" else "flagged",
            show.number(one["events"]),
            show.moment(one["last"]),
        )
        for one in found
    ]
    show.console().print(
        show.listing(("source", "event", "", "events", "last"), rows, right="events")
    )


def _properties(schema: dict[str, Any]) -> list[str]:
    required = schema.get("required", [])
    return [f"{name}*" if name in required else name for name in schema.get("properties", {})]


def _proposed(found: dict[str, Any], out: Path | None, as_json: bool) -> None:
    if out is not None:
        body = msgspec.json.format(msgspec.json.encode(found["plan"]))
        durable.put(out, body, lasting=False)
        events = len(found["plan"]["events"])
        show.notes().print(f"{events} events written to {show.plain(str(out))}")
    if as_json:
        show.document(found)
    elif out is None:
        show.document(found["plan"])


def _breaking(events: list[dict[str, Any]]) -> Table:
    rows = [
        (
            show.plain(one["event"]),
            show.number(one["events"]),
            f"{one['breaking'] / one['looked_at']:.1%}" if one["looked_at"] else "-",
            show.plain("; ".join(one["details"])),
        )
        for one in events
    ]
    columns = ("event", "events", "would break", "how")
    return show.listing(columns, rows, right="events")


def _in_force(plan: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(plan)
    else:
        events = len(plan["events"])
        show.console().print(f"version {plan['version']} is in force, {events} events")


def _read(file: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise PlanError(f"{file} is no plan: {error}") from error
