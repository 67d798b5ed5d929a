"""One owner per table: declared once, in its owner's room; its rows come from there alone.

The owner appends them itself or gives them to the pipeline, which appends for all rooms.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.shape.source import ROOT, dotted, modules, room_of, tree

Declaration = tuple[str, str, str, str]
"""Table name, owner as written, room it is declared in, name of the constant."""


def declarations(module: Path, syntax: ast.Module) -> Iterator[Declaration]:
    """Which tables does `module` declare?"""
    if not _knows_tables(syntax):
        return
    for node in ast.walk(syntax):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            constant, value = node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            constant, value = node.target.id, node.value
        else:
            continue
        if isinstance(value, ast.Call) and _is_table(value):
            given = dict(zip(("name", "owner"), value.args, strict=False))
            given.update({word.arg: word.value for word in value.keywords if word.arg})
            name, owner = (_text(given.get(key)) for key in ("name", "owner"))
            yield name, owner, room_of(dotted(module)), constant


def appends(syntax: ast.Module, constants: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Where is something appended to a table, by line and constant?"""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Call) and node.args and _called(node).strip("_") == "append":
            first = node.args[0]
            name = first.id if isinstance(first, ast.Name) else getattr(first, "attr", "")
            if name in constants:
                yield node.lineno, name


def _knows_tables(syntax: ast.Module) -> bool:
    """Tables of other libraries go by the same name."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "hotspring.store"
        and any(alias.name == "Table" for alias in node.names)
        for node in ast.walk(syntax)
    )


def _is_table(call: ast.Call) -> bool:
    made = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    return isinstance(made, ast.Name) and made.id == "Table"


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def tables() -> list[Declaration]:
    return [found for module in modules() for found in declarations(module, tree(module))]


def test_every_table_is_declared_once_in_the_room_of_its_owner() -> None:
    for name, owner, room, constant in tables():
        assert name, f"{constant} in {room}: write its name as a text"
        assert owner == room, f"table {name} stands in {room}, its owner is {owner or 'not a text'}"
    names = Counter(name for name, _, _, _ in tables())
    assert [name for name, count in names.items() if count > 1] == []
    constants = Counter(constant for _, _, _, constant in tables())
    assert [name for name, count in constants.items() if count > 1] == []


def test_only_the_owner_appends_or_the_pipeline_for_it() -> None:
    owners = {constant: owner for _, owner, _, constant in tables()}
    strangers = [
        f"{dotted(module)}, line {line}: {constant} belongs to {owners[constant]}"
        for module in modules()
        for line, constant in appends(tree(module), owners)
        if room_of(dotted(module)) not in (owners[constant], "hotspring.pipeline")
    ]
    assert strangers == []


def test_every_table_stands_as_a_constant() -> None:
    """A table built inside an expression would escape the two tests above."""
    calls = sum(
        isinstance(node, ast.Call) and _is_table(node)
        for module in modules()
        if _knows_tables(tree(module))
        for node in ast.walk(tree(module))
    )
    assert calls == len(tables())


def test_the_owner_test_sees_what_it_should() -> None:
    text = "from hotspring.store import Table\n"
    text += 'EVENTS: Final = Table("events", owner="hotspring.pipeline", schema=s, order=("ms",))'
    found = list(declarations(ROOT / "hotspring/pipeline/record.py", ast.parse(text)))
    assert found == [("events", "hotspring.pipeline", "hotspring.pipeline", "EVENTS")]
    calls = ast.parse("store.append(EVENTS, b)\nrows.append(row)\nself._append(room.EVENTS, b)")
    owners = {"EVENTS": "hotspring.pipeline"}
    assert list(appends(calls, owners)) == [(1, "EVENTS"), (3, "EVENTS")]
