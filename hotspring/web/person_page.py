"""The page that tells a person all that is held of them: plain, in two languages, no scripts."""

import html
import json
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from hotspring.web.person_words import FIELDS, TITLES, TRUTH, VALUES

STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:15px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;margin:2rem auto;max-width:56rem;"
    "padding:0 1rem;color:#1c2024;background:#fff}"
    "article{border:1px solid #d9d9e0;border-radius:6px;padding:.6rem .9rem;margin:.6rem 0}"
    "dl{display:grid;grid-template-columns:minmax(6rem,12rem) 1fr;gap:.15rem 1rem;margin:0}"
    "dt{color:#60646c}dd{margin:0;overflow-wrap:anywhere}dd dl{grid-column:1/-1}"
    "@media(prefers-color-scheme:dark){body{color:#edeef0;background:#111113}"
    "article{border-color:#43484e}dt{color:#b0b4ba}}"
    "@media(max-width:520px){dl{grid-template-columns:1fr}dd{margin:0 0 .4rem .8rem}}"
)
TABLES: Final = (
    "segments", "segment_history", "tags", "tag_history", "scores", "tiers", "tier_history",
    "groups", "trait_history", "consent", "consent_history", "merges", "suggestions", "decisions",
    "quarantine", "announcements", "imports", "audit",
)  # fmt: skip
MOMENT_LENGTH: Final = len("2026-01-01T00:00:00.000Z")
OWN: Final = frozenset(("properties", "context", "traits"))
"""Under these stand names that clients chose."""


class _Words:
    """What is called how on one page, and when it was by the pool's clock."""

    def __init__(self, lang: str, zone: zoneinfo.ZoneInfo) -> None:
        self._at = 0 if lang == "zh" else 1
        self._zone = zone

    def title(self, name: str) -> str:
        return TITLES[name][self._at]

    def field(self, name: str) -> str:
        return FIELDS[name][self._at] if name in FIELDS else name

    def value(self, value: Any, own: bool) -> str:
        """One value as a text; what a client sent itself is shown as it came."""
        if isinstance(value, bool):
            return TRUTH[value][self._at]
        if not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False, default=str)
        if own:
            return value
        if value in VALUES:
            return VALUES[value][self._at]
        return self.moment(value) if len(value) == MOMENT_LENGTH else value

    def moment(self, text: str) -> str:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M:%S} ({self._zone.key})"


def page(
    facts: dict[str, Any],
    events: Iterable[list[dict[str, Any]]],
    lang: str,
    zone: zoneinfo.ZoneInfo,
) -> Iterator[bytes]:
    """The page in pieces, as they are read; times are those of `zone`."""
    words = _Words(lang, zone)
    profile = dict(facts["profile"])
    identifiers, traits = profile.pop("identifiers"), profile.pop("traits")
    code = "zh-CN" if lang == "zh" else "en"
    yield (
        f'<!doctype html><html lang="{code}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{words.title('title')}</title><style>{STYLE}</style>"
        f"<h1>{words.title('title')}</h1>"
        f"<p>{words.title('as_of')} {html.escape(words.moment(facts['as_of']))}</p>"
    ).encode()
    parts: list[tuple[str, list[dict[str, Any]]]] = [
        ("profile", [profile]),
        ("identifiers", [{one["kind"]: one["value"]} for one in identifiers]),
        ("names", [{"id": name} for name in facts["names"]]),
        ("traits", [{"name": name, **trait} for name, trait in traits.items()]),
        *((name, facts[name]) for name in TABLES),
    ]
    for name, rows in parts:
        told = "".join(_article(row, words) for row in rows) or words.title("empty")
        yield f"<h2>{words.title(name)}</h2>{told}".encode()
    yield f"<h2>{words.title('events')}</h2>".encode()
    some = False
    for rows in events:
        some = True
        yield "".join(_article(row, words) for row in rows).encode()
    yield (b"" if some else words.title("empty").encode()) + b"</html>"


def _article(row: Mapping[str, Any], words: _Words) -> str:
    return f"<article>{_told(row, words, own=False)}</article>"


def _told(row: Mapping[str, Any], words: _Words, own: bool) -> str:
    """The names and values of one record; `own` where a client chose them."""
    lines = []
    for name, value in row.items():
        if value is None or value in ("", {}, []):
            continue
        label = name if own else words.field(name)
        # The value of a trait is the client's, whatever it looks like.
        theirs = own or name in OWN or (name == "value" and "name" in row)
        lines.append(f"<dt>{html.escape(label)}<dd>{_value(value, words, theirs)}")
    return f"<dl>{''.join(lines)}</dl>"


def _value(value: Any, words: _Words, own: bool) -> str:
    if isinstance(value, dict):
        return _told(value, words, own)
    if isinstance(value, list):
        return "<br>".join(_value(one, words, own) for one in value)
    return html.escape(words.value(value, own))
