"""What a pool is told before it starts: from file, environment and flags, read once."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from hotspring.errors import SettingsError

PREFIX: Final = "HOTSPRING_"
FILE: Final = "hotspring.toml"
NO_SETTINGS: Final = ("DATA", "CONFIG")
"""Names in the environment that say where the settings lie."""
SERVICE_LINK: Final = re.compile(r"SERVICE_(HOST|PORT)|PORT(_|$)")
"""Kubernetes tells every container where a service called hotspring is, by names like these."""
METRICS: Final = ("local", "token", "open")
HIDDEN: Final = "********"


LEAST: Final = {
    "duplicate_days": 0.001,
    "journal_days": 0.0,
    "journal_megabytes": 1,
    "max_body_megabytes": 1,
    "max_event_kilobytes": 1,
    "future_hours": 0,
    "oldest_year": 1970,
    "requests_per_second": 0,
    "seal_events": 1,
    "snapshot_events": 1,
    "announce_degrees": 0.0,
    "scanner_seconds": 0.0,
    "sweep_seconds": 1.0,
    "backup_keep": 0,
    "rejects_days": 0,
    "session_idle_hours": 0.1,
    "session_days": 0.01,
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
    duplicate_days: float = 7
    journal_days: float = 7
    journal_megabytes: int = 256
    """A journal file is closed once it is this large."""
    max_body_megabytes: int = 10
    """Of one request, after decompression."""
    max_event_kilobytes: int = 256
    future_hours: int = 24
    """Times further ahead of the clock are refused."""
    oldest_year: int = 1990
    """Times before this year are refused: a clock that was never set says 1970 or 1980."""
    requests_per_second: int = 0
    """Per source; 0 sets no limit."""
    cors_origins: tuple[str, ...] = ("*",)
    region_file: str = ""
    """Path of an ip2region xdb file; empty: no place from IP addresses."""
    outlines_file: str = ""
    """Path of district outlines that replace those shipped."""
    outlines_folder: str = ""
    """Folder of outlines that the map draws instead of those shipped, or beside them (GeoJSON,
    TopoJSON, PMTiles); empty: `outlines` in the folder of the pool."""
    trust_forwarded_for: bool = False
    """Take the client's address from X-Forwarded-For: only behind a proxy of your own."""
    metrics: str = "local"
    """Who reads /metrics without a token: `local`, who asks on this machine and not through a
    proxy; `token`, nobody; `open`, everybody."""
    seal_events: int = 500_000
    """The fresh tail is written as a block once it holds this many events."""
    retention_days: dict[str, int] = {}
    """Days after which events are dropped and their heat is kept, by event name; `default` is for
    all others. Without a number events stay."""
    rejects_days: int = 90
    """Days for which the rows that imports rejected are kept; 0 keeps them."""
    snapshot_events: int = 2_000_000
    announce_degrees: float = 1.0
    """Dead zone around a threshold before a change of band is announced, in degrees."""
    mail_scanners: Literal["flag", "off"] = "flag"
    """Whether clicks that a mail scanner made are flagged by themselves, or only when asked."""
    scanner_seconds: float = 10.0
    """So soon after the delivery, or after each other, no person clicks."""
    scanner_networks_file: str = ""
    """Path of further networks of mail scanners (TOML, as the list that comes with Hotspring)."""
    sweep_seconds: float = 10.0
    """How often the pool looks for profiles that cooled in silence."""

    session_idle_hours: float = 12
    """Who signed in stays so for this long without doing anything."""
    session_days: float = 14
    """After so many days one signs in again, whatever one did."""
    backup_folder: str = ""
    """Folder for backups that are asked for without naming one, or with a token."""
    backup_keep: int = 0
    """So many backups are kept in their folder, older ones are removed; 0 keeps all."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


class Configuration(msgspec.Struct, frozen=True):
    """Settings, and where each of them was said."""

    settings: Settings
    origins: dict[str, str]
    """`default`, `file PATH:LINE`, `environment NAME` or `flag`, by setting."""

    def shown(self) -> list[dict[str, Any]]:
        """Every setting with value and origin; what is secret is hidden."""
        values: dict[str, Any] = msgspec.to_builtins(self.settings)
        return [
            {"name": name, "value": masked(name, value), "origin": self.origins[name]}
            for name, value in values.items()
        ]


class _Said(msgspec.Struct, frozen=True):
    name: str
    value: Any
    origin: str


def read(
    folder: Path, flags: Mapping[str, Any] | None = None, file: Path | None = None
) -> Settings:
    """What are the settings of the pool in `folder`? As `configured`, without the origins."""
    return configured(folder, flags, file).settings


def configured(
    folder: Path, flags: Mapping[str, Any] | None = None, file: Path | None = None
) -> Configuration:
    """What are the settings of the pool in `folder`, and who said so?

    Later sources win: defaults, the file, `HOTSPRING_NAME` in the environment (JSON for lists and
    numbers), `flags`. The file is `file`, else the one named by HOTSPRING_CONFIG, else
    `hotspring.toml` in the folder where there is one. Raises `SettingsError` that names the
    setting, where it was said and what to write instead.
    """
    named = file or (Path(text) if (text := os.environ.get(PREFIX + "CONFIG")) else None)
    path = named or folder / FILE
    said = list(_in_file(path)) if named or path.exists() else []
    said += _in_environment(os.environ)
    said += [_Said(name, v, "flag") for name, v in (flags or {}).items() if v is not None]
    return _settled(said)


def checked(file: Path) -> Configuration:
    """What does this file alone set? Raises `SettingsError` as `configured` does."""
    return _settled(_in_file(file))


def given(words: Iterable[str]) -> dict[str, Any]:
    """Which settings do words like `currency=EUR` give? Raises `SettingsError`."""
    flags = {}
    for word in words:
        name, mark, text = word.partition("=")
        if not mark:
            raise SettingsError(f"{word!r} is no setting; write NAME=VALUE")
        flags[name.strip()] = _value(name.strip(), text)
    return flags


def data_folder(flag: Path | None = None, default: str = "hotspring-data") -> Path:
    """Which folder holds the pool: `--data`, else `HOTSPRING_DATA`, else `default`."""
    return flag or Path(os.environ.get(PREFIX + "DATA") or default)


def masked(name: str, value: Any) -> Any:
    """A value as it may be shown: no secret, and no password inside an address."""
    if name.endswith(("_secret", "_password", "_token", "_key")):
        return HIDDEN if value else value
    if isinstance(value, str):
        return re.sub(r"(?<=://)([^:/@\s]*):[^@/\s]+@", rf"\1:{HIDDEN}@", value)
    return value


def _settled(said: Iterable[_Said]) -> Configuration:
    """The settings from what was said, the last word on each."""
    origins = dict.fromkeys(Settings.__struct_fields__, "default")
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    values = {}
    for one in said:
        if one.name not in types:
            raise SettingsError(f"{one.origin}: there is no setting {one.name!r}{_like(one.name)}")
        try:
            values[one.name] = msgspec.convert(one.value, types[one.name])
        except msgspec.ValidationError as error:
            raise SettingsError(f"{one.origin}: {one.name}: {error}") from error
        _check(one.name, values[one.name], one.origin)
        origins[one.name] = one.origin
    return Configuration(Settings(**values), origins)


def _check(name: str, value: Any, origin: str) -> None:
    least = LEAST.get(name)
    if least is not None and not value >= least:
        raise SettingsError(f"{origin}: {name} must be at least {least}, not {value}")
    if name == "retention_days":
        for kind, days in value.items():
            if days < 1:
                raise SettingsError(f"{origin}: retention_days of {kind!r} must be at least 1")
    if name == "metrics" and value not in METRICS:
        raise SettingsError(f"{origin}: metrics is one of {', '.join(METRICS)}, not {value!r}")
    if name == "timezone":
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingsError(
                f"{origin}: timezone {value!r} is not known; "
                "write an IANA name such as Asia/Shanghai"
            ) from error


def _in_file(file: Path) -> Iterator[_Said]:
    try:
        text = file.read_text("utf-8-sig")
        found = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"file {file}:{line}: this is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise SettingsError(f"file {file}:{line}: {error}") from error
    for name, value in found.items():
        yield _Said(name, value, f"file {file}:{_line(text, name)}")


def _line(text: str, name: str) -> int:
    """On which line does a key of the first level stand?"""
    key = re.compile(rf"""[ \t]*\[*[ \t]*["']?{re.escape(name)}["']?[ \t]*[=.\]]""")
    lines = text.splitlines()
    return next((at for at, line in enumerate(lines, 1) if key.match(line)), 1)


def _in_environment(environment: Mapping[str, str]) -> Iterator[_Said]:
    for key, text in sorted(environment.items()):
        rest = key.removeprefix(PREFIX)
        if rest != key and rest not in NO_SETTINGS and not SERVICE_LINK.match(rest):
            yield _Said(rest.lower(), _value(rest.lower(), text), f"environment {key}")


def _like(name: str) -> str:
    close = difflib.get_close_matches(name, Settings.__struct_fields__, 1)
    return f"; did you mean {close[0]}?" if close else "; see the reference for all of them"


def _value(name: str, text: str) -> Any:
    """A value written as text: JSON, but a word stays a word where the setting is one."""
    default = getattr(Settings(), name, None)
    try:
        value = msgspec.json.decode(text.lower() if isinstance(default, bool) else text)
    except msgspec.DecodeError:
        value = text.split(",") if isinstance(default, tuple) else text
    return text if isinstance(default, str) and not isinstance(value, str) else value


def environment(**more: str) -> dict[str, str]:
    """What a process started from here finds in its environment: ours, and more."""
    return {**os.environ, **more}
