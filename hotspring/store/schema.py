"""The tables of the operational records, as the sum of the migrations leaves them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

SOURCES: Final = sa.Table(
    "sources",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("key_prefix", sa.String(16), nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("datum", sa.String(8), nullable=False),
    sa.Column("project", sa.String, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("revoked_ms", sa.BigInteger),
)
TOKENS: Final = sa.Table(
    "tokens",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("prefix", sa.String(16), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("last_used_ms", sa.BigInteger),
    sa.Column("expires_ms", sa.BigInteger),
    sa.Column("revoked_ms", sa.BigInteger),
)
IMPORTS: Final = sa.Table(
    "imports",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("preset", sa.String(16), nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("report", sa.String, nullable=False),
    sa.Column("started_ms", sa.BigInteger, nullable=False),
    sa.Column("finished_ms", sa.BigInteger),
    sa.Column("by", sa.String, nullable=False),
)
AUDIT: Final = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("detail", sa.String, nullable=False),
    sa.Index("audit_by_action", "action", "id"),
)
for _table in (SOURCES, TOKENS):
    # A name may be given again once its bearer is revoked; what was revoked stays on record.
    sa.Index(
        f"{_table.name}_active_name",
        _table.c.name,
        unique=True,
        sqlite_where=_table.c.revoked_ms.is_(None),
        postgresql_where=_table.c.revoked_ms.is_(None),
    )

USERS: Final = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("name_key", sa.String(128), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("password_hash", sa.String(256)),
    sa.Column("factor_secret", sa.String(64)),
    sa.Column("factor_on", sa.Boolean, nullable=False),
    sa.Column("factor_step", sa.BigInteger, nullable=False),
    sa.Column("link_hash", sa.String(64), unique=True),
    sa.Column("link_until_ms", sa.BigInteger),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("password_ms", sa.BigInteger),
    sa.Column("signed_in_ms", sa.BigInteger),
)
RECOVERY_CODES: Final = sa.Table(
    "recovery_codes",
    METADATA,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("code_hash", sa.String(64), primary_key=True),
)
SESSIONS: Final = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("device", sa.String(128), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("seen_ms", sa.BigInteger, nullable=False),
    sa.Index("sessions_by_user", "user_id"),
)
COSTS: Final = sa.Table(
    "costs",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("import_id", sa.String(32), nullable=False),
    sa.Column("import_name", sa.String, nullable=False),
    sa.Column("first_day", sa.Integer, nullable=False),
    sa.Column("last_day", sa.Integer, nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("utm_source", sa.String, nullable=False),
    sa.Column("utm_medium", sa.String, nullable=False),
    sa.Column("utm_campaign", sa.String, nullable=False),
    sa.Column("amount", sa.Float, nullable=False),
    sa.Column("currency", sa.String(16), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("deleted_ms", sa.BigInteger),
    sa.Index("costs_by_day", "first_day", "id"),
    sa.Index("costs_by_import", "import_id"),
)
TERRITORY: Final = sa.Table(
    "territory",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("body", sa.String, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("deleted_ms", sa.BigInteger),
)
ALERTS: Final = sa.Table(
    "alerts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dashboard", sa.String(64), nullable=False),
    sa.Column("card", sa.String(64), nullable=False),
    sa.Column("body", sa.String, nullable=False),
    sa.Column("began_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger),
    sa.Column("seen_ms", sa.BigInteger),
    sa.Column("seen_by", sa.String, nullable=False),
)
sa.Index(
    "alerts_open",
    ALERTS.c.dashboard,
    ALERTS.c.card,
    unique=True,
    sqlite_where=ALERTS.c.ended_ms.is_(None),
    postgresql_where=ALERTS.c.ended_ms.is_(None),
)
