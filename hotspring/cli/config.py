"""`config`: the settings, and where each of them was said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import ConfigFile, Data, Json, Set
from hotspring.errors import SettingsError
from hotspring.settings import checked, configured, data_folder, given


def config(
    data: Data = None,
    file: ConfigFile = None,
    words: Set = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="FILE", help="Only say whether this file can be used."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Every setting, its value, and who said it: default, file, environment or flag."""
    # Nobody who asks for help waits until what draws maps is loaded.
    from hotspring.geo import shapes

    if check is not None:
        found = [one for one in checked(check).shown() if one["origin"] != "default"]
    elif file is None and not words and (data_folder(data) / "operations.db").exists():
        with connected(data_folder(data), records_only=True) as client:
            found = client.get("/api/config")["items"]
    else:
        found = configured(data_folder(data), given(words or ()), file).shown()
    named = next((str(one["value"]) for one in found if one["name"] == "outlines_folder"), "")
    # A file that is checked alone belongs to no pool yet.
    faults = shapes.faults_of(data_folder(data), named) if named or check is None else []
    if check is not None and faults:
        raise SettingsError(faults[0])
    for fault in faults:
        show.notes().print(show.plain(fault), style="red")
    if as_json:
        show.document(found)
        return
    out = show.console()
    out.print(show.listing(("setting", "value", "said by"), [_row(one) for one in found]))
    if check is not None:
        out.print(f"{show.plain(str(check))} can be used; it sets {len(found)}", style="dim")


def _row(one: dict[str, Any]) -> tuple[str, str, str]:
    value = show.plain(one["value"])
    if one["name"] == "identifier_kinds":
        value = f"{len(one['value'])} kinds"
    origin = show.plain(one["origin"])
    return one["name"], value, f"[dim]{origin}[/]" if origin == "default" else origin
