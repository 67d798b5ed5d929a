"""Segments in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

from hotspring.rules import Catalogue, read, sentence, written

AS_OF = "2026-03-01T00:00:00.000Z"


class FakeSegments:
    """Reads rules for a pool that has nothing, and finds one profile for each."""

    def preview(self, rule: Any) -> dict[str, Any]:
        tree = read(rule, Catalogue())
        said = {"zh": sentence(tree, Catalogue(), "zh"), "en": sentence(tree, Catalogue(), "en")}
        one = {"id": "p_0000000000000000", "temperature": 95.0, "band": "hot", "as_of": AS_OF}
        return {"as_of": AS_OF, "rule": written(tree), "sentence": said, "count": 1,
                "sample": [one]}  # fmt: skip

    def vocabulary(self) -> dict[str, Any]:
        return {
            "leaves": {}, "parts": {}, "timezone": "UTC", "traits": {"age": "number"},
            "events": {"Order Completed": {"total": "number"}}, "identifiers": [], "purposes": [],
            "channels": [], "currencies": ["CNY"], "areas": {}, "outlets": {},
        }  # fmt: skip
