"""Short links and QR codes: kept, drawn, and followed by whoever has one."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hotspring.errors import NotFound
from hotspring.links import FORMS, picture
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, SegmentEditor, may
from hotspring.web.api.named_shapes import Id, Kept, Looked, Naming
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing, Shape

READ = may(Permission.READ_PROFILES)
HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
NOWHERE: Final = """<!doctype html><html lang="zh"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>链接已失效 / This link is no more</title>
<body style="font:16px/1.7 system-ui,sans-serif;margin:4rem auto;max-width:40rem;padding:0 1rem">
<h1>链接已失效</h1><p>这个短链接或二维码已停用，请向给您的人要新的。</p>
<h1 lang="en">This link is no more</h1>
<p lang="en">This short link or QR code was taken back. Whoever gave it to you has a new one.</p>
"""

kept = Room(prefix="/api", tags=["links"])
public = APIRouter()


class LinkGiven(Naming):
    """Where a link leads, and what it tells."""

    target: str = Field(max_length=2_000, description="The address of the page it leads to.")
    code: str = Field(
        default="", max_length=32, description="The end of its address; empty: drawn, or as it is."
    )
    channel: str = Field(default="", max_length=100, description="Where it is put.")
    staff: str = Field(default="", max_length=100, description="Who hands it out.")


class LinkChanged(LinkGiven, Looked):
    """The same, and which version was changed."""


class ShortLink(Kept):
    """A link, and how often it was followed."""

    target: str
    code: str
    channel: str
    staff: str
    address: str = Field(description="The short address, at the host that was asked.")
    landing: str = Field(description="The target with channel, staff and code as UTM parameters.")
    opened: int = Field(description="How often it was followed, machines left out.")
    last_opened_at: str | None


class Links(Listing[ShortLink]):
    """By name."""


class QrForm(Shape):
    """How a QR code is drawn."""

    form: Literal["svg", "png"] = Field(
        default="svg", description="Lines that print at any size, or an image."
    )
    scale: int = Field(default=8, ge=1, le=40, description="Pixels of a module.")


@kept.get("/links", response_model=Links, dependencies=[READ])
def links(desk: AtDesk, request: Request) -> dict[str, Any]:
    """Which short links are there, and how often was each followed?"""
    return {"items": [_told(one, request) for one in desk.pool.links.all()]}


@kept.post("/links", response_model=ShortLink, status_code=201)
def create_link(
    desk: AtDesk, request: Request, by: SegmentEditor, body: Annotated[LinkGiven, Body()]
) -> dict[str, Any]:
    """Make a short link to a page."""
    saved = desk.pool.links.save("", body.model_dump(), by)
    desk.audit.record(by, "link.created", saved["id"], name=saved["name"], target=saved["target"])
    return _told(saved, request)


@kept.get("/links/{id}", response_model=ShortLink, dependencies=[READ])
def link(desk: AtDesk, request: Request, id: Id) -> dict[str, Any]:
    """Where does a link lead?"""
    return _told(desk.pool.links.one(id), request)


@kept.put("/links/{id}", response_model=ShortLink)
def change_link(
    desk: AtDesk, request: Request, by: SegmentEditor, id: Id, body: Annotated[LinkChanged, Body()]
) -> dict[str, Any]:
    """Change where it leads or what it tells; with the same code, what is printed stays good."""
    saved = desk.pool.links.save(id, body.model_dump(exclude={"version"}), by, version=body.version)
    desk.audit.record(by, "link.changed", id, name=saved["name"], target=saved["target"])
    return _told(saved, request)


@kept.delete("/links/{id}", status_code=204)
def delete_link(desk: AtDesk, by: SegmentEditor, id: Id) -> None:
    """Forget a link: its address leads nowhere any more. What was counted stays."""
    name = desk.pool.links.delete(id, by)
    desk.audit.record(by, "link.deleted", id, name=name)


@kept.get("/links/{id}/qr", dependencies=[READ], response_class=Response)
def qr_code(desk: AtDesk, request: Request, id: Id, asked: Annotated[QrForm, Query()]) -> Response:
    """The QR code of a link, for print (svg) or as an image (png)."""
    found = _told(desk.pool.links.one(id), request)
    drawn = picture(found["address"], asked.form, asked.scale)
    called = f'inline; filename="{found["code"]}.{asked.form}"'
    return Response(drawn, 200, {"Content-Disposition": called}, FORMS[asked.form])


@public.api_route("/l/{code}", methods=["GET", "HEAD"], include_in_schema=False)
def follow(desk: AtDesk, request: Request, code: str) -> Response:
    """Lead whoever follows a link on, and count them."""
    try:
        found = desk.pool.links.coded(code)
    except NotFound:
        return HTMLResponse(NOWHERE, 404, HEADERS)
    if request.method == "GET":
        address = request.client.host if request.client else ""
        agent = request.headers.get("user-agent", "")
        desk.openings.tell(desk.pool.links, found, address, agent)
    return RedirectResponse(found.landing, 302, HEADERS)


def _told(one: dict[str, Any], request: Request) -> dict[str, Any]:
    return {**one, "address": f"{request.base_url}l/{one['code']}"}


router = APIRouter()
router.include_router(kept)
router.include_router(public)
