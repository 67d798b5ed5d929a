"""What compiles rules is loaded by the first rule that is asked, not by whoever starts."""

from __future__ import annotations

import subprocess
import sys


def test_nobody_who_starts_pays_for_the_compiler() -> None:
    code = (
        "import sys, hotspring.app, hotspring.cli.commands; "
        "print([name for name in ('ibis', 'sqlglot', 'pyspark') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
