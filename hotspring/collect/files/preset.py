"""What a preset is, and what all presets share: identifiers, times, the making of events."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspring.collect.files.mapping import Columns, Field
from hotspring.collect.files.stage import Stage, decimal_text
from hotspring.collect.files.times import parse
from hotspring.collect.identifiers import Identifiers, Problem
from hotspring.errors import ImportRefused
from hotspring.event import Event, Flag, Place
from hotspring.settings import Settings

Locate = Callable[[Mapping[str, str]], Place | None]
"""Where does a row lie? Gets the place fields it has: city, province, longitude, ..."""

TIME: Final = "time"
CODE: Final = "regexp_full_match(currency, '[A-Z]{3}')"
"""SQL: is the column `currency` a code of three letters?"""
PLACES: Final = (
    Field("country", "country", aliases=("country_name", "国家")),
    Field("province", "province or state", aliases=(
        "state", "customer_state", "省份", "省", "收货省份")),
    Field("city", "city", aliases=("城市", "市", "收货城市", "customer_city", "所在城市")),
    Field("district", "district", aliases=("区县", "区", "county")),
    Field("adcode", "GB/T 2260 code of the district", aliases=("行政区划代码", "区划代码")),
    Field("longitude", "longitude in degrees", aliases=("lon", "lng", "经度")),
    Field("latitude", "latitude in degrees", aliases=("lat", "纬度")),
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """Under which terms a file is read: the pool's settings, the clock, the mapping."""

    settings: Settings
    now_ms: int
    columns: Columns
    oldest_ms: int
    locate: Locate | None = None


@dataclass(frozen=True)
class Preset:
    """How the rows of one kind of file become events.

    `judge` writes the table `lines`: one row for each of `raw` with its `row`, its `reason` (null
    where it is good) and what `events` needs.
    """

    name: str
    meaning: str
    fields: tuple[Field, ...]
    needs: tuple[str, ...]
    judge: Callable[[Stage, Terms], None]
    events: Callable[[Stage, Terms, int], Iterator[list[Event]]]
    positive: frozenset[str] = field(default_factory=frozenset)
    """Number fields whose values below zero are out of range."""
    worth: frozenset[str] = field(default_factory=frozenset)
    """Fields of which one should tell what a row is worth; none where rows need no money."""


def lacking(preset: Preset, columns: Columns) -> list[str]:
    """Which fields does the mapping lack that the preset cannot do without?"""
    return [name for name in preset.needs if not columns.has(name)]


def wanting(preset: Preset, columns: Columns) -> list[str]:
    """What can be done without, at a price: `amount` that warms, `place` that the map shows."""
    places = {one.name for one in PLACES} & {one.name for one in preset.fields}
    groups = {"amount": preset.worth, "place": places}
    return [name for name, fields in groups.items() if fields and not any(map(columns.has, fields))]


def refusal(missing: Sequence[str], columns: Columns) -> str:
    """What to change where a mapping lacks these fields."""
    return (
        f"no column was found for {', '.join(missing)}; the file has "
        f"{', '.join(columns.names[:30])}. Name it: --map {missing[0]}=COLUMN"
    )


def former(settings: Settings) -> Callable[[str, str], str]:
    """How an identifier is written; a refused one gives `!` and its problem."""
    write = Identifiers(settings)

    def form(kind: str, text: str) -> str:
        formed = write(kind, text)
        return f"!{formed.name}" if isinstance(formed, Problem) else formed

    return form


def identified(stage: Stage, terms: Terms) -> tuple[str, int, str]:
    """The SQL that joins normalised identifiers, how many there are, and their reason."""
    kinds = terms.columns.identifiers()
    taken = [terms.columns.taken[kind] for kind in kinds]
    joins = stage.identify(kinds, taken, former(terms.settings))
    if not kinds:
        return "", 0, "'no identifier'"
    none = " and ".join(f"i{n}.text is null" for n in range(len(kinds)))
    absent = " and ".join(
        f"coalesce(i{n}.problem, 'JUNK') in ('JUNK', 'EMPTY')" for n in range(len(kinds))
    )
    reason = (
        f"case when {none} then case when {absent} then 'no identifier' "
        "else 'bad identifier' end end"
    )
    return joins, len(kinds), reason


def value(stage: Stage, terms: Terms, name: str, form: str = "text") -> str:
    """SQL of a field: its column or constant, null where it has none."""
    if name in terms.columns.constants:
        return _constant(stage, terms.columns.constants[name], form)
    if name not in terms.columns.taken:
        return "null"
    column = terms.columns.taken[name]
    return str(getattr(stage, form)(column))


def _constant(stage: Stage, given: str, form: str) -> str:
    if form == "ms":
        return str(moment(given, stage))
    text = "'" + given.replace("'", "''") + "'"
    number = f"try_cast({text} as decimal(18, 4))"
    forms = {
        "number": number,
        "short": decimal_text(number),
        "pieces": decimal_text(f"abs({number})"),
        "quoted": f"to_json({text})::varchar",
    }
    return forms.get(form, text)


def moment(text: str, stage: Stage) -> int:
    """The instant that was given for all rows."""
    found = parse(text, stage.zone)
    if found is None:
        raise ImportRefused(f"{text!r} is no time")
    return found


def time_reasons(terms: Terms) -> str:
    """SQL, the arms of a `case`: why the time of a row (`time_text`, `ms`) cannot stand."""
    return (
        "when time_text is null then 'no timestamp' when ms is null then 'bad timestamp' "
        f"when ms < {terms.oldest_ms} then 'timestamp too old' "
        f"when ms > {terms.now_ms} then 'future timestamp'"
    )


def currency(stage: Stage, terms: Terms) -> str:
    """SQL: the currency of a row as its code, the pool's where the row has none."""
    given = f"upper({value(stage, terms, 'currency')})"
    own = terms.settings.currency.replace("'", "''")
    return (
        f"case when {given} in ('RMB', '人民币', '元', '¥', '￥') then 'CNY' "
        f"else coalesce({given}, '{own}') end"
    )


def pairs(fields: Mapping[str, str]) -> str:
    """SQL: `"name":value` for each JSON value that is not null, parted by commas."""
    if not fields:
        return "''"
    parts = (f"{quoted(name)} || ({sql})" for name, sql in fields.items())
    return f"concat_ws(',', {', '.join(parts)})"


def columns_of_events(
    message_ids: pa.Array,
    names: pa.Array,
    ms: np.ndarray,
    ids: list[tuple[str, ...]],
    properties: pa.Array,
    amounts: list[float | None],
    currency: pa.Array,
    places: list[Place | None] | None,
) -> list[Event]:
    """Imported events from their columns, as `event` makes each of them."""
    facts = pc.binary_join_element_wise(
        "track", names, pa.array(ms).cast(pa.string()),
        pa.array([" ".join(each) for each in ids], pa.string()), properties, "", currency, "\x1f",
    )  # fmt: skip
    contents = [
        int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) >> 1
        for text in facts.cast(pa.binary()).to_pylist()
    ]
    flags = int(Flag.IMPORTED)
    return [
        Event(each, "track", name, at, named, content, body, channel="import", flags=flags,
              place=place, amount=amount, currency=code)
        for each, name, at, named, content, body, place, amount, code in zip(
            message_ids.to_pylist(), names.to_pylist(), ms.tolist(), ids, contents,
            properties.to_pylist(), places or itertools.repeat(None, len(ids)), amounts,
            currency.to_pylist(), strict=True,
        )
    ]  # fmt: skip


def quoted(name: str) -> str:
    """SQL: the name of a JSON field, and the colon after it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped)
    return "'\"" + escaped.replace("'", "''") + "\":'"


def located(terms: Terms, given: Mapping[str, str]) -> Place | None:
    """Where a row lies, as far as its place fields tell and the caller can locate."""
    return terms.locate(given) if terms.locate is not None and given else None


def event(
    message_id: str,
    name: str,
    ms: int,
    ids: tuple[str, ...],
    *,
    kind: str = "track",
    properties: str = "{}",
    traits: str = "",
    amount: float | None = None,
    currency: str = "",
    place: Place | None = None,
    dated: bool = True,
) -> Event:
    """An imported event. Its `content` covers what the file says, so an undated one has no time."""
    facts = (kind, name, str(ms) if dated else "", " ".join(ids), properties, traits, currency)
    digest = hashlib.blake2b("\x1f".join(facts).encode(), digest_size=8).digest()
    return Event(
        message_id=message_id,
        type=kind,
        name=name,
        ms=ms,
        ids=ids,
        content=int.from_bytes(digest) >> 1,
        properties=properties,
        traits=traits,
        channel="import",
        flags=int(Flag.IMPORTED),
        place=place,
        amount=amount,
        currency=currency,
    )
