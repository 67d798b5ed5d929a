"""The page of the audit log names every action there is."""

from __future__ import annotations

import re
from typing import get_args

from hotspring.privacy import audit
from tests.shape.source import ROOT


def test_the_page_of_the_audit_log_knows_every_action() -> None:
    told = (ROOT / "ui/src/audit/actions.ts").read_text("utf-8")
    assert set(re.findall(r"^  (\w+\.\w+)$", told, re.MULTILINE)) == set(get_args(audit.Action))
