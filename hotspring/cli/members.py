"""`user`: the people who sign in."""

from __future__ import annotations

import urllib.parse
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder

users = typer.Typer(no_args_is_help=True, help="Who signs in to the pages: members.")

Name = Annotated[str, typer.Argument(help="Letters, digits and . _ @ + -.")]
Role = Annotated[str, typer.Argument(metavar="viewer|operator|analyst|admin", help="The new role.")]


@users.command("list")
def list_users(data: Data = None, as_json: Json = False) -> None:
    """The members, and whether they have come in yet."""
    with connected(data_folder(data), records_only=True) as client:
        found = client.get("/api/users")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(row["name"]),
            row["role"],
            _state(row),
            "on" if row["second_factor"] else "",
            show.moment(row["signed_in_at"]),
        )
        for row in found
    ]
    heads = ("name", "role", "", "second factor", "signed in")
    show.console().print(show.listing(heads, rows))


@users.command("create")
def create_user(
    name: Name,
    role: Annotated[
        str, typer.Option(metavar="viewer|operator|analyst|admin", help="What they may do.")
    ] = "viewer",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add a member and show the link to come in by, once."""
    with connected(data_folder(data), records_only=True, create=True) as client:
        made = client.post("/api/users", {"name": name, "role": role})
        _linked(client, made["name"], made, as_json)


@users.command("link")
def link_user(
    name: Name,
    second_factor_off: Annotated[
        bool,
        typer.Option("--second-factor-off", help="Take a lost second factor off as well."),
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a link with which a member sets a password, once, within 24 hours."""
    with connected(data_folder(data), records_only=True) as client:
        if second_factor_off:
            client.patch(_path(name), {"second_factor": False})
        _linked(client, name, client.post(f"{_path(name)}/link"), as_json)


@users.command("role")
def give_role(name: Name, role: Role, data: Data = None, as_json: Json = False) -> None:
    """Give a member another role; all their sessions end."""
    with connected(data_folder(data), records_only=True) as client:
        changed = client.patch(_path(name), {"role": role})
    if as_json:
        show.document(changed)
    else:
        show.console().print(f"{show.plain(changed['name'])} is {changed['role']} now")


@users.command("remove")
def remove_user(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Remove a member; what they did stays on record."""
    with connected(data_folder(data), records_only=True) as client:
        client.delete(_path(name))
    if as_json:
        show.document({"name": name, "removed": True})
    else:
        show.console().print(f"{show.plain(name)} is removed")


def _path(name: str) -> str:
    return f"/api/users/{urllib.parse.quote(name, safe='')}"


def _state(row: dict[str, Any]) -> str:
    if not row["active"]:
        return "shut out"
    if row["invited"]:
        return "invited" if row["link_until"] else "link is over"
    return "active"


def _linked(client: Client, name: str, made: dict[str, Any], as_json: bool) -> None:
    """A server that runs is named in the link; without one only the path can be told."""
    where = client.address or ""
    told = {"name": name, "url": where + made["path"], "link": made["link"], "until": made["until"]}
    if as_json:
        show.document(told)
        return
    show.console().print(f"{show.plain(name)}, until {show.moment(made['until'])}:")
    print(told["url"])
    remark = "It is shown this once, and works once."
    if not where:
        remark += " Put the address of the server in front once it runs."
    show.notes().print(remark, style="dim")
