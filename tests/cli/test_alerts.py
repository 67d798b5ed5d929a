"""`hotspring alerts`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_alerts_are_listed_and_taken_note_of(run: Run, folder: Path) -> None:
    told = run("alerts").out
    assert "rate · Checkout" in told
    assert "0.95 to any" in told
    assert "open" in told
    (one,) = run("alerts", "--json").json
    assert (one["value"], one["low"], one["high"], one["seen_at"]) == (0.5, 0.95, None, None)
    (seen,) = run("alerts", "--seen", one["id"], "--json").json
    assert seen["seen_at"] is not None
    assert seen["seen_by"] in run("alerts").out
    other = run("alerts", "--seen", 9)
    assert (other.code, other.out) == (1, "")
    assert "there is no alert 9" in other.err
