"""The tag of a clustering: it says who is in which group, and follows what is found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hotspring.clusters import Clustering
from hotspring.pool.tags import Tags


def standing(tags: Tags, said: Clustering, slots: np.ndarray) -> np.ndarray | None:
    """int32: in which group these slots are by the tag, -1 in none; None where there is no tag."""
    if said.found is None or not said.tag:
        return None
    words, held = tags.held(said.tag)
    place = {one.name: at for at, one in enumerate(said.found.groups)}
    codes = np.array([place.get(word, -1) for word in words], np.int32)
    size = 1 + max(int(slots.max(initial=-1)), int(held.slots.max(initial=-1)))
    by_slot = np.full(size, -1, np.int32)
    by_slot[held.slots] = codes[held.codes]
    return np.asarray(by_slot[slots])


def follow(tags: Tags, said: Clustering, slots: np.ndarray, codes: np.ndarray, by: str) -> None:
    """Bring the tag up to what was found. Values that nobody has any more stay, for what names
    them."""
    if said.found is None or not said.tag:
        return
    names = [one.name for one in said.found.groups]
    words = _words(tags, said.tag)
    _keep(tags, said.tag, [*words, *(name for name in names if name not in words)], by)
    tags.assign(said.tag, slots, codes, names, by)


def reword(tags: Tags, old: Clustering, new: Clustering, by: str) -> None:
    """Carry new names of groups into the tag. `Conflict` where something names an old one."""
    if old.found is None or new.found is None or not new.tag:
        return
    pairs = zip(old.found.groups, new.found.groups, strict=True)
    changed = {a.name: b.name for a, b in pairs if a.name != b.name}
    if not changed:
        return
    words, held = tags.held(new.tag)
    after = [changed.get(word, word) for word in words]
    _keep(tags, new.tag, list(dict.fromkeys(after)), by)
    tags.assign(new.tag, held.slots, held.codes, after, by)


def _words(tags: Tags, id_: str) -> list[str]:
    return [one["value"] for one in tags.one(id_, "zh", count=False)["values"]]


def _keep(tags: Tags, id_: str, words: Sequence[str], by: str) -> None:
    there = tags.one(id_, "zh", count=False)
    if [one["value"] for one in there["values"]] == list(words):
        return
    said = {name: there[name] for name in ("name", "description", "owner", "kind")}
    tags.save(id_, {**said, "values": [{"value": word} for word in words]}, by, "zh")
