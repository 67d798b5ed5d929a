"""Scores: lines that add and subtract points; their spread, and who got what for what."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, ProfileReader, SegmentEditor, may
from hotspring.web.api.named_shapes import (
    Id,
    Kept,
    Language,
    Looked,
    MeasureGiven,
    Naming,
    Spread,
)
from hotspring.web.api.people import Key
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import FoundProfile, Listing, Shape

router = Room(prefix="/api", tags=["scores"])
READ = may(Permission.READ_PROFILES)
Parts = Annotated[int, Query(ge=2, le=20, description="Equal parts that the cuts make.")]


class LineGiven(Shape):
    """Points for whom a rule is true, or for each unit of an amount: one of the two."""

    points: float = Field(description="Below 0 they are taken off.")
    rule: dict[str, Any] | None = Field(default=None, description="A rule tree.")
    amount: MeasureGiven | None = None
    cap: float | None = Field(default=None, description="Of an amount: most points it gives.")
    title: str = Field(default="", max_length=400, description="What people call the line.")


class ScoreLine(LineGiven):
    """A line, and what it asks."""

    sentence: str


class Lines(Shape):
    """What a score is made of."""

    lines: list[LineGiven] = Field(max_length=200)
    floor: float | None = Field(default=None, description="The total is never less.")
    cap: float | None = Field(default=None, description="The total is never more.")


class ScoreGiven(Naming, Lines):
    """What people say of a score."""


class ScoreChanged(ScoreGiven, Looked):
    """The same, and which version was changed."""


class Score(Kept):
    """Lines that add and subtract points, under a name."""

    lines: list[ScoreLine]
    floor: float | None
    cap: float | None


class Cut(Shape):
    """Where a share of the profiles parts from the rest."""

    share: float = Field(description="At least this share lies below.")
    value: float


class LineSpread(Shape):
    """A line, and to how many it gives or takes anything."""

    profiles: int
    sentence: str


class TopProfile(FoundProfile):
    """A profile with its points."""

    points: float


class ScoreSpread(Spread):
    """How the points are spread over the known profiles."""

    cuts: list[Cut] = Field(description="Suggested: each is the least number above its quantile.")
    lines: list[LineSpread]
    top: list[TopProfile] = Field(description="Those with the most points.")


class LinePoints(Shape):
    """What a line gave a profile."""

    title: str
    points: float


class ScorePoints(Shape):
    """The points of a profile; the lines and what was limited come to them."""

    id: str
    name: str
    points: float | None = Field(description="None of an anonymous profile.")
    lines: list[LinePoints]
    limited: float = Field(description="What floor or cap gave or took.")


class Explanation(ScorePoints):
    """The points of one profile, explained."""

    as_of: str
    profile: str


class ProfileScores(Shape):
    """Every score of one profile, explained."""

    as_of: str
    profile: str
    items: list[ScorePoints]


@router.get("/scores", response_model=Listing[Score], dependencies=[READ])
def scores(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which scores are there?"""
    return {"items": desk.pool.scores.all(lang)}


@router.post("/scores", response_model=Score, status_code=201)
def create_score(
    desk: AtDesk, by: SegmentEditor, body: Annotated[ScoreGiven, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep lines under a name."""
    saved = desk.pool.scores.save("", body.model_dump(), by, lang)
    desk.audit.record(by, "score.created", saved["id"], name=saved["name"])
    return saved


@router.post("/scores/preview", response_model=ScoreSpread)
def preview_score(
    desk: AtDesk,
    by: ProfileReader,
    body: Annotated[Lines, Body()],
    parts: Parts = 5,
    lang: Language = "zh",
) -> dict[str, Any]:
    """How would these lines spread over everybody? Nothing is kept.

    A line that cannot be used is refused with all faults in `errors`, each with its place.
    """
    found = desk.pool.scores.preview(body.model_dump(), _shares(parts), lang)
    desk.audit.record_personal(by, "profile.searched", "", by="score", found=len(found["top"]))
    return found


@router.get("/scores/{id}", response_model=Score, dependencies=[READ])
def score(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """What gives and takes the points of a score?"""
    return desk.pool.scores.one(id, lang)


@router.put("/scores/{id}", response_model=Score)
def change_score(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[ScoreChanged, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Change name, description and lines. What names the score goes on doing so."""
    saved = desk.pool.scores.save(
        id, body.model_dump(exclude={"version"}), by, lang, version=body.version
    )
    desk.audit.record(by, "score.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.delete("/scores/{id}", status_code=204)
def delete_score(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a score. Refused where something names it, with the names of what does."""
    name = desk.pool.scores.delete(id, by)
    desk.audit.record(by, "score.deleted", id, name=name)


@router.get("/scores/{id}/distribution", response_model=ScoreSpread)
def score_distribution(
    desk: AtDesk, by: ProfileReader, id: Id, parts: Parts = 5, lang: Language = "zh"
) -> dict[str, Any]:
    """How are the points spread, where would equal parts be cut, and who has most?"""
    found = desk.pool.scores.distribution(id, _shares(parts), lang)
    desk.audit.record_personal(by, "profile.searched", id, by="score", found=len(found["top"]))
    return found


@router.get("/scores/{id}/profiles/{key:path}", response_model=Explanation)
def explain_score(
    desk: AtDesk, by: ProfileReader, id: Id, key: Key, lang: Language = "zh"
) -> dict[str, Any]:
    """What did each line give this profile?"""
    found = desk.pool.scores.explain(id, key, lang)
    desk.audit.record_personal(by, "profile.opened", found["profile"], part="score")
    return found


@router.get("/profiles/{key:path}/scores", response_model=ProfileScores)
def profile_scores(
    desk: AtDesk, by: ProfileReader, key: Key, lang: Language = "zh"
) -> dict[str, Any]:
    """How many points has this profile by each score, and for what?"""
    found = desk.pool.scores.of_profile(key, lang)
    desk.audit.record_personal(by, "profile.opened", found["profile"], part="scores")
    return found


def _shares(parts: int) -> list[float]:
    return [at / parts for at in range(1, parts)]
