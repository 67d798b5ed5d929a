"""What the server says when it refuses can be said in Chinese too.

The pages know a refusal by its English text (`ui/src/refusals`): so every text of the code stands
in that catalogue, and nothing stands there that the code does not say.
"""

from __future__ import annotations

import ast
import functools
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import pytest
from pydantic import BaseModel, Field, ValidationError

from hotspring import errors
from hotspring.collect.files.rejects import REASONS
from hotspring.collect.identifiers import Problem
from hotspring.collect.verdict import Reason
from hotspring.plan.checks import Check
from hotspring.plan.schema import compiled
from tests.shape.source import ROOT

CATALOGUES: Final = ROOT / "ui/src/refusals"
AT_START: Final = {
    "cli", "bench", "demo", "engine.py", "plugin.py", "settings.py", "tombstones.py", "serve.py",
    "store",
}  # fmt: skip
"""Rooms whose refusals are read in a terminal: what stops a start, or a command. The store's
`Conflict` and `NotFound` are read on pages."""
TERMINAL: Final = {"SettingsError", "FolderError", "FolderInUse"}
OWN_WORDS: Final = {"SignInRefused", "WeakPassword", "TooManyTries"}
"""They carry a word of their own that the pages translate."""
NESTED: Final = {
    "in the horizon before the cut", "after the cut", "in row {}", "near the end", "rules", "plan",
    "segment", "tag", "clustering",
    "rule {}", "queued", "running", "done", "failed", "cancelled", "there is no trade area {}",
    *(
        f"there is no {what} {{}}; known: {{}}"
        for what in (
            "trait", "tag", "score", "scheme of tiers", "event", "kind of identifier",
            "purpose of consent", "channel of consent", "outlet",
        )
    ),
}  # fmt: skip
"""Pieces that texts are put together of, and texts that differ by one word of the code."""
ERRORS: Final = {name for name in vars(errors) if isinstance(getattr(errors, name), type)}

LETTERS: Final = re.compile("[a-z]{3}")
ENTRY: Final = re.compile(r"""^  (\w+):\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'),$""", re.MULTILINE)


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """The texts by code, blanks as they stand."""
    text = (CATALOGUES / f"{language}.ts").read_text("utf-8")
    found = re.findall(
        r'^  (\w+):\s+("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'),$', text, re.MULTILINE
    )
    return {code: _string(told) for code, told in found}


def _string(told: str) -> str:
    return str(json.loads(told)) if told.startswith('"') else told[1:-1]


def bare(text: str) -> str:
    return re.sub(r"\{\{\w+\}\}", "{}", text)


Names = dict[str, ast.expr]


def texts(node: ast.expr | None, names: Names) -> list[str]:
    """What an expression may read, with `{}` for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        parts = [
            _filled(part, names) if isinstance(part, ast.FormattedValue) else texts(part, names)
            for part in node.values
        ]
        return ["".join(chosen) for chosen in itertools.product(*parts)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = texts(node.left, names), texts(node.right, names)
        return [one + other for one in sides[0] for other in sides[1]]
    if isinstance(node, ast.IfExp):
        return texts(node.body, names) + texts(node.orelse, names)
    if isinstance(node, ast.Name) and node.id in names:
        return texts(names[node.id], {})
    return []


def _filled(part: ast.FormattedValue, names: Names) -> list[str]:
    """A name that is bound to plain texts nearby reads one of them; anything else is a blank."""
    if isinstance(part.value, ast.Name) and part.conversion == -1:
        return texts(names.get(part.value.id), {}) or ["{}"]
    return ["{}"]


class Refusal(NamedTuple):
    """One refusal in the code."""

    where: str
    texts: list[str]
    """What it may read, with what is bound nearby filled in."""
    blank: list[str]
    """The same with every name left blank."""


def refusals() -> Iterator[Refusal]:
    """The refusals that pages show."""
    for path in sorted((ROOT / "hotspring").rglob("*.py")):
        yield from _refusals(path)


def _refusals(path: Path) -> Iterator[Refusal]:
    parts = path.relative_to(ROOT / "hotspring").parts
    room = parts[-1] if parts[-1] in AT_START else parts[0]
    tree = ast.parse(path.read_text("utf-8"))
    for scope, around in _scopes(tree):
        for node in ast.walk(scope):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            kind = getattr(node.exc.func, "id", "")
            if kind in ERRORS and node.exc.args and _shown(room, kind):
                told = node.exc.args[-1]
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield Refusal(where, texts(told, around), texts(told, {}))


def _shown(room: str, kind: str) -> bool:
    """Is it read on a page?"""
    if kind in OWN_WORDS or kind in TERMINAL:
        return False
    return room not in AT_START or (room == "store" and kind in ("Conflict", "NotFound"))


def _scopes(tree: ast.Module) -> Iterator[tuple[ast.AST, Names]]:
    """Functions with the names bound to plain texts in them and around them."""
    outer = _bound(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, {**outer, **_bound(list(ast.walk(node)))}


def _bound(nodes: list[ast.AST] | list[ast.stmt]) -> Names:
    found: Names = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant | ast.IfExp):
            found[target.id] = value
    return found


def test_every_refusal_can_be_said_in_both_languages() -> None:
    known = {bare(text) for text in catalogue("en").values()}
    found = list(refusals())
    assert len(found) > 150, "the refusals of the code are not found any more"
    missing = [
        f"{one.where}: {one.texts}" for one in found
        if not any(all(text in known or not LETTERS.search(text) for text in form)
                   for form in (one.texts, one.blank))
    ]  # fmt: skip
    assert missing == [], "say it in ui/src/refusals, in en.ts word for word, in zh.ts in Chinese"


def test_the_reasons_of_refused_events_can_be_said_in_both_languages() -> None:
    known = set(catalogue("en").values())
    assert [reason for reason in Reason if reason.description not in known] == []


def test_why_an_identifier_is_refused_can_be_said_in_both_languages() -> None:
    known = set(catalogue("en").values())
    assert [problem for problem in Problem if problem.value not in known] == []


def test_what_a_doctor_finds_can_be_said_in_both_languages() -> None:
    tree = ast.parse((ROOT / "hotspring/pool/check.py").read_text("utf-8"))
    known = {bare(text) for text in catalogue("en").values()}
    told: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            told.update(text for part in node.value.elts for text in texts(part, {}))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "advice":
            told.update(texts(node.value, {}))
    assert len(told) > 20
    assert {text for text in told if LETTERS.search(text)} - known - {"chmod go= {}"} == set()
    looks = {
        str(key.value)
        for node in ast.walk(tree) if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Lambda)
    }  # fmt: skip
    words = (ROOT / "ui/src/settings/en-more.ts").read_text("utf-8")
    checks = words[words.index("checks: {") :]
    assert {name for name in looks if f"{name}:" not in checks[: checks.index("}")]} == set()


def test_the_reasons_of_rejected_rows_are_known_to_the_pages() -> None:
    words = (ROOT / "ui/src/imports/en-more.ts").read_text("utf-8")
    told = set(re.findall(r"^    (\w+):", words[words.index("  reasons: {") :], re.MULTILINE))
    assert {reason.replace(" ", "_") for reason in REASONS} == told


def test_both_languages_have_the_same_refusals() -> None:
    assert list(catalogue("en")) == list(catalogue("zh"))
    size = (CATALOGUES / "en.ts").read_text("utf-8").count("\n  ")
    assert size >= len(catalogue("en")) > 200, "not every line of the catalogue is read"


def test_nothing_is_translated_that_nobody_says() -> None:
    said = NESTED | {reason.description for reason in Reason}
    for path in sorted((ROOT / "hotspring").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for scope, around in ((tree, {}), *_scopes(tree)):
            for node in ast.walk(scope):
                if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.IfExp):
                    said.update(texts(node, around))
    stale = [
        code for code, text in catalogue("en").items()
        if not code.startswith(("shape_", "breach_"))
        # What comes before another text may be written by itself.
        and not {bare(text), bare(text).removesuffix("{}")} & said
    ]  # fmt: skip
    assert stale == []


class Filled(BaseModel, extra="forbid"):
    """A request that can be filled in wrongly in every way."""

    share: float = Field(gt=0)
    least: float = Field(ge=1)
    below: float = Field(lt=1)
    most: float = Field(le=1)
    whole: int
    word: Literal["zh", "en"]
    one: str = Field(min_length=1, max_length=1)
    more: str = Field(min_length=2, max_length=3)
    letters: str = Field(pattern="^a+$")
    truth: bool
    several: list[int]
    body: dict[str, int]


WRONG: Final[tuple[dict[str, Any], ...]] = (
    {"share": 0, "least": 0, "below": 2, "most": 2, "whole": "x", "word": "fr", "one": "",
     "more": "a", "letters": "b", "truth": "perhaps", "several": 1, "body": 1, "strange": 1},
    {"share": "x", "whole": [], "one": "ab", "more": "abcd", "letters": 1},
    {"share": [], "truth": []},
)  # fmt: skip


def test_what_is_wrong_with_a_request_can_be_said_in_both_languages() -> None:
    said = {"JSON decode error"}
    for body in WRONG:
        with pytest.raises(ValidationError) as wrong:
            Filled.model_validate(body)
        said |= {one["msg"] for one in wrong.value.errors()}
    assert unmatched("shape_", said) == (set(), set())


PLANNED: Final = {
    "type": "object",
    "required": ["total"],
    "additionalProperties": False,
    "properties": {
        "total": {"type": "number", "minimum": 1, "maximum": 5, "multipleOf": 2},
        "net": {"exclusiveMinimum": 0, "exclusiveMaximum": 9},
        "one": {"minLength": 1, "maxLength": 1},
        "text": {"type": ["string", "null"], "minLength": 2, "maxLength": 3, "pattern": "^a"},
        "word": {"enum": ["a", "b"]},
        "same": {"const": 1},
        "day": {"format": "date"},
        "few": {"minItems": 1, "maxItems": 1},
        "many": {"minItems": 2, "maxItems": 2, "uniqueItems": True},
    },
}
BROKEN: Final[tuple[dict[str, Any], ...]] = (
    {}, {"total": "x"}, {"total": 0}, {"total": 7}, {"total": 2, "net": 0},
    {"total": 2, "net": 9}, {"total": 2, "one": ""}, {"total": 2, "one": "ab"},
    {"total": 2, "text": 1}, {"total": 2, "text": "b"}, {"total": 2, "text": "abcd"},
    {"total": 2, "word": "c"}, {"total": 2, "same": 2}, {"total": 2, "day": "x"},
    {"total": 2, "few": []}, {"total": 2, "few": [1, 2]}, {"total": 2, "many": [1]},
    {"total": 2, "many": [1, 1, 2]}, {"total": 2, "odd": 1}, {"total": 2, "odd": 1, "more": 1},
)  # fmt: skip


def test_how_a_plan_is_broken_can_be_said_in_both_languages() -> None:
    check = Check(compiled(PLANNED), strict=True, version=3)
    told = [check.detail(properties) for properties in BROKEN]
    assert all(one.startswith("plan 3: ") for one in told)
    said = {
        fault.partition(": ")[2]
        for one in told
        for fault in one.removeprefix("plan 3: ").split("; ")
    }
    said |= {Check(None, strict=True, version=3).detail({}), told[0], "2 more"}
    assert unmatched("breach_", said) == (set(), set())


def unmatched(prefix: str, said: set[str]) -> tuple[set[str], set[str]]:
    """Which texts fit no entry of the catalogue, and which entries no text?"""
    shapes = {
        code: re.compile(".+".join(map(re.escape, bare(text).split("{}"))))
        for code, text in catalogue("en").items()
        if code.startswith(prefix)
    }
    unknown = {msg for msg in said if not any(shape.fullmatch(msg) for shape in shapes.values())}
    unsaid = {code for code, shape in shapes.items() if not any(map(shape.fullmatch, said))}
    return unknown, unsaid


@pytest.mark.parametrize("kind", sorted(OWN_WORDS - {"TooManyTries"}))
def test_refusals_with_a_word_of_their_own_are_known_to_the_pages(kind: str) -> None:
    words = (ROOT / "ui/src/signin/en.ts").read_text("utf-8")
    found = [
        node.args[0].value
        for path in sorted((ROOT / "hotspring/accounts").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == kind
        and isinstance(node.args[0], ast.Constant)
    ]  # fmt: skip
    assert found
    assert [word for word in found if f"{word!s}:" not in words] == []
