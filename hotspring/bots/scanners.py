"""Mail scanners: services that click the links of a mail before anyone reads it.

Clicks of one person on one message that follow each other within seconds are a *burst*. Three signs
speak for a scanner, each as a probability: the burst begins within seconds of the delivery; it
covers every link known of the message; its address is in a network of a mail security service.
They are joined as independent (1 - Π(1 - p)). One speaks against: after the burst, and before any
other click, the person goes on like one, at a human pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any, Final

import msgspec

DELIVERED: Final = frozenset({"Email Delivered"})
OPENED: Final = frozenset({"Email Opened"})
CLICKED: Final = frozenset({"Email Link Clicked"})
"""Names of Segment's e-mail spec."""
MAIL: Final = DELIVERED | OPENED | CLICKED
MESSAGE: Final = ("email_id", "message_id", "campaign_id", "campaign_name", "email_subject")
"""Properties that tell one message from another, the most exact first."""
LINK: Final = ("link_url", "url", "link_id")

EARLY_MS: Final = 300_000
"""A scanner may click while the mail is still being handed over, before it counts as delivered."""
AT_ONCE_MS: Final = 3_000
SESSION_MS: Final = 1_800_000
HUMAN_PAUSE_MS: Final = 5_000
"""A scanner that runs scripts makes its page views at once."""
HUMAN: Final = 0.4
"""What is left of a suspicion once the person went on like one."""
LIKELY: Final = 0.5
"""From this score on a burst is flagged."""
SURE: Final = 0.8
"""From this sum of signs on it is flagged at once; else what the person does next is awaited."""
SETTLED_MS: Final = 120_000


class MailEvent(msgspec.Struct, frozen=True):
    """One event of a person: a mail event, or anything else they did."""

    person: int
    source: str
    message_id: str
    origin: int
    ms: int
    received_ms: int
    name: str
    properties: dict[str, Any]
    network: str = ""
    """The mail security service whose network it came from."""
    decided: bool = False
    """It is flagged already, or someone said that it is none."""


class Suspect(msgspec.Struct, frozen=True):
    """A burst of clicks that is suspected to be a scanner's."""

    person: int
    origin: int
    """The subject of the first click."""
    at_ms: int
    score: float
    """0 to 1, after what speaks against it."""
    flaggable: bool
    """Likely enough, and settled."""
    events: tuple[MailEvent, ...]
    """The clicks, and opens around them, that are not decided yet."""
    evidence: dict[str, Any]


def suspects(events: Sequence[MailEvent], seconds: float, now: int) -> list[Suspect]:
    """Which bursts of clicks look like a scanner's, the most suspect first?

    `seconds` is how soon after the delivery, and after each other, clicks must come.
    """
    window = round(seconds * 1000)
    links: dict[str, set[str]] = {}
    for event in events:
        if event.name in CLICKED:
            links.setdefault(_message(event), set()).add(_told(event, LINK))
    found = []
    ordered = sorted(events, key=lambda event: (event.person, event.ms, event.message_id))
    for _, run in groupby(ordered, key=lambda event: event.person):
        mine = list(run)
        for burst in _bursts(mine, window):
            suspect = _judged(burst, mine, links[_message(burst[0])], window, now)
            if suspect is not None:
                found.append(suspect)
    return sorted(found, key=lambda suspect: (-suspect.score, suspect.person))


def _bursts(mine: list[MailEvent], window: int) -> list[list[MailEvent]]:
    clicks: dict[str, list[MailEvent]] = {}
    for event in mine:
        if event.name in CLICKED:
            clicks.setdefault(_message(event), []).append(event)
    bursts: list[list[MailEvent]] = []
    for one in clicks.values():
        bursts.append(one[:1])
        for before, after in pairwise(one):
            if after.ms - before.ms <= window:
                bursts[-1].append(after)
            else:
                bursts.append([after])
    return bursts


def _judged(
    burst: list[MailEvent], mine: list[MailEvent], links: set[str], window: int, now: int
) -> Suspect | None:
    first, last = burst[0], burst[-1]
    evidence: dict[str, Any] = {"clicks": len(burst)}
    doubt = 1.0
    after = _after_delivery(first, mine)
    if after is not None and after <= window:
        evidence["seconds_after_delivery"] = after / 1000
        doubt *= 1 - (0.9 if after <= AT_ONCE_MS else 0.6)
    clicked = {_told(event, LINK) for event in burst} - {""}
    if len(clicked) >= 2 and clicked >= links - {""}:
        evidence["links"] = len(clicked)
        evidence["within_seconds"] = (last.ms - first.ms) / 1000
        soon = last.ms - first.ms <= AT_ONCE_MS * (len(clicked) - 1)
        doubt *= 1 - (min(0.5 + 0.1 * len(clicked), 0.8) if soon else 0.4)
    networks = sorted({event.network for event in burst} - {""})
    if networks:
        evidence["network"] = networks[0]
        doubt *= 0.4
    if doubt == 1.0:
        return None
    signs = score = 1 - doubt
    if _went_on(burst, mine):
        evidence["went_on_like_a_person"] = True
        score *= HUMAN
    targets = _targets(burst, mine, window)
    settled = signs >= SURE or now - max(event.received_ms for event in burst) >= SETTLED_MS
    flaggable = score >= LIKELY and settled and bool(targets)
    return Suspect(
        first.person, first.origin, first.ms, round(score, 3), flaggable, targets, evidence
    )


def _after_delivery(first: MailEvent, mine: list[MailEvent]) -> int | None:
    """Milliseconds from the nearest delivery of the message to its first click."""
    message = _message(first)
    gaps = [
        first.ms - event.ms
        for event in mine
        if event.name in DELIVERED and _message(event) == message
    ]
    return min((gap for gap in gaps if gap >= -EARLY_MS), key=abs, default=None)


def _went_on(burst: list[MailEvent], mine: list[MailEvent]) -> bool:
    """Did the person act at a human pace after the burst, and before any other click?"""
    last, own = burst[-1].ms, {event.message_id for event in burst}
    end = min(
        (
            event.ms
            for event in mine
            if event.name in CLICKED and event.ms >= last and event.message_id not in own
        ),
        default=last + SESSION_MS,
    )
    end = min(end, last + SESSION_MS)
    return any(
        event.name not in MAIL and last + HUMAN_PAUSE_MS <= event.ms <= end for event in mine
    )


def _targets(burst: list[MailEvent], mine: list[MailEvent], window: int) -> tuple[MailEvent, ...]:
    message, start, end = _message(burst[0]), burst[0].ms - window, burst[-1].ms + window
    opens = [
        event
        for event in mine
        if event.name in OPENED and _message(event) == message and start <= event.ms <= end
    ]
    return tuple(event for event in (*burst, *opens) if not event.decided)


def _message(event: MailEvent) -> str:
    return _told(event, MESSAGE)


def _told(event: MailEvent, names: Sequence[str]) -> str:
    """The first of these properties that is told, as text."""
    told = (event.properties.get(name) for name in names)
    return next((str(value)[:512] for value in told if value not in (None, "")), "")
