"""The life cycle of an open pool: in which stage everybody is, who went where, by which pace."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

import msgspec
import numpy as np

from hotspring.analytics import Days, Pace, lifecycle
from hotspring.orders import Customers, Terms
from hotspring.pipeline import Pipeline
from hotspring.pool.analytics import told
from hotspring.pool.moments import clock, iso
from hotspring.pool.orders import Counted, Orders
from hotspring.pool.pace import Said, check
from hotspring.pool.remembered import Remembered
from hotspring.pool.stages import Stages

DAY_MS: Final = 86_400_000
QUARTILES: Final = (25, 50, 75)
STATES: Final = ("none", "once", "repeat", "often", "most")
"""Of who ordered never, once, and at least so often as three numbers say."""


class Wanted(NamedTuple):
    """What is asked for; what was not said is as it is kept."""

    terms: Terms
    said: Said
    back: int

    @property
    def moment(self) -> int:
        """The last moment that counts, ms."""
        return self.terms.at if self.terms.now else self.terms.at - 1

    @property
    def key(self) -> Any:
        """The same for what has the same answer while nothing is applied."""
        terms = self.terms
        return (terms.orders, None if terms.now else terms.at, self.said, self.back)


class Lifecycle:
    """Tells the stages of the known profiles. From any thread."""

    def __init__(self, pipeline: Pipeline, orders: Orders, stages: Stages) -> None:
        self._pipeline = pipeline
        self._orders = orders
        self._stages = stages
        self.paces = stages.paces
        """By which pace."""
        self._answers = Remembered(lambda: pipeline.position)
        self._days = Remembered(lambda: pipeline.position, most=2)

    def show(
        self, asked: dict[str, Any], by: Literal["orders", "visits"] | None,
        pace: dict[str, int], back: int,
    ) -> dict[str, Any]:  # fmt: skip
        """How many are in each stage by their orders or visits, and who moved in `back` days?

        All of the past counts, whatever the window.
        """
        wanted = self._wanted(asked, by, pace, back)
        return self._answers.get(wanted.key, clock(), lambda: self._show(wanted))

    def history(
        self, asked: dict[str, Any], by: Literal["orders", "visits"] | None,
        pace: dict[str, int], back: int, points: int,
    ) -> dict[str, Any]:  # fmt: skip
        """How many were in each stage at some moments of the last `back` days?"""
        wanted = self._wanted(asked, by, pace, back)

        def make() -> dict[str, Any]:
            days, slots = self._read(wanted, wanted.said), self._known()
            steps = np.unique(np.linspace(0, back, points).astype(np.int64))[::-1].tolist()
            counts = (self._counts(days, slots, wanted.said.pace, step) for step in steps)
            moments = (iso(wanted.terms.at - step * DAY_MS) for step in steps)
            drawn = [{"at": at, **one} for at, one in zip(moments, counts, strict=True)]
            return {"as_of": iso(wanted.terms.at), "points": drawn}

        return self._answers.get((wanted.key, points), clock(), make)

    def frequency(self, asked: dict[str, Any], ends: tuple[int, ...]) -> dict[str, Any]:
        """How many ordered never, once and how often in the window, each with its rule?"""
        terms = self._orders.terms(msgspec.convert(asked, Counted), clock())
        key = ("frequency", msgspec.structs.replace(terms, at=0 if terms.now else terms.at), ends)

        def make() -> dict[str, Any]:
            read, [customers] = self._orders.customers(terms)
            return {
                **told(read, self._pipeline), "profiles": len(self._known()),
                "states": _states(customers, read, ends, len(self._known())),
            }  # fmt: skip

        return self._answers.get(key, clock(), make)

    def keep(self, by: str, pace: dict[str, int], orders: list[str], who: str) -> dict[str, Any]:
        """Decide by which pace the stages are told; what is not said stays."""
        now = self.paces.now()
        own = msgspec.structs.replace(now.pace, **pace)
        self.paces.keep(msgspec.convert({"by": by, "pace": own, "orders": orders}, Said), who)
        return self.paces.told()

    def _wanted(self, asked: dict[str, Any], by: Any, pace: dict[str, int], back: int) -> Wanted:
        kept = self.paces.now()
        counted = msgspec.structs.replace(msgspec.convert(asked, Counted), days=None)
        if not counted.orders:
            counted = msgspec.structs.replace(counted, orders=kept.orders)
        own = msgspec.structs.replace(kept.pace, **pace)
        check(own)
        said = Said(by=by or kept.by, pace=own, orders=counted.orders)
        return Wanted(self._orders.terms(counted, clock()), said, back)

    def _known(self) -> Any:
        with self._pipeline.lock:
            return self._pipeline.state.who.slots(known_only=True)

    def _read(self, wanted: Wanted, said: Said) -> Days:
        terms, moment = wanted.terms, wanted.moment
        names: tuple[str, ...] = ()
        if said.by == "orders":
            counted = Counted(orders=said.orders, days=None, at=None if terms.now else terms.at)
            terms = self._orders.terms(counted, terms.at)
            names = terms.orders
        key = (said.by, names, self._stages.today(moment) if terms.now else terms.at)
        return self._days.get(key, moment, lambda: self._stages.days(said.by, terms, moment))

    def _counts(self, days: Days, slots: Any, pace: Pace, back: int) -> dict[str, Any]:
        code = days.stages(slots, pace, back)
        many = np.bincount(code[code >= 0], minlength=len(days.STAGES)).tolist()
        return {
            "never": len(slots) - sum(many),
            "stages": [
                {"name": name, "profiles": count, "share": count / max(sum(many), 1)}
                for name, count in zip(days.STAGES, many, strict=True)
            ],
        }

    def _show(self, wanted: Wanted) -> dict[str, Any]:
        slots, said, terms = self._known(), wanted.said, wanted.terms
        days, kept = self._read(wanted, said), self.paces.now()
        gaps, now = days.gaps(), days.stages(slots, said.pace)
        moved = (
            lifecycle.moves(days.stages(slots, said.pace, wanted.back), now) if wanted.back else []
        )
        other = kept != said
        before = self._read(wanted, kept).stages(slots, kept.pace) if other else now
        return {
            **told(terms, self._pipeline),
            "by": said.by,
            "profiles": len(slots),
            "pace": msgspec.to_builtins(said.pace),
            "kept": not other,
            "version": self.paces.told()["version"],
            "suggested": msgspec.to_builtins(days.suggested()),
            "gaps": len(gaps),
            "gap_quartiles": np.percentile(gaps, QUARTILES, method="inverted_cdf").tolist()
            if len(gaps)
            else [],
            "spread": [one._asdict() for one in lifecycle.spread(gaps)],
            **self._counts(days, slots, said.pace, 0),
            "since": iso(terms.at - wanted.back * DAY_MS) if wanted.back else None,
            "moves": _plain(moved),
            "changes": _plain(lifecycle.moves(before, now)) if other else [],
        }


def _plain(moved: list[Any]) -> list[dict[str, Any]]:
    return [{"from": one.before, "to": one.after, "profiles": one.profiles} for one in moved]


def _states(
    customers: Customers, terms: Terms, ends: tuple[int, ...], known: int
) -> list[dict[str, Any]]:
    """`ends` are where the last three states begin, ascending, at least 2."""
    begins = (1, *ends)
    place = np.searchsorted(np.array(begins), customers.orders, side="right")
    many = np.bincount(place, minlength=len(STATES)).tolist()
    many[0] = known - len(customers.profile)
    found = []
    for at, (name, count) in enumerate(zip(STATES, many, strict=True)):
        least = 0 if at == 0 else begins[at - 1]
        most = None if at == len(begins) else begins[at] - 1
        if most is None:
            rule = terms.ordered(op="ge", value=least)
        else:
            rule = terms.ordered(op="between", value=[least, most])
        found.append({
            "name": name, "least": least, "most": most, "profiles": count,
            "share": count / max(known, 1), "rule": rule,
        })  # fmt: skip
    return found
