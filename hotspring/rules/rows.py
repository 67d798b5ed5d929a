"""Which events are those of a step, row by row: the conditions of behaviour without any profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hotspring.rules.catalogue import Catalogue
from hotspring.rules.question import Named, Question
from hotspring.rules.tree import Behaviour, Or


def told_apart(
    leaves: Sequence[Behaviour],
    catalogue: Catalogue,
    now: int,
    keep: Mapping[str, str],
    relation: str,
) -> tuple[str, tuple[str, ...], tuple[Named, ...]]:
    """SQL of DuckDB over a relation of events: the columns to `keep` (Ibis types by name), and as
    `step_0` onwards whether each is one of the events of a leaf.

    Also the columns that it reads beside those, and which of them stand for properties.
    """
    import ibis

    question = Question(Or(of=tuple(leaves)), catalogue, now)
    reads = {
        name: kind for name, kind in question.needs.relations["events"].items() if name != "profile"
    }
    events = ibis.table({**keep, **reads}, name=relation)
    found = events.select(*keep, **conditions(leaves, catalogue, now, events))
    return str(ibis.to_sql(found, dialect="duckdb")), tuple(reads), question.needs.properties


def conditions(
    leaves: Sequence[Behaviour], catalogue: Catalogue, now: int, events: Any
) -> dict[str, Any]:
    """As `step_0` onwards, whether each row of an Ibis table is one of the events of a leaf."""
    from hotspring.rules.behaviour import Behaviours
    from hotspring.rules.passes import Pass

    question = Question(Or(of=tuple(leaves)), catalogue, now)
    behaviours = Behaviours(Pass("events", "name"), question)
    return {f"step_{at}": behaviours.rows(leaf)(events) for at, leaf in enumerate(leaves)}
