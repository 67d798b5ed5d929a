"""The life cycle of an open pool: in which stage everybody is, and who went where."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
import numpy as np

from hotspring.analytics import STAGES, Days, moves
from hotspring.errors import BadRequest
from hotspring.pipeline import Pipeline
from hotspring.pool.analytics import told
from hotspring.pool.moments import clock, iso
from hotspring.pool.orders import Counted, Orders

DAY_MS: Final = 86_400_000
QUARTILES: Final = (25, 50, 75)


class Lifecycle:
    """Tells the stages of the known profiles. From any thread."""

    def __init__(self, pipeline: Pipeline, orders: Orders) -> None:
        self._pipeline = pipeline
        self._orders = orders

    def show(
        self, asked: dict[str, Any], by: Literal["orders", "visits"], pace: dict[str, Any],
        back: int,
    ) -> dict[str, Any]:  # fmt: skip
        """How many are in each stage by their orders or visits, and who moved in `back` days?

        What `pace` does not say follows from the gaps. All of the past counts, whatever the window.
        """
        counted = msgspec.structs.replace(msgspec.convert(asked, Counted), days=None)
        terms = self._orders.terms(counted, clock())
        with self._pipeline.lock:
            slots = self._pipeline.state.who.slots(known_only=True)
        moment = terms.at if terms.now else terms.at - 1
        days = Days(terms.at, self._orders.active(terms if by == "orders" else None, moment))
        suggested = days.suggested()
        own = msgspec.structs.replace(suggested, **pace)
        if own.sleeping >= own.lost:
            raise BadRequest("sleeping must come before lost")
        now, gaps = days.stages(slots, own), days.gaps()
        many = np.bincount(now, minlength=len(STAGES)).tolist()
        moved = moves(days.stages(slots, own, back), now) if back else []
        return {
            **told(terms, self._pipeline),
            "by": by,
            "profiles": len(slots),
            "pace": msgspec.to_builtins(own),
            "suggested": msgspec.to_builtins(suggested),
            "gaps": len(gaps),
            "gap_quartiles": np.percentile(gaps, QUARTILES, method="inverted_cdf").tolist()
            if len(gaps)
            else [],
            "stages": [
                {"name": name, "profiles": count, "share": count / len(slots) if count else 0.0}
                for name, count in zip(STAGES, many, strict=True)
            ],
            "since": iso(terms.at - back * DAY_MS) if back else None,
            "moves": [
                {"from": one.before, "to": one.after, "profiles": one.profiles} for one in moved
            ],
        }
