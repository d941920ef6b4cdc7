"""Fleets: sets of vehicles, and the accounts that are bound to them."""

revision = "durable_0007"
down_revision = "durable_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove the tables."""
