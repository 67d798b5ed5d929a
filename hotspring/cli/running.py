"""`serve`, `demo` and `bench`: what runs for long."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotspring.cli import show
from hotspring.cli.options import ConfigFile, Data, DemoData, Json, Set
from hotspring.errors import FolderError
from hotspring.settings import Configuration, configured, data_folder, given

if TYPE_CHECKING:
    from hotspring.app import App

benches = typer.Typer(no_args_is_help=True, help="Measure this machine.")

Host = Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine only.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free one.")]


def api_of(app: App, token: str, origins: Mapping[str, str] | None = None) -> Any:
    """The application that answers for an open pool."""
    from hotspring.web import create_api

    return create_api(
        app.pool,
        app.operations,
        settings=app.settings,
        origins=origins,
        uploads=app.folder / "imports",
        local_token=token,
        door=app.folder / "run" / "door-metrics",
        ready=app.pool.ready,
    )


def serve_pool(
    folder: Path,
    host: str,
    port: int,
    tell: Callable[[str, str], None] | None = None,
    configuration: Configuration | None = None,
) -> None:
    """Serve the pool in `folder` until told to end."""
    from hotspring.web import run, set_up_logs

    set_up_logs("info")
    told = configuration or configured(folder)
    api = partial(api_of, origins=told.origins)
    run(folder, host, port, told.settings, api, *(() if tell is None else (tell,)))


def serve(
    data: Data = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    file: ConfigFile = None,
    words: Set = None,
    as_json: Json = False,
) -> None:
    """Take events in and answer questions, until told to end."""

    def document(line: str, welcome: str) -> None:
        print(json.dumps({"ready": True, "line": line, "welcome": welcome or None}), flush=True)

    folder = data_folder(data)
    configuration = configured(folder, given(words or ()), file)
    serve_pool(folder, host, port, document if as_json else None, configuration)


def demo(
    data: DemoData = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    seed: Annotated[int, typer.Option(help="The same seed, the same brand.")] = 7,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days of history.")] = 60,
    as_json: Json = False,
) -> None:
    """A simulated brand that lives on a real server, until told to end."""
    from hotspring.demo import run

    folder = data_folder(data, "demo-data")
    if (folder / "journal").exists() and not (folder / "demo.json").exists():
        raise FolderError(f"{folder} holds a pool of real people; name a new folder with --data")
    console = show.notes() if as_json else show.console()
    if as_json:
        show.document({"data": str(folder), "host": host, "port": port, "simulated": True})
    # The line of the server would stand beside the document.
    run(folder, host, port, _serve_quietly if as_json else serve_pool, seed, days, console)


def _serve_quietly(folder: Path, host: str, port: int) -> None:
    def aside(line: str, welcome: str) -> None:
        first = f"first sign-in, once, within 24 hours: {welcome}" if welcome else ""
        print(line, first, sep="\n", file=sys.stderr, flush=True)

    serve_pool(folder, host, port, aside)


@benches.command("ingest")
def bench_ingest(
    profiles: Annotated[int, typer.Option(min=1, help="People in the pool.")] = 1_000_000,
    seconds: Annotated[float, typer.Option(min=1, help="Length of each phase.")] = 60.0,
    rate: Annotated[
        float, typer.Option(min=0, help="Events a second; 0 for half of full speed.")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """How many events a second does this machine take in, durably, and apply?"""
    from hotspring.bench import ingest

    _shown(ingest(profiles, seconds, rate, _remark), as_json)


@benches.command("dedupe")
def bench_dedupe(
    ids: Annotated[int, typer.Option(min=10_000, help="Ids in the window.")] = 100_000_000,
    as_json: Json = False,
) -> None:
    """How much memory and time does it take to know so many ids again, exactly?"""
    from hotspring.bench import dedupe

    _shown(dedupe(ids, _remark), as_json)


@benches.command("start")
def bench_start(
    profiles: Annotated[int, typer.Option(min=1, help="People in the pool.")] = 5_000_000,
    events: Annotated[int, typer.Option(min=1, help="Events in the pool.")] = 50_000_000,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Kept and used again; else made for this run."),
    ] = None,
    as_json: Json = False,
) -> None:
    """How long until a pool with a long past is ready, and how much memory does it take?"""
    from hotspring.bench import start

    _shown(start(profiles, events, folder, _remark), as_json)


@benches.command("profile")
def bench_profile(
    profiles: Annotated[int, typer.Option(min=1, help="People in the pool.")] = 1_000_000,
    seconds: Annotated[float, typer.Option(min=1, help="Length of each phase.")] = 60.0,
    rate: Annotated[
        float, typer.Option(min=0, help="Events a second; 0 for half of full speed.")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """How long does a profile take to read while events come in?"""
    from hotspring.bench import profile

    _shown(profile(profiles, seconds, rate, tell=_remark), as_json)


@benches.command("map")
def bench_map(
    profiles: Annotated[int, typer.Option(min=1_000, help="Located profiles.")] = 5_000_000,
    events: Annotated[
        int, typer.Option(min=0, help="Events in the pool; 0 for two of each profile.")
    ] = 0,
    rounds: Annotated[int, typer.Option(min=2, help="Answers to each view.")] = 20,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Kept and used again; else made for this run."),
    ] = None,
    as_json: Json = False,
) -> None:
    """How long do views of the map of so many profiles take over HTTP, and its live frames?"""
    from hotspring.bench import heatmap

    report = heatmap(profiles, events or 2 * profiles, rounds, folder, _remark)
    if not as_json:
        for name, view in report.pop("views").items():
            told = (show.number(view[figure]) for figure in ("p50_ms", "p95_ms", "kb"))
            report[name] = "p50 {} ms, p95 {} ms, {} kB".format(*told)
    _shown(report, as_json)


@benches.command("soak")
def bench_soak(
    seconds: Annotated[float, typer.Option(min=10, help="Length of the run.")] = 600.0,
    rate: Annotated[float, typer.Option(min=100, help="Events a second.")] = 50_000.0,
    profiles: Annotated[int, typer.Option(min=1, help="People in the pool.")] = 1_000_000,
    as_json: Json = False,
) -> None:
    """Hours of operation in minutes: do memory, lag and files stay as they are?"""
    from hotspring.bench import soak

    report = soak(seconds, rate, profiles, _remark)
    if not as_json:
        del report["samples"]
    _shown(report, as_json)


def _remark(line: str) -> None:
    show.notes().print(line, style="dim")


def _shown(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show.document(report)
        return
    rows = [
        (name.replace("_", " "), show.number(value) if type(value) in (int, float) else str(value))
        for name, value in report.items()
    ]
    show.console().print(show.pairs(rows))


@benches.callback()
def bench() -> None:
    """Measure this machine."""
