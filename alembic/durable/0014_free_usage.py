"""The sums of answers that nobody pays for are named `free_usage_sums`: nothing of them is due."""

from alembic import op

revision = "durable_0014"
down_revision = "durable_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("unbilled_sums", "free_usage_sums")


def downgrade() -> None:
    op.rename_table("free_usage_sums", "unbilled_sums")
