"""The rule tree: what one may ask of a profile, as typed values.

Written as JSON, every node is an object with one key, which says what it is:
`{"and": [{"band": {"any_of": ["hot"]}}, {"not": {"tag": {"id": "tg_1"}}}]}`. So the way to a place
in a rule is also its JSON pointer, as in `/and/1/not/tag/id`.

Every leaf is true or false of a profile, never unknown: what is not there fails every question but
`ne`, `not_in` and `exists: false`, which are the plain opposites of `eq`, `in` and `exists: true`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec

Unit = Literal["minute", "hour", "day", "week"]
UNITS: Final[dict[str, int]] = {
    "minute": 60_000,
    "hour": 3_600_000,
    "day": 86_400_000,
    "week": 604_800_000,
}
"""Milliseconds; months and years have no fixed length and are written as days."""
BANDS: Final = ("hot", "warm", "cool", "cold")
STATES: Final = ("hot", "warm", "cool", "never_warm", "cooled")
"""The bands with cold told apart, in the order of their codes in relations."""
STAGES: Final = ("new", "active", "loyal", "sleeping", "lost", "returned")
"""Stages of the life cycle, in the order of their codes in relations."""

Kind = Literal["string", "number", "boolean", "datetime", "list", "object"]
Op = Literal[
    "eq", "ne", "in", "not_in", "gt", "ge", "lt", "le", "between",
    "contains", "starts_with", "during", "exists",
]  # fmt: skip


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of a rule: a value that can be compared and hashed."""


class Span(Part, frozen=True, kw_only=True):
    """A length of time, longer than nothing."""

    amount: int
    unit: Unit = "day"

    @property
    def ms(self) -> int:
        return self.amount * UNITS[self.unit]


class Moment(Part, frozen=True, kw_only=True):
    """A point in time: exactly one of `ago`, `ahead` (in `unit`, before or after now) and `at`.

    `at` is a date or a date and time of ISO 8601, in the pool's time zone unless it names its own.
    """

    ago: int | None = None
    ahead: int | None = None
    at: str | None = None
    unit: Unit = "day"


class Window(Part, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """From a moment on and before another; without them since ever, and for ever."""

    since: Moment | None = None
    until: Moment | None = None


Scalar: TypeAlias = bool | int | float | str
Value: TypeAlias = Scalar | tuple[Scalar, ...] | Window | None


class Tested(Part, frozen=True, kw_only=True):
    """A question about one value: `in` and `not_in` take a list, `between` two numbers (both
    included), `during` a window, `exists` true or false, all others one value.
    """

    op: Op
    value: Value = None


class Condition(Tested, frozen=True, kw_only=True):
    """A question about a field of an event: `name`, `channel`, `device`, `source`, `amount` (which
    needs the `currency` to read it in) or `properties.PATH`.
    """

    field: str
    currency: str = ""


class Step(Part, frozen=True, kw_only=True):
    """Events of one name, or of any where it is null, that meet all conditions."""

    event: str | None
    where: tuple[Condition, ...] = ()


class And(Part, frozen=True, kw_only=True):
    """All of them."""

    of: tuple[Rule, ...]


class Or(Part, frozen=True, kw_only=True):
    """At least one of them."""

    of: tuple[Rule, ...]


class Not(Part, frozen=True, kw_only=True):
    """The opposite."""

    of: Rule


class Trait(Tested, frozen=True, kw_only=True):
    """What a given or computed trait says."""

    name: str


class Tag(Part, frozen=True, kw_only=True):
    """Has the tag, which is named by its id, with one of these values where any are named."""

    id: str
    any_of: tuple[str, ...] = ()


class Temperature(Tested, frozen=True, kw_only=True):
    """Degrees Celsius now."""


class Band(Part, frozen=True, kw_only=True):
    """In one of these bands now; `cold` is `never_warm` and `cooled`."""

    any_of: tuple[Literal["hot", "warm", "cool", "cold", "never_warm", "cooled"], ...]


class NextBand(Part, frozen=True, kw_only=True):
    """Leaves its band within a time if nothing happens, for one of these where any are named."""

    within: Span
    any_of: tuple[Literal["hot", "warm", "cool", "cold"], ...] = ()


class Score(Tested, frozen=True, kw_only=True):
    """The points of a score, which is named by its id."""

    id: str


class Tier(Part, frozen=True, kw_only=True):
    """In one of these tiers of a scheme, which is named by its id."""

    id: str
    any_of: tuple[str, ...]


class Lifecycle(Part, frozen=True, kw_only=True):
    """In one of these stages of the life cycle."""

    any_of: tuple[Literal["new", "active", "loyal", "sleeping", "lost", "returned"], ...]


class Member(Part, frozen=True, kw_only=True):
    """Is in another segment, which is named by its id."""

    id: str


class Identifier(Part, frozen=True, kw_only=True):
    """Has an identifier of this kind."""

    kind: str


class Consent(Part, frozen=True, kw_only=True):
    """Decided so for a purpose on a channel; without one, for all channels at once.

    Who never decided neither gave nor withdrew. A decision for the channel stands before that for
    all channels.
    """

    purpose: str
    channel: str = ""
    given: bool = True


class District(Part, frozen=True, kw_only=True):
    """Was last seen in one of these: provinces by two digits, cities by four, districts by six."""

    any_of: tuple[str, ...]


class TradeArea(Part, frozen=True, kw_only=True):
    """Was last seen in one of these trade areas."""

    any_of: tuple[str, ...]


class Near(Part, frozen=True, kw_only=True):
    """Was last seen at most so many metres from an outlet."""

    outlet: str
    metres: float


class Behaviour(Tested, frozen=True, kw_only=True):
    """What a profile's events of a window come to, compared with a value.

    `count` counts them; `sum`, `mean`, `max`, `min` and `distinct` read the `field` of those that
    have it; `first` and `last` are times, for `during`. Without such events count, sum and distinct
    are 0 and the others fail every question. "Did not" is `count eq 0`. From a sum, that of the
    same field of the events of `less` in the window is taken off.
    """

    event: str | None
    where: tuple[Condition, ...] = ()
    window: Window = Window()
    measure: Literal["count", "sum", "mean", "max", "min", "distinct", "first", "last"] = "count"
    field: str = ""
    currency: str = ""
    less: Step | None = None
    op: Op = "ge"
    value: Value = 1


class Sequence(Part, frozen=True, kw_only=True):
    """A `first` event of the window with a `then` event after it, `within` a time where one is
    said; or, unless `followed`, a first event without one.

    "After" is a later millisecond. That nothing followed `within` a time is known once that time is
    over, so the latest first events wait for it.
    """

    first: Step
    then: Step
    within: Span | None = None
    window: Window = Window()
    followed: bool = True


Leaf: TypeAlias = (
    Trait | Tag | Temperature | Band | NextBand | Score | Tier | Lifecycle | Member | Identifier
    | Consent | District | TradeArea | Near | Behaviour | Sequence
)  # fmt: skip
Rule: TypeAlias = And | Or | Not | Leaf

LEAVES: Final[dict[str, type[Leaf]]] = {
    "trait": Trait,
    "tag": Tag,
    "temperature": Temperature,
    "band": Band,
    "next_band": NextBand,
    "score": Score,
    "tier": Tier,
    "lifecycle": Lifecycle,
    "segment": Member,
    "identifier": Identifier,
    "consent": Consent,
    "district": District,
    "trade_area": TradeArea,
    "near": Near,
    "behaviour": Behaviour,
    "sequence": Sequence,
}
"""Every leaf by its key."""
KEYS: Final = {leaf: key for key, leaf in LEAVES.items()}


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Every leaf of a rule, in order."""
    match rule:
        case And() | Or():
            for one in rule.of:
                yield from leaves(one)
        case Not():
            yield from leaves(rule.of)
        case _:
            yield rule


def written(rule: Rule) -> dict[str, object]:
    """The rule as plain values for JSON; `read` of it gives the same rule."""
    match rule:
        case And():
            return {"and": [written(one) for one in rule.of]}
        case Or():
            return {"or": [written(one) for one in rule.of]}
        case Not():
            return {"not": written(rule.of)}
    return {KEYS[type(rule)]: msgspec.to_builtins(rule)}
