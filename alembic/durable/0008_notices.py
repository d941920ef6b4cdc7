"""Notices: thresholds that were reached, and where they are told."""

revision = "durable_0008"
down_revision = "durable_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove the tables."""
