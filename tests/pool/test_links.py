"""Links of an open pool: kept over a restart, and counted by the events of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspring.errors import Conflict, NotFound
from hotspring.event import Event, Flag
from tests.laws.folding import NOW, Folding


def opened(message: str, link: str, flags: Flag = Flag.PASSER_BY) -> Event:
    properties = f'{{"link":"{link}","code":"spring"}}'
    who = ("passer_by:" + "0" * 32,)
    return Event(
        message, "track", "Link Opened", NOW, who, hash(message) >> 2, properties, flags=int(flags)
    )


def test_links_are_kept_and_who_followed_them_is_counted(tmp_path: Path) -> None:
    said = {"name": "Poster", "target": "https://shop.example/", "code": "spring"}
    with Folding(tmp_path) as pool:
        pool.app.start()
        links = pool.app.pool.links
        made = links.save("", said, "ops")
        with pytest.raises(Conflict, match="'Poster' has the code spring"):
            links.save("", {**said, "name": "Else"}, "ops")
        # Without a code it keeps the one that is printed.
        again = links.save(made["id"], {**said, "code": "", "staff": "lin"}, "ops")
        assert (again["code"], again["staff"], again["opened"]) == ("spring", "lin", 0)
        people = [opened("o1", made["id"]), opened("o2", made["id"])]
        links.opened([*people, opened("o3", made["id"], Flag.PASSER_BY | Flag.BOT)], NOW)
        links.opened(people[:1], NOW)
        pool.app.catch_up()
        assert links.one(made["id"])["opened"] == 2
        assert pool.app.pool.status()["profiles"] == 0
        pool.close()
    with Folding(tmp_path) as pool:
        (one,) = pool.app.pool.links.all()
        assert (one["opened"], one["last_opened_at"]) == (2, "2025-10-09T08:53:20.000Z")
        assert pool.app.pool.links.coded("spring").id == made["id"]
        with pytest.raises(NotFound):
            pool.app.pool.links.coded("autumn")
