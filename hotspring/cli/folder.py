"""`rebuild` and `doctor`: the folder itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from hotspring.cli import show
from hotspring.cli.client import connected
from hotspring.cli.options import Data, Json
from hotspring.errors import HotspringError
from hotspring.settings import data_folder


def _closed(error: Exception) -> dict[str, Any]:
    advice = "mend what the message names, then look again"
    return {"check": "open", "ok": False, "detail": str(error), "advice": advice}


def _files_of(folder: Path) -> list[dict[str, Any]]:
    """What can be seen of a folder that does not open."""
    from hotspring.pool import examine

    return examine(folder) if (folder / "operations.db").exists() else []


def rebuild(data: Data = None, as_json: Json = False) -> None:
    """Build the state anew from what is recorded, and compare."""
    with connected(data_folder(data)) as client:
        done = client.post("/api/rebuild")
    if as_json:
        show.document(done)
    else:
        verdict = "the same as before" if done.get("same") else "[red]not the same as before[/]"
        out = show.console()
        out.print(f"{show.number(done['events'])} events in {done['seconds']:.1f} s: {verdict}")


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Look whether the folder is sound, and say what to do."""
    folder = data_folder(data)
    try:
        with connected(folder) as client:
            findings = client.get("/api/doctor")["items"]
    except (HotspringError, OSError) as error:
        findings = [_closed(error), *_files_of(folder)]
    ok = all(finding["ok"] for finding in findings)
    if as_json:
        show.document({"ok": ok, "findings": findings})
    else:
        rows = [
            (
                "[green]ok[/]" if finding["ok"] else "[red]not ok[/]",
                finding["check"],
                show.plain(finding["detail"]),
                show.plain(finding["advice"]),
            )
            for finding in findings
        ]
        show.console().print(show.listing(("", "check", "found", "what to do"), rows))
    if not ok:
        raise typer.Exit(1)
