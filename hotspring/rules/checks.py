"""Does a leaf fit what there is? Names, kinds, windows."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from hotspring.rules.catalogue import Catalogue
from hotspring.rules.moments import instant, milliseconds
from hotspring.rules.nested import reached
from hotspring.rules.tree import (
    UNITS,
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
    Moment,
    Near,
    NextBand,
    Score,
    Sequence,
    Span,
    Step,
    Tag,
    Temperature,
    Tested,
    Tier,
    TradeArea,
    Trait,
    Window,
)

Fault = tuple[str, str, str]
"""Place within the leaf, code, message."""

ORDERED: Final = ("gt", "ge", "lt", "le")
_EQUAL: Final = ("eq", "ne", "in", "not_in")
OPS: Final[dict[Kind, tuple[str, ...]]] = {
    "string": (*_EQUAL, "contains", "starts_with", "exists"),
    "number": (*_EQUAL, *ORDERED, "between", "exists"),
    "boolean": ("eq", "ne", "exists"),
    "datetime": ("during", "exists"),
    "list": ("contains", "exists"),
    "object": ("exists",),
}
"""What may be asked of a value of each kind."""
_MEASURED: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("count", "sum", "mean", "max", "min", "distinct"),
                    ("eq", "ne", *ORDERED, "between")),
    **dict.fromkeys(("first", "last"), ("during",)),
}  # fmt: skip
LONGEST_MS: Final = 36_500 * UNITS["day"]
LARGEST: Final = 1e12
"""Numbers in rules; sums of millionths of them are exact."""
MOST_VALUES: Final = 1_000
MOST_CONDITIONS: Final = 20
MOST_LETTERS: Final = 500
_ADCODE: Final = re.compile(r"\d\d(?:\d\d){0,2}")


class Checks:
    """Finds what is wrong with leaves, given what there is."""

    def __init__(self, catalogue: Catalogue, own: str) -> None:
        self._there = catalogue
        self._own = own

    def leaf(self, leaf: Leaf) -> Iterator[Fault]:
        """Everything that is wrong with a leaf."""
        there = self._there
        match leaf:
            case Trait():
                yield from _known(leaf.name, there.traits, "name", "trait")
                yield from _tested(leaf, there.traits.get(leaf.name), self)
            case Tag():
                yield from _known(leaf.id, there.titles("tag"), "id", "tag")
                yield from _among(leaf.any_of, there.values(leaf.id), "value", needed=False)
                yield from self._cycle(leaf.id)
            case Score():
                yield from _known(leaf.id, there.titles("score"), "id", "score")
                yield from self._cycle(leaf.id)
                yield from _tested(leaf, "number", self)
            case Temperature():
                yield from _tested(leaf, "number", self)
            case NextBand():
                yield from _span(leaf.within, "/within")
            case Tier():
                yield from _known(leaf.id, there.titles("scheme"), "id", "scheme of tiers")
                yield from self._cycle(leaf.id)
                yield from _among(leaf.any_of, there.values(leaf.id), "tier")
            case Lifecycle() if not there.lifecycle:
                yield "", "unknown_name", "this pool has no stages of a life cycle"
            case Band() | Lifecycle() if not leaf.any_of:
                yield "/any_of", "shape", "name at least one"
            case Behaviour():
                yield from self._behaviour(leaf)
            case Sequence():
                yield from self._sequence(leaf)
            case Member():
                yield from _known(leaf.id, there.titles("segment"), "id", "segment")
                yield from self._cycle(leaf.id)
            case Identifier():
                yield from _known(leaf.kind, there.identifiers, "kind", "kind of identifier")
            case Consent():
                yield from _known(leaf.purpose, there.purposes, "purpose", "purpose of consent")
                if leaf.channel:
                    yield from _known(leaf.channel, there.channels, "channel", "channel of consent")
            case District() | TradeArea() | Near():
                yield from self._place(leaf)

    def _place(self, leaf: District | TradeArea | Near) -> Iterator[Fault]:
        match leaf:
            case District():
                yield from _among(leaf.any_of, None, "district")
                for i, code in enumerate(leaf.any_of):
                    if not _ADCODE.fullmatch(code) or code not in self._there.districts:
                        said = f"{code!r} is not the code of a province, city or district"
                        yield f"/any_of/{i}", "unknown_name", said
            case TradeArea():
                yield from _among(leaf.any_of, self._there.areas, "trade area")
            case Near():
                yield from _known(leaf.outlet, self._there.outlets, "outlet", "outlet")
                if not 0 < leaf.metres <= 20_000_000:
                    yield "/metres", "wrong_value", "write more than 0 and at most 20000000 metres"

    def _cycle(self, id_: str) -> Iterator[Fault]:
        """Does this thing lead back to the one whose rule is read?"""
        there = self._there
        if self._own and self._own in reached(id_, there.things):
            a, b = there.title(id_), there.title(self._own)
            kind = there.things[id_].kind if id_ in there.things else "thing"
            yield "/id", "cycle", f"the {kind} {a!r} leads back to {b!r}"

    # --- behaviour ---

    def _behaviour(self, leaf: Behaviour) -> Iterator[Fault]:
        yield from self._events(leaf.event, leaf.where, "")
        yield from self.window(leaf.window, "/window", past=True)
        reads = leaf.measure in ("sum", "mean", "max", "min", "distinct")
        if not reads and (leaf.field or leaf.currency):
            at = "/field" if leaf.field else "/currency"
            yield at, "unknown_field", f"{leaf.measure} reads no field"
        if reads:
            kind = yield from self._field(leaf.event, leaf.field, leaf.currency, "")
            fits = ("string", "number", "boolean") if leaf.measure == "distinct" else ("number",)
            if kind is not None and kind not in fits:
                said = f"{leaf.measure} reads {' or '.join(fits)}, and {leaf.field} is {kind}"
                yield "/field", "wrong_type", said
        if leaf.less is not None:
            yield from self._less(leaf, leaf.less)
        if leaf.op not in _MEASURED[leaf.measure]:
            said = f"{leaf.measure} can be asked {', '.join(_MEASURED[leaf.measure])}"
            yield "/op", "wrong_type", said
        else:
            yield from _tested(leaf, "datetime" if leaf.op == "during" else "number", self)

    def _less(self, leaf: Behaviour, less: Step) -> Iterator[Fault]:
        """What is taken off a sum must have the field that is summed."""
        yield from self._events(less.event, less.where, "/less")
        if leaf.measure != "sum":
            said = f"nothing is taken off from {leaf.measure}, only from sum"
            yield "/less", "unknown_field", said
            return
        known = less.event is None or less.event in self._there.events
        if known and self._there.kinds(less.event, leaf.field) != {"number"}:
            said = "any event" if less.event is None else repr(less.event)
            yield "/less/event", "wrong_type", f"{said} has no number {leaf.field!r}"

    def _sequence(self, leaf: Sequence) -> Iterator[Fault]:
        yield from self._events(leaf.first.event, leaf.first.where, "/first")
        yield from self._events(leaf.then.event, leaf.then.where, "/then")
        yield from self.window(leaf.window, "/window", past=True)
        if leaf.within is not None:
            yield from _span(leaf.within, "/within")

    def _events(self, event: str | None, where: tuple[Condition, ...], at: str) -> Iterator[Fault]:
        if event is not None:
            for _, code, message in _known(event, self._there.events, "event", "event"):
                yield f"{at}/event", code, message
        if len(where) > MOST_CONDITIONS:
            yield f"{at}/where", "too_large", f"at most {MOST_CONDITIONS} conditions"
        if event is not None and event not in self._there.events:
            return
        for i, condition in enumerate(where):
            place = f"{at}/where/{i}"
            kind = yield from self._field(event, condition.field, condition.currency, place)
            for inner, code, message in _tested(condition, kind, self):
                yield place + inner, code, message

    def _field(self, event: str | None, field: str, currency: str, at: str) -> Any:
        """Yields faults; gives the kind of a field of an event, None where it has none."""
        there = self._there
        if event is not None and event not in there.events:
            return None
        kinds = there.kinds(event, field)
        if field == "amount" and not currency:
            yield f"{at}/currency", "missing", "say in which currency"
        elif field == "amount" and currency not in there.rates:
            known = ", ".join(sorted(filter(None, there.rates))) or "none"
            yield f"{at}/currency", "unknown_name", f"{currency!r} has no rate; known: {known}"
        elif field != "amount" and currency:
            yield f"{at}/currency", "unknown_field", "only amount is read in a currency"
        if not kinds:
            said = "any event" if event is None else repr(event)
            yield f"{at}/field", "unknown_name", f"{said} has no field {field!r}"
        elif len(kinds) > 1:
            said = f"{field} is {' and '.join(sorted(kinds))}, by event; name the event"
            yield f"{at}/field", "wrong_type", said
        return next(iter(kinds)) if len(kinds) == 1 else None

    # --- time ---

    def window(self, window: Window, at: str, *, past: bool) -> Iterator[Fault]:
        """Is a window one that can ever hold a time? With `past` one of what has happened."""
        ends = (("from", window.since), ("to", window.until))
        faults = [
            (f"{at}/{name}{place}", code, message)
            for name, moment in ends
            if moment is not None
            for place, code, message in self._moment(moment, past)
        ]
        yield from faults
        since, until = window.since, window.until or (Moment(ago=0) if past else None)
        if faults or since is None or until is None or (since.at is None) != (until.at is None):
            return
        zone = self._there.zone
        if milliseconds(since, 0, zone) >= milliseconds(until, 0, zone):
            yield at, "window", "it ends before it begins"

    def _moment(self, moment: Moment, past: bool) -> Iterator[Fault]:
        said = [name for name in ("ago", "ahead", "at") if getattr(moment, name) is not None]
        if len(said) != 1:
            yield "", "shape", "write one of ago, ahead and at"
        elif moment.at is not None:
            try:
                instant(moment.at, self._there.zone)
            except (ValueError, OverflowError):
                yield "/at", "wrong_value", "write a date or time of ISO 8601, as 2026-01-31"
        else:
            amount = getattr(moment, said[0])
            if not 0 <= amount * UNITS[moment.unit] <= LONGEST_MS:
                yield f"/{said[0]}", "wrong_value", "write from 0 to 36500 days"
            if past and moment.ahead is not None:
                yield "/ahead", "window", "no event has happened in the future"


def _span(span: Span, at: str) -> Iterator[Fault]:
    if not 0 < span.ms <= LONGEST_MS:
        yield f"{at}/amount", "wrong_value", "write more than 0 and at most 36500 days"


def _known(name: str, there: Collection[str], field: str, what: str) -> Iterator[Fault]:
    if name not in there:
        near = ", ".join(sorted(there)[:10]) or "none"
        yield f"/{field}", "unknown_name", f"there is no {what} {name!r}; known: {near}"


def _among(
    wanted: tuple[str, ...], there: Collection[str] | None, what: str, *, needed: bool = True
) -> Iterator[Fault]:
    if needed and not wanted:
        yield "/any_of", "shape", "name at least one"
    if len(wanted) > MOST_VALUES:
        yield "/any_of", "too_large", f"at most {MOST_VALUES}"
    for i, name in enumerate(wanted if there is not None else ()):
        if there is not None and name not in there:
            yield f"/any_of/{i}", "unknown_name", f"there is no {what} {name!r}"


def _tested(test: Tested, kind: Kind | None, checks: Checks) -> Iterator[Fault]:
    """Does a question fit a value of this kind? Nothing is said where the kind is unknown."""
    if kind is None:
        return
    if test.op not in OPS[kind]:
        yield "/op", "wrong_type", f"a {kind} can be asked {', '.join(OPS[kind])}"
        return
    value = test.value
    if test.op == "during":
        if not isinstance(value, Window):
            yield "/value", "wrong_type", "write a window: an object with from, to or both"
        else:
            yield from checks.window(value, "/value", past=False)
    elif test.op in ("in", "not_in", "between"):
        yield from _listed(test.op, value, kind)
    else:
        wanted: Kind = "boolean" if test.op == "exists" else "string" if kind == "list" else kind
        if not _is(value, wanted):
            yield "/value", "wrong_type", f"{test.op} needs one {wanted} here"


def _listed(op: str, value: Any, kind: Kind) -> Iterator[Fault]:
    if not isinstance(value, tuple) or not value:
        yield "/value", "wrong_type", f"{op} needs a list"
        return
    if len(value) > MOST_VALUES:
        yield "/value", "too_large", f"at most {MOST_VALUES} values"
    faults = [i for i, one in enumerate(value) if not _is(one, kind)]
    for i in faults:
        yield f"/value/{i}", "wrong_type", f"{op} needs values that are {kind} here"
    if op == "between" and not faults and (len(value) != 2 or value[0] > value[1]):
        yield "/value", "wrong_value", "write two numbers, the smaller first"


def _is(value: Any, kind: Kind) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "number":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and math.isfinite(value) and abs(value) <= LARGEST
    return isinstance(value, str) and len(value) <= MOST_LETTERS
