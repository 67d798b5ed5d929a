"""Clusterings in memory, whose groups are found at once, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from hotspring.clusters import Clustering, Input, Pool, clusterings, find
from hotspring.errors import Conflict
from hotspring.pool.cluster_words import told
from hotspring.rules import Catalogue


class FakeClusters:
    """A hundred profiles, half of them cold."""

    def __init__(self) -> None:
        self.book = clusterings()

    def all(self, language: Any) -> list[dict[str, Any]]:
        return [self.one(one.id, language) for one in self.book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        return told(self.book.one(id_), None, Catalogue(), language)

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        self.book.unchanged(id_, version)
        if id_:
            self.book.one(id_)
        own = id_ or f"x_{self.book.seq}"
        said = {name: value for name, value in said.items() if name != "names"}
        given = Clustering.of(said, own).checked()
        self.book.checked(own, given.name, given.description)
        degrees = np.repeat([-20.0, 80.0], 50) + np.arange(100) / 100
        found = find(
            given, Pool([Input(degrees)] * len(given.traits), degrees), 0, lambda facts: "x",
            lambda: f"g{self.book.seq}", lambda share: None,
        ).found  # fmt: skip
        return self._keep(msgspec.structs.replace(given, found=found), by, language)

    def delete(self, id_: str, by: str) -> str:
        name: str = self.book.one(id_).name
        self.book.take(self.book.seq + 1, "clustering_deleted", 0, by, f'{{"id":"{id_}"}}')
        return name

    def refresh(self, id_: str, by: str, language: Any) -> dict[str, Any]:
        return self.one(id_, language)

    def cancel(self, id_: str, language: Any) -> dict[str, Any]:
        self.book.one(id_)
        raise Conflict("its groups are not being found")

    def tag(self, id_: str, name: str, by: str, language: Any) -> dict[str, Any]:
        said = self.book.one(id_).said
        if said.tag:
            raise Conflict("its groups are a tag already")
        return self._keep(msgspec.structs.replace(said, tag="tg_1"), by, language)

    def _keep(self, said: Clustering, by: str, language: Any) -> dict[str, Any]:
        body = msgspec.json.encode(said).decode()
        self.book.take(self.book.seq + 1, "clustering", 0, by, body)
        return self.one(said.id, language)
