"""What is answered: shapes, problems, pages, tags, files."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspring.errors import Conflict, FolderInUse, HotspringError, JournalUnavailable
from hotspring.pool import iso
from hotspring.web.api.moments import to_ms
from hotspring.web.problems import CODES, OTHERS, STATUSES
from tests.shape.source import ROOT
from tests.web.api.conftest import Api

NAMED = {*CODES.values(), *OTHERS.values(), "failed"}

PERSON = "/api/profiles/user_id:u%2F1"


def test_status_and_temperature_have_their_promised_members(shared: Api) -> None:
    status = shared.get("/api/status").json()
    assert {"events", "profiles", "duplicates", "quarantined", "lag_seconds", "as_of"} <= set(
        status
    )
    reading = shared.get("/api/temperature").json()
    assert set(reading["bands"]) == {"hot", "warm", "cool", "cold"}
    assert set(reading["cold"]) == {"never_warm", "cooled"}
    assert {"as_of", "total", "anonymous"} <= set(reading)


def test_a_profile_is_opened_by_public_id_and_by_identifier(shared: Api) -> None:
    by_name = shared.get(PERSON).json()
    by_id = shared.get(f"/api/profiles/{by_name['id']}").json()
    assert by_name == by_id
    promised = {"id", "temperature", "band", "next_band", "next_band_at", "identifiers", "traits"}
    assert promised <= set(by_id)


@pytest.mark.parametrize("part", ["timeline", "temperature", "contributions", "merges", "consent"])
def test_the_parts_of_a_profile(shared: Api, part: str) -> None:
    assert shared.get(f"{PERSON}/{part}").status_code == 200
    unknown = shared.get(f"/api/profiles/user_id:nobody/{part}")
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "no profile has this identifier"


def test_rules_are_sent_back_as_they_were_read(api: Api) -> None:
    rules = api.get("/api/temperature/rules").json()
    assert (rules["version"], rules["e_half"]) == (1, 20.0)
    changed = api.send("PUT", "/api/temperature/rules", json={**rules, "e_half": 30.0})
    assert (changed.json()["version"], changed.json()["e_half"]) == (2, 30.0)
    refused = api.send("PUT", "/api/temperature/rules", json={"title": "x"})
    assert (refused.status_code, refused.json()["detail"]) == (422, "the rules cannot be read")
    versions = api.get("/api/temperature/rules/versions").json()["items"]
    assert [(v["version"], v["by"]) for v in versions] == [(2, "a-admin"), (1, "hotspring")]
    assert [e["subject"] for e in api.audit("rules.changed")] == ["2"]


def test_rules_are_previewed_accepted_compared_and_restored(api: Api) -> None:
    base = "/api/temperature/rules"
    body = api.get(base).json()
    started = api.post(f"{base}/previews", json={"rules": {**body, "e_half": 30.0}})
    assert started.status_code == 202
    preview = f"{base}/previews/{started.json()['id']}"
    assert api.get(preview).json()["result"]["moves"][0]["from"] == "cool"
    assert api.get(f"{base}/previews").json()["items"] == [api.get(preview).json()]
    assert api.post(f"{preview}/cancel").status_code == 409
    assert api.post(f"{preview}/accept").json()["e_half"] == 30.0
    assert api.get(f"{base}/versions/1/compare/2").json()["differences"] == [
        {"rule": "", "change": "changed", "fields": {"e_half": [20.0, 30.0]}}
    ]
    assert api.post(f"{base}/versions/1/restore").json()["version"] == 3
    assert api.get(f"{base}/versions/3").json()["e_half"] == 20.0
    assert [entry["detail"] for entry in api.audit("rules.changed")] == [
        {"restored": 1},
        {"preview": started.json()["id"]},
    ]


def test_rules_are_tested_on_one_profile_and_that_is_audited(api: Api) -> None:
    path = "/api/temperature/rules/test"
    found = api.post(path, "operator", json={"version": 1, "profile": "user_id:u/1"})
    assert (found.status_code, found.json()["tried"]["temperature"]) == (200, 2.0)
    for wrong in ({"profile": "user_id:u/1"}, {"version": 0, "profile": "x"}, {"rule": {}}):
        assert api.post(path, json=wrong).status_code in (400, 422)
    assert [e["detail"]["part"] for e in api.audit("profile.opened")] == ["rules"]


def test_a_merge_is_undone_and_the_undoing_taken_back(api: Api) -> None:
    done = api.post(f"{PERSON}/merges/m1/undo", "analyst")
    assert done.status_code == 200
    assert api.post(f"/api/commands/{done.json()['command']}/retract").status_code == 200
    assert api.pool.decided == [("undo", "a-analyst"), ("retract", "a-admin")]
    assert api.post(f"{PERSON}/merges/m9/undo").status_code == 404


# Problems


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/nothing", 404),
        ("/api/profiles?limit=0", 422),
        ("/api/profiles?limit=1001", 422),
        ("/api/profiles?band=boiling", 422),
        ("/api/profiles?sort=name", 422),
        ("/api/profiles?trait=city", 400),
        ("/api/profiles?cursor=%F0%9F%94%A5", 400),
        ("/api/audit?cursor=MQ==", 400),
        ("/api/audit?cursor=eA", 400),
        ("/api/temperature?at=yesterday", 400),
        ("/api/temperature?at=99999999999999999999", 400),
        (f"{PERSON}/temperature?from=2026-03-02&to=2026-03-01", 400),
        ("/api/imports/none", 404),
    ],
)
def test_every_error_is_a_problem(shared: Api, path: str, status: int) -> None:
    answer = shared.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].startswith("urn:hotspring:problem:")
    assert body["title"]
    assert body["code"] == OTHERS[status]


def test_every_code_of_an_error_is_documented_once_in_both_languages() -> None:
    for language in ("en", "zh"):
        guide = (ROOT / f"docs/{language}/guide/api.md").read_text("utf-8")
        assert [code for code in sorted(NAMED) if guide.count(f"`{code}`") != 1] == []
    assert set(STATUSES) == set(CODES)


def test_a_wrong_method_is_a_problem(shared: Api) -> None:
    answer = shared.send("PATCH", "/api/status")
    assert (answer.status_code, answer.json()["status"]) == (405, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("taken"), 409),
        (FolderInUse(), 409),
        (JournalUnavailable("disk full"), 503),
        (HotspringError("secret +8613800138000"), 500),
        (RuntimeError("secret +8613800138000"), 500),
    ],
)
def test_errors_of_the_pool_are_told_by_their_kind(
    api: Api, error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    api.pool.fault = error
    answer = api.get("/api/status")
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    if status == 500:
        assert "secret" not in answer.text
    else:
        assert answer.json()["detail"] == str(error)
    if status == 503:
        assert int(answer.headers["retry-after"]) > 0


# Pages


@settings(max_examples=15, deadline=None)
@given(limit=st.integers(1, 30), band=st.sampled_from([None, "hot", "cold"]))
def test_pages_hold_each_entry_once_and_in_order(shared: Api, limit: int, band: str | None) -> None:
    params: dict[str, Any] = {"limit": limit, **({"band": band} if band else {})}
    seen, cursor = [], None
    while True:
        page = shared.get(
            "/api/profiles", params={**params, **({"cursor": cursor} if cursor else {})}
        )
        items, cursor = page.json()["items"], page.json()["next"]
        assert len(items) == limit or cursor is None
        seen += [item["id"] for item in items]
        if cursor is None:
            break
    whole, _ = shared.pool.profiles(None, None, band, "temperature", 100, None)
    assert seen == [row["id"] for row in whole]


def test_the_audit_log_is_paged_while_it_grows(api: Api) -> None:
    for n in range(9):
        api.post("/api/sources", json={"name": f"s{n}"})
    first = api.get("/api/audit?action=source.created&limit=4").json()
    api.post("/api/sources", json={"name": "later"})
    names = [entry["subject"] for entry in first["items"]]
    cursor = first["next"]
    while cursor:
        page = api.get(f"/api/audit?action=source.created&limit=4&cursor={cursor}").json()
        names += [entry["subject"] for entry in page["items"]]
        cursor = page["next"]
    assert names == [f"s{n}" for n in range(8, -1, -1)]


# Entity tags

TAGGED = [
    "/api/status",
    "/api/temperature",
    "/api/temperature/rules",
    "/api/profiles",
    PERSON,
    f"{PERSON}/timeline",
    f"{PERSON}/merges",
    "/api/quarantine",
    "/api/imports",
    "/api/sources",
]


@pytest.mark.parametrize("path", TAGGED)
def test_who_has_the_answer_gets_304(shared: Api, path: str) -> None:
    tag = shared.get(path).headers["etag"]
    for held in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = shared.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert shared.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert shared.get(path, None, headers={"If-None-Match": tag}).status_code == 401
    assert "private" in shared.get(path).headers["cache-control"]


def test_tags_change_with_the_pool_with_time_and_with_the_question(api: Api) -> None:
    def known(path: str, tag: str) -> bool:
        return api.get(path, headers={"If-None-Match": tag}).status_code == 304

    reading, merges = (api.get(path).headers["etag"] for path in ("/api/temperature", PERSON))
    timeline = api.get(f"{PERSON}/timeline").headers["etag"]
    assert not known("/api/temperature?at=2026-01-01", reading)
    api.now[0] += 5_000
    assert not known("/api/temperature", reading)
    assert not known(PERSON, merges)
    assert known(f"{PERSON}/timeline", timeline)
    api.pool.version += 1
    assert not known(f"{PERSON}/timeline", timeline)
    sources = api.get("/api/sources").headers["etag"]
    assert known("/api/sources", sources)
    api.post("/api/sources", json={"name": "new"})
    assert not known("/api/sources", sources)


# Files


def test_a_file_is_taken_in_as_it_comes_and_reported(api: Api) -> None:
    body = b"a,b\n" * 70_000
    query = "preset=orders&name=lines.csv.gz&map=user_id%3DCustomer%20ID,total%3Dx&tz=Europe/London"
    started = api.post(f"/api/imports?{query}&dry_run=true", content=body)
    assert started.status_code == 202
    job = started.json()
    assert api.pool.received[job["id"]] == body
    assert job["options"] == {
        "preset": "orders", "name": "lines.csv.gz", "source": "import",
        "map": {"user_id": "Customer ID", "total": "x"}, "tz": "Europe/London", "sheet": "",
        "drop_duplicates": False, "dry_run": True,
    }  # fmt: skip
    done = api.get(f"/api/imports/{job['id']}").json()
    assert (done["state"], done["report"]["rejected"]) == ("done", {"no_identifier": 1})
    assert [entry["subject"] for entry in api.audit("import.started")] == [job["id"]]
    assert [path.suffixes for path in (api.folder / "imports").iterdir()] == [[".csv", ".gz"]]
    assert api.post(f"/api/imports/{job['id']}/cancel").status_code == 409


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("preset=orders&name=a.csv", b"", 400),
        ("preset=orders&name=a.csv", b"refuse me", 422),
        ("preset=orders&name=../a.csv", b"x", 400),
        ("preset=orders&name=a.csv&tz=Mars/Base", b"x", 400),
        ("preset=orders&name=a.csv&map=nonsense", b"x", 400),
        ("preset=poems&name=a.csv", b"x", 422),
        ("preset=orders", b"x", 422),
    ],
)
def test_a_refused_file_leaves_nothing_behind(
    api: Api, query: str, body: bytes, status: int
) -> None:
    assert api.post(f"/api/imports?{query}", content=body).status_code == status
    assert not list(api.folder.glob("imports/*"))


def test_rejected_rows_come_as_a_file(api: Api, tmp_path: Path) -> None:
    job = api.post("/api/imports?preset=orders&name=a.csv", content=b"x").json()
    assert api.get(f"/api/imports/{job['id']}/rejects").status_code == 404
    api.pool.rejects = tmp_path / "rejects.csv"
    api.pool.rejects.write_text("row,reason\n")
    assert api.get(f"/api/imports/{job['id']}/rejects").text == "row,reason\n"


def test_profiles_are_exported_as_csv_and_as_lines(shared: Api) -> None:
    sheet = shared.get("/api/export/profiles?format=csv").content
    assert sheet.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    lines = [
        json.loads(line)
        for line in shared.get("/api/export/profiles?format=jsonl").text.splitlines()
    ]
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert len(rows) == 25
    assert rows[3]["identifiers"] == "user_id:u/3"
    assert json.loads(rows[3]["traits"]) == {"city": "杭州"}
    assert float(rows[3]["temperature"]) == lines[3]["temperature"]
    hot = shared.get("/api/export/profiles?format=jsonl&band=hot").text.splitlines()
    assert {json.loads(line)["band"] for line in hot} == {"hot"}
    assert shared.audit("profile.exported")[0]["detail"] == {"band": "hot"}


def test_a_person_gets_all_that_is_held_to_read_and_for_programs(api: Api) -> None:
    answer = api.get(f"{PERSON}/export", "analyst")
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert told["profile"] == api.pool.profile("user_id:u/1")
    assert [event["properties"] for event in told["events"]] == [{"n": 1}] * 3
    for lang, word in (("zh", "事件"), ("en", "Events")):
        page = api.get(f"{PERSON}/export?format=html&lang={lang}", "analyst")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert word in page.text
        assert "杭州" in page.text
        assert "<script>" not in page.text
        assert page.text.count("&lt;script&gt;") == 3
    log = api.audit("person.exported")
    assert len(log) == 3
    assert all(entry["subject"].startswith("h_") for entry in log)
    assert api.get("/api/profiles/user_id:nobody/export").status_code == 404


def test_what_names_nobody_is_exported_with_what_is_kept(api: Api) -> None:
    query = "/api/export/deidentified?what=events&keep=city,%20sku&time=hour"
    sheet = list(csv.reader(io.StringIO(api.get(query, "analyst").text.removeprefix("\ufeff"))))
    assert sheet[0][-2:] == ["city", "sku"]
    assert sheet[1][-2:] == ["'=x", "'=x"]
    lines = api.get(f"{query}&format=jsonl", "analyst").text.splitlines()
    assert [json.loads(line)["hours"] for line in lines] == [True, True]
    assert api.get("/api/export/deidentified?what=events&keep=person").status_code == 400
    detail = api.audit("pool.deidentified")[0]["detail"]
    assert detail["keep"] == ["city", "sku"]


def test_owners_of_events_are_exported_and_that_is_told(api: Api) -> None:
    found = api.get("/api/export/owners", "analyst")
    assert found.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(io.BytesIO(found.content)).to_pylist() == [{"origin_id": 7}]
    assert len(api.audit("owners.exported")) == 1


def test_an_erasure_is_told_then_agreed_to(api: Api) -> None:
    told = api.post("/api/erasures/plan", json={"key": "user_id:u/1"}).json()
    agreed = {"key": "user_id:u/1", "confirm": told["confirm"]}
    assert api.post("/api/erasures", json={**agreed, "confirm": "no"}).status_code == 400
    assert api.get("/api/erasures").json() == {"items": []}
    done = api.post("/api/erasures", json=agreed)
    assert (done.status_code, done.json()["state"]) == (202, "running")
    assert api.get(f"/api/erasures/{done.json()['id']}").json()["state"] == "done"
    assert api.post("/api/readmissions", json={"key": "user_id:u/1"}).json()["kind"] == "readmit"
    assert [row["kind"] for row in api.get("/api/erasures").json()["items"]] == [
        "readmit", "erase",
    ]  # fmt: skip
    log = [entry["action"] for entry in api.audit() if "token" not in entry["action"]]
    assert log == ["person.readmitted", "person.erased", "erasure.planned"]
    everything = b"".join(path.read_bytes() for path in api.folder.glob("operations.db*"))
    assert b"u/1" not in everything


# What is written down


def test_who_looked_at_whom_is_told_apart_without_naming_anyone(api: Api) -> None:
    api.get("/api/profiles?q=phone:%2B8613800138000", "operator")
    api.get("/api/profiles?trait=mobile:13800138000", "operator")
    api.get(PERSON, "operator")
    api.get(f"{PERSON}/timeline", "operator")
    api.get("/api/quarantine", "analyst")
    log = api.audit()
    opened = [entry for entry in log if entry["action"] == "profile.opened"]
    assert {entry["actor"] for entry in opened} == {"a-operator"}
    assert len(api.audit("profile.searched")) == 2
    assert len(api.audit("quarantine.read")) == 1
    assert all(entry["subject"].startswith("h_") for entry in opened)
    assert "13800138000" not in json.dumps(log)
    everything = b"".join(path.read_bytes() for path in api.folder.glob("operations.db*"))
    assert b"13800138000" not in everything
    assert b"p_00000" not in everything


def test_wrong_tokens_neither_flood_the_log_nor_go_unseen(api: Api) -> None:
    for _ in range(50):
        api.get("/api/status", "hs_wrong")
    assert [entry["detail"]["count"] for entry in api.audit("sign_in.failed")] == [1]
    api.now[0] += 60_000
    api.get("/api/status", None)
    assert [entry["detail"]["count"] for entry in api.audit("sign_in.failed")] == [50, 1]
    api.get("/api/sources", "viewer")
    denied = api.audit("access.denied")[0]
    assert (denied["actor"], denied["subject"]) == ("a-viewer", "manage_access")


def test_keys_and_tokens_are_told_once_and_kept_nowhere(
    api: Api, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("DEBUG"):
        key = api.post("/api/sources", json={"name": "web", "project": "default"}).json()[
            "write_key"
        ]
        made = api.post("/api/tokens", json={"name": "bi", "role": "viewer"}).json()
        listed = api.get("/api/sources").text + api.get("/api/tokens").text
        api.get("/api/status", made["token"])
    assert key.startswith("wk_")
    assert made["token"].startswith("hs_")
    everything = b"".join(path.read_bytes() for path in api.folder.rglob("*") if path.is_file())
    told = listed + caplog.text + "".join(capfd.readouterr())
    for secret in (key, made["token"], *api.tokens.values()):
        assert secret.encode() not in everything
        assert secret not in told
    assert "key_hash" not in listed
    assert "token_hash" not in listed


def test_metrics_name_routes_and_never_paths(api: Api) -> None:
    api.get(PERSON)
    api.get("/api/nothing/phone:13800138000")
    text = api.get("/metrics").text
    assert 'hotspring_api_requests_total{method="GET",route="/api/profiles/{key:path}"' in text
    assert "hotspring_events 10.0" in text
    assert 'hotspring_profiles_in_band{band="hot"} 1.0' in text
    assert 'hotspring_pipeline_seconds_total{step="warm"} 1.5' in text
    assert "13800138000" not in text
    assert "user_id" not in text


# Moments


@given(st.integers(0, 253_402_300_799_999))
def test_a_moment_is_read_as_it_was_written(ms: int) -> None:
    assert to_ms(iso(ms) or "") == ms
    assert to_ms(str(ms)) == ms


def test_moments_may_name_a_zone_or_take_that_of_the_pool(shared: Api) -> None:
    def read(text: str) -> str:
        at = urllib.parse.quote(text)
        as_of: str = shared.get(f"/api/temperature?at={at}").json()["as_of"]
        return as_of

    midnight = str(1_772_294_400_000)
    assert read("2026-03-01") == midnight
    assert read("2026-03-01T00:00:00+08:00") == midnight
    assert read("2026-02-28T16:00:00Z") == midnight
    assert shared.get("/api/temperature?at=2026-03-01T00:00:00+08:00").json()["as_of"] == midnight


def test_the_audit_log_is_narrowed_and_taken_away(api: Api) -> None:
    for name in ("one", "two"):
        api.post("/api/sources", json={"name": name})
    about = api.get("/api/audit?about=one").json()["items"]
    assert [(e["action"], e["subject"]) for e in about] == [("source.created", "one")]
    (actor,) = {e["actor"] for e in about}
    assert len(api.get(f"/api/audit?action=source.created&actor={actor}").json()["items"]) == 2
    assert api.get("/api/audit?actor=nobody").json()["items"] == []
    assert api.get("/api/audit?until=2001-01-01").json()["items"] == []
    assert api.get("/api/audit?since=2001-01-01&about=two").json()["items"][0]["subject"] == "two"
    lines = api.get("/api/export/audit?action=source.created&format=csv").text.splitlines()
    assert len(lines) == 3
    assert lines[1].split(",")[4] == "two"
    assert [e["subject"] for e in api.audit("audit.exported")] == ["csv"]
