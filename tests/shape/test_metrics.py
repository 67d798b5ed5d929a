"""Every metric is told, documented and drawn, and nothing else is."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest

from hotspring.app import open_pool
from hotspring.cli.running import api_of
from hotspring.measure import CATALOGUE
from hotspring.settings import Settings
from tests.shape.source import ROOT
from tools.dashboard import FILE, dashboard
from tools.reference import LANGUAGES

NAMES = {measure.told for measure in CATALOGUE}


def test_metrics_tells_what_the_catalogue_names(tmp_path: Path) -> None:
    app = open_pool(tmp_path / "pool", Settings())

    async def asked() -> str:
        transport = httpx.ASGITransport(api_of(app, "hs_local"), client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await client.get("/health/live")
            return (await client.get("/metrics")).text

    text = asyncio.run(asked())
    app.abandon()
    types = dict(re.findall(r"^# TYPE (\S+) (\w+)$", text, re.MULTILINE))
    told = {name for name in types if not name.endswith("_created")}
    assert told == NAMES
    for measure in CATALOGUE:
        assert types[measure.told] == measure.kind
        assert f"# HELP {measure.told} {measure.text}" in text


def test_names_follow_the_conventions() -> None:
    for measure in CATALOGUE:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", measure.name)
        assert measure.text.endswith(".")
        assert not measure.name.endswith(("_total", "_ms", "_kb", "_mb", "_milliseconds"))
        if measure.kind == "histogram":
            assert measure.name.endswith("_seconds")
    assert len(NAMES) == len(CATALOGUE)


def test_the_dashboard_draws_every_metric_and_no_other() -> None:
    written = json.loads(FILE.read_text("utf-8"))
    assert written == dashboard(), "run `make reference`"
    panels = [panel for panel in written["panels"] if panel["type"] != "row"]
    drawn = {
        name
        for panel in panels
        for target in panel["targets"]
        for name in re.findall(r"hotspring_\w+", target["expr"])
    }
    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in drawn} == NAMES
    assert all(panel["fieldConfig"]["defaults"]["unit"] for panel in panels)
    places = [tuple(panel["gridPos"].values()) for panel in written["panels"]]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_in_the_reference(language: str) -> None:
    text = (ROOT / f"docs/{language}/reference.md").read_text("utf-8")
    for name in NAMES:
        assert f"`{name}`" in text
