"""Consent events: what a person allowed or took back, per purpose and channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hotspring.collect.verdict import Reason, Unfit

NAMES: Final = {
    "Consent Given": True,
    "Consent Withdrawn": False,
    "Segment Consent Preference Updated": None,
}
"""Names of consent events: given, withdrawn, or told by category in the context."""
LONGEST: Final = 128


def decisions(name: str, properties: Mapping[str, Any], choices: Mapping[str, Any] | None) -> str:
    """Which decisions does this event record? JSON `{"decisions": [...]}`.

    Each decision is `{"purpose", "channel", "given", "proof"}`; one without a channel is for all.
    Purposes and channels may be lists. Raises `Unfit` with `bad_consent`.
    """
    given = NAMES[name]
    proof = _proof(properties.get("proof"))
    if given is None:
        told = choices if choices is not None else properties.get("categoryPreferences")
        made = [
            {"purpose": purpose, "given": choice, "proof": proof}
            for purpose, choice in (told.items() if isinstance(told, dict) else ())
            if isinstance(choice, bool) and 0 < len(purpose) <= LONGEST
        ]
    else:
        channels = [{"channel": channel} for channel in _words(properties.get("channel"))]
        made = [
            {"purpose": purpose, **channel, "given": given, "proof": proof}
            for purpose in _words(properties.get("purpose"))
            for channel in channels or [{}]
        ]
    if not made:
        raise Unfit(Reason.BAD_CONSENT)
    return msgspec.json.encode({"decisions": made}).decode()


def _words(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    words = [word.strip() for word in values if isinstance(word, str)]
    return [word for word in words if 0 < len(word) <= LONGEST]


def _proof(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
