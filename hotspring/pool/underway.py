"""Which jobs of one kind are under way, so that after a restart it is told which it ended."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

from hotspring import durable

FOLDER: Final = "underway"
T = TypeVar("T", bound=msgspec.Struct)


class Underway(Generic[T]):
    """Keeps what was asked of each job until it has ended. Thread-safe."""

    def __init__(self, folder: Path, kind: str, body: type[T]) -> None:
        """`folder` is that of the pool, `kind` what a job is called, `body` says what was asked."""
        self._folder = folder / FOLDER
        self._kind = kind
        self._body = body

    def begin(self, key: str, asked: T) -> None:
        """This job is under way, in place of any other of this key."""
        # A full disk loses the record, not the job.
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            durable.put(self._file(key), msgspec.json.encode(asked))

    def end(self, key: str) -> None:
        """It has ended, or nobody needs to hear of it any more."""
        with contextlib.suppress(OSError):
            self._file(key).unlink(missing_ok=True)

    def left(self) -> dict[str, T]:
        """What was asked of those that another process had not ended, by their keys."""
        found = {}
        for file in sorted(self._folder.glob(f"{self._kind}-*.json")):
            # What another version wrote and this one cannot read is not worth failing for.
            with contextlib.suppress(msgspec.MsgspecError, OSError):
                key = file.stem.removeprefix(f"{self._kind}-")
                found[key] = msgspec.json.decode(file.read_bytes(), type=self._body)
        return found

    def _file(self, key: str) -> Path:
        return self._folder / f"{self._kind}-{key}.json"
