"""The command line: `hotspring COMMAND`, a thin client of the API."""

from hotspring.cli.commands import main

__all__ = ["main"]
