"""The rules of a pool: which stood when, what differs, what they would do, how they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from hotspring.errors import BadRequest
from hotspring.pipeline import Pipeline
from hotspring.pool.moments import clock, iso
from hotspring.pool.previews import Previews
from hotspring.pool.profiles import Profiles
from hotspring.pool.usage import currency_use, event_use
from hotspring.pool.versions import Versions
from hotspring.store import Store
from hotspring.temperature import RuleSet, announcements, history, law, rules

Decide = Callable[[str, str, str], None]
"""Journals a decision (kind, body, by) and waits until it is applied."""


class Rulebook:
    """Reads, tries, tests and changes the rules of an open pool. From any thread."""

    def __init__(
        self, pipeline: Pipeline, store: Store, profiles: Profiles, decide: Decide
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._profiles = profiles
        self._decide = decide
        self._previews = Previews(pipeline, store)
        self._versions = Versions(store, announcements.RULE_VERSIONS, "rules")

    # --- versions ---

    def number(self) -> int:
        """The version in force."""
        return self._versions.number()

    def now(self) -> dict[str, Any]:
        """The rules in force."""
        return {"version": self.number(), "body": msgspec.to_builtins(self._pipeline.state.rules)}

    def versions(self) -> list[dict[str, Any]]:
        """Every version there was, the newest first."""
        return self._versions.all()

    def version(self, number: int) -> dict[str, Any]:
        """One version. `NotFound` where there was none of this number."""
        return self._versions.one(number)

    def compare(self, before: int, after: int) -> dict[str, Any]:
        """What must be said to make one version of another?"""
        found = rules.differences(self._rules_of(before), self._rules_of(after))
        return {"before": before, "after": after, "differences": msgspec.to_builtins(found)}

    # --- changes ---

    def put(self, body: dict[str, Any], by: str) -> dict[str, Any]:
        """Make these the rules in force, as a new version. Raises `RulesError`.

        The new temperatures are made ready beside the old ones, so that events go on being applied.
        """
        return self._change(RuleSet.from_json(msgspec.json.encode(body)), by)

    def restore(self, number: int, by: str) -> dict[str, Any]:
        """Make the content of an earlier version a new one."""
        return self._change(self._rules_of(number), by)

    def accept(self, preview_id: str, by: str) -> dict[str, Any]:
        """Make the rules of a preview those in force."""
        return self._change(self._previews.tried(preview_id), by)

    def _change(self, wanted: RuleSet, by: str) -> dict[str, Any]:
        with self._previews.ready(wanted):
            self._decide("rules", wanted.to_json(), by)
        return self.now()

    # --- trials ---

    def preview(
        self, body: dict[str, Any] | None, version: int | None, against: int | None, by: str
    ) -> dict[str, Any]:
        """Begin to find out what rules would do, written out or as a version there was."""
        before = None if against is None else self._rules_of(against)
        return self._previews.start(self._wanted(body, version), before, by)

    def previews(self) -> list[dict[str, Any]]:
        return self._previews.all()

    def one_preview(self, preview_id: str) -> dict[str, Any]:
        return self._previews.one(preview_id)

    def cancel_preview(self, preview_id: str) -> dict[str, Any]:
        return self._previews.cancel(preview_id)

    def test(self, key: str, body: dict[str, Any] | None, version: int | None) -> dict[str, Any]:
        """How warm is one profile by other rules, and why? Beside the rules in force."""
        wanted, now = self._wanted(body, version), clock()
        with self._pipeline.lock:
            slot = self._profiles.slot(key, now)
            live = self._pipeline.state.rules
            (name,) = self._pipeline.state.who.public_ids([slot])
        events = self._profiles.events(slot, now)
        return {
            "profile": name,
            "as_of": iso(now),
            "events": events.num_rows,
            "live": self._read(events, live, now),
            "tried": self._read(events, wanted, now),
        }

    def _read(self, events: Any, by: RuleSet, now: int) -> dict[str, Any]:
        zone = self._pipeline.settings.zone
        reading = history.reading(events, by, zone, now)
        return {
            "temperature": round(reading.degrees, 3),
            "band": law.BANDS[reading.band],
            "energy": reading.energy,
            "contributions": [
                {**msgspec.to_builtins(part), "last_at": iso(part.last_ms)}
                for part in history.contributions(events, by, zone, now)
            ],
        }

    def currencies(self) -> list[dict[str, Any]]:
        """In which currencies come the events that rules weigh by amount, and at which rate?"""
        return currency_use(self._store, self._pipeline.state.rules)

    def events(self) -> list[dict[str, Any]]:
        """Which events came, how often, and which rules look at them? The most frequent first."""
        return event_use(self._store, self._pipeline.state.rules)

    def close(self) -> None:
        """Stop a preview that runs."""
        self._previews.close()

    def _wanted(self, body: dict[str, Any] | None, version: int | None) -> RuleSet:
        if (body is None) == (version is None):
            raise BadRequest("give either `rules`, a whole rule set, or the number of a `version`")
        if version is not None:
            return self._rules_of(version)
        return RuleSet.from_json(msgspec.json.encode(body))

    def _rules_of(self, number: int) -> RuleSet:
        return RuleSet.from_json(msgspec.json.encode(self.version(number)["body"]))
