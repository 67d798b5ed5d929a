"""`source` and `token`: who may send events, who may ask."""

from __future__ import annotations

import urllib.parse
from typing import Annotated

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder

sources = typer.Typer(no_args_is_help=True, help="Where events may come from: write keys.")
tokens = typer.Typer(no_args_is_help=True, help="Who may ask and change: API tokens.")

Name = Annotated[str, typer.Argument(help="Letters, digits, dots, dashes, underscores.")]


@sources.command("create")
def create_source(
    name: Name,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="The key lies in a page or an app, where anyone can read it: "
            "phones and e-mails that come with it join no two known people.",
        ),
    ] = False,
    datum: Annotated[
        str, typer.Option(metavar="wgs84|gcj02|bd09", help="What its coordinates are stated in.")
    ] = "wgs84",
    project: Annotated[str, typer.Option(help="Sensors project that selects this source.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a source and show its write key, once."""
    body = {"name": name, "public": public, "datum": datum, "project": project}
    with connected(data_folder(data), records_only=True, create=True) as client:
        made = client.post("/api/sources", body)
    if as_json:
        show.document({"name": made["name"], "write_key": made["write_key"]})
        return
    show.console().print(show.pairs([("source", made["name"]), ("write key", made["write_key"])]))
    show.notes().print("The key is shown this once.", style="dim")


@sources.command("list")
def list_sources(data: Data = None, as_json: Json = False) -> None:
    """The sources that may send."""
    with connected(data_folder(data), records_only=True) as client:
        found = client.get("/api/sources")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(row["name"]),
            f"{row['key_prefix']}…",
            "public" if row["public"] else "private",
            row["datum"],
            show.plain(row["project"]),
            show.moment(row["created_at"]),
        )
        for row in found
    ]
    show.console().print(show.listing(("source", "key", "", "datum", "project", "created"), rows))


@sources.command("revoke")
def revoke_source(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Take a write key back; what came with it stays."""
    with connected(data_folder(data), records_only=True) as client:
        client.delete(f"/api/sources/{urllib.parse.quote(name, safe='')}")
    _revoked(name, as_json)


@tokens.command("create")
def create_token(
    name: Name,
    role: Annotated[
        str, typer.Option(metavar="viewer|operator|analyst|admin", help="What it is for.")
    ] = "viewer",
    days: Annotated[
        float | None, typer.Option(help="It ends after so many days.", show_default="never")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a token and show it, once."""
    with connected(data_folder(data), records_only=True, create=True) as client:
        made = client.post("/api/tokens", {"name": name, "role": role, "days": days})
    if as_json:
        show.document({key: made[key] for key in ("name", "role", "token")})
        return
    rows = [("token of", made["name"]), ("role", made["role"]), ("token", made["token"])]
    show.console().print(show.pairs(rows))
    show.notes().print("The token is shown this once.", style="dim")


@tokens.command("list")
def list_tokens(data: Data = None, as_json: Json = False) -> None:
    """The tokens that are good."""
    with connected(data_folder(data), records_only=True) as client:
        found = client.get("/api/tokens")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(row["name"]),
            row["role"],
            f"{row['prefix']}…",
            show.moment(row["last_used_at"]),
            show.moment(row["expires_at"]),
        )
        for row in found
    ]
    show.console().print(show.listing(("name", "role", "token", "last used", "ends"), rows))


@tokens.command("revoke")
def revoke_token(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Take a token back."""
    with connected(data_folder(data), records_only=True) as client:
        client.delete(f"/api/tokens/{urllib.parse.quote(name, safe='')}")
    _revoked(name, as_json)


def _revoked(name: str, as_json: bool) -> None:
    if as_json:
        show.document({"name": name, "revoked": True})
    else:
        show.console().print(f"{show.plain(name)} is revoked")
