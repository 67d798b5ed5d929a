"""Is it alive, is it ready, how does it do? For watchdogs, balancers and Prometheus."""

import re
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from hotspring.privacy import Permission
from hotspring.web.api.desk import AtDesk, Bearer, Desk, Pool
from hotspring.web.problems import problem

router = APIRouter(tags=["health"])
LOOPBACK = ("127.0.0.1", "::1")
NAMES = ("localhost", "127.0.0.1", "[::1]")
PROXIED = ("forwarded", "x-forwarded-host", "x-real-ip", "via")
"""Headers of which a proxy in front sends at least one. The door turns a X-Forwarded-For that came
with the request into Via, for its own is always there."""


@router.get("/health/live", response_class=Response, responses={200: {"description": "Alive."}})
def live() -> Response:
    """Does the process answer?"""
    return Response(b'{"live":true}', media_type="application/json")


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


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, desk: AtDesk, credentials: Bearer) -> Response:
    """Counters and gauges for Prometheus: open to this machine, else with a token."""
    policy = desk.settings.metrics
    opened = policy == "open" or (policy == "local" and _from_this_machine(request))
    if credentials or not opened:
        desk.access.admit(credentials.credentials if credentials else "", Permission.READ_POOL)
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class Requests:
    """Counts requests by route and status; a route is its pattern, never the path as asked."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("method", "route", "status")
        self._count = Counter(
            "hotspring_api_requests", "Requests to the API.", labels, registry=registry
        )
        self._seconds = Histogram(
            "hotspring_api_seconds", "Time to answer.", ("route",), registry=registry
        )

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._count.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class PoolMetrics(Collector):
    """What the pool says of itself, read anew for each scrape."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """The metrics of the pool."""
        status = self._pool.status()
        for name, what in (
            ("events", "Distinct accepted events that are applied."),
            ("duplicates", "Repeats that were not stored again."),
            ("refused", "Refused events, whatever became of them."),
        ):
            yield CounterMetricFamily(f"hotspring_{name}", what, value=status.get(name, 0))
        for name, what in (
            ("profiles", "Known profiles."),
            ("anonymous", "Anonymous profiles."),
            ("quarantined", "Refused events that wait: neither replayed nor dropped."),
            ("conflicts", "Those of them that repeat an id with another content."),
            ("lag_seconds", "Age of the oldest event that is not applied yet."),
        ):
            yield GaugeMetricFamily(f"hotspring_{name}", what, value=status.get(name, 0))
        bands = GaugeMetricFamily(
            "hotspring_profiles_in_band", "Known profiles by band.", labels=["band"]
        )
        for band, count in self._pool.temperature(None)["bands"].items():
            bands.add_metric([band], count)
        yield bands


def registry_of(desk: Desk) -> CollectorRegistry:
    """A registry of its own for each application: two pools in a process stay apart."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(PoolMetrics(desk.pool))
    return registry


def _from_this_machine(request: Request) -> bool:
    """Did the one who asks connect from this machine, and not through a proxy on it?"""
    if request.client is None or request.client.host not in LOOPBACK:
        return False
    host = re.sub(r":\d+$", "", request.headers.get("host", ""))
    return host in NAMES and not any(name in request.headers for name in PROXIED)
