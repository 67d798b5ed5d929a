"""Writes deploy/grafana/hotspring.json: the dashboard that shows both processes of a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "deploy/grafana/hotspring.json"
ROWS: Final = (
    (
        "Pool",
        ("Events held", "short", ("hotspring_events", "hotspring_quarantined_events",
                                  "hotspring_conflict_events")),
        ("Profiles by band", "short", ("hotspring_profiles_in_band",)),
        ("Known and anonymous", "short", ("hotspring_profiles", "hotspring_anonymous_profiles")),
        ("Repeats and refused a second", "cps",
         ("rate(hotspring_duplicate_events_total)", "rate(hotspring_refused_events_total)")),
    ),
    (
        "Door",
        ("Requests a second by status", "reqps",
         ("sum by (status) hotspring_door_requests_total",)),
        ("Events a second by verdict", "cps", ("sum by (verdict) hotspring_door_events_total",)),
        ("Refused events a second by reason", "cps",
         ("sum by (reason) hotspring_door_refused_events_total",)),
        ("Bytes a second", "Bps", ("rate(hotspring_door_body_bytes_total)",)),
        ("Time to answer, p50 and p99", "s", ("quantiles hotspring_door_request_seconds",)),
        ("Processors busy reading bodies", "percentunit",
         ("rate(hotspring_door_read_seconds_total)",)),
        ("Waiting for the disk", "bytes", ("hotspring_door_waiting_bytes",)),
    ),
    (
        "Journal",
        ("Time of a write, p50 and p99", "s", ("quantiles hotspring_journal_append_seconds",)),
        ("Records in a write", "short",
         ("ratio hotspring_journal_records_total hotspring_journal_append_seconds_count",)),
        ("Bytes a second", "Bps", ("rate(hotspring_journal_record_bytes_total)",)),
        ("Size", "bytes", ("hotspring_journal_bytes",)),
        ("Files", "short", ("hotspring_journal_files",)),
    ),
    (
        "Pipeline",
        ("Lag", "s", ("hotspring_lag_seconds", "hotspring_door_lag_seconds")),
        ("Events a second", "cps", ("rate(hotspring_pipeline_events_total)",)),
        ("Time by step", "percentunit", ("sum by (step) hotspring_pipeline_seconds_total",)),
        ("Batches a second", "cps", ("rate(hotspring_pipeline_batches_total)",)),
        ("Records applied", "short", ("hotspring_pipeline_position",)),
        ("Runs; records that cannot be read", "short",
         ("hotspring_pipeline_up", "hotspring_pipeline_damaged_records")),
    ),
    (
        "Keeping",
        ("Time by job", "percentunit", ("sum by (job) hotspring_keeper_seconds_total",)),
        ("Jobs an hour", "short", ("hourly hotspring_keeper_jobs_total",)),
        ("Under way; trouble", "short", ("hotspring_keeper_busy", "hotspring_keeper_trouble")),
        ("Sealed bytes by table", "bytes", ("hotspring_store_bytes", "hotspring_projection_bytes")),
        ("Sealed files by table", "short", ("hotspring_store_blocks",)),
        ("Sealed rows by table", "short", ("hotspring_store_rows",)),
        ("Events not sealed yet", "short", ("hotspring_store_tail_events",)),
        ("Ids for repeats", "short", ("hotspring_seen_ids",)),
    ),
    (
        "API and processes",
        ("Requests a second by status", "reqps", ("sum by (status) hotspring_api_requests_total",)),
        ("Time to answer by route, p99", "s", ("p99 by (route) hotspring_api_seconds",)),
        ("Newest frame of the live map", "s", ("hotspring_map_frame_seconds",)),
        ("Memory", "bytes", ("hotspring_process_resident_bytes",)),
        ("Processors", "percentunit",
         ("sum by (process) hotspring_process_cpu_seconds_total",)),
    ),
)  # fmt: skip
"""Rows of panels: title, unit, and what is drawn, in a few words of our own."""
WIDTH: Final = 6
HEIGHT: Final = 7
CHOSEN: Final = '{instance=~"$instance"}'


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    panels: list[dict[str, Any]] = []
    top = 0
    for title, *cells in ROWS:
        panels.append(_place({"type": "row", "title": title, "collapsed": False}, 0, top, 24, 1))
        top += 1
        for at, (name, unit, drawn) in enumerate(cells):
            down, across = divmod(at, 24 // WIDTH)
            panel = _panel(name, unit, drawn)
            panels.append(_place(panel, across * WIDTH, top + down * HEIGHT, WIDTH, HEIGHT))
        top += -(-len(cells) // (24 // WIDTH)) * HEIGHT
    for number, panel in enumerate(panels, 1):
        panel["id"] = number
    return {
        "uid": "hotspring",
        "title": "Hotspring",
        "schemaVersion": 39,
        "tags": ["hotspring"],
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_source(), _instance()]},
        "panels": panels,
    }


def _panel(title: str, unit: str, drawn: tuple[str, ...]) -> dict[str, Any]:
    queries = [query for words in drawn for query in _queries(words)]
    return {
        "type": "timeseries",
        "title": title,
        "datasource": {"type": "prometheus", "uid": "${source}"},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(65 + at), "expr": expression, "legendFormat": legend}
            for at, (expression, legend) in enumerate(queries)
        ],
    }


def _queries(words: str) -> list[tuple[str, str]]:
    """The queries and legends of what is to be drawn."""
    if words.startswith("rate("):
        return [(f"rate({words[5:-1]}{CHOSEN}[$__rate_interval])", "")]
    kind, *rest = words.split()
    name = rest[-1] if rest else kind
    rate = f"rate({name}{CHOSEN}[$__rate_interval])"
    if kind == "sum":
        label = rest[1].strip("()")
        return [(f"sum by ({label}) ({rate})", f"{{{{{label}}}}}")]
    if kind == "hourly":
        return [(f"increase({name}{CHOSEN}[1h])", "{{job}}")]
    if kind == "ratio":
        return [(f"rate({rest[0]}{CHOSEN}[$__rate_interval]) / {rate}", "")]
    if kind == "quantiles":
        return [(_quantile(share, name, "le"), f"p{round(share * 100)}") for share in (0.5, 0.99)]
    if kind == "p99":
        label = rest[1].strip("()")
        return [(_quantile(0.99, name, f"le, {label}"), f"{{{{{label}}}}}")]
    return [(f"{name}{CHOSEN}", "")]


def _quantile(share: float, name: str, labels: str) -> str:
    rate = f"rate({name}_bucket{CHOSEN}[$__rate_interval])"
    return f"histogram_quantile({share}, sum by ({labels}) ({rate}))"


def _place(panel: dict[str, Any], x: int, y: int, width: int, height: int) -> dict[str, Any]:
    return {**panel, "gridPos": {"x": x, "y": y, "w": width, "h": height}}


def _source() -> dict[str, Any]:
    return {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _instance() -> dict[str, Any]:
    return {
        "name": "instance", "label": "Server", "type": "query", "multi": True, "includeAll": True,
        "datasource": {"type": "prometheus", "uid": "${source}"},
        "query": "label_values(hotspring_pipeline_up, instance)", "refresh": 2,
        "current": {"text": "All", "value": "$__all"},
    }  # fmt: skip


def main() -> None:
    FILE.write_text(json.dumps(dashboard(), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
