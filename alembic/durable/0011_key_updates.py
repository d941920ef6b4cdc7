"""
API keys know when they were changed last.

Of those that there are the audit log tells; `updated_at` is null where they are as they were made.
"""

import sqlalchemy as sa
from alembic import op

revision = "durable_0011"
down_revision = "durable_0010"
branch_labels = None
depends_on = None

KEYS = sa.table("api_keys", sa.column("id"), sa.column("updated_at"))
AUDIT = sa.table("audit_log", sa.column("at"), sa.column("action"), sa.column("target"))
CHANGES = ("key.changed", "key.regenerated", "key.revoked", "key.leaked")


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("updated_at", sa.Double(), nullable=True))
    concerns = AUDIT.c.target == sa.literal("key:") + KEYS.c.id, AUDIT.c.action.in_(CHANGES)
    last = sa.select(sa.func.max(AUDIT.c.at)).where(*concerns).scalar_subquery()
    op.execute(sa.update(KEYS).values(updated_at=last))


def downgrade() -> None:
    op.drop_column("api_keys", "updated_at")
