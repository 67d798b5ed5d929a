"""`cluster`: groups of alike profiles that are found, described, refreshed and kept as a tag."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import jobs, kept, show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

FIELDS: Final = ("traits", "count", "daily")
CLUSTERS: Final = kept.Kind("clustering", "/api/clusters", FIELDS)
CLEAR: Final = {
    "strong": "plainly apart", "fair": "apart", "weak": "weakly apart",
    "none": "not there: this is a mere parting",
}  # fmt: skip


def cluster(
    name: Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Traits, count and daily as JSON."),
    ] = None,
    count: Annotated[
        int | None, typer.Option(help="Groups to find; 0 for as many as part best.")
    ] = None,
    daily: Annotated[
        bool | None, typer.Option("--daily/--not-daily", help="Find them anew each day.")
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Find the groups anew.")] = False,
    tag: Annotated[
        str | None, typer.Option(metavar="TAG", help="Keep who is in which group as this tag.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="Why it is there.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Forget it.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Discovered groups: list, find, show what sets each apart, refresh, keep as a tag, delete."""
    body = kept.said(file, FIELDS)
    more = {"count": count, "daily": daily}
    given = {field: value for field, value in more.items() if value is not None}
    if given:
        body = {**(body or {}), **given}
    changes = body is not None or rename is not None or description is not None
    if name is None and (delete or refresh or tag or changes):
        raise BadRequest("say which clustering: its name or id")
    with connected(data_folder(data)) as client:
        if name is None:
            _list(CLUSTERS.all(client), as_json)
            return
        if delete:
            CLUSTERS.delete(client, name, as_json)
            return
        if changes:
            one = CLUSTERS.save(client, name, body, rename, description)
        else:
            one = CLUSTERS.one(client, name)
        if refresh and one["state"] not in jobs.RUNNING:
            one = client.post(f"/api/clusters/{one['id']}/refresh?lang=en")
        one = _awaited(client, one, as_json)
        if tag is not None:
            one = client.post(f"/api/clusters/{one['id']}/tag?lang=en", {"name": tag})
        _show(one, as_json)


def _awaited(client: Client, one: dict[str, Any], quiet: bool) -> dict[str, Any]:
    """The same once its run is over. Raises where that failed."""
    if one["state"] in jobs.RUNNING:
        with jobs.bar("finding groups", quiet) as tell:
            jobs.followed(client, "/api/clusters", one, tell)
        found: dict[str, Any] = client.get(f"/api/clusters/{one['id']}", lang="en")
        one = found
        if one["state"] == "failed":
            raise BadRequest(one["error"])
    return one


def _list(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(one["name"]),
            show.number(len(one["found"]["groups"])) if one["found"] else one["state"],
            show.plain(", ".join(one["labels"])),
            show.plain(one["tag_name"] or ""),
            one["id"],
        )
        for one in found
    ]
    show.console().print(show.listing(("clustering", "groups", "by", "tag", "id"), rows, "groups"))


def _show(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(one)
        return
    out, found = show.console(), one["found"]
    out.print(f"{show.plain(one['name'])} ({one['id']}), by {show.plain(', '.join(one['labels']))}")
    if found is None:
        out.print("No groups were found yet; find them with --refresh.")
        return
    for group in found["groups"]:
        degrees = group["temperature"]
        out.print(
            f"\n[bold]{show.plain(group['name'])}[/]: {show.number(group['profiles'])} "
            f"({group['share']:.0%})" + ("" if degrees is None else f", {show.degrees(degrees)}")
        )
        for fact in group["facts"]:
            out.print(f"  {show.plain(fact['sentence'])}")
    moved = found["moved"]
    if moved:
        out.print(
            f"\n{show.number(moved['profiles'])} of {show.number(moved['compared'])} moved to "
            "another group in the last refresh"
        )
    unused = [row["label"] for row in found["read"] if row["unused"]]
    if unused:
        out.print(f"told nobody apart: {show.plain(', '.join(unused))}")
    show.notes().print(
        f"The groups are {CLEAR[found['clear']]}: silhouette {found['silhouette']:.2f}, "
        f"{found['shuffled']:.2f} by chance; {show.moment(found['as_of'])}"
    )
