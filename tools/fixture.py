"""Writes tests/data/folders/VERSION.zip: a small pool as this version leaves it, and what it tells.

Run it once for each release, when the version number is final and before the next one is begun. A
fixture is never written again by a later version: it stands for what people have on their disks.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring import __version__
from hotspring.app import App
from hotspring.delivery import pack
from hotspring.event import Command, Delivery, Event, Flag, Place, Refused
from hotspring.journal import COMMAND, DELIVERY, Record
from hotspring.privacy import Access, Audit
from hotspring.settings import Settings
from hotspring.temperature import RuleSet

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDERS: Final = ROOT / "tests/data/folders"
START: Final = 1_767_225_600_000
"""2026-01-01 UTC."""
DAY: Final = 86_400_000
LATER: Final = START + 60 * DAY
PEOPLE: Final = 12
NAMES: Final = ("Product Viewed", "Product Added", "Order Completed", "Signed In", "Order Refunded")
LEFT_OUT: Final = ("lock",)


def events(day: int) -> list[Event]:
    """What happened on this day: views before a sign-in, orders, shared devices, phones."""
    told = []
    for person in range(PEOPLE):
        if (day + person) % 3:
            continue
        user, device = f"user_id:u{person}", f"anonymous_id:a{person % 7}"
        ids = (device,) if (day + person) % 2 else (user, device)
        if day % 5 == 0 and person % 4 == 0:
            ids = (user, f"phone:+86138{person:08d}", f"email:p{person // 2}@example.com")
        name = NAMES[(day + person) % len(NAMES)]
        ms = START + day * DAY + person * 600_000
        told.append(
            Event(
                message_id=f"m{day}-{person}",
                type="track",
                name=name,
                ms=ms,
                ids=ids,
                content=day * 1_000 + person,
                properties=json.dumps({"product_id": f"s{person}", "quantity": day % 3 + 1}),
                channel="web" if person % 2 else "app",
                device="mobile",
                flags=int(Flag.BOT) if person == 11 else 0,
                place=Place(120.15, 30.28, "gps", 20.0, 330106) if person == 3 else None,
                amount=99.5 + person if name.startswith("Order") else None,
                currency="CNY",
            )
        )
    traits = '{"city":"杭州","vip":true}' if day % 2 else '{"city":"上海"}'
    told.append(
        Event(f"i{day}", "identify", "", START + day * DAY, ("user_id:u1",), day, traits=traits)
    )
    return told


def write(folder: Path) -> None:
    """Make the pool: blocks of two seals, a snapshot between, and a tail only the journal holds."""
    app = App(folder, Settings(journal_megabytes=1))
    try:
        access = Access(app.operations, Audit(app.operations, lambda: START), lambda: START)
        access.create_source("shop", by="fixture", datum="gcj02", project="production")
        access.create_token("reports", "viewer", by="fixture")
        for day in range(30):
            if day == 10:
                app.save()
            if day == 20:
                _decide(app, "rules", _warmer(app.pipeline.state.rules))
                app.seal()
            _deliver(app, day)
        _apply(app)
        _decide(app, "separate", {"id": "u_1", "a": ["user_id:u1"], "b": ["user_id:u2"]})
        flagged = {"identifiers": ["user_id:u5"], "events": [], "reason": "", "id": "f_1"}
        _decide(app, "flag", {**flagged, "verdict": "machine"})
        app.pipeline.announce(LATER, everyone=True)
        _apply(app)
    finally:
        app.abandon()


def told(app: App) -> dict[str, Any]:
    """What does this pool tell of itself, apart from what depends on the time of asking?"""
    _apply(app)
    pool = app.pool
    status = {
        name: pool.status()[name]
        for name in (
            "events", "profiles", "anonymous", "duplicates", "quarantined", "conflicts", "damaged",
            "timezone",
        )
    }  # fmt: skip
    past = pool.temperature(LATER)
    people = {}
    for row in sorted(pool.profiles(None, None, None, "temperature", 500, None)[0], key=_id):
        person = pool.profile(row["id"])
        people[row["id"]] = {
            "identifiers": sorted(f"{i['kind']}:{i['value']}" for i in person["identifiers"]),
            "traits": {name: trait["value"] for name, trait in person["traits"].items()},
            "events": person["events"],
            "first_seen": person["first_seen"],
            "curve": [
                round(point["temperature"], 2)
                for point in pool.curve(row["id"], START, LATER, 7)["points"]
            ],
            "merges": sorted(f"{m['a']} {m['b']}" for m in pool.merges(row["id"])["merges"]),
        }
    return {
        "status": status,
        "temperature": {name: past[name] for name in ("total", "bands", "cold", "anonymous")},
        "rules": [version["body"]["e_half"] for version in pool.rulebook.versions()],
        "people": people,
        "flags": [row["identifier"] for row in pool.flags(100, None)[0]],
        "announcements": sorted(row["id"] for row in pool.announcements(500, None)[0]),
        "sources": [source.name for source in app.operations.sources()],
        "tokens": [token.name for token in app.operations.tokens()],
        "audit": sorted(entry.action for entry in app.operations.audit(100)),
    }


def _id(row: dict[str, Any]) -> str:
    return str(row["id"])


def _warmer(rules: RuleSet) -> Any:
    return msgspec.to_builtins(msgspec.structs.replace(rules, e_half=rules.e_half / 2))


def _deliver(app: App, day: int) -> None:
    received = START + day * DAY + DAY // 2
    refused = (
        [Refused(0, f"r{day}", "bad_timestamp", "no time", '{"event":"x"}')] if day < 3 else []
    )
    body = pack(Delivery("shop", received, events(day), refused))
    app.journal.append([Record(DELIVERY, received, body, len(events(day)))])
    if day == 4:
        app.journal.append([Record(DELIVERY, received, body, len(events(day)))])
    _apply(app)


def _decide(app: App, kind: str, body: Any) -> None:
    text = msgspec.json.encode(body).decode()
    command = msgspec.msgpack.encode(Command(kind, LATER, "fixture", text))
    app.journal.append([Record(COMMAND, LATER, command)])
    _apply(app)


def _apply(app: App) -> None:
    while app.pipeline.step():
        pass


def main() -> None:
    FOLDERS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pool"
        write(folder)
        with zipfile.ZipFile(FOLDERS / f"{__version__}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name not in LEFT_OUT:
                    archive.write(path, path.relative_to(folder))
        app = App(folder)
        try:
            document = json.dumps(told(app), ensure_ascii=False, indent=1, sort_keys=True)
        finally:
            app.abandon()
        (FOLDERS / f"{__version__}.json").write_text(document + "\n", "utf-8")


if __name__ == "__main__":
    main()
