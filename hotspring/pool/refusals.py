"""Quarantine of an open pool: what was refused, what people mend, replay and drop."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from hotspring.collect import Judge, SourceFacts
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, NotFound
from hotspring.event import Command, Delivery
from hotspring.geo import Atlas
from hotspring.journal import COMMAND, DELIVERY, Journal, Record
from hotspring.pipeline import Pipeline
from hotspring.plan import Plan
from hotspring.pool.moments import clock, iso
from hotspring.quarantine import Entry, Mender, Outcome, Resolved, Selection, fixes_of
from hotspring.store import Operations, Store

MOST: Final = 5_000
"""Entries looked at in one call."""
SHOWN: Final = 20
"""Entries whose before and after are shown in one call."""
PORTION: Final = 1_000
"""Entries of one portion of an export."""
LONGEST_REASON: Final = 500


class Refusals:
    """The refused events of one pool. Every method may be called from any thread."""

    def __init__(
        self,
        pipeline: Pipeline,
        journal: Journal,
        store: Store,
        operations: Operations,
        wait: Callable[[int], None],
    ) -> None:
        """`wait` returns once everything up to a journal position is applied."""
        self._pipeline = pipeline
        self._journal = journal
        self._store = store
        self._operations = operations
        self._wait = wait
        self._deciding = threading.Lock()
        self._judge: Judge | None = None
        self._judged_by = -1

    def page(
        self, selection: dict[str, Any], limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of entries, the newest first."""
        found = self._found(_selection(selection), limit + 1, cursor, newest_first=True)
        following = found[limit - 1].id if len(found) > limit else None
        return [_described(entry) for entry in found[:limit]], following

    def portions(self, selection: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        """All entries that are meant, the oldest first, in portions."""
        chosen = _selection(selection)
        return self._portions(chosen)

    def counts(self, selection: dict[str, Any]) -> dict[str, int]:
        """How many entries are meant, by reason?"""
        rows = self._store.query(*_selection(selection).count()).to_pylist()
        return {row["reason"]: row["entries"] for row in rows}

    def replay(
        self,
        selection: dict[str, Any],
        fixes: Sequence[Mapping[str, Any]],
        by: str,
        dry_run: bool,
        limit: int,
        after: str | None,
    ) -> dict[str, Any]:
        """Mend up to `limit` open entries and let in those that pass now; say what became of each.

        What does not pass stays open. With `dry_run` nothing is changed. `next` is the entry after
        which the following call goes on.
        """
        made = fixes_of(fixes)
        chosen = _selection({**selection, "status": "open"})
        if any(fix["do"] == "replace" for fix in fixes) and len(chosen.ids) != 1:
            raise BadRequest("`replace` writes one event: name its entry alone in `ids`")
        with self._deciding:
            # Whoever decided before is applied, so that what is open is open.
            self._wait(self._journal.head())
            entries = self._found(chosen, min(limit, MOST), after)
            outcomes = self._mender().outcomes(entries, made)
            if not dry_run:
                self._let_in(outcomes, [fix.summary for fix in made], by)
        settled = {o.entry.id for o in outcomes if o.passes}
        self._explain(chosen, entries, after)
        shown = itertools.chain(
            (o for o in outcomes if o.entry.id not in settled),
            (o for o in outcomes if o.entry.id in settled),
        )
        return {
            "dry_run": dry_run,
            "looked_at": len(outcomes),
            "verdicts": _counted(o.verdict for o in outcomes),
            "still": _counted(o.reason for o in outcomes if not o.passes),
            "entries": [_told(outcome) for outcome in itertools.islice(shown, SHOWN)],
            "next": entries[-1].id if len(entries) == min(limit, MOST) else None,
        }

    def drop(self, selection: dict[str, Any], why: str, by: str, dry_run: bool) -> dict[str, Any]:
        """Close open entries for good, with a reason; the entries themselves stay to be read."""
        why = why.strip()
        if not why or len(why) > LONGEST_REASON:
            raise BadRequest(f"say why, in 1 to {LONGEST_REASON} characters")
        chosen = _selection({**selection, "status": "open"})
        with self._deciding:
            self._wait(self._journal.head())
            entries = self._found(chosen, MOST, None)
            self._explain(chosen, entries, None)
            if not dry_run and entries:
                self._append([], Resolved("dropped", _keys(entries), why), by)
        more = len(entries) == MOST
        return {"dry_run": dry_run, "dropped": len(entries), "more": more, "why": why}

    # --- inside ---

    def _portions(self, chosen: Selection) -> Iterator[list[dict[str, Any]]]:
        after = None
        while found := self._found(chosen, PORTION, after):
            after = found[-1].id
            yield [_described(entry) for entry in found]

    def _found(
        self, chosen: Selection, limit: int, after: str | None, newest_first: bool = False
    ) -> list[Entry]:
        return Entry.rows(self._store.query(*chosen.query(limit, after, newest_first)))

    def _explain(self, chosen: Selection, found: Sequence[Entry], after: str | None) -> None:
        """Say of entries that were named why they are not among those that were found."""
        if found or not chosen.ids or after is not None:
            return
        there = self._found(Selection.of(*chosen.ids), 1, None)
        if not there:
            raise NotFound("there is no such entry")
        if there[0].status != "open":
            raise Conflict(f"entry {there[0].id} is {there[0].status} already")

    def _let_in(self, outcomes: Sequence[Outcome], fixes: list[str], by: str) -> None:
        passed = [outcome for outcome in outcomes if outcome.passes]
        if not passed:
            return
        deliveries: dict[tuple[str, int], Delivery] = {}
        for outcome in passed:
            if outcome.verdict == "accepted" and outcome.event is not None:
                key = (outcome.entry.source, outcome.entry.received_ms)
                deliveries.setdefault(key, Delivery(*key, [])).events.append(outcome.event)
        entries = _keys([outcome.entry for outcome in passed])
        self._append(list(deliveries.values()), Resolved("replayed", entries, fixes=fixes), by)

    def _append(self, deliveries: list[Delivery], resolved: Resolved, by: str) -> None:
        """Journal events and the decision about them in one write, and wait until both hold."""
        now = clock()
        body = msgspec.json.encode(resolved).decode()
        records = [
            Record(DELIVERY, now, pack(delivery), len(delivery.events)) for delivery in deliveries
        ]
        command = msgspec.msgpack.encode(Command("resolve", now, by, body))
        self._wait(self._journal.append([*records, Record(COMMAND, now, command)])[-1])

    def _mender(self) -> Mender:
        if self._judge is None:
            settings = self._pipeline.settings
            self._judge = Judge(settings, Atlas(settings.outlines_file, settings.region_file))
        version, text = self._pipeline.plan
        if version != self._judged_by:
            self._judge.follow(Plan.from_json(text), version)
            self._judged_by = version
        known = {
            source.name: SourceFacts(source.name, source.public, source.datum)
            for source in self._operations.sources(with_revoked=True)
        }
        # Of a sender that nobody knows the least is believed.
        return Mender(
            self._judge,
            lambda name: known.get(name, SourceFacts(name, public=True)),
            self._pipeline.contents,
        )


def _selection(given: dict[str, Any]) -> Selection:
    try:
        return msgspec.convert(given, Selection)
    except msgspec.ValidationError as error:
        raise BadRequest(f"the selection cannot be read: {error}") from error


def _keys(entries: Sequence[Entry]) -> list[tuple[int, bool]]:
    return [(entry.seq, entry.recorded) for entry in entries]


def _counted(words: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _described(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "received_at": iso(entry.received_ms),
        "source": entry.source,
        "event": entry.event,
        "message_id": entry.message_id,
        "reason": entry.reason,
        "detail": entry.detail,
        "body": entry.body,
        "status": entry.status,
        "resolved_at": iso(entry.at_ms),
        "resolved_by": entry.by,
        "why": entry.why,
    }


def _told(outcome: Outcome) -> dict[str, Any]:
    event = outcome.event
    return {
        "id": outcome.entry.id,
        "source": outcome.entry.source,
        "reason": outcome.entry.reason,
        "before": outcome.entry.body,
        "after": outcome.after,
        "verdict": outcome.verdict,
        "still": outcome.reason,
        "detail": outcome.detail,
        "event": None
        if event is None
        else {
            "message_id": event.message_id,
            "type": event.type,
            "name": event.name,
            "at": iso(event.ms),
            "ids": list(event.ids),
            "properties": msgspec.json.decode(event.properties),
        },
    }
