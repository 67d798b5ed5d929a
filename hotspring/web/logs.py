"""Structured logs: one JSON object a line on stderr, without personal data."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, Final

import structlog

QUIET: Final = ("uvicorn.access", "httpx", "httpcore", "alembic", "sqlalchemy.engine", "asyncio")
"""Loggers of libraries that would write addresses, paths or statements."""


def set_up_logs(level: str = "info") -> None:
    """Write all logs of this process, ours and those of libraries, as JSON lines to stderr.

    Of an exception its type and place are written, never its text: that may quote a person.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_place_of_exception,
    ]
    # Without `ExtraAdder`: what libraries put beside their messages is not ours to know.
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=shared,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def place_of(error: BaseException) -> dict[str, str]:
    """Which error was it, and where? Without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    place = f"{last.filename.rpartition('/')[2]}:{last.lineno} {last.name}" if last else ""
    return {"error": type(error).__name__, "place": place}


def _only_place_of_exception(
    logger: Any, method: str, entry: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    given = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        entry.update(place_of(error))
    record = entry.get("_record")
    if isinstance(record, logging.LogRecord) and record.exc_info:
        if record.exc_info[1] is not None:
            entry.update(place_of(record.exc_info[1]))
        # The standard formatter would append the whole traceback.
        record.exc_info, record.exc_text = None, None
    return entry
