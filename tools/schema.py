"""Writes ui/src/api/schema.ts, the types of the API in the browser, from the API itself."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tools.reference import ROOT, openapi

UI: Final = ROOT / "ui"
FILE: Final = UI / "src/api/schema.ts"
MARK: Final = "// Written by `python -m tools.schema` from the API whose hash is "


def document() -> str:
    """What the API says of itself, in one form."""
    told = openapi()
    # A new version of the package changes no type.
    told["info"].pop("version")
    # Errors are one kind, read in one place: they need no types at each operation.
    for methods in told["paths"].values():
        for operation in methods.values():
            for status in [one for one in operation["responses"] if not one.startswith("2")]:
                del operation["responses"][status]
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def mark() -> str:
    """The first line of the types of this API."""
    return MARK + hashlib.sha256(document().encode()).hexdigest()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        source.write_text(document(), "utf-8")
        words = [UI / "node_modules/.bin/openapi-typescript", source, "--output", target]
        subprocess.run(words, check=True, cwd=UI, capture_output=True)
        FILE.write_text(f"{mark()}\n{target.read_text('utf-8')}", "utf-8")


if __name__ == "__main__":
    main()
