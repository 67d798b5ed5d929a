"""The repository as the shape tests see it: its files and the syntax trees of its modules."""

from __future__ import annotations

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hotspring"


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file that git would commit: tracked, or new and not ignored."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return tuple(
        ROOT / name for name in sorted(out.split("\0")) if name and (ROOT / name).is_file()
    )


@functools.cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


@functools.cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"), filename=str(module))


def dotted(module: Path) -> str:
    """The import name of a module's file: `hotspring.store.table`."""
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(name: str) -> str:
    """The room a dotted name lies in: `hotspring.store`, or the flat module itself."""
    return ".".join(name.split(".")[:2])


@functools.cache
def rooms() -> dict[str, tuple[str, ...]]:
    """Each room (a package directly below `hotspring`) with the names of its `__all__`."""
    found = {}
    for door in sorted(PACKAGE.glob("*/__init__.py")):
        found[dotted(door)] = _all_of(tree(door))
    return found


def _all_of(module: ast.Module) -> tuple[str, ...]:
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            return tuple(ast.literal_eval(node.value))
    return ()
