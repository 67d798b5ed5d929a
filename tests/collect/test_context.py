"""What surrounds an event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from hotspring.collect import Judge, SourceFacts
from hotspring.collect.agent import agent
from hotspring.collect.context import CHANNELS, channel_of, described
from hotspring.event import Flag, Place
from hotspring.settings import Settings
from tests.collect.clients import BROWSER, batch, record, send, sensors, track

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("text", "device", "machine"),
    [
        (BROWSER, "desktop", False),
        (IPHONE, "mobile", False),
        (IPHONE.replace("iPhone;", "iPad;"), "tablet", False),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/130 Safari/537.36",
         "tablet", False),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile Safari/537.36",
         "mobile", False),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "other", True),
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", "other", True),
        ("x" * 100_000, "other", False),
    ],
)  # fmt: skip
def test_a_user_agent_tells_the_device(text: str, device: str, machine: bool) -> None:
    assert agent(text)[0] == device
    assert agent(text)[2] is machine


@pytest.mark.parametrize(
    ("library", "channel"),
    [
        ("analytics.js", "web"), ("@segment/analytics-next", "web"), ("js", "web"),
        ("analytics-python", "server"), ("@segment/analytics-node", "server"), ("java", "server"),
        ("analytics-ios", "app"), ("Android", "app"), ("HarmonyOS", "app"),
        ("analytics-react-native", "app"), ("MiniProgram", "miniprogram"),
        ("AlipayMini", "miniprogram"), ("mystery", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_library_tells_the_channel(library: str, channel: str) -> None:
    assert channel_of(library) == channel


def test_a_channel_that_is_told_comes_first() -> None:
    library = {"name": "analytics.js"}
    for told, channel in CHANNELS.items():
        assert described({"channel": told, "library": library}).channel == channel
    assert described({"channel": "pigeon", "library": library}).channel == "web"


def test_machines_are_flagged_and_kept() -> None:
    context = {"userAgent": "Mozilla/5.0 (compatible; bingbot/2.0)"}
    events, refused = send(
        "/v1/batch", batch(track(context=context)), source=SourceFacts("w", True)
    )
    assert refused == []
    assert events[0].flags == Flag.BOT | Flag.PUBLIC


class Atlas:
    """Answers with what it was asked."""

    def __init__(self, knows_addresses: bool = True) -> None:
        self.knows_addresses = knows_addresses
        self.asked: list[tuple[Any, ...]] = []

    def locate(
        self,
        location: Mapping[str, Any] | None = None,
        adcode: object = None,
        city: object = None,
        province: object = None,
        ip: str | None = None,
        datum: str = "wgs84",
    ) -> Place | None:
        """Where is this?"""
        self.asked.append((location, adcode, city, province, ip, datum))
        return Place(120.0, 30.0, "city", 1000.0)


def asked(
    call: dict[str, Any], datum: str = "wgs84", knows_addresses: bool = True
) -> list[tuple[Any, ...]]:
    atlas = Atlas(knows_addresses)
    judge = Judge(Settings(), atlas)
    source = SourceFacts("shop", datum=datum)
    (event,), _ = send("/v1/batch", batch(call), source=source, judge=judge)
    assert (event.place is not None) == bool(atlas.asked)
    return atlas.asked


WEB = {"library": {"name": "analytics.js"}}
PHONE = "203.0.113.7"


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        ({}, None),
        ({"context": {"library": {"name": "analytics-python"}}}, None),
        ({"context": WEB}, (None, None, None, None, PHONE)),
        ({"context": {"ip": "198.51.100.1"}}, (None, None, None, None, "198.51.100.1")),
        ({"properties": {"adcode": 330106, "city": "杭州"}}, (None, 330106, "杭州", None, None)),
        ({"properties": {"city": ["x"]}}, (None, None, None, None, None)),
        ({"context": {"location": {"city": "杭州", "region": "浙江"}}},
         (None, None, "杭州", "浙江", None)),
        ({"context": {"location": {"latitude": 30.2, "longitude": 120.1}}},
         ({"latitude": 30.2, "longitude": 120.1}, None, None, None, None)),
    ],
)  # fmt: skip
def test_the_atlas_is_asked_what_the_event_tells(
    fields: dict[str, Any], question: tuple[Any, ...] | None
) -> None:
    expected = [] if question is None else [(*question, "gcj02")]
    assert asked(track(**fields), "gcj02") == expected
    # Without a file of addresses it is asked all but what only an address could answer.
    answerable = expected if fields.keys() - {"context"} or "location" in str(fields) else []
    assert asked(track(**fields), "gcj02", knows_addresses=False) == answerable


@pytest.mark.parametrize("field", ["adcode", "city", "province"])
def test_each_property_that_names_a_place_is_asked_for(field: str) -> None:
    assert len(asked(track(properties={field: "330106"}), knows_addresses=False)) == 1


def test_sensors_coordinates_come_in_millionths_and_name_their_datum() -> None:
    atlas = Atlas()
    properties = {"$latitude": 30_250_000, "$longitude": 120_160_000, "$city": "杭州",
                  "$geo_coordinate_system": "GCJ02"}  # fmt: skip
    sensors(record(properties=properties), judge=Judge(Settings(), atlas))
    ((location, _, city, _, _, datum),) = atlas.asked
    assert (location["latitude"], location["longitude"]) == (30.25, 120.16)
    assert (city, datum) == ("杭州", "gcj02")


@pytest.mark.parametrize("odd", [[], 5, "x", None, True, {"name": [1], "id": {}}])
def test_odd_contexts_are_described(odd: object) -> None:
    names = ("os", "app", "device", "library", "location", "consent", "channel", "userAgent", "ip")
    text = described(dict.fromkeys(names, odd)).text
    assert isinstance(json.loads(text), dict)


def test_odd_devices_and_ids_are_described() -> None:
    described({"device": {"id": [1], "type": 4}, "externalIds": [{}, {"type": 1}], "ip": 4})


def test_of_the_address_of_a_mail_scanner_the_name_of_its_network_is_kept(tmp_path) -> None:
    (event,), _ = send("/v1/batch", batch(track(context={"ip": "40.107.1.2", "locale": "en"})))
    told = json.loads(event.context)
    assert told == {"locale": "en", "scanner": "Microsoft Exchange Online Protection"}
    (forged,), _ = send("/v1/batch", batch(track(context={"scanner": "A Scanner"})))
    assert json.loads(forged.context) == {}
    own = tmp_path / "own.toml"
    own.write_text('[[network]]\nname = "Ours"\nsource = "us"\ncidrs = ["198.51.100.0/24"]\n')
    judge = Judge(Settings(scanner_networks_file=str(own)))
    call = batch(track(context={"ip": "198.51.100.1"}))
    ((known,), _), ((plain,), _) = send("/v1/batch", call, judge=judge), send("/v1/batch", call)
    assert json.loads(known.context) == {"scanner": "Ours"}
    assert known.content == plain.content, "a longer list must not make a repeat a conflict"
