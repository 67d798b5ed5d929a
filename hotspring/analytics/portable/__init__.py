"""Analyses as one question to two tables, which any engine of Ibis can be asked: one file each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

import msgspec

from hotspring import plugin
from hotspring.analytics.parameters import Parameters
from hotspring.analytics.report import Query, Reads, Setting
from hotspring.errors import ParametersRefused, RuleFault
from hotspring.rules import Catalogue

P = TypeVar("P", bound=Parameters)
Table = Any
"""A table of Ibis."""
Engine = Literal["duckdb", "spark"]
DIALECTS: Final[dict[Engine, str]] = {"duckdb": "duckdb", "spark": "pyspark"}
PROPERTIES: Final = "properties."
PLAIN: Final = ("name", "channel", "device", "source")
"""Dimensions that are columns as they lie."""
EVENTS: Final = {
    "origin_id": "int32", "seq": "int64", "ms": "int64", "name": "string", "type": "string",
    "channel": "string", "device": "string", "source": "string", "amount": "float64",
    "currency": "string", "flags": "int32",
}  # fmt: skip
"""The columns of `events` that are read: events as they lie in their blocks."""
OWNERS: Final = {
    "origin_id": "int32", "since": "int64", "until": "int64", "profile": "int32",
    "known": "boolean", "passer": "boolean", "machine": "boolean",
}  # fmt: skip
"""The columns of `owners`: whose the events of a subject with `since <= ms < until` are, whether
that is a known profile or a passer-by, and what people said of the subject, null for nothing."""


class Asked(NamedTuple):
    """A question, and what it is asked of."""

    params: Any
    reads: Reads
    setting: Setting
    there: Catalogue
    singles: Mapping[int, bool]
    """By `seq`: single events of which people said that they are a machine's, or that they are
    not."""


class Rows(NamedTuple):
    """What `report.Rows` is to a compiled pass."""

    events: Table
    """Columns `profile` and `ms`; for each step truth values `step_0` onwards; `page`, `by_0`
    onwards (null for none) and `worth` (whole millionths) where they are read."""
    firsts: Table
    """Of each `profile` the moment it was `first` seen at all, in ms."""


class Form(msgspec.Struct, Generic[P], frozen=True):
    """The portable form of an analysis: one table of its answer."""

    table: Callable[[P], str]
    """Which one."""
    find: Callable[[P, Rows, Setting], Table]
    """Its rows, in no order: columns are named as there, numbers not rounded."""
    lacks: Callable[[P], Iterable[str]] = lambda _: ()
    """The parameters that only the compiled pass understands as they are."""


def forms() -> dict[str, Form[Any]]:
    """Which analyses have a portable form, by name?"""
    return plugin.leaves(__name__, Form)


def query(name: str, asked: Asked, engine: Engine) -> Query:
    """The question as SQL. Raises `ParametersRefused`."""
    import ibis

    from hotspring.analytics.portable._events import rows

    form = forms().get(name)
    if form is None:
        said = (
            f"{name} can be asked of the pool only; as SQL there are {', '.join(sorted(forms()))}"
        )
        raise ParametersRefused([RuleFault("/", "not_portable", said)])
    if faults := list(_faults(form, asked)):
        raise ParametersRefused(faults)
    if engine == "spark":
        # To name a backend is to load it.
        _ = ibis.pyspark
    events, owners = ibis.table(EVENTS, name="events"), ibis.table(OWNERS, name="owners")
    found = form.find(asked.params, rows(asked, events, owners), asked.setting)
    sql = str(ibis.to_sql(found, dialect=DIALECTS[engine]))
    return Query(form.table(asked.params), sql, {"events": EVENTS, "owners": OWNERS})


def _faults(form: Form[Any], asked: Asked) -> Iterator[RuleFault]:
    params = asked.params
    places = [f"/{name}" for name in form.lacks(params)]
    places += ["/rule"] if params.rule is not None else []
    places += [params.place(name) for name in asked.reads.by if name not in PLAIN]
    for place, step in params.places().items():
        places += [
            f"{place}/where/{at}"
            for at, one in enumerate(step.where)
            if str(one.get("field")).startswith(PROPERTIES)
        ]
    for place in dict.fromkeys(places):
        said = "this can be asked of the pool only, not as SQL over its blocks"
        yield RuleFault(place, "not_portable", said)
