"""An experiment in an open pool: who is one person is given one variant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import ParametersRefused
from hotspring.event import Event
from tests.laws.folding import DAY, HOUR, NOW, Folding
from tests.pool.test_analyses import ask, stop_clocks, table
from tests.pool.test_segments import event


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folding]:
    stop_clocks(monkeypatch)
    with Folding(tmp_path) as found:
        yield found


def given(who: str, days: float, variant: str, **more: Any) -> Event:
    named = {"variation_name": variant}
    return event(who, NOW - int(days * DAY), "Experiment Viewed", properties=named, **more)


def bought(who: str, days: float, amount: float) -> Event:
    return event(who, NOW - int(days * DAY), "Order Completed", amount=amount, currency="CNY")


def means(pool: Folding, **asked: Any) -> dict[str, tuple[int, float]]:
    rows = table(ask(pool, "experiment", **asked), "variants")
    return {row["group"]: (row["people"], row["mean"]) for row in rows}


def test_who_turns_out_to_have_seen_both_is_left_out(pool: Folding) -> None:
    pool.deliver([
        given("ann", 5, "control"), given("bob", 5, "green"), bought("bob", 4, 80),
        given("", 6, "green", ids=("anonymous_id:b",)),
    ])  # fmt: skip
    assert means(pool) == {"control": (1, 0), "green": (2, 0.5)}
    assert means(pool, metric="revenue") == {"control": (1, 0), "green": (2, 40)}
    # Late: the device turns out to be hers.
    pool.deliver([
        event("ann", NOW - 6 * DAY + HOUR, "Signed In", type="identify",
              ids=("user_id:ann", "anonymous_id:b")),
    ])  # fmt: skip
    assert means(pool) == {"green": (1, 1)}
    assert ask(pool, "experiment")["figures"]["mixed"] == 1
    pool.command("separate", {"id": "s1", "a": ["user_id:ann"], "b": ["anonymous_id:b"]})
    assert means(pool) == {"control": (1, 0), "green": (2, 0.5)}


def test_a_variant_that_no_event_names_is_refused_at_its_field(pool: Folding) -> None:
    pool.deliver([bought("ann", 1, 80)])
    asked = {"exposure": {"event": "Order Completed"}, "variant": "properties.shade"}
    with pytest.raises(ParametersRefused) as refused:
        ask(pool, "experiment", **asked)
    assert [fault.place for fault in refused.value.faults] == ["/variant"]
