"""The real client libraries, unchanged, against a real server."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sensorsanalytics
from segment.analytics.client import Client

from tests.story.conftest import PATIENCE, Server

pytestmark = pytest.mark.sdk
NODE = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed: its client libraries cannot be driven")
    if not (NODE / "node_modules" / "sa-sdk-node").is_dir():
        pytest.skip("the Node client libraries are not installed: run `make test`")
    return found


@pytest.fixture
def segment(server: Server, request: pytest.FixtureRequest) -> Iterator[Client]:
    failures: list[object] = []
    client = Client(
        write_key=server.source(f"segment-{request.node.name[:40]}"),
        host=server.url,
        gzip=True,
        on_error=lambda error, batch: failures.append(error),
    )
    yield client
    client.join()
    assert failures == []


def run(node: str, script: str, *words: str) -> None:
    done = subprocess.run(
        [node, NODE / script, *words], cwd=NODE, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_segment_python(server: Server, segment: Client) -> None:
    segment.track(anonymous_id="sp-browser", event="Product Viewed", properties={"price": 128})
    segment.page(anonymous_id="sp-browser", name="Home", properties={"path": "/"})
    segment.identify("sp", {"level": "金卡", "points": 3}, anonymous_id="sp-browser")
    segment.track("sp", "Order Completed", {"order_id": "sp-1", "total": 268, "currency": "CNY"})
    segment.group("sp", "club", {"name": "茶友会"})
    segment.alias("sp-old", "sp")
    segment.screen("sp", name="Cart")
    segment.flush()
    person = server.person("user_id:sp", lambda found: found["events"] == 7)
    assert 40 < person["temperature"] < 60
    assert person["traits"]["level"]["value"] == "金卡"
    assert person["traits"]["points"]["value"] == 3
    assert server.values("user_id:sp", "anonymous_id") >= {"sp-browser"}
    events = server.get("profiles/user_id:sp/timeline")["items"]
    names = {event["name"] for event in events}
    assert names >= {"Product Viewed", "Page Viewed", "Order Completed", "Screen Viewed"}
    (order,) = (event for event in events if event["name"] == "Order Completed")
    assert order["amount"] == 268
    assert order["currency"] == "CNY"


def test_segment_python_sends_many_in_batches(server: Server, segment: Client) -> None:
    for number in range(450):
        segment.track(f"many-{number % 5}", "Product Viewed", {"number": number})
    segment.flush()
    for number in range(5):
        server.person(f"user_id:many-{number}", lambda found: found["events"] == 90)


def test_segment_node(server: Server, node: str) -> None:
    run(node, "segment.mjs", server.url, server.source("segment-node"), "sn")
    person = server.person("user_id:sn", lambda found: found["events"] == 7)
    assert 40 < person["temperature"] < 60
    assert person["traits"]["level"]["value"] == "金卡"
    assert server.values("user_id:sn", "anonymous_id") >= {"sn-browser"}


def test_sensors_python(server: Server) -> None:
    key = server.source("sensors-python", project="sensors_python")
    consumer = sensorsanalytics.DefaultConsumer(
        f"{server.url}/sa?project=sensors_python&token={key}"
    )
    sensors = sensorsanalytics.SensorsAnalytics(consumer)
    sensors.track("se-cookie", "ViewProduct", {"price": 128})
    sensors.track_signup("se", "se-cookie", {"channel": "应用"})
    sensors.profile_set("se", {"level": "金卡", "points": 3}, is_login_id=True)
    sensors.profile_increment("se", {"points": 4}, is_login_id=True)
    sensors.track("se", "BuyProduct", {"amount": 268}, is_login_id=True)
    # Whoever leaves is_login_id out still means the account that signed up.
    sensors.profile_set("se", {"city": "杭州"})
    sensors.close()
    person = server.person("user_id:se", lambda found: found["events"] == 6)
    assert person["traits"]["city"]["value"] == "杭州"
    assert person["traits"]["level"]["value"] == "金卡"
    assert person["traits"]["points"]["value"] == 7
    assert server.person("anonymous_id:se-cookie")["id"] == person["id"]
    names = {e["name"] for e in server.get("profiles/user_id:se/timeline")["items"]}
    assert names >= {"ViewProduct", "BuyProduct"}


def test_sensors_python_binds_in_batches(server: Server) -> None:
    key = server.source("sensors-batch", project="sensors_batch")
    consumer = sensorsanalytics.BatchConsumer(
        f"{server.url}/sa?project=sensors_batch&token={key}", max_size=20
    )
    sensors = sensorsanalytics.SensorsAnalytics(consumer)
    login = sensorsanalytics.SensorsAnalyticsIdentity("$identity_login_id", "sb")
    mobile = sensorsanalytics.SensorsAnalyticsIdentity("$identity_mobile", "15400008001")
    sensors.bind(login, mobile)
    for number in range(45):
        sensors.track_by_id("ViewProduct", {"number": number}, login)
    sensors.close()
    person = server.person("user_id:sb", lambda found: found["events"] == 46)
    assert server.person("phone:15400008001")["id"] == person["id"]
    sensors.unbind(mobile)
    sensors.flush()
    # Both were seen first in one event: either may keep the public id they had together.
    server.person("user_id:sb", lambda found: "15400008001" not in str(found["identifiers"]))
    left = server.person("phone:15400008001")
    assert left["id"] != server.person("user_id:sb")["id"]
    assert "user_id" not in str(left["identifiers"])
    sensors.bind(login, mobile)
    sensors.close()
    again = server.person("user_id:sb", lambda found: "15400008001" in str(found["identifiers"]))
    assert server.person("phone:15400008001")["id"] == again["id"]


def test_sensors_python_two_people_sign_up_from_one_browser(server: Server) -> None:
    key = server.source("sensors-two", project="sensors_two")
    address = f"{server.url}/sa?project=sensors_two&token={key}"
    sensors = sensorsanalytics.SensorsAnalytics(sensorsanalytics.DefaultConsumer(address))
    for name in ("sv", "sw"):
        sensors.track_signup(name, "shared-cookie", {})
        sensors.profile_set(name, {"name": name})
        sensors.track(name, "ViewProduct", {})
    sensors.close()
    people = [
        server.person(f"user_id:{n}", lambda found: found["events"] == 3) for n in ["sv", "sw"]
    ]
    assert [person["traits"]["name"]["value"] for person in people] == ["sv", "sw"]
    assert people[0]["id"] != people[1]["id"]


def test_sensors_node(server: Server, node: str) -> None:
    key = server.source("sensors-node", project="sensors_node")
    run(node, "sensors.cjs", f"{server.url}/sa?project=sensors_node&token={key}", "sd")
    person = server.person("user_id:sd", lambda found: found["events"] == 4)
    assert server.person("anonymous_id:sd-cookie")["id"] == person["id"]
    assert person["traits"]["level"]["value"] == "金卡"
    assert person["traits"]["likes"]["value"] == ["绿茶"]
    names = {e["name"] for e in server.get("profiles/user_id:sd/timeline")["items"]}
    assert "ViewProduct" in names


def test_a_record_that_comes_again_counts_once(server: Server) -> None:
    """Sensors records of Python carry no id: a repeat is told by its content."""
    key = server.source("sensors-twice", project="sensors_twice")
    address = f"{server.url}/sa?project=sensors_twice&token={key}"
    for _ in range(2):
        sensors = sensorsanalytics.SensorsAnalytics(sensorsanalytics.DefaultConsumer(address))
        told = {"amount": 10, "$time": 1_780_000_000_000}
        sensors.track("st", "BuyProduct", told, is_login_id=True)
        sensors.track("st", "Done", {}, is_login_id=True)
        sensors.close()
    server.person("user_id:st", lambda found: found["events"] == 3)
