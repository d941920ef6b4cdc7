"""Plans may have terms of their own for resources, as a text; none where the column is null."""

import sqlalchemy as sa
from alembic import op

revision = "durable_0015"
down_revision = "durable_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("resources", sa.Text))


def downgrade() -> None:
    with op.batch_alter_table("plans") as plans:
        plans.drop_column("resources")
