"""Events as analyses read them: by owner and time, machines and spent ones left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.analytics import report
from hotspring.event import Flag
from hotspring.identity import Mapping
from hotspring.pipeline import EVENTS, Pipeline, first_seq
from hotspring.pool import dimensions
from hotspring.pool.property_columns import property_sql
from hotspring.pool.remembered import Remembered
from hotspring.rules import Catalogue, Question, read
from hotspring.store import Store

UNCOUNTED: Final = int(Flag.BOT | Flag.SPENT)
LARGEST: Final = 1e12
"""Greater sums are not added, as in rules."""
MILLIONTHS: Final = 1e6
KEPT: Final = {"origin_id": "int32", "ms": "int64", "seq": "int64", "flags": "int32"}
RELATION: Final = "asked_events"
PORTION: Final = 500_000
PAGES: Final = ("page", "screen")
NOBODY: Final = np.empty(0, np.int64)

Tell = Callable[[float], None]
"""Is told how much was read, 0 to 1; raises where nobody wants the answer any more."""
T = TypeVar("T")
Bools = npt.NDArray[np.bool_]


class Among(NamedTuple):
    """Whose events count, and which."""

    slots: Bools | None
    """By slot; everybody's where it is None."""
    channels: tuple[str, ...]
    sources: tuple[str, ...]


class Held(NamedTuple):
    """The pool as of one moment."""

    owners: Mapping
    """Passers-by have slots of their own behind all others."""
    people: int
    """Slots from here on are those of passers-by."""
    machines: Any
    until: int
    rate: Callable[[str], float]


class EventRows:
    """Reads the events of an open pool for analyses. From any thread."""

    def __init__(self, pipeline: Pipeline, store: Store) -> None:
        self._pipeline = pipeline
        self._store = store
        self._known = Remembered(lambda: pipeline.position, most=1)

    def held(self) -> Held:
        """The pool as it is now."""
        pipeline = self._pipeline
        with pipeline.lock:
            state, until = pipeline.state, first_seq(pipeline.position + 1)
            owners, people = state.who.mapping(), state.who.capacity
            nobody = (owners.slot < 0) & (owners.span < 0)
            owners.slot[nobody] = people + np.arange(nobody.sum(), dtype=np.int32)
            return Held(owners, people, state.machines, until, state.rules.rate)

    def source(
        self, reads: report.Reads, held: Held, among: Among, there: Catalogue, now: int,
        groups: dict[str, tuple[npt.NDArray[np.int32], list[str]]], tell: Tell,
    ) -> report.Source:  # fmt: skip
        """The rows that an analysis reads; `groups` gives dimensions of owners: codes by slot and
        their words."""
        plain = all(not step.where for step in reads.steps) and all(
            name in dimensions.PLAIN or name in groups for name in reads.by
        )
        kind = _Ordered if plain else _Engine
        firsts = self._firsts(held, now, tell) if reads.firsts else NOBODY
        return kind(
            self._pipeline, self._store, reads, held, among, there, now, groups, firsts, tell
        )

    def _firsts(self, held: Held, now: int, tell: Tell) -> npt.NDArray[np.int64]:
        """int64 by slot: ms of the first event of each owner."""

        def make() -> npt.NDArray[np.int64]:
            found = np.full(int(held.owners.slot.max(initial=-1)) + 1, np.int64(2**62))
            columns = ("origin_id", "ms", "flags")
            for batch in self._pipeline.events(held.machines, columns, 0, held.until):
                tell(0.0)
                origin, ms, flags = (batch.column(name).to_numpy() for name in columns)
                there = (flags & UNCOUNTED == 0) & (origin < len(held.owners.slot))
                slot = held.owners.profile_of(origin[there], ms[there])
                _earliest(found, slot, ms[there])
            return found

        return self._known.get("firsts", now, make)


class _Source:
    """What both ways have in common."""

    def __init__(
        self, pipeline: Pipeline, store: Store, reads: report.Reads, held: Held, among: Among,
        there: Catalogue, now: int, groups: dict[str, Any], firsts: npt.NDArray[np.int64],
        tell: Tell,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._store = store
        self._reads = reads
        self._held = held
        self._among = among
        self._there = there
        self._now = now
        self._groups = groups
        self._firsts = firsts
        self._tell = tell
        self._words: list[list[str]] = [
            list(groups[name][1]) if name in groups else [] for name in reads.by
        ]

    def __iter__(self) -> Iterator[report.Rows]:
        return self.each(lambda rows: rows)

    def each(self, work: Callable[[report.Rows], T]) -> Iterator[T]:
        raise TypeError(type(self).__name__)

    def words(self, dimension: int) -> Sequence[str]:
        return self._words[dimension]

    def firsts(self) -> npt.NDArray[np.int64]:
        return self._firsts

    def _whose(self, slot: Any) -> Any:
        """bool: whose rows count?"""
        mine = slot >= 0
        if not self._reads.passers:
            mine = mine & (slot < self._held.people)
        if self._among.slots is not None:
            inside = mine & (slot < len(self._among.slots))
            mine = inside & self._among.slots[np.where(inside, slot, 0)]
        return mine

    def _code(self, at: int, slot: Any, codes: Any) -> Any:
        """The code of a dimension for rows of these slots."""
        name = self._reads.by[at]
        if name not in self._groups:
            return codes
        known = self._groups[name][0]
        inside = slot < len(known)
        return np.where(inside, known[np.where(inside, slot, 0)], -1).astype(np.int32)

    def _worth(self, amount: Any, rates: Any) -> npt.NDArray[np.float64]:
        worth = amount * rates
        counted = np.abs(worth) <= LARGEST
        return np.where(counted, np.floor(np.where(counted, worth, 0) * MILLIONTHS + 0.5), 0.0)


class _Ordered(_Source):
    """Rows as the store has them by owner and time: where names and columns of few words do."""

    def each(self, work: Callable[[report.Rows], T]) -> Iterator[T]:
        reads, held = self._reads, self._held
        words, flagged = self._listed(), _flagged(held)
        masks = np.array(
            [
                sum(1 << i for i, s in enumerate(reads.steps) if s.event in (None, name))
                for name in (*words.get("name", ()), None)
            ],
            np.int64,
        )
        plain = ("origin_id", "key", "flags") if flagged else ()
        money = ("amount", "currency") if reads.money else ()
        columns = list(dict.fromkeys([*plain, *money, *words]))
        rates = np.array([held.rate(one) for one in words.get("currency", ())] + [np.nan])
        read, every = 0, max(self._store.rows(EVENTS), 1)

        def make(part: Any) -> tuple[int, T]:
            return len(part.slot), work(self._rows(part, words, masks, rates))

        # What people said of machines is not in the blocks.
        for many, done in self._store.columns.ordered(
            EVENTS, columns, words, held.owners, held.until, (reads.since, reads.until),
            self._named(), {} if flagged else {"flags": UNCOUNTED}, make,
        ):  # fmt: skip
            read += many
            self._tell(min(read / every, 1.0))
            yield done

    def _rows(self, part: Any, words: dict[str, list[str]], masks: Any, rates: Any) -> report.Rows:
        """Those of a stretch that count."""
        reads, own, keep = self._reads, part.columns, self._whose(part.slot)
        hits = np.full(len(keep), masks[-1])
        if "name" in own:
            hits = report.drawn(masks, own["name"])
        if reads.pages:
            hits |= np.where(own["type"] < len(PAGES), report.PAGE, 0)
        if not reads.every:
            keep &= hits != 0
        if _flagged(self._held):
            keep &= self._seen(own)
        if not keep.all():
            rows = np.flatnonzero(keep)
            part, hits = _at(part, rows), hits[rows]
            own = part.columns
        codes = tuple(
            self._code(at, part.slot, _known(own, name, words)) for at, name in enumerate(reads.by)
        )
        worth = np.zeros(len(part.ms))
        if reads.money:
            worth = self._worth(own["amount"], rates[own["currency"]])
        return report.Rows(part.slot, part.ms, hits, codes, worth)

    def _named(self) -> list[str]:
        """The columns of words of which a row must say one to count."""
        reads, among = self._reads, self._among
        found = ["channel"] if among.channels else []
        found += ["source"] if among.sources else []
        anything = reads.every or reads.pages or any(step.event is None for step in reads.steps)
        return found if anything else [*found, "name"]

    def _listed(self) -> dict[str, list[str]]:
        """The words of the columns that are read, by column."""
        among, found = self._among, dict[str, list[str]]()
        for name, wanted in (("channel", among.channels), ("source", among.sources)):
            if wanted:
                found[name] = list(dict.fromkeys(wanted))
        for at, name in enumerate(self._reads.by):
            if name not in self._groups:
                found.setdefault(name, self._distinct(name))
                self._words[at] = found[name]
        steps = {step.event for step in self._reads.steps}
        if steps - {None} or "name" in self._named():
            found.setdefault("name", sorted(filter(None, steps)))
        if self._reads.pages:
            found["type"] = list(PAGES)
        if self._reads.money:
            found["currency"] = self._distinct("currency")
        return found

    def _distinct(self, column: str) -> list[str]:
        rows = self._store.query(f"SELECT DISTINCT {column} AS word FROM events ORDER BY word")
        return [word for word in rows.column("word").to_pylist() if word or column == "currency"]

    def _seen(self, own: dict[str, Any]) -> Any:
        """bool: rows of people, whose content is there, as is known by now."""
        columns = {name: pa.array(own[name]) for name in ("origin_id", "key", "flags")}
        seen = self._held.machines.seen(pa.RecordBatch.from_pydict(columns))
        return seen.column("flags").to_numpy() & UNCOUNTED == 0


class _Engine(_Source):
    """Rows that the engine picks: where conditions or what surrounds events must be read."""

    def each(self, work: Callable[[report.Rows], T]) -> Iterator[T]:
        return map(work, self._stretches())

    def _stretches(self) -> Iterator[report.Rows]:
        if not self._there.events:
            return
        sql, given = self._sql()
        parts = list(self._batches(sql, given))
        if not parts:
            return
        origin, ms, seq, hits, worth, *codes = map(np.concatenate, zip(*parts, strict=True))
        slot = self._held.owners.profile_of(origin, ms)
        rows = np.flatnonzero(self._whose(slot))
        # Stable sorts, the last key first: by owner, time, subject, and as they came.
        order = rows[np.argsort(seq[rows], kind="stable")]
        for key in (origin, ms, slot):
            order = order[np.argsort(key[order], kind="stable")]
        for start, end in _portions(slot[order]):
            part = order[start:end]
            told = tuple(self._code(at, slot[part], code[part]) for at, code in enumerate(codes))
            yield report.Rows(slot[part], ms[part], hits[part], told, worth[part])

    def _batches(self, sql: str, given: list[Any]) -> Iterator[tuple[Any, ...]]:
        reads, held = self._reads, self._held
        known: list[dict[str, int]] = [{} for _ in reads.by]
        read, every = 0, max(self._store.rows(EVENTS), 1)
        for batch in self._pipeline.ask(sql, given):
            read += batch.num_rows
            self._tell(min(read / every, 1.0))
            seen = held.machines.seen(batch)
            keep = (seen.column("flags").to_numpy() & UNCOUNTED == 0) & (
                seen.column("seq").to_numpy() < held.until
            )
            # Who came since the mapping was copied is in nobody's hands there.
            keep &= seen.column("origin_id").to_numpy() < len(held.owners.slot)
            seen = seen.filter(pa.array(keep))
            hits = np.zeros(seen.num_rows, np.int64)
            for at in range(len(reads.steps)):
                found = seen.column(f"step_{at}").to_numpy(zero_copy_only=False).astype(bool)
                hits |= found.astype(np.int64) << at
            if reads.pages:
                page = pc.is_in(seen.column("type"), pa.array(PAGES)).to_numpy(zero_copy_only=False)
                hits |= np.where(page, report.PAGE, 0)
            codes = [
                self._coded(seen.column(f"by_{at}"), known[at], at)
                if name not in self._groups
                else np.full(seen.num_rows, -1, np.int32)
                for at, name in enumerate(reads.by)
            ]
            worth = self._money(seen) if reads.money else np.zeros(seen.num_rows)
            plain = (seen.column(name).to_numpy() for name in ("origin_id", "ms", "seq"))
            yield (*plain, hits, worth, *codes)

    def _coded(self, texts: Any, known: dict[str, int], at: int) -> Any:
        found = texts.dictionary_encode()
        places = []
        for word in found.dictionary.to_pylist():
            if word not in known:
                known[word] = len(known)
                self._words[at].append(word)
            places.append(known[word])
        codes = np.array([*places, -1], np.int32)
        return codes[pc.fill_null(found.indices, len(places)).to_numpy(zero_copy_only=False)]

    def _money(self, seen: Any) -> Any:
        found = seen.column("currency").dictionary_encode()
        rates = np.array([self._held.rate(one) for one in found.dictionary.to_pylist()])
        amount = seen.column("amount").to_numpy(zero_copy_only=False)
        return self._worth(amount, rates[found.indices.to_numpy()])

    def _sql(self) -> tuple[str, list[Any]]:
        """The question, and what fills its blanks."""
        reads, among, zone = self._reads, self._among, self._pipeline.settings.timezone
        keep = dict(KEPT)
        if _flagged(self._held):
            keep["key"] = "uint64"
        if reads.money:
            keep |= {"amount": "float64", "currency": "string"}
        if reads.pages:
            keep["type"] = "string"
        own = {
            f"by_{at}": dimensions.sql(name)
            for at, name in enumerate(reads.by)
            if name not in self._groups
        }
        keep |= dict.fromkeys(own, "string")
        leaves: list[Any] = [
            read({"behaviour": {"event": step.event, "where": list(step.where)}}, None)
            for step in reads.steps
        ]
        steps, more, properties = Question.steps(leaves, self._there, self._now, keep, RELATION)
        named = {one.column: property_sql(one, "properties", zone) for one in properties}
        columns = [*(name for name in keep if name not in own)]
        columns += [f"{text} AS {name}" for name, text in own.items()]
        columns += [
            f"{named[name]} AS {name}" if name in named else name
            for name in more
            if name not in keep
        ]
        where, given = ["ms >= ?", "ms < ?"], list[Any]([reads.since, reads.until])
        names = {step.event for step in reads.steps} | ({None} if reads.pages else set())
        for column, wanted in (
            ("channel", among.channels), ("source", among.sources),
            ("name", () if reads.every or None in names else tuple(names)),
        ):  # fmt: skip
            if wanted:
                where.append(f"{column} IN (SELECT unnest(?))")
                given.append(list(wanted))
        any_ = [f"step_{at}" for at in range(len(reads.steps))]
        any_ += [f"type IN {PAGES}"] if reads.pages else []
        only = "" if reads.every else f" WHERE {' OR '.join(any_)}"
        return (
            f"WITH {RELATION} AS (SELECT {', '.join(columns)} FROM events "
            f"WHERE {' AND '.join(where)}) SELECT * FROM ({steps}){only}"
        ), given


@numba.njit(cache=True, nogil=True)
def _earliest(found: Any, slot: Any, ms: Any) -> None:
    for row in range(len(slot)):
        if slot[row] >= 0:
            found[slot[row]] = min(found[slot[row]], ms[row])


def _flagged(held: Held) -> bool:
    """Did people say of anything that it is a machine's, or not?"""
    return bool(len(held.machines.subjects) or len(held.machines.events))


def _at(part: Any, rows: Any) -> Any:
    """Some rows of a stretch."""
    columns = {name: column.take(rows) for name, column in part.columns.items()}
    return part._replace(slot=part.slot[rows], ms=part.ms[rows], columns=columns)


def _known(own: dict[str, Any], name: str, words: dict[str, list[str]]) -> Any:
    """The codes of a dimension of events, -1 for none; None for one of owners."""
    if name not in words:
        return None
    return np.where(own[name] < len(words[name]), own[name], np.int32(-1))


def _portions(slot: Any) -> Iterator[tuple[int, int]]:
    """Stretches of whole owners."""
    ends = np.flatnonzero(np.append(np.diff(slot) != 0, True)) + 1 if len(slot) else slot
    start = 0
    while start < len(slot):
        end = int(ends[min(int(np.searchsorted(ends, start + PORTION)), len(ends) - 1)])
        yield start, end
        start = end
