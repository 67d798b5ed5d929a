"""What was paid to reach people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Costs of channels and campaigns, imported or written by hand."""
    op.create_table(
        "costs",
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
    )
    op.create_index("costs_by_day", "costs", ["first_day", "id"])
    op.create_index("costs_by_import", "costs", ["import_id"])
