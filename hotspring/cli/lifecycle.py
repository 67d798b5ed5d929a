"""`lifecycle`: in which stage everybody is."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.cli.rfm import At, Ordered
from hotspring.settings import data_folder

ZH = {
    "new": "新用户", "active": "活跃", "loyal": "忠诚", "sleeping": "沉睡", "lost": "流失",
    "returned": "回流",
}  # fmt: skip


class By(enum.StrEnum):
    """What it is to be active."""

    orders = "orders"
    visits = "visits"


def lifecycle(
    by: Annotated[
        By, typer.Option(help="What it is to be active: to order, or to do anything.")
    ] = By.orders,
    new: Annotated[
        int | None, typer.Option(help="Days after the first that somebody is new.")
    ] = None,
    sleeping: Annotated[
        int | None, typer.Option(help="Days of silence after which somebody sleeps.")
    ] = None,
    lost: Annotated[
        int | None, typer.Option(help="Days of silence after which somebody is lost.")
    ] = None,
    loyal: Annotated[int | None, typer.Option(help="Active days that make somebody loyal.")] = None,
    back: Annotated[
        int, typer.Option(min=0, help="Compared with so many days before; 0 for nothing.")
    ] = 0,
    orders: Ordered = None,
    at: At = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """New, active, loyal, sleeping, lost or returned: everybody is in exactly one stage."""
    asked = {
        "by": by.value, "new": new, "sleeping": sleeping, "lost": lost, "loyal": loyal,
        "back": back, "orders": orders, "at": at,
    }  # fmt: skip
    with connected(data_folder(data)) as client:
        found = client.get("/api/lifecycle", **asked)
    if as_json:
        show.document(found)
        return
    rows = [
        (f"{ZH[one['name']]} {one['name']}", show.number(one["profiles"]), f"{one['share']:.1%}")
        for one in found["stages"]
    ]
    out = show.console()
    out.print(show.listing(("stage", "profiles", "of all"), rows, "profiles of all"))
    for move in found["moves"][:20]:
        if move["from"] != move["to"]:
            out.print(f"{move['from']} > {move['to']}: {show.number(move['profiles'])}")
    pace = found["pace"]
    show.notes().print(
        f"new for {pace['new']} days, sleeping after {pace['sleeping']} days, lost after "
        f"{pace['lost']}, loyal from {pace['loyal']} active days on; "
        f"{show.number(found['gaps'])} gaps; {show.moment(found['as_of'])}"
    )
