"""
What vehicles were observed to be.

A row is one observation: `observed_at` is the time that the source gives it, in seconds since
the epoch; `document` is the source's record as it was sent; `soh` and `odometer` are read out of
it, so that a trendline needs no documents. The primary key is the index of both kinds of reads.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0003"
down_revision = "durable_0002"
branch_labels = None
depends_on = None

VIN = (
    sa.String(25)
    .with_variant(mysql.VARCHAR(25, charset="ascii", collation="ascii_bin"), "mysql", "mariadb")
    .with_variant(sa.String(25, collation="C"), "postgresql")
)
DOCUMENT = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "vehicle_observations",
        sa.Column("vin", VIN, primary_key=True),
        sa.Column("observed_at", sa.Double(), primary_key=True),
        sa.Column("soh", sa.Double(), nullable=True),
        sa.Column("odometer", sa.Double(), nullable=True),
        sa.Column("document", DOCUMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("vehicle_observations")
