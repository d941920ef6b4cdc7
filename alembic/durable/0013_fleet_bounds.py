"""
Accounts that may have the vehicles of their fleets only, whether or not they have a fleet.

Before, an account that was bound to no fleet could ask for every vehicle, also where it had been
bound to one. Accounts stay as they are: bound are those that have a fleet now.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0013"
down_revision = "durable_0012"
branch_labels = None
depends_on = None

# ASCII, whose order and equality are those of its characters' codes.
ID = (
    sa.String(26)
    .with_variant(mysql.VARCHAR(26, charset="ascii", collation="ascii_bin"), "mysql", "mariadb")
    .with_variant(sa.String(26, collation="C"), "postgresql")
)


def upgrade() -> None:
    op.create_table(
        "fleet_bound_accounts",
        sa.Column("account_id", ID, primary_key=True),
        sqlite_with_rowid=False,
    )
    bound = sa.table("account_fleets", sa.column("account_id"))
    marked = sa.table("fleet_bound_accounts", sa.column("account_id"))
    op.execute(
        sa.insert(marked).from_select(["account_id"], sa.select(bound.c.account_id).distinct())
    )


def downgrade() -> None:
    op.drop_table("fleet_bound_accounts")
