"""The outlines under the map: files that a browser asks for once."""

import gzip
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Path as InPath
from fastapi import Query, Request, Response
from fastapi.responses import FileResponse

from hotspring.geo import shapes
from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, may
from hotspring.web.api.map_shapes import Outline
from hotspring.web.api.rooms import Room
from hotspring.web.api.shapes import Listing

router = Room(prefix="/api", tags=["map"])
READ = may(Permission.READ_POOL)

FOR_EVER: Final = "private, max-age=31536000, immutable"
TYPES: Final = {
    "topojson": "application/json", "geojson": "application/geo+json",
    "pmtiles": "application/vnd.pmtiles",
}  # fmt: skip


@router.get("/map/outlines", response_model=Listing[Outline], dependencies=[READ])
def outlines(desk: AtDesk) -> dict[str, Any]:
    """Which outlines may the map draw, and where do they come from?"""
    return {
        "items": [
            {
                "name": shape.name,
                "format": shape.form,
                "own": shape.own,
                "bytes": shape.size,
                "title": shape.about.title,
                "attribution": shape.about.attribution,
                "tiles": _tiles(shape),
                "url": f"/api/map/outlines/{shape.name}?v={shape.version}",
            }
            for shape in shapes.Shapes(_folder(desk)).all()
        ]
    }


@router.get(
    "/map/outlines/{name}",
    dependencies=[READ],
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in TYPES.values()}}},
)
def outline(
    request: Request,
    desk: AtDesk,
    name: Annotated[str, InPath(max_length=200, description="As the list names it.")],
    v: Annotated[
        str, Query(max_length=64, description="The version: with it the answer is kept for ever.")
    ] = "",
) -> Response:
    """The content of one layer of outlines."""
    shape = shapes.Shapes(_folder(desk)).find(name)
    headers = {"ETag": f'"{shape.version}"', "Cache-Control": "private, no-cache"}
    if v == shape.version:
        headers["Cache-Control"] = FOR_EVER
    if f'"{shape.version}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if shape.form == "pmtiles" and shape.file is not None:
        # Read piece by piece, by ranges.
        return FileResponse(shape.file, media_type=TYPES[shape.form], headers=headers)
    body = shapes.packed(shape)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type=TYPES[shape.form], headers=headers)


def _folder(desk: AtDesk) -> Path:
    # Uploads lie in the folder of the pool, as the outlines do.
    return shapes.folder_of(desk.uploads.parent, desk.settings.outlines_folder)


def _tiles(shape: shapes.Shape) -> dict[str, Any] | None:
    found = shape.about.tiles
    if found is None:
        return None
    zooms = {"least_zoom": found.least, "most_zoom": found.most}
    return {"kind": found.kind, **zooms, "box": found.box, "layers": found.layers}
