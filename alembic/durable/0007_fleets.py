"""
Fleets: sets of vehicles, and the accounts that are bound to them.

An import is written in many short transactions, and nobody sees any of it before the last one. It
has a number, of which `imports` has the last that was taken. A vehicle of `fleet_vehicles` came in
with the import `added`, and the newest import that named it is `listed`. It belongs to the fleet
where `added` is no later than `generation`, the last import that came to its end, and `listed` no
earlier than `listed_from`, the last one of those that replaced the set. All other rows are waste;
up to the import `swept` none is left.

A fleet whose `generation` is 0 was never imported to the end. One without a `code` was removed,
and stays until its vehicles are gone.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0007"
down_revision = "durable_0006"
branch_labels = None
depends_on = None


def exact(length: int) -> sa.String:
    """Return an ASCII text whose order and equality are those of its characters' codes."""
    plain = mysql.VARCHAR(length, charset="ascii", collation="ascii_bin")
    return (
        sa.String(length)
        .with_variant(plain, "mysql", "mariadb")
        .with_variant(sa.String(length, collation="C"), "postgresql")
    )


def upgrade() -> None:
    op.create_table(
        "fleets",
        sa.Column("id", exact(26), primary_key=True),
        sa.Column("code", exact(64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vehicles", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.Double(), nullable=True),
        sa.Column("imports", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("listed_from", sa.BigInteger(), nullable=False),
        sa.Column("swept", sa.BigInteger(), nullable=False),
    )
    op.create_index("ux_fleets_code", "fleets", ["code"], unique=True)
    op.create_table(
        "fleet_vehicles",
        sa.Column("fleet_id", exact(26), primary_key=True),
        sa.Column("vin", exact(25), primary_key=True),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account_fleets",
        sa.Column("account_id", exact(26), primary_key=True),
        sa.Column("fleet_id", exact(26), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_account_fleets_fleet", "account_fleets", ["fleet_id", "account_id"])


def downgrade() -> None:
    for table in ("account_fleets", "fleet_vehicles", "fleets"):
        op.drop_table(table)
