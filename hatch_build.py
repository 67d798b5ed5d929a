"""Builds the pages in `ui/` into the package, when a wheel is made and when make asks for it.

The built pages carry a hash of their sources: they are built anew only where a source changed, and
a source package that holds both needs no Node.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
OLDEST_NODE = 20
APART = {"node_modules", "shots"}
"""Folders in `ui/` that say nothing about what is built."""
MARK = "sources.sha256"


def built(root: Path) -> Path:
    """Where the built pages lie."""
    return root / "hotspring/web/static"


def sources(root: Path) -> Iterator[Path]:
    """Everything the pages are built from, in a fixed order."""
    for path in sorted((root / "ui").rglob("*")):
        if path.is_file() and APART.isdisjoint(path.relative_to(root).parts):
            yield path


def fingerprint(root: Path) -> str:
    """A hash that changes when a source is added, changed, renamed or removed."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build(root: Path) -> bool:
    """Build the pages where they are not those of the sources; was there anything to do?

    Raises `RuntimeError`, which says what to do, where they cannot be built.
    """
    wanted = fingerprint(root)
    mark = built(root) / MARK
    if mark.exists() and mark.read_text("utf-8") == wanted:
        return False
    npm = _npm()
    _install(npm, root / "ui")
    draft = root / "hotspring/web/static.new"
    shutil.rmtree(draft, ignore_errors=True)
    for part in ("build", "build-script", "build-clicks"):
        _run([npm, "run", "--silent", part, "--", "--outDir", str(draft)], root / "ui")
    (draft / MARK).write_text(wanted, "utf-8")
    shutil.rmtree(built(root), ignore_errors=True)
    draft.rename(built(root))
    return True


def _install(npm: str, ui: Path) -> None:
    """Install what the lock file says, where that was not done yet."""
    lock = hashlib.sha256((ui / "package-lock.json").read_bytes()).hexdigest()
    mark = ui / "node_modules" / ".locked"
    if not (mark.exists() and mark.read_text("utf-8") == lock):
        _run([npm, "ci", "--loglevel=error"], ui)
        mark.write_text(lock, "utf-8")


def _npm() -> str:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        found = re.match(r"v(\d+)", told.stdout)
        if found and int(found[1]) >= OLDEST_NODE:
            return npm
    raise RuntimeError(
        f"Hotspring's pages are built with Node {OLDEST_NODE} or later and npm, which are not "
        "here. Install them (https://nodejs.org), or install a released wheel, which needs no Node."
    )


def _run(words: list[str], folder: Path) -> None:
    # Node's output is told only where it failed: a build back end is expected to be quiet.
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise RuntimeError(f"`{' '.join(words)}` failed in {folder}:\n{said}")


def _hook() -> Any:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class Pages(BuildHookInterface[Any]):
        """An editable install runs the pages of the checkout, which `make ui` builds."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            if version != "editable":
                build(Path(self.root))

    return Pages


def get_build_hook() -> Any:
    """What hatchling asks a build script for."""
    return _hook()


if __name__ == "__main__":
    try:
        print("The pages are built." if build(ROOT) else "The pages are as their sources say.")
    except RuntimeError as error:
        sys.exit(str(error))
