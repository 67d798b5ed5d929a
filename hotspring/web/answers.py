"""What the ingest door says back."""

from __future__ import annotations

import base64
import functools
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Final

import msgspec

from hotspring.event import Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

JSON: Final = b"application/json"
PROBLEM: Final = b"application/problem+json"
GIF: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""One transparent pixel, for clients that send by asking for an image."""

_encode = msgspec.json.Encoder().encode


class Answer(msgspec.Struct, frozen=True, gc=False):
    """Status, type and bytes of a response, and its own headers."""

    status: int
    body: bytes
    type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()
    counts: tuple[int, int, int] | None = None
    """Events accepted, repeated and refused, where the body was read."""
    reasons: tuple[str, ...] = ()
    """Of the refused ones."""


def kept(accepted: int, duplicates: int, refused: Sequence[Refused]) -> Answer:
    """The body was read: how many of its events were kept, and why the others were not."""
    return _kept(accepted, duplicates, refused) if refused else _all_kept(accepted, duplicates)


def _kept(accepted: int, duplicates: int, refused: Sequence[Refused]) -> Answer:
    return Answer(
        200,
        _encode(
            {
                "success": True,
                "accepted": accepted,
                "duplicates": duplicates,
                "rejected": [
                    {
                        "index": one.index,
                        "messageId": one.message_id,
                        "reason": one.reason,
                        "detail": one.detail,
                    }
                    for one in refused
                ],
            }
        ),
        counts=(accepted, duplicates, len(refused)),
        reasons=tuple(one.reason for one in refused),
    )


@functools.lru_cache(1_024)
def _all_kept(accepted: int, duplicates: int) -> Answer:
    return _kept(accepted, duplicates, ())


def problem(status: int, title: str, detail: str = "", retry_after: int = 0) -> Answer:
    """Something is wrong (RFC 9457); where it passes, after how many seconds to try again."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail or title}
    headers = ((b"retry-after", str(retry_after).encode()),) if retry_after else ()
    return Answer(status, _encode(body), PROBLEM, headers)


def cors(scope: Scope, origins: tuple[str, ...]) -> Headers:
    """Which headers let a page of another site read the answer? None where it is not allowed."""
    origin = header(scope, b"origin")
    if origin is None or ("*" not in origins and origin.decode("latin-1") not in origins):
        return []
    found = [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]
    if scope["method"] == "OPTIONS":
        wanted = header(scope, b"access-control-request-headers") or b"*"
        found += [
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (b"access-control-allow-headers", wanted),
            (b"access-control-max-age", b"86400"),
        ]
    return found


def header(scope: Scope, name: bytes) -> bytes | None:
    """The last header of this name (lower case)."""
    for found, value in reversed(scope["headers"]):
        if found == name:
            return bytes(value)
    return None


async def send_answer(send: Send, answer: Answer, extra: Headers) -> None:
    """Send one whole response."""
    headers = [
        (b"content-type", answer.type),
        (b"content-length", str(len(answer.body)).encode()),
        *answer.headers,
        *extra,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
