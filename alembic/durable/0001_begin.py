"""Where the durable line begins: nothing yet, accounts and the ledger grow from here."""

revision = "durable_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create nothing."""


def downgrade() -> None:
    """Remove nothing."""
