"""`template`: what an industry may switch on, tried by one's own names, switched on and off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

Named = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        metavar="KEY=NAME",
        help="What a name is called here; words by commas.",
    ),
]
NamesFile = Annotated[
    Path | None,
    typer.Option("--names", metavar="FILE", help="The same as JSON: an object of names."),
]
On = Annotated[list[str] | None, typer.Option("--on", metavar="ITEM", help="Switch this item on.")]
Off = Annotated[
    list[str] | None, typer.Option("--off", metavar="ITEM", help="Switch this item off again.")
]
Whole = Annotated[bool, typer.Option("--all", help="Switch on every item that can be.")]
Replace = Annotated[bool, typer.Option(help="Also items that ask something else by now.")]


def template(
    industry: Annotated[
        str | None, typer.Argument(metavar="INDUSTRY", help="Its id; all are listed without.")
    ] = None,
    name: Named = None,
    names: NamesFile = None,
    on: On = None,
    whole: Whole = False,
    off: Off = None,
    replace: Replace = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Industry templates: list them, see what one would be here, switch items on and off."""
    if sum((bool(on), whole, bool(off))) > 1:
        raise BadRequest("take one of --on, --all and --off")
    if industry is None and (name or names or on or whole or off):
        raise BadRequest("say which industry: its id")
    said = {**_file(names), **_said(name or [])}
    with connected(data_folder(data)) as client:
        if industry is None:
            _list(client.get("/api/templates", lang="en")["items"], as_json)
            return
        place = f"/api/templates/{industry}"
        words = {
            one["key"] for one in client.get(place, lang="en")["names"] if one["kind"] == "words"
        }
        given = {key: _words(value) if key in words else value for key, value in said.items()}
        if on or whole:
            wanted = {"names": given, "items": on or [], "replace": replace}
            _done(client.post(f"{place}/apply?lang=en", wanted), as_json)
        elif off:
            _done(client.post(f"{place}/remove?lang=en", {"items": off}), as_json)
        else:
            _shown(client.post(f"{place}/preview?lang=en", {"names": given}), as_json)


def _said(given: list[str]) -> dict[str, Any]:
    found = {}
    for one in given:
        key, sign, value = one.partition("=")
        if not sign:
            raise BadRequest(f"--name {one}: write KEY=NAME")
        found[key.strip()] = value.strip()
    return found


def _words(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return [word.strip() for word in value.replace("，", ",").split(",") if word.strip()]


def _file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    if not path.is_file():
        raise BadRequest(f"there is no file {path}")
    try:
        body = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{path.name} is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadRequest(f"{path.name} is an object of names")
    return body


def _list(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (one["id"], one["name"], *(show.number(one[key]) for key in ("size", "able", "on")))
        for one in found
    ]
    columns = ("id", "industry", "items", "able", "on")
    show.console().print(show.listing(columns, rows, "items able on"))


def _shown(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    out = show.console()
    rows = [
        (
            one["key"],
            one["kind"],
            show.plain(one["name"] or ", ".join(one["words"])),
            "yes" if one["there"] else "no",
            "" if one["seen"] is None else show.number(one["seen"]),
        )
        for one in found["names"]
    ]
    out.print(show.listing(("name", "kind", "here", "there", "seen"), rows, "seen"))
    items = [
        (
            one["id"],
            one["kind"],
            show.plain("; ".join(f"{part['label']} {part['sentence']}" for part in one["parts"])),
            one["state"] if one["ready"] or one["state"] != "off" else "lacking",
            "" if one["count"] is None else show.number(one["count"]),
        )
        for one in found["items"]
    ]
    out.print(show.listing(("item", "kind", "asks", "state", "profiles"), items, "profiles"))


def _done(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (
            one["id"],
            one["kind"],
            one["outcome"],
            show.plain(one["problem"] or one["preview"] or one["made"]),
        )
        for one in found["items"]
    ]
    show.console().print(show.listing(("item", "kind", "became", "what"), rows))
