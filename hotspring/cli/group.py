"""`group`: named rules that may overlap, under tiers or across them, and the first claim."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import kept, saving, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

FIELDS: Final = ("rule", "scheme", "tiers", "weight")
GROUPS: Final = kept.Kind("group", "/api/groups", FIELDS)


def group(
    name: Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Rule, scheme, tiers and weight as JSON."),
    ] = None,
    weight: Annotated[
        float | None, typer.Option(help="The heaviest that wants a profile claims it.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="KEY", help="Which groups want it, and which claims it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its profiles, by the end of the name.")
    ] = None,
    claimed: Annotated[
        bool, typer.Option("--claimed", help="With --out: only those whom it claims.")
    ] = False,
    description: Annotated[str | None, typer.Option(help="Why it is there.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Forget it.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Groups: what each claims; keep, weigh, rename, delete; profiles as a file."""
    body = kept.said(file, FIELDS)
    if weight is not None:
        body = {**(body or {}), "weight": weight}
    if name is None and (delete or any(one is not None for one in (body, description, out))):
        raise BadRequest("say which group: its name or id")
    with connected(data_folder(data)) as client:
        if profile is not None:
            _wanting(client.get(f"/api/profiles/{profile}/groups", lang="en"), as_json)
        elif name is None:
            _claims(client.get("/api/groups/claims"), as_json)
        elif delete:
            GROUPS.delete(client, name, as_json)
        elif body is not None or rename is not None or description is not None:
            _one(GROUPS.save(client, name, body, rename, description), as_json)
        elif out is not None:
            place = f"/api/groups/{GROUPS.one(client, name)['id']}/export"
            saving.people(client, place, out, as_json, claimed=claimed)
        else:
            _one(GROUPS.one(client, name), as_json)


def _claims(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(one["name"]), show.number(one["weight"]), show.number(one["profiles"]),
         show.number(one["claimed"]), one["id"])
        for one in found["items"]
    ]  # fmt: skip
    heads = ("group", "weight", "profiles", "claimed", "id")
    show.console().print(show.listing(heads, rows, "weight profiles claimed"))
    show.notes().print(
        f"{show.number(found['claimed'])} of {show.number(found['profiles'])} known profiles are "
        f"wanted, {show.number(found['several'])} by several; {show.moment(found['as_of'])}"
    )


def _one(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(one)
        return
    out = show.console()
    out.print(f"{show.plain(one['name'])} ({one['id']}), weight {one['weight']:g}")
    out.print(show.plain(one["sentence"]))


def _wanting(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(one["name"]), show.number(one["weight"]),
         "claims it" if one["id"] == found["claimed_by"] else "")
        for one in found["items"]
    ]  # fmt: skip
    show.console().print(show.listing(("group", "weight", ""), rows, "weight"))
