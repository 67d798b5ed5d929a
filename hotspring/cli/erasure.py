"""`erase` and `readmit`: a person is forgotten, a person comes back."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder

PAUSE = 0.2
Key = Annotated[str, typer.Argument(metavar="KIND:VALUE", help="An identifier or public id.")]


def erase(
    key: Key,
    confirm: Annotated[
        str, typer.Option(metavar="TEXT", help="What the first step told to confirm with.")
    ] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell what would go with a person; with --confirm, erase them from the whole folder."""
    with connected(data_folder(data)) as client:
        if not confirm:
            _told(client.post("/api/erasures/plan", {"key": key}), key, as_json)
            return
        done = client.post("/api/erasures", {"key": key, "confirm": confirm})
        while done["state"] == "running":
            time.sleep(PAUSE)
            done = client.get(f"/api/erasures/{done['id']}")
    if as_json:
        show.document(done)
    else:
        show.console().print(f"erased: {done['identifiers']} identifiers are kept out from now on")


def readmit(key: Key, data: Data = None, as_json: Json = False) -> None:
    """Let a person who was erased come back."""
    with connected(data_folder(data)) as client:
        done = client.post("/api/readmissions", {"key": key})
    if as_json:
        show.document(done)
    else:
        show.console().print(f"{done['identifiers']} identifiers may come again")


def _told(plan: dict[str, Any], key: str, as_json: bool) -> None:
    if as_json:
        show.document(plan)
        return
    counts = ("events", "trait_writes", "consents", "announcements", "quarantined")
    rows = [
        ("profile", plan["profile"] or "none: nothing accepted names them"),
        *((f"goes: {i['kind']}", show.plain(i["value"])) for i in plan["identifiers"]),
        *((f"stays: {i['kind']}", f"{show.plain(i['value'])} (shared)") for i in plan["stays"]),
        *((name.replace("_", " "), show.number(plan[name])) for name in counts if name in plan),
    ]
    out = show.console()
    out.print(show.pairs(rows))
    out.print("Nothing was changed. This cannot be undone; to go on:", style="dim")
    out.print(f"hotspring erase {show.plain(key)} --confirm {plan['confirm']}")
