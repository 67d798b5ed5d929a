"""Scores in memory, for tests of the door in front of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hotspring.errors import Conflict
from hotspring.rules import Catalogue, read
from hotspring.scores import Score, scores

AS_OF = "2026-03-01T00:00:00.000Z"
ONE = {"id": "p_0000000000000000", "temperature": 95.0, "band": "hot", "as_of": AS_OF}


class FakeScores:
    """Keeps scores of a pool that has nothing; everybody has 3 points."""

    def __init__(self) -> None:
        self.book = scores()

    def all(self, language: Any) -> list[dict[str, Any]]:
        return [self.one(one.id, language) for one in self.book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        kept, there = self.book.one(id_), Catalogue().adding(self.book)
        return {
            "id": id_, "name": kept.name, "description": kept.description, "version": kept.version,
            "created_at": AS_OF, "created_by": kept.created_by, "updated_at": AS_OF,
            "updated_by": kept.updated_by, "floor": kept.said.floor, "cap": kept.said.cap,
            "lines": [{**msgspec.to_builtins(one), "sentence": "x"} for one in kept.said.lines],
            "used_by": [{"kind": "score", "id": one, "name": self.book.kept[one].name}
                        for one in there.named_by(id_)],
        }  # fmt: skip

    def save(
        self,
        id_: str,
        said: dict[str, Any],
        by: str,
        language: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        self.book.unchanged(id_, version)
        own = id_ or f"sc_{self.book.seq}"
        score = self._checked(said, own)
        name, description = self.book.checked(id_, score.name, score.description)
        whole = msgspec.structs.replace(score, name=name, description=description)
        self.book.take(self.book.seq + 1, "score", 0, by, msgspec.json.encode(whole).decode())
        return self.one(own, language)

    def delete(self, id_: str, by: str) -> str:
        gone = self.book.one(id_)
        if users := Catalogue().adding(self.book).named_by(id_):
            raise Conflict(f"{gone.name!r} is used by {users}")
        self.book.take(self.book.seq + 1, "score_deleted", 0, by, f'{{"id":"{id_}"}}')
        return gone.name

    def preview(self, said: dict[str, Any], shares: Sequence[float], language: Any) -> Any:
        score = self._checked({"name": "-", **said}, "")
        return {
            "as_of": AS_OF, "profiles": 1, "mean": 3.0, "least": 3.0, "most": 3.0,
            "quartiles": [3.0, 3.0, 3.0], "bars": [{"low": 3.0, "high": 3.0, "profiles": 1}],
            "cuts": [{"share": one, "value": 3.0} for one in shares],
            "lines": [{"profiles": 1, "sentence": "x"} for _ in score.lines],
            "top": [{**ONE, "points": 3.0}],
        }  # fmt: skip

    def distribution(self, id_: str, shares: Sequence[float], language: Any) -> Any:
        return self.preview(
            {"lines": msgspec.to_builtins(self.book.one(id_).said.lines)}, shares, language
        )

    def explain(self, id_: str, key: str, language: Any) -> dict[str, Any]:
        kept = self.book.one(id_)
        lines = [{"title": one.title, "points": 3.0} for one in kept.said.lines]
        return {"as_of": AS_OF, "profile": ONE["id"], "id": id_, "name": kept.name,
                "points": 3.0, "lines": lines, "limited": 0.0}  # fmt: skip

    def of_profile(self, key: str, language: Any) -> dict[str, Any]:
        items = [self.explain(one, key, language) for one in self.book.kept]
        return {"as_of": AS_OF, "profile": ONE["id"], "items": items}

    def _checked(self, said: dict[str, Any], own: str) -> Score:
        there = Catalogue().adding(self.book)
        score = Score.of(said, own)
        return score.checked(lambda rule: read(rule, there, own))
