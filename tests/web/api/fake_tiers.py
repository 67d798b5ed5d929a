"""Schemes of tiers and groups in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

import msgspec

from hotspring.errors import BadRequest
from hotspring.rules import Catalogue, read
from hotspring.tiers import Group, Scheme, groups, schemes

AS_OF = "2026-03-01T00:00:00.000Z"
ONE = {
    "id": "p_0000000000000000", "temperature": 95.0, "band": "hot", "as_of": AS_OF, "known": True,
    "identifiers": [{"kind": "user_id", "value": "u"}], "traits": {},
}  # fmt: skip


class _Fake:
    def __init__(self, book: Any, said: Any) -> None:
        self.book = book
        self._kind = said

    def all(self, language: Any) -> list[dict[str, Any]]:
        return [self.one(one.id, language) for one in self.book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        kept = self.book.one(id_)
        said = msgspec.to_builtins(kept.said)
        for part in (*said.get("tiers", ()), *said.get("metrics", ())):
            if isinstance(part, dict):
                part["sentence"] = "x"
        return {
            **said, "version": kept.version, "created_at": AS_OF, "created_by": kept.created_by,
            "updated_at": AS_OF, "updated_by": kept.updated_by, "used_by": [], "fixed_at": None,
            "sentence": "x", "scheme_name": "",
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
        if id_:
            self.book.one(id_)
        own = id_ or f"x_{self.book.seq}"
        kind = self._kind.of(said, own)
        kind.checked(lambda rule: read(rule, Catalogue()))
        self.book.checked(own, kind.name, kind.description)
        self._take(self.book.word, kind, by)
        return self.one(own, language)

    def delete(self, id_: str, by: str) -> str:
        name: str = self.book.one(id_).name
        self._take(f"{self.book.word}_deleted", {"id": id_}, by)
        return name

    def _take(self, kind: str, body: Any, by: str) -> None:
        self.book.take(self.book.seq + 1, kind, 0, by, msgspec.json.encode(body).decode())


class FakeTiers(_Fake):
    """Everybody is in the lowest tier."""

    def __init__(self) -> None:
        super().__init__(schemes(), Scheme)

    def preview(self, said: dict[str, Any], language: Any) -> dict[str, Any]:
        scheme = Scheme.of({**said, "name": "-"}, "")
        scheme.checked(lambda rule: read(rule, Catalogue()))
        return {
            "as_of": AS_OF, "profiles": 1, "fixed_at": None, "spread": None,
            "tiers": [{"name": one.name, "from": None, "profiles": int(not at),
                       "share": float(not at), "mean": None}
                      for at, one in enumerate(scheme.tiers)],
        }  # fmt: skip

    def refresh(self, id_: str, by: str, language: Any) -> dict[str, Any]:
        return self.one(id_, language)

    def standing(self, id_: str, language: Any) -> dict[str, Any]:
        said = msgspec.to_builtins(self.book.one(id_).said)
        return self.preview(said, language)

    def movement(self, id_: str, since: int, until: int | None) -> dict[str, Any]:
        names = list(self.book.one(id_).said.words())
        moves = [{"from": None, "to": names[0], "profiles": 1}]
        return {"from": AS_OF, "to": AS_OF, "tiers": names, "moves": moves}

    def members(self, id_: str, tier: str, limit: int, cursor: str | None) -> Any:
        if tier not in self.book.one(id_).said.words():
            raise BadRequest(f"there is no tier {tier!r}")
        return [ONE], None

    def export(self, id_: str, tier: str) -> Any:
        return iter([self.members(id_, tier, 1, None)[0]])

    def of_profile(self, key: str, language: Any) -> dict[str, Any]:
        items = [
            {"id": one.id, "name": one.name, "tiers": list(one.said.words()),
             "tier": one.said.words()[0], "by_numbers": one.said.words()[0], "value": 1.0,
             "next": {"tier": one.said.words()[1], "from": 2.0, "missing": 1.0, "conditions": []}}
            for one in self.book.listed()
        ]  # fmt: skip
        return {"as_of": AS_OF, "profile": ONE["id"], "items": items}


class FakeGroups(_Fake):
    """One profile is in every group."""

    def __init__(self) -> None:
        super().__init__(groups(), Group)

    def claims(self) -> dict[str, Any]:
        items = [
            {"id": one.id, "name": one.name, "weight": one.said.weight, "profiles": 1,
             "claimed": int(not at)}
            for at, one in enumerate(self.book.listed())
        ]  # fmt: skip
        return {"as_of": AS_OF, "profiles": 1, "claimed": 1, "several": 0, "items": items}

    def members(self, id_: str, claimed: bool, limit: int, cursor: str | None) -> Any:
        self.book.one(id_)
        return [ONE], None

    def export(self, id_: str, claimed: bool) -> Any:
        return iter([self.members(id_, claimed, 1, None)[0]])

    def of_profile(self, key: str, language: Any) -> dict[str, Any]:
        items = [
            {"id": one.id, "name": one.name, "weight": one.said.weight}
            for one in self.book.listed()
        ]
        first = items[0]["id"] if items else None
        return {"as_of": AS_OF, "profile": ONE["id"], "claimed_by": first, "items": items}
