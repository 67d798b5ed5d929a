"""Names, lengths and words of the files of the repository."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.shape.source import ROOT, dotted, modules, room_of, rooms, tracked, tree

EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "service", "core"}
PYTHON = [path for path in tracked() if path.suffix == ".py"]
BINARY = {".png", ".parquet", ".gz", ".xlsx", ".ico", ".woff2", ".zip", ".npz"}

# Paths of one person's machine, addresses of private networks, downloads outside a registry client.
PRIVATE = re.compile(
    r"(?<![\w.])/(?:work|root|Users|home/[a-z]\w*)/\w"
    r"|\b(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+)\b"
    r"|\bfile:///[a-z]"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host"
)
FIXTURES = (
    "tests/collect/",
    "tests/web/",
    "tests/geo/",
    "tests/story/",
    "tests/shape/test_files.py",
)


THIS = "tests/shape/test_files.py"


def texts() -> list[Path]:
    return [path for path in tracked() if path.suffix not in BINARY]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_says_nothing(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    assert EMPTY_NAMES.isdisjoint(parts), f"{path} is named for its job, not for what it holds"


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_holds_one_thing(path: Path) -> None:
    lines = path.read_text("utf-8").count("\n")
    assert lines <= 500, f"{path.name} has {lines} lines: it holds two things"


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{module.relative_to(ROOT)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 60
    ]
    assert long == []


def test_public_things_say_what_they_answer() -> None:
    silent = [
        f"{module.relative_to(ROOT)}: {node.name}"
        for module in modules()
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.name in rooms().get(room_of(dotted(module)), ())
        and ast.get_docstring(node) is None
        and not any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)
    ]
    assert silent == []
    assert [str(m.relative_to(ROOT)) for m in modules() if not ast.get_docstring(tree(m))] == []


def test_nothing_private_is_told() -> None:
    found = []
    for path in texts():
        name = str(path.relative_to(ROOT))
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            hit = PRIVATE.search(line)
            # Tests of the door may speak of addresses; this file says what to look for.
            known = name == THIS or (name.startswith(FIXTURES) and hit and hit[0][0].isdigit())
            if hit and not known:
                found.append(f"{name}:{number}: {hit[0]}")
    assert found == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_environment_variables_are_read_in_one_file() -> None:
    readers = {
        str(module.relative_to(ROOT))
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers <= {"hotspring/settings.py"}


def test_lock_files_name_no_address() -> None:
    for name in ("requirements/dev.txt", "requirements/runtime.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
        assert len(pins) > 40
        assert text.count("==") == len(pins) + len(re.findall(r"(?<=[a-z])\s==\s", text))
    lock = (ROOT / "tests/story/node/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_make_knows_every_target_that_is_told(readme: str) -> None:
    rules = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", rules, re.MULTILINE))
    told = set(re.findall(r"`?make ([a-z-]+)`?", (ROOT / readme).read_text("utf-8")))
    assert {"demo", "test"} <= told | ({"demo"} if readme == "CONTRIBUTING.md" else set())
    assert told <= targets | {"sure"}
