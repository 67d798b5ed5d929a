"""Two who change one thing: nobody writes over what the other made of it unseen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.conftest import Api

HOT = {"band": {"any_of": ["hot"]}}
KINDS: dict[str, dict[str, Any]] = {
    "segments": {"rule": HOT},
    "tags": {"kind": "hand"},
    "scores": {"lines": [{"points": 2, "rule": HOT}]},
    "tiers": {
        "tiers": [{"name": "Low"}, {"name": "High"}],
        "metrics": [{"measure": {"of": {"temperature": {}}}}], "cuts": [50],
    },
    "groups": {"rule": HOT, "weight": 3},
    "clusters": {"traits": [{"temperature": {}}, {"band": {}}]},
    "links": {"target": "https://shop.example/", "channel": "poster"},
    "reports": {"analysis": "funnel", "parameters": {"days": 7}},
    "dashboards": {"cards": [], "minutes": 5},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_else_changed_is_not_written_over_unseen(api: Api, kind: str) -> None:
    said = KINDS[kind]
    made = api.post(f"/api/{kind}", json={"name": "First", **said})
    assert made.status_code == 201, made.text
    place, read = f"/api/{kind}/{made.json()['id']}", made.json()["version"]
    ours = {"name": "Ours", **said, "version": read}
    assert api.send("PUT", place, json=ours).json()["version"] == read + 1
    theirs = api.send("PUT", place, json={**ours, "name": "Theirs"})
    assert (theirs.status_code, theirs.json()["code"]) == (409, "changed")
    assert "'Ours' was changed meanwhile by" in theirs.json()["detail"]
    shown = api.get(place).json()
    assert (shown["name"], shown["version"]) == ("Ours", read + 1)
    after = api.send("PUT", place, json={**ours, "name": "Theirs", "version": read + 1})
    assert after.json()["name"] == "Theirs"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("reports", "dashboards")])
def test_a_script_that_names_no_version_changes_any(api: Api, kind: str) -> None:
    made = api.post(f"/api/{kind}", json={"name": "First", **KINDS[kind]}).json()
    for name in ("Second", "Third"):
        saved = api.send("PUT", f"/api/{kind}/{made['id']}", json={"name": name, **KINDS[kind]})
        assert (saved.status_code, saved.json()["name"]) == (200, name)
