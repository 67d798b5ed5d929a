"""What the clients of Sensors Analytics (神策) send."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from hotspring.collect import SourceFacts, Unreadable
from hotspring.collect.body import checksum
from hotspring.event import Event, Flag
from tests.collect.clients import BROWSER, JUDGE, LIMIT, NOW, packed, record, send, sensors


def only(**fields: Any) -> Event:
    """The one event of one record."""
    (event,), refused = sensors(record(**fields))
    assert refused == []
    return event


def plainly(records: object) -> bytes:
    """base64(JSON), as the JavaScript client writes it."""
    return base64.b64encode(json.dumps(records, ensure_ascii=False).encode())


def test_the_python_client() -> None:
    body = b"data=" + quote(packed(python_record()), safe="").encode() + b"&gzip=1"
    (event,), refused = send("/sa", body, b"project=shop")
    assert refused == []
    assert (event.type, event.name, event.ms) == ("track", "ViewProduct", NOW - 1000)
    assert event.ids == ("user_id:u-1",)
    assert event.channel == "server"
    again, _ = send("/debug", body, received_ms=NOW + 5000)
    assert again[0].message_id == event.message_id
    assert again[0].content == event.content


def python_record() -> dict[str, Any]:
    lib = {"$lib": "python", "$lib_version": "1.11.0", "$lib_method": "code"}
    return {
        "type": "track", "event": "ViewProduct", "time": NOW - 1000, "distinct_id": "u-1",
        "lib": lib, "properties": {**lib, "$is_login_id": True, "price": 12}, "_flush_time": NOW,
    }  # fmt: skip


def javascript_record() -> dict[str, Any]:
    return {
        "identities": {"$identity_cookie_id": "c-1"}, "distinct_id": "c-1",
        "lib": {"$lib": "js", "$lib_method": "code", "$lib_version": "1.27.11"},
        "properties": {
            "$lib": "js", "$url": "https://shop.example/热", "$title": "热泉", "$referrer": "",
            "$utm_source": "wechat", "$os": "Windows", "$is_first_day": True,
        },
        "anonymous_id": "c-1", "type": "track", "event": "$pageview", "time": NOW - 20,
        "_track_id": 918273645, "_flush_time": NOW - 10,
    }  # fmt: skip


@pytest.mark.parametrize("way", ["image", "ajax", "beacon", "batch"])
def test_the_javascript_client(way: str) -> None:
    data = plainly([javascript_record()] if way == "batch" else javascript_record())
    name = "data_list" if way == "batch" else "data"
    form = f"{name}={quote(data, safe='')}&ext={quote(f'crc={checksum(data)}', safe='')}".encode()
    headers = {"user-agent": BROWSER}
    if way == "image":
        events, refused = send("/sa.gif", b"", b"project=shop&" + form, headers)
    else:
        events, refused = send("/sa.gif", form, b"project=shop", headers)
    assert refused == []
    (event,) = events
    assert (event.type, event.name) == ("page", "Page Viewed")
    assert event.ids == ("anonymous_id:c-1",)
    assert event.message_id == f"918273645.{NOW - 20}"
    assert (event.channel, event.device, event.flags) == ("web", "desktop", 0)
    kept = json.loads(event.context)
    assert kept["campaign"] == {"source": "wechat"}
    assert kept["page"] == {"url": "https://shop.example/热", "title": "热泉"}
    assert json.loads(event.properties)["$url"] == "https://shop.example/热"


def test_the_mini_program_client() -> None:
    record = {
        "type": "track", "event": "$MPViewScreen", "time": NOW - 5, "_track_id": 5,
        "distinct_id": "mp-1", "anonymous_id": "mp-1", "_flush_time": NOW,
        "identities": {
            "$identity_mp_id": "mp-1", "$identity_mp_openid": "oA",
            "$identity_mp_wx12_openid": "oB", "$identity_mp_unionid": "uA",
        },
        "lib": {"$lib": "MiniProgram"},
        "properties": {"$lib": "MiniProgram", "$url_path": "pages/index"},
    }  # fmt: skip
    body = b"data_list=" + quote(packed([record]), safe="").encode() + b"&gzip=1"
    (event,), _ = send("/sa", body, headers={"content-type": "text/plain"})
    assert (event.type, event.name, event.channel) == ("screen", "Screen Viewed", "miniprogram")
    assert event.ids == ("openid@mp:oA", "openid@wx12:oB", "anonymous_id:mp-1", "unionid:uA")


def test_the_crawler_that_runs_scripts_is_a_machine() -> None:
    crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    (event,), _ = sensors(javascript_record(), headers={"user-agent": crawler})
    assert event.flags == Flag.BOT
    # A server library names itself in the header: that tells nothing about the person.
    (event,), _ = sensors(record(), headers={"user-agent": "python-requests/2.32"})
    assert event.flags == 0


def test_plus_signs_that_became_spaces_are_mended() -> None:
    data = plainly({**javascript_record(), "properties": {"a": "~~~>>>???" * 9}})
    assert b"+" in data
    form = b"data=" + data.replace(b"+", b" ") + b"&ext=crc%3D" + str(checksum(data)).encode()
    assert len(send("/sa.gif", b"", form)[0]) == 1
    assert len(send("/sa.gif", form)[0]) == 1


def test_a_wrong_checksum_is_no_body() -> None:
    data = plainly(javascript_record())
    with pytest.raises(Unreadable) as caught:
        send("/sa.gif", b"", b"data=" + quote(data, safe="").encode() + b"&ext=crc%3D17")
    assert (caught.value.status, caught.value.reason) == (400, "bad_crc")


def test_json_without_base64_is_read_too() -> None:
    text = json.dumps(record())
    for body in (text.encode(), b"data=" + quote(text, safe="").encode()):
        assert len(send("/sa", body)[0]) == 1


def test_project_and_token_select_the_source() -> None:
    decode = JUDGE.protocols["/sa"].decode
    form = b"data_list=" + quote(packed([record()]), safe="").encode()
    envelope = decode("/sa", b"project=shop&token=k1", {}, form, LIMIT)
    assert (envelope.project, envelope.write_key) == ("shop", "k1")
    basic = {"authorization": "Basic " + base64.b64encode(b"k2:").decode()}
    assert decode("/sa", b"project=shop&token=k1", basic, form, LIMIT).write_key == "k2"
    assert JUDGE.protocols["/sa.gif"].methods == {"GET", "POST"}
    assert JUDGE.protocols["/sa"].never_refuse


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({"distinct_id": "a-1"}, ("anonymous_id:a-1",)),
        ({"distinct_id": "u-1", "properties": {"$is_login_id": True}}, ("user_id:u-1",)),
        ({"distinct_id": "u-1", "login_id": "u-1", "anonymous_id": "a-1"},
         ("user_id:u-1", "anonymous_id:a-1")),
        ({"identities": {"$identity_login_id": "u-1", "$identity_mobile": "138 0013 8000",
                         "$identity_email": "A@b.cn", "$identity_idfv": "D-1"}},
         ("user_id:u-1", "device_id:D-1", "email:a@b.cn", "phone:+8613800138000")),
        ({"identities": {"$identity_cookie_id": ["c-1", "c-2"], "card": "9", "$identity_x": "y"}},
         ("card:9", "anonymous_id:c-1", "anonymous_id:c-2")),
        ({"type": "track_signup", "distinct_id": "u-1", "original_id": "a-1", "event": "$SignUp"},
         ("user_id:u-1", "anonymous_id:a-1", "anonymous_id:u-1")),
        ({"distinct_id": "a-1", "properties": {"$device_id": "D-2"}},
         ("anonymous_id:a-1", "device_id:D-2")),
    ],
)  # fmt: skip
def test_identifiers_of_a_record(fields: dict[str, Any], ids: tuple[str, ...]) -> None:
    assert only(**fields).ids == ids


@pytest.mark.parametrize(
    ("kind", "properties", "operations"),
    [
        ("profile_set", {"city": "杭州"}, {"set": {"city": "杭州"}}),
        ("profile_set_once", {"first": 1}, {"set_once": {"first": 1}}),
        ("profile_increment", {"points": 5}, {"increment": {"points": 5}}),
        ("profile_append", {"tags": ["a"]}, {"append": {"tags": ["a"]}}),
        ("profile_unset", {"city": True, "age": True}, {"unset": ["age", "city"]}),
        ("profile_delete", {}, {"delete": True}),
    ],
)
def test_profile_records_are_trait_operations(
    kind: str, properties: dict[str, Any], operations: dict[str, Any]
) -> None:
    event = only(type=kind, event=None, login_id="u-1", properties=properties)
    assert (event.type, event.name, event.properties) == ("identify", "Identified", "{}")
    assert json.loads(event.traits) == operations


def test_a_profile_record_names_the_person_like_an_identify_call() -> None:
    event = only(type="profile_set", login_id="u-1", properties={"phone": 13800138000})
    assert event.ids == ("user_id:u-1", "phone:+8613800138000")


def test_bind_and_unbind() -> None:
    told = {"$identity_login_id": "u-1", "$identity_mobile": "13800138000"}
    for kind, name in (("bind", "Identifier Bound"), ("unbind", "Identifier Unbound")):
        event = only(type=f"track_id_{kind}", event="$BindID", identities=told)
        assert (event.type, event.name) == (kind, name)
        assert event.ids == ("user_id:u-1", "phone:+8613800138000")


def test_an_unbind_names_what_it_parts_and_not_who_is_signed_in() -> None:
    event = only(
        type="track_id_unbind", event="$UnbindID", login_id="u-1", anonymous_id="a-1",
        identities={"$identity_mobile": "13800138000"}, properties={"$device_id": "D-1"},
    )  # fmt: skip
    assert event.ids == ("phone:+8613800138000",)


def test_an_unbind_of_two_of_which_one_is_not_understood_parts_nothing() -> None:
    told = {"$identity_login_id": "u-1", "$identity_x": "y"}
    events, (refused,) = sensors(record(type="track_id_unbind", identities=told))
    assert events == []
    assert refused.reason == "no_identifier"


def test_an_unbind_of_two_of_which_one_is_unfit_parts_nothing() -> None:
    told = {"$identity_login_id": "u-1", "$identity_mobile": "null"}
    events, (refused,) = sensors(record(type="track_id_unbind", identities=told))
    assert events == []
    assert refused.reason == "no_identifier"


def test_a_sign_up_is_a_bind_of_one_record() -> None:
    event = only(type="track_signup", distinct_id="u-1", original_id="a-1", event="$SignUp")
    assert (event.type, event.name) == ("bind", "Identifier Bound")


def test_names_of_presets_are_translated_and_others_kept() -> None:
    events, _ = sensors(
        *(record(event=name) for name in ("$AppViewScreen", "$WebClick", "下单", "$pageview"))
    )
    assert [event.name for event in events] == ["Screen Viewed", "$WebClick", "下单", "Page Viewed"]


def test_personal_presets_are_used_and_not_kept() -> None:
    preset = {"$ip": "198.51.100.1", "$latitude": 30.25, "$longitude": 120.16, "$imei": "8", "a": 1}
    event = only(properties=preset)
    assert json.loads(event.properties) == {"a": 1}
    assert "198.51" not in event.context


def test_the_time_of_flushing_corrects_the_clock() -> None:
    hour = 3_600_000
    event = only(time=NOW - 3 * hour, _flush_time=NOW - 2 * hour)
    assert (event.ms, event.flags) == (NOW - hour, Flag.SKEW_CORRECTED)


def test_a_bad_record_leaves_the_others_alone() -> None:
    bad = [5, record(type="item_set"), record(event=None), record(time="x"), record(type=None)]
    events, refused = sensors(record(), *bad, record(_track_id=7), source=SourceFacts("s", True))
    assert [event.flags for event in events] == [Flag.PUBLIC, Flag.PUBLIC]
    assert [one.index for one in refused] == [1, 2, 3, 4, 5]
    assert refused[1].message_id == f"123456789.{NOW - 1000}"
    assert json.loads(refused[1].body)["type"] == "item_set"
    nan = json.dumps([record(), record(properties={"a": float("nan")})])
    events, refused = send("/sa", b"data_list=" + quote(base64.b64encode(nan.encode())).encode())
    assert (len(events), [one.reason for one in refused]) == (1, ["bad_json"])


@pytest.mark.parametrize(
    "body",
    [b"", b"gzip=1", b"data=", b"data=%%%%", b"data=" + base64.b64encode(b"hello"),
     b"data=" + base64.b64encode(b"\x1f\x8b half"), b"data=" + base64.b64encode(b'{"type":')],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_400(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        send("/sa", body)
    assert caught.value.status == 400
