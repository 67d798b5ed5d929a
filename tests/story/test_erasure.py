"""Who asks to be forgotten is: no byte of the folder tells, and nothing brings them back."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import time
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hotspring.app import restored
from hotspring.backup import Maker
from hotspring.delivery import pack
from hotspring.errors import BadRequest, Conflict, FolderError, NotFound
from hotspring.event import Delivery, Event, Flag, Place, Refused
from hotspring.journal import DELIVERY, Record
from tests.laws.folding import DAY, NOW, Folding

CODEC = pa.Codec("zstd")
FRAME = b"\x28\xb5\x2f\xfd"
LIN = {
    "user": "lin-secret-7001", "phone": "+8613800138000", "mail": "lin.secret@example.com",
    "browser": "browser-of-lin-1", "name": "Lin Daiyu-Secret", "address": "Bamboo Lodge 7-Secret",
    "ip": "203.0.113.77", "order": "order-of-lin-4711",
}  # fmt: skip
KEY = f"user_id:{LIN['user']}"
IDS = (KEY, f"anonymous_id:{LIN['browser']}", f"email:{LIN['mail']}", f"phone:{LIN['phone']}")
TABLET = "device_id:tablet-in-shop"


def event(message: str, *ids: str, **more: Any) -> Event:
    given = {"type": "track", "name": "Product Viewed", "ms": NOW, "content": 1, **more}
    return Event(message_id=message, ids=ids, **given)


def of_lin() -> list[Event]:
    traits = {"set": {"name": LIN["name"], "address": LIN["address"]}}
    consent = {"decisions": [{"purpose": "sms", "given": True, "proof": f"by {LIN['name']}"}]}
    return [
        event("lin-1", *IDS, type="identify", traits=json.dumps(traits)),
        event("lin-2", KEY, name="Order Completed", amount=9e3, properties=json.dumps(
            {"order": LIN["order"], "ship_to": LIN["address"]}
        ), place=Place(121.4711, 31.2322, "gps", 9.0, 310101)),
        event("lin-3", IDS[1], ms=NOW - DAY, context=json.dumps({"page": f"/u/{LIN['user']}"})),
        event("lin-4", KEY, type="consent", properties=json.dumps(consent)),
        event("lin-5", IDS[3], flags=int(Flag.IMPORTED), name=f"{LIN['name']} called"),
        event("lin-6-tablet", KEY, TABLET, ms=NOW - 2 * DAY),
        event("lin-7-tablet-alone-" + LIN["order"], TABLET, ms=NOW - 2 * DAY + 1),
    ]  # fmt: skip


def of_others() -> list[Event]:
    return [
        event("wang-1", "user_id:wang", "phone:+8613900139000", amount=5e3, name="Order Completed"),
        event("wang-2", "user_id:wang", TABLET, ms=NOW - DAY),
        event("wang-3", TABLET, ms=NOW - DAY + 1, name="Product Added"),
        event("mei-1", "anonymous_id:mei"),
    ]


def refused() -> list[Refused]:
    bodies = [
        {"type": "track", "userId": LIN["user"], "context": {"ip": LIN["ip"]}, "timestamp": "?"},
        {"type": "identify", "traits": {"phone": "138 0013 8000", "name": LIN["name"]}},
        {"type": "track", "userId": "wang", "timestamp": "?"},
    ]
    return [
        Refused(n, f"refused-{n}", "bad_timestamp", "why", json.dumps(body))
        for n, body in enumerate(bodies)
    ]


def fill(pool: Folding) -> None:
    """A pool in which Lin stands wherever a person can stand."""
    app = pool.app
    pool.deliver(of_others()[:2])
    for row in of_lin():
        pool.deliver([row])
    body = pack(Delivery("shop", NOW, [*of_others()[2:], *of_lin()[:2]], refused()))
    app.journal.append([Record(DELIVERY, NOW, body, 4)])
    pool.deliver([event("lin-1", *IDS, content=99, properties=json.dumps({"x": LIN["address"]}))])
    pool.apply()
    pool.command("join", {"id": "j1", "a": KEY, "b": "card:gold-card-of-lin"})
    pool.command("separate", {"id": "s1", "a": [KEY, IDS[2]], "b": ["user_id:wang"]})
    pool.command("refuse", {"id": "r1", "a": IDS[3], "b": "user_id:wang"})
    pool.command("flag", {"id": "f1", "identifiers": [IDS[1], "anonymous_id:mei"], "events": [
        {"source": "shop", "message_id": "lin-7-tablet-alone-" + LIN["order"], "subject": TABLET},
        {"source": "shop", "message_id": "wang-3", "subject": TABLET},
    ]})  # fmt: skip
    app.pipeline.announce(NOW, everyone=True)
    pool.apply()
    imports = app.folder / "imports"
    imports.mkdir(exist_ok=True)
    report = {"columns": [{"column": "Customer", "field": "user_id"}], "note": LIN["mail"]}
    job = app.operations.add_import(
        id="job1", preset="orders", name=f"{LIN['mail']}.csv", size=1, started_ms=NOW, by="me"
    )
    app.operations.change_import(job.id, state="done", report=json.dumps(report), finished_ms=NOW)
    rows = [
        ["row", "reason", "Customer", "Note"],
        ["1", "no timestamp", LIN["user"], "x"],
        ["2", "no timestamp", "wang", f"call {LIN['phone']}"],
        ["3", "bad price", "wang", ""],
    ]
    with (imports / "job1.rejects.csv").open("w", newline="", encoding="utf-8-sig") as out:
        csv.writer(out).writerows(rows)
    (imports / "cut-off-upload.csv").write_text(LIN["address"])


def secrets() -> list[bytes]:
    forms = [*LIN.values(), LIN["phone"].removeprefix("+86"), "138 0013 8000", "lin-7-tablet",
             "gold-card-of-lin"]  # fmt: skip
    return [form.encode() for form in forms]


def readable(folder: Path) -> dict[str, bytes]:
    """Every file of a folder as it lies there, and what is compressed in it, unpacked."""
    found: dict[str, bytes] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        raw, name = file.read_bytes(), str(file.relative_to(folder))
        found[name] = raw
        if file.suffix == ".parquet":
            table = pq.read_table(file)
            found[f"{name} rows"] = json.dumps(table.to_pylist(), default=str).encode()
            found[f"{name} text"] = "\n".join(
                str(value) for column in table.columns for value in column.to_pylist()
            ).encode()
        if name.startswith("journal/") and file.suffix == ".sqlite":
            with sqlite3.connect(file) as db:
                bodies = db.execute("select size, body from entry order by seq").fetchall()
            db.close()
            found[f"{name} bodies"] = b"\n".join(
                CODEC.decompress(body, decompressed_size=size, asbytes=True)
                if body.startswith(FRAME)
                else body
                for size, body in bodies
            )
        # What was let go of may still lie between the pages: whatever unpacks is looked at.
        at = raw.find(FRAME)
        while at >= 0:
            for size in (256, 4_096, 65_536):
                try:
                    body = CODEC.decompress(raw[at:], decompressed_size=size, asbytes=True)
                    found[f"{name} frame {at}"] = body
                    break
                except (OSError, pa.ArrowInvalid):
                    continue
            at = raw.find(FRAME, at + 1)
    return found


def tell_tales(folder: Path) -> dict[str, list[bytes]]:
    """Where does anything of Lin stand?"""
    tales = {}
    for name, content in readable(folder).items():
        escaped = content.replace(b"\\\\", b"\\")
        here = [text for text in secrets() if text in content or text in escaped]
        if here:
            tales[name] = here
    return tales


def asked_and_agreed(pool: Folding) -> dict[str, Any]:
    """Both steps, with commands applied in this thread."""
    erasures = pool.app.pool.erasures
    erasures._decide = lambda kind, body, by: pool.command(kind, json.loads(body))
    now = time.time_ns() // 1_000_000
    told = erasures.plan(KEY, now)
    erasures.confirm(KEY, told["confirm"], "officer", now)
    return told


@pytest.mark.parametrize("sealed", [False, True])
def test_no_byte_of_the_folder_tells(tmp_path: Path, sealed: bool) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        fill(pool)
        if sealed:
            pool.app.save()
            while pool.app._store.project():
                pass
            assert any(name.startswith("projections/") for name in tell_tales(folder))
        assert tell_tales(folder), "the search must be able to find something"
        others = {key: pool.app.pool.profile(key) for key in ("user_id:wang", "anonymous_id:mei")}
        told = asked_and_agreed(pool)
        assert told["events"] == 7
        assert {i["value"] for i in told["identifiers"]} >= {LIN["user"], LIN["phone"]}
        assert told["stays"] == []
        assert told["quarantined"] == 3
        pool.app.erase()
        assert pool.app.pool.erasures.all()[0]["state"] == "running"
        pool.apply()
        assert pool.app.pool.erasures.all()[0]["state"] == "done"
        assert tell_tales(folder) == {}
        for before in others.values():
            # By the name under which others know them, too.
            after = pool.app.pool.profile(before["id"])
            same = before.keys() - {"id", "as_of", "temperature", "next_band_at", "identifiers"}
            assert {n: after[n] for n in same} == {n: before[n] for n in same}
        with pytest.raises(NotFound):
            pool.app.pool.profile(KEY)
        assert pool.app.pipeline.replace_by_rebuild()
        assert [row["message_id"] for row in pool.app.pool.refusals.page({}, 9, None)[0]] == [
            "refused-2"
        ]
        rejects = (folder / "imports" / "job1.rejects.csv").read_text("utf-8-sig")
        assert [row["row"] for row in csv.DictReader(io.StringIO(rejects))] == ["3"]
        pool.app.save()
        assert tell_tales(folder) == {}
    with Folding(folder) as again:
        assert again.app.pool.profile("user_id:wang")["events"] == others["user_id:wang"]["events"]
        assert again.app.pipeline.replace_by_rebuild()
    assert tell_tales(folder) == {}


def test_nothing_brings_the_person_back_but_a_readmission(tmp_path: Path) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        fill(pool)
        asked_and_agreed(pool)
        pool.app.erase()
        pool.apply()
        events = pool.app.pool.status()["events"]
        # The same bodies again, an old file again, a body that nobody can read.
        pool.deliver([*of_lin()[:6], *of_others()])
        sheet = tmp_path / "orders.csv"
        sheet.write_text(
            "order,Customer,time,amount\n"
            f"9,{LIN['user']},2025-05-01 10:00:00,5\n"
            f"8,{LIN['user']},never,5\n"
            "7,mei,2025-05-01 10:00:00,5\n"
        )
        report = imported(pool, sheet)
        assert report["erased_rows"] == 2
        body = pack(Delivery("shop", NOW, [], refused()))
        pool.app.journal.append([Record(DELIVERY, NOW, body)])
        pool.apply()
        assert pool.app.pool.status()["events"] == events + 1
        rows, _ = pool.app.pool.refusals.page({"reason": "erased"}, 99, None)
        assert len(rows) == 8
        assert {(row["message_id"], row["body"]) for row in rows} == {("", "")}
        with pytest.raises(NotFound):
            pool.app.pool.profile(KEY)
        assert pool.app.pipeline.erasing.stains
        pool.app.erase()
        pool.app.save()
        assert tell_tales(folder) == {}
        assert pool.app.pipeline.replace_by_rebuild()

        pool.app.pool.erasures.readmit(f"email:{LIN['mail']}", "officer", NOW)
        pool.deliver([event("lin-again", *IDS)])
        assert pool.events_of(KEY) == ["lin-again"]
        assert pool.app.pipeline.replace_by_rebuild()
        pool.app.save()
        with pytest.raises(NotFound):
            pool.app.pool.erasures.readmit(KEY, "officer", NOW)
    with Folding(folder) as again:
        assert again.events_of(KEY) == ["lin-again"]
        assert again.app.pipeline.replace_by_rebuild()


def imported(pool: Folding, sheet: Path) -> dict[str, Any]:
    options = {"preset": "orders", "map": {"user_id": "Customer"}, "name": sheet.name}
    job = pool.app.pool.start_import(sheet, options, "me")
    while job["state"] in ("queued", "running"):
        pool.apply()
        time.sleep(0.01)
        job = pool.app.pool.import_job(job["id"])
    assert job["state"] == "done", job["report"]
    report: dict[str, Any] = job["report"]
    return report


@pytest.mark.parametrize("moment", ["told", "hidden", "snapshot", "journal", "files"])
def test_a_killed_erasure_is_completed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        fill(pool)
        pool.app.save()
        pool.deliver([event("lin-fresh", KEY)])
        if moment == "told":
            monkeypatch.setattr(type(pool), "apply", lambda self: None)
            with pytest.raises(NotFound):
                asked_and_agreed(pool)
            monkeypatch.undo()
        else:
            asked_and_agreed(pool)
        where = {
            "snapshot": (pool.app._store, "_commit"),
            "journal": (pool.app.journal, "rewrite"), "files": (pool.app._keeper._beyond, "files"),
        }.get(moment)  # fmt: skip
        if where is not None:
            killed(monkeypatch, *where)
            with pytest.raises(KeyboardInterrupt):
                pool.app.erase()
            monkeypatch.undo()
        pool.crash()
    with Folding(folder) as again:
        with pytest.raises(NotFound):
            again.app.pool.profile(KEY)
        assert again.app.pipeline.erasing.due
        again.app.erase()
        again.apply()
        assert again.app.pool.erasures.all()[0]["state"] == "done"
        assert tell_tales(folder) == {}
        assert again.app.pipeline.replace_by_rebuild()
        assert not list((folder / "erasures").iterdir())


def test_what_a_killed_process_meant_to_erase_is_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pool"
    with Folding(folder) as pool:
        fill(pool)
        killed(monkeypatch, pool.app.pool.erasures, "_decide")
        told = pool.app.pool.erasures.plan(KEY, NOW)
        with pytest.raises(KeyboardInterrupt):
            pool.app.pool.erasures.confirm(KEY, told["confirm"], "officer", NOW)
        (left,) = (folder / "erasures").iterdir()
        (folder / "erasures/e_2.json.new").write_bytes(left.read_bytes())
    with Folding(folder) as again:
        assert list((folder / "erasures").iterdir()) == [left], "its command may be on its way"
        again.app._keeper.tend()
        assert list((folder / "erasures").iterdir()) == []
        assert again.app.pool.profile(KEY)["events"]
        asked_and_agreed(again)
        again.crash()
    with Folding(folder) as last:
        last.app.pipeline.erasing.forget_left()
        last.app.erase()
        last.apply()
        assert last.app.pool.erasures.all()[0]["state"] == "done"
        assert tell_tales(folder) == {}


def killed(monkeypatch: pytest.MonkeyPatch, whose: Any, name: str) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(whose, name, die)


def test_only_what_was_told_is_done(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        fill(pool)
        erasures = pool.app.pool.erasures
        erasures._decide = lambda kind, body, by: pool.command(kind, json.loads(body))
        told = erasures.plan(KEY, NOW)
        with pytest.raises(BadRequest, match="no longer good"):
            erasures.confirm(KEY, told["confirm"], "me", NOW + 16 * 60_000)
        with pytest.raises(BadRequest, match="no confirmation"):
            erasures.confirm(KEY, "yes", "me", NOW)
        with pytest.raises(Conflict):
            erasures.confirm("user_id:wang", told["confirm"], "me", NOW)
        pool.deliver([event("new", KEY, "card:new-card-of-lin")])
        with pytest.raises(Conflict, match="other identifiers"):
            erasures.confirm(KEY, told["confirm"], "me", NOW)
        told = erasures.plan(KEY, NOW)

        def late(kind: str, body: str, by: str) -> None:
            pool.deliver([event("newer", KEY, "card:newer-card-of-lin")])
            pool.command(kind, json.loads(body))

        erasures._decide = late
        with pytest.raises(Conflict, match="very moment"):
            erasures.confirm(KEY, told["confirm"], "me", NOW)
        assert pool.app.pool.profile(KEY)["events"] == 9
        assert [row["state"] for row in erasures.all()] == ["void"]
        assert pool.app.pipeline.replace_by_rebuild()


def test_who_is_known_from_quarantine_alone_is_erased_from_there(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        body = pack(Delivery("shop", NOW, of_others(), refused()))
        pool.app.journal.append([Record(DELIVERY, NOW, body, 4)])
        pool.apply()
        told = asked_and_agreed(pool)
        assert (told["profile"], told["events"], told["quarantined"]) == (None, 0, 1)
        pool.app.erase()
        rows, _ = pool.app.pool.refusals.page({}, 9, None)
        assert [row["message_id"] for row in rows] == ["refused-2", "refused-1"]
        assert not any(LIN["user"].encode() in text for text in readable(tmp_path).values())


def test_an_older_copy_of_the_folder_forgets_too_when_it_is_opened(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "pool"
    with Folding(new) as pool:
        fill(pool)
        pool.app.save()
    shutil.copytree(new, old)
    with Folding(new) as pool:
        asked_and_agreed(pool)
        pool.app.erase()
    shutil.copy(new / "tombstones", old / "tombstones")
    with Folding(old) as pool:
        assert pool.app.pool.profile(KEY)
        pool.app.pipeline.repeat_erasures(NOW)
        pool.apply()
        with pytest.raises(NotFound):
            pool.app.pool.profile(KEY)
        pool.app.erase()
        pool.app.pipeline.repeat_erasures(NOW)
        assert not pool.app.pipeline.step() or not pool.app.pipeline.erasing.works
        assert tell_tales(old) == {}
        assert pool.app.pipeline.replace_by_rebuild()


def test_what_other_people_share_stays_with_them(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([
            event("a", "user_id:husband", "phone:+8613700137000", ms=NOW - DAY),
            event("b", "user_id:wife", "phone:+8613700137000"),
        ])  # fmt: skip
        erasures = pool.app.pool.erasures
        erasures._decide = lambda kind, body, by: pool.command(kind, json.loads(body))
        told = erasures.plan("user_id:husband", NOW)
        assert told["stays"] == [{"kind": "phone", "value": "+8613700137000"}]
        assert told["identifiers"] == [{"kind": "user_id", "value": "husband"}]
        erasures.confirm("user_id:husband", told["confirm"], "me", NOW)
        pool.deliver([event("c", "user_id:wife", "phone:+8613700137000", content=3)])
        assert pool.events_of("phone:+8613700137000") == ["b", "c"]


def test_the_journal_stays_whole(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        fill(pool)
        entries = {entry.seq: zlib.crc32(entry.body) for entry in pool.app.journal.read(0)}
        asked_and_agreed(pool)
        pool.app.erase()
        after = pool.app.journal.read(0)
        assert [entry.seq for entry in after] == list(range(1, len(after) + 1))
        assert pool.app.journal.check() == []
        assert any(zlib.crc32(entry.body) == entries.get(entry.seq) for entry in after)


def test_a_restored_backup_forgets_who_was_erased_since(tmp_path: Path) -> None:
    folder, safe, again = tmp_path / "pool", tmp_path / "safe", tmp_path / "again"
    with Folding(folder) as pool:
        fill(pool)
        app = pool.app
        Maker(folder, app._store, app.journal, app.operations).make(safe, 0, lambda share: None)
        asked_and_agreed(pool)
        app.erase()
    report = restored(safe, again, stones=folder / "tombstones")
    assert report["findings"] == []
    assert tell_tales(again) == {}
    with Folding(again) as pool:
        with pytest.raises(NotFound):
            pool.app.pool.profile(KEY)
        assert pool.app.pool.profile("user_id:wang")
        assert pool.app.pipeline.replace_by_rebuild()
    (tmp_path / "no-stones").write_text("nobody")
    with pytest.raises(FolderError, match="no file of tombstones"):
        restored(safe, tmp_path / "third", stones=tmp_path / "no-stones")
