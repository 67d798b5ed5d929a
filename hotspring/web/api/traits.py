"""Traits: what is known of profiles, of how many, since when."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, may
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

router = Room(prefix="/api/traits", tags=["traits"])
READ = may(Permission.READ_PROFILES)


class TraitLine(Shape):
    """A trait of which something was ever said."""

    name: str
    kind: str = Field(description="That which most of its values have.")
    kinds: dict[str, int] = Field(description="How often a value of each kind was written.")
    writes: int = Field(description="How often it was written.")
    sources: list[str] = Field(description="Who wrote it.")
    first_at: str = Field(description="Since when it is written.")
    last_at: str = Field(description="When it was written last.")
    count: int | None = Field(description="Known profiles that have it, when last counted.")
    known: int | None = Field(description="Of so many known profiles.")
    as_of: str | None = Field(description="The moment of the count.")


class TraitAge(Shape):
    """How many values are no older, and older than those before."""

    days: int | None = Field(description="None for all that are older still.")
    count: int


class TraitValue(Shape):
    """A value that at least five profiles have."""

    value: str
    count: int


class TraitBar(Shape):
    """Values between two numbers or times."""

    low: float | str
    high: float | str
    count: int


class Trait(TraitLine):
    """A trait with how its values are spread over the known profiles."""

    ages: list[TraitAge] = Field(description="By when the value was written last.")
    values: list[TraitValue] = Field(description="The commonest; of lists, what stands in them.")
    bars: list[TraitBar] = Field(description="Of numbers and times.")
    other: int = Field(description="Profiles with a value that is not told.")
    other_kinds: int = Field(description="Profiles whose value is of another kind.")


@router.get("", response_model=Listing[TraitLine], dependencies=[READ])
def traits(desk: AtDesk) -> dict[str, Any]:
    """Which traits are there, of which kind, and how fresh? Counted where that was asked lately."""
    return {"items": desk.pool.traits.all()}


@router.get("/{name:path}", response_model=Trait, dependencies=[READ])
def trait(
    desk: AtDesk, name: Annotated[str, Path(max_length=600, description="As it was answered.")]
) -> dict[str, Any]:
    """How many have a trait, how old is what is known, and how is it spread?"""
    return desk.pool.traits.one(name)
