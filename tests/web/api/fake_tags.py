"""Tags in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

import msgspec

from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.rules import Catalogue, read
from hotspring.tags import Saved, checked, tags
from tests.web.api.fake_segments import AS_OF, ONE


class FakeTags:
    """Keeps tags; who is named with a question mark at the end is not in the pool."""

    def __init__(self) -> None:
        self.book = tags()
        self.entries: list[dict[str, Any]] = []

    def all(self, language: Any) -> list[dict[str, Any]]:
        return [self.one(one.id, language) for one in self.book.listed()]

    def one(self, id_: str, language: Any) -> dict[str, Any]:
        kept = self.book.one(id_)
        return {
            "id": id_, "name": kept.name, "description": kept.description,
            "owner": kept.said.owner, "kind": kept.said.kind,
            "values": [{"value": one.value, "rule": one.rule, "sentence": "", "count": 1}
                       for one in kept.said.values],
            "state": "counted", "problem": None, "count": len(kept.said.values), "known": 4,
            "as_of": AS_OF, "last_set_at": None, "version": kept.version, "created_at": AS_OF,
            "created_by": kept.created_by, "updated_at": AS_OF, "updated_by": kept.updated_by,
            "used_by": [],
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
        own = id_ or f"tg_{self.book.seq}"
        given = Saved.of({"owner": by, **said}, own)
        name, description = self.book.checked(id_, given.name, given.description)
        values, owner = checked(given.kind, given.values, given.owner)
        for one in values:
            if one.rule is not None:
                read(one.rule, Catalogue(), own)
        kept = msgspec.structs.replace(
            given, name=name, description=description, values=values, owner=owner
        )
        body = msgspec.json.encode(kept).decode()
        self.book.take(self.book.seq + 1, "tag", 0, by, body)
        return self.one(own, language)

    def delete(self, id_: str, by: str) -> str:
        name = self.book.one(id_).name
        self.book.take(self.book.seq + 1, "tag_deleted", 0, by, f'{{"id": "{id_}"}}')
        return name

    def mark(self, id_: str, keys: Any, value: str, held: bool, by: str) -> dict[str, Any]:
        if held and value not in self.book.one(id_).said.words():
            raise BadRequest(f"{value!r} is no value of this tag")
        unknown = [key for key in keys if key.endswith("?")]
        if len(unknown) == len(keys):
            raise NotFound("none of these profiles is in the pool")
        self.entries.append({"tag": id_, "value": value, "held": held})
        found = len(keys) - len(unknown)
        return {"entry": len(self.entries), "found": found, "unknown": unknown}

    def undo(self, entry: int, by: str) -> None:
        if entry > len(self.entries):
            raise NotFound(f"there is no change of tags {entry}")
        if not self.entries[entry - 1]:
            raise Conflict("this change was taken back already")
        self.entries[entry - 1] = {}

    def upload(
        self, name: str, description: str, body: bytes, held: bool, by: str, language: Any
    ) -> dict[str, Any]:
        kept = self.book.named(name)
        lines = body.decode("utf-8", "replace").split()
        if kept is None:
            words = dict.fromkeys(word for line in lines if (word := line.partition(",")[2]))
            said = {"name": name, "description": description,
                    "values": [{"value": word} for word in words]}  # fmt: skip
            id_ = self.save("", said, by, language)["id"]
        else:
            id_ = kept.id
        self.entries.append({"tag": id_, "held": held})
        refused = {"line": 9, "text": "x", "reason": "this is no phone"}
        return {**self.one(id_, language), "entry": len(self.entries), "found": len(lines),
                "unknown": 0, "refused": [refused], "refusals": 1}  # fmt: skip

    def members(self, id_: str, value: str | None, limit: int, cursor: str | None) -> Any:
        self.book.one(id_)
        return [ONE], None

    def export(self, id_: str, value: str | None) -> Any:
        self.book.one(id_)
        return iter([[{**ONE, "known": True, "identifiers": [], "traits": {}, "value": "gold"}]])

    def of_profile(self, key: str) -> list[dict[str, Any]]:
        return [
            {"id": one.id, "name": one.name, "kind": one.said.kind, "value": "",
             "at": AS_OF if one.said.kind == "hand" else None, "by": one.created_by}
            for one in self.book.listed()
        ]  # fmt: skip


class FakeTraits:
    """One trait, which three of four have."""

    def all(self) -> list[dict[str, Any]]:
        return [{
            "name": "a/b", "kind": "string", "kinds": {"string": 3}, "writes": 3,
            "sources": ["shop"], "first_at": AS_OF, "last_at": AS_OF, "count": 3, "known": 4,
            "as_of": AS_OF,
        }]  # fmt: skip

    def one(self, name: str) -> dict[str, Any]:
        if name != "a/b":
            raise NotFound(f"no profile ever had the trait {name!r}")
        ages = [{"days": 1, "count": 3}, {"days": None, "count": 0}]
        return {**self.all()[0], "ages": ages, "values": [{"value": "x", "count": 3}], "bars": [],
                "other": 0, "other_kinds": 0}  # fmt: skip
