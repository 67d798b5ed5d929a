"""The process of the public door: `serve` starts it and tells it, on standard input, what to do."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Final

import msgspec
import uvicorn
import uvloop

from hotspring.collect import Judge
from hotspring.geo import Atlas
from hotspring.journal import GroupCommit, Journal
from hotspring.settings import Settings
from hotspring.store import Operations
from hotspring.web.answers import Receive, Scope, Send
from hotspring.web.barred import Barred
from hotspring.web.door import Door, rehearse
from hotspring.web.gate import Gate, Limit
from hotspring.web.logs import set_up_logs
from hotspring.web.meter import FILE, Meter, Timed, tell
from hotspring.web.plans import PlanWatch
from hotspring.web.position import Position
from hotspring.web.proxy import Proxy
from hotspring.web.salt import FILE as SALT
from hotspring.web.salt import Salt
from hotspring.web.sources import Sources

DRAIN_SECONDS: Final = 3
"""Requests under way have this long to end once the door is told to close."""

KEEP_ALIVE_SECONDS: Final = 75
"""Longer than the proxies in front keep theirs, so that it is they who close."""
SWITCH_SECONDS: Final = 0.0005
"""The thread that writes the journal asks for the interpreter several times a commit, and each time
may wait as long as this for the thread that reads requests."""
GARBAGE: Final = 4_000
"""Objects made before the collector looks for cycles. Requests leave some behind, events none: with
many more it would stop all for a tenth of a second, with fewer look at living requests again."""


class Order(msgspec.Struct, frozen=True):
    """What the owner tells the door when it starts it."""

    folder: str
    listener: int
    """File descriptor of the listening socket."""
    owner: str
    """Path of the owner's own socket."""
    position: str
    """Path of the file that tells how far the pipeline is."""
    settings: Settings


class Quiet(uvicorn.Server):
    """A server that leaves signals to the process it runs in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def opened(order: Order) -> AsyncIterator[Door]:
    """A door with everything it needs; at the end, what was taken in is written."""
    settings, folder = order.settings, Path(order.folder)
    atlas = Atlas(settings.outlines_file, settings.region_file)
    atlas.load()
    judge = Judge(settings, atlas)
    rehearse(judge)
    meter, told = Meter(), Path(order.position).with_name(FILE)
    with contextlib.ExitStack() as stack:
        stack.callback(told.unlink, missing_ok=True)
        operations = stack.enter_context(contextlib.closing(Operations(folder)))
        journal = stack.enter_context(Journal(folder, settings.journal_megabytes << 20))
        position = stack.enter_context(contextlib.closing(Position(Path(order.position))))
        async with contextlib.AsyncExitStack() as later:
            group = await later.enter_async_context(GroupCommit(Timed(journal, meter)))
            gate = Gate(position, time.monotonic)
            watch = asyncio.ensure_future(gate.watch())
            later.callback(watch.cancel)
            telling = asyncio.ensure_future(
                tell(told, meter, lambda: (gate.lag, group.waiting_bytes))
            )
            later.callback(telling.cancel)
            salt = Salt(Path(order.position).with_name(SALT), settings.zone, _now_ms)
            salt.today()
            salting = asyncio.ensure_future(salt.keep())
            later.callback(salting.cancel)
            judge = Judge(settings, atlas, salt.today)
            plans = PlanWatch(Path(order.position).parent, judge.follow)
            plans.look()
            following = asyncio.ensure_future(plans.watch())
            later.callback(following.cancel)
            proxy = Proxy(order.owner, settings.trust_forwarded_for)
            later.push_async_callback(proxy.close)
            yield Door(
                settings,
                judge,
                Sources(operations.sources, operations.version, time.monotonic),
                group,
                gate,
                Limit(settings.requests_per_second, time.monotonic),
                proxy,
                _now_ms,
                Barred(folder, settings, judge, time.monotonic),
                meter,
            )


async def run(order: Order, owner: IO[bytes]) -> None:
    """Serve until SIGTERM, or until the owner, at the other end of the pipe `owner`, is gone."""
    async with opened(order) as door:

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await door(scope, receive, send)

        server = Quiet(
            uvicorn.Config(
                app,
                http="httptools",
                lifespan="off",
                access_log=False,
                log_config=None,
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=DRAIN_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        loop = asyncio.get_running_loop()

        def close() -> None:
            server.should_exit = True

        def owner_gone() -> None:
            if not owner.read(1):
                server.should_exit = server.force_exit = True

        loop.add_signal_handler(signal.SIGTERM, close)
        loop.add_reader(owner.fileno(), owner_gone)
        # What was made until now lives as long as the process: no collection need look at it.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE, 20, 100)
        sys.setswitchinterval(SWITCH_SECONDS)
        try:
            await server.serve([socket.socket(fileno=order.listener)])
        finally:
            loop.remove_reader(owner.fileno())


def main() -> None:
    """Read the order from standard input and follow it."""
    set_up_logs("warning")
    # What a terminal sends to those in front, the owner hears, and tells the door. A session of its
    # own would do as well, but Linux weighs threads of different urgency within a session only: the
    # owner's keeper would go on an equal footing with the door.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (
        os.fdopen(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as owner,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(run(msgspec.json.decode(owner.readline(), type=Order), owner))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    main()
