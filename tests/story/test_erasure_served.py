"""A served pool forgets a person: by two commands, while events come, also when it is killed."""

from __future__ import annotations

import subprocess
from typing import Any

from tests.story.conftest import COMMAND, ENVIRONMENT, Server
from tests.story.test_erasure import LIN, tell_tales

KEY = f"user_id:{LIN['user']}"


def message(name: str, user: str, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Product Viewed", "messageId": name, "userId": user, **more}


def test_a_person_is_forgotten_while_the_server_runs(own_server: Server) -> None:
    server = own_server
    key = server.source("shop")
    home = {"properties": {"address": LIN["address"]}}
    lin = [
        message("one", LIN["user"], **home),
        {"type": "identify", "messageId": "two", "userId": LIN["user"],
         "traits": {"email": LIN["mail"], "phone": "13800138000", "name": LIN["name"]}},
        message("bad", LIN["user"], timestamp="never", context={"ip": LIN["ip"]}),
    ]  # fmt: skip
    assert server.send(key, *lin, message("other", "wang"))["accepted"] == 3
    server.person(KEY)
    told = server.command("erase", KEY)
    assert (told["events"], told["quarantined"]) == (2, 1)
    assert server.person(KEY), "the first step changes nothing"
    done = server.command("erase", KEY, "--confirm", told["confirm"])
    assert done["state"] == "done"
    assert server.api.get(f"/api/profiles/{KEY}").status_code == 404
    answer = server.send(key, *lin, message("again", "wang"))
    assert [row["reason"] for row in answer["rejected"]] == ["erased"] * 3
    assert answer["accepted"] == 1
    server.until("status", lambda status: status["events"] == 2)
    assert tell_tales(server.folder) == {}
    assert server.command("rebuild")["same"]
    server.stop()
    assert tell_tales(server.folder) == {}

    server.start()
    assert server.command("readmit", f"email:{LIN['mail']}")["identifiers"] == 3
    server.until("erasures", lambda told: told["items"][0]["kind"] == "readmit")
    assert server.person("user_id:wang")["events"] == 2


def test_a_server_killed_while_it_erases_goes_on_when_it_starts(own_server: Server) -> None:
    server = own_server
    key = server.source("shop")
    server.send(key, message("one", LIN["user"]), message("other", "wang"))
    server.person(KEY)
    told = server.command("erase", KEY)
    words = [*COMMAND, "erase", KEY, "--confirm", told["confirm"], "--data", str(server.folder)]
    erasing = subprocess.Popen(
        words, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server.until("erasures", lambda told: told["items"])
    # On a slow machine the kill may come after the end; `test_erasure` stops at exact moments.
    server.kill()
    erasing.wait()
    server.start()
    server.until("erasures", lambda told: told["items"][0]["state"] == "done")
    assert tell_tales(server.folder) == {}
