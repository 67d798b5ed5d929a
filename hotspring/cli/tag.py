"""`tag`: words that rules and people put on profiles."""

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

tags = typer.Typer(no_args_is_help=True, help="Tags of profiles, by rules or by hand.")
Name = Annotated[str, typer.Argument(help="Name or id of the tag.")]
People = Annotated[list[str], typer.Argument(help="Public ids, or KIND:VALUE.")]
OneValue = Annotated[str, typer.Option(help="One of the values of the tag.")]


@tags.command("list")
def listed(data: Data = None, as_json: Json = False) -> None:
    """Every tag, with the counts that were asked for lately."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/tags", lang="en")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (show.plain(one["name"]), one["kind"], _words(one), _count(one["count"]), one["id"])
        for one in found
    ]
    columns = ("tag", "set by", "values", "profiles", "id")
    show.console().print(show.listing(columns, rows, "profiles"))


@tags.command("show")
def shown(name: Name, data: Data = None, as_json: Json = False) -> None:
    """What a tag means, and how many have which value of it."""
    with connected(data_folder(data)) as client:
        _told(client.get(f"/api/tags/{_found(client, name)['id']}", lang="en"), as_json)


@tags.command("save")
def save(
    name: Name,
    rule: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='A rule as JSON; or a list of {"value", "rule"}, of which the first true one '
            "counts.",
        ),
    ] = None,
    values: Annotated[
        str | None, typer.Option(help="Values to be set by hand, with commas between.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="What the tag means.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for the tag.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Keep a tag, or change one. Without a rule or values a new one is a plain yes by hand."""
    if rule is not None and values is not None:
        raise BadRequest("one of --rule and --values at a time")
    given = _given(rule, values)
    with connected(data_folder(data)) as client:
        old = _find(client, name)
        body = {
            "name": rename or (old["name"] if old else name),
            "description": (old["description"] if old else "")
            if description is None
            else description,
            **({} if owner is None and old is None else {"owner": owner or (old or {})["owner"]}),
            **_said(old, given, "hand" if rule is None else "rule"),
        }
        if old is None:
            saved = client.post("/api/tags?lang=en", body)
        else:
            saved = client.put(f"/api/tags/{old['id']}?lang=en", body)
        _told(saved, as_json)


@tags.command("set")
def put(
    name: Name, people: People, value: OneValue = "", data: Data = None, as_json: Json = False
) -> None:
    """Put a tag on profiles by hand."""
    _mark(name, {"profiles": people, "value": value}, data, as_json)


@tags.command("off")
def off(name: Name, people: People, data: Data = None, as_json: Json = False) -> None:
    """Take a tag off profiles."""
    _mark(name, {"profiles": people, "on": False}, data, as_json)


@tags.command("undo")
def undo(
    entry: Annotated[int, typer.Argument(help="As it was told when tags were set.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take a change of tags by hand back: what was before stands again."""
    with connected(data_folder(data)) as client:
        client.post("/api/tags/undo", {"entry": entry})
    if as_json:
        show.document({"undone": entry})
    else:
        show.notes().print("What was before stands again.")


@tags.command("upload")
def upload(
    name: Annotated[str, typer.Argument(help="Name of the tag; a new one is made.")],
    file: Annotated[Path, typer.Argument(help="A line for each: identifier, and value.")],
    take_off: Annotated[bool, typer.Option("--off", help="Take the tag off them.")] = False,
    description: Annotated[str, typer.Option(help="What the tag means.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put a tag on the people of a file, with the value that each line gives."""
    if not file.is_file():
        raise BadRequest(f"there is no file {file}")
    asked = {"name": name, "description": description, "on": not take_off, "lang": "en"}
    with connected(data_folder(data)) as client:
        found = client.upload("/api/tags/upload", iter([file.read_bytes()]), **asked)
    if as_json:
        show.document(found)
        return
    for row in found["refused"]:
        show.notes().print(f"line {row['line']}: {show.plain(str(row['reason']))}")
    show.console().print(
        f"{show.number(found['found'])} lines name somebody, {show.number(found['unknown'])} "
        f"nobody here, {show.number(found['refusals'])} cannot be used."
    )
    if found["entry"] is not None:
        show.notes().print(f"To take it back: hotspring tag undo {found['entry']}")


@tags.command("export")
def export(
    name: Name,
    out: Annotated[Path, typer.Argument(help="The file; how it ends says of which form.")],
    value: Annotated[str | None, typer.Option(help="Only who has this value.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Who has a tag, with identifiers and traits, as a file."""
    asked = {} if value is None else {"value": value}
    with connected(data_folder(data)) as client:
        id_ = _found(client, name)["id"]
        saving.people(client, f"/api/tags/{id_}/export", out, as_json, **asked)


@tags.command("delete")
def delete(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Forget a tag. Refused where a rule names it."""
    with connected(data_folder(data)) as client:
        gone = _found(client, name)
        client.delete(f"/api/tags/{gone['id']}")
    if as_json:
        show.document({"deleted": gone["id"]})
    else:
        show.notes().print(f"{show.plain(gone['name'])} is deleted.")


def _mark(name: str, body: dict[str, Any], data: Path | None, as_json: bool) -> None:
    with connected(data_folder(data)) as client:
        id_ = _found(client, name)["id"]
        found = client.post(f"/api/tags/{id_}/profiles", body)
    if as_json:
        show.document(found)
        return
    for key in found["unknown"]:
        show.notes().print(f"{show.plain(key)} is not in the pool")
    show.console().print(f"{show.number(found['found'])} profiles")
    show.notes().print(f"To take it back: hotspring tag undo {found['entry']}")


def _find(client: Client, name: str) -> dict[str, Any] | None:
    items: list[dict[str, Any]] = client.get("/api/tags")["items"]
    return next((one for one in items if name in (one["id"], one["name"])), None)


def _found(client: Client, name: str) -> dict[str, Any]:
    found = _find(client, name)
    if found is None:
        raise NotFound(f"there is no tag {name!r}")
    return found


def _given(rule: Path | None, values: str | None) -> list[dict[str, Any]] | None:
    if values is not None:
        return [{"value": one} for one in values.split(",") if one.strip()]
    if rule is None:
        return None
    if not rule.is_file():
        raise BadRequest(f"there is no file {rule}")
    try:
        told = json.loads(rule.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{rule.name} is no JSON: {error}") from error
    return told if isinstance(told, list) else [{"rule": told}]


def _said(
    old: dict[str, Any] | None, given: list[dict[str, Any]] | None, kind: str
) -> dict[str, Any]:
    """Kind and values as they are to be: those of before where nothing is said of them."""
    if given is not None:
        return {"kind": kind, "values": given}
    if old is None:
        return {"kind": "hand", "values": []}
    kept = [{"value": one["value"], "rule": one["rule"]} for one in old["values"]]
    return {"kind": old["kind"], "values": kept}


def _words(one: dict[str, Any]) -> str:
    return show.plain(", ".join(value["value"] for value in one["values"]) or "yes")


def _count(count: int | None) -> str:
    return "" if count is None else show.number(count)


def _told(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(one)
        return
    out = show.console()
    out.print(f"{show.plain(one['name'])} ({one['id']}), by {one['kind']}")
    for line in (one["description"], one["problem"]):
        if line:
            out.print(show.plain(line))
    out.print(f"owner: {show.plain(one['owner'])}")
    for user in one["used_by"]:
        out.print(f"used by {show.plain(user['name'])}")
    rows = [
        (show.plain(value["value"] or "yes"), _count(value["count"]), show.plain(value["sentence"]))
        for value in one["values"]
    ]
    out.print(show.listing(("value", "profiles", "who"), rows, "profiles"))
    if one["known"]:
        share = one["count"] / one["known"]
        out.print(f"{share:.1%} of known profiles; {show.moment(one['as_of'])}")
