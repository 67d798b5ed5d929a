"""The doors over HTTP: events come in, questions are answered.

What is named here is imported when it is asked for: the process that takes events in lies in this
room too and needs neither the engines nor the framework of the API.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotspring.web.api import create_api
    from hotspring.web.logs import set_up_logs
    from hotspring.web.serve import Server, run

__all__ = ["Server", "create_api", "run", "set_up_logs"]

_HOMES = {"Server": "serve", "create_api": "api", "run": "serve", "set_up_logs": "logs"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
