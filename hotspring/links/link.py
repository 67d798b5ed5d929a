"""Short links: where they lead, and what whoever follows them is known to come by."""

from __future__ import annotations

import re
import secrets
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from hotspring.errors import BadRequest
from hotspring.named import LONGEST_NAME, LONGEST_TEXT, Book, Named

MOST: Final = 5_000
"""Links of one pool."""
OPENED: Final = "Link Opened"
"""The event that somebody followed a link."""
CODE: Final = re.compile(r"[A-Za-z0-9_-]{3,32}")
LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of codes that are drawn: none looks like another in print."""
DRAWN: Final = 7


class Link(Named, frozen=True):
    """The body of a `link` command."""

    target: str = ""
    """The page it leads to."""
    code: str = ""
    """The end of its address, drawn where it is empty."""
    channel: str = ""
    """Where it is put: a poster, a parcel, a group of WeCom."""
    staff: str = ""
    """Who of the staff hands it out."""

    def checked(self) -> Link:
        """The same, with a code. Raises `BadRequest` where it cannot be kept."""
        if self.code and not CODE.fullmatch(self.code):
            raise BadRequest("a code has 3 to 32 letters, digits, dashes and underscores")
        for word in (self.channel, self.staff):
            if len(word) > LONGEST_NAME or not word.isprintable():
                raise BadRequest(f"channel and staff are up to {LONGEST_NAME} plain characters")
        _leads_somewhere(self.target)
        drawn = "".join(secrets.choice(LETTERS) for _ in range(DRAWN))
        return msgspec.structs.replace(self, code=self.code or drawn)

    @property
    def campaign(self) -> dict[str, str]:
        """What whoever follows it is known to come by, in the words of Segment."""
        told = {"source": self.channel, "content": self.staff, "id": self.code}
        return {name: value for name, value in told.items() if value}

    @property
    def landing(self) -> str:
        """The target with the same as UTM parameters; what it says of them itself stands."""
        parts = urlsplit(self.target)
        said = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        more = {f"utm_{name}": value for name, value in self.campaign.items()}
        query = urlencode({name: value for name, value in more.items() if name not in said})
        whole = "&".join(part for part in (parts.query, query) if part)
        return parts._replace(query=whole).geturl()


def _leads_somewhere(target: str) -> None:
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    plain = target.isprintable() and " " not in target and "\\" not in target
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not plain:
        raise BadRequest("a link leads to a whole address that begins with http:// or https://")
    if len(target) > LONGEST_TEXT:
        raise BadRequest(f"the address of a page has at most {LONGEST_TEXT} characters")


def links() -> Book[Link]:
    """A book of links, still empty."""
    return Book("link", Link, MOST, lambda rule: rule)
