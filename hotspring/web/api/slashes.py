"""Paths that end with a slash mean what they mean without it."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from hotspring.web.pages import OURS


class Slashes:
    """Answers such a request as the other one: a redirect would make clients drop the body.

    Only what stands as a slash in the path as it was sent is left out: an identifier may end with
    one too, written as %2F.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/"):
            scope = _without(scope)
        await self._app(scope, receive, send)


def _without(scope: Scope) -> Scope:
    path: str = scope["path"]
    sent: bytes = scope.get("raw_path") or path.encode()
    short = sent.rstrip(b"/")
    if path.strip("/").partition("/")[0] not in OURS or len(short) == len(sent):
        return scope
    return {**scope, "path": path[: len(short) - len(sent)], "raw_path": short}
