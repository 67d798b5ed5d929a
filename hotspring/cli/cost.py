"""`cost`: what was paid to reach people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder

costs = typer.Typer(no_args_is_help=True, help="Costs of channels and campaigns.")

WORDS = ("channel", "utm_source", "utm_medium", "utm_campaign")


@costs.command("list")
def list_costs(
    number: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="At most.")] = 50,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """The costs, the latest first."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/costs", limit=number)["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            one["id"][:8], one["from"], one["until"],
            show.plain(" / ".join(one[word] for word in WORDS if one[word])),
            show.number(one["amount"]), one["currency"], show.plain(one["import_name"] or "-"),
        )
        for one in found
    ]  # fmt: skip
    columns = ("id", "from", "until", "for", "amount", "currency", "list")
    show.console().print(show.listing(columns, rows, "amount"))


@costs.command("add")
def add_cost(
    amount: Annotated[float, typer.Argument(help="What was paid.")],
    first: Annotated[str, typer.Option("--from", help="The day, or the first of several.")],
    until: Annotated[str, typer.Option(help="The last day.")] = "",
    channel: Annotated[str, typer.Option(help="For which channel.")] = "",
    utm_source: Annotated[str, typer.Option(help="For which source.")] = "",
    utm_medium: Annotated[str, typer.Option(help="For which medium.")] = "",
    utm_campaign: Annotated[str, typer.Option(help="For which campaign.")] = "",
    currency: Annotated[str, typer.Option(help="Else that of the pool.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add one cost."""
    words = zip(WORDS, (channel, utm_source, utm_medium, utm_campaign), strict=True)
    one = {"from": first, "until": until, "amount": amount, "currency": currency, **dict(words)}
    with connected(data_folder(data)) as client:
        found = client.post("/api/costs", {"costs": [one]})
    _added(found, as_json)


@costs.command("import")
def import_costs(
    file: Annotated[Path, typer.Argument(help="CSV or Excel with from, amount and utm_source.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="A column that is not to be guessed."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report only.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Add the costs of a list, with a verdict for each row that cannot be used."""
    asked = {"name": file.name, "map": mapping or [], "dry_run": dry_run}
    with connected(data_folder(data)) as client:
        found = client.upload("/api/costs/import", iter([file.read_bytes()]), **asked)
    for field in () if as_json else found["lacks"]:
        show.notes().print(f"{field}: no column; say --map {field}=COLUMN")
    _added(found, as_json, "would be added" if dry_run else "were added")


def _added(found: dict[str, Any], as_json: bool, what: str = "were added") -> None:
    if as_json:
        show.document(found)
        return
    told = f"{show.number(found['amount'])} {found['currency']}"
    show.console().print(f"{show.number(found['usable'])} costs {what}, {told} in all.")
    if found["id"]:
        show.console().print(f"To take them back: hotspring cost undo {found['id']}")
    for row in found["refused"]:
        show.notes().print(f"row {row['row']}: {show.plain(row['reason'])}")


@costs.command("lists")
def cost_lists(data: Data = None, as_json: Json = False) -> None:
    """The lists that came in, and how many of their rows stand."""
    with connected(data_folder(data)) as client:
        found = client.get("/api/costs/lists")["items"]
    if as_json:
        show.document(found)
        return
    rows = [
        (
            one["id"], show.plain(one["name"]), one["from"], one["until"],
            f"{show.number(one['rows'])} of {show.number(one['all_rows'])}",
        )
        for one in found
    ]  # fmt: skip
    columns = ("id", "list", "from", "until", "rows")
    show.console().print(show.listing(columns, rows, "rows"))


@costs.command("undo")
def undo(
    id: Annotated[str, typer.Argument(help="Of the list, as `cost lists` tells it.")],
    data: Data = None,
) -> None:
    """Take back all that came with a list."""
    with connected(data_folder(data)) as client:
        client.delete(f"/api/costs/lists/{id}")
    show.console().print("The list was taken back.")


@costs.command("delete")
def delete(
    id: Annotated[str, typer.Argument(help="Of the cost, as `cost list --json` tells it.")],
    data: Data = None,
) -> None:
    """Take out one cost."""
    with connected(data_folder(data)) as client:
        client.delete(f"/api/costs/{id}")
    show.console().print("The cost was deleted.")


@costs.command("export")
def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    data: Data = None,
) -> None:
    """All costs as CSV, which can be imported again."""
    with connected(data_folder(data)) as client, out.open("wb") as file:
        client.download("/api/costs/export", file, format="csv")
