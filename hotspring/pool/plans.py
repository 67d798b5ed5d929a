"""The tracking plan of an open pool: what is in force, what was before, what broke it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from hotspring.collect import Judge
from hotspring.event import Flag
from hotspring.pipeline import Pipeline
from hotspring.plan import PLAN_VERSIONS, Checks, Plan, difference, foreign, learnt
from hotspring.pool.moments import iso
from hotspring.pool.versions import Versions, described
from hotspring.store import Store

FLAGGED: Final = f"""
SELECT source, name AS event, 'lenient' AS mode, count(*) AS events, max(received_ms) AS last
FROM events WHERE flags & {int(Flag.BREACH)} <> 0 AND received_ms >= ? GROUP BY ALL
"""
EVENT_NAME: Final = """
coalesce(CASE WHEN json_valid(body) THEN json_extract_string(body, '$.event') END, '')
"""
"""Of a refused event: what it says itself, if it can be read."""
REFUSED: Final = f"""
SELECT source, {EVENT_NAME} AS event,
    'strict' AS mode, count(*) AS events, max(received_ms) AS last
FROM quarantine WHERE reason = 'plan_breach' AND received_ms >= ? GROUP BY ALL
"""
SAMPLE: Final = 4_000
"""Events of one name that are looked at, chosen by their key, which is as good as by lot."""
MOST_NAMES: Final = 2_000
SHOWN: Final = 3
CHOSEN: Final = f"type <> 'consent' AND flags & {int(Flag.SPENT)} = 0 AND received_ms >= ?"
"""Events that still have the properties they came with."""
COUNTS: Final = f"""
SELECT name, count(*) AS events FROM events WHERE {CHOSEN} GROUP BY name
ORDER BY events DESC, name LIMIT {MOST_NAMES}
"""
SAMPLED: Final = f"""
WITH counts AS ({COUNTS})
SELECT name, properties FROM events JOIN counts USING (name)
WHERE {CHOSEN} AND (key >> 1)::BIGINT % greatest(1, events // {SAMPLE}) = 0
"""


class Plans:
    """The versions of the plan of one pool. Every method may be called from any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, decide: Callable[[str, str, str], None]
    ) -> None:
        """`decide` journals a command (kind, body, by) and waits until it is applied."""
        self._pipeline = pipeline
        self._store = store
        self._versions = Versions(store, PLAN_VERSIONS, "plan")
        self._decide = decide

    def show(self, version: int | None = None) -> dict[str, Any]:
        """One version of the plan, the one in force where none is named. 0 is the empty plan."""
        if version is None:
            version = self._pipeline.plan[0]
        if version == 0:
            return described(0, None, "", Plan().to_json())
        return self._versions.one(version)

    def versions(self) -> list[dict[str, Any]]:
        """Every version there was, the newest first."""
        return self._versions.all()

    def put(self, body: dict[str, Any], by: str) -> dict[str, Any]:
        """Put a plan in force for what comes from now on. Raises `PlanError`."""
        plan = Plan.from_json(msgspec.json.encode(body))
        self._decide("plan", plan.to_json(), by)
        return self.show()

    def restore(self, version: int, by: str) -> dict[str, Any]:
        """Put an earlier version in force again, as a new one."""
        return self.put(self.show(version)["body"], by)

    def difference(self, before: int | None, after: int | dict[str, Any]) -> dict[str, Any]:
        """What changes from one version (else the one in force) to another, or to a draft?"""
        old = self.show(before)
        body = self.show(after)["body"] if isinstance(after, int) else after
        changed = difference(_plan(old["body"]), _plan(body))
        return {"from": old["version"], **msgspec.to_builtins(changed)}

    def breaches(self, since_ms: int = 0) -> list[dict[str, Any]]:
        """How many events received since then broke the plan, by source and event?"""
        rows = [
            row
            for sql in (FLAGGED, REFUSED)
            for row in self._store.query(sql, [since_ms]).to_pylist()
        ]
        rows.sort(key=lambda row: (-row["events"], row["source"], row["event"], row["mode"]))
        return [{**row, "last": iso(row["last"])} for row in rows]

    def learn(self, since_ms: int, new_only: bool) -> dict[str, Any]:
        """A plan proposed from the events received since then, and what of them would break it.

        With `new_only` the plan in force with what it does not name yet. Nothing is put in force.
        """
        counts = self._counts(since_ms)
        plan = learnt(self._sampled(since_ms), counts)
        if new_only:
            old = _plan(self.show()["body"])
            plan = Plan({**plan.events, **old.events}, old.others)
        return {"plan": msgspec.to_builtins(plan), **self._tried(plan, since_ms, counts)}

    def trial(self, body: dict[str, Any], since_ms: int) -> dict[str, Any]:
        """How many of the events received since then would break this plan, had it stood?"""
        plan = Plan.from_json(msgspec.json.encode(body))
        changed = msgspec.to_builtins(difference(_plan(self.show()["body"]), plan))
        return {**self._tried(plan, since_ms, self._counts(since_ms)), "difference": changed}

    def read(self, document: Any) -> dict[str, Any]:
        """A plan in another tool's form, as ours. Nothing is put in force."""
        return {"plan": msgspec.to_builtins(foreign(document))}

    def _counts(self, since_ms: int) -> dict[str, int]:
        rows = self._store.query(COUNTS, [since_ms]).to_pylist()
        return {row["name"]: row["events"] for row in rows}

    def _sampled(self, since_ms: int) -> Iterator[tuple[str, dict[str, Any]]]:
        read = msgspec.json.Decoder(dict[str, Any]).decode
        for batch in self._pipeline.ask(SAMPLED, [since_ms, since_ms]):
            names, texts = batch.column("name"), batch.column("properties")
            for name, text in zip(names.to_pylist(), texts.to_pylist(), strict=True):
                yield name, read(text)

    def _tried(self, plan: Plan, since_ms: int, counts: dict[str, int]) -> dict[str, Any]:
        checks = Checks(plan, self._pipeline.plan[0] + 1, Judge.fixed_names).of
        looked: Counter[str] = Counter()
        broken: Counter[str] = Counter()
        details: dict[str, list[str]] = {}
        for name, properties in self._sampled(since_ms):
            looked[name] += 1
            check = checks(name)
            if check is None or check.holds(properties):
                continue
            broken[name] += 1
            told = details.setdefault(name, [])
            if len(told) < SHOWN and (detail := check.detail(properties)) not in told:
                told.append(detail)
        return {
            "events": [
                {
                    "event": name,
                    "events": count,
                    "looked_at": looked[name],
                    "breaking": broken[name],
                    "details": details.get(name, []),
                }
                for name, count in counts.items()
            ]
        }


def _plan(body: dict[str, Any]) -> Plan:
    return Plan.from_json(msgspec.json.encode(body))
