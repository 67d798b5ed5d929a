"""How good are the suggestions? Precision and recall on data where the truth is known."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

import pytest

from hotspring.matching import by_probability, by_rules
from tests.matching.people import engine, evidence, ignore, records, scores

PASSES = {"rules": by_rules, "probability": by_probability}


class Floor(NamedTuple):
    """Measured figures less a margin of about one point; the guide states the figures."""

    least: float
    precision: float
    recall: float


FLOORS = {
    ("febrl1", "rules"): Floor(0.5, 0.99, 0.965),
    ("febrl1", "probability"): Floor(0.9, 0.99, 0.985),
    ("febrl2", "rules"): Floor(0.5, 0.99, 0.94),
    ("febrl2", "probability"): Floor(0.9, 0.99, 0.985),
    ("febrl3", "rules"): Floor(0.5, 0.99, 0.93),
    ("febrl3", "probability"): Floor(0.9, 0.99, 0.985),
    ("fake_1000", "rules"): Floor(0.5, 0.99, 0.39),
    ("fake_1000", "probability"): Floor(0.9, 0.98, 0.65),
}


@pytest.mark.parametrize(("data", "method"), FLOORS)
def test_suggestions_are_as_good_as_the_guide_says(data: str, method: str) -> None:
    floor = FLOORS[data, method]
    if method == "probability":
        pytest.importorskip("splink", reason="the extra `matching` is not installed")
    rows = records(data)
    with contextlib.closing(engine()) as con:
        found = PASSES[method](con, rows.told, ignore)
    for least in sorted({0.5, 0.8, 0.9, 0.95, floor.least}):
        taken = set(scores(found, least))
        true = len(taken & rows.truth)
        precision, recall = true / max(1, len(taken)), true / len(rows.truth)
        f1 = 2 * precision * recall / (precision + recall)
        print(
            f"{data} {method} score >= {least}: {len(taken)} pairs, "
            f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}"
        )
        if least == floor.least:
            assert precision >= floor.precision
            assert recall >= floor.recall
    assert all(evidence(found).values()), "each suggestion says why"
