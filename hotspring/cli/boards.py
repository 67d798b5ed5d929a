"""`report` and `dashboard`: questions that are kept under a name, and cards of their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import analyze, kept, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

REPORTS: Final = kept.Kind("report", "/api/reports", ("analysis", "parameters"))
DASHBOARDS: Final = kept.Kind("dashboard", "/api/dashboards", ("cards", "minutes"))
Name = Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")]
Description = Annotated[str | None, typer.Option(help="What it tells whom.")]
Rename = Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")]
Delete = Annotated[bool, typer.Option("--delete", help="Forget it.")]


def report(
    name: Name = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Analysis and parameters as JSON."),
    ] = None,
    description: Description = None,
    rename: Rename = None,
    delete: Delete = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Saved reports: list, ask again, keep, rename, delete."""
    body = kept.said(file, REPORTS.fields)
    if name is None and (delete or body is not None or description is not None):
        raise BadRequest("say which report: its name or id")
    with connected(data_folder(data)) as client:
        if name is None:
            _listed(REPORTS.all(client), as_json)
        elif delete:
            REPORTS.delete(client, name, as_json)
        elif body is not None or rename is not None or description is not None:
            saved = REPORTS.save(client, name, body, rename, description)
            if as_json:
                show.document(saved)
            else:
                show.notes().print(f"{show.plain(saved['name'])} is kept ({saved['id']}).")
        else:
            one = REPORTS.one(client, name)
            analyze.told(client, one["analysis"], one["parameters"], as_json)


def _listed(items: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show.document(items)
        return
    rows = [
        (show.plain(one["name"]), one["analysis"],
         show.plain("; ".join(fault["detail"] for fault in one["faults"])), one["id"])
        for one in items
    ]  # fmt: skip
    show.console().print(show.listing(("report", "analysis", "cannot be asked", "id"), rows))


def dashboard(
    name: Name = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Cards and minutes as JSON.")
    ] = None,
    description: Description = None,
    rename: Rename = None,
    delete: Delete = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Dashboards: list, see the cards, keep, rename, delete."""
    body = kept.said(file, DASHBOARDS.fields)
    if name is None and (delete or body is not None or description is not None):
        raise BadRequest("say which dashboard: its name or id")
    with connected(data_folder(data)) as client:
        if name is None:
            _boards(DASHBOARDS.all(client), as_json)
        elif delete:
            DASHBOARDS.delete(client, name, as_json)
        elif body is not None or rename is not None or description is not None:
            _cards(DASHBOARDS.save(client, name, body, rename, description), as_json)
        else:
            _cards(DASHBOARDS.one(client, name), as_json)


def _boards(items: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show.document(items)
        return
    rows = [
        (show.plain(one["name"]), show.number(len(one["cards"])),
         f"{one['minutes']} min" if one["minutes"] else "by hand", one["id"])
        for one in items
    ]  # fmt: skip
    show.console().print(show.listing(("dashboard", "cards", "refreshed", "id"), rows, "cards"))


def _cards(one: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(one)
        return
    rows = [
        (show.plain(card["title"] or card["report_name"] or "-"), card["show"], card["name"],
         f"{card['width']}x{card['height']}")
        for card in one["cards"]
    ]  # fmt: skip
    show.console().print(show.listing(("card", "shows", "of it", "size"), rows))
