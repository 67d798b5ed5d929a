"""The one small file that says which blocks and which snapshot are the pool."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from hotspring import durable
from hotspring.errors import FolderError

FORMAT: Final = 1
NAME: Final = "manifest.json"
PARTS: Final = ("blocks", "projections", "snapshots")
"""Folders of the files of the tables."""
CHUNK: Final = 1 << 20
READABLE: Final = 0o666
"""By whom the umask allows: who reads the blocks with tools of their own needs it too."""


class Block(msgspec.Struct, frozen=True):
    """One sealed Parquet file of a table."""

    file: str
    """Relative to the folder."""
    rows: int
    level: int
    """0 as sealed from the tail; each compaction merges a few of one level into one of the next."""
    crc: int | None = None
    """Of its bytes; None where it was written before blocks had checksums."""


class Snapshot(msgspec.Struct, frozen=True):
    """The live states at one journal position."""

    folder: str
    position: int
    checksums: dict[str, int] = {}
    """Of its files, by name."""


class Manifest(msgspec.Struct, frozen=True):
    """What the folder holds. Replacing this file is the only commit of the store."""

    format: int = FORMAT
    timezone: str = ""
    """The zone in which days were counted; a pool keeps it for life."""
    sealed: int = 0
    """Journal position up to which the blocks hold every row."""
    snapshot: Snapshot | None = None
    blocks: dict[str, tuple[Block, ...]] = {}
    number: int = 0
    """Of the last block or snapshot written; names are never used twice."""


class Held(NamedTuple):
    """The pool as one manifest says, with files that stay while it is held."""

    manifest: bytes
    position: int
    """Journal position from which a start on these files repeats the journal."""
    files: list[str]
    """Blocks and snapshot, relative to the folder; none of them changes any more."""


def read(folder: Path) -> Manifest:
    """What does this folder hold? An empty manifest where it holds nothing yet."""
    file = folder / NAME
    if not file.exists():
        return Manifest()
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=Manifest)
    except msgspec.DecodeError as error:
        raise FolderError(f"{file} cannot be read ({error}); restore it from a backup") from error
    if manifest.format > FORMAT:
        raise FolderError(
            f"{folder} was written by a newer version (format {manifest.format}, "
            f"this version reads up to {FORMAT}); install that version or a later one"
        )
    return manifest


def encoded(manifest: Manifest) -> bytes:
    """How is this manifest written?"""
    return msgspec.json.format(msgspec.json.encode(manifest))


def write(folder: Path, manifest: Manifest) -> None:
    """Make `manifest` the truth: once this returns it survives a power cut."""
    durable.put(folder / NAME, encoded(manifest), mode=READABLE)


def written(folder: Path, name: str, rows: int, level: int) -> Block:
    """A block that was just written: durable from now on, not committed yet."""
    file = folder / name
    durable.sync_file(file)
    durable.sync_folder(file.parent)
    return Block(name, rows, level, checksum(file))


def checksum(file: Path) -> int:
    """What tells the bytes of this file from others?"""
    crc = 0
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc


def save(
    folder: Path, number: int, position: int, states: dict[str, dict[str, np.ndarray]]
) -> Snapshot:
    """Write the live states of rooms as a snapshot, durable but not committed."""
    name = f"snapshots/{number:08d}"
    place = folder / name
    place.mkdir(parents=True)
    checksums = {}
    for room, arrays in states.items():
        for array_name, array in arrays.items():
            file = place / f"{room}.{array_name}.npy"
            np.save(file, array, allow_pickle=False)
            durable.sync_file(file)
            checksums[file.name] = checksum(file)
    durable.sync_folder(place)
    durable.sync_folder(place.parent)
    return Snapshot(name, position, checksums)


def files(block: Block) -> tuple[str, str]:
    """A block and its projection, which need not be there; both relative to the folder.

    The name of the projection tells of which bytes it was made.
    """
    made_of = "" if block.crc is None else f"-{block.crc:08x}"
    return block.file, f"projections/{Path(block.file).stem}{made_of}.arrow"


def strays(folder: Path, manifest: Manifest) -> Iterator[Path]:
    """Which files belong to nothing?"""
    known = {
        file for blocks in manifest.blocks.values() for block in blocks for file in files(block)
    }
    if manifest.snapshot is not None:
        known.add(manifest.snapshot.folder)
    for part in PARTS:
        for path in sorted((folder / part).glob("*")):
            if f"{part}/{path.name}" not in known:
                yield path


def remove_strays(folder: Path, manifest: Manifest) -> None:
    """Remove what a process left that was killed between writing a file and committing it."""
    for path in strays(folder, manifest):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
