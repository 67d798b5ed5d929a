"""What a brand lives through, told from the outside: real server, real requests, real commands."""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from hotspring.temperature import law
from tests.story.conftest import COMMAND, ENVIRONMENT, PATIENCE, Server

NOW = dt.datetime.now(dt.UTC)


def ago(**past: float) -> str:
    return (NOW - dt.timedelta(**past)).isoformat()


def track(name: str, message: str, when: str, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": name, "messageId": message, "timestamp": when, **more}


def bought(message: str, when: str, total: float, **more: Any) -> dict[str, Any]:
    told = {"order_id": message, "total": total, "currency": "CNY"}
    return track("Order Completed", message, when, properties=told, **more)


def test_a_returning_customer_is_recognised(server: Server) -> None:
    web = server.source("returning-web", public=True)
    shop = server.source("returning-shop")
    browser = {"anonymousId": "browser-of-lin"}
    server.send(
        web,
        track("Product Viewed", "ret-1", ago(days=3), **browser),
        track("Product Added", "ret-2", ago(days=3, minutes=-2), **browser),
    )
    stranger = server.person("anonymous_id:browser-of-lin")
    assert stranger["known"] is False
    assert stranger["band"] == "cold"

    server.send(
        web,
        {
            "type": "identify", "messageId": "ret-3", "timestamp": ago(days=3, minutes=-5),
            "userId": "lin", "traits": {"level": "gold"}, **browser,
        },
    )  # fmt: skip
    server.send(
        shop,
        {
            "type": "identify", "messageId": "ret-4", "timestamp": ago(days=2), "userId": "lin",
            "context": {"externalIds": [{"type": "card", "id": "CARD-LIN"}]},
        },
        *(
            bought(
                f"ret-5-{i}", ago(hours=i + 1), 300,
                context={
                    "channel": "store", "externalIds": [{"type": "card", "id": "CARD-LIN"}],
                },
            )
            for i in range(3)
        ),
    )  # fmt: skip

    lin = server.person("user_id:lin", lambda found: found["band"] == "hot")
    assert lin["temperature"] > law.HOT_ABOVE
    assert lin["next_band"] == "warm"
    assert lin["next_band_at"] > lin["as_of"]
    assert lin["traits"]["level"]["value"] == "gold"
    kinds = {(one["kind"], one["value"]) for one in lin["identifiers"]}
    assert kinds >= {
        ("user_id", "lin"), ("card", "CARD-LIN"), ("anonymous_id", "browser-of-lin")
    }  # fmt: skip
    for key in ("anonymous_id:browser-of-lin", "card:CARD-LIN", lin["id"]):
        assert server.person(key)["id"] == lin["id"]
    names = [event["name"] for event in server.get("profiles/user_id:lin/timeline")["items"]]
    assert names.count("Order Completed") == 3
    assert {"Product Viewed", "Product Added"} <= set(names)
    assert any(one["id"] == lin["id"] for one in server.get("profiles", q="card:CARD-LIN")["items"])


def test_silence_cools_and_the_past_can_be_asked(server: Server) -> None:
    key = server.source("silence")
    server.send(
        key,
        bought("sil-1", ago(days=120), 400, userId="mei"),
        bought("sil-2", ago(days=119), 400, userId="mei"),
        bought("sil-3", ago(days=118), 400, userId="mei"),
    )
    mei = server.person("user_id:mei")
    assert mei["band"] in ("cool", "cold", "warm")
    curve = server.api.get(
        "/api/profiles/user_id:mei/temperature", params={"from": ago(days=130), "to": ago(days=0)}
    ).json()["points"]
    temperatures = [point["temperature"] for point in curve]
    assert temperatures[0] == pytest.approx(law.T_COLD)
    assert max(temperatures) > law.HOT_ABOVE
    top = temperatures.index(max(temperatures))
    assert temperatures[top:] == sorted(temperatures[top:], reverse=True)
    then = server.get("temperature", at=ago(days=118))
    assert then["bands"]["hot"] >= 1


def test_two_people_share_a_tablet(server: Server) -> None:
    key = server.source("tablet")
    tablet = {"anonymousId": "kitchen-tablet"}
    server.send(
        key,
        track("Product Viewed", "tab-1", ago(hours=10), properties={"n": 1}, **tablet),
        track("Signed In", "tab-2", ago(hours=9), userId="anna", **tablet),
        track("Product Viewed", "tab-3", ago(hours=8), properties={"n": 2}, **tablet),
        track("Signed In", "tab-4", ago(hours=7), userId="boris", **tablet),
        track("Product Viewed", "tab-5", ago(hours=6), properties={"n": 3}, **tablet),
    )

    def seen(who: str) -> list[int]:
        events = server.get(f"profiles/user_id:{who}/timeline")["items"]
        return [e["properties"]["n"] for e in events if e["name"] == "Product Viewed"]

    anna = server.person("user_id:anna", lambda found: seen("anna") == [2, 1])
    boris = server.person("user_id:boris", lambda found: seen("boris") == [3])
    assert anna["id"] != boris["id"]


def test_a_forged_phone_gains_nothing(server: Server) -> None:
    trusted = server.source("forged-shop")
    page = server.source("forged-page", public=True)
    phone = "15400007001"
    server.send(
        trusted,
        {"type": "identify", "messageId": "for-1", "userId": "victim", "traits": {"phone": phone}},
        bought("for-2", ago(hours=2), 500, userId="victim"),
    )
    victim = server.person("user_id:victim")
    server.send(
        page,
        {"type": "identify", "messageId": "for-3", "userId": "forger", "traits": {"phone": phone}},
    )
    forger = server.person("user_id:forger")
    assert forger["id"] != victim["id"]
    assert server.person(f"phone:{phone}")["id"] == victim["id"]
    suggestions = server.get("profiles/user_id:forger/merges")["suggestions"]
    assert suggestions


def test_a_merge_is_undone(server: Server) -> None:
    key = server.source("undone")
    server.send(
        key,
        {"type": "identify", "messageId": "und-1", "userId": "wu", "timestamp": ago(hours=3),
         "context": {"externalIds": [{"type": "card", "id": "CARD-WU"}]}},
        bought("und-2", ago(hours=2), 200,
               context={"externalIds": [{"type": "card", "id": "CARD-WU"}]}),
    )  # fmt: skip
    one = server.person("user_id:wu")
    assert server.person("card:CARD-WU")["id"] == one["id"]
    (merge,) = server.get("profiles/user_id:wu/merges")["merges"]
    done = server.api.post(f"/api/profiles/user_id:wu/merges/{merge['id']}/undo")
    assert done.status_code == 200, done.text
    card = server.person("card:CARD-WU", lambda found: ("user_id", "wu") not in {
        (i["kind"], i["value"]) for i in found["identifiers"]
    })  # fmt: skip
    wu = server.person("user_id:wu")
    assert card["id"] != wu["id"]
    assert card["temperature"] > 0 > wu["temperature"]


def test_consent_is_asked_and_answered(server: Server) -> None:
    key = server.source("consent")
    given = {"purpose": "marketing", "channel": "sms", "proof": "form-7"}
    server.send(
        key,
        track("Consent Given", "con-1", ago(hours=3), userId="qing", properties=given),
        track("Consent Given", "con-2", ago(hours=2), userId="qing",
              properties={**given, "channel": "email"}),
        track("Consent Withdrawn", "con-3", ago(hours=1), userId="qing", properties=given),
    )  # fmt: skip
    server.person("user_id:qing")
    told = server.get("profiles/user_id:qing/consent")
    items = told["items"] if isinstance(told, dict) and "items" in told else told
    stands = {(one["purpose"], one["channel"]): one["given"] for one in items}
    assert stands == {("marketing", "sms"): False, ("marketing", "email"): True}


def test_what_is_sent_twice_counts_once(server: Server) -> None:
    key = server.source("twice")
    order = bought("twi-1", ago(hours=2), 88, userId="tao")
    assert server.send(key, order)["accepted"] == 1
    first = server.person("user_id:tao")
    server.until("status", lambda told: told["lag_seconds"] == 0)
    before = server.get("status")["events"]
    answer = server.send(key, order, track("Product Viewed", "twi-2", ago(hours=1), userId="tao"))
    assert answer["duplicates"] + answer["accepted"] == 2
    later = server.person("user_id:tao", lambda found: found["events"] == 2)
    assert later["temperature"] == pytest.approx(first["temperature"], abs=5)
    assert server.get("status")["events"] == before + 1

    server.send(key, bought("twi-1", ago(hours=2), 99_999, userId="tao"))
    conflict = server.until("quarantine?source=twice", lambda told: told["items"])["items"][0]
    assert conflict["reason"] == "conflict"


def test_bad_events_cost_no_good_one(server: Server) -> None:
    key = server.source("bad")
    answer = server.send(
        key,
        track("Product Viewed", "bad-1", ago(hours=1), userId="yan"),
        track("Product Viewed", "bad-2", "yesterday evening", userId="yan"),
        track("", "bad-3", ago(hours=1), userId="yan"),
        track("Product Viewed", "bad-4", ago(hours=1), userId="undefined"),
        track("Product Viewed", "bad-5", ago(hours=1), userId="yan"),
    )
    assert answer["success"] is True
    assert answer["accepted"] == 2
    refused = {one["index"]: (one["messageId"], one["reason"]) for one in answer["rejected"]}
    assert refused == {
        1: ("bad-2", "bad_timestamp"),
        2: ("bad-3", "missing_event_name"),
        3: ("bad-4", "no_identifier"),
    }
    server.person("user_id:yan", lambda found: found["events"] == 2)
    kept = server.until("quarantine?source=bad", lambda told: len(told["items"]) == 3)["items"]
    assert {one["reason"] for one in kept} == {reason for _, reason in refused.values()}
    assert any("yesterday evening" in str(one) for one in kept)


def test_machines_bring_no_heat(server: Server) -> None:
    key = server.source("machines")
    agent = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
    server.send(
        key,
        *(
            track("Product Viewed", f"bot-{i}", ago(minutes=i), anonymousId="spider",
                  context={"userAgent": agent})
            for i in range(20)
        ),
    )  # fmt: skip
    spider = server.person("anonymous_id:spider", lambda found: found["events"] == 20)
    assert spider["temperature"] == pytest.approx(law.T_COLD)
    assert spider["never_warm"] is True


def test_a_restart_keeps_everything(own_server: Server) -> None:
    key = own_server.source("restart")
    own_server.send(key, *(bought(f"res-{i}", ago(hours=i), 50, userId=f"u{i}") for i in range(50)))
    own_server.until("status", lambda told: told["events"] == 50)
    before = own_server.get("profiles/user_id:u7")
    own_server.stop()

    at_rest = own_server.command("status")
    assert at_rest["events"] == 50
    assert own_server.command("profile", "user_id:u7")["id"] == before["id"]

    own_server.start()
    after = own_server.person("user_id:u7")
    assert after["id"] == before["id"]
    assert after["temperature"] == pytest.approx(before["temperature"], abs=0.1)
    told = own_server.send(key, bought("res-7", ago(hours=7), 50, userId="u7"))
    assert told["accepted"] + told["duplicates"] == 1
    own_server.until("status", lambda told: told["duplicates"] == 1)
    assert own_server.get("status")["events"] == 50


def test_a_second_server_is_refused(server: Server) -> None:
    second = subprocess.run(
        [*COMMAND, "serve", "--data", str(server.folder), "--port", "0"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert second.returncode != 0
    assert str(server.folder) in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


def test_commands_go_through_the_running_server(server: Server) -> None:
    made = server.command("source", "create", "by-command")
    assert set(made) >= {"name", "write_key"}
    server.send(made["write_key"], bought("cmd-1", ago(hours=1), 70, userId="bo"))
    server.person("user_id:bo")
    told = server.command("profile", "user_id:bo")
    assert set(told) >= {
        "id", "temperature", "band", "next_band", "next_band_at", "identifiers", "traits"
    }  # fmt: skip
    status = server.command("status")
    assert set(status) >= {
        "events", "profiles", "duplicates", "quarantined", "lag_seconds", "as_of"
    }  # fmt: skip
    token = server.command("token", "create", "looker", "--role", "viewer")
    assert token["role"] == "viewer"
    bearer = {"authorization": f"Bearer {token['token']}"}
    with httpx.Client(base_url=server.url, timeout=PATIENCE, trust_env=False) as anybody:
        assert anybody.get("/api/status", headers=bearer).status_code == 200
        assert anybody.get("/api/profiles", headers=bearer).status_code == 403
        assert anybody.get("/api/status").status_code == 401


def test_a_wrong_key_writes_nothing(server: Server) -> None:
    for key in ("nobody-knows-this-key", ""):
        answer = httpx.post(
            f"{server.url}/v1/track",
            auth=(key, ""),
            json={"event": "Order Completed", "userId": "ghost"},
            timeout=PATIENCE,
            trust_env=False,
        )
        assert answer.status_code == 401
    assert server.api.get("/api/profiles/user_id:ghost").status_code == 404


def test_a_plan_reaches_the_door_and_changes_nothing_before_it(server: Server) -> None:
    key = server.source("planned")
    broken = {"name": "Coupon Used", "when": ago(hours=1), "userId": "plan-lin"}
    assert server.send(key, track(message="plan-1", **broken))["rejected"] == []
    schema = {"type": "object", "required": ["code"]}
    plan = {"events": {"Coupon Used": {"schema": schema, "mode": "strict"}}}
    answer = server.api.put("/api/plan", json=plan)
    assert (answer.status_code, answer.json()["by"]) == (200, "local")
    end = time.monotonic() + PATIENCE
    while not server.send(key, track(message="plan-2", **broken))["rejected"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    (refused,) = server.send(key, track(message="plan-3", **broken))["rejected"]
    assert (refused["reason"], "code" in refused["detail"]) == ("plan_breach", True)
    fit = track(message="plan-4", properties={"code": "c1"}, **broken)
    assert server.send(key, fit)["accepted"] == 1
    server.until("plan/breaches", lambda told: told["items"])
    (row,) = server.command("plan", "breaches")
    assert (row["source"], row["event"], row["mode"]) == ("planned", "Coupon Used", "strict")
    assert server.person("user_id:plan-lin")
    assert server.command("plan", "restore", "0")["version"] == 2


def test_what_was_refused_is_mended_and_comes_in_once(own_server: Server, tmp_path: Path) -> None:
    key = own_server.source("ward")
    when = ago(hours=2)
    bad = [bought(f"ward-{n}", "tomorrow?", 100, userId="ward-lin") for n in range(3)]
    wrong = track("ordercompleted", "ward-3", when, userId="ward-lin", properties={"price": "80"})
    assert len(own_server.send(key, *bad, wrong)["rejected"]) == 3
    own_server.until("quarantine?source=ward", lambda told: len(told["items"]) == 3)
    time_fix = ("--source", "ward", "--fix", f"time {when}")
    tried = own_server.command("quarantine", "fix", *time_fix)
    assert tried["verdicts"] == {"accepted": 3}
    first, last = (
        own_server.command("quarantine", "list", "--source", "ward")[n]["id"] for n in (2, 0)
    )
    assert (
        own_server.command("quarantine", "replay", "--id", first, *time_fix[2:])["looked_at"] == 1
    )
    warm = own_server.person("user_id:ward-lin")
    done = own_server.command("quarantine", "drop", "--id", last, "--why", "a test order")
    assert done == {"dropped": 1, "why": "a test order"}
    assert own_server.command("quarantine", "replay", *time_fix)["verdicts"] == {"accepted": 1}
    again = own_server.command("quarantine", "replay", *time_fix)
    assert (again["looked_at"], again["verdicts"]) == (0, {})
    hotter = own_server.person("user_id:ward-lin")
    assert hotter["temperature"] > warm["temperature"]
    assert hotter["events"] == 3
    sheet = tmp_path / "ward.csv"
    own_server.command(
        "quarantine", "export", "--source", "ward", "--status", "any", "-o", str(sheet)
    )
    assert sheet.read_text("utf-8-sig").count("ward-") >= 3
    own_server.stop()
    own_server.start()
    assert own_server.person("user_id:ward-lin")["events"] == 3
    assert own_server.get("quarantine", source="ward")["items"] == []


def test_a_mail_scanner_warms_nobody(server: Server) -> None:
    key = server.source("mailing")
    mail = {"email_id": "spring", "campaign_name": "Spring"}

    def click(message: str, second: float, link: str) -> dict[str, Any]:
        told = {**mail, "link_url": f"https://shop.example/{link}"}
        when = ago(minutes=30, seconds=-second)
        return track("Email Link Clicked", message, when, userId="gao", properties=told)

    server.send(
        key,
        track("Email Delivered", "sca-0", ago(minutes=30), userId="gao", properties=mail),
        *(click(f"sca-{n}", n, f"link-{n}") for n in (1, 2, 3)),
    )
    cold = server.person("user_id:gao", lambda found: found["events"] == 4 and found["never_warm"])
    assert cold["band"] == "cold"
    events = server.get("profiles/user_id:gao/timeline")["items"]
    assert [event["flagged"] for event in events] == ["machine", "machine", "machine", None]
    flags = [flag for flag in server.get("bots")["items"] if flag["identifier"] == "user_id:gao"]
    assert {flag["cause"] for flag in flags} == {"detector"}
    assert flags[0]["evidence"]["links"] == 3

    back = {"events": [{"source": "mailing", "message_id": "sca-3"}], "reason": "it was her"}
    assert server.api.post("/api/bots/unflag", json=back).status_code == 200
    assert not server.person("user_id:gao")["never_warm"]
    told = server.command("bots", "scan", "--days", "1")["suspects"]
    assert all(not one["events"] for one in told if one["identifier"] == "user_id:gao")


def test_our_own_test_account_is_no_customer(server: Server) -> None:
    key = server.source("robot")
    server.send(key, *(bought(f"rob-{n}", ago(hours=n), 500, userId="qa-robot") for n in range(5)))
    hot = server.person("user_id:qa-robot", lambda found: found["band"] == "hot")
    server.command("bots", "flag", "user_id:qa-robot", "--reason", "our own test account")
    cold = server.person("user_id:qa-robot")
    assert (cold["band"], cold["flagged"][0]["reason"]) == ("cold", "our own test account")
    assert server.get("profiles/user_id:qa-robot/contributions")["items"] == []
    server.send(key, bought("rob-9", ago(hours=0), 500, userId="qa-robot"))
    assert server.person("user_id:qa-robot", lambda found: found["events"] == 6)["band"] == "cold"
    server.command("bots", "unflag", "user_id:qa-robot")
    warm = server.person("user_id:qa-robot")
    assert warm["temperature"] >= hot["temperature"]
    assert warm["flagged"] == []
