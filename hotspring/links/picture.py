"""QR codes, as a drawing of lines for print and as an image."""

from __future__ import annotations

import io
from typing import Final

import segno

FORMS: Final = {"svg": "image/svg+xml", "png": "image/png"}
"""Forms of the picture, with their media types."""


def picture(address: str, form: str, scale: int) -> bytes:
    """The QR code of an address, with its margin; `scale` is the width of a module in pixels.

    A quarter of it may be dirty or torn (error correction Q): posters and parcels are.
    """
    out = io.BytesIO()
    code = segno.make_qr(address, error="q")
    more = {"xmldecl": False, "svgns": True} if form == "svg" else {}
    code.save(out, kind=form, scale=scale, **more)
    return out.getvalue()
