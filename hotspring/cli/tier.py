"""`tier`: ordered classes that never overlap, who is in which, and who moved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import kept, saving, show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

FIELDS: Final = ("tiers", "by", "metrics", "shares", "cuts", "grace")
SCHEMES: Final = kept.Kind("scheme", "/api/tiers", FIELDS)


def tier(
    name: Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="FILE", help="A scheme as JSON: tried, or with NAME kept under it."
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="An earlier moment: who moved between tiers since?")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="With --since: who moved until then, instead of now?")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="KEY", help="Its tiers, and what is missing to the next.")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read quantiles and ranks off the pool anew.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Profiles of --tier, by the end of the name."),
    ] = None,
    among: Annotated[
        str | None, typer.Option("--tier", metavar="TIER", help="With --out: of this tier.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="Why it is there.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Forget it.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tiers: who is in which and who moved; try, keep, refresh, delete; profiles as a file."""
    body = kept.said(file, FIELDS)
    if name is None and (delete or refresh or any((since, description, rename, out))):
        raise BadRequest("say which scheme: its name or id")
    if (out is None) != (among is None):
        raise BadRequest("--out and --tier go together: a file, and whose profiles it is to hold")
    with connected(data_folder(data)) as client:
        if profile is not None:
            _tiers_of(client.get(f"/api/profiles/{profile}/tiers", lang="en"), as_json)
        elif name is None:
            if body is None:
                _list(SCHEMES.all(client), as_json)
            else:
                _standing(client.post("/api/tiers/preview", body), as_json)
        elif delete:
            SCHEMES.delete(client, name, as_json)
        elif body is not None or rename is not None or description is not None:
            saved = SCHEMES.save(client, name, _own(client, name, body), rename, description)
            show.document(saved) if as_json else _list([saved], as_json)
        elif out is not None:
            place = f"/api/tiers/{SCHEMES.one(client, name)['id']}/export"
            saving.people(client, place, out, as_json, tier=among)
        else:
            _shown(client, SCHEMES.one(client, name), (since, until), refresh, as_json)


def _own(client: Client, name: str, body: Any) -> Any:
    """Cuts that were read off the pool are not said again by hand."""
    old = SCHEMES.find(client, name)
    if old is None or not old["shares"] or (body is not None and "cuts" in body):
        return body
    return {"cuts": [], **(body or {})}


def _shown(
    client: Client,
    one: dict[str, Any],
    span: tuple[str | None, str | None],
    refresh: bool,
    as_json: bool,
) -> None:
    place = f"/api/tiers/{one['id']}"
    if refresh:
        one = client.post(f"{place}/refresh?lang=en")
    since, until = span
    if since is None:
        found = client.get(f"{place}/standing", lang="en")
        _standing({**one, **found, "scheme": one["tiers"]} if as_json else found, as_json)
        return
    asked = {"from": since} if until is None else {"from": since, "to": until}
    found = client.get(f"{place}/movement", **asked)
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(move["from"] or "-"), show.plain(move["to"] or "-"),
         show.number(move["profiles"]))
        for move in found["moves"]
    ]  # fmt: skip
    heads = (show.moment(found["from"]), show.moment(found["to"]), "profiles")
    show.console().print(show.listing(heads, rows, "profiles"))


def _list(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(one["name"]), one["by"],
         show.plain(" < ".join(each["name"] for each in one["tiers"])), one["id"])
        for one in found
    ]  # fmt: skip
    show.console().print(show.listing(("scheme", "by", "tiers", "id"), rows))


def _standing(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(one["name"]),
            "-" if one["from"] is None else show.number(one["from"]),
            show.number(one["profiles"]),
            f"{one['share']:.1%}",
            "-" if one["mean"] is None else show.number(one["mean"]),
        )
        for one in reversed(found["tiers"])
    ]
    heads = ("tier", "from", "profiles", "share", "mean")
    show.console().print(show.listing(heads, rows, "from profiles share mean"))
    show.notes().print(
        f"{show.number(found['profiles'])} known profiles; {show.moment(found['as_of'])}"
    )


def _tiers_of(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = []
    for one in found["items"]:
        after = one["next"]
        short = ""
        if after is not None:
            parts = [part["sentence"] for part in after["conditions"] if not part["met"]]
            missing = after["missing"]
            short = "; ".join(parts) if missing is None else show.number(missing)
            short = f"{after['tier']}: {short}"
        rows.append((show.plain(one["name"]), show.plain(one["tier"] or "-"), show.plain(short)))
    show.console().print(show.listing(("scheme", "tier", "missing to the next"), rows))
