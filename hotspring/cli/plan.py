"""`plan`: which properties events should have, and what breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import PlanError
from hotspring.settings import data_folder

commands = typer.Typer(
    no_args_is_help=True, help="The tracking plan: which properties events should have."
)
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
def breaches(
    since: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="Only what was received from then on.")
    ] = None,
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
