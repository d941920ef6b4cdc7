"""
Statements state how many decimals their amounts were rounded to.

Null: it was closed before that, and rounded by a table in `plg.domain.currencies` that never
changes. What is stated is what ISO 4217 said of the currency when the statement was closed; a
credit note has the decimals of its statement.
"""

import sqlalchemy as sa
from alembic import op

revision = "durable_0012"
down_revision = "durable_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("statements", sa.Column("minor_digits", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("statements", "minor_digits")
