"""Discovered groups: profiles that are alike, found by their traits, described, kept as a tag."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import Field

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, SegmentEditor, may
from hotspring.web.api.named_shapes import Id, Kept, Language, Looked, Naming
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

router = Room(prefix="/api", tags=["clusters"])
READ = may(Permission.READ_PROFILES)


class ClusteringGiven(Naming):
    """By which traits groups are to be found, and how many."""

    traits: list[dict[str, Any]] = Field(
        max_length=100,
        description="Objects with one key: trait (name), temperature, band, score (id), tag (id), "
        "tier (id), lifecycle, rfm (figure: recency, frequency or monetary), or behaviour as the "
        "leaf of a rule, without `op` and `value`.",
    )
    count: int = Field(default=0, ge=0, le=100, description="Groups; 0: as many as part best.")
    daily: bool = Field(default=False, description="Found anew each day.")
    names: dict[str, str] = Field(
        default_factory=dict, max_length=100, description="New names of groups, by id."
    )


class ClusteringChanged(ClusteringGiven, Looked):
    """The same, and which version was changed."""


class ClusterFact(Shape):
    """What sets a group apart in one trait."""

    label: str
    value: str | None = Field(description="Of which the share is told; null of a number.")
    members: float = Field(description="Mean, or share, in the group.")
    rest: float = Field(description="The same of all others.")
    effect: float = Field(description="Cohen's d of a number as it was read, Cohen's h of a share.")
    sentence: str


class ClusterGroup(Shape):
    """One of the groups that were found."""

    id: str = Field(description="Stays, like name and colour, while the group is the same one.")
    name: str
    colour: int
    profiles: int
    share: float = Field(description="Of all known profiles.")
    temperature: float | None = Field(description="Mean, in °C.")
    facts: list[ClusterFact] = Field(description="The greatest effect first.")


class ClusterRead(Shape):
    """How a trait was read."""

    label: str
    known: float = Field(description="Share of the profiles of whom it is known.")
    log: bool = Field(description="By its logarithm, since it is skewed.")
    words: int = Field(description="Values that stand for themselves; 0 of a number.")
    unused: Literal["unknown", "same"] | None = Field(
        description="Why it tells nobody apart: too few have it, or all alike."
    )


class ClusterTried(Shape):
    """A number of groups that was tried."""

    groups: int
    silhouette: float


class ClusterMoved(Shape):
    """What the last refresh changed."""

    compared: int = Field(description="Profiles that were in a group before, and are in one now.")
    profiles: int = Field(description="Those that changed the group.")
    gone: list[str] = Field(description="Names of the groups that are not there any more.")


class ClustersFound(Shape):
    """What was found."""

    as_of: str
    profiles: int
    sample: int = Field(description="Learnt from so many; the others went to the nearest centre.")
    silhouette: float = Field(description="-1 to 1: how much nearer everybody is to their own.")
    shuffled: float = Field(description="The same with each trait dealt out anew.")
    clear: Literal["strong", "fair", "weak", "none"] = Field(
        description="`none`: no groups are there, this is a mere parting."
    )
    tried: list[ClusterTried]
    read: list[ClusterRead]
    groups: list[ClusterGroup]
    moved: ClusterMoved | None = Field(description="Null after the first run.")


class Clustering(Kept):
    """Traits, and the groups that were found by them."""

    traits: list[dict[str, Any]]
    labels: list[str] = Field(description="What the traits are called.")
    count: int
    daily: bool
    tag: str | None = Field(description="The id of the tag that says who is in which group.")
    tag_name: str | None
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = Field(description="0 to 1.")
    error: str = Field(description="Why the last run failed, and what to do.")
    found: ClustersFound | None


class TagNamed(Shape):
    """What the tag is to be called."""

    name: str = Field(default="", max_length=400, description="Without one: as the clustering.")


@router.get("/clusters", response_model=Listing[Clustering], dependencies=[READ])
def clusters(desk: AtDesk, lang: Language = "zh") -> dict[str, Any]:
    """Which groups were discovered?"""
    return {"items": desk.pool.clusters.all(lang)}


@router.post("/clusters", response_model=Clustering, status_code=201)
def create_clusters(
    desk: AtDesk, by: SegmentEditor, body: Annotated[ClusteringGiven, Body()], lang: Language = "zh"
) -> dict[str, Any]:
    """Keep which traits to look at, and find the groups beside everything else.

    New groups are named in the language asked for.
    """
    saved = desk.pool.clusters.save("", body.model_dump(), by, lang)
    desk.audit.record(by, "clusters.created", saved["id"], name=saved["name"])
    return saved


@router.get("/clusters/{id}", response_model=Clustering, dependencies=[READ])
def one_clustering(desk: AtDesk, id: Id, lang: Language = "zh") -> dict[str, Any]:
    """Which groups were found, what sets each apart, and how far is the run under way?"""
    return desk.pool.clusters.one(id, lang)


@router.put("/clusters/{id}", response_model=Clustering)
def change_clusters(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[ClusteringChanged, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Change names, traits, number. Other traits or another number: the groups are found anew."""
    saved = desk.pool.clusters.save(
        id, body.model_dump(exclude={"version"}), by, lang, version=body.version
    )
    desk.audit.record(by, "clusters.changed", id, name=saved["name"], version=saved["version"])
    return saved


@router.delete("/clusters/{id}", status_code=204)
def delete_clusters(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget it. The tag that it gave stays."""
    name = desk.pool.clusters.delete(id, by)
    desk.audit.record(by, "clusters.deleted", id, name=name)


@router.post("/clusters/{id}/refresh", response_model=Clustering)
def refresh_clusters(
    desk: AtDesk, by: SegmentEditor, id: Id, lang: Language = "zh"
) -> dict[str, Any]:
    """Find the groups anew. What is the same group keeps its name, colour and id."""
    started = desk.pool.clusters.refresh(id, by, lang)
    desk.audit.record(by, "clusters.refreshed", id)
    return started


@router.post("/clusters/{id}/cancel", response_model=Clustering)
def cancel_clusters(
    desk: AtDesk, by: SegmentEditor, id: Id, lang: Language = "zh"
) -> dict[str, Any]:
    """End the run under way; what was found before stays."""
    return desk.pool.clusters.cancel(id, lang)


@router.post("/clusters/{id}/tag", response_model=Clustering)
def tag_clusters(
    desk: AtDesk,
    by: SegmentEditor,
    id: Id,
    body: Annotated[TagNamed, Body()],
    lang: Language = "zh",
) -> dict[str, Any]:
    """Put who is in which group on the profiles, as a tag that follows every refresh."""
    told = desk.pool.clusters.tag(id, body.name, by, lang)
    desk.audit.record(by, "clusters.tagged", id, tag=told["tag"])
    return told
