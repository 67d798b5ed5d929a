"""`score`: points that lines add and subtract, how they are spread, and who got them for what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import kept, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

FIELDS: Final = ("lines", "floor", "cap")
SCORES: Final = kept.Kind("score", "/api/scores", FIELDS)


def score(
    name: Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Lines, floor and cap as JSON: tried, or with NAME kept under it.",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="KEY", help="What each line gives this profile.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="Why it is there.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")] = None,
    parts: Annotated[
        int, typer.Option(min=2, max=20, help="Equal parts that the suggested cuts make.")
    ] = 5,
    delete: Annotated[bool, typer.Option("--delete", help="Forget it.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Scores: list them, show the spread of one, explain a profile, try lines, keep, delete."""
    body = kept.said(file, FIELDS)
    if name is None and (delete or any((profile, description, rename))):
        raise BadRequest("say which score: its name or id")
    with connected(data_folder(data)) as client:
        if name is None:
            if body is None:
                _list(SCORES.all(client), as_json)
            else:
                _spread(client.post(f"/api/scores/preview?lang=en&parts={parts}", body), as_json)
        elif delete:
            SCORES.delete(client, name, as_json)
        elif body is not None or rename is not None or description is not None:
            saved = SCORES.save(client, name, body, rename, description)
            _list([saved], as_json) if not as_json else show.document(saved)
        elif profile is not None:
            one = SCORES.one(client, name)
            _explained(
                client.get(f"/api/scores/{one['id']}/profiles/{profile}", lang="en"), as_json
            )
        else:
            one = SCORES.one(client, name)
            found = client.get(f"/api/scores/{one['id']}/distribution", lang="en", parts=parts)
            _spread({**one, **found} if as_json else found, as_json)


def _list(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    rows = [
        (
            show.plain(one["name"]),
            show.number(len(one["lines"])),
            show.plain(
                "; ".join(f"{line['points']:+g} {line['sentence']}" for line in one["lines"])
            ),
            one["id"],
        )
        for one in found
    ]
    show.console().print(show.listing(("score", "lines", "points for", "id"), rows, "lines"))


def _spread(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    out = show.console()
    lines = [(show.plain(one["sentence"]), show.number(one["profiles"])) for one in found["lines"]]
    out.print(show.listing(("line", "profiles"), lines, "profiles"))
    bars = [
        (show.number(one["low"]), show.number(one["high"]), show.number(one["profiles"]))
        for one in found["bars"]
    ]
    out.print(show.listing(("from", "to", "profiles"), bars, "from to profiles"))
    for cut in found["cuts"]:
        out.print(f"{cut['share']:.0%} lie below {show.number(cut['value'])}")
    top = [
        (one["id"], show.number(one["points"]), show.degrees(one["temperature"]))
        for one in found["top"]
    ]
    out.print(show.listing(("most points", "points", "temperature"), top, "points temperature"))
    show.notes().print(
        f"{show.number(found['profiles'])} known profiles; {show.moment(found['as_of'])}"
    )


def _explained(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(found)
        return
    out = show.console()
    rows = [(show.plain(one["title"]), f"{one['points']:+,g}") for one in found["lines"]]
    if found["limited"]:
        rows.append(("floor or cap", f"{found['limited']:+,g}"))
    out.print(show.listing(("line", "points"), rows, "points"))
    points = found["points"]
    said = "is not known, so there are no points" if points is None else f"has {points:,g} points"
    out.print(f"{found['profile']} {said} by {show.plain(found['name'])}")
