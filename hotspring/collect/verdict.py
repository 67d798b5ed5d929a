"""The verdicts of the door: why one event, or a whole body, is not accepted."""

from __future__ import annotations

import enum
from typing import Final, Self

from hotspring.errors import BadRequest, HotspringError
from hotspring.event import Refused

LONGEST_BODY: Final = 65_536
LONGEST_DETAIL: Final = 300


class Reason(enum.StrEnum):
    """Why was this event refused? `description` says it to the person who mends it."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        reason = str.__new__(cls, value)
        reason._value_ = value
        reason.description = description
        return reason

    BAD_JSON = (
        "bad_json",
        "The event is not valid JSON; NaN and undefined are not either.",
    )
    NOT_AN_OBJECT = "not_an_object", "The event is not a JSON object."
    TOO_LARGE = "too_large", "The event is larger than the setting max_event_kilobytes allows."
    TOO_DEEP = "too_deep", "The event nests objects and lists more than 32 levels deep."
    MISSING_TYPE = "missing_type", "The event does not say which type of call it is."
    UNKNOWN_TYPE = "unknown_type", "The type of call is none that the protocol knows."
    UNSUPPORTED_TYPE = (
        "unsupported_type",
        "The call describes products, not people (item_set, item_delete); it is not kept.",
    )
    MISSING_EVENT_NAME = "missing_event_name", "A track call has no event name."
    BAD_EVENT_NAME = (
        "bad_event_name",
        "The event name is not text of 1 to 256 characters without control characters.",
    )
    BAD_MESSAGE_ID = (
        "bad_message_id",
        "The message id is not text of up to 256 characters, or a number.",
    )
    NO_IDENTIFIER = (
        "no_identifier",
        "No identifier is left after placeholders and unreadable values were set aside.",
    )
    BAD_TIMESTAMP = "bad_timestamp", "The time is neither ISO 8601 nor a number since 1970."
    FUTURE_TIMESTAMP = (
        "future_timestamp",
        "The time lies further ahead of the clock than the setting future_hours allows.",
    )
    TOO_OLD = "too_old", "The time lies before the setting oldest_year: a clock that was never set."
    BAD_PROPERTIES = "bad_properties", "The properties are not a JSON object that can be stored."
    BAD_TRAITS = "bad_traits", "The traits are not a JSON object that can be stored."
    BAD_CONTEXT = "bad_context", "The context is not a JSON object that can be stored."
    BAD_CONSENT = "bad_consent", "A consent event names no purpose, or no decision."
    PLAN_BREACH = "plan_breach", "The properties break the tracking plan, which is strict there."
    ERASED = (
        "erased",
        "The event names a person who was erased; nothing of it is kept.",
    )
    CONFLICT = (
        "conflict",
        "Another event with this message id was accepted before.",
    )


class Unfit(HotspringError):
    """One event cannot be accepted."""

    def __init__(self, reason: Reason, detail: str = "", message_id: object = None) -> None:
        super().__init__(detail or reason.description)
        self.message_id = message_id
        self.reason = reason
        self.detail = (detail or reason.description)[:LONGEST_DETAIL]


class Unreadable(BadRequest):
    """A whole body cannot be read; `status` is the HTTP status to answer with."""

    def __init__(self, status: int, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.detail = detail


def refused(index: int, message_id: str, unfit: Unfit, body: str, request: str = "") -> Refused:
    """Which record of quarantine does an unfit event leave?"""
    detail = unfit.detail
    return Refused(index, message_id, unfit.reason.value, detail, body[:LONGEST_BODY], request)
