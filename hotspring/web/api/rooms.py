"""The routes of this API: how a request finds its own, and what every one of them does alike."""

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Scope

from hotspring.web.api.freshness import tagged

UNKNOWN: Final = "there is no such parameter"


class Route(APIRoute):
    """A route that refuses what it does not know, and tags what it answers.

    A plain endpoint runs on a thread, once; what is asked and what is answered is checked on the
    loop: to change threads takes longer, the more so while the pipeline is at work.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        super().__init__(path, _on_a_thread(endpoint), **given)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = frozenset(_query(self.dependant))

        async def handled(request: Request) -> Response:
            unknown = [name for name in request.query_params if name not in known]
            if unknown:
                raise RequestValidationError(
                    [{"loc": ("query", name), "msg": UNKNOWN} for name in dict.fromkeys(unknown)]
                )
            return tagged(request, await handle(request))

        return handled


class Room(APIRouter):
    """The routes of one part: where none begins as a path does, the path is told so at one look."""

    def __init__(self, prefix: str = "", tags: list[Any] | None = None) -> None:
        super().__init__(prefix=prefix, tags=tags, route_class=Route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope.get("path", "").startswith(self._beginnings):
            return Match.NONE, {}
        return super().matches(scope)

    @functools.cached_property
    def _beginnings(self) -> tuple[str, ...]:
        paths = {route.path.partition("{")[0] for route in self.routes if hasattr(route, "path")}
        # What another one begins with need not be looked at itself.
        return tuple(p for p in paths if not any(p != q and p.startswith(q) for q in paths))


def _on_a_thread(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):
        return endpoint

    @functools.wraps(endpoint)
    async def run(**given: Any) -> Any:
        return await run_in_threadpool(endpoint, **given)

    return run


def _query(dependant: Any) -> list[str]:
    """The names of all parameters in the query, those of dependencies too."""
    names = [name for one in dependant.dependencies for name in _query(one)]
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            names += [one.alias or name for name, one in kind.model_fields.items()]
        else:
            names.append(field.alias)
    return names
