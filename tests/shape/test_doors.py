"""Enter a room by its door: only `from hotspring.ROOM import name`, at most seven names a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.source import ROOT, dotted, modules, room_of, rooms, tree

OUTSIDE = [*ROOT.glob("tools/*.py"), *ROOT.glob("benches/*.py")]


def trespasses(
    module: Path, syntax: ast.Module, doors: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    """Which imports of `module` do not go through a room's door?"""
    own = room_of(dotted(module))
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            for alias in node.names:
                room = room_of(alias.name)
                if room in doors and room != own:
                    yield f"line {node.lineno}: import {alias.name}"
        elif isinstance(node, ast.ImportFrom) and (node.level or node.module):
            yield from _from(node, own, doors)


def _from(node: ast.ImportFrom, own: str, doors: dict[str, tuple[str, ...]]) -> Iterator[str]:
    if node.level:
        yield f"line {node.lineno}: a relative import; write the full name"
        return
    source = node.module or ""
    for alias in node.names:
        target = f"{source}.{alias.name}" if source == "hotspring" else source
        room = room_of(target)
        if room not in doors or room == own:
            continue
        if target != room or source == "hotspring":
            yield f"line {node.lineno}: {source}.{alias.name} goes past the door of {room}"
        elif alias.name not in doors[room]:
            yield f"line {node.lineno}: {alias.name} is not in __all__ of {room}"


@pytest.mark.parametrize("module", [*modules(), *OUTSIDE], ids=lambda path: dotted(path))
def test_other_rooms_are_entered_by_their_door(module: Path) -> None:
    assert list(trespasses(module, tree(module), rooms())) == []


@pytest.mark.parametrize("room", rooms())
def test_a_door_has_at_most_seven_names(room: str) -> None:
    names = rooms()[room]
    assert len(names) == len(set(names))
    assert len(names) <= 7


@pytest.mark.parametrize(
    "line",
    [
        "import hotspring.store.table",
        "from hotspring.store.table import Table",
        "from hotspring import store",
        "from hotspring.store import hidden",
        "from ..store import Table",
    ],
)
def test_the_door_test_sees_a_trespass(line: str) -> None:
    doors = {"hotspring.store": ("Table",), "hotspring.geo": ()}
    guest = ROOT / "hotspring/geo/cells.py"
    assert list(trespasses(guest, ast.parse(line), doors))
    inside = ROOT / "hotspring/store/blocks.py"
    if not line.startswith("from .."):
        assert not list(trespasses(inside, ast.parse(line), doors))


def test_the_door_test_lets_a_guest_in() -> None:
    doors = {"hotspring.store": ("Table",), "hotspring.geo": ()}
    lines = "from hotspring.store import Table\nfrom hotspring.event import Event\nimport ast"
    assert not list(trespasses(ROOT / "hotspring/geo/cells.py", ast.parse(lines), doors))
