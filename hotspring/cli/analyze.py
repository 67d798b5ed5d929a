"""`analyze`: what the events of many come to, by the analyses that are there."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hotspring.cli import show
from hotspring.cli.client import Client, connected
from hotspring.cli.options import Data, Json
from hotspring.errors import BadRequest
from hotspring.settings import data_folder

PAUSE = 0.2
WIDE = 14
"""Letters of a column."""
Params = Annotated[
    Path | None,
    typer.Option("--params", metavar="FILE", help="Parameters as JSON; - reads them from stdin."),
]
Param = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="One parameter; JSON, else text."),
]


def analyze(
    name: Annotated[
        str | None, typer.Argument(help="Of the analysis; without it all are listed.")
    ] = None,
    params: Params = None,
    param: Param = None,
    engine: Annotated[
        str | None,
        typer.Option("--sql", metavar="duckdb|spark", help="The question for an engine instead."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """What the events of many come to: funnel, retention and all else that is there."""
    asked = _given(params, param or [])
    if engine is not None and (name is None or engine not in VIEWS):
        raise typer.BadParameter("an analysis, for duckdb or spark", param_hint="--sql")
    with connected(data_folder(data)) as client:
        if name is None:
            _all(client.get("/api/analytics"), as_json)
        elif engine is not None:
            found = client.post(f"/api/analytics/{name}/sql?engine={engine}", asked)
            show.document(found) if as_json else _script(found, data_folder(data))
        else:
            told(client, name, asked, as_json)


def told(client: Client, name: str, asked: dict[str, Any], as_json: bool) -> None:
    """Ask an analysis, wait for its answer, and show it."""
    found = _answered(client, client.post(f"/api/analytics/{name}", asked))
    if as_json:
        show.document(found)
        return
    listed = client.get("/api/analytics")["items"]
    (words,) = (one["words"] for one in listed if one["name"] == name)
    _shown(found, words)


def _script(found: dict[str, Any], folder: Path) -> None:
    """The question as statements that run as they stand, with owners in a file beside."""
    if not found["files"]:
        raise BadRequest("no block of events is sealed yet; ask without --sql")
    files = [str((folder / file).resolve()) for file in found["files"]]
    columns = ", ".join(found["relations"]["events"])
    read = VIEWS[found["engine"]]
    views = {"events": read(columns, files), "owners": read("*", [OWNERS])}
    # No semicolon: some part a script at each.
    print(f"-- {found['name']}: {found['table']}, of {len(files)} blocks of events")
    print(f"-- {found['waiting']} events wait to be sealed, owners: hotspring export owners")
    for view, text in views.items():
        print(f"CREATE OR REPLACE TEMPORARY VIEW {view} AS {text};")
    print(f"{found['sql']};")


def _of_duckdb(columns: str, files: list[str]) -> str:
    told = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"SELECT {columns} FROM read_parquet([{told}])"


def _of_spark(columns: str, files: list[str]) -> str:
    told = ("`" + file.replace("`", "``") + "`" for file in files)
    return " UNION ALL ".join(f"SELECT {columns} FROM parquet.{file}" for file in told)


OWNERS: Final = "owners.parquet"
VIEWS: Final = {"duckdb": _of_duckdb, "spark": _of_spark}
"""How each engine reads columns of files."""


def _given(file: Path | None, pairs: list[str]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if file is not None:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        try:
            asked = json.loads(text)
        except ValueError as error:
            raise BadRequest(f"{file} is no JSON: {error}") from error
        if not isinstance(asked, dict):
            raise BadRequest(f"{file} holds no object of parameters")
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark:
            raise BadRequest(f"write a parameter as NAME=VALUE, not {pair!r}")
        try:
            asked[name] = json.loads(value)
        except ValueError:
            asked[name] = value
    return asked


def _answered(client: Client, found: dict[str, Any]) -> dict[str, Any]:
    """The answer; waits for its run."""
    while "tables" not in found:
        if found["state"] in ("failed", "cancelled"):
            raise BadRequest(found["error"] or "the analysis was cancelled")
        if found.get("answer"):
            answer: dict[str, Any] = found["answer"]
            return answer
        time.sleep(PAUSE)
        found = client.get(f"/api/analytics/runs/{found['id']}")
    return found


def _all(listed: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(listed)
        return
    rows = [(one["name"], one["words"]["about"]["en"]) for one in listed["items"]]
    show.console().print(show.listing(("analysis", "what it tells"), rows))


def _shown(found: dict[str, Any], words: dict[str, Any]) -> None:
    out = show.console()
    for table in found["tables"]:
        heads = [words["columns"][column["name"]]["en"] for column in table["columns"]]
        rows = [
            [
                _called(words, column, value) or _cell(value, column["kind"])
                for value, column in zip(row, table["columns"], strict=True)
            ]
            for row in table["rows"]
        ]
        out.print(words["tables"][table["name"]]["en"])
        # Wider than the terminal rather than cut to pieces.
        out.width = max(out.width, WIDE * len(heads))
        out.print(show.listing(heads, rows))
    told = {
        name: _figure(words, words["figures"][name][0], value)
        for name, value in found["figures"].items()
    }
    sentence = words["sentences"][found["sentence"]]["en"].format_map(told)
    show.notes().print(
        f"{sentence} {found['from']} to {found['until']} ({found['timezone']}); "
        f"{show.moment(found['as_of'])}"
    )


def _called(words: dict[str, Any], column: dict[str, Any], value: Any) -> str | None:
    """What a word is called, and null where it stands for more than none."""
    if value is None:
        said = words["none"].get(column["name"])
    else:
        said = words["values"].get(str(value)) if column["kind"] == "word" else None
    return str(said["en"]) if said else None


def _figure(words: dict[str, Any], kind: str, value: Any) -> str:
    named = words["values"].get(str(value)) if kind == "word" else None
    return str(named["en"]) if named else _cell(value, kind)


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return "-"
    if kind == "share":
        return f"{value:.1%}"
    if kind == "duration":
        return _duration(value)
    if kind == "moment":
        return show.moment(dt.datetime.fromtimestamp(value / 1_000, dt.UTC).isoformat()[:19])
    if isinstance(value, int | float):
        return show.number(value)
    return show.plain(value)


def _duration(ms: float) -> str:
    for unit, length in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000)):
        if ms >= length:
            return f"{ms / length:.1f} {unit}"
    return f"{ms / 1000:.1f} s"
