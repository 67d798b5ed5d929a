"""Who was erased stays out: what the pipeline does with bodies that still speak of them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from typing import Any, Final, Self

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.collect import Judge
from hotspring.delivery import stretch, without
from hotspring.event import Command, Refused
from hotspring.identity import Who
from hotspring.journal import COMMAND, DELIVERY, Entry
from hotspring.keys import fingerprints
from hotspring.pipeline.announce import Told
from hotspring.pipeline.erase import cleaned
from hotspring.privacy import mentions
from hotspring.settings import Settings

ERASED: Final = "erased"
CAUGHT: Final = "found after it was journalled; it is taken out of the journal"


class Screen:
    """Finds erased people in what was refused and in journal entries, and takes them out."""

    def __init__(self, settings: Settings, secret: bytes) -> None:
        self._settings = settings
        self._secret = secret

    @functools.cached_property
    def _form(self) -> Any:
        return Judge(self._settings).identifiers

    def passed(self, refused: Refused, who: Who) -> Refused:
        """A refusal as it may be kept: without its body where that names who was erased."""
        kinds = [kind.name for kind in self._settings.identifier_kinds]
        named = mentions.named_in(refused.body, kinds, self._form)
        if not named or not who.buried(pa.array(sorted(named), pa.string())).any():
            return refused
        return Refused(refused.index, "", ERASED, CAUGHT, "")

    def finder(self, texts: Collection[str]) -> mentions.Mentions:
        """Finds these identifiers wherever they stand."""
        return mentions.Mentions(texts, self._form)

    def fresh(self, entry: Entry, who: Who, person: mentions.Mentions, told: Gone) -> bytes | None:
        """The body of a journal entry without who was erased; None where it stays as it is."""
        if entry.kind == DELIVERY:
            return self._delivery(entry.body, who, person, told.keys)
        if entry.kind == COMMAND:
            return self._command(entry.body, told)
        return None

    def _delivery(
        self, body: bytes, who: Who, person: mentions.Mentions, keys: np.ndarray
    ) -> bytes | None:
        came = stretch([body])
        sources = pa.array(came.sources * len(came.id_counts), pa.string())
        texts = pc.binary_join_element_wise(sources, came.columns["message_id"], "\x00")
        gone = np.isin(fingerprints(texts, self._secret), keys)
        rows = np.repeat(np.arange(len(came.id_counts)), came.id_counts)
        gone |= np.bincount(rows, who.buried(came.ids), len(came.id_counts)) > 0
        refused = [
            Refused(one.index, "", ERASED, CAUGHT, "") if person.in_body(one.body)
            else self.passed(one, who)
            for one in came.refused[0]
        ]  # fmt: skip
        if not gone.any() and refused == came.refused[0]:
            return None
        return without(body, (~gone).tolist(), refused)

    def _command(self, body: bytes, told: Gone) -> bytes | None:
        command = msgspec.msgpack.decode(body, type=Command)
        if command.kind == "announce":
            rows = msgspec.json.decode(command.body, type=Told).rows
            kept = [row for row in rows if row.profile not in told.names]
            same = len(kept) == len(rows)
            text = command.body if same else msgspec.json.encode(Told(kept)).decode()
        else:
            keys = frozenset(told.keys.tolist())
            text = cleaned(command, dict.fromkeys(told.texts, ERASED), keys, self._secret)
        if text == command.body:
            return None
        return msgspec.msgpack.encode(msgspec.structs.replace(command, body=text))


class Gone(msgspec.Struct, frozen=True):
    """What to look for: identifiers, public ids, and uint64 keys of events."""

    texts: frozenset[str]
    names: frozenset[str]
    keys: np.ndarray

    @classmethod
    def of(cls, works: Iterable[Any]) -> Self:
        """All that is looked for in the course of some erasures."""
        return cls(
            frozenset(text for work in works for text in work.texts),
            frozenset(name for work in works for name in work.names),
            np.unique(np.array([key for work in works for key in work.keys], np.uint64)),
        )
