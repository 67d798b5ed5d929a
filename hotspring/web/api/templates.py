"""Industry templates: what an industry may switch on, tried, switched on, taken off again."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import Body, Path
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AnySorter, AtDesk, Desk, may
from hotspring.web.api.named_shapes import Language
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

router = Room(prefix="/api/templates", tags=["templates"])
READ = may(Permission.READ_PROFILES)
Id = Annotated[str, Path(max_length=64, description="As it was listed: `retail`.")]
Kind = Literal["segment", "tag", "score", "rule"]
ACTIONS: Final[dict[tuple[str, str], Any]] = {
    ("segment", "created"): "segment.created",
    ("segment", "replaced"): "segment.changed",
    ("segment", "deleted"): "segment.deleted",
    ("tag", "created"): "tag.created",
    ("tag", "replaced"): "tag.changed",
    ("tag", "deleted"): "tag.deleted",
    ("score", "created"): "score.created",
    ("score", "replaced"): "score.changed",
    ("score", "deleted"): "score.deleted",
}
"""By kind and outcome, as it is audited where it is done by hand."""


class Template(Shape):
    """What one industry may switch on."""

    id: str
    name: str
    about: str
    size: int = Field(description="Items.")
    on: int = Field(description="Items that are switched on.")
    able: int = Field(description="Items for which this pool has what they need.")


class Name(Shape):
    """What the template names, and what it is called here."""

    key: str
    kind: Literal["event", "property", "trait", "words"]
    title: str
    name: str | None = Field(description="As it is said, else as it was found; null of words.")
    words: list[str] | None = Field(description="Any of which makes a value count.")
    of: list[str] = Field(description="Of a property: the events that should have it.")
    there: bool = Field(description="Has this pool such a thing?")
    seen: int | None = Field(description="Events of the name, or writes of the trait.")
    share: float | None = Field(
        description="Of a property: in which share of its events it is said, by a sample."
    )


class ItemPart(Shape):
    """One rule of an item."""

    label: str = Field(description="The value of a tag, or points.")
    sentence: str


class TemplateItem(Shape):
    """Something that may be switched on."""

    id: str
    kind: Kind
    made: str = Field(description="Id of what it makes, on or off.")
    name: str
    meaning: str
    uses: list[str] = Field(description="Keys of the names that it needs.")
    parts: list[ItemPart]
    state: Literal["off", "on", "changed"] = Field(
        description="`changed`: it is there and asks something else, by hand or by other names."
    )
    ready: bool = Field(description="Has the pool what it needs?")
    problems: list[str] = Field(description="Why not.")
    count: int | None = Field(description="Known profiles it holds of; only of a preview.")
    weighed_by: list[str] = Field(description="Rules in force that look at the same events.")


class TemplateShown(Template):
    """A template with its names and items."""

    as_of: str
    names: list[Name]
    items: list[TemplateItem]


class Called(Shape):
    """What the names of a template are called here."""

    names: dict[str, str | list[str]] = Field(
        default={}, description="By key: a name, or of words a list. Others are looked for."
    )


class Chosen(Shape):
    """Which items."""

    items: list[str] = Field(default=[], max_length=200, description="By id; all if empty.")


class Wanted(Called, Chosen):
    """Which items, by which names."""

    replace: bool = Field(
        default=False, description="Also what is there and asks something else by now."
    )


class Became(Shape):
    """What became of an item."""

    id: str
    kind: Kind
    made: str
    name: str
    outcome: Literal[
        "created", "replaced", "unchanged", "kept", "lacking", "refused", "proposed",
        "not_allowed", "deleted", "absent", "used",
    ] = Field(
        description="`kept`: it asks something else and stays so; `lacking`: the pool has not "
        "what it needs; `proposed`: waits in a preview of the rules; `used`: something names it."
    )  # fmt: skip
    problem: str | None
    preview: str | None = Field(description="Of a proposed rule: what to look at and accept.")


@router.get("", response_model=Listing[Template], dependencies=[READ])
def templates(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which industries have a template, and how much of it could be switched on here?"""
    return {"items": desk.pool.templates.all(lang)}


@router.get("/{id}", response_model=TemplateShown, dependencies=[READ])
def template(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """What does a template hold, in words, and what of it is there and on?"""
    return desk.pool.templates.one(id, {}, lang)


@router.post("/{id}/preview", response_model=TemplateShown, dependencies=[READ])
def preview_template(
    desk: AtDesk, id: Id, body: Annotated[Called, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """What would each item be by these names, and of how many known profiles is it true now?

    Nothing is kept.
    """
    return desk.pool.templates.one(id, body.names, lang, count=True)


@router.post("/{id}/apply", response_model=Listing[Became])
def apply_template(
    desk: AtDesk, by: AnySorter, id: Id, body: Annotated[Wanted, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Switch items on, as if each had been saved by hand; what is on already stays as it is.

    Temperature rules are begun as one preview, where the role may change rules, and are in force
    once it is accepted.
    """
    wanted = (body.names, body.items, body.replace, by.rules, by.name, lang)
    return _told(desk, by.name, id, desk.pool.templates.apply(id, *wanted))


@router.post("/{id}/remove", response_model=Listing[Became])
def remove_template(
    desk: AtDesk, by: AnySorter, id: Id, body: Annotated[Chosen, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Switch items off again, as if each was deleted by hand; what is used stays."""
    done = desk.pool.templates.remove(id, body.items, by.rules, by.name, lang)
    return _told(desk, by.name, id, done)


def _told(desk: Desk, by: str, template: str, done: list[dict[str, Any]]) -> dict[str, Any]:
    for one in done:
        action = ACTIONS.get((one["kind"], one["outcome"]))
        if action is not None:
            desk.audit.record(by, action, one["made"], name=one["name"], template=template)
    return {"items": done}
