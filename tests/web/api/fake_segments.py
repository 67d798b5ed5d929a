"""Segments in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

from hotspring.errors import Conflict
from hotspring.rules import Catalogue, read, sentence, written
from hotspring.segments import Saved, segments

AS_OF = "2026-03-01T00:00:00.000Z"
ONE = {"id": "p_0000000000000000", "temperature": 95.0, "band": "hot", "as_of": AS_OF}


class FakeSegments:
    """Reads rules for a pool that has nothing, and finds one profile for each."""

    def __init__(self) -> None:
        self.book = segments()

    def _there(self) -> Catalogue:
        return Catalogue().adding(self.book)

    def preview(self, rule: Any) -> dict[str, Any]:
        there = self._there()
        tree = read(rule, there)
        said = {"zh": sentence(tree, there, "zh"), "en": sentence(tree, there, "en")}
        return {"as_of": AS_OF, "rule": written(tree), "sentence": said, "count": 1,
                "sample": [ONE]}  # fmt: skip

    def vocabulary(self) -> dict[str, Any]:
        return {
            "leaves": {}, "parts": {}, "timezone": "UTC", "traits": {"age": "number"},
            "events": {"Order Completed": {"total": "number"}}, "identifiers": [], "purposes": [],
            "channels": [], "currencies": ["CNY"], "areas": {}, "outlets": {},
            "segments": self._there().titles("segment"), "tags": {}, "scores": {}, "schemes": {},
            "lifecycle": True,
        }  # fmt: skip

    def all(self, language: Any) -> list[dict[str, Any]]:
        return [self.one(one.id, language) for one in self.book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        kept, there = self.book.one(id_), self._there()
        return {
            "id": id_, "name": kept.name, "description": kept.description, "kind": kept.said.kind,
            "rule": kept.said.rule, "count": 1,
            "sentence": sentence(kept.rules[0], there, language) if kept.rules else "",
            "as_of": AS_OF, "state": "current", "problem": None, "version": kept.version,
            "created_at": AS_OF, "created_by": kept.created_by, "updated_at": AS_OF,
            "updated_by": kept.updated_by,
            "used_by": [{"kind": "segment", "id": one, "name": self.book.kept[one].name}
                        for one in there.named_by(id_)],
        }  # fmt: skip

    def save(
        self,
        id_: str,
        name: str,
        description: str,
        rule: Any,
        by: str,
        language: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        self.book.unchanged(id_, version)
        if id_:
            self.book.one(id_)
        name, description = self.book.checked(id_, name, description)
        read(rule, self._there(), id_)
        own = id_ or f"sg_{self.book.seq}"
        self._take("segment", Saved(own, name, description, "dynamic", rule), by)
        return self.one(own, language)

    def delete(self, id_: str, by: str) -> str:
        gone = self.book.one(id_)
        if users := self._there().named_by(id_):
            raise Conflict(f"{gone.name!r} is used by {users}")
        self._take("segment_deleted", {"id": id_}, by)
        return gone.name

    def members(self, id_: str, limit: int, cursor: str | None) -> Any:
        self.book.one(id_)
        return [ONE], None

    def overlap(self, ids: Any) -> dict[str, Any]:
        sets = [{"id": one, "name": self.book.one(one).name, "count": 1} for one in ids]
        return {"as_of": AS_OF, "sets": sets, "parts": [{"ids": ids, "count": 1}]}

    def portrait(self, id_: str) -> dict[str, Any]:
        kept = self.one(id_, "en")
        return {"id": id_, "name": kept["name"], "as_of": kept["as_of"], "timezone": "UTC",
                "members": 2, "rest": 7, "small": True}  # fmt: skip

    def compare(self, id_: str) -> dict[str, Any]:
        self.book.one(id_)
        side = {"count": 1, "mean": 95.0, "median": 95.0}
        none = {"count": 0, "mean": None, "median": None}
        return {
            "as_of": AS_OF, "members": 1, "rest": 0, "compared": {"members": 1, "rest": 0},
            "numbers": [{"of": "temperature", "name": "", "members": side, "rest": none,
                         "effect": 0.0}],
            "shares": [{"of": "band", "name": "", "value": "hot", "members": 1.0, "rest": 0.0,
                        "effect": 3.1416}],
        }  # fmt: skip

    def export(self, id_: str) -> Any:
        self.book.one(id_)
        row = {**ONE, "known": True, "identifiers": [{"kind": "user_id", "value": "=1+1"}],
               "traits": {"city": {"value": "杭州<&>\x01"}}}  # fmt: skip
        return iter([[row], [row]])

    def upload(
        self, name: str, description: str, body: bytes, by: str, language: Any
    ) -> dict[str, Any]:
        name, description = self.book.checked("", name, description)
        own = f"sg_{self.book.seq}"
        self._take("segment", Saved(own, name, description, "static"), by)
        lines = len(body.splitlines())
        return {**self.one(own, language), "found": lines, "unknown": 0, "refused": [],
                "refusals": 0}  # fmt: skip

    def snapshot(
        self, id_: str, name: str, description: str, by: str, language: Any
    ) -> dict[str, Any]:
        self.book.one(id_)
        return self.upload(name, description, b"x", by, language)

    def history(self, id_: str, days: float) -> list[dict[str, Any]]:
        self.book.one(id_)
        return [{"at": AS_OF, "count": 1, "entered": 1, "left": 0}]

    def sizes(self, days: int) -> dict[str, Any]:
        items = [{"id": one.id, "counts": [None] * (days - 1) + [1]} for one in self.book.listed()]
        return {"as_of": AS_OF, "items": items}

    def changes(self, id_: str, limit: int, cursor: str | None) -> Any:
        self.book.one(id_)
        return [{"at": AS_OF, "profile": ONE["id"], "change": "entered", "cause": "event"}], None

    def _take(self, kind: str, body: Any, by: str) -> None:
        import msgspec

        self.book.take(self.book.seq + 1, kind, 0, by, msgspec.json.encode(body).decode())
