"""A plan and refused events in memory, for tests of the doors in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hotspring.errors import BadRequest, NotFound, PlanError

AS_OF = "2026-03-01T00:00:00.000Z"


class FakePlans:
    """A plan of one event, and what was put after it."""

    def __init__(self) -> None:
        planned = {"schema": {"required": ["price"]}, "mode": "strict", "note": ""}
        body = {"events": {"Order Completed": planned}, "others": "allow"}
        self.put_in_force = [{"version": 1, "at": AS_OF, "by": "hotspring", "body": body}]

    def show(self, version: int | None) -> dict[str, Any]:
        if version == 0:
            body: dict[str, Any] = {"events": {}, "others": "allow"}
            return {"version": 0, "at": None, "by": "", "body": body}
        if version is not None and version > len(self.put_in_force):
            raise NotFound(f"there is no version {version} of the plan")
        return self.put_in_force[(version or 0) - 1]

    def versions(self) -> list[dict[str, Any]]:
        return self.put_in_force[::-1]

    def put(self, body: dict[str, Any], by: str) -> dict[str, Any]:
        if not set(body) <= {"events", "others"} or not isinstance(body.get("events", {}), dict):
            raise PlanError("the plan cannot be read")
        number = len(self.put_in_force) + 1
        plan = {"events": {}, "others": "allow"}
        self.put_in_force.append({"version": number, "at": AS_OF, "by": by, "body": plan})
        return self.show(None)

    def restore(self, version: int, by: str) -> dict[str, Any]:
        return self.put(self.show(version)["body"], by)

    def difference(self, before: int | None, after: int | dict[str, Any]) -> dict[str, Any]:
        old = self.show(before)
        if isinstance(after, int):
            self.show(after)
        change = {"event": "Order Completed", "change": "changed", "lines": ["+ /mode: 1"]}
        return {"from": old["version"], "changes": [change], "others": "allow -> strict"}

    def learn(self, since_ms: int, new_only: bool) -> dict[str, Any]:
        return {**self.read({}), **self.trial({}, since_ms)}

    def trial(self, body: dict[str, Any], since_ms: int) -> dict[str, Any]:
        row = {"event": "A", "events": 10, "looked_at": 8, "breaking": 2, "details": ["/a: bad"]}
        return {"events": [row]}

    def read(self, document: Any) -> dict[str, Any]:
        return {"plan": {"events": {"A": {"schema": {}}}, "others": "allow"}}

    def breaches(self, since_ms: int) -> list[dict[str, Any]]:
        row = {"source": "web", "event": "Order Completed", "mode": "lenient", "events": 3}
        return [{**row, "last": AS_OF}] if since_ms < 1_772_323_200_000 else []


class FakeRefusals:
    """Three refused events; the second passes once it has a time."""

    def __init__(self) -> None:
        self.status = dict.fromkeys(("3", "2", "1"), "open")
        self.asked: list[dict[str, Any]] = []

    def _rows(self, selection: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(selection)
        wanted = selection.get("status", "open")
        return [
            {
                "id": name, "received_at": AS_OF, "source": "web", "event": "=A", "message_id": "m",
                "reason": "bad_timestamp", "detail": "", "body": "{}", "status": status,
                "resolved_at": None, "resolved_by": None, "why": None,
            }
            for name, status in self.status.items()
            if wanted in (None, status)
            and name in selection.get("ids", self.status)
            and selection.get("source") in (None, "web")
        ]  # fmt: skip

    def page(
        self, selection: dict[str, Any], limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            raise BadRequest("this is no id of an entry")
        rows = [row for row in self._rows(selection) if cursor is None or row["id"] < cursor]
        return rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None

    def portions(self, selection: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        return ([row] for row in self._rows(selection)[::-1])

    def replay(
        self,
        selection: dict[str, Any],
        fixes: Any,
        by: str,
        dry_run: bool,
        limit: int,
        after: str | None,
    ) -> dict[str, Any]:
        if any(fix.get("do") not in ("time", "rename") for fix in fixes):
            raise BadRequest("the fixes cannot be read")
        rows = [row for row in self._rows(selection)[::-1] if after is None or row["id"] > after]
        rows = rows[:limit]
        verdicts: dict[str, int] = {}
        entries = []
        for row in rows:
            passes = bool(fixes) and row["id"] == "2"
            verdict = "accepted" if passes else "refused"
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
            if passes and not dry_run:
                self.status[row["id"]] = "replayed"
            entries.append(
                {
                    "id": row["id"], "source": "web", "reason": "bad_timestamp", "before": "{}",
                    "after": '{"timestamp":1}', "verdict": verdict,
                    "still": "" if passes else "bad_timestamp", "detail": "the time is bad",
                    "event": {"name": "A"} if passes else None,
                }
            )  # fmt: skip
        still = {"bad_timestamp": verdicts["refused"]} if "refused" in verdicts else {}
        return {
            "dry_run": dry_run, "looked_at": len(rows), "verdicts": verdicts, "still": still,
            "entries": entries, "next": rows[-1]["id"] if len(rows) == limit else None,
        }  # fmt: skip

    def drop(self, selection: dict[str, Any], why: str, by: str, dry_run: bool) -> dict[str, Any]:
        rows = self._rows(selection)
        if not rows and "ids" in selection:
            raise NotFound("there is no such entry")
        for row in () if dry_run else rows:
            self.status[row["id"]] = "dropped"
        return {"dry_run": dry_run, "dropped": len(rows), "more": False, "why": why}
