"""Concentration: which share of profiles brings which share of revenue."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Body, Query
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, ProfileReader, may
from hotspring.web.api.orders import Asked, Counted
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Shape

router = Room(prefix="/api", tags=["analytics"])
READ = may(Permission.READ_PROFILES)
Everybody = Annotated[bool, Query(description="Count those without an order too.")]


class Point(Shape):
    """The first so many profiles, the best first."""

    profiles: int
    share: float = Field(description="Of all profiles that are counted.")
    revenue: float = Field(description="What they bring.")
    revenue_share: float


class Concentration(Counted):
    """How revenue is spread; who brought less than nothing counts as bringing nothing."""

    profiles: int = Field(description="How many are counted.")
    revenue: float
    gini: float = Field(description="0 where all bring the same, near 1 where one brings all.")
    curve: list[Point] = Field(description="From nobody to everybody; empty without revenue.")
    tops: list[Point] = Field(description="What the best 1, 5, 10, 20 and 50 percent bring.")
    needed: list[Point] = Field(description="The fewest who bring 50, 80 and 90 percent.")


class Among(Shape):
    """Of whom."""

    rule: dict[str, Any] = Field(description="A rule tree, as for segments.")


@router.get("/concentration", response_model=Concentration, dependencies=[READ])
def concentration(desk: AtDesk, counted: Asked, everybody: Everybody = False) -> dict[str, Any]:
    """Which share of profiles brings which share of revenue?"""
    return desk.pool.analytics.concentration(counted, None, everybody)


@router.post("/concentration", response_model=Concentration)
def concentration_among(
    desk: AtDesk,
    by: ProfileReader,
    counted: Asked,
    body: Annotated[Among, Body()],
    everybody: Everybody = False,
) -> dict[str, Any]:
    """The same among those of whom a rule is true."""
    found = desk.pool.analytics.concentration(counted, body.rule, everybody)
    asked = msgspec.json.encode(body.rule, order="deterministic").decode()
    desk.audit.record_personal(by, "profile.searched", asked, by="rule", found=found["profiles"])
    return found
