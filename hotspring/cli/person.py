"""`person export`: all that is held of one person, for the person."""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import Annotated

import typer

from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.cli.saving import download
from hotspring.settings import data_folder

persons = typer.Typer(no_args_is_help=True, help="What a person may ask for.")


@persons.callback()
def person() -> None:
    """What a person may ask for."""


@persons.command("export")
def export(
    key: Annotated[str, typer.Argument(metavar="KIND:VALUE", help="An identifier or public id.")],
    form: Annotated[
        str, typer.Option("--format", metavar="json|html", help="For a program or to read.")
    ] = "json",
    lang: Annotated[str, typer.Option(metavar="zh|en", help="Language of the page.")] = "zh",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Else to stdout.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """All that is held of one person, to hand out on request."""
    if form not in ("json", "html"):
        raise typer.BadParameter("json or html", param_hint="--format")
    if lang not in ("zh", "en"):
        raise typer.BadParameter("zh or en", param_hint="--lang")
    if as_json and out is None and form != "json":
        raise typer.BadParameter("with --json name a file with -o", param_hint="--json")
    path = f"/api/profiles/{urllib.parse.quote(key, safe='')}/export"
    with connected(data_folder(data)) as client:
        download(client, path, out, as_json, format=form, lang=lang)
