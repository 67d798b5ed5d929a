"""`segment`: of whom is a rule true, and which segments are there?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import saving, show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest, NotFound
from hotspring.settings import data_folder


def segment(
    name: Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")] = None,
    rule: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A rule as JSON: tried, or with NAME kept under it."),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="Keep a list of identifiers, one a line."),
    ] = None,
    description: Annotated[str | None, typer.Option(help="Why it is there.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its profiles, by the end of the name.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Forget it.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Segments: list them, show one, try a rule, keep it, rename, delete; profiles as a file."""
    if delete + sum(one is not None for one in (rename, rule, people)) > 1:
        raise BadRequest("one of --rule, --list, --rename and --delete at a time")
    told = (rename, people, description)
    if name is None and (delete or any(one is not None for one in told)):
        raise BadRequest("say which segment: its name or id")
    body = None if rule is None else _read(rule)
    with connected(data_folder(data)) as client:
        if name is None:
            if body is None:
                _list(client, as_json)
            else:
                _tried(client.post("/api/segments/preview", {"rule": body}), as_json)
            return
        if people is not None:
            _listed(client, name, description or "", people, as_json)
            return
        one = _found(client, name)
        if body is not None or rename is not None or description is not None:
            _kept(_save(client, one, rename or name, description, body), as_json)
        elif one is None:
            raise NotFound(f"there is no segment {name!r}")
        elif out is not None:
            saving.people(client, f"/api/segments/{one['id']}/export", out, as_json)
        elif delete:
            client.delete(f"/api/segments/{one['id']}")
            if as_json:
                show.document({"deleted": one["id"]})
            else:
                show.notes().print(f"{show.plain(one['name'])} is deleted.")
        else:
            _kept(client.get(f"/api/segments/{one['id']}", lang="en"), as_json)


def _listed(client: Client, name: str, description: str, file: Path, as_json: bool) -> None:
    asked = {"name": name, "description": description, "lang": "en"}
    found = client.upload("/api/segments/upload", iter([file.read_bytes()]), **asked)
    if as_json:
        show.document(found)
        return
    for row in found["refused"]:
        show.notes().print(f"line {row['line']}: {show.plain(str(row['reason']))}")
    show.console().print(
        f"{show.number(found['found'])} lines name somebody, {show.number(found['unknown'])} "
        f"nobody here, {show.number(found['refusals'])} cannot be used."
    )


def _found(client: Client, name: str) -> dict[str, Any] | None:
    items: list[dict[str, Any]] = client.get("/api/segments")["items"]
    return next((one for one in items if name in (one["id"], one["name"])), None)


def _save(
    client: Client, one: dict[str, Any] | None, name: str, description: str | None, rule: Any
) -> Any:
    if one is None:
        if rule is None:
            raise NotFound(f"there is no segment {name!r}; with --rule it is made")
        given = {"name": name, "description": description or "", "rule": rule}
        return client.post("/api/segments?lang=en", given)
    told = one["description"] if description is None else description
    named = one["name"] if name == one["id"] else name
    given = {"name": named, "description": told, "rule": one["rule"] if rule is None else rule}
    return client.put(f"/api/segments/{one['id']}?lang=en", given)


def _list(client: Client, as_json: bool) -> None:
    found = client.get("/api/segments", lang="en")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(one["name"]), _count(one), show.plain(one["sentence"] or "a list"), one["id"])
        for one in found
    ]
    show.console().print(show.listing(("segment", "profiles", "who", "id"), rows, "profiles"))


def _count(one: dict[str, Any]) -> str:
    return str(one["state"]) if one["count"] is None else show.number(one["count"])


def _kept(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(one)
        return
    out = show.console()
    out.print(f"{show.plain(one['name'])} ({one['id']})")
    for line in (one["description"], one["sentence"], one["problem"]):
        if line:
            out.print(show.plain(line))
    for user in one["used_by"]:
        out.print(f"used by {show.plain(user['name'])}")
    out.print(f"{_count(one)} known profiles; {show.moment(one['as_of'])}")


def _tried(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    out = show.console()
    out.print(show.plain(found["sentence"]["zh"]))
    out.print(show.plain(found["sentence"]["en"]))
    rows = [
        (one["id"], show.degrees(one["temperature"]), show.band(one["band"]))
        for one in found["sample"]
    ]
    if rows:
        out.print(show.listing(("for instance", "temperature", "band"), rows, right="temperature"))
    out.print(f"{show.number(found['count'])} known profiles; {show.moment(found['as_of'])}")


def _read(file: Path) -> Any:
    if not file.is_file():
        raise BadRequest(f"there is no file {file}")
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{file.name} is no JSON: {error}") from error
