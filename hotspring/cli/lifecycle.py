"""`lifecycle`: in which stage everybody is."""

from __future__ import annotations

import enum
from typing import Annotated, Any

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
        By | None, typer.Option(help="What it is to be active: to order, or to do anything.")
    ] = None,
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
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep this pace: segments and pages follow it.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last change of the pace back.")
    ] = False,
    orders: Ordered = None,
    at: At = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """New, active, loyal, sleeping, lost or returned: everybody is in exactly one stage."""
    asked = {
        "by": None if by is None else by.value, "new": new, "sleeping": sleeping, "lost": lost,
        "loyal": loyal, "back": back, "orders": orders, "at": at,
    }  # fmt: skip
    with connected(data_folder(data)) as client:
        if undo:
            client.post("/api/lifecycle/pace/undo", {})
        found = client.get("/api/lifecycle", **asked)
        if keep:
            names = [name.strip() for name in (orders or "").split(",") if name.strip()]
            client.put("/api/lifecycle/pace", {"by": found["by"], **found["pace"], "orders": names})
            found = client.get("/api/lifecycle", **asked)
    if as_json:
        show.document(found)
        return
    _table(found)


def _table(found: dict[str, Any]) -> None:
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
        f"{show.number(found['gaps'])} gaps; {show.number(found['never'])} were never active; "
        f"{'the pace of the pool' if found['kept'] else 'not the pace of the pool'}; "
        f"{show.moment(found['as_of'])}"
    )
