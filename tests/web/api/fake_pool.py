"""A pool in memory that answers as an open one does: for tests of the doors in front of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hotspring.errors import (
    BadRequest,
    Conflict,
    ImportRefused,
    NotFound,
)
from hotspring.measure import Readings
from tests.web.api.fake_analytics import COUNTED, FakeAnalytics, FakeLifecycle
from tests.web.api.fake_boards import fake_boards
from tests.web.api.fake_calibrations import FakeCalibrations
from tests.web.api.fake_clusters import FakeClusters
from tests.web.api.fake_costs import fake_costs
from tests.web.api.fake_links import fake_links
from tests.web.api.fake_map import AS_OF, FakeHappening, FakeHeatMap
from tests.web.api.fake_plans import FakePlans, FakeRefusals
from tests.web.api.fake_potential import FakePotential
from tests.web.api.fake_rules import FakeRulebook
from tests.web.api.fake_scores import FakeScores
from tests.web.api.fake_segments import FakeSegments
from tests.web.api.fake_sources import FakeSources
from tests.web.api.fake_suggestions import FakeSuggestions
from tests.web.api.fake_tags import FakeTags, FakeTraits
from tests.web.api.fake_templates import FakeTemplates
from tests.web.api.fake_tiers import FakeGroups, FakeTiers


class FakeErasures:
    """One person can be erased, once."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []

    def plan(self, key: str, now: int) -> dict[str, Any]:
        if key != "user_id:u/1":
            raise NotFound("no profile has this identifier")
        kind, _, value = key.partition(":")
        return {
            "profile": "p_1", "identifiers": [{"kind": kind, "value": value}], "stays": [],
            "events": 7, "quarantined": 2, "whole_pool": False, "confirm": "yes",
            "expires_at": AS_OF,
        }  # fmt: skip

    def confirm(self, key: str, token: str, by: str, now: int) -> dict[str, Any]:
        self.plan(key, now)
        if token != "yes":
            raise BadRequest("this is no confirmation; ask for the plan first")
        return self._add("erase", by)

    def readmit(self, key: str, by: str, now: int) -> dict[str, Any]:
        if not self.done:
            raise NotFound("nobody who was erased had this identifier")
        return self._add("readmit", by)

    def _add(self, kind: str, by: str) -> dict[str, Any]:
        self.done.append(
            {
                "id": f"{kind[0]}_{len(self.done)}", "kind": kind, "at": AS_OF, "by": by,
                "identifiers": 1, "state": "running", "done_at": None,
            }
        )  # fmt: skip
        return dict(self.done[-1])

    def all(self) -> list[dict[str, Any]]:
        return self.done[::-1]

    def one(self, erasure: str) -> dict[str, Any]:
        for row in self.done:
            if row["id"] == erasure:
                row["state"] = "done"
                return row
        raise NotFound(f"there is no erasure {erasure}")


class FakePool:
    """`count` profiles, the hottest first; every decision moves the version."""

    def __init__(self, count: int = 25) -> None:
        self.version = 1
        self.decided: list[tuple[str, str]] = []
        self.suggestions = FakeSuggestions(self.decided)
        self.calibrations = FakeCalibrations(self.decided)
        self.jobs: dict[str, dict[str, Any]] = {}
        self.waiting: dict[str, str] = {}
        self.copies: dict[str, dict[str, Any]] = {}
        self.received: dict[str, bytes] = {}
        self.rejects: Path | None = None
        self.fault: Exception | None = None
        self.lock = threading.Lock()
        self.plans = FakePlans()
        self.heatmap = FakeHeatMap()
        self.happening = FakeHappening()
        self.erasures = FakeErasures()
        self.rulebook = FakeRulebook(self)
        self.refusals = FakeRefusals()
        self.segments = FakeSegments()
        self.scores = FakeScores()
        self.tags = FakeTags()
        self.traits = FakeTraits()
        self.clusters = FakeClusters()
        self.potential = FakePotential()
        self.templates = FakeTemplates()
        self.tiers = FakeTiers()
        self.groups = FakeGroups()
        self.analytics = FakeAnalytics()
        self.boards = fake_boards(self.analytics.analyses)
        self.costs = fake_costs()
        self.links = fake_links()
        self.lifecycle = FakeLifecycle()
        self.sources = FakeSources()
        self._profiles = {f"p_{i:016d}": self._person(i, count) for i in range(count)}

    def _person(self, i: int, count: int) -> dict[str, Any]:
        return {
            "id": f"p_{i:016d}",
            "temperature": round(95 - i * 100 / count, 3),
            "band": ("hot", "warm", "cool", "cold")[min(i * 4 // count, 3)],
            "known": True,
            "as_of": AS_OF,
            "next_band": None,
            "next_band_at": None,
            "flagged": [],
            "identifiers": [{"kind": "user_id", "value": f"u/{i}"}],
            "traits": {"city": {"value": "杭州", "type": "text", "source": "web", "at": AS_OF}},
        }

    def status(self) -> dict[str, Any]:
        if self.fault:
            raise self.fault
        return {
            "events": 10, "profiles": len(self._profiles), "anonymous": 2, "duplicates": 1,
            "quarantined": 3, "conflicts": 0, "lag_seconds": 0.0, "as_of": AS_OF,
        }  # fmt: skip

    def readings(self) -> Readings:
        return Readings({"pipeline_seconds": {"warm": 1.5}, "duplicate_events": {"": 1.0}})

    def arrivals(
        self, cursor: str | None, verdict: str, source: str, q: str, limit: int
    ) -> dict[str, Any]:
        if cursor not in (None, "c1"):
            raise BadRequest("the cursor is not one that this list gave")
        return {"items": [], "cursor": "c1", "skipped": 0}

    def overview(self) -> dict[str, Any]:
        now = self.temperature(None)
        return {
            "as_of": AS_OF, "temperature": now, "flow": None, "sources": [], "attention": [],
            "history": {"computing": False, "days": [{"day": "2026-02-28", **now}]},
            "traffic": {"minutes": [], "per_minute": 0, "last_hour": 0, "refused_last_hour": 0},
        }  # fmt: skip

    def temperature(self, at_ms: int | None) -> dict[str, Any]:
        return {
            "as_of": AS_OF if at_ms is None else str(at_ms),
            "total": 25,
            "bands": {"hot": 1, "warm": 2, "cool": 3, "cold": 19},
            "cold": {"never_warm": 9, "cooled": 10},
            "anonymous": 2,
        }

    def profiles(
        self,
        q: str | None,
        trait: tuple[str, str] | None,
        band: str | None,
        sort: str,
        limit: int,
        cursor: str | None,
        detail: bool = False,
        among: str | None = None,
    ) -> tuple[list[dict[str, Any]], str | None]:
        rows = [
            row
            for row in self._profiles.values()
            if (q is None or q == f"user_id:{row['identifiers'][0]['value']}")
            and (trait is None or trait == ("city", "杭州"))
            and (band is None or row["band"] == band)
        ]
        if sort == "-temperature":
            rows.reverse()
        return self._cut(rows, limit, cursor)

    def _cut(
        self, rows: list[dict[str, Any]], limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            raise BadRequest("the cursor is not one that this list gave")
        start = int(cursor or 0)
        return rows[start : start + limit], str(start + limit) if start + limit < len(
            rows
        ) else None

    def export(self, band: str | None) -> Iterator[list[dict[str, Any]]]:
        rows = [row for row in self._profiles.values() if band in (None, row["band"])]
        return (rows[start : start + 10] for start in range(0, len(rows), 10))

    def deidentified(
        self, what: str, keep: list[str], hours: bool
    ) -> Iterator[list[dict[str, Any]]]:
        fixed = {
            "profiles": ("temperature", "band", "place", "events", "first_seen", "last_seen"),
            "events": ("at", "name", "type", "channel", "device", "place", "amount", "currency"),
        }[what]
        row = {**dict.fromkeys((*fixed, *keep), "=x"), "person": "aaaa", "hours": hours}
        yield [row, row]

    def person(self, key: str) -> tuple[dict[str, Any], Iterator[list[dict[str, Any]]]]:
        names = (
            "segments", "segment_history", "tags", "tag_history", "scores", "tiers",
            "tier_history", "groups", "trait_history", "consent", "consent_history", "merges",
            "suggestions", "decisions", "quarantine", "announcements", "imports", "audit",
        )  # fmt: skip
        profile = self.profile(key)
        facts = {"as_of": AS_OF, "profile": profile, "names": [profile["id"]]}
        row = {"name": "<script>alert(1)</script>", "at": AS_OF, "properties": {"n": 1}}
        return facts | {name: [] for name in names}, iter([[row, row], [row]])

    def profile(self, key: str) -> dict[str, Any]:
        for row in self._profiles.values():
            if key in (row["id"], f"user_id:{row['identifiers'][0]['value']}"):
                return row
        raise NotFound("no profile has this identifier")

    def timeline(
        self, key: str, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        self.profile(key)
        rows = [{"name": "Order Completed", "at": AS_OF, "source": "web", "n": n} for n in range(7)]
        return self._cut(rows, limit, cursor)

    def curve(
        self, key: str, from_ms: int, to_ms: int, points: int, ahead_ms: int
    ) -> dict[str, Any]:
        self.profile(key)
        return {"from_ms": from_ms, "to_ms": to_ms, "points": [{"at": AS_OF, "temperature": 3.0}]}

    def persona(self, key: str) -> dict[str, Any]:
        self.profile(key)
        pace = {"new": 30, "sleeping": 60, "lost": 180, "loyal": 3}
        stage = {"stage": None, "by": "orders", "pace": pace, "active_days": 0, "last": None,
                 "days_silent": None, "usual_gap": None}  # fmt: skip
        return {
            "as_of": AS_OF, "timezone": "UTC", "rfm": {**COUNTED, "customer": None},
            "lifecycle": stage, "events": 0, "from": None, "channels": [], "devices": [],
            "content": [], "hours": [[0] * 24] * 7,
        }  # fmt: skip

    def contributions(self, key: str) -> list[dict[str, Any]]:
        self.profile(key)
        return [{"rule": "buy", "energy": 3.0}]

    def merges(self, key: str) -> dict[str, Any]:
        self.profile(key)
        return {"merges": [{"id": "m1"}], "suggestions": []}

    def undo(self, key: str, merge_id: str, by: str) -> dict[str, Any]:
        self.profile(key)
        if merge_id != "m1":
            raise NotFound("this profile has no such merge")
        self.decided.append(("undo", by))
        self.version += 1
        return {"command": "u_m1_1"}

    def retract(self, command_id: str, by: str) -> dict[str, Any]:
        if command_id != "u_m1_1":
            raise NotFound("there is no such decision")
        self.decided.append(("retract", by))
        return {"retracted": command_id}

    def announcements(
        self, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        rows = [
            {
                "id": f"a_{n}", "profile": "p_1", "kind": "temperature.risen", "before": "cold",
                "after": "hot", "degrees": 81.5, "at": AS_OF, "cause": "events",
            }
            for n in range(3)
        ]  # fmt: skip
        return self._cut(rows, limit, cursor)

    def flags(self, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        rows = [
            {
                "id": f"f_{n}", "identifier": "user_id:u/1", "event": None, "verdict": "machine",
                "cause": "hand", "reason": "", "evidence": {}, "by": "lin", "at": AS_OF,
            }
            for n in range(3)
        ]  # fmt: skip
        return self._cut(rows, limit, cursor)

    def flag(self, keys: Any, events: Any, verdict: str, reason: str, by: str) -> dict[str, Any]:
        if not keys and not events:
            raise BadRequest("name at least one identifier, profile or event")
        self.decided.append((f"flag {verdict}", by))
        self.version += 1
        return {"id": "f_1", "identifiers": list(keys), "events": list(events)}

    def suspects(self, days: float) -> list[dict[str, Any]]:
        return [
            {
                "kind": "mail_scanner", "identifier": "user_id:u/1", "profile": "p_1",
                "score": 0.9, "flaggable": True, "evidence": {"links": 3}, "at": AS_OF,
                "events": [{"source": "web", "message_id": "m1"}],
            }
        ]  # fmt: skip

    def flag_suspects(self, days: float, by: str) -> dict[str, Any]:
        self.decided.append(("flag suspects", by))
        return {"flags": ["d_1_0"], "events": 1}

    def unflag(self, keys: Any, events: Any, reason: str, by: str) -> dict[str, Any]:
        return self.flag(keys, events, "open", reason, by)

    def consent(self, key: str) -> list[dict[str, Any]]:
        self.profile(key)
        return [{"purpose": "marketing", "channel": "sms", "given": True}]

    def start_import(self, path: Path, options: dict[str, Any], by: str) -> dict[str, Any]:
        body = path.read_bytes()
        if body == b"refuse me":
            raise ImportRefused("the file has no column for the time")
        with self.lock:
            job_id = f"i{len(self.jobs)}"
            self.received[job_id] = body
            self.jobs[job_id] = {
                "id": job_id, "state": "running", "progress": 0.5, "report": {}, "by": by,
                "options": options,
            }  # fmt: skip
            return dict(self.jobs[job_id])

    def stage(self, path: Path, name: str) -> dict[str, Any]:
        if not path.read_bytes().strip():
            raise ImportRefused(f"{name} holds no text")
        self.waiting = {"f0": name}
        return self.staged("f0", {"preset": ""})

    def staged(self, file_id: str, options: dict[str, Any]) -> dict[str, Any]:
        if file_id not in self.waiting:
            raise NotFound("this file waits no more; send it again")
        return {
            "file": file_id, "name": self.waiting[file_id], "size": 3, "format": "CSV",
            "sheets": [], "preset": options["preset"] or "orders", "fits": ["orders"],
            "columns": ["a"], "rows": [{"a": 1}], "mapping": [], "lacks": [], "identifiers": [],
            "without": [],
        }  # fmt: skip

    def import_staged(self, file_id: str, options: dict[str, Any], by: str) -> dict[str, Any]:
        self.staged(file_id, options)
        return self.start_import(Path(__file__), {**options, "name": self.waiting[file_id]}, by)

    def drop_staged(self, file_id: str) -> None:
        if self.waiting.pop(file_id, None) is None:
            raise NotFound("this file waits no more; send it again")

    def imports(self) -> list[dict[str, Any]]:
        return list(self.jobs.values())

    def import_job(self, job_id: str) -> dict[str, Any]:
        if job_id not in self.jobs:
            raise NotFound("no such import")
        job = self.jobs[job_id]
        if job["state"] == "running":
            lines = self.received[job_id].count(b"\n")
            job |= {
                "state": "done",
                "progress": 1.0,
                "report": {
                    "rows": lines, "events": lines - 1, "profiles": 1, "duplicate_rows": 0,
                    "rejected": {"no_identifier": 1}, "revenue": 12.5, "seconds": 0.1,
                    "columns": [{"column": "Customer ID", "field": "user_id", "missing": 1}],
                },
            }  # fmt: skip
        return dict(job)

    def import_rejects(self, job_id: str) -> Path:
        if job_id not in self.jobs or self.rejects is None:
            raise NotFound("this import refused no row")
        return self.rejects

    def cancel_import(self, job_id: str) -> dict[str, Any]:
        if job_id not in self.jobs:
            raise NotFound("no such import")
        if self.jobs[job_id]["state"] != "running":
            raise Conflict("this import is done already")
        self.jobs[job_id]["state"] = "cancelled"
        return dict(self.jobs[job_id])

    def start_backup(self, target: str | None, keep: int | None, by: str) -> dict[str, Any]:
        if target is None:
            raise BadRequest("say into which folder")
        job_id = f"b{len(self.copies)}"
        self.copies[job_id] = {
            "id": job_id, "state": "running", "progress": 0.5, "target": target, "by": by,
            "report": {"keep": keep}, "started_at": AS_OF, "finished_at": None,
        }  # fmt: skip
        return self.copies[job_id]

    def backups(self) -> list[dict[str, Any]]:
        return list(self.copies.values())

    def backup_shelf(self) -> dict[str, Any]:
        return {"folder": "", "keep": 0, "items": []}

    def backup_job(self, job_id: str) -> dict[str, Any]:
        if job_id not in self.copies:
            raise NotFound("no such backup")
        return self.copies[job_id]

    def cancel_backup(self, job_id: str) -> dict[str, Any]:
        return self.backup_job(job_id) | {"state": "cancelled"}

    def rebuild(self, by: str) -> dict[str, Any]:
        return {"events": 10, "same": True, "seconds": 0.1}

    def check(self) -> list[dict[str, Any]]:
        return [
            {"check": "journal", "ok": True, "detail": "readable", "advice": ""},
            {"check": "disk", "ok": False, "detail": "0.1 GB free", "advice": "free some space"},
        ]
