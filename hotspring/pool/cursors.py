"""Opaque marks of where a page of a list ended."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from hotspring.errors import BadRequest


def write(position: tuple[Any, ...]) -> str:
    """Which text stands for this position?"""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def read(cursor: str, types: tuple[type, ...]) -> tuple[Any, ...]:
    """Which position does this text stand for? `BadRequest` where it was not given by `write`."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return tuple(msgspec.json.decode(text, type=tuple[types]))  # type: ignore[valid-type]
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise BadRequest("the cursor is not one that this list gave") from error
