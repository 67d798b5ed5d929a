"""The audit log: what was done that someone may have to answer for."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

import msgspec

from hotspring.store import Operations, records

Action = Literal[
    "access.denied",
    "alert.seen",
    "audit.exported",
    "calibration.cancelled",
    "calibration.started",
    "folder.backed_up",
    "folder.backup_cancelled",
    "bots.flagged",
    "bots.unflagged",
    "clusters.changed",
    "clusters.created",
    "clusters.deleted",
    "clusters.refreshed",
    "clusters.tagged",
    "cost.added",
    "cost.deleted",
    "cost.exported",
    "cost.imported",
    "cost.restored",
    "dashboard.changed",
    "dashboard.created",
    "dashboard.deleted",
    "erasure.planned",
    "events.dropped",
    "events.watched",
    "folder.rebuilt",
    "group.changed",
    "group.created",
    "group.deleted",
    "group.exported",
    "identity.merge_undone",
    "identity.retracted",
    "import.cancelled",
    "import.started",
    "owners.exported",
    "password.changed",
    "lifecycle.changed",
    "link.changed",
    "link.created",
    "link.deleted",
    "map.added",
    "map.changed",
    "map.deleted",
    "map.exported",
    "map.restored",
    "map.viewed",
    "plan.changed",
    "person.erased",
    "person.exported",
    "person.readmitted",
    "pool.deidentified",
    "potential.started",
    "profile.exported",
    "profile.opened",
    "profile.searched",
    "quarantine.dropped",
    "quarantine.exported",
    "quarantine.read",
    "quarantine.replayed",
    "recovery_code.used",
    "report.changed",
    "report.created",
    "report.deleted",
    "rules.changed",
    "score.changed",
    "score.created",
    "score.deleted",
    "second_factor.off",
    "second_factor.on",
    "segment.changed",
    "segment.created",
    "segment.deleted",
    "segment.exported",
    "sign_in.done",
    "sign_in.failed",
    "sign_out.done",
    "sign_out.others",
    "source.created",
    "source.revoked",
    "suggestion.accepted",
    "suggestion.exported",
    "suggestion.listed",
    "suggestion.refused",
    "suggestion.searched",
    "suggestion.search_cancelled",
    "tag.changed",
    "tag.created",
    "tag.deleted",
    "tag.exported",
    "tag.set",
    "tag.undone",
    "tiers.changed",
    "tiers.created",
    "tiers.deleted",
    "tiers.exported",
    "token.created",
    "token.revoked",
    "user.changed",
    "user.created",
    "user.link_made",
    "user.removed",
]
FAILURES_EVERY_MS: Final = 60_000
PORTION: Final = 1_000
EVERYTHING: Final = records.AuditWhere()


class Audit:
    """Appends to the audit log of one folder and reads it. Thread-safe.

    Nothing that identifies a person is written in clear: such subjects are told apart by a hash
    keyed with the secret of the folder, and no address of a client is kept.
    """

    def __init__(self, operations: Operations, clock: Callable[[], int]) -> None:
        self._operations = operations
        self._clock = clock
        self._failures: dict[str, tuple[int, int | None]] = {}
        """By the name of a member, or none: how many were not written, and when one was."""
        self._lock = threading.Lock()

    def record(self, actor: str, action: Action, subject: str = "", **detail: Any) -> None:
        """Write down that `actor` did `action` to `subject`, which must not be personal."""
        self._operations.append_audit(
            at_ms=self._clock(), actor=actor, action=action, subject=subject,
            detail=msgspec.json.encode(detail).decode(),
        )  # fmt: skip

    def record_personal(self, actor: str, action: Action, subject: str, **detail: Any) -> None:
        """Write down what was done to a person or with an identifier, by its keyed hash."""
        self.record(actor, action, self.pseudonym(subject), **detail)

    def pseudonym(self, subject: str) -> str:
        """Under which name does this person or identifier stand in the log?"""
        digest = hashlib.blake2b(
            subject.encode("utf-8", "surrogatepass"), key=self._operations.secret, digest_size=10
        ).digest()
        return f"h_{base64.b32encode(digest).decode().lower()}"

    def failed_sign_in(self, reason: str, member: str = "") -> None:
        """Write down a failed sign-in; within a minute further ones are counted, not written.

        A flood of wrong tokens or passwords must fill neither the disk nor the log. `member` is
        the name of an account that is there, and never merely what was typed.
        """
        with self._lock:
            now = self._clock()
            count, last = self._failures.get(member, (0, None))
            count += 1
            if last is not None and 0 <= now - last < FAILURES_EVERY_MS:
                self._failures[member] = (count, last)
                return
            self._failures[member] = (0, now)
        self.record("", "sign_in.failed", member, reason=reason, count=count)

    def page(
        self, limit: int, before: int | None = None, where: records.AuditWhere = EVERYTHING
    ) -> list[records.AuditEntry]:
        """Up to `limit` entries older than the entry `before`, newest first."""
        return self._operations.audit(limit, before, where)

    def portions(self, where: records.AuditWhere) -> Iterator[list[records.AuditEntry]]:
        """All entries that are meant, newest first, so many at a time that they fit in memory."""
        before = None
        while found := self._operations.audit(PORTION, before, where):
            yield found
            before = found[-1].id
