"""`hotspring calibrate`: what people read and what programs get."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.web.api.fake_calibrations import FOUND
from tests.web.api.fake_pool import FakePool

ASKED = ("calibrate", "--goal", "Order Completed", "--horizon", "60d", "--cut", "2011-08-28")


def test_what_was_learnt_is_shown(folder: Path, run: Run, pool: FakePool) -> None:
    shown = run(*ASKED)
    assert shown.code == 0
    for part in (
        "Order Completed within 60 days", "1,138 of 2,990", "0.750", "gradient boosting",
        "95.8%", "+1.42 × log1p(amount)", "180 days (about 6 months)", "1 day", "4 a day",
        "Page Viewed", "complaint", "every", "Nothing was changed",
    ):  # fmt: skip
        assert part in shown.out, part
    assert pool.decided == []


def test_one_document_for_programs_and_acceptance(folder: Path, run: Run, pool: FakePool) -> None:
    told = run(*ASKED, "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json == {"id": "c0", "accepted": None, **FOUND}
    assert pool.calibrations.job is not None
    assert pool.calibrations.job["horizon_days"] == 60.0
    accepted = run(*ASKED, "--accept")
    assert "version 2" in accepted.out
    assert pool.decided == [("accept", "local")]


def test_the_report_is_written_to_a_file(folder: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    shown = run(*ASKED, "--report", file)
    assert "report.html" in shown.out
    assert "lang=zh" in file.read_text("utf-8")
    assert run(*ASKED, "--report", file, "--language", "en", "--json").json["id"] == "c0"
    assert "lang=en" in file.read_text("utf-8")
    assert [path.name for path in tmp_path.glob("report*")] == ["report.html"]


def test_errors_say_what_to_do(folder: Path, run: Run) -> None:
    thin = run("calibrate", "--goal", "Nothing", "--horizon", "8w", "--cut", "2011-08-28")
    assert (thin.code, thin.out) == (1, "")
    assert "choose another cut" in thin.err
    failed = run("calibrate", "--goal", "Fail", "--horizon", "36h", "--cut", "2011-08-28")
    assert "choose a longer horizon" in failed.err
    odd = run("calibrate", "--goal", "A", "--horizon", "soon", "--cut", "2011-08-28")
    assert odd.code == 2
