"""Work that is slow by intent: a few at a time, beside the event loop and its threads."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from hotspring.errors import TooManyTries

AT_ONCE: Final = 2
"""Each hash of a password takes 64 MiB and a whole core."""
WAITING: Final = 32
"""More than come from people: who comes now would wait for seconds."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Slow:
    """Hashes passwords for all requests of one application."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._under_way = 0

    async def __call__(
        self, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """What `work` gives; raises `TooManyTries` where too many wait already."""
        if self._under_way >= WAITING:
            raise TooManyTries(1)
        self._under_way += 1
        try:
            call = functools.partial(work, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        finally:
            self._under_way -= 1
