"""Trying fixes on entries: how they read then, and whether the door would take them now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from hotspring.collect import Judge, SourceFacts
from hotspring.errors import HotspringError
from hotspring.event import Event, Flag, Refused
from hotspring.quarantine.entries import Entry
from hotspring.quarantine.fixes import Body, Fix, NewId, Replace, Unmendable, mended

Verdict = Literal["accepted", "duplicate", "conflict", "refused", "unmendable"]
Known = Callable[[Sequence[tuple[str, str]]], Mapping[tuple[str, str], int]]
"""The content of events that are there already, by (source, message id)."""

LONGEST_KEPT: Final = 65_536
LONGEST_ID: Final = 200
NOT_READABLE: Final = "it is no JSON object; write it anew with the fix `replace`"
CUT: Final = "only its beginning was kept; write it anew with the fix `replace`"
AGAIN: Final = "another event has this message id; give it one of its own with the fix `new_id`"


class Outcome(msgspec.Struct, frozen=True):
    """What the fixes make of one entry."""

    entry: Entry
    verdict: Verdict
    """`duplicate`: the pool has this very event already, so replaying adds nothing."""
    after: str = ""
    """How it reads with the fixes, as JSON."""
    reason: str = ""
    detail: str = ""
    event: Event | None = None

    @property
    def passes(self) -> bool:
        """Would a replay settle this entry?"""
        return self.verdict in ("accepted", "duplicate")


class Mender:
    """Tries fixes on entries. Changes nothing."""

    def __init__(self, judge: Judge, source: Callable[[str], SourceFacts], known: Known) -> None:
        """`source` tells what the pool knows of a sender."""
        self._judge = judge
        self._source = source
        self._known = known

    def outcomes(self, entries: Sequence[Entry], fixes: Sequence[Fix]) -> list[Outcome]:
        """What do these fixes make of these entries? In their order; earlier ones count first."""
        tried = [self._tried(entry, fixes) for entry in entries]
        known = dict(
            self._known(
                [(o.entry.source, o.event.message_id) for o in tried if o.event is not None]
            )
        )
        return [self._compared(outcome, known) for outcome in tried]

    def _compared(self, outcome: Outcome, known: dict[tuple[str, str], int]) -> Outcome:
        event = outcome.event
        if event is None:
            return outcome
        content = known.setdefault((outcome.entry.source, event.message_id), -1)
        if content == -1:
            known[outcome.entry.source, event.message_id] = event.content
            return outcome
        if content == event.content:
            return msgspec.structs.replace(outcome, verdict="duplicate")
        return msgspec.structs.replace(outcome, verdict="conflict", reason="conflict", detail=AGAIN)

    def _tried(self, entry: Entry, fixes: Sequence[Fix]) -> Outcome:
        try:
            body = self._mended(entry, fixes)
        except HotspringError as problem:
            return Outcome(entry, "unmendable", reason=entry.reason, detail=str(problem))
        after = msgspec.json.encode(body).decode()
        keep = entry.message_id
        if any(isinstance(fix, NewId) for fix in fixes):
            keep = f"{keep[:LONGEST_ID]}~{entry.id}"
        judged = self._judge.judge_again(
            body,
            quoted=entry.body,
            request=entry.request,
            source=self._source(entry.source),
            received_ms=entry.received_ms,
            message_id=keep,
            otherwise=f"q-{entry.id}",
            recorded=entry.recorded,
        )
        if isinstance(judged, Refused):
            return Outcome(entry, "refused", after, judged.reason, judged.detail)
        marked = msgspec.structs.replace(judged, flags=judged.flags | Flag.MENDED.value)
        return Outcome(entry, "accepted", after, event=marked)

    def _mended(self, entry: Entry, fixes: Sequence[Fix]) -> Body:
        written = [at for at, fix in enumerate(fixes) if isinstance(fix, Replace)]
        # Who writes it anew need not be able to read it.
        text = "{}" if written else entry.body
        try:
            body, words = self._judge.read(text, entry.request, entry.recorded)
        except HotspringError:
            cut = len(entry.body) >= LONGEST_KEPT
            raise Unmendable(CUT if cut else NOT_READABLE) from None
        return mended(body, fixes[written[-1] :] if written else fixes, words, entry.received_ms)
