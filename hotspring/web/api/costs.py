"""Costs: what was paid to reach people, imported, written by hand and taken back."""

from typing import Annotated, Any, Final

from fastapi import Body, Query, Request
from pydantic import Field

from hotspring.web.api import lists, paging
from hotspring.web.api.desk import AtDesk, ProfileReader, SegmentEditor
from hotspring.web.api.named_shapes import Id
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Page, Shape
from hotspring.web.api.sheets import SHEET, Form, sheet

router = Room(prefix="/api/costs", tags=["costs"])

COLUMNS: Final = (
    "from", "until", "channel", "utm_source", "utm_medium", "utm_campaign", "amount", "currency",
)  # fmt: skip
Word = Annotated[str, Field(max_length=400)]


class CostWords(Shape):
    """For what it was paid: dimensions of events."""

    channel: Word = ""
    utm_source: Word = ""
    utm_medium: Word = ""
    utm_campaign: Word = ""


class CostGiven(CostWords):
    """A cost as it is written."""

    first: str = Field(alias="from", max_length=40, description="The first day: 2026-01-31.")
    until: str = Field(default="", max_length=40, description="The last day; empty: the first.")
    amount: float = Field(description="In its own currency, not below 0.")
    currency: str = Field(default="", max_length=16, description="Empty: that of the pool.")


class Cost(CostWords):
    """A cost that stands."""

    id: str
    first: str = Field(alias="from", description="The first day.")
    until: str = Field(description="The last day, included; all of them share it evenly.")
    amount: float
    currency: str
    import_id: str = Field(description="Of the list it came with; empty: written by hand.")
    import_name: str
    created_at: str
    by: str


class CostList(Shape):
    """A list of costs that came in, and what of it stands."""

    id: str
    name: str
    rows: int = Field(description="That stand; 0 where it was taken back.")
    all_rows: int
    first: str = Field(alias="from")
    until: str
    amounts: dict[str, float] = Field(description="What stands, by currency.")
    created_at: str
    by: str


class RefusedCost(Shape):
    """A row that cannot be used."""

    row: int = Field(description="Of a file: counted with its heading, which is the first.")
    code: str = Field(description="`day`, `window`, `amount`, `currency`, `channel` or `repeated`.")
    reason: str


class AddedCosts(Shape):
    """What became of some costs."""

    id: str = Field(description="Of the list, by which it can be taken back; else empty.")
    usable: int = Field(description="Rows that were added, or would be.")
    refused: list[RefusedCost]
    amount: float = Field(description="Of the usable rows, in the currency of the pool.")
    currency: str
    first: str | None = Field(alias="from")
    until: str | None
    columns: dict[str, str] = Field(
        default_factory=dict, description="Of a file: which heading each field was read from."
    )
    lacks: list[str] = Field(
        default_factory=list, description="Of a file that is tried: needed fields without a column."
    )
    headings: list[str] = Field(default_factory=list, description="Of all columns of a file.")
    sample: list[list[str]] = Field(
        default_factory=list, description="The first rows of a file as they stand."
    )


class ChangedCosts(Shape):
    """How many costs were changed."""

    changed: int


@router.get("", response_model=Page[Cost])
def costs(
    desk: AtDesk,
    by: ProfileReader,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    list_id: Annotated[
        str, Query(alias="list", max_length=64, description="Only those of one list.")
    ] = "",
) -> dict[str, Any]:
    """What was paid to reach people, the latest first?"""
    rows, following = desk.pool.costs.page(limit, cursor, list_id)
    return paging.page(rows, following)


@router.post("", response_model=AddedCosts, status_code=201)
def add_costs(
    desk: AtDesk,
    by: SegmentEditor,
    costs: Annotated[list[CostGiven], Body(embed=True, max_length=5_000)],
) -> dict[str, Any]:
    """Add costs that were written by hand."""
    rows = [
        {name: str(value) for name, value in one.model_dump(by_alias=True).items()}
        for one in costs
    ]  # fmt: skip
    found = desk.pool.costs.add(rows, by)
    desk.audit.record(by, "cost.added", "", count=found["usable"])
    return found


@router.post(
    "/import",
    response_model=AddedCosts,
    status_code=201,
    openapi_extra=lists.sent("from, amount, utm_source"),
)
async def import_costs(
    request: Request,
    desk: AtDesk,
    by: SegmentEditor,
    chosen: lists.Maps,
    name: lists.FileName = "list.csv",
    dry_run: lists.DryRun = False,
) -> dict[str, Any]:
    """Add the costs of a list, with a verdict for each row that cannot be used."""
    body, maps = await lists.body_of(request), lists.chosen(chosen)
    found = desk.pool.costs.upload(body, name, maps, by, dry_run)
    if not dry_run:
        desk.audit.record(by, "cost.imported", found["id"], name=name, count=found["usable"])
    return found


@router.get("/lists", response_model=Listing[CostList])
def cost_lists(desk: AtDesk, by: ProfileReader) -> dict[str, Any]:
    """Which lists of costs came in, and what of them stands?"""
    return {"items": desk.pool.costs.lists()}


@router.delete("/lists/{id}", response_model=ChangedCosts)
def undo_cost_list(desk: AtDesk, by: SegmentEditor, id: Id) -> dict[str, Any]:
    """Take back all that came with a list; it can be brought back."""
    count = desk.pool.costs.undo(id)
    desk.audit.record(by, "cost.deleted", id, count=count)
    return {"changed": count}


@router.post("/lists/{id}/restore", response_model=ChangedCosts)
def restore_cost_list(desk: AtDesk, by: SegmentEditor, id: Id) -> dict[str, Any]:
    """Bring back what of a list was taken back last."""
    count = desk.pool.costs.redo(id)
    desk.audit.record(by, "cost.restored", id, count=count)
    return {"changed": count}


@router.get("/export", **SHEET)
def export_costs(desk: AtDesk, by: ProfileReader, form: Form = "csv") -> Any:
    """All costs as a file that can be imported again."""
    desk.audit.record(by, "cost.exported", "")
    return sheet(desk.pool.costs.portions(), form, "costs", COLUMNS)


@router.delete("/{id}", status_code=204)
def delete_cost(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Take out one cost; it can be brought back."""
    desk.pool.costs.delete(id)
    desk.audit.record(by, "cost.deleted", id, count=1)


@router.post("/{id}/restore", response_model=ChangedCosts)
def restore_cost(desk: AtDesk, by: SegmentEditor, id: Id) -> dict[str, Any]:
    """Bring back a cost that was taken out."""
    desk.pool.costs.restore(id)
    desk.audit.record(by, "cost.restored", id, count=1)
    return {"changed": 1}
