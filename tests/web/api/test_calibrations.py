"""Calibrations over HTTP: asked for, followed, accepted, and written down."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.conftest import Api

ASKED = {"goal": "Order Completed", "horizon_days": 60, "cut": "2011-08-28"}


def test_a_calibration_is_followed_and_accepted(api: Api) -> None:
    made = api.post("/api/calibrations", "analyst", json=ASKED)
    assert made.status_code == 202
    job = made.json()
    assert (job["horizon_days"], job["share"], job["by"]) == (60.0, 0.05, "a-analyst")
    # The date begins in the zone of the pool.
    assert job["cut"] == "1314460800000"
    path = f"/api/calibrations/{job['id']}"
    done = api.get(path, "viewer").json()
    assert done["state"] == "done"
    assert set(done["result"]["auc"]) == {
        "temperature", "recency", "frequency", "rfm", "boosting",
    }  # fmt: skip
    told = api.get("/api/calibrations", "viewer").json()
    assert told["items"][0]["id"] == job["id"]
    assert told["first"] < told["last"]
    assert api.post(f"{path}/accept", "analyst").json()["accepted"] == 2
    assert api.pool.decided == [("accept", "a-analyst")]
    (started,) = api.audit("calibration.started")
    assert (started["actor"], started["subject"]) == ("a-analyst", "c0")
    (changed,) = api.audit("rules.changed")
    assert (changed["subject"], changed["detail"]) == ("2", {"calibration": "c0"})


def test_the_report_is_a_page_that_may_run_nothing(api: Api) -> None:
    api.post("/api/calibrations", json=ASKED)
    page = api.get("/api/calibrations/c0/report", "viewer")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "lang=zh" in page.text
    assert "lang=en" in api.get("/api/calibrations/c0/report?language=en").text
    assert api.get("/api/calibrations/c0/report?language=fr").status_code == 422


def test_what_cannot_be_learnt_is_said_with_advice(api: Api) -> None:
    thin = api.post("/api/calibrations", json=ASKED | {"goal": "Nothing"})
    assert (thin.status_code, thin.json()["detail"][:12]) == (422, "only 3 known")
    assert not api.audit("calibration.started")


@pytest.mark.parametrize(
    "wrong",
    [{"goal": ""}, {"horizon_days": 0}, {"cut": "soon"}, {"share": 0.9}, {"horizon_days": 1e9}],
)
def test_a_question_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    assert api.post("/api/calibrations", json=ASKED | wrong).status_code in (400, 422)


def test_a_calibration_that_ended_cannot_be_cancelled(api: Api) -> None:
    api.post("/api/calibrations", json=ASKED)
    api.get("/api/calibrations/c0")
    assert api.post("/api/calibrations/c0/cancel").status_code == 409
    assert api.get("/api/calibrations/none").status_code == 404
