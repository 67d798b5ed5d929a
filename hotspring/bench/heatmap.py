"""`hotspring bench map`: how fast does a real server answer what the map of millions asks?"""

from __future__ import annotations

import gzip
import http.client
import json
import statistics
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from hotspring.bench.ingest import Server
from hotspring.bench.past import DAYS, Homes, make_past

DAY_MS: Final = 86_400_000
CHINA: Final = "73,3,136,54"
PROVINCE: Final = "118,27,123,31.2"
CITY: Final = "120,30,120.4,30.5"
LEVELS: Final[dict[str, dict[str, Any]]] = {
    "province": {"level": "province"},
    "city": {"level": "city"},
    "district": {"level": "district"},
    "area": {"level": "area"},
    "cells of the world": {"level": "cell"},
    "cells of China": {"level": "cell", "bbox": CHINA},
    "cells of a province": {"level": "cell", "bbox": PROVINCE},
    "cells of a city": {"level": "cell", "bbox": CITY},
}
TICKS: Final = 20
"""Deliveries after each of which a live frame is awaited."""
DRAW_SECONDS: Final = 1_200.0
OUTLETS: Final = 200
GZIPPED: Final = b"\x1f\x8b"


class Asker:
    """A connection to the server that stays open, as a browser's does."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)

    def ask(self, path: str, **query: Any) -> tuple[int, bytes, float]:
        """Status, body as it travelled, and milliseconds."""
        url = path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Authorization": f"Bearer {self._server.token}", "Accept-Encoding": "gzip"}
        began = time.perf_counter()
        self._connection.request("GET", url, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, body, 1000 * (time.perf_counter() - began)

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """What the server says to a command."""
        headers = {
            "Authorization": f"Bearer {self._server.token}", "Content-Type": "application/json"
        }  # fmt: skip
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        if answer.status >= 300:
            raise RuntimeError(f"{path} was not answered: {answer.status} {told}")
        return told


def heatmap(
    profiles: int,
    events: int,
    rounds: int,
    folder: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """How long do views of the map take over HTTP, in milliseconds, and how large are they?

    Every level without and with each filter, now and on a stored day; moments that are not
    stored; live frames, and how long an event takes to be in one. All views take turns, so that
    what else the machine does meets all of them. `p95_ms` is of all answers together,
    `worst_view_p95_ms` of the slowest view; `bare_ms` is the least that any answer takes.
    """
    with tempfile.TemporaryDirectory(prefix="hotspring-bench-") as name:
        place, made = folder or Path(name), 0.0
        if not (place / "manifest.json").exists():
            tell(f"a folder with {profiles:,} located profiles and {events:,} events")
            made = make_past(place, profiles, events, tell, Homes(profiles))
        server = Server(place)
        try:
            report = _report(server, rounds, tell)
        finally:
            server.end()
    return {**report, "made_seconds": round(made, 1)}


def _report(server: Server, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    asker = Asker(server)
    _, body, first = asker.ask("/api/map")
    located = _read(body)["profiles"]
    tell(f"{located:,} located profiles; the first view took {first / 1000:.1f} s")
    views = _views(_outlet(asker))
    times: dict[str, list[float]] = {}
    now = _measured(asker, views, rounds, times, tell)
    tell("the past days are drawn")
    drawn, day = _days(asker)
    stored = {f"{level}, a stored day": {**query, "at": day} for level, query in LEVELS.items()}
    stored["cells of China, a stored day, every filter"] = {
        **views["cells of China, every filter"], "at": day
    }  # fmt: skip
    now |= _measured(asker, stored, rounds, times, tell)
    other = _others(asker, rounds)
    tell("live frames")
    frames, follows = _frames(server, asker)
    bare = statistics.median(asker.ask("/health")[2] for _ in range(rounds))
    worst = max(now.values(), key=lambda one: float(one["p95_ms"]))
    return {
        "located": located,
        "p95_ms": round(float(np.percentile(np.concatenate([*times.values()]), 95)), 1),
        "worst_view_p95_ms": worst["p95_ms"],
        "most_kb": max(one["kb"] for one in now.values()),
        "other_moment_p50_seconds": round(statistics.median(other), 3),
        "other_moment_most_seconds": round(max(other), 3),
        "frame_p50_ms": round(statistics.median(frames), 2),
        "frame_most_ms": round(max(frames), 2),
        "ingest_to_frame_p50_seconds": round(statistics.median(follows), 3),
        "ingest_to_frame_most_seconds": round(max(follows), 3),
        "first_view_seconds": round(first / 1000, 2),
        "days_drawn_seconds": round(drawn, 1),
        "bare_ms": round(bare, 2),
        "views": now,
    }


def _views(outlet: str) -> dict[str, dict[str, Any]]:
    """What is asked, by name."""
    week = time.time() - 7 * 86_400
    filters: dict[str, dict[str, Any]] = {
        "": {},
        "hot": {"band": "hot"},
        "channel": {"channel": "web"},
        "precision": {"precision": 100},
        "first seen": {"first_to": _written(1000 * week)},
        "trait": {"trait": "city_tier:first"},
        "outlet": {"outlet": outlet},
    }
    every = {name: value for one in filters.values() for name, value in one.items()}
    del every["outlet"]  # so few that nothing else would count
    found = {}
    for level, query in LEVELS.items():
        for name, filter_ in (*filters.items(), ("every filter", every)):
            found[f"{level}, {name}" if name else level] = {**query, **filter_}
    return found


def _outlet(asker: Asker) -> str:
    """Some outlets and trade areas around Hangzhou, made where there are none; one outlet's id."""
    draw = np.random.default_rng(3)
    rows = [
        {"name": f"outlet {n}", "lon": 120 + x, "lat": 30 + y, "radius": 20_000}
        for n, (x, y) in enumerate(draw.uniform(0, 1, (OUTLETS, 2)).tolist())
    ]
    if not (items := _read(asker.ask("/api/outlets")[1])["items"]):
        items = asker.post("/api/outlets", {"outlets": rows})["added"]
        features = [
            {"type": "Feature", "properties": {"name": row["name"]}, "geometry": _square(row)}
            for row in rows
        ]
        asker.post("/api/areas", {"type": "FeatureCollection", "features": features})
    return str(items[0]["id"])


def _square(row: dict[str, Any]) -> dict[str, Any]:
    x, y, size = row["lon"], row["lat"], 0.05
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def _measured(
    asker: Asker,
    views: dict[str, dict[str, Any]],
    rounds: int,
    times: dict[str, list[float]],
    tell: Callable[[str], None],
) -> dict[str, dict[str, float]]:
    """Median, 95th percentile and size of each view; the first answer to each does not count.

    All times go into `times`, by view.
    """
    times |= {name: [] for name in views}
    sizes: dict[str, int] = {}
    for number in range(rounds + 1):
        for name, query in views.items():
            status, body, took = asker.ask("/api/map", **query)
            if status != 200:
                raise RuntimeError(f"{name} was not answered: {status} {body[:300]!r}")
            sizes[name] = len(body)
            if number:
                times[name].append(took)
        if number in (0, rounds // 2):
            tell(f"{len(views)} views, {number} of {rounds} rounds")
    return {
        name: {
            "p50_ms": round(statistics.median(took), 1),
            "p95_ms": round(float(np.percentile(took, 95)), 1),
            "kb": round(sizes[name] / 1000, 1),
        }
        for name, took in ((name, times[name]) for name in views)
    }


def _days(asker: Asker) -> tuple[float, str]:
    """Seconds until all past days are drawn, and one of them."""
    began = time.monotonic()
    days = _read(asker.ask("/api/map/days")[1])["days"]
    while True:
        status, _, _ = asker.ask("/api/map", at=days[-1])
        took = time.monotonic() - began
        if status == 200 and _drawn(asker) >= 1.0:
            return took, str(days[len(days) // 2])
        if took > DRAW_SECONDS:
            raise RuntimeError("the past days are not drawn")
        time.sleep(0.2)


def _drawn(asker: Asker) -> float:
    return float(_read(asker.ask("/api/map/days")[1])["drawn"])


def _others(asker: Asker, rounds: int) -> list[float]:
    """Seconds for moments that nobody asked for before, of all times that are kept."""
    draw = np.random.default_rng(4)
    found = []
    for back in draw.uniform(0, DAYS * DAY_MS, rounds).tolist():
        at = _written(time.time() * 1000 - back)
        status, body, took = asker.ask("/api/map", level="city", at=at)
        if status != 200:
            raise RuntimeError(f"{at} was not answered: {status} {body[:300]!r}")
        found.append(took / 1000)
    return found


def _frames(server: Server, asker: Asker) -> tuple[list[float], list[float]]:
    """Milliseconds that each live frame took to make, and seconds from an event to its frame."""
    stream = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {server.token}"}
    stream.request("GET", "/api/map/stream?level=cell&resolution=5", headers=headers)
    lines = stream.getresponse()
    _next(lines, b"whole")
    frames, follows = [], []
    for number in range(TICKS + 1):
        began = time.perf_counter()
        _send(server, number)
        _next(lines, b"changed")
        if not number:  # what is done once: the first events of all, the first frame
            continue
        follows.append(time.perf_counter() - began)
        told = _plain(asker.ask("/metrics")[1])
        frames.append(1000 * _metric(told, b"hotspring_map_frame_seconds"))
    stream.close()
    return frames, follows


def _next(lines: http.client.HTTPResponse, event: bytes) -> None:
    """Read on until an event of this name has come."""
    while line := lines.readline():
        if line.strip() == b"event: " + event:
            lines.readline()
            return
    raise RuntimeError("the server ended the stream")


def _send(server: Server, number: int) -> None:
    """A hundred events of new people at one place, over HTTP."""
    events = [
        {
            "type": "track", "event": "Order Completed", "userId": f"live-{number}-{n}",
            "messageId": f"live-{time.time_ns()}-{n}",
            "context": {"location": {"latitude": 30.2, "longitude": 120.2}},
        }
        for n in range(100)
    ]  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    body = msgspec.json.encode({"batch": events, "writeKey": server.write_key})
    connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"events were not taken in: {answer.status} {answer.read()!r}")
    connection.close()


def _metric(text: bytes, name: bytes) -> float:
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(GZIPPED) else body


def _read(body: bytes) -> Any:
    return json.loads(_plain(body))


def _written(ms: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ms / 1000))
