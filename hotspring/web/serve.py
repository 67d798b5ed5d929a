"""`hotspring serve`: the owner of the pool, with the public door as its child process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import structlog
import uvicorn
import uvloop

from hotspring import durable
from hotspring.accounts import Members
from hotspring.app import App, open_pool, rehearse
from hotspring.errors import FolderError, HotspringError
from hotspring.geo import shapes
from hotspring.privacy import Audit
from hotspring.settings import Settings
from hotspring.web.door_process import (
    DRAIN_SECONDS,
    KEEP_ALIVE_SECONDS,
    Order,
    Quiet,
)
from hotspring.web.plans import Telling
from hotspring.web.position import Position

log = structlog.get_logger("hotspring")

START_SECONDS: Final = 180.0
PATIENCE: Final = 4.0
STARTING: Final = (
    "Hotspring is starting. The first start after an installation compiles, for about a minute; "
    "a large pool is read and checked."
)
"""Told where it takes longer than PATIENCE seconds."""
TURN_SECONDS: Final = 0.0001
"""An answer needs the interpreter some twenty times, and each time may wait as long as this for the
pipeline to give it up."""
BIND_SECONDS: Final = 3.0
"""The door of a server that was killed may still hold the port for a moment."""
TELL_SECONDS: Final = 0.05
LONGEST_SOCKET_PATH: Final = 90
BACKLOG: Final = 2048


class Server(msgspec.Struct, frozen=True):
    """Where the server of a folder is found: `run/server.json`, readable by its owner only."""

    pid: int
    url: str
    token: str
    """A token of the role admin that is good for this run of the server."""


def say(line: str, welcome: str) -> None:
    """Print that the server is ready, and, where nobody has signed in yet, the link to do so."""
    print(line, flush=True)
    if welcome:
        print(f"First sign-in, once, within 24 hours: {welcome}", flush=True)


def run(
    folder: Path,
    host: str,
    port: int,
    settings: Settings,
    api: Callable[[App, str], Any],
    tell: Callable[[str, str], None] = say,
) -> None:
    """Serve the pool in `folder` until SIGTERM or SIGINT.

    `api` makes the application that answers everything but ingest, from the open pool and the
    local token. `tell` is called once the server is ready, with a line that says so and the link
    for the first sign-in, which is empty where someone has signed in before. Raises `FolderInUse`
    where another server owns the folder, `HotspringError` where the address is taken or one of the
    two processes ended by itself.
    """
    with contextlib.ExitStack() as stack:
        patience = threading.Timer(PATIENCE, print, (STARTING,), {"file": sys.stderr})
        patience.daemon = True
        stack.callback(patience.cancel)
        patience.start()

        def ready(line: str, welcome: str) -> None:
            patience.cancel()
            tell(line, welcome)

        pool = open_pool(folder, settings)
        stack.callback(pool.close)
        _look_at_outlines(folder, settings)
        listener = stack.enter_context(contextlib.closing(_listen(host, port)))
        sockets = stack.enter_context(_private_folder())
        server = _server(listener, host)
        rehearse()
        sys.setswitchinterval(TURN_SECONDS)
        pool.start()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(pool, listener, sockets / "api", server, api, ready))


def _look_at_outlines(folder: Path, settings: Settings) -> None:
    """Say at the start which outlines of the deployer the map does without."""
    for fault in shapes.faults_of(folder, settings.outlines_folder):
        log.error("outlines are left out of the map", reason=fault)


async def _serve(
    pool: App,
    listener: socket.socket,
    path: Path,
    server: Server,
    api: Callable[[App, str], Any],
    tell: Callable[[str, str], None],
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    rooms = pool.folder / "run"
    rooms.mkdir(mode=0o700, exist_ok=True)
    async with contextlib.AsyncExitStack() as stack:
        position = stack.enter_context(contextlib.closing(Position(rooms / "position")))
        position.applied = pool.pipeline.position
        owner = await stack.enter_async_context(_owner(api(pool, server.token), path))
        telling = asyncio.ensure_future(_tell_position(pool, position))
        stack.callback(telling.cancel)
        settled = pool.pipeline.position >= pool.journal.head()
        plans = Telling(rooms, lambda: pool.pipeline.plan, settled)
        plans.tell()
        planning = asyncio.ensure_future(plans.keep())
        stack.callback(planning.cancel)
        order = Order(
            str(pool.folder), listener.fileno(), str(path), str(rooms / "position"), pool.settings
        )
        door = await stack.enter_async_context(_door(order))
        listener.close()
        ended = {
            asyncio.ensure_future(stop.wait()): "",
            asyncio.ensure_future(door.wait()): "the door ended by itself",
            owner: "the owner's API ended by itself",
        }
        stack.callback(lambda: [task.cancel() for task in ended if task is not owner])
        ready = asyncio.ensure_future(_ready(server.url))
        stack.callback(ready.cancel)
        done, _ = await asyncio.wait((*ended, ready), return_when=asyncio.FIRST_COMPLETED)
        if ready in done:
            ready.result()
            stack.enter_context(_announced(rooms / "server.json", server))
            tell(f"Hotspring is ready on {server.url}", _welcome(pool, server.url))
            done, _ = await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            raise HotspringError(next(text for task, text in ended.items() if task in done))


@contextlib.asynccontextmanager
async def _owner(app: Any, path: Path) -> AsyncIterator[asyncio.Task[None]]:
    """Serve the API on its own socket; at the end, let requests under way come to theirs."""
    config = uvicorn.Config(
        app,
        uds=str(path),
        http="httptools",
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips="*",
        server_header=False,
        timeout_graceful_shutdown=1,
        # Longer than the door uses one again: pages ask every five seconds, and a connection that
        # closes just then would answer them 502.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = Quiet(config)
    task = asyncio.ensure_future(server.serve())
    while not server.started and not task.done():
        await asyncio.sleep(0.005)
    try:
        yield task
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def _door(order: Order) -> AsyncIterator[asyncio.subprocess.Process]:
    """The door's process; at the end it stops accepting, answers what it took, and goes."""
    door = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hotspring.web.door_process",
        stdin=asyncio.subprocess.PIPE,
        pass_fds=(order.listener,),
    )  # fmt: skip
    assert door.stdin is not None
    door.stdin.write(msgspec.json.encode(order) + b"\n")
    await door.stdin.drain()
    try:
        yield door
    finally:
        if door.returncode is None:
            door.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(door.wait(), DRAIN_SECONDS + 2)
            except TimeoutError:
                door.kill()
                await door.wait()


def _welcome(pool: App, url: str) -> str:
    """Where does the first administrator of this pool sign in? Empty where one has."""

    def clock() -> int:
        return time.time_ns() // 1_000_000

    with contextlib.suppress(FolderError):  # a full disk: `hotspring user link` tells it later
        secret = Members(pool.operations, Audit(pool.operations, clock), clock).first_link()
        return f"{url}/welcome?link={secret}" if secret else ""
    return ""


async def _tell_position(pool: App, position: Position) -> None:
    while True:
        position.applied = pool.pipeline.position
        await asyncio.sleep(TELL_SECONDS)


async def _ready(url: str) -> None:
    """Return once the server answers, through the door, that it is ready."""
    end = time.monotonic() + START_SECONDS
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/health/ready")).status_code == 200:
                    return
            await asyncio.sleep(0.02)
    raise HotspringError(f"the server did not become ready within {START_SECONDS:.0f} seconds")


@contextlib.contextmanager
def _announced(path: Path, server: Server) -> Iterator[None]:
    """Say where the server is, to those who may read the folder."""
    durable.put(path, msgspec.json.encode(server), lasting=False)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _listen(host: str, port: int) -> socket.socket:
    end = time.monotonic() + BIND_SECONDS
    while True:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            if port == 0 or time.monotonic() > end:
                raise HotspringError(f"cannot listen on {host}:{port}: {error}") from error
        time.sleep(0.1)


def _server(listener: socket.socket, host: str) -> Server:
    port = listener.getsockname()[1]
    reachable = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    shown = f"[{reachable}]" if ":" in reachable else reachable
    return Server(os.getpid(), f"http://{shown}:{port}", f"hs_{secrets.token_urlsafe(32)}")


@contextlib.contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder nobody else may enter, with a path short enough for a socket's name."""
    where = tempfile.gettempdir()
    short = where if len(where) < LONGEST_SOCKET_PATH else "/tmp"
    with tempfile.TemporaryDirectory(prefix="hotspring-", dir=short) as folder:
        yield Path(folder)
