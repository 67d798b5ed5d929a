"""What has a name and is kept, over the API: found by name or id, saved, deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hotspring.cli import show
from hotspring.cli.client import Client
from hotspring.errors import BadRequest, NotFound


class Kind(NamedTuple):
    """What one is called, and where they are."""

    word: str
    path: str
    fields: tuple[str, ...]
    """What a file may say of it."""
    spoken: bool = True
    """Is something of it told in a language?"""

    def all(self, client: Client) -> list[dict[str, Any]]:
        """Every one of them, in English."""
        items: list[dict[str, Any]] = client.get(self.path + self._asked)["items"]
        return items

    def find(self, client: Client, name: str) -> dict[str, Any] | None:
        """The one with this name or id."""
        return next((one for one in self.all(client) if name in (one["id"], one["name"])), None)

    def one(self, client: Client, name: str) -> dict[str, Any]:
        """The same. Raises `NotFound`."""
        found = self.find(client, name)
        if found is None:
            raise NotFound(f"there is no {self.word} {name!r}")
        return found

    def save(
        self, client: Client, name: str, body: Any, rename: str | None, description: str | None
    ) -> Any:
        """Keep what a file says under this name; without a file what is there already."""
        found = self.find(client, name)
        if found is None and body is None:
            raise NotFound(f"there is no {self.word} {name!r}; with --file it is made")
        old = found or {"name": name, "description": ""}
        given = {
            **{field: old[field] for field in self.fields if field in old},
            **(body or {}),
            "name": rename or old["name"],
            "description": old["description"] if description is None else description,
        }
        if found is None:
            return client.post(self.path + self._asked, given)
        return client.put(f"{self.path}/{found['id']}{self._asked}", given)

    @property
    def _asked(self) -> str:
        return "?lang=en" if self.spoken else ""

    def delete(self, client: Client, name: str, as_json: bool) -> None:
        """Forget it, and say so."""
        gone = self.one(client, name)
        client.delete(f"{self.path}/{gone['id']}")
        if as_json:
            show.document({"deleted": gone["id"]})
        else:
            show.notes().print(f"{show.plain(gone['name'])} is deleted.")


def said(file: Path | None, fields: Sequence[str]) -> Any:
    """What a file says, as JSON: an object with some of these fields."""
    if file is None:
        return None
    if not file.is_file():
        raise BadRequest(f"there is no file {file}")
    try:
        body = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{file.name} is no JSON: {error}") from error
    if not isinstance(body, dict) or not set(body) <= {*fields, "name", "description"}:
        raise BadRequest(f"{file.name} is an object with {', '.join(fields)}")
    return {name: body[name] for name in fields if name in body}
