"""`traits`: what is known of profiles."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder


def traits(
    name: Annotated[str | None, typer.Argument(help="One trait; all are listed without.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Traits: of which kind, how many have them, how fresh; one with how it is spread."""
    with connected(data_folder(data)) as client:
        if name is None:
            found = client.get("/api/traits")["items"]
        else:
            found = client.get(f"/api/traits/{quote(name)}")
    if as_json:
        show.document(found)
    elif name is None:
        columns = ("trait", "kind", "profiles", "written last")
        show.console().print(show.listing(columns, map(_line, found), "profiles"))
    else:
        _one(found)


def _line(one: dict[str, Any]) -> tuple[str, ...]:
    count = "" if one["count"] is None else show.number(one["count"])
    return show.plain(one["name"]), one["kind"], count, show.moment(one["last_at"])


def _one(one: dict[str, Any]) -> None:
    out = show.console()
    out.print(f"{show.plain(one['name'])} ({one['kind']})")
    share = one["count"] / max(one["known"], 1)
    out.print(f"{show.number(one['count'])} known profiles, {share:.1%}; "
              f"{show.moment(one['as_of'])}")  # fmt: skip
    rows = [(show.plain(row["value"]), show.number(row["count"])) for row in one["values"]]
    rows += [
        (f"{_end(row['low'])} to {_end(row['high'])}", show.number(row["count"]))
        for row in one["bars"]
    ]
    if rows:
        out.print(show.listing(("value", "profiles"), rows, "profiles"))


def _end(value: float | str) -> str:
    return show.moment(value) if isinstance(value, str) else f"{value:,.6g}"
