"""Are the files of the tables what was written? Reads all of them, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hotspring.store import manifest as manifests
from hotspring.store import projection
from hotspring.store.manifest import Block, Manifest, Snapshot, checksum


class Examined(NamedTuple):
    """What was found in the files of a folder; lists name what is wrong."""

    blocks: list[str]
    snapshot: list[str]
    projections: list[str]
    strays: list[str]
    """Files that belong to nothing: the next start removes them."""
    whole: int
    """How many blocks there are."""
    sealed: int
    position: int
    """Of the snapshot."""


def examined(folder: Path) -> Examined:
    """What is in the files of this folder?"""
    manifest = manifests.read(folder)
    kept = manifest.snapshot
    return Examined(
        blocks=list(blocks(folder, manifest)),
        snapshot=[] if kept is None else told(folder, kept),
        projections=list(projections(folder, manifest)),
        strays=[path.relative_to(folder).as_posix() for path in manifests.strays(folder, manifest)],
        whole=sum(len(several) for several in manifest.blocks.values()),
        sealed=manifest.sealed,
        position=0 if kept is None else kept.position,
    )


def blocks(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Which blocks are damaged? A line for each, naming its file."""
    for block in (block for several in manifest.blocks.values() for block in several):
        wrong = _block(folder / block.file, block)
        if wrong:
            yield f"{block.file}: {wrong}"


def snapshot(folder: Path, kept: Snapshot) -> Iterator[tuple[str, str]]:
    """Which files of the snapshot are damaged, and how?"""
    for name, expected in kept.checksums.items():
        file = folder / kept.folder / name
        if not file.is_file():
            yield name, "it is missing"
        elif checksum(file) != expected:
            yield name, "its bytes have changed"
    for file in sorted((folder / kept.folder).glob("*.npy")):
        if file.name not in kept.checksums:
            try:
                np.load(file, mmap_mode="r", allow_pickle=False)
            except (OSError, ValueError) as error:
                yield file.name, str(error)


def told(folder: Path, kept: Snapshot) -> list[str]:
    """The same as lines that name the files."""
    return [f"{kept.folder}/{name}: {how}" for name, how in snapshot(folder, kept)]


def projections(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Which projections are not what their block says? A line for each, naming its file."""
    for block in (block for several in manifest.blocks.values() for block in several):
        file, made = manifests.files(block)
        there = (folder / made).is_file() and (folder / file).is_file()
        if there and not projection.agrees(folder / made, folder / file, block.rows):
            yield f"{made}: it does not say what its block says"


def _block(file: Path, block: Block) -> str:
    if not file.is_file():
        return "it is missing"
    if block.crc is not None:
        return "" if checksum(file) == block.crc else "its bytes have changed"
    # Written before blocks had checksums: what can be read may be taken for sound.
    try:
        with pq.ParquetFile(file) as parquet:
            rows = sum(batch.num_rows for batch in parquet.iter_batches())
    except (OSError, ValueError, pa.ArrowException) as error:
        return str(error)
    return "" if rows == block.rows else f"{rows} rows, {block.rows} expected"
