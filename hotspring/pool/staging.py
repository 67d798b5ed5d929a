"""Files that were sent and wait: looked at, their mapping corrected, then imported."""

from __future__ import annotations

import datetime as dt
import math
import os
import threading
import uuid
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring.collect import FileImport, open_file
from hotspring.errors import FolderError, ImportRefused, NotFound
from hotspring.pool.imports import Imports, Options
from hotspring.pool.moments import clock
from hotspring.settings import Settings

PREFIX: Final = "staged-"
MOST: Final = 20
"""So many files wait at once; the oldest goes."""
ROWS: Final = 20
LONGEST: Final = 200
"""Characters of a cell that are shown."""


class Staged(msgspec.Struct, frozen=True):
    """One file that waits."""

    id: str
    path: Path
    name: str
    size: int


class Staging:
    """The files of one pool that wait to be imported. Thread-safe.

    A restart forgets them, an erasure and a day remove them: they are sent again then.
    """

    def __init__(self, imports: Imports, settings: Settings) -> None:
        self._imports = imports
        self._settings = settings
        self._lock = threading.Lock()
        self._files: dict[str, Staged] = {}

    def keep(self, path: Path, name: str) -> dict[str, Any]:
        """Take a file that was just written; what is it? It is removed where it is none."""
        made = uuid.uuid4().hex
        kept = path.replace(path.with_name(f"{PREFIX}{made}{''.join(path.suffixes)}"))
        staged = Staged(made, kept, name, kept.stat().st_size)
        with self._lock:
            self._files[made] = staged
            old = [self._files.pop(one) for one in list(self._files)[:-MOST]]
        for one in old:
            one.path.unlink(missing_ok=True)
        try:
            return self.look(made, Options(""))
        except BaseException:
            self.drop(made)
            raise

    def look(self, file_id: str, options: Options) -> dict[str, Any]:
        """How would this file be imported? An empty preset chooses the one that fits best."""
        staged = self._one(file_id)
        file = self._opened(staged, options)
        try:
            return {
                "file": staged.id,
                "name": staged.name,
                "size": staged.size,
                "format": file.detail,
                "sheets": file.sheets,
                "preset": file.preset.name,
                "fits": file.fits(self._settings),
                "columns": list(file.mapping.names),
                "rows": [
                    {name: _cell(value) for name, value in row.items()}
                    for row in file.preview(ROWS)
                ],
                "mapping": [
                    {
                        "field": line.field,
                        "meaning": line.meaning,
                        "column": line.column,
                        "how": line.how,
                    }
                    for line in file.mapping.table()
                ],
                "lacks": list(file.lacks),
                "without": list(file.without),
                "identifiers": file.mapping.identifiers(),
            }
        finally:
            file.close()

    def run(self, file_id: str, options: Options, by: str) -> dict[str, Any]:
        """Queue an import of this file. It goes on waiting, and goes once it was imported."""
        staged = self._one(file_id)
        options = msgspec.structs.replace(options, name=staged.name, staged=str(staged.path))
        self._opened(staged, options, complete=True).close()
        work = staged.path.with_name(f"{uuid.uuid4().hex}{''.join(staged.path.suffixes)}")
        try:
            os.link(staged.path, work)
        except OSError as error:
            raise FolderError(f"the file cannot be set aside: {error.strerror}") from error
        return self._imports.start(work, options, by)

    def drop(self, file_id: str) -> None:
        """Remove a file that waits."""
        staged = self._one(file_id)
        with self._lock:
            self._files.pop(file_id, None)
        staged.path.unlink(missing_ok=True)

    def _opened(self, staged: Staged, options: Options, complete: bool = False) -> FileImport:
        try:
            return open_file(
                staged.path,
                options.preset,
                self._settings,
                clock(),
                mapping=options.map,
                tz=options.tz or None,
                sheet=options.sheet or None,
                complete=complete,
            )
        except ImportRefused as error:
            # Who sent it knows it by the name he gave.
            told = str(error).replace(staged.path.name, staged.name)
            raise ImportRefused(told) from error

    def _one(self, file_id: str) -> Staged:
        with self._lock:
            staged = self._files.get(file_id)
        if staged is None or not staged.path.exists():
            raise NotFound("this file waits no more; send it again")
        return staged


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)[:LONGEST]
