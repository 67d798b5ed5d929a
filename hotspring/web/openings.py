"""Who follows a short link: led on, and counted as a passer-by who came by that link."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import msgspec
import structlog

from hotspring.collect import Judge, SourceFacts
from hotspring.errors import JournalUnavailable
from hotspring.event import Event
from hotspring.links import OPENED, Link
from hotspring.settings import Settings
from hotspring.web.gate import Limit

PATH: Final = "/v1/track"
MOST_A_SECOND: Final = 200
"""More are led on as well, and not counted: who floods an address fills no journal."""
LONGEST: Final = 1_000
"""Characters of a user agent that are looked at."""

_log = structlog.get_logger("hotspring.links")


class Links(Protocol):
    """The links of an open pool."""

    def all(self) -> list[dict[str, Any]]: ...
    def one(self, id_: str) -> dict[str, Any]: ...
    def save(
        self, id_: str, said: dict[str, Any], by: str, version: int | None = None
    ) -> dict[str, Any]: ...
    def delete(self, id_: str, by: str) -> str: ...
    def coded(self, code: str) -> Link: ...
    def opened(self, events: Sequence[Event], received_ms: int) -> None: ...


class Openings:
    """Tells the pool of followed links, judged as the door judges. From any thread."""

    def __init__(
        self, settings: Settings, salt: Callable[[], bytes] | None, clock: Callable[[], int]
    ) -> None:
        self._judge = Judge(settings, None, salt)
        self._clock = clock
        self._limit = Limit(MOST_A_SECOND, time.monotonic)

    def tell(self, links: Links, link: Link, address: str, agent: str) -> None:
        """Count one opening. Whatever goes wrong with that, the person is led on."""
        if self._limit.wait(0):
            return
        received_ms = self._clock()
        said = {"link": link.id, "code": link.code, "channel": link.channel, "staff": link.staff}
        context = {
            "passerBy": True,
            "channel": "web",
            "campaign": {**link.campaign, "name": link.name},
            "userAgent": agent[:LONGEST],
        }
        call = {
            "messageId": str(uuid.uuid4()),
            "event": OPENED,
            "properties": said,
            "context": context,
        }
        body = msgspec.json.encode(call)
        envelope = self._judge.protocols[PATH].decode(PATH, b"", {}, body, len(body))
        facts = SourceFacts("links", public=True)
        events, refused = self._judge.judge(envelope, facts, received_ms, address)
        if refused:
            _log.warning("opening_not_counted", reason=refused[0].reason)
            return
        try:
            links.opened(events, received_ms)
        except JournalUnavailable as error:
            _log.error("journal_unavailable", error=str(error))
