"""How errors are told: `application/problem+json` after RFC 9457, the same for every path."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from starlette.responses import Response

from hotspring.errors import (
    BadRequest,
    Changed,
    Conflict,
    FolderError,
    FolderInUse,
    Forbidden,
    HistoryTooThin,
    HotspringError,
    ImportRefused,
    JournalUnavailable,
    NotFound,
    NotInstalled,
    NotReady,
    ParametersRefused,
    PlanError,
    RuleRefused,
    RulesError,
    SettingsError,
    SignInRefused,
    TooManyTries,
    Unauthorised,
    Unusable,
    WeakPassword,
)

MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final[dict[type[HotspringError], int]] = {
    BadRequest: 400,
    Unauthorised: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Changed: 409,
    FolderInUse: 409,
    NotInstalled: 409,
    ImportRefused: 422,
    PlanError: 422,
    ParametersRefused: 422,
    RuleRefused: 422,
    RulesError: 422,
    HistoryTooThin: 422,
    SettingsError: 422,
    WeakPassword: 422,
    TooManyTries: 429,
    FolderError: 503,
    NotReady: 503,
    JournalUnavailable: 503,
}
CODES: Final[dict[type[HotspringError], str]] = {
    BadRequest: "bad_request",
    Unauthorised: "unauthorised",
    Forbidden: "forbidden",
    NotFound: "not_found",
    Conflict: "conflict",
    Changed: "changed",
    FolderInUse: "folder_in_use",
    NotInstalled: "not_installed",
    ImportRefused: "import_refused",
    PlanError: "plan_invalid",
    ParametersRefused: "parameters_invalid",
    RuleRefused: "rule_invalid",
    RulesError: "rules_invalid",
    HistoryTooThin: "history_too_thin",
    SettingsError: "settings_invalid",
    WeakPassword: "weak_password",
    TooManyTries: "too_many_tries",
    FolderError: "folder_unavailable",
    NotReady: "not_ready",
    JournalUnavailable: "journal_unavailable",
}
"""One word for programs for each kind of error: it stays where the sentence is said anew."""
OTHERS: Final = {
    400: "bad_request",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    422: "bad_request",
    503: "not_ready",
}
"""The same for what is refused before it comes to one."""
RETRY_SECONDS: Final = 5


def problem(
    status: int, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """An answer that says what went wrong: `type`, `title`, `status`, `code`, `detail`, and more.

    A 401 names the scheme, a 503 says when to come again.
    """
    title = HTTPStatus(status).phrase
    body = {
        "type": f"urn:hotspring:problem:{title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "code": OTHERS.get(status, "failed"),
        **({"detail": detail} if detail else {}),
        **members,
    }
    told = dict(headers or {})
    if status == 401:
        told.setdefault("WWW-Authenticate", 'Bearer realm="hotspring"')
    if status == 503:
        told.setdefault("Retry-After", str(RETRY_SECONDS))
    return Response(msgspec.json.encode(body), status, told, MEDIA_TYPE)


def status_of(error: HotspringError) -> int:
    """Which status tells of this error? 500 where it is our own fault."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return 500


def problem_of(error: HotspringError) -> Response:
    """The answer to an error of Hotspring; the text of our own faults is kept back."""
    status = status_of(error)
    code = next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), "failed")
    if isinstance(error, SignInRefused | Unusable | WeakPassword):
        return problem(status, str(error), code=error.code)
    if isinstance(error, RuleRefused):
        told = [
            {"where": fault.place, "code": fault.code, "detail": fault.message}
            for fault in error.faults
        ]
        return problem(status, str(error), code=code, errors=told)
    if isinstance(error, TooManyTries):
        return problem(status, str(error), headers={"Retry-After": str(error.seconds)}, code=code)
    return problem(status, str(error) if status != 500 else "", code=code)
