"""The report: complete in both languages, loads nothing, runs nothing, shows what was found."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
import zoneinfo
from typing import get_args

import msgspec
import pytest

from hotspring.calibration import Calibration, report
from hotspring.calibration.measures import Decile
from hotspring.calibration.plots import Axis, Bar, Line, bars, lines
from hotspring.calibration.result import Group, Weight
from hotspring.calibration.words import WORDS, Language
from hotspring.temperature import rules

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
NAUGHTY = "<script>alert(1)</script>&"
CURVE = [(i / 60, (i / 60) ** 0.5) for i in range(61)]
FOUND = Calibration(
    goal="Order Completed",
    horizon_days=60.0,
    cut=1_314_460_800_000,
    learnt_at=1_309_276_800_000,
    share=0.05,
    hot=0.05,
    learning=Group(2990, 1138, 0.3806),
    test=Group(3348, 1459, 0.4358),
    auc={"temperature": 0.77, "recency": 0.69, "frequency": 0.73, "rfm": 0.74, "boosting": 0.745},
    auc_error=0.0087,
    auc_in_force=0.729,
    bands={"hot": 0.9583, "warm": 0.7917, "cool": 0.4323, "cold": None},
    band_profiles={"hot": 168, "warm": 360, "cool": 2820, "cold": 0},
    bands_in_force={name: Group(837, 300, 0.3584) for name in ("hot", "warm", "cool", "cold")},
    deciles=[Decile(334, n / 10, n / 11, n / 12, min(n / 9, 1.0)) for n in range(10)],
    curves=dict.fromkeys(("temperature", "recency", "frequency", "rfm", "boosting"), CURVE),
    weights=[
        Weight("a", "Order Completed", True, 1.42, 180.0, None, 8.1, 9.4),
        Weight("b", NAUGHTY, False, -0.5, 1.0, 4.0, -0.5, -23.0),
    ],
    without_weight=[NAUGHTY],
    kept=["complaint"],
    dropped=["every"],
    rules=rules.sets()["ecommerce"],
)  # fmt: skip


@pytest.mark.parametrize("language", get_args(Language))
def test_the_page_shows_all_and_loads_nothing(language: Language) -> None:
    page = report(FOUND, language, ZONE, 1_320_000_000_000)
    for part in ("Order Completed", "0.770", "0.745", "0.729", "95.8 %", "2011-08-28 00:00",
                 "180", "+1.42", "9.4 °C", "2011-10-31 02:40", "Asia/Shanghai"):  # fmt: skip
        assert part in page, part
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=|url\(|@import", page)
    assert "default-src 'none'" in page
    assert "prefers-color-scheme:dark" in page
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 6
    for plot in plots:
        root = ElementTree.fromstring(plot)
        assert root.get("aria-label")
        assert not re.search(r"\b(?:nan|inf)\b", plot)
    assert {"zh": "投诉", "en": "Complaint"}[language] in page


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for word, text in WORDS["en"].items():
        holes = re.findall(r"{\w+}", text)
        assert sorted(holes) == sorted(re.findall(r"{\w+}", WORDS["zh"][word])), word
    assert not [w for w, text in WORDS["zh"].items() if text == WORDS["en"][w]]


@pytest.mark.parametrize(
    ("mine", "force", "told"),
    [
        (0.77, 0.729, ("better than every rival", "the learnt ones tell more")),
        (0.742, 0.745, ("are level", "within the error")),
        (0.70, 0.76, ("is behind gradient boosting", "they tell more than the learnt")),
    ],
)
def test_the_verdict_is_honest(mine: float, force: float, told: tuple[str, str]) -> None:
    auc = {**FOUND.auc, "temperature": mine}
    found = msgspec.structs.replace(FOUND, auc=auc, auc_in_force=force)
    page = report(found, "en", ZONE, 0)
    for part in told:
        assert part in page


def test_axes_have_round_marks_within() -> None:
    assert Axis("x", 0.0, 1.0, str).marks() == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert Axis("x", 0.5, 0.8, str).marks() == [0.5, 0.6, 0.7, 0.8]
    assert Axis("x", 0.0, 540.0, str).marks() == [0.0, 200.0, 400.0]


def test_plots_place_values_by_their_scale() -> None:
    plot = bars("t", [Bar("a", 1.0, "1", "mine"), Bar("b", 0.5, "2", "mine")],
                Axis("x", 0.0, 1.0, str))  # fmt: skip
    wide, half = (float(w) for w in re.findall(r'<rect class="mine"[^>]*width="([\d.]+)"', plot))
    assert wide == pytest.approx(2 * half, abs=0.2)
    field = lines("t", [Line("a", [(0.0, 0.0), (1.0, 1.0)], "mine")],
                  Axis("x", 0.0, 1.0, str), Axis("y", 0.0, 1.0, str))  # fmt: skip
    drawn = field[field.rindex("grid") :]
    (start,) = re.findall(r'class="line mine" d="M([\d.]+) ([\d.]+)L', drawn)
    end = re.findall(r"L([\d.]+) ([\d.]+)", field)[-1]
    assert float(start[0]) < float(end[0])
    assert float(start[1]) > float(end[1])
