"""Requests as clients send them, and what becomes of them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from hotspring.collect import Judge, SourceFacts
from hotspring.event import Event, Refused
from hotspring.settings import Settings

NOW: Final = 1_795_336_100_000
"""2026-11-22T08:28:20Z: when every request of these tests arrives."""
SETTINGS: Final = Settings()
JUDGE: Final = Judge(SETTINGS)
LIMIT: Final = SETTINGS.max_body_megabytes << 20
BROWSER: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)


def send(
    path: str,
    body: bytes = b"",
    query: bytes = b"",
    headers: Mapping[str, str] | None = None,
    source: SourceFacts | None = None,
    judge: Judge = JUDGE,
    received_ms: int = NOW,
) -> tuple[list[Event], list[Refused]]:
    """What is accepted and refused of one request?"""
    envelope = judge.protocols[path].decode(path, query, headers or {}, body, LIMIT)
    return judge.judge(envelope, source or SourceFacts("shop"), received_ms, "203.0.113.7")


def batch(*calls: object, **fields: Any) -> bytes:
    """The body of a Segment batch."""
    return json.dumps({"batch": calls, **fields}).encode()


def track(**fields: Any) -> dict[str, Any]:
    """A track call that is accepted as it is."""
    return {
        "type": "track",
        "event": "Product Viewed",
        "userId": "u-1",
        "messageId": "m-1",
        "timestamp": "2026-11-22T08:28:00.000Z",
        "properties": {"product_id": "p1"},
    } | fields


def one(*calls: object, **fields: Any) -> Event:
    """The one event that a batch of one call becomes."""
    events, refused = send("/v1/batch", batch(*calls, **fields))
    assert refused == []
    (event,) = events
    return event


def reason(*calls: object, **fields: Any) -> str:
    """Why the one call of a batch is refused."""
    events, (refused,) = send("/v1/batch", batch(*calls, **fields))
    assert events == []
    return refused.reason


def packed(records: object) -> bytes:
    """base64(gzip(JSON)), as the Python and Node clients of Sensors write it."""
    return base64.b64encode(gzip.compress(json.dumps(records).encode()))


def sensors(*records: object, **options: Any) -> tuple[list[Event], list[Refused]]:
    """What becomes of records in one form post."""
    body = b"data_list=" + quote(packed(list(records)), safe="").encode() + b"&gzip=1"
    return send("/sa", body, **options)


def record(**fields: Any) -> dict[str, Any]:
    """A Sensors record that is accepted as it is."""
    return {
        "type": "track",
        "event": "ViewProduct",
        "time": NOW - 1000,
        "distinct_id": "d-1",
        "properties": {"$lib": "python", "price": 3},
        "_track_id": 123456789,
    } | fields
