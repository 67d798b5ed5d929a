"""The operational records as they are read: sources, tokens, imports, the audit log, members,
the map, costs."""

from __future__ import annotations

import msgspec


class Source(msgspec.Struct, frozen=True):
    """Where events come from: its name, what its write key may claim, how it states places."""

    id: int
    name: str
    key_hash: str
    key_prefix: str
    public: bool
    """The key is readable by anyone (a page, an app): claims that come with it join nobody."""
    datum: str
    """`wgs84`, `gcj02` or `bd09`: what its coordinates are stated in."""
    project: str
    """Sensors project name that selects this source, or empty."""
    created_ms: int
    revoked_ms: int | None


class Token(msgspec.Struct, frozen=True):
    """Who may read or change what through the API."""

    id: int
    name: str
    role: str
    token_hash: str
    prefix: str
    created_ms: int
    last_used_ms: int | None
    expires_ms: int | None
    revoked_ms: int | None


class ImportJob(msgspec.Struct, frozen=True):
    """One import of a file: how far it is and what it found."""

    id: str
    preset: str
    name: str
    size: int
    state: str
    """`queued`, `running`, `done`, `failed` or `cancelled`."""
    progress: float
    """Share of the file that was read, 0 to 1."""
    report: str
    """A JSON object as text."""
    started_ms: int
    finished_ms: int | None
    by: str


class AuditWhere(msgspec.Struct, frozen=True):
    """Which entries of the audit log are meant: all that fit everything that is said."""

    action: str | None = None
    actor: str | None = None
    subjects: tuple[str, ...] | None = None
    """Done to one of these."""
    since_ms: int | None = None
    until_ms: int | None = None
    """Before this moment."""


class AuditEntry(msgspec.Struct, frozen=True):
    """One line of the audit log: when, who, what, on what."""

    id: int
    at_ms: int
    actor: str
    action: str
    subject: str
    detail: str


class User(msgspec.Struct, frozen=True):
    """A person who signs in."""

    id: int
    name: str
    name_key: str
    """The name as it is compared: however it was typed, it is the same person."""
    role: str
    language: str
    """`zh`, `en`, or empty: that of the browser."""
    active: bool
    password_hash: str | None
    """None until the first link was used."""
    factor_secret: str | None
    factor_on: bool
    """False while the secret waits for its first code."""
    factor_step: int
    """The latest time step of which a code was used: no code is good twice."""
    link_hash: str | None
    link_until_ms: int | None
    created_ms: int
    password_ms: int | None
    signed_in_ms: int | None


class Session(msgspec.Struct, frozen=True):
    """One browser in which someone is signed in."""

    id: int
    user_id: int
    token_hash: str
    device: str
    """Browser and system as they name themselves, in short."""
    created_ms: int
    seen_ms: int
    """Of its last request, to the minute."""


class Spot(msgspec.Struct, frozen=True):
    """A trade area or an outlet on the map."""

    id: str
    kind: str
    """`area` or `outlet`."""
    name: str
    body: str
    """A JSON object as text; its shape belongs to the kind."""
    created_ms: int
    by: str
    deleted_ms: int | None = None


class Cost(msgspec.Struct, frozen=True):
    """What was paid for some days, and with which list it came."""

    id: str
    import_id: str
    """Of the list, or empty where it was written by hand."""
    import_name: str
    first_day: int
    """Days since 1970 in the time zone of the pool; the last one is included."""
    last_day: int
    channel: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    amount: float
    currency: str
    created_ms: int
    by: str
    deleted_ms: int | None = None


class CostList(msgspec.Struct, frozen=True):
    """A list of costs that came in, and what of it stands."""

    import_id: str
    import_name: str
    currency: str
    rows: int
    """That stand; 0 where the list was taken back."""
    all_rows: int
    amount: float
    """Of the rows of this currency that stand."""
    first_day: int
    last_day: int
    created_ms: int
    by: str


class Alert(msgspec.Struct, frozen=True):
    """A watched figure that was not as it should be, from when to when."""

    id: int
    dashboard: str
    card: str
    body: str
    """A JSON object as text: what was found when it began."""
    began_ms: int
    ended_ms: int | None = None
    seen_ms: int | None = None
    """When somebody took note."""
    seen_by: str = ""
