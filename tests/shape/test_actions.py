"""The page of the audit log names every action there is, and every detail."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import get_args

import pytest

from hotspring.pool import Asked
from hotspring.privacy import audit
from tests.shape.source import ROOT, modules, tree


def test_the_page_of_the_audit_log_knows_every_action() -> None:
    told = (ROOT / "ui/src/audit/actions.ts").read_text("utf-8")
    assert set(re.findall(r"^  (\w+\.\w+)$", told, re.MULTILINE)) == set(get_args(audit.Action))


def details() -> Iterator[str]:
    """What calls that write down an action tell beside it, by its name; and a look at the map."""
    yield from set(Asked.__struct_fields__) - {"level", "lang"}
    calls = (node for path in modules() for node in ast.walk(tree(path)))
    for call in calls:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            of = call.func.value
            log = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
            if call.func.attr.startswith("record") and log in ("audit", "_audit"):
                yield from (word.arg for word in call.keywords if word.arg is not None)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_the_audit_log_has_a_word_for_every_detail(language: str) -> None:
    told = (ROOT / f"ui/src/audit/{language}-more.ts").read_text("utf-8")
    block = re.search(r"^  details: \{$(.*?)^  \},$", told, re.MULTILINE | re.DOTALL)
    assert block is not None
    named = set(re.findall(r"^    (\w+):", block[1], re.MULTILINE))
    used = set(details())
    assert {"count", "name", "part"} <= used
    assert used - named == set()
