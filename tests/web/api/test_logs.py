"""Logs are JSON lines on stderr that quote nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hotspring.web import set_up_logs


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail() -> None:
    raise ValueError("the phone 13800138000")


def test_our_lines_and_those_of_libraries_are_json_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("info")
    structlog.get_logger("hotspring.x").info("applied", rows=3, source="网站")
    structlog.get_logger("hotspring.x").debug("too much")
    logging.getLogger("some.library").warning("%s left", 2)
    logging.getLogger("uvicorn.access").error("GET /api/profiles/phone:13800138000")
    out, err = capsys.readouterr()
    assert out == ""
    lines = [json.loads(line) for line in err.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("applied", "info"),
        ("2 left", "warning"),
    ]
    assert (lines[0]["rows"], lines[0]["source"]) == (3, "网站")
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_of_an_error_the_kind_and_the_place_are_told_and_not_the_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("info")
    for log in (structlog.get_logger("hotspring.x"), logging.getLogger("uvicorn.error")):
        try:
            fail()
        except ValueError:
            log.exception("it failed")
    err = capsys.readouterr().err
    assert "13800138000" not in err
    for line in map(json.loads, err.splitlines()):
        assert line["error"] == "ValueError"
        assert line["place"].startswith("test_logs.py:")
        assert line["place"].endswith(" fail")
