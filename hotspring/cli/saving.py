"""Answers as files: whole or not at all, and readable by their owner only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from hotspring import durable
from hotspring.cli import show
from hotspring.cli.client import Client
from hotspring.errors import BadRequest

FORMS: Final = ("csv", "jsonl", "xlsx", "parquet")


def save(client: Client, path: str, file: Path, **params: object) -> None:
    """Write an answer to a file."""
    with durable.replacing(file, lasting=False) as out:
        client.download(path, out, **params)


def people(client: Client, path: str, out: Path, as_json: bool, **params: object) -> None:
    """Write profiles to a file, in the form that the end of its name says."""
    form = out.suffix.removeprefix(".").lower()
    if form not in FORMS:
        raise BadRequest(f"the name of the file ends with one of {', '.join(FORMS)}")
    download(client, path, out, as_json, format=form, **params)


def download(client: Client, path: str, out: Path | None, as_json: bool, **params: object) -> None:
    """Write an answer to a file, and tell of it; to stdout where none is named."""
    if out is None:
        client.download(path, sys.stdout.buffer, **params)
        return
    save(client, path, out, **params)
    told = {"file": str(out), "bytes": out.stat().st_size}
    if as_json:
        show.document(told)
    else:
        show.notes().print(f"{told['bytes']:,} bytes written to {show.plain(str(out))}")
