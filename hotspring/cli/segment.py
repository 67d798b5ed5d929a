"""`segment`: of whom is a rule true?"""

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


def segment(
    rule: Annotated[Path, typer.Option(metavar="FILE", help="A rule over profiles, as JSON.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Of how many known profiles a rule is true now, and who is among them."""
    body = _read(rule)
    with connected(data_folder(data)) as client:
        found = client.post("/api/segments/preview", {"rule": body})
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
