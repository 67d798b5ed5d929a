"""What sources, tokens, imports and the audit log look like in requests and answers."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from hotspring.privacy import Role
from hotspring.web.api.shapes import Shape

Name = Field(
    min_length=1,
    max_length=64,
    description="Letters, digits, dots, dashes, underscores; a letter or digit first.",
)


class ImportJob(Shape):
    """One import of a file."""

    id: str
    state: str = Field(description="queued, running, done, failed or cancelled.")
    progress: float = Field(default=0.0, description="Share of the file that was read, 0 to 1.")
    report: dict[str, Any] = Field(
        default_factory=dict,
        description="rows, events, profiles, duplicate_rows, rejected (rows by the code of their "
        "reason), revenue, seconds, the mapping used and the quality of the data.",
    )


class NewBackup(BaseModel):
    """A backup to make."""

    target: str | None = Field(
        default=None,
        max_length=4_000,
        description="Whole path of the folder of backups; null for that of the settings.",
    )
    keep: int | None = Field(
        default=None,
        ge=0,
        le=10_000,
        description="Keep so many backups there, 0 all; null for the number of the settings.",
    )


class BackupJob(BaseModel):
    """One backup that was asked for."""

    id: str
    state: str = Field(description="queued, running, done, failed or cancelled.")
    progress: float = Field(description="Share of the bytes that is done, 0 to 1.")
    target: str
    report: dict[str, Any] = Field(
        description="backup, position, files, bytes, written_bytes, dropped, seconds; or error."
    )
    started_at: str
    finished_at: str | None
    by: str


class KeptBackup(BaseModel):
    """One backup that lies in a folder."""

    name: str
    readable: bool = Field(description="False where what it says of itself cannot be read.")
    at: str | None
    position: int | None = Field(description="The newest journal record in it.")
    bytes: int | None
    version: str | None = Field(description="Of Hotspring, when it was made.")


class BackupShelf(BaseModel):
    """The folder of backups."""

    folder: str = Field(description="The setting backup_folder; empty where none is set.")
    keep: int = Field(description="So many are kept; 0 keeps all.")
    items: list[KeptBackup]


class NewCalibration(BaseModel):
    """What to learn, and where to cut the history."""

    goal: str = Field(min_length=1, max_length=256, description="Name of the event to foretell.")
    horizon_days: float = Field(
        gt=0, le=3_650, description="It counts if it comes within so many days after the cut."
    )
    cut: str = Field(
        max_length=64,
        description="Nothing from this moment on is learnt from; a time without an offset, or a "
        "date, is in the pool's zone.",
    )
    share: float = Field(
        default=0.05, ge=0.001, le=0.5, description="Of the profiles at the cut that are to be hot."
    )


class CalibrationJob(Shape):
    """One calibration."""

    id: str
    state: str = Field(description="queued, running, done, failed or cancelled.")
    progress: float = Field(description="0 to 1.")
    goal: str
    horizon_days: float
    cut: str
    share: float
    error: str = Field(description="Why it failed, and what to do.")
    result: dict[str, Any] | None = Field(
        description="`auc` of the temperature and its rivals after the cut, `bands` with the rate "
        "of the goal, `weights` learnt, `rules` ready to be accepted, and what the report shows. "
        "Null in lists and until it is done."
    )
    accepted: int | None = Field(description="The version of the rules that came of it.")


class NewSource(BaseModel):
    """A source to create."""

    name: str = Name
    public: bool = Field(
        default=False,
        description="The key can be read by anyone (a page, an app): "
        "phone, e-mail and unionid that come with it join no two known people.",
    )
    datum: Literal["wgs84", "gcj02", "bd09"] = Field(
        default="wgs84", description="What its coordinates are stated in."
    )
    project: str = Field(
        default="", max_length=64, description="Sensors project name that selects this source."
    )


class Source(BaseModel):
    """Where events come from."""

    name: str
    key_prefix: str = Field(description="The first characters of its write key, to tell it by.")
    public: bool
    datum: str
    project: str
    created_at: str


class CreatedSource(Source):
    """A new source with its write key, which is shown this once."""

    write_key: str


class NewToken(BaseModel):
    """A token to create."""

    name: str = Name
    role: Role = Field(description="Each role may all that the one before it may.")
    days: float | None = Field(
        default=None, gt=0, le=36_500, description="After so many days it ends; null: never."
    )


class Token(BaseModel):
    """Who may read or change what."""

    name: str
    role: Role
    prefix: str = Field(description="The first characters of the token, to tell it by.")
    created_at: str
    last_used_at: str | None = Field(description="To the minute.")
    expires_at: str | None


class CreatedToken(Token):
    """A new token with its text, which is shown this once."""

    token: str


class AuditEntry(BaseModel):
    """One line of the audit log."""

    id: int
    at: str
    actor: str = Field(description="Name of the token; `local` for commands on the machine.")
    action: str
    subject: str = Field(description="What it was done to; a keyed hash where that is a person.")
    detail: dict[str, Any]


class SettingShown(Shape):
    """One setting, its value, and where it was said."""

    name: str
    value: Any = Field(description="Secrets are hidden.")
    origin: str = Field(description="`default`, `file PATH:LINE`, `environment NAME` or `flag`.")


class Finding(Shape):
    """What an examination of the folder found."""

    check: str
    ok: bool
    detail: str = ""
    advice: str = Field(default="", description="What to do about it.")
