"""Entity tags: who has the present answer already gets 304 and no body."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Depends, Request, Response

from hotspring.web.api.desk import AtDesk

COOLING_MS = 5_000
"""Answers that change by time alone count as fresh for so long."""


class NotModified(Exception):
    """The client has this answer already."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def _fresh(*, cools: bool) -> Callable[..., Coroutine[Any, Any, None]]:
    # On the loop: a thread of its own costs more than the check.
    async def check(request: Request, response: Response, desk: AtDesk) -> None:
        beat = desk.clock() // COOLING_MS if cools else 0
        text = f"{desk.run} {desk.pool.version} {beat} {request.url.path}?{request.url.query}"
        tag = f'W/"{_digest(text.encode())}"'
        if _known(request, tag):
            raise NotModified(tag)
        response.headers.update(_headers(tag))

    return check


by_version = Depends(_fresh(cools=False))
"""For answers that change only with what the pool applied."""
by_version_and_time = Depends(_fresh(cools=True))
"""For readings, which cool while nothing happens."""


def tagged(request: Request, response: Response) -> Response:
    """An answer to GET with a tag of its body, where it has none yet; 304 where that is known."""
    body = getattr(response, "body", None)
    whole = request.method == "GET" and response.status_code == 200
    if not whole or body is None or "etag" in response.headers:
        return response
    tag = f'"{_digest(bytes(body))}"'
    if _known(request, tag):
        return not_modified(tag)
    response.headers.update(_headers(tag))
    return response


def not_modified(tag: str) -> Response:
    """The answer to a client whose tag still holds."""
    return Response(status_code=304, headers=_headers(tag))


def _headers(tag: str) -> dict[str, str]:
    # Answers depend on who asks; a cache of one's own may keep them and must ask each time.
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def _known(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    # RFC 9110: If-None-Match compares weakly.
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    return "*" in known or tag.removeprefix("W/") in known
