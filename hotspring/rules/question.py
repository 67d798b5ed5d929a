"""A rule as a question to tables: which columns it reads, and whom it names, as Ibis or SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from hotspring.rules import waking
from hotspring.rules.catalogue import PROPERTIES, Catalogue
from hotspring.rules.counting import Counted, counted
from hotspring.rules.moments import NEAR, NOW
from hotspring.rules.nested import holds, reached, whole
from hotspring.rules.tree import (
    Band,
    Behaviour,
    Condition,
    Consent,
    District,
    Identifier,
    Kind,
    Leaf,
    Lifecycle,
    Member,
    Near,
    NextBand,
    Or,
    Rule,
    Score,
    Tag,
    Temperature,
    Tier,
    TradeArea,
    Trait,
    leaves,
)
from hotspring.rules.tree import Sequence as Follows

PROFILES: Final = {
    "profile": "int32",
    "temperature": "float64",
    "band": "int8",
    "next_band": "int8",
    "next_band_ms": "int64",
    "lifecycle": "int8",
    "adcode": "int32",
    "lon": "float64",
    "lat": "float64",
}
"""One row for each profile. `band` is a code of `STATES`, `next_band` one of `BANDS` with the time
from which it holds in silence, `lifecycle` one of `STAGES`; places are WGS-84."""
ROWS: Final[dict[str, dict[str, str]]] = {
    "events": {
        "profile": "int32", "name": "string", "ms": "int64", "channel": "string",
        "device": "string", "source": "string", "amount": "float64", "currency": "string",
    },
    "tags": {"profile": "int32", "tag": "string", "value": "string"},
    "identifiers": {"profile": "int32", "kind": "string"},
    "consents": {
        "profile": "int32", "purpose": "string", "channel": "string", "given": "boolean",
    },
    "memberships": {"profile": "int32", "segment": "string"},
    "areas": {"profile": "int32", "area": "string"},
}  # fmt: skip
"""Any number of rows for a profile: what it did, and names it has. Of `consents` what stands, one
row for purpose and channel; of `tags` those by hand; `areas` are the trade areas in which profiles
were last seen."""
TYPES: Final[dict[Kind, str]] = {
    "string": "string",
    "number": "float64",
    "boolean": "boolean",
    "datetime": "int64",
    "list": "array<string>",
    "object": "boolean",
}
"""Values by kind, null where there is none of that kind. Times are milliseconds, never NaN stands
for a number; of an object only that it is there (true). Elements of lists that are no text are left
out."""

Dialect = Literal["duckdb", "pyspark"]


class Named(NamedTuple):
    """A column that stands for something with a name of its own."""

    column: str
    name: str
    kind: Kind


class Needs(msgspec.Struct, frozen=True):
    """What a question reads: the columns of each relation, and what named columns stand for."""

    relations: dict[str, dict[str, str]]
    """Ibis types by column, by relation; `profiles` always."""
    traits: tuple[Named, ...] = ()
    """Columns of `profiles`, as are scores and tiers."""
    scores: tuple[Named, ...] = ()
    tiers: tuple[Named, ...] = ()
    properties: tuple[Named, ...] = ()
    """Columns of `events`; dots in names lead into nested objects."""
    areas: frozenset[str] = frozenset()
    """The trade areas that are asked for, and no others."""
    segments: frozenset[str] = frozenset()
    """The lists that are asked for, and no others."""
    tags: frozenset[str] = frozenset()
    """The tags by hand that are asked for, and no others."""
    spans: tuple[int, ...] = ()
    """Within how many ms bands are left, ascending: no finer time of `next_band_ms` is asked."""


class Amount(NamedTuple):
    """A leaf that is asked for the number that it compares: of behaviour, a trait, a score or the
    temperature. What it compares with is of no account."""

    leaf: Leaf
    half_life: int | None = None
    """Of a count or sum of behaviour: each event counts half after so many ms."""


class Question:
    """A rule, to be asked at a moment `now` (ms) of relations that hold what `needs` says.

    Callers give relations as tables of Ibis, or make views of these names in their engine and run
    the SQL. Machine traffic, and whoever is not to be found, is left out by the caller.
    """

    def __init__(self, rule: Rule, catalogue: Catalogue, now: int) -> None:
        self.rule = whole(rule, catalogue.things)
        """The rule with those of the segments that it names in their places."""
        self.catalogue = catalogue
        self.now = now
        self.needs = needs(self.rule, catalogue)

    @property
    def versions(self) -> tuple[tuple[str, int], ...]:
        """Of every score and scheme that answers depend on, and of all that these need: its id, and
        when it was last changed."""
        things = self.catalogue.things
        named = {one.name for one in (*self.needs.scores, *self.needs.tiers)}
        found = {one for name in named for one in reached(name, things)}
        return tuple((one, things[one].since) for one in sorted(found) if one in things)

    @staticmethod
    def several(
        rules: Sequence[Rule],
        catalogue: Catalogue,
        amounts: Sequence[tuple[Leaf, int | None]] | None = None,
    ) -> Several:
        """Many rules to be asked of the same profiles at once, time and again; and the numbers that
        leaves compare, each with the half-life (ms) after which an event counts half, or None.

        Where amounts are given, if only none at all, everybody is told of."""
        found = None if amounts is None else [Amount(*one) for one in amounts]
        return Several(rules, catalogue, found)

    @staticmethod
    def steps(
        leaves: Sequence[Behaviour],
        catalogue: Catalogue,
        now: int,
        keep: Mapping[str, str],
        relation: str,
    ) -> tuple[str, tuple[str, ...], tuple[Named, ...]]:
        """Which events are those of each leaf of behaviour? SQL over a relation of events that
        gives the columns to `keep` and `step_0` onwards; the columns that it reads beside them, and
        which of these stand for properties."""
        from hotspring.rules import rows

        return rows.told_apart(leaves, catalogue, now, keep, relation)

    @staticmethod
    def apart(
        leaves: Sequence[Behaviour], catalogue: Catalogue, now: int, events: Any
    ) -> dict[str, Any]:
        """The same of an Ibis table of events that has all their fields: by `step_0` onwards, which
        of its rows are those of each leaf, as expressions."""
        from hotspring.rules import rows

        return rows.conditions(leaves, catalogue, now, events)

    @property
    def wakes(self) -> waking.Waker:
        """Of a leaf: what may change what it says, but for time and a change of who somebody is?"""
        return waking.wakes(self.rule)

    @property
    def events(self) -> frozenset[str | None]:
        """Of a leaf: the names of the events that wake it; None among them: any."""
        return waking.events(self.rule)

    def counted(self) -> Counted | None:
        """Of a leaf: how it follows from the latest times of one event, where it does."""
        return counted(self.rule)

    def parts(self) -> dict[Leaf, Question]:
        """Each of its leaves as a question of its own."""
        return {leaf: Question(leaf, self.catalogue, self.now) for leaf in leaves(self.rule)}

    def holds(self, of: Callable[[Leaf], npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
        """bool[n]: of whom is it true, where `of` says of whom each of its leaves is?"""
        return holds(self.rule, of)

    def profiles(self, relations: Mapping[str, Any]) -> Any:
        """The profiles of whom the rule is true, as an Ibis table of one column, `profile`."""
        # Ibis takes a while to load: only who asks pays for it.
        from hotspring.rules.compiler import compiled

        return compiled(self, relations)

    def sql(self, dialect: Dialect, prefix: str = "") -> str:
        """The same as text for an engine in which the relations are views.

        Their names there begin with `prefix`.
        """
        import ibis

        if dialect == "pyspark":
            # To name a backend is to load it; what it is asked to write depends on its options.
            _ = ibis.pyspark
        needed = self.needs.relations.items()
        views = {name: ibis.table(columns, name=prefix + name) for name, columns in needed}
        return str(ibis.to_sql(self.profiles(views), dialect=dialect))


_TEXTS: Final[dict[str, str]] = {}
"""SQL by what it was compiled of; the latest."""
_MOST_TEXTS: Final = 512
_NUMBERS: Final = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\b\d{19}\b")


class Several:
    """Rules and amounts over one catalogue, of many profiles, asked in one go at any moment."""

    def __init__(
        self, rules: Sequence[Rule], catalogue: Catalogue, amounts: Sequence[Amount] | None = None
    ) -> None:
        self.amounts = tuple(amounts or ())
        self.everybody = amounts is not None
        self.rules = tuple(whole(rule, catalogue.things) for rule in rules)
        self.catalogue = catalogue

    def at(self, now: int) -> Question:
        """The question that needs what any of them needs."""
        leaves = (one.leaf for one in self.amounts)
        return Question(Or(of=(*self.rules, *leaves)), self.catalogue, now)

    def sql(self, now: int, prefix: str = "") -> str:
        """SQL of DuckDB: `profile`, truth values `rule_0` onwards, numbers `amount_0` onwards.

        It is compiled once; then only the moment is put in.
        """
        asked, there = self.at(NOW), self.catalogue
        asks = (self.rules, self.amounts, self.everybody)
        key = repr((asks, asked.needs, there.timezone, there.rates, there.outlets, prefix))
        if key not in _TEXTS:
            import ibis

            from hotspring.rules.compiler import told_apart

            views = {
                name: ibis.table(columns, name=prefix + name)
                for name, columns in asked.needs.relations.items()
            }
            while len(_TEXTS) >= _MOST_TEXTS:
                del _TEXTS[next(iter(_TEXTS))]
            apart = told_apart(asked, self.rules, views, self.amounts, self.everybody)
            _TEXTS[key] = str(ibis.to_sql(apart, dialect="duckdb"))

        def moment(found: re.Match[str]) -> str:
            text = found[0]
            number = int(text) if text.isdigit() else 0
            return str(number - NOW + now) if abs(number - NOW) < NEAR else text

        return _NUMBERS.sub(moment, _TEXTS[key])

    @property
    def dated(self) -> bool:
        """Does only what happened decide, so that all of it may be asked of a past moment?"""
        asked = self.at(0)
        return asked.needs.relations.keys() <= {"profiles", "events"} and asked.needs.relations[
            "profiles"
        ].keys() <= {"profile"}

    def lengths(self) -> tuple[int, ...]:
        """How long after an event (ms) may time alone change what any of them says?"""
        return tuple(sorted({one for rule in self.rules for one in waking.lengths(rule)}))

    def staged(self) -> bool:
        """Does any of them ask for stages of the life cycle, which change at midnight?"""
        return any(isinstance(leaf, Lifecycle) for rule in self.rules for leaf in leaves(rule))

    def timed(self) -> tuple[Rule, ...]:
        """The leaves whose truth time alone may change, though nobody did anything.

        What `lengths` and `staged` tell is not among them.
        """
        found = dict.fromkeys(
            leaf for rule in self.rules for leaf in leaves(rule) if waking.timed(leaf)
        )
        return tuple(found)


def needs(rule: Rule, catalogue: Catalogue) -> Needs:
    """Which columns does a rule read?"""
    columns: dict[str, set[str]] = {"profiles": {"profile"}}
    named: dict[str, set[tuple[str, Kind]]] = {
        "trait": set(), "score": set(), "tier": set(), "property": set(),
    }  # fmt: skip
    for leaf in leaves(rule):
        relation, read = _columns(leaf)
        columns.setdefault(relation, {"profile"}).update(read)
        match leaf:
            case Trait():
                named["trait"].add((leaf.name, catalogue.traits[leaf.name]))
            case Score():
                named["score"].add((leaf.id, "number"))
            case Tier():
                named["tier"].add((leaf.id, "string"))
            case Behaviour() | Follows():
                for event, field in fields(leaf):
                    if field.startswith(PROPERTIES):
                        kind = next(iter(catalogue.kinds(event, field)))
                        named["property"].add((field.removeprefix(PROPERTIES), kind))
                    else:
                        columns["events"].add(field)
                        columns["events"].update(("currency",) if field == "amount" else ())
    known = {"profiles": PROFILES, **ROWS}
    relations = {r: {c: t for c, t in known[r].items() if c in columns[r]} for r in columns}
    given = {what: _numbered(what, these) for what, these in named.items()}
    for what, these in given.items():
        where = relations["events" if what == "property" else "profiles"] if these else {}
        where |= {one.column: TYPES[one.kind] for one in these}
    found = list(leaves(rule))
    return Needs(
        relations, given["trait"], given["score"], given["tier"], given["property"],
        frozenset(one for leaf in found if isinstance(leaf, TradeArea) for one in leaf.any_of),
        frozenset(leaf.id for leaf in found if isinstance(leaf, Member)),
        frozenset(leaf.id for leaf in found if isinstance(leaf, Tag)),
        tuple(sorted({leaf.within.ms for leaf in found if isinstance(leaf, NextBand)})),
    )  # fmt: skip


def fields(leaf: Behaviour | Follows) -> Iterator[tuple[str | None, str]]:
    """Which fields of which events does a leaf read?"""
    asked: list[tuple[str | None, tuple[Condition, ...]]] = []
    match leaf:
        case Behaviour():
            asked = [(leaf.event, leaf.where)]
            if leaf.field:
                yield leaf.event, leaf.field
            if leaf.less is not None:
                yield leaf.less.event, leaf.field
                asked.append((leaf.less.event, leaf.less.where))
        case Follows():
            asked = [(step.event, step.where) for step in (leaf.first, leaf.then)]
    for event, where in asked:
        for condition in where:
            yield event, condition.field


def _columns(leaf: Leaf) -> tuple[str, tuple[str, ...]]:
    """The relation of a leaf, and its columns that have fixed names."""
    match leaf:
        case Temperature():
            return "profiles", ("temperature",)
        case Band():
            return "profiles", ("band",)
        case NextBand():
            return "profiles", ("next_band", "next_band_ms")
        case Lifecycle():
            return "profiles", ("lifecycle",)
        case District():
            return "profiles", ("adcode",)
        case Near():
            return "profiles", ("lon", "lat")
        case Tag():
            return "tags", ("tag", "value")
        case Identifier():
            return "identifiers", ("kind",)
        case Consent():
            return "consents", ("purpose", "channel", "given")
        case Member():
            return "memberships", ("segment",)
        case TradeArea():
            return "areas", ("area",)
        case Behaviour() | Follows():
            return "events", ("name", "ms")
    return "profiles", ()


def _numbered(what: str, names: set[tuple[str, Kind]]) -> tuple[Named, ...]:
    # Engines do not tell "City" from "city", so columns do not bear the names themselves.
    ordered = enumerate(sorted(names))
    return tuple(Named(f"{what}_{number}", name, kind) for number, (name, kind) in ordered)
