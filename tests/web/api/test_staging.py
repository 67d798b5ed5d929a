"""Files over HTTP that are looked at before they are imported."""

from __future__ import annotations

from hotspring.errors import FolderError
from tests.web.api.conftest import Api

FILES = "/api/imports/files"


def test_a_file_is_sent_once_and_run(api: Api) -> None:
    sent = api.post(f"{FILES}?name=a.csv", content=b"a\n1\n")
    assert (sent.status_code, sent.json()["file"], sent.json()["name"]) == (201, "f0", "a.csv")
    looked = api.post(f"{FILES}/f0/look", json={"preset": "events", "map": {"time": "a"}})
    assert (looked.status_code, looked.json()["preset"]) == (200, "events")
    job = api.post(f"{FILES}/f0/run", json={"preset": "orders", "dry_run": True})
    assert job.status_code == 202
    assert api.audit("import.started")[0]["detail"] == {"preset": "orders", "dry_run": True}
    assert api.send("DELETE", f"{FILES}/f0").status_code == 204
    assert api.post(f"{FILES}/f0/look", json={}).status_code == 404
    assert list((api.folder / "imports").iterdir()) == [
        path for path in (api.folder / "imports").iterdir() if path.name.endswith(".csv")
    ]


def test_what_cannot_be_taken_is_told(api: Api) -> None:
    assert api.post(f"{FILES}?name=a.csv", content=b"").status_code == 400
    assert api.post(f"{FILES}?name=..%2Fa.csv", content=b"x").status_code == 400
    blank = api.post(f"{FILES}?name=a.csv", content=b" \n")
    assert (blank.status_code, blank.json()["detail"]) == (422, "a.csv holds no text")
    assert list((api.folder / "imports").iterdir()) == []
    api.post(f"{FILES}?name=a.csv", content=b"a\n1\n")
    for body in ({"preset": "wishes"}, {"tz": "Mars/Base"}, {"map": ["a"]}, {"map": {"a": 1}}):
        assert api.post(f"{FILES}/f0/look", json=body).status_code in (400, 422)
    assert api.post(f"{FILES}/f0/run", json={}).status_code == 422


def test_a_full_disk_is_told_and_leaves_nothing(api: Api, monkeypatch: object) -> None:
    def full(path: object, name: str) -> None:
        raise FolderError("the file cannot be kept: No space left on device")

    api.pool.stage = full  # type: ignore[method-assign, assignment]
    assert api.post(f"{FILES}?name=a.csv", content=b"a\n1\n").status_code == 503
    assert list((api.folder / "imports").iterdir()) == []
