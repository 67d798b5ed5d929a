"""What surrounds an event: read once per distinct context, as a client repeats its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from isal.isal_zlib import crc32

from hotspring.bots import Networks
from hotspring.collect.agent import agent, device_of
from hotspring.collect.fragment import fragment
from hotspring.collect.verdict import Reason
from hotspring.event import Flag

KEPT: Final = (
    "campaign", "page", "referrer", "library", "locale", "timezone", "os", "app", "network",
    "screen", "groupId", "consent", "sessionId",
)  # fmt: skip
"""What of a context is stored. Address, user agent and names of devices are personal: what they
tell (place, device, browser) is kept in their stead."""

CHANNELS: Final = {
    "web": "web", "browser": "web", "app": "app", "mobile": "app", "miniprogram": "miniprogram",
    "wechat": "wechat", "wecom": "wecom", "server": "server", "store": "store",
}  # fmt: skip
LIBRARIES: Final = (
    ("miniprogram", "miniprogram"), ("mini", "miniprogram"), ("analytics.js", "web"),
    ("analytics-next", "web"), ("javascript", "web"), ("react-native", "app"), ("flutter", "app"),
    ("ios", "app"), ("swift", "app"), ("android", "app"), ("kotlin", "app"), ("harmony", "app"),
    ("unity", "app"), ("python", "server"), ("node", "server"), ("java", "server"),
    ("php", "server"), ("ruby", "server"), ("golang", "server"), ("analytics-go", "server"),
    ("net", "server"), ("rust", "server"), ("server", "server"),
)  # fmt: skip
"""Part of a library's name, and the channel it speaks for; the first that fits counts."""


class Context(msgspec.Struct, frozen=True):
    """What one context tells about every event that carries it."""

    text: str = "{}"
    """The kept part, as compact JSON."""
    mark: int = 0
    """A checksum of the kept part."""
    channel: str = ""
    device: str = ""
    flags: int = 0
    claims: tuple[tuple[str, object], ...] = ()
    """Identifiers it names, as (kind, value)."""
    app: str = ""
    """The id of the app, which scopes an openid."""
    address: str = ""
    location: Mapping[str, Any] | None = None
    choices: Mapping[str, Any] | None = None
    """Consent by category, where the client tells it."""
    agent: str = ""
    """The user agent of a passer-by, who is counted by it and not known otherwise."""


EMPTY: Final = Context()


def read(raw: bytes, networks: Networks | None = None) -> Context:
    """What does this context say? Raises `Unfit` with `bad_context`.

    An address in a network of mail scanners is kept as the name of the network (`scanner`).
    """
    if not raw:
        return EMPTY
    said = described(fragment(msgspec.Raw(raw), Reason.BAD_CONTEXT, len(raw))[1])
    name = networks.name(said.address) if networks and said.address else ""
    if not name:
        return said
    # The mark stays: a longer list of networks must not make a repeat a conflict.
    kept = {**msgspec.json.decode(said.text), "scanner": name}
    return msgspec.structs.replace(said, text=msgspec.json.encode(kept).decode())


def described(values: Mapping[str, Any]) -> Context:
    """What does this context say, once it is decoded?"""
    kept = {name: values[name] for name in KEPT if values.get(name) not in (None, "", {})}
    system = _object(values, "os").get("name")
    device, browser, machine = _seen(values.get("userAgent"))
    if browser:
        kept["browser"] = browser
    own = _object(values, "device")
    model = {name: own[name] for name in ("manufacturer", "model", "type") if own.get(name)}
    if model:
        kept["device"] = model
    place = _object(values, "location")
    text = msgspec.json.encode(kept)
    # Who did not agree to be known is not known by what else is told of their device either.
    passing = values.get("passerBy") is True
    flags = (Flag.BOT.value if machine else 0) | (Flag.PASSER_BY.value if passing else 0)
    return Context(
        text=text.decode(),
        mark=crc32(text),
        channel=_channel(values),
        device=device or _kind_of(own) or device_of(system if isinstance(system, str) else ""),
        flags=flags,
        claims=() if passing else tuple(_claims(values, own)),
        app=_word(_object(values, "app").get("id")),
        address=_word(values.get("ip"))[:64],
        location=None if passing else place or None,
        choices=_object(_object(values, "consent"), "categoryPreferences") or None,
        agent=_word(values.get("userAgent")) if passing else "",
    )


def channel_of(library: str) -> str:
    """Which channel does a library of this name speak for? Empty where the name does not tell."""
    name = library.lower()
    if name in ("js", "web"):
        return "web"
    return next((channel for part, channel in LIBRARIES if part in name), "")


def _claims(values: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, object]]:
    claims: list[tuple[str, object]] = []
    if own.get("id") is not None:
        claims.append(("device_id", own["id"]))
    externals = values.get("externalIds")
    claims += [
        (external["type"], external.get("id"))
        for external in (externals if isinstance(externals, list) else ())
        if isinstance(external, dict) and isinstance(external.get("type"), str)
    ]
    return claims


def _channel(values: Mapping[str, Any]) -> str:
    told = CHANNELS.get(_word(values.get("channel")).lower(), "")
    return told or channel_of(_word(_object(values, "library").get("name")))


def _seen(text: object) -> tuple[str, str, bool]:
    return agent(text) if isinstance(text, str) and text else ("", "", False)


def _kind_of(own: Mapping[str, Any]) -> str:
    kind = _word(own.get("type")).lower()
    return kind if kind in ("desktop", "mobile", "tablet") else device_of(kind)


def _object(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
