"""The analyses that are found by their file, in memory, for tests of the door in front of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from hotspring.errors import BadRequest, NotFound, ParametersRefused, RuleFault
from hotspring.pool.analyses import Analyses
from tests.web.api.fake_map import AS_OF
from tests.web.api.fake_segments import FakeSegments
from tests.web.api.fake_tiers import ONE


class FakeAnalyses:
    """A funnel of nine; `slow` makes a run of it, `wrong` is refused."""

    def __init__(self) -> None:
        self._segments = FakeSegments()

    def all(self) -> dict[str, Any]:
        return Analyses.all()

    def ask(self, name: str, given: Any, wait: float, by: str, age: float = 0.0) -> dict[str, Any]:
        self.checked(name, given)
        return self._run("running") if "slow" in given else self._answer()

    def checked(self, name: str, given: Any) -> None:
        self._there(name)
        if faults := self.faults(name, given, None):
            raise ParametersRefused(faults)

    def faults(self, name: str, given: Any, there: Any) -> list[RuleFault]:
        wrong = RuleFault("/wrong", "unknown_field", "there is no such")
        return [wrong] if "wrong" in given else []

    def run(self, run_id: str) -> dict[str, Any]:
        if run_id != "r0":
            raise NotFound(f"there is no run {run_id!r}")
        return self._run("done")

    def cancel(self, run_id: str) -> dict[str, Any]:
        return {**self.run(run_id), "state": "cancelled", "answer": None}

    def table(self, name: str, given: Any, table: str) -> tuple[list[str], list[list[Any]]]:
        self._there(name)
        if table not in ("", "steps"):
            raise BadRequest(f"this analysis has no table {table!r}")
        return ["step", "event"], [[1, "=evil"]]

    def query(self, name: str, given: Any, engine: str) -> dict[str, Any]:
        self.checked(name, given)
        return {
            "name": name, "engine": engine, "table": "steps", "sql": "SELECT 1 AS step",
            "relations": {"events": {"ms": "int64"}, "owners": {"profile": "int32"}},
            "files": ["blocks/events-1.parquet", "blocks/it's.parquet"], "waiting": 2,
        }  # fmt: skip

    @property
    def portable(self) -> FakeAnalyses:
        return self

    def owners(self) -> pa.Table:
        return pa.table({"origin_id": pa.array([7], pa.int32())})

    def profiles(
        self, name: str, given: Any, cell: dict[str, Any], limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        self._there(name)
        return [ONE], None

    def segment(
        self, name: str, given: Any, cell: dict[str, Any], called: tuple[str, str], by: str,
        language: Any,
    ) -> dict[str, Any]:  # fmt: skip
        self._there(name)
        rule = {"band": {"any_of": ["hot"]}}
        return self._segments.save("", *called, rule, by, language)

    def _there(self, name: str) -> None:
        if name != "funnel":
            raise NotFound(f"there is no analysis {name!r}")

    def _answer(self) -> dict[str, Any]:
        columns = [
            {"name": "step", "kind": "step", "key": True, "drill": False},
            {"name": "of_first", "kind": "share", "key": False, "drill": False},
            {"name": "median", "kind": "duration", "key": False, "drill": False},
        ]
        figures = {"started": 9, "finished": 3, "rate": 1 / 3, "open": 0, "median": 7_200_000,
                   "worst_step": 1}  # fmt: skip
        rows = [[1, 1.0, None], [2, 1 / 3, 7_200_000]]
        return {
            "state": "done", "name": "funnel", "parameters": {}, "as_of": AS_OF, "version": 1,
            "timezone": "UTC", "currency": "CNY", "from": "2026-01-01", "until": "2026-01-30",
            "figures": figures, "sentence": "done",
            "tables": [{"name": "steps", "columns": columns, "rows": rows}],
            "charts": [{"kind": "funnel", "table": "steps", "x": "step", "y": ["of_first"],
                        "by": ""}],
        }  # fmt: skip

    def _run(self, state: str) -> dict[str, Any]:
        return {
            "id": "r0", "name": "funnel", "state": state, "progress": 0.5, "error": "",
            "answer": self._answer() if state == "done" else None, "started_at": AS_OF,
            "finished_at": None, "by": "tests",
        }  # fmt: skip
