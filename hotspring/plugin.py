"""Leaves are found by their file: a module of a folder defines one object of its type."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TypeVar

from hotspring.errors import PluginError

Leaf = TypeVar("Leaf")


def leaves(package: str, kind: type[Leaf]) -> dict[str, Leaf]:
    """Which leaves does `package` hold, by file name?

    Every module of the package must define exactly one instance of `kind`, else `PluginError`.
    """
    root = importlib.import_module(package)
    found: dict[str, Leaf] = {}
    for info in pkgutil.iter_modules(root.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package}.{info.name}")
        own = [value for value in vars(module).values() if isinstance(value, kind)]
        if len(own) != 1:
            raise PluginError(
                f"{package}.{info.name} must define one {kind.__name__}, it defines {len(own)}"
            )
        found[info.name] = own[0]
    return found
