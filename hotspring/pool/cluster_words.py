"""A clustering as it is answered: its traits and groups in words, and how far a run is."""

from __future__ import annotations

from typing import Any, Protocol

from hotspring.clusters import Clustering, words
from hotspring.named import Kept
from hotspring.pool.moments import iso
from hotspring.pool.scores import named
from hotspring.rules import Catalogue


class Run(Protocol):
    """A run, how far it is."""

    @property
    def state(self) -> str: ...
    @property
    def progress(self) -> float: ...
    @property
    def error(self) -> str: ...


def told(
    kept: Kept[Clustering], run: Run | None, there: Catalogue, language: Any
) -> dict[str, Any]:
    """All of it, in one language."""
    said = kept.said
    labels = [words.label(one, there.title, language) for one in said.traits]
    return {
        **named(kept, there),
        "traits": list(said.traits),
        "labels": labels,
        "count": said.count,
        "daily": said.daily,
        "tag": said.tag or None,
        "tag_name": there.title(said.tag) if said.tag else None,
        "state": run.state if run else "done" if said.found else "cancelled",
        "progress": round(run.progress, 4) if run else float(said.found is not None),
        "error": run.error if run else "",
        "found": _found(said, labels, language) if said.found else None,
    }


def _found(said: Clustering, labels: list[str], language: Any) -> dict[str, Any]:
    found = said.found
    assert found is not None
    return {
        "as_of": iso(found.at_ms),
        "profiles": found.profiles,
        "sample": found.sample,
        "silhouette": found.silhouette,
        "shuffled": found.shuffled,
        "clear": found.clear,
        "tried": [{"groups": count, "silhouette": value} for count, value in found.tried],
        "read": [
            {"label": label, "known": one.known, "log": one.log, "words": one.words,
             "unused": one.unused or None}
            for label, one in zip(labels, found.read, strict=True)
        ],
        "groups": [
            {
                "id": one.id, "name": one.name, "colour": one.colour, "profiles": one.size,
                "share": one.size / found.profiles if found.profiles else 0.0,
                "temperature": one.temperature,
                "facts": [
                    {
                        "label": labels[fact.input],
                        "value": None if fact.word is None
                        else words.word(said.traits[fact.input], fact.word, language),
                        "members": fact.members, "rest": fact.rest, "effect": fact.effect,
                        "sentence": words.said(
                            fact, said.traits[fact.input], labels[fact.input], language
                        ),
                    }
                    for fact in one.facts
                ],
            }
            for one in found.groups
        ],
        "moved": None if found.moved is None else {
            "compared": found.moved.compared, "profiles": found.moved.profiles,
            "gone": list(found.moved.gone),
        },
    }  # fmt: skip
