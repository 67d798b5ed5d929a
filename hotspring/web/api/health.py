"""Is it alive, is it ready, how does it do? For watchdogs, balancers and Prometheus."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from hotspring.measure import BOUNDS, BY_NAME, CATALOGUE, Measure, Readings, Spread
from hotspring.privacy import Permission
from hotspring.web import meter
from hotspring.web.api.desk import AtDesk, Bearer, Cookie, Desk, Pool, admitted
from hotspring.web.problems import problem

router = APIRouter(tags=["health"])
LOOPBACK = ("127.0.0.1", "::1")
NAMES = ("localhost", "127.0.0.1", "[::1]")
PROXIED = ("forwarded", "x-forwarded-host", "x-real-ip", "via")
"""Headers of which a proxy in front sends at least one. The door turns a X-Forwarded-For that came
with the request into Via, for its own is always there."""


FROM_STATUS = {
    "events": "events", "refused_events": "refused",
    "quarantined_events": "quarantined", "conflict_events": "conflicts",
    "profiles": "profiles", "anonymous_profiles": "anonymous", "lag_seconds": "lag_seconds",
}  # fmt: skip
"""Metrics that are told in `GET /api/status` too."""


@router.head("/health/live", include_in_schema=False)
@router.get("/health/live", response_class=Response, responses={200: {"description": "Alive."}})
def live() -> Response:
    """Does the process answer?"""
    return Response(b'{"live":true}', media_type="application/json")


@router.head("/health/ready", include_in_schema=False)
@router.get(
    "/health/ready",
    response_class=Response,
    responses={200: {"description": "Ready."}, 503: {"description": "Starting or stopping."}},
)
def ready(desk: AtDesk) -> Response:
    """May requests be sent here?"""
    if not desk.ready():
        return problem(503, "the pool is starting or stopping")
    return Response(b'{"ready":true}', media_type="application/json")


@router.head("/metrics", include_in_schema=False)
@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, desk: AtDesk, bearer: Bearer, cookie: Cookie) -> Response:
    """Counters and gauges for Prometheus: open to this machine, else with a token."""
    policy = desk.settings.metrics
    opened = policy == "open" or (policy == "local" and _from_this_machine(request))
    if bearer or not opened:
        admitted(request, desk, bearer, cookie, Permission.READ_POOL)
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class Requests:
    """Counts requests by route and status; a route is its pattern, never the path as asked."""

    def __init__(self, registry: CollectorRegistry) -> None:
        count, seconds = BY_NAME["api_requests"], BY_NAME["api_seconds"]
        self._count = Counter(
            f"hotspring_{count.name}", count.text, count.labels, registry=registry
        )
        self._seconds = Histogram(
            f"hotspring_{seconds.name}", seconds.text, seconds.labels, registry=registry
        )

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._count.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class PoolMetrics(Collector):
    """What the pool and the door say of themselves, read anew for each scrape."""

    def __init__(self, pool: Pool, door: Path | None) -> None:
        self._pool = pool
        self._door = door

    def collect(self) -> Iterator[Metric]:
        """The metrics of the catalogue, but for those of the API itself."""
        found = self._pool.readings()
        status = self._pool.status()
        for name, key in FROM_STATUS.items():
            found.set(name, status.get(key, 0))
        for band, count in self._pool.temperature(None)["bands"].items():
            found.set("profiles_in_band", count, band)
        if self._door is not None:
            found.take(meter.read(self._door))
        meter.process_readings(found, "owner")
        for measure in CATALOGUE:
            if not measure.name.startswith("api_"):
                yield _family(measure, found)


def _family(measure: Measure, found: Readings) -> Metric:
    """One metric with its samples."""
    name = f"hotspring_{measure.name}"
    if measure.kind == "histogram":
        spread = found.spreads.get(measure.name, Spread())
        spreads = HistogramMetricFamily(name, measure.text)
        ends = [*map(str, BOUNDS), "+Inf"]
        totals = itertools.accumulate(spread.counts)
        spreads.add_metric([], list(zip(ends, totals, strict=True)), spread.sum)
        return spreads
    kind = CounterMetricFamily if measure.kind == "counter" else GaugeMetricFamily
    family = kind(name, measure.text, labels=measure.labels)
    for label, value in found.numbers.get(measure.name, {}).items():
        family.add_metric([label] if measure.labels else [], value)
    return family


def registry_of(desk: Desk, door: Path | None = None) -> CollectorRegistry:
    """A registry of its own for each application: two pools in a process stay apart."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(PoolMetrics(desk.pool, door))
    return registry


def _from_this_machine(request: Request) -> bool:
    """Did the one who asks connect from this machine, and not through a proxy on it?"""
    if request.client is None or request.client.host not in LOOPBACK:
        return False
    host = re.sub(r":\d+$", "", request.headers.get("host", ""))
    return host in NAMES and not any(name in request.headers for name in PROXIED)
