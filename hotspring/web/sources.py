"""Which source does a request come from? Answered from memory, which follows the records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from hotspring.store import Source

FOLLOW_SECONDS: Final = 2.0
"""A write key that was taken back is refused after at most this long."""


class Sources:
    """The sources of the pool by write key and by project name."""

    def __init__(
        self,
        look: Callable[[], Sequence[Source]],
        version: Callable[[], int],
        clock: Callable[[], float],
    ) -> None:
        """`look` reads all sources that are not revoked; `version` is another number whenever the
        records have changed; `clock` gives seconds.
        """
        self._look = look
        self._version = version
        self._clock = clock
        self._looked = 0.0
        self._seen = 0
        self._by_hash: dict[str, Source] = {}
        self._by_project: dict[str, Source] = {}
        self._refresh()

    def find(self, key: str, project: str) -> Source | None:
        """Which source has this write key, or, where no key came, this project name?

        A source without a project of its own is found by its name; since a name is no secret, what
        comes under it counts as sent with a public key.
        """
        now = self._clock()
        if now - self._looked > FOLLOW_SECONDS:
            self._refresh()
        source = self._known(key, project)
        # A new source is known at once, and who tries keys costs little.
        if source is None and self._version() != self._seen:
            self._refresh()
            source = self._known(key, project)
        return source

    def _known(self, key: str, project: str) -> Source | None:
        if key:
            # Keys have 256 random bits: a plain hash keeps them.
            digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
            return self._by_hash.get(digest)
        return self._by_project.get(project) if project else None

    def _refresh(self) -> None:
        self._looked = self._clock()
        self._seen = self._version()
        sources = self._look()
        self._by_hash = {source.key_hash: source for source in sources}
        self._by_project = {
            source.name: msgspec.structs.replace(source, public=True)
            for source in sources
            if not source.project
        }
        self._by_project |= {source.project: source for source in sources if source.project}
