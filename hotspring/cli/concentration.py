"""`concentration`: which share of profiles brings which share of revenue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.cli.rfm import At, Currency, Days, Field, Ordered, Refunded
from hotspring.errors import BadRequest
from hotspring.settings import data_folder


def concentration(
    rule: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only those of whom this rule is true, as JSON."),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Count those without an order too.")
    ] = False,
    orders: Ordered = None,
    refunds: Refunded = None,
    field: Field = "amount",
    currency: Currency = None,
    days: Days = 365,
    at: At = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Which share of profiles brings which share of revenue."""
    asked = {
        "orders": orders, "refunds": refunds, "field": field, "currency": currency, "days": days,
        "at": at, "everybody": everybody,
    }  # fmt: skip
    with connected(data_folder(data)) as client:
        if rule is None:
            found = client.get("/api/concentration", **asked)
        else:
            found = client.post("/api/concentration", {"rule": _read(rule)}, **asked)
    if as_json:
        show.document(found)
        return
    rows = [
        (f"{one['share']:.1%}", show.number(one["profiles"]), f"{one['revenue_share']:.1%}",
         show.number(one["revenue"]))
        for one in [*found["tops"], *found["needed"]]
    ]  # fmt: skip
    columns = ("of profiles", "profiles", "of revenue", f"revenue {found['currency']}".strip())
    show.console().print(show.listing(columns, rows, " ".join(columns)))
    show.notes().print(
        f"{show.number(found['profiles'])} profiles, {show.number(found['revenue'])} "
        f"{found['currency']}, Gini {found['gini']:.3f}; {show.moment(found['as_of'])}"
    )


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise BadRequest(f"{file.name} cannot be read as JSON: {error}") from error
