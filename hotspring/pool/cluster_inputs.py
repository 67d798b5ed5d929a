"""Traits of everybody as clusterings read them: numbers and words of the known profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from hotspring.clusters import Input
from hotspring.errors import RuleFault, RuleRefused
from hotspring.orders import Customers
from hotspring.pipeline import Pipeline
from hotspring.pool.numbers import Asked, Ground
from hotspring.pool.orders import Counted, Orders
from hotspring.pool.stages import Stages
from hotspring.pool.trait_columns import TraitColumns
from hotspring.rules import Catalogue, read
from hotspring.scores import Measure, measured

DAY_MS: Final = 86_400_000
YEAR: Final = 365
"""Days in which orders count; who did not order is so long ago."""
EVERYBODY: Final = {"temperature": {"op": "ge", "value": -1_000}}
BANDS: Final = ("hot", "warm", "cool", "cold")
MEASURED: Final = ("temperature", "score", "behaviour")
WORDS: Final = ("tag", "tier")


class Everybody(NamedTuple):
    """The known profiles, in an order that a rebuild keeps."""

    slots: np.ndarray
    """int32."""
    inputs: list[Input]


class Inputs:
    """Reads traits of the known profiles. From any thread."""

    def __init__(
        self, pipeline: Pipeline, ground: Ground, traits: TraitColumns, orders: Orders,
        stages: Stages,
    ) -> None:  # fmt: skip
        self._pipeline = pipeline
        self._ground = ground
        self._traits = traits
        self._orders = orders
        self._stages = stages

    def checked(self, of: Sequence[dict[str, Any]], there: Catalogue) -> None:
        """Can all of these be read? Raises `RuleRefused` with every fault and its place."""
        faults = list[RuleFault]()
        for at, one in enumerate(of):
            try:
                self._asks(one, there, f"/traits/{at}")
            except RuleRefused as refused:
                faults += refused.faults
        if faults:
            raise RuleRefused(faults)

    def read(self, of: Sequence[dict[str, Any]], there: Catalogue, now: int) -> Everybody:
        """What each of these is of everybody."""
        asks = [self._asks(one, there, f"/traits/{at}") for at, one in enumerate(of)]
        several = [Asked(read(EVERYBODY, there)), *(ask for some in asks for ask in some)]
        found = self._ground.read(several, there, now)
        with self._pipeline.lock:
            firsts = self._pipeline.state.who.firsts(found.slots)
        order = np.argsort(firsts, kind="stable")
        slots, values = found.slots[order], found.values[order]
        inputs, column, customers = [], 1, self._customers(of, now)
        for one, some in zip(of, asks, strict=True):
            mine = values[:, column : column + len(some)]
            column += len(some)
            inputs.append(self._input(one, slots, mine, there, now, customers))
        return Everybody(slots, inputs)

    def _asks(self, one: dict[str, Any], there: Catalogue, place: str) -> list[Asked]:
        """What the ground is asked for it; nothing for what is read elsewhere."""
        ((kind, body),) = one.items()
        if kind == "trait":
            if there.traits.get(body["name"]) is None:
                raise RuleRefused(
                    [RuleFault(f"{place}/trait/name", "unknown_name", "no profile has this trait")]
                )
            if there.traits[body["name"]] in ("list", "object"):
                said = "a list or an object tells profiles apart in too many ways"
                raise RuleRefused([RuleFault(f"{place}/trait/name", "wrong_type", said)])
        if kind in MEASURED:
            measure = Measure(of=one)
            return [Asked(measured(measure, lambda rule: read(rule, there), place), measure)]
        if kind in WORDS:
            words = there.values(body["id"]) or ()
            rules: list[Any] = [{kind: {**body, "any_of": [word]}} for word in words]
            if not words:
                rules = [{kind: {"id": body["id"]}}]
            return [Asked(read(rule, there)) for rule in rules]
        return []

    def _customers(self, of: Sequence[dict[str, Any]], now: int) -> tuple[Customers, int] | None:
        if not any("rfm" in one for one in of):
            return None
        terms = self._orders.terms(Counted(days=YEAR), now)
        _, (customers,) = self._orders.customers(terms)
        return customers, now

    def _input(
        self, one: dict[str, Any], slots: np.ndarray, values: np.ndarray, there: Catalogue,
        now: int, customers: tuple[Customers, int] | None,
    ) -> Input:  # fmt: skip
        ((kind, body),) = one.items()
        if kind in MEASURED:
            return Input(values[:, 0])
        if kind in WORDS:
            has = values > 0
            codes = np.where(has.any(axis=1), has.argmax(axis=1), -1).astype(np.int32)
            return Input(None, codes, there.values(body["id"]) or ("",))
        if kind == "rfm":
            assert customers is not None
            return Input(_figure(body["figure"], slots, *customers))
        if kind == "band":
            return self._band(slots, now)
        if kind == "lifecycle":
            stages = self._stages.of_all(now)
            return Input(None, _by_slot(stages, slots).astype(np.int32), self._stages.names)
        return self._trait(body["name"], there.traits[body["name"]], slots, now)

    def _band(self, slots: np.ndarray, now: int) -> Input:
        codes, degrees = np.empty(len(slots), np.int8), np.empty(len(slots), np.int16)
        with self._pipeline.lock:
            self._pipeline.state.heat.view(now, degrees, codes, slots)
        return Input(None, np.minimum(codes, 3).astype(np.int32), BANDS)

    def _trait(self, name: str, kind: str, slots: np.ndarray, now: int) -> Input:
        column = self._traits.column(name, kind, now)
        if kind in ("number", "datetime"):
            held = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
            values = _by_slot(held, slots, np.nan)
            return Input((now - values) / DAY_MS if kind == "datetime" else values)
        if kind == "boolean":
            column = column.cast(pa.string())
        words = column.dictionary_encode() if not pa.types.is_dictionary(column.type) else column
        codes = words.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        texts = tuple(words.dictionary.to_pylist())
        return Input(None, _by_slot(codes, slots).astype(np.int32), texts)


def _figure(figure: str, slots: np.ndarray, customers: Customers, now: int) -> np.ndarray:
    # Who ordered nothing within the year counts as its whole length away: the name says so.
    given = {
        "recency": customers.age(now), "frequency": customers.orders, "monetary": customers.amount,
    }  # fmt: skip
    size = 1 + max(int(slots.max(initial=-1)), int(customers.profile.max(initial=-1)))
    held = np.full(size, YEAR if figure == "recency" else 0.0)
    held[customers.profile] = given[figure]
    return np.asarray(held[slots])


def _by_slot(held: np.ndarray, slots: np.ndarray, none: float = -1) -> np.ndarray:
    """The values of these slots; `none` of who came up meanwhile."""
    found = np.full(len(slots), none, np.result_type(held.dtype, np.array(none)))
    there = slots < len(held)
    found[there] = held[slots[there]]
    return found
