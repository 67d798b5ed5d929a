"""One template in memory, for tests of the door in front of templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hotspring.errors import BadRequest, NotFound

AS_OF = "2026-03-01T00:00:00.000Z"
KINDS = {"buyers": "segment", "taste": "tag", "buying": "score", "visit": "rule"}


class FakeTemplates:
    """Whatever is switched on stays on; a rule is proposed to whom may change rules."""

    def __init__(self) -> None:
        self.on: set[str] = set()

    def all(self, language: Any) -> list[dict[str, Any]]:
        return [{"id": "retail", "name": language, "about": "", "size": len(KINDS),
                 "on": len(self.on), "able": len(KINDS)}]  # fmt: skip

    def one(
        self, id_: str, names: Mapping[str, Any], language: Any, count: bool = False
    ) -> dict[str, Any]:
        if id_ != "retail":
            raise NotFound(f"there is no template {id_!r}")
        order, baby = names.get("order", "Order Completed"), names.get("baby", ["x"])
        return {
            **self.all(language)[0],
            "as_of": AS_OF,
            "names": [
                {"key": "order", "kind": "event", "title": "x", "name": order, "words": None,
                 "of": [], "there": True, "seen": 7, "share": None},
                {"key": "baby", "kind": "words", "title": "x", "name": None, "words": baby,
                 "of": [], "there": True, "seen": None, "share": 0.5},
            ],
            "items": [
                {"id": one, "kind": kind, "made": f"m_{one}", "name": one, "meaning": "",
                 "uses": ["order"], "parts": [{"label": "", "sentence": "x"}],
                 "state": "on" if one in self.on else "off", "ready": True, "problems": [],
                 "count": 3 if count and kind != "rule" else None, "weighed_by": []}
                for one, kind in KINDS.items()
            ],
        }  # fmt: skip

    def apply(
        self,
        id_: str,
        names: Mapping[str, Any],
        items: Sequence[str],
        replace: bool,
        rules: bool,
        by: str,
        language: Any,
    ) -> list[dict[str, Any]]:
        self.one(id_, names, language)
        if not set(items) <= set(KINDS):
            raise BadRequest("this template has no item like this")
        done = []
        for one in items or KINDS:
            outcome = "replaced" if replace and one in self.on else "created"
            if KINDS[one] == "rule":
                outcome = "proposed" if rules else "not_allowed"
            done.append(self._became(one, outcome))
        self.on |= {one["id"] for one in done}
        return done

    def remove(
        self, id_: str, items: Sequence[str], rules: bool, by: str, language: Any
    ) -> list[dict[str, Any]]:
        self.one(id_, {}, language)
        done = [self._became(one, "deleted" if one in self.on else "absent") for one in items]
        self.on -= set(items)
        return done

    def _became(self, one: str, outcome: str) -> dict[str, Any]:
        return {"id": one, "kind": KINDS[one], "made": f"m_{one}", "name": one,
                "outcome": outcome, "problem": None,
                "preview": "pv" if outcome == "proposed" else None}  # fmt: skip
