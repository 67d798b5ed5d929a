"""Rules in memory, for tests of the doors in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotspring.errors import (
    BadRequest,
    Conflict,
    NotFound,
    RulesError,
)
from tests.web.api.fake_map import AS_OF

if TYPE_CHECKING:
    from tests.web.api.fake_pool import FakePool

RULES = {"title": {"zh": "电商", "en": "Shop"}, "e_half": 20.0, "rules": [{"id": "buy"}]}


class FakeRulebook:
    """Versions of rules; a preview is done at once."""

    def __init__(self, pool: FakePool) -> None:
        self._pool = pool
        self._all = [{"version": 1, "at": AS_OF, "by": "hotspring", "body": RULES}]
        self._previews: list[dict[str, Any]] = []

    def now(self) -> dict[str, Any]:
        return {"version": self._all[-1]["version"], "body": self._all[-1]["body"]}

    def versions(self) -> list[dict[str, Any]]:
        return self._all[::-1]

    def version(self, number: int) -> dict[str, Any]:
        if number > len(self._all):
            raise NotFound(f"there is no version {number} of the rules")
        return self._all[number - 1]

    def compare(self, before: int, after: int) -> dict[str, Any]:
        a, b = self.version(before)["body"], self.version(after)["body"]
        fields = {name: [a[name], b[name]] for name in RULES if a[name] != b[name]}
        found = [{"rule": "", "change": "changed", "fields": fields}] if fields else []
        return {"before": before, "after": after, "differences": found}

    def put(self, body: dict[str, Any], by: str) -> dict[str, Any]:
        if set(body) != set(RULES):
            raise RulesError("the rules cannot be read")
        self._all.append({"version": len(self._all) + 1, "at": AS_OF, "by": by, "body": body})
        self._pool.version += 1
        return self.now()

    def restore(self, number: int, by: str) -> dict[str, Any]:
        return self.put(self.version(number)["body"], by)

    def preview(
        self, body: dict[str, Any] | None, version: int | None, against: int | None, by: str
    ) -> dict[str, Any]:
        if (body is None) == (version is None):
            raise BadRequest("give either `rules` or `version`")
        side = {
            "bands": {"hot": 1, "warm": 2, "cool": 3, "cold": 19},
            "cold": {"never_warm": 9, "cooled": 10},
        }
        self._previews.append(
            {
                "id": f"r{len(self._previews)}", "state": "done", "progress": 1.0, "read": 10,
                "events": 10, "by": by, "started_at": AS_OF, "finished_at": AS_OF, "error": "",
                "rules": body if version is None else self.version(version)["body"],
                "result": {
                    "as_of": AS_OF, "seconds": 0.1, "total": 25, "moved": 1, "mean_change": 2.0,
                    "before": side, "after": side, "matrix": {"hot": {"hot": 1}},
                    "moves": [
                        {
                            "from": "cool", "to": "warm", "profiles": 1,
                            "examples": [{"profile": "p_1", "before": 49.0, "after": 51.0}],
                        }
                    ],
                    "anonymous": {"total": 2, "moved": 0},
                    "differences": [
                        {"rule": "", "change": "changed", "fields": {"e_half": [20.0, 10.0]}}
                    ],
                    "unpriced": [{"currency": "XAU", "events": 3, "rate": None}],
                },
            }
        )  # fmt: skip
        return self._previews[-1]

    def previews(self) -> list[dict[str, Any]]:
        return self._previews[::-1]

    def one_preview(self, preview_id: str) -> dict[str, Any]:
        for one in self._previews:
            if one["id"] == preview_id:
                return one
        raise NotFound("there is no such preview")

    def cancel_preview(self, preview_id: str) -> dict[str, Any]:
        self.one_preview(preview_id)
        raise Conflict("this preview is done already")

    def accept(self, preview_id: str, by: str) -> dict[str, Any]:
        return self.put(self.one_preview(preview_id)["rules"], by)

    def test(self, key: str, body: dict[str, Any] | None, version: int | None) -> dict[str, Any]:
        if (body is None) == (version is None):
            raise BadRequest("give either `rules` or `version`")
        part = {"rule": "buy", "events": 2, "energy": 3.0}
        reading = {"temperature": 1.0, "band": "cool", "energy": 3.0, "contributions": [part]}
        return {
            "profile": self._pool.profile(key)["id"], "as_of": AS_OF, "events": 2,
            "live": reading, "tried": {**reading, "temperature": 2.0},
        }  # fmt: skip

    def events(self) -> list[dict[str, Any]]:
        return [{"name": "Order Completed", "events": 3, "rules": ["buy"]}]

    def currencies(self) -> list[dict[str, Any]]:
        return [{"currency": "XAU", "events": 3, "rate": None}]
