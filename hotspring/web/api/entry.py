"""What a browser brings: the cookie of a session, and that the request comes from our own pages."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlsplit

import ua_parser
from fastapi import Request, Response

from hotspring.accounts import Signed
from hotspring.errors import Forbidden

COOKIE: Final = "hotspring_session"
HEADER: Final = "x-csrf-token"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
LONGEST_AGENT: Final = 512


def check_origin(request: Request) -> None:
    """Raise `Forbidden` where a page of another site sends what changes something."""
    if request.method in SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        # Browsers that do not say so yet name the page; programs name neither.
        origin = request.headers.get("origin")
        ours = origin is None or _same_host(origin, request.headers.get("host", ""))
    if not ours:
        raise Forbidden("the request comes from a page of another site")


def check_csrf(request: Request, signed: Signed) -> None:
    """Raise `Forbidden` where what changes something does not repeat the word of the session."""
    if request.method in SAFE:
        return
    told = request.headers.get(HEADER, "").encode()
    if not hmac.compare_digest(told, signed.csrf.encode()):
        raise Forbidden("send the header X-CSRF-Token: `csrf` of GET /api/session")


def keep(request: Request, response: Response, signed: Signed, days: float) -> None:
    """Let the browser keep the session: no script reads it, no other site sends it."""
    response.set_cookie(
        COOKIE, signed.secret, max_age=int(days * 86_400), path="/", httponly=True,
        samesite="strict", secure=request.url.scheme == "https",
    )  # fmt: skip


def drop(request: Request, response: Response) -> None:
    """Let the browser forget the session."""
    response.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )


def address(request: Request) -> str:
    """From where does the request come? Where a trusted proxy is in front, what that one saw."""
    return request.client.host if request.client is not None else ""


def device(request: Request) -> str:
    """Browser and system in short, so that one knows one's own sessions again."""
    told = ua_parser.parse(request.headers.get("user-agent", "")[:LONGEST_AGENT])
    names = (one.family for one in (told.user_agent, told.os) if one is not None)
    return " · ".join(names)


def _same_host(origin: str, host: str) -> bool:
    try:
        page = urlsplit(origin)
        asked = urlsplit(f"//{host}")
        # A proxy in front may leave the port out.
        ports = asked.port is None or asked.port == page.port
    except ValueError:
        return False
    return page.hostname is not None and page.hostname == asked.hostname and ports
