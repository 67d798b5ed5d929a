"""Suggested merges in memory, for tests of the doors in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hotspring.errors import BadRequest, Conflict, NotFound

AS_OF = "2026-03-01T00:00:00.000Z"


class FakeSuggestions:
    """Three suggestions, of which those decided on stand so."""

    def __init__(self, decided: list[tuple[str, str]]) -> None:
        self._decided = decided
        self._runs: dict[str, dict[str, Any]] = {}
        self._rows = {
            f"m_{n}": {
                "id": f"m_{n}", "score": 0.9 - n / 10, "methods": ["rules"], "status": "open",
                "evidence": [{"code": "=phone", "for": True, "en": "same phone number",
                              "zh": "手机号相同"}],
                "a": {"profile": "p_1", "identifiers": [f"user_id:u{n}"], "count": 1},
                "b": {"profile": "p_2", "identifiers": [f"card:=c{n}"], "count": 5},
                "found_at": AS_OF, "decided": None,
            }
            for n in range(3)
        }  # fmt: skip

    def start(self, method: str, by: str) -> dict[str, Any]:
        if any(run["state"] == "running" for run in self._runs.values()):
            raise Conflict("a run is under way")
        run = {
            "id": f"r{len(self._runs)}", "method": method, "state": "running", "progress": 0.5,
            "report": {}, "started_at": AS_OF, "finished_at": None, "by": by,
        }  # fmt: skip
        self._runs[str(run["id"])] = run
        return dict(run)

    def runs(self) -> list[dict[str, Any]]:
        return list(self._runs.values())

    def run(self, run_id: str) -> dict[str, Any]:
        if run_id not in self._runs:
            raise NotFound(f"no run {run_id}")
        run = self._runs[run_id]
        if run["state"] == "running":
            failed = run["method"] == "probability"
            found = {
                "people": 25, "suggested": 3, "two_accounts": 1, "seconds": 0.2,
                "blocks_too_large": {"=phone": 1},
            }  # fmt: skip
            run |= {
                "state": "failed" if failed else "done", "progress": 1.0,
                "report": {"error": "too few to learn from"} if failed else found,
            }  # fmt: skip
        return run

    def cancel(self, run_id: str) -> dict[str, Any]:
        if run_id not in self._runs or self._runs[run_id]["state"] != "running":
            raise NotFound(f"no run {run_id} that could be cancelled")
        self._runs[run_id]["state"] = "cancelled"
        return self._runs[run_id]

    def page(
        self, status: str, method: str | None, least: float, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            raise BadRequest("the cursor is not one that this list gave")
        rows = [
            row
            for row in self._rows.values()
            if row["status"] == status and row["score"] >= least and method != "probability"
        ]
        start = int(cursor or 0)
        end = start + limit
        return rows[start:end], str(end) if end < len(rows) else None

    def export(
        self, status: str, method: str | None, least: float
    ) -> Iterator[list[dict[str, Any]]]:
        return iter([self.page(status, method, least, 1_000, None)[0]])

    def accept(self, suggestion: str, by: str) -> dict[str, Any]:
        return self._settle("join", "joined", suggestion, by)

    def refuse(self, suggestion: str, by: str) -> dict[str, Any]:
        return self._settle("refuse", "refused", suggestion, by)

    def _settle(self, kind: str, status: str, suggestion: str, by: str) -> dict[str, Any]:
        if suggestion not in self._rows:
            raise NotFound(f"there is no suggestion {suggestion}")
        row = self._rows[suggestion]
        if row["status"] != "open":
            raise Conflict(f"this suggestion is not open: {row['status']}")
        row["status"] = status
        self._decided.append((kind, by))
        return {"command": f"{kind}_{suggestion}", "suggestion": row}

    def accept_all(
        self, method: str | None, least: float, dry_run: bool, by: str
    ) -> dict[str, Any]:
        rows = self.page("open", method, least, 1_000, None)[0]
        answer = {"least": least, "count": len(rows), "dry_run": dry_run}
        if dry_run:
            return answer
        for row in rows:
            self._settle("join", "joined", row["id"], by)
        return {**answer, "joined": len(rows)}
