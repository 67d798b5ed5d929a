"""The table of what was refused."""

from __future__ import annotations

from hotspring.collect import QUARANTINE, quarantine_rows
from tests.collect.clients import NOW, batch, send, track


def test_refused_events_become_rows() -> None:
    _, refused = send("/v1/batch", batch(track(), track(event=None), 5))
    rows = quarantine_rows([(70 + one.index, "shop", NOW, one) for one in refused])
    assert rows.schema.equals(QUARANTINE.schema)
    assert [(row["seq"], row["index"], row["reason"]) for row in rows.to_pylist()] == [
        (71, 1, "missing_event_name"),
        (72, 2, "not_an_object"),
    ]
    assert set(rows.column("source").to_pylist()) == {"shop"}


def test_no_refusals_are_no_rows() -> None:
    rows = quarantine_rows([])
    assert (rows.num_rows, rows.schema) == (0, QUARANTINE.schema)


def test_quarantine_belongs_to_this_room() -> None:
    assert QUARANTINE.owner == "hotspring.collect"
    assert set(QUARANTINE.order) <= set(QUARANTINE.schema.names)
