"""
Notices: thresholds that were reached, where they are told, and spend caps of accounts' own.

A row of `notices` is a threshold of a limit in a period: the ledger adds it in the transaction of
the record that reaches it, and its key is what keeps it from being told twice. `period` is a day
since the epoch, or for spend caps the last record that a statement covers. `used` and `most` are
whole numbers as text, since sums of money may go beyond 64 bits. What begins with `mail_` and
`webhook_` tells of its way there: it is due until it is at its end, and who takes it up moves the
time on, so that nobody else does meanwhile.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0008"
down_revision = "durable_0007"
branch_labels = None
depends_on = None


def exact(length: int) -> sa.String:
    """Return a text whose order and equality are those of its characters' codes."""
    plain = mysql.VARCHAR(length, charset="ascii", collation="ascii_bin")
    return (
        sa.String(length)
        .with_variant(plain, "mysql", "mariadb")
        .with_variant(sa.String(length, collation="C"), "postgresql")
    )


ID = exact(26)
WORD = exact(32)
AMOUNT = exact(40)
CHANNELS = ("mail", "webhook")
DROPPED_IN_ORDER = ("own_spend_caps", "webhooks", "notices")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("period", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("percent", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("used", AMOUNT, nullable=False),
        sa.Column("most", AMOUNT, nullable=False),
        sa.Column("currency", sa.String(3), nullable=True),
        *(column for channel in CHANNELS for column in _delivery(channel)),
    )
    op.create_index("ux_notices_id", "notices", ["id"], unique=True)
    op.create_index("ix_notices_account", "notices", ["account_id", "id"])
    for channel in CHANNELS:
        op.create_index(f"ix_notices_{channel}_due", "notices", [f"{channel}_due_at"])
    _create_webhooks()
    op.create_table(
        "own_spend_caps",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
    )


def downgrade() -> None:
    for table in DROPPED_IN_ORDER:
        op.drop_table(table)


def _delivery(channel: str) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(f"{channel}_state", WORD, nullable=False),
        sa.Column(f"{channel}_tries", sa.SmallInteger(), nullable=False),
        sa.Column(f"{channel}_due_at", sa.Double(), nullable=True),
        sa.Column(f"{channel}_status", sa.SmallInteger(), nullable=True),
        sa.Column(f"{channel}_reason", WORD, nullable=True),
        sa.Column(f"{channel}_done_at", sa.Double(), nullable=True),
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("url", exact(2048), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text(), nullable=True),
        sa.Column("previous_until", sa.Double(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("failed_at", sa.Double(), nullable=True),
        sa.Column("failure", WORD, nullable=True),
        sa.Column("failure_status", sa.SmallInteger(), nullable=True),
    )
