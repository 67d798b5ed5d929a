"""Files that are sent, looked at, corrected, tried and imported: sent once, gone in the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotspring.errors import ImportRefused, NotFound
from hotspring.pool import staging as module
from tests.laws.folding import Folding
from tests.laws.test_erasure_laws import erase

ORDERS = (
    "订单号,手机,成交时间,实付,备注\n"
    "o1,13800138000,2026-01-05 10:00,59,a\no2,13800138001,2026-01-06,9,b\n"
)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Folding]:
    with Folding(tmp_path / "pool") as pool:
        yield pool


def send(pool: Folding, text: str | bytes, name: str = "orders.csv") -> dict[str, Any]:
    folder = pool.app.folder / "imports"
    folder.mkdir(exist_ok=True)
    path = folder / f"0123{Path(name).suffix}"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return pool.app.pool.stage(path, name)


def there(pool: Folding) -> list[str]:
    return sorted(path.name for path in (pool.app.folder / "imports").glob("staged-*"))


def run(pool: Folding, file: str, **options: Any) -> dict[str, Any]:
    job = pool.app.pool.import_staged(file, {"preset": "orders", **options}, "ann")
    end = time.monotonic() + 60
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < end
        pool.apply()
        time.sleep(0.01)
        job = pool.app.pool.import_job(job["id"])
    return job


def test_a_file_is_looked_at_corrected_tried_and_imported(pool: Folding) -> None:
    sent = send(pool, ORDERS)
    assert (sent["name"], sent["preset"], sent["fits"][0]) == ("orders.csv", "orders", "orders")
    assert sent["columns"] == ["订单号", "手机", "成交时间", "实付", "备注"]
    assert [row["实付"] for row in sent["rows"]] == ["59", "9"]
    mapping = {line["field"]: line["column"] for line in sent["mapping"]}
    assert (mapping["phone"], mapping["order_id"]) == ("手机", "订单号")
    corrected = pool.app.pool.staged(
        sent["file"], {"preset": "orders", "map": {"order_id": "备注", "amount": "="}}
    )
    lines = {line["field"]: line for line in corrected["mapping"]}
    assert (lines["order_id"]["column"], lines["order_id"]["how"]) == ("备注", "given")
    tried = run(pool, sent["file"], dry_run=True)
    assert (tried["state"], tried["name"], tried["report"]["events"]) == ("done", "orders.csv", 2)
    assert pool.app.pool.status()["events"] == 0
    assert there(pool)
    done = run(pool, sent["file"])
    assert (done["state"], done["by"]) == ("done", "ann")
    assert pool.app.pool.status()["events"] == 2
    assert there(pool) == []
    with pytest.raises(NotFound):
        pool.app.pool.staged(sent["file"], {"preset": ""})


def test_what_a_mapping_lacks_is_told_and_not_run(pool: Folding) -> None:
    sent = send(pool, "x,y\n1,2\n")
    assert sent["fits"] == []
    assert (sent["lacks"], sent["identifiers"]) == (["name", "time"], [])
    assert sent["preset"] == "events"
    with pytest.raises(ImportRefused, match="no column was found"):
        run(pool, sent["file"])
    with pytest.raises(ImportRefused, match="there is no field 'nothing'"):
        pool.app.pool.staged(sent["file"], {"preset": "events", "map": {"nothing": "x"}})
    with pytest.raises(ImportRefused, match="there is no preset"):
        pool.app.pool.staged(sent["file"], {"preset": "wishes"})
    pool.app.pool.drop_staged(sent["file"])
    assert there(pool) == []


def test_what_a_file_does_without_is_told(pool: Folding) -> None:
    head, row = "order_id,user_id,created_at", "1,u1,2026-01-01 10:00:00"
    wanting = {
        (f"{head}\n{row}\n"): ["amount", "place"],
        (f"{head},total\n{row},5\n"): ["place"],
        (f"{head},price,city\n{row},5,杭州\n"): [],
    }
    for text, without in wanting.items():
        sent = send(pool, text)
        assert (sent["preset"], sent["without"]) == ("orders", without)
        assert run(pool, sent["file"], dry_run=True)["report"]["without"] == without
    sent = send(pool, "user_id,name\nu1,Ann\n")
    assert pool.app.pool.staged(sent["file"], {"preset": "profiles"})["without"] == ["place"]


def test_orders_are_known_for_orders_where_nobody_is_named(pool: Folding) -> None:
    sent = send(pool, "order_id,total,province,created_at\n1,5,浙江省,2026-01-01 10:00:00\n")
    assert (sent["preset"], sent["fits"], sent["lacks"]) == ("orders", [], [])
    assert sent["identifiers"] == []
    each = {"order_id": "order_id", "anonymous_id": "order_id"}
    corrected = pool.app.pool.staged(sent["file"], {"preset": "orders", "map": each})
    assert corrected["identifiers"] == ["anonymous_id"]
    lines = {line["field"]: line["column"] for line in corrected["mapping"]}
    assert lines["order_id"] == lines["anonymous_id"] == "order_id"
    assert run(pool, sent["file"], map=each)["report"]["events"] == 1


def test_what_is_no_table_is_not_kept(pool: Folding) -> None:
    with pytest.raises(ImportRefused, match=r"^page\.csv is a page or XML"):
        send(pool, "<html></html>", "page.csv")
    assert there(pool) == []


def test_only_the_latest_files_wait(pool: Folding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    first, *_ = [send(pool, ORDERS) for _ in range(3)]
    assert len(there(pool)) == 2
    with pytest.raises(NotFound):
        pool.app.pool.drop_staged(first["file"])


def test_an_erasure_and_a_restart_leave_none(pool: Folding, tmp_path: Path) -> None:
    first = send(pool, ORDERS)
    run(pool, send(pool, ORDERS)["file"])
    erase(pool, "phone:+8613800138000")
    pool.app.erase()
    assert there(pool) == []
    with pytest.raises(NotFound):
        pool.app.pool.staged(first["file"], {"preset": ""})
    send(pool, ORDERS)
    pool.crash()
    with Folding(tmp_path / "pool") as again:
        assert there(again) == []


def test_cells_are_shown_as_they_can_be_told(pool: Folding) -> None:
    sent = send(
        pool, f'{{"a": 1.5, "b": null, "c": "{"x" * 500}", "d": [1], "e": true}}\n', "a.jsonl"
    )
    (row,) = sent["rows"]
    assert len(row["c"]) == module.LONGEST
    assert row["b"] is None
