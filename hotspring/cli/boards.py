"""`report` and `dashboard`: questions that are kept under a name, and cards of their answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer

from hotspring.cli import analyze, kept, show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

REPORTS: Final = kept.Kind("report", "/api/reports", ("analysis", "parameters", "version"), False)
DASHBOARDS: Final = kept.Kind(
    "dashboard", "/api/dashboards", ("cards", "minutes", "version"), False
)
"""Of a file that says a version, nothing is kept where another one stands."""
Name = Annotated[str | None, typer.Argument(help="Name or id; all are listed without.")]
Description = Annotated[str | None, typer.Option(help="What it tells whom.")]
Rename = Annotated[str | None, typer.Option(metavar="NEW", help="Give it this name.")]
Delete = Annotated[bool, typer.Option("--delete", help="Forget it.")]


class Said(NamedTuple):
    """What a command was told of one, or of all where there is no name."""

    name: str | None
    file: Path | None
    description: str | None
    rename: str | None
    delete: bool
    as_json: bool


class Telling(NamedTuple):
    """How things of a kind are told to people."""

    all: Callable[[list[dict[str, Any]]], None]
    kept: Callable[[dict[str, Any]], None]
    one: Callable[[Client, dict[str, Any]], None]


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

    def asked(client: Client, one: dict[str, Any]) -> None:
        analyze.told(client, one["analysis"], one["parameters"], as_json)

    said = Said(name, file, description, rename, delete, as_json)
    _follow(REPORTS, said, Telling(_reports, _report, asked), data)


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

    def shown(_: Client, one: dict[str, Any]) -> None:
        show.document(one) if as_json else _cards(one)

    said = Said(name, file, description, rename, delete, as_json)
    _follow(DASHBOARDS, said, Telling(_boards, _cards, shown), data)


def alerts(
    seen: Annotated[int | None, typer.Option(metavar="ID", help="Take note of this one.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Alerts: watched figures that are, or were, not as they should be; take note of one."""
    with connected(data_folder(data)) as client:
        if seen is None:
            items = client.get("/api/alerts")["items"]
        else:
            items = [client.post(f"/api/alerts/{seen}/seen", {})]
    if as_json:
        show.document(items)
        return
    rows = [
        (str(one["id"]), show.plain(one["title"] or f"{one['figure']} · {one['report_name']}"),
         f"{one['value']:g}", f"{_bound(one['low'])} to {_bound(one['high'])}",
         show.moment(one["began_at"]), show.moment(one["ended_at"]) if one["ended_at"] else "open",
         show.plain(one["seen_by"] or "-"))
        for one in items
    ]  # fmt: skip
    heads = ("id", "figure", "was", "should be", "began", "ended", "seen by")
    show.console().print(show.listing(heads, rows))


def _bound(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"


def _follow(kind: kept.Kind, said: Said, tell: Telling, data: Path | None) -> None:
    name, description, rename = said.name, said.description, said.rename
    body = kept.said(said.file, kind.fields)
    if name is None and (said.delete or body is not None or description is not None):
        raise BadRequest(f"say which {kind.word}: its name or id")
    with connected(data_folder(data)) as client:
        if name is None:
            items = kind.all(client)
            show.document(items) if said.as_json else tell.all(items)
        elif said.delete:
            kind.delete(client, name, said.as_json)
        elif body is not None or rename is not None or description is not None:
            saved = kind.save(client, name, body, rename, description)
            show.document(saved) if said.as_json else tell.kept(saved)
        else:
            tell.one(client, kind.one(client, name))


def _reports(items: list[dict[str, Any]]) -> None:
    rows = [
        (show.plain(one["name"]), one["analysis"],
         show.plain("; ".join(fault["detail"] for fault in one["faults"])), one["id"])
        for one in items
    ]  # fmt: skip
    show.console().print(show.listing(("report", "analysis", "cannot be asked", "id"), rows))


def _report(saved: dict[str, Any]) -> None:
    show.notes().print(f"{show.plain(saved['name'])} is kept ({saved['id']}).")


def _boards(items: list[dict[str, Any]]) -> None:
    rows = [
        (show.plain(one["name"]), show.number(len(one["cards"])),
         f"{one['minutes']} min" if one["minutes"] else "by hand", one["id"])
        for one in items
    ]  # fmt: skip
    show.console().print(show.listing(("dashboard", "cards", "refreshed", "id"), rows, "cards"))


def _cards(one: dict[str, Any]) -> None:
    rows = [
        (show.plain(card["title"] or card["report_name"] or "-"), card["show"], card["name"],
         f"{card['width']}x{card['height']}")
        for card in one["cards"]
    ]  # fmt: skip
    show.console().print(show.listing(("card", "shows", "of it", "size"), rows))
