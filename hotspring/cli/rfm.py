"""`rfm`: customers by how lately, how often and for how much they ordered."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from hotspring.cli import saving, show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.settings import data_folder

ZH = {
    "important_value": "重要价值", "important_develop": "重要发展",
    "important_keep": "重要保持", "important_win_back": "重要挽留",
    "general_value": "一般价值", "general_develop": "一般发展",
    "general_keep": "一般保持", "general_win_back": "一般挽留",
}  # fmt: skip


class By(enum.StrEnum):
    """How thresholds are found."""

    mean = "mean"
    quantile = "quantile"
    hand = "hand"


Ordered = Annotated[
    str | None, typer.Option("--orders", help="Events that are orders, separated by commas.")
]
Refunded = Annotated[
    str | None, typer.Option("--refunds", help="Events whose money is taken off; empty for none.")
]
Field = Annotated[str, typer.Option(help="Where the money is: amount or properties.NAME.")]
Currency = Annotated[str | None, typer.Option(help="In which amounts are read.")]
Days = Annotated[int, typer.Option(min=0, help="Length of the window; 0 for ever.")]
At = Annotated[str | None, typer.Option(help="A past moment instead of now.")]


def rfm(
    orders: Ordered = None,
    refunds: Refunded = None,
    field: Field = "amount",
    currency: Currency = None,
    days: Days = 365,
    at: At = None,
    by: Annotated[By, typer.Option(help="How thresholds are found.")] = By.mean,
    share: Annotated[
        float, typer.Option(help="By quantile: the share of customers that is low.")
    ] = 0.5,
    high_days: Annotated[
        int | None, typer.Option(help="By hand: recent is at most so many days.")
    ] = None,
    high_orders: Annotated[
        float | None, typer.Option(help="By hand: frequent is at least so many orders.")
    ] = None,
    high_amount: Annotated[
        float | None, typer.Option(help="By hand: much is at least so much money.")
    ] = None,
    recency: Annotated[
        str | None, typer.Option(help="Four numbers of days that part the grades.")
    ] = None,
    frequency: Annotated[
        str | None, typer.Option(help="Four numbers of orders that part the grades.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="An earlier moment: who moved between classes since?")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Every customer as CSV into this file.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Customers by recency, frequency and money: eight classes and a grid."""
    asked = {
        "orders": orders, "refunds": refunds, "field": field, "currency": currency, "days": days,
        "at": at, "by": by.value, "share": share, "high_days": high_days,
        "high_orders": high_orders, "high_amount": high_amount, "recency": recency,
        "frequency": frequency, "since": since,
    }  # fmt: skip
    with connected(data_folder(data)) as client:
        if out is not None:
            saving.download(client, "/api/export/rfm", out, as_json, **asked)
            return
        found = client.get("/api/rfm", **asked)
    if as_json:
        show.document(found)
        return
    _tables(found)


def _tables(found: dict[str, Any]) -> None:
    out, cuts = show.console(), found["thresholds"]
    money = found["currency"]
    rows = [
        (
            f"{ZH[one['name']]} {one['name']}",
            show.number(one["customers"]),
            f"{one['share']:.1%}",
            show.number(float(one["revenue"])),
            "-" if one["revenue_share"] is None else f"{one['revenue_share']:.1%}",
        )
        for one in found["classes"]
    ]
    columns = ("class", "customers", "of all", f"revenue {money}".strip(), "of revenue")
    out.print(show.listing(columns, rows, " ".join(columns[1:])))
    cells = {one["name"]: show.number(one["customers"]) for one in found["grid"]}
    grades = range(5, 0, -1)
    grid = [(f"recency_{r}", *(cells[f"{r}-{f}"] for f in grades)) for r in grades]
    heads = [f"frequency_{f}" for f in grades]
    out.print(show.listing(["", *heads], grid, " ".join(heads)))
    for move in found["moves"][:20]:
        if move["from"] != move["to"]:
            out.print(f"{move['from']} > {move['to']}: {show.number(move['customers'])}")
    show.notes().print(
        f"{show.number(found['customers'])} customers of {show.number(found['profiles'])} known "
        f"profiles; recent: at most {cuts['days']} days, frequent: at least {cuts['orders']:g} "
        f"orders, much: at least {cuts['amount']:,.2f} {money}; {show.moment(found['as_of'])}"
    )
