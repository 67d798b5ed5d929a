"""Sends simulated calls through the real door, as a client library does."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import httpx
import msgspec

from hotspring.demo.visits import Call
from hotspring.errors import HotspringError

BATCH: Final = 500
PATIENCE: Final = 120.0
"""Seconds to go on trying while the door says that it is too busy."""


class Sent(NamedTuple):
    """What the door answered to some calls."""

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0

    def plus(self, other: Sent) -> Sent:
        return Sent(*(a + b for a, b in zip(self, other, strict=True)))


class Sender:
    """A client of the door at `url` with a write key."""

    def __init__(
        self,
        url: str,
        write_key: str,
        pause: Callable[[float], object] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._client = httpx.Client(
            base_url=url, auth=(write_key, ""), timeout=60, transport=transport, trust_env=False
        )
        self._pause = pause

    def send(self, calls: Sequence[Call]) -> Sent:
        """Sends calls in their order; each says when it happened, none when it was sent."""
        sent = Sent()
        for first in range(0, len(calls), BATCH):
            sent = sent.plus(self._post(body(calls[first : first + BATCH])))
        return sent

    def _post(self, content: bytes) -> Sent:
        waited = 0.0
        while True:
            answer = self._client.post(
                "/v1/batch", content=content, headers={"content-type": "application/json"}
            )
            if answer.status_code not in (429, 503) or waited > PATIENCE:
                break
            wait = min(5.0, float(answer.headers.get("retry-after", "1")))
            self._pause(wait)
            waited += wait
        if answer.status_code != 200:
            raise HotspringError(f"the door answered {answer.status_code}: {answer.text[:200]}")
        told = answer.json()
        return Sent(told["accepted"], told["duplicates"], len(told["rejected"]))

    def close(self) -> None:
        self._client.close()


def body(calls: Sequence[Call]) -> bytes:
    """The body of one request."""
    batch = [{"timestamp": stamp(ms), **message} for ms, message in calls]
    return msgspec.json.encode({"batch": batch})


def stamp(ms: int) -> str:
    """A moment as clients write it: 2026-01-31T23:59:58.123Z."""
    moment = dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"
