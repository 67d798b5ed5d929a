"""Clicks of mail scanners lose their heat by themselves, and a replay repeats it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from hotspring.event import Event, Flag
from hotspring.settings import Settings
from tests.laws.folding import NOW, Folding, same_warmth


def mail(name: str, second: float, link: str = "", who: str = "user_id:lin") -> Event:
    properties = {"email_id": "spring", "link_url": link} if link else {"email_id": "spring"}
    return Event(
        f"{name} {second} {link} {who}", "track", name, NOW + round(second * 1000), (who,), 1,
        properties=msgspec.json.encode(properties).decode(),
    )  # fmt: skip


SCAN = [
    mail("Email Delivered", 0),
    mail("Email Link Clicked", 1, "a"),
    mail("Email Link Clicked", 1.5, "b"),
]
REAL = mail("Email Link Clicked", 900, "a")


def verdicts(pool: Folding) -> dict[str, str | None]:
    told, _ = pool.app.pool.timeline("user_id:lin", 50, None)
    return {event["message_id"]: event["flagged"] for event in told}


def look(pool: Folding, now: int = NOW + 1_000_000) -> None:
    pool.app.pipeline.detect(now)
    pool.apply()


@pytest.mark.parametrize("sealed", [False, True])
def test_a_scanner_is_flagged_once_and_for_all(tmp_path: Path, sealed: bool) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([*SCAN, REAL], received=NOW + 900_000)
        if sealed:
            pool.app.seal()
        look(pool)
        told = verdicts(pool)
        assert [told[event.message_id] for event in (*SCAN, REAL)] == [
            None, "machine", "machine", None,
        ]  # fmt: skip
        head, before = pool.app.journal.head(), pool.warmth()
        look(pool, NOW + 1_100_000)
        assert pool.app.journal.head() == head
        (flag, _), _ = pool.app.pool.flags(9, None)
        assert (flag["cause"], flag["by"], flag["reason"]) == ("detector", "pool", "mail scanner")
        assert flag["evidence"]["links"] == 2
    with Folding(tmp_path / "pool") as pool:
        assert same_warmth(pool.warmth(), before)
        assert pool.app.pipeline.replace_by_rebuild()


def test_what_a_person_took_back_is_not_flagged_again(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver(SCAN, received=NOW)
        look(pool, NOW + 10_000)
        click = {"source": "shop", "message_id": SCAN[1].message_id, "subject": "user_id:lin"}
        pool.command("unflag", {"id": "u", "events": [click]})
        head = pool.app.journal.head()
        look(pool, NOW + 20_000)
        assert pool.app.journal.head() == head
        assert verdicts(pool)[SCAN[1].message_id] is None
        assert verdicts(pool)[SCAN[2].message_id] == "machine"


def test_a_late_delivery_is_enough(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool") as pool:
        pool.deliver([SCAN[1]], received=NOW)
        look(pool, NOW + 5_000)
        assert verdicts(pool) == {SCAN[1].message_id: None}
        pool.deliver([SCAN[0]], received=NOW + 60_000)
        look(pool, NOW + 60_000)
        assert verdicts(pool)[SCAN[1].message_id] == "machine"


def test_switched_off_it_only_answers(tmp_path: Path) -> None:
    with Folding(tmp_path / "pool", Settings(mail_scanners="off")) as pool:
        pool.deliver(SCAN, received=NOW)
        look(pool)
        assert set(verdicts(pool).values()) == {None}
        found = pool.app.pool.suspects(36_500)
        assert [(one["kind"], one["flaggable"]) for one in found] == [("mail_scanner", True)]
        assert found[0]["identifier"] == "user_id:lin"
        assert found[0]["profile"] == pool.app.pool.profile("user_id:lin")["id"]


def test_a_robot_is_suspected_and_never_flagged(tmp_path: Path) -> None:
    ticks = [
        Event(
            f"t{n}",
            "page",
            "Page Viewed",
            NOW + n * 60_000,
            ("anonymous_id:bot",),
            n,
            channel="web",
        )
        for n in range(60)
    ]
    with Folding(tmp_path / "pool") as pool:
        pool.deliver(ticks)
        look(pool)
        (robot,) = pool.app.pool.suspects(36_500)
        assert (robot["kind"], robot["identifier"]) == ("robot", "anonymous_id:bot")
        pool.command("flag", {"id": "f", "identifiers": ["anonymous_id:bot"]})
        assert pool.app.pool.suspects(36_500) == []


def test_without_clicks_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Folding(tmp_path / "pool") as pool:
        look(pool)
        pool.deliver([mail("Email Delivered", 0), mail("Email Opened", 2)])
        asked: list[str] = []
        monkeypatch.setattr(pool.app.pipeline.detector, "_ask", lambda sql, _: asked.append(sql))
        look(pool)
        assert asked == []


def test_a_file_of_old_mails_is_looked_at_only_when_asked(tmp_path: Path) -> None:
    old = [msgspec.structs.replace(event, flags=int(Flag.IMPORTED)) for event in SCAN]
    with Folding(tmp_path / "pool") as pool:
        pool.deliver(old)
        look(pool)
        assert set(verdicts(pool).values()) == {None}
        assert [one["flaggable"] for one in pool.app.pool.suspects(36_500)] == [True]
