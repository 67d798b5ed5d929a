"""What a pool is told before it starts: from file, environment and flags, read once."""

from __future__ import annotations

import os
import tomllib
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from hotspring.errors import SettingsError

PREFIX: Final = "HOTSPRING_"
FILE: Final = "hotspring.toml"


LEAST: Final = {
    "duplicate_days": 1,
    "journal_days": 0,
    "journal_megabytes": 1,
    "max_body_megabytes": 1,
    "max_event_kilobytes": 1,
    "future_hours": 0,
    "oldest_year": 1970,
    "requests_per_second": 0,
    "seal_events": 1,
    "snapshot_events": 1,
    "announce_degrees": 0.0,
    "sweep_seconds": 1.0,
}
"""The smallest value that makes sense, by setting."""


class IdentifierKind(msgspec.Struct, frozen=True):
    """One kind of identifier: how strong it is, how it is written, how many people it may join."""

    name: str
    strong: bool
    """A strong kind names a person; a weak one a device or a browser."""
    form: str
    """`phone` (E.164), `email` (case-folded) or `text` (trimmed)."""
    limit: int
    """With more people (distinct user_ids, for devices distinct persons) a value joins nobody."""
    claim: bool = False
    """Anyone may type it in: with a public write key it joins no two known people, it suggests."""
    scoped: bool = False
    """Only unique within an app or corporation: written `kind@scope`."""


IDENTIFIER_KINDS: Final = (
    IdentifierKind("user_id", strong=True, form="text", limit=1),
    IdentifierKind("external_userid", strong=True, form="text", limit=3, scoped=True),
    IdentifierKind("openid", strong=True, form="text", limit=3, scoped=True),
    IdentifierKind("card", strong=True, form="text", limit=3),
    IdentifierKind("anonymous_id", strong=False, form="text", limit=10),
    IdentifierKind("device_id", strong=False, form="text", limit=10),
    IdentifierKind("unionid", strong=True, form="text", limit=3, claim=True),
    IdentifierKind("email", strong=True, form="email", limit=3, claim=True),
    IdentifierKind("phone", strong=True, form="phone", limit=3, claim=True),
)
"""In the order in which the subject of an event is chosen: accounts first, claims last."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of one pool, with their defaults."""

    timezone: str = "Asia/Shanghai"
    """The zone of the pool's days."""
    currency: str = "CNY"
    phone_region: str = "CN"
    identifier_kinds: tuple[IdentifierKind, ...] = IDENTIFIER_KINDS
    junk_identifiers: tuple[str, ...] = (
        "null", "undefined", "none", "nil", "nan", "n/a", "na", "0", "-1", "unknown", "anonymous",
        "guest", "test", "true", "false", "[object object]",
        "00000000-0000-0000-0000-000000000000",
    )  # fmt: skip
    duplicate_days: int = 7
    journal_days: int = 7
    journal_megabytes: int = 256
    """A journal file is closed once it is this large."""
    max_body_megabytes: int = 10
    """Of one request, after decompression."""
    max_event_kilobytes: int = 256
    future_hours: int = 24
    """Times further ahead of the clock are refused."""
    oldest_year: int = 2000
    requests_per_second: int = 0
    """Per source; 0 sets no limit."""
    cors_origins: tuple[str, ...] = ("*",)
    region_file: str = ""
    """Path of an ip2region xdb file; empty: no place from IP addresses."""
    outlines_file: str = ""
    """Path of district outlines that replace those shipped."""
    trust_forwarded_for: bool = False
    """Take the client's address from X-Forwarded-For: only behind a proxy of your own."""
    seal_events: int = 500_000
    """The fresh tail is written as a block once it holds this many events."""
    snapshot_events: int = 2_000_000
    announce_degrees: float = 1.0
    """Dead zone around a threshold before a change of band is announced, in degrees."""
    sweep_seconds: float = 10.0
    """How often the pool looks for profiles that cooled in silence."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


def read(folder: Path, flags: Mapping[str, Any] | None = None) -> Settings:
    """What are the settings of the pool in `folder`?

    Later sources win: defaults, `hotspring.toml` in the folder, `HOTSPRING_NAME` in the
    environment (JSON for lists and numbers), `flags`. Raises `SettingsError` that names the
    setting and where it came from.
    """
    values: dict[str, Any] = {}
    file = folder / FILE
    if file.exists():
        try:
            values.update(tomllib.loads(file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: {error}") from error
    for name in Settings.__struct_fields__:
        text = os.environ.get(PREFIX + name.upper())
        if text is not None:
            values[name] = _value(text)
    values.update({k: v for k, v in (flags or {}).items() if v is not None})
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings of {folder}: {error}") from error
    for name, least in LEAST.items():
        if getattr(settings, name) < least:
            raise SettingsError(f"{name} must be at least {least}, not {getattr(settings, name)}")
    try:
        zoneinfo.ZoneInfo(settings.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            f"timezone {settings.timezone!r} is not known; write an IANA name such as Asia/Shanghai"
        ) from error
    return settings


def data_folder(flag: Path | None = None, default: str = "hotspring-data") -> Path:
    """Which folder holds the pool: `--data`, else `HOTSPRING_DATA`, else `default`."""
    return flag or Path(os.environ.get(PREFIX + "DATA") or default)


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
