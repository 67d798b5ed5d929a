"""Calibrations in memory, for tests of the doors in front of them."""

from __future__ import annotations

from typing import Any

from hotspring.errors import Conflict, HistoryTooThin, NotFound

AS_OF = "2026-03-01T00:00:00.000Z"
FOUND = {
    "goal": "Order Completed", "horizon_days": 60.0, "cut": AS_OF, "learnt_at": AS_OF,
    "learning": {"profiles": 2990, "reached": 1138, "rate": 0.3806},
    "test": {"profiles": 3348, "reached": 1459, "rate": 0.4358},
    "auc": {
        "temperature": 0.75, "recency": 0.69, "frequency": 0.73, "rfm": 0.74, "boosting": 0.745,
    },
    "auc_error": 0.0087, "auc_in_force": 0.729,
    "bands": {"hot": 0.958, "warm": 0.792, "cool": 0.432, "cold": None},
    "band_profiles": {"hot": 168, "warm": 360, "cool": 2820, "cold": 0},
    "weights": [
        {
            "rule": "order_completed_amount", "event": "Order Completed", "amount": True,
            "points": 1.42, "half_life_days": 180.0, "cap": None, "alone": 9.4,
        },
        {
            "rule": "product_viewed", "event": "Product Viewed", "amount": False,
            "points": 0.5, "half_life_days": 1.0, "cap": 4.0, "alone": -18.0,
        },
    ],
    "without_weight": ["Page Viewed"], "kept": ["complaint"], "dropped": ["every"],
    "rules": {"e_half": 20.0, "rules": [{"id": "buy"}]},
}  # fmt: skip


class FakeCalibrations:
    """One calibration at a time; it is done when it is asked for again."""

    def __init__(self, decided: list[tuple[str, str]]) -> None:
        self._decided = decided
        self.job: dict[str, Any] | None = None

    def start(self, goal: str, horizon_ms: int, cut: int, share: float, by: str) -> dict[str, Any]:
        if goal == "Nothing":
            raise HistoryTooThin("only 3 known profiles did 'Nothing': choose another cut")
        self.job = {
            "id": "c0", "state": "running", "progress": 0.5, "goal": goal,
            "horizon_days": horizon_ms / 86_400_000, "cut": str(cut), "share": share,
            "error": "", "result": None, "accepted": None, "by": by,
        }  # fmt: skip
        return dict(self.job)

    def span(self) -> dict[str, str]:
        return {"first": "2025-01-01T00:00:00.000Z", "last": "2026-02-28T00:00:00.000Z"}

    def all(self) -> list[dict[str, Any]]:
        return [self.job] if self.job else []

    def one(self, job_id: str) -> dict[str, Any]:
        if self.job is None or job_id != "c0":
            raise NotFound("there is no such calibration")
        if self.job["state"] == "running":
            if self.job["goal"] == "Fail":
                self.job |= {"state": "failed", "error": "choose a longer horizon"}
            else:
                self.job |= {"state": "done", "progress": 1.0, "result": FOUND}
        return dict(self.job)

    def cancel(self, job_id: str) -> dict[str, Any]:
        job = self.one(job_id)
        if job["state"] != "running":
            raise Conflict(f"this calibration is {job['state']} already")
        return job

    def report(self, job_id: str, language: str) -> str:
        if self.one(job_id)["result"] is None:
            raise Conflict("there is nothing to report")
        return f"<!doctype html><html lang={language}>温度</html>"

    def accept(self, job_id: str, by: str) -> dict[str, Any]:
        job = self.one(job_id)
        self._decided.append(("accept", by))
        return job | {"accepted": 2}
