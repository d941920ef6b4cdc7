"""
What PLG remembers, and what it was told to forget.

`cache_entries` holds one encoded record a row; times are seconds since the epoch, `ttl` is a
number of seconds. `cache_invalidations` tells other processes what to drop from their memory:
one record, or all of a resource where `record_key` is null.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "cache_0001"
down_revision = None
branch_labels = None
depends_on = None

RESOURCE = sa.String(32).with_variant(
    mysql.VARCHAR(32, charset="ascii", collation="ascii_bin"), "mysql", "mariadb"
)
# Keys that differ only in case or accents are different keys.
RECORD_KEY = sa.String(128).with_variant(
    mysql.VARCHAR(128, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
)
BODY = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")
# SQLite numbers rows by itself only under the plain type.
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cache_entries",
        sa.Column("resource", RESOURCE, primary_key=True),
        sa.Column("record_key", RECORD_KEY, primary_key=True),
        sa.Column("body", BODY, nullable=False),
        sa.Column("etag", sa.String(64), nullable=False),
        sa.Column("validator", sa.String(512), nullable=True),
        sa.Column("fetched_at", sa.Double(), nullable=False),
        sa.Column("validated_at", sa.Double(), nullable=False),
        sa.Column("ttl", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
    )
    op.create_index("ix_cache_entries_expires_at", "cache_entries", ["expires_at"])
    op.create_table(
        "cache_invalidations",
        sa.Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("resource", RESOURCE, nullable=False),
        sa.Column("record_key", RECORD_KEY, nullable=True),
        sa.Column("made_at", sa.Double(), nullable=False),
        sqlite_autoincrement=True,  # a number is never given twice, so readers can go on from one
    )


def downgrade() -> None:
    op.drop_table("cache_invalidations")
    op.drop_index("ix_cache_entries_expires_at", table_name="cache_entries")
    op.drop_table("cache_entries")
