"""Potential customers in memory, for tests of the door in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hotspring.errors import Conflict, NotFound
from tests.web.api.fake_tiers import AS_OF, ONE


class FakePotential:
    """One profile never did anything; whatever is learnt is learnt at once."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Any]] = {}

    def ranked(
        self, goal: str, score: str, limit: int, cursor: str | None, language: Any
    ) -> dict[str, Any]:
        reasons = [{"title": "Seen", "points": 2.5}]
        return {
            "as_of": AS_OF, "goal": goal, "score": score, "candidates": 1, "next": None,
            "cuts": [{"share": 0.1, "points": 3.0, "profiles": 1}],
            "items": [{**ONE, "points": 3.0, "reasons": reasons, "limited": 0.5}],
        }  # fmt: skip

    def export(self, goal: str, score: str) -> Iterator[list[dict[str, Any]]]:
        yield [{**ONE, "known": True, "identifiers": [], "traits": {}, "value": "3"}]

    def learn(self, goal: str, horizon_ms: int, by: str, language: Any) -> dict[str, Any]:
        id_ = f"r{len(self._runs)}"
        self._runs[id_] = {
            "id": id_, "state": "done", "progress": 1.0, "goal": goal, "error": "",
            "horizon_days": horizon_ms / 86_400_000, "cut": AS_OF, "score": "sc_1", "auc": 0.7,
            "auc_error": 0.02, "lift": 2.0, "tested": 100, "reached": 20, "started_at": AS_OF,
            "finished_at": AS_OF, "by": by,
        }  # fmt: skip
        return self._runs[id_]

    def runs(self) -> list[dict[str, Any]]:
        return list(self._runs.values())

    def run(self, run_id: str) -> dict[str, Any]:
        if run_id not in self._runs:
            raise NotFound(f"there is no run {run_id!r}")
        return self._runs[run_id]

    def cancel(self, run_id: str) -> dict[str, Any]:
        self.run(run_id)
        raise Conflict("this potential is done already")
