"""What an analysis is: typed parameters, what it reads, a pure pass, and what it tells."""

from __future__ import annotations

import functools
import math
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec
import numba
import numpy as np
import numpy.typing as npt

from hotspring import plugin
from hotspring.analytics.parameters import Parameters, Period, Step, dated, period, read
from hotspring.costs import Cost
from hotspring.days import Days, days_of
from hotspring.rules import Catalogue

__all__ = [
    "Analysis",
    "Period",
    "Reads",
    "Rows",
    "Setting",
    "Step",
    "analyses",
    "dated",
    "period",
    "read",
    "sql",
]

P = TypeVar("P", bound=Parameters)
Found = TypeVar("Found")
T = TypeVar("T")
Slots = npt.NDArray[np.int32]
Cell = Mapping[str, Any]
"""One number of a table: `table`, `column`, and the values of the row's key columns by name."""
PAGE: Final = 1 << 60
"""The bit of pages and screens; steps have those below."""

Kind = Literal[
    "text", "event", "group", "word", "step", "number", "count", "share", "duration", "money",
    "moment", "day", "flag",
]  # fmt: skip
"""What a value is: a share is 0 to 1, a duration milliseconds, a moment milliseconds since 1970 in
UTC, money in the currency of the answer, a day the first day of its period as `2026-01-31`; a group
is a word of a dimension, null where there is none, and `…` stands for all the rest; a word is one
of few, which the words of the analysis call by their names."""
REST: Final = "…"
MILLIONTHS: Final = 1e6
"""Money of rows is whole in these."""


class Said(msgspec.Struct, frozen=True):
    """Words for people, in both languages."""

    en: str
    zh: str


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    name: str
    kind: Kind
    key: bool = False
    """With the other keys it tells one row from all others."""
    drill: bool = False
    """Its numbers count profiles, who can be listed."""


class Table(msgspec.Struct, frozen=True):
    """Rows under columns."""

    name: str
    columns: tuple[Column, ...]
    rows: list[list[Any]]


class Chart(msgspec.Struct, frozen=True):
    """How columns of a table are drawn: so every chart has its numbers."""

    kind: Literal["funnel", "line", "bar", "ranking", "curve", "heat", "triangle", "sankey"]
    table: str
    x: str
    y: tuple[str, ...]
    """Of a curve: what is expected, a line, and what was observed, dots."""
    by: str = ""
    """A column whose values part the rows into series; of a sankey, where links lead to."""


class Result(msgspec.Struct, frozen=True):
    """What an analysis tells."""

    figures: dict[str, float | int | None]
    """Single numbers by name; the words of the analysis say which kind each is."""
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]
    sentence: str
    """Which sentence of the words fits; figures fill its blanks."""


class Words(msgspec.Struct, frozen=True):
    """Everything that people read of an analysis."""

    title: Said
    about: Said
    tables: Mapping[str, Said]
    columns: Mapping[str, Said]
    figures: Mapping[str, tuple[Kind, Said]]
    sentences: Mapping[str, Said]
    """With figures as `{name}`."""
    values: Mapping[str, Said] = {}
    """What each value of a column of words is called."""
    none: Mapping[str, Said] = {}
    """By column: what null stands for, where it is not simply none."""


class Rows(NamedTuple):
    """Events of whole owners, each owner's together and by time."""

    slot: Slots
    ms: npt.NDArray[np.int64]
    hits: npt.NDArray[np.int64]
    """Bit `i` is set where the event is one of step `i`, `PAGE` where it is a page or a screen."""
    codes: tuple[npt.NDArray[np.int32], ...]
    """For each dimension that is read: which of its words, -1 where the event has none."""
    worth: npt.NDArray[np.float64]
    """Money in whole millionths, 0 where none is told or it was not asked for."""


class Reads(msgspec.Struct, frozen=True):
    """Which rows an analysis reads, and what of each."""

    since: int
    """ms; from here on."""
    until: int
    """ms; before it."""
    steps: tuple[Step, ...] = ()
    every: bool = False
    """All events; else only those of a step."""
    by: tuple[str, ...] = ()
    """Dimensions."""
    own: tuple[str, ...] = ()
    """Those of them that nobody asked for by name: without them there is nothing, and no fault."""
    money: bool = False
    pages: bool = False
    """Tell pages and screens; they are rows, whether of a step or not."""
    firsts: bool = False
    """Tell when each owner was first seen at all."""
    passers: bool = False
    """Also who passed by without consent: an owner for one day, and nobody's profile."""


class Source(Protocol):
    """The rows that were asked for: once through, in stretches of whole owners."""

    def __iter__(self) -> Iterator[Rows]: ...
    def each(self, work: Callable[[Rows], T]) -> Iterator[T]:
        """What some work makes of each stretch, in the order they come; it may be done in several
        threads at once."""

    def words(self, dimension: int) -> Sequence[str]:
        """The words of a dimension, by code; complete once the rows are through."""

    def firsts(self) -> npt.NDArray[np.int64]:
        """By slot: ms of the first event of each owner, whatever is asked for; where it is."""


class Setting(NamedTuple):
    """What every analysis knows beside its rows."""

    now: int
    """ms; nothing later has happened."""
    zone: zoneinfo.ZoneInfo
    period: Period
    paying: tuple[Step, ...] = ()
    """Orders, as the rules of temperature say, for who names none."""
    refunds: tuple[Step, ...] = ()
    costs: tuple[Cost, ...] = ()
    """What was paid to reach people, in the currency of the pool, for who asks for it."""

    @property
    def days(self) -> Days:
        return days_of(self.zone)


class Analysis(msgspec.Struct, Generic[P, Found], frozen=True):
    """One question that events of many answer. Its file is its registration."""

    words: Words
    params: type[P]
    reads: Callable[[P, Setting], Reads]
    find: Callable[[P, Source, Setting], Found]
    """Pure: the one pass over the rows."""
    tell: Callable[[P, Found, Setting], Result]
    """Pure: what was found, as tables, charts and figures."""
    who: Callable[[P, Found, Cell, Setting], Slots | None] | None = None
    """Pure: the profiles behind one number; None where there is no such number."""
    example: Mapping[str, Any] = {}
    """Parameters that make sense in a shop."""
    costs: bool = False
    """It needs the costs."""


@functools.cache
def analyses() -> dict[str, Analysis[Any, Any]]:
    """Which analyses are there, by name?"""
    return plugin.leaves("hotspring.analytics.reports", Analysis)


class Query(NamedTuple):
    """The portable form of a question."""

    table: str
    """Which table of the answer it tells."""
    sql: str
    relations: Mapping[str, Mapping[str, str]]
    """What it reads: Ibis types by column, by relation."""


def sql(
    name: str, params: Parameters, setting: Setting, there: Catalogue, singles: Mapping[int, bool],
    engine: Literal["duckdb", "spark"],
) -> Query:  # fmt: skip
    """A question as SQL over `events`, as blocks have them, and `owners`: whose they are.

    `singles`: of which events, by `seq`, people said that they are a machine's, or not. Raises
    `ParametersRefused` for what only the pool itself can be asked.
    """
    # It brings Ibis, which takes a while to load.
    from hotspring.analytics.portable import Asked, query

    reads = analyses()[name].reads(params, setting)
    return query(name, Asked(params, reads, setting, there, singles), engine)


def distinct(slots: Slots) -> int:
    """How many owners stand in these, where the rows of each lie together?"""
    return int(np.count_nonzero(slots[1:] != slots[:-1])) + bool(len(slots))


def drawn(lots: npt.NDArray[Any], codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What each of these codes stands for; every one is there."""
    found = np.empty(len(codes), lots.dtype)
    _draw(lots, codes, found)
    return found


@numba.njit(cache=True, nogil=True)
def _draw(lots: Any, codes: Any, into: Any) -> None:
    for row in range(len(codes)):
        into[row] = lots[codes[row]]


def share(part: float, whole: float) -> float | None:
    """Of a whole; None where there is none."""
    return part / whole if whole else None


def number(word: str) -> float:
    """The number that a word says; not a number where it says none."""
    try:
        found = float(word)
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan


def ranked(codes: npt.NDArray[Any], words: Sequence[str], most: int) -> tuple[Any, list[Any]]:
    """Groups of a dimension by size: the group of each code, and their names.

    The largest come first, of equal ones by name; what lies beyond `most` is one group at the end.
    """
    many = np.bincount(codes + 1, minlength=len(words) + 1)
    names: list[str | None] = [None, *words]
    there = [place for place in range(len(names)) if many[place]]
    there.sort(key=lambda place: (-many[place], names[place] is None, names[place] or ""))
    group = np.full(len(names), min(most, len(there)), np.int64)
    group[there[:most]] = np.arange(len(there[:most]))
    told: list[Any] = [names[place] for place in there[:most]]
    if len(there) > most:
        told.append(REST)
    return group[codes + 1], told
