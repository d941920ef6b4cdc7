"""Archives: ranges of usage records that were moved to files."""

revision = "durable_0009"
down_revision = "durable_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Remove the tables."""
