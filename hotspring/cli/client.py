"""Asks the API of a folder: that of the server which owns it, else one opened here for a moment."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import httpx
import msgspec

from hotspring.errors import FolderError, FolderInUse, HotspringError
from hotspring.settings import configured

if TYPE_CHECKING:
    from hotspring.app import App

START_SECONDS: Final = 30.0
BUSY_SECONDS: Final = 10.0
WAIT_SECONDS: Final = 10.0
"""How long a command waits while another process owns the folder and does not answer."""
HERE: Final = "http://hotspring"
"""Stands for the folder that is opened here."""
ADDRESS_FILE: Final = Path("run") / "server.json"


class Address(msgspec.Struct, frozen=True):
    """Where the server of a folder answers, and the token that lets its owner in."""

    url: str
    token: str


class Client:
    """Requests to one API. Problems are raised as `HotspringError` with their detail."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @property
    def address(self) -> str:
        """Where the server answers that runs on the folder; empty where none does."""
        told = str(self._http.base_url).rstrip("/")
        return "" if told == HERE else told

    def get(self, path: str, **params: Any) -> Any:
        return self._asked("GET", path, params=_given(params))

    def listed(self, path: str, count: int, page: int, **params: Any) -> list[dict[str, Any]]:
        """The first `count` of what is listed at `path`, asked for in pages of up to `page`."""
        found: list[dict[str, Any]] = []
        cursor = None
        while len(found) < count:
            part = self.get(path, limit=min(page, count - len(found)), cursor=cursor, **params)
            found += part["items"]
            cursor = part["next"]
            if cursor is None:
                break
        return found

    def post(self, path: str, body: Any = None, **params: Any) -> Any:
        # Without any, what the path itself asks stays as it is.
        return self._asked("POST", path, params=_given(params) or None, json=body)

    def patch(self, path: str, body: Any) -> Any:
        return self._asked("PATCH", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._asked("PUT", path, json=body)

    def delete(self, path: str) -> None:
        self._asked("DELETE", path)

    def upload(self, path: str, file: Iterator[bytes], **params: Any) -> Any:
        """Send a file as the body, as it is read."""
        return self._asked("POST", path, params=_given(params), content=file)

    def download(self, path: str, out: BinaryIO, **params: Any) -> None:
        """Write the answer to `out`, as it comes."""
        with self._told(), self._http.stream("GET", path, params=_given(params)) as answer:
            if answer.is_error:
                answer.read()
                _raise(answer)
            out.writelines(answer.iter_bytes())

    def _asked(self, method: str, path: str, **kwargs: Any) -> Any:
        with self._told():
            answer = self._http.request(method, path, **kwargs)
        if answer.is_error:
            _raise(answer)
        return answer.json() if answer.content else None

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise HotspringError(f"the server broke off: {type(error).__name__}") from error


@contextlib.contextmanager
def connected(
    folder: Path, *, records_only: bool = False, create: bool = False
) -> Iterator[Client]:
    """A client of the API of `folder`, through its server if one runs.

    Without a server the folder is opened here and owned until the end; with `records_only` its
    sources and tokens alone, which needs no ownership. `create` makes a new folder where none is.
    """
    if not create and not (folder / "operations.db").exists():
        raise FolderError(f"there is no pool in {folder}; name its folder with --data")
    with contextlib.ExitStack() as stack:
        yield Client(stack.enter_context(_reached(stack, folder, records_only)))


def _reached(stack: contextlib.ExitStack, folder: Path, records_only: bool) -> httpx.Client:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        address = _running(folder)
        if address is not None:
            return _http(address)
        try:
            return stack.enter_context(_opened(folder, records_only))
        except FolderInUse as error:
            # Its owner may be a server that is about to be ready, or a command about to end.
            if time.monotonic() > end:
                raise FolderInUse(
                    f"{error}; if it is a server that is starting, try again in a minute"
                ) from None
        time.sleep(0.2)


def _running(folder: Path) -> Address | None:
    """Where does a living server of this folder answer?"""
    try:
        address = msgspec.json.decode((folder / ADDRESS_FILE).read_bytes(), type=Address)
        with _http(address) as http:
            http.get("/health/live", timeout=BUSY_SECONDS).raise_for_status()
    except httpx.ReadTimeout:
        # Somebody listens: it is only busy.
        return address
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (msgspec.DecodeError, httpx.HTTPError):
        # A server that was killed leaves its address behind.
        return None
    except PermissionError as error:
        raise HotspringError(
            f"{folder} belongs to another user; send requests to its server with a token"
        ) from error
    return address


def _http(address: Address, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    return httpx.Client(
        base_url=address.url,
        headers={"Authorization": f"Bearer {address.token}"},
        transport=transport,
        timeout=httpx.Timeout(None, connect=10),
        trust_env=False,
    )


@contextlib.contextmanager
def _opened(folder: Path, records_only: bool) -> Iterator[httpx.Client]:
    """The API of this folder on a socket of our own, until the end."""
    from hotspring.store import Operations
    from hotspring.web import create_api, set_up_logs

    set_up_logs("warning")
    told = configured(folder)
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(contextlib.closing(_Late(folder)))
        if not records_only:
            pool.open()
        operations = stack.enter_context(contextlib.closing(Operations(folder)))
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="hotspring-", dir=_short()))
        here = Address(HERE, f"hs_{secrets.token_urlsafe(32)}")
        api = create_api(
            pool,
            operations,
            settings=told.settings,
            origins=told.origins,
            uploads=folder / "imports",
            local_token=here.token,
        )
        path = Path(place) / "api"
        stack.enter_context(_served(api, path))
        yield _http(here, httpx.HTTPTransport(uds=str(path)))


class _Late:
    """A pool that is opened when something is asked of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._app: App | None = None
        self._lock = threading.Lock()

    def open(self) -> App:
        from hotspring.app import open_pool

        with self._lock:
            if self._app is None:
                app = open_pool(self._folder)
                app.start()
                app.catch_up()
                self._app = app
            return self._app

    def close(self) -> None:
        if self._app is not None:
            self._app.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.open().pool, name)


@contextlib.contextmanager
def _served(api: Any, path: Path) -> Iterator[None]:
    import uvicorn

    config = uvicorn.Config(
        api, uds=str(path), http="httptools", access_log=False, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="api", daemon=True)
    thread.start()
    end = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise HotspringError("the folder's API did not start")
        time.sleep(0.002)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _short() -> str | None:
    """A folder for sockets, whose paths must be short."""
    return "/tmp" if len(tempfile.gettempdir()) > 60 else None


def _given(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _raise(answer: httpx.Response) -> None:
    try:
        body = answer.json()
        detail = body.get("detail") or body.get("title") or ""
    except ValueError:
        detail = ""
    raise HotspringError(detail or f"the server answered {answer.status_code}")
