"""`hotspring demo`: a server on a folder, and the simulated brand that visits it."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hotspring import durable
from hotspring.demo.brand import Brand
from hotspring.demo.cities import outlets
from hotspring.demo.live import Live
from hotspring.demo.sender import Sender, Sent
from hotspring.demo.spending import costs
from hotspring.errors import HotspringError
from hotspring.settings import read
from hotspring.web import Server

SOURCE: Final = "simulated"
STATE: Final = "demo.json"
TRUTH: Final = "demo-truth.jsonl"
START_SECONDS: Final = 900.0
"""The first start compiles, on a small machine for minutes; a server that ends is seen at once."""
STOP_SECONDS: Final = 12.0


class State(msgspec.Struct):
    """What a demo remembers in its folder, so that it goes on after a stop."""

    seed: int
    first_day: str
    write_key: str
    sent_until_ms: int = 0
    simulated: bool = True


def run(
    folder: Path,
    host: str,
    port: int,
    serve: Callable[[Path, str, int], None],
    seed: int = 7,
    days: int = 60,
    console: Console | None = None,
) -> None:
    """Serve `folder` and let the simulated brand live in it until SIGTERM or SIGINT.

    At the first start `days` of history are sent; a later start goes on where the last stopped.
    `serve` is `hotspring serve` as a function of a module, so that it can run in a process of its
    own. Everything goes through the public HTTP door. Raises `HotspringError` where the server
    ends.
    """
    console = console or Console()
    zone = read(folder).zone
    signal.signal(signal.SIGTERM, _interrupt)
    with (
        suppress(KeyboardInterrupt),
        _told_plainly(),
        _server(folder, host, port, serve) as server,
    ):
        _banner(console, server, folder)
        with httpx.Client(
            base_url=server.url, headers={"authorization": f"Bearer {server.token}"}, timeout=60
        ) as api:
            state = _state(folder, api, zone, seed, days)
            brand = Brand(state.seed, dt.date.fromisoformat(state.first_day), zone)
            sender = Sender(server.url, state.write_key)
            _tell_truth(folder, brand)
            _history(console, folder, state, brand, sender)
            live = Live(brand, sender, state.sent_until_ms)
            watch = _watch(console, api)
            for sent_until in live.go(now_ms, time.sleep):
                state.sent_until_ms = sent_until
                _keep(folder, state)
                next(watch)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise HotspringError(f"the server of the demo fell silent: {error}") from error


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def _history(console: Console, folder: Path, state: State, brand: Brand, sender: Sender) -> None:
    """Send what happened since the last stop, day by day."""
    now = now_ms()
    since = state.sent_until_ms
    # A visit of the evening before may go on after midnight.
    first = max(0, brand.day_of(since) - 1) if since else 0
    today = brand.day_of(now)
    total = Sent()
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("days"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("simulated history", total=today - first + 1)
        for day in range(first, today + 1):
            calls = [call for call in brand.day(day) if since < call[0] <= now]
            total = total.plus(sender.send(calls))
            state.sent_until_ms = max(since, min(now, brand.start_ms(day + 1) - 1))
            _keep(folder, state)
            progress.advance(task)
    state.sent_until_ms = now
    _keep(folder, state)
    if total.accepted:
        console.print(f"{total.accepted:,} simulated events sent, {total.refused:,} refused")


def _watch(console: Console, api: httpx.Client) -> Iterator[None]:
    """A line about the pool now and then: every minute, on a terminal every ten seconds."""
    every = 10.0 if console.is_terminal else 60.0
    due = time.monotonic() + 2
    while True:
        yield
        if time.monotonic() >= due:
            due = time.monotonic() + every
            told = api.get("/api/temperature").raise_for_status().json()
            status = api.get("/api/status").raise_for_status().json()
            bands = "  ".join(f"{name} {told['bands'][name]:,}" for name in told["bands"])
            at = dt.datetime.now().strftime("%H:%M:%S")
            console.print(
                f"{at}  {status['events']:,} events  {bands}  refused {status['quarantined']:,}",
                soft_wrap=True,
            )


@contextmanager
def _server(
    folder: Path, host: str, port: int, serve: Callable[[Path, str, int], None]
) -> Iterator[Server]:
    """A `hotspring serve` in a process of its own, ready when this yields."""
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(serve, folder, host, port), name="hotspring serve"
    )
    process.start()
    try:
        yield _ready(process, folder / "run" / "server.json")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        process.terminate()
        process.join(STOP_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()


def _serve(serve: Callable[[Path, str, int], None], folder: Path, host: str, port: int) -> None:
    # A key press reaches the whole group; in a session of its own the server ends when told to.
    os.setsid()
    serve(folder, host, port)


def _ready(process: Any, path: Path) -> Server:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if not process.is_alive():
            raise HotspringError("the server of the demo ended; is the address or folder in use?")
        with suppress(OSError, msgspec.DecodeError):
            server = msgspec.json.decode(path.read_bytes(), type=Server)
            if server.pid == process.pid:
                return server
        time.sleep(0.05)
    raise HotspringError(f"the server did not become ready within {START_SECONDS:.0f} seconds")


def _state(folder: Path, api: httpx.Client, zone: zoneinfo.ZoneInfo, seed: int, days: int) -> State:
    """How far is the demo of this folder? A new one gets source, shops, costs and first day."""
    path = folder / STATE
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=State)
    answer = api.post("/api/sources", json={"name": SOURCE})
    if answer.status_code != 201:
        raise HotspringError(f"the folder has a source {SOURCE!r} but no {STATE}: use a new folder")
    api.post("/api/outlets", json={"outlets": outlets(seed)}).raise_for_status()
    first = dt.datetime.now(zone).date() - dt.timedelta(days=days)
    paid = {"costs": costs(seed, first, days + 1)}
    api.post("/api/costs", json=paid).raise_for_status()
    state = State(seed, first.isoformat(), answer.json()["write_key"])
    _keep(folder, state)
    return state


def _keep(folder: Path, state: State) -> None:
    durable.put(folder / STATE, msgspec.json.encode(state), lasting=False)


def _tell_truth(folder: Path, brand: Brand) -> None:
    """Write who really leaves and who really influences whom, for those who judge models."""
    lines = brand.truth(brand.day_of(now_ms()))
    body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    durable.put(folder / TRUTH, body, lasting=False)


def _banner(console: Console, server: Server, folder: Path) -> None:
    console.rule("[bold]SIMULATED DATA · 模拟数据")
    console.print(
        f"A simulated tea brand lives on {server.url} (folder {folder}). All people and orders are "
        "made up.\n\n"
        "Look at it from a second terminal (add .venv/bin/ in front of hotspring after `make`):\n"
        f"  hotspring status --data {folder}\n"
        f"  hotspring profile user_id:sim-000001 --data {folder}\n"
        f"  hotspring map --level city --lang en --data {folder}\n"
        f"  hotspring outlet analysis --data {folder}\n\n"
        "Import a file of your own into a pool of your own:\n"
        "  hotspring import orders.xlsx --preset orders --data mypool --dry-run\n\n"
        "Ctrl-C ends the demo; `hotspring demo` goes on with it.",
        highlight=False,
        soft_wrap=True,
    )
    console.rule()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
