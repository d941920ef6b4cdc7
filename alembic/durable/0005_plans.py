"""
What accounts may use and what that costs.

Amounts are whole numbers, in billionths of the plan's currency; times are seconds since the epoch.
A version of a plan stays as it was made. `prices` and `terms` are JSON objects: what each outcome
costs, and the terms of a plan that an account has otherwise.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0005"
down_revision = "durable_0004"
branch_labels = None
depends_on = None


def exact(length: int) -> sa.String:
    """Return a text whose order and equality are those of its characters' codes."""
    plain = mysql.VARCHAR(length, charset="ascii", collation="ascii_bin")
    return (
        sa.String(length)
        .with_variant(plain, "mysql", "mariadb")
        .with_variant(sa.String(length, collation="C"), "postgresql")
    )


ID = exact(26)
CODE = exact(32)
DROPPED_IN_ORDER = ("spend_caps", "plan_overrides", "account_plans", "plans")
EUR = 1_000_000_000
FIRST_PLANS = (
    ("basic", "Basic", 100, EUR // 10),
    ("premium", "Premium", 1000, EUR // 20),
    ("enterprise", "Enterprise", None, EUR * 3 // 100),
)


def upgrade() -> None:
    plans = op.create_table(
        "plans",
        sa.Column("code", CODE, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("requests_per_day", sa.BigInteger(), nullable=True),
        sa.Column("vins_per_day", sa.BigInteger(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("source_calls", sa.String(32), nullable=True),
        sa.Column("rate", sa.String(32), nullable=True),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("from_at", sa.Double(), nullable=False),
    )
    op.bulk_insert(plans, [_first_version(*each) for each in FIRST_PLANS])
    _create_terms_of_accounts()


def downgrade() -> None:
    for table in DROPPED_IN_ORDER:
        op.drop_table(table)


def _create_terms_of_accounts() -> None:
    op.create_table(
        "account_plans",
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("from_at", sa.Double(), primary_key=True),
        sa.Column("plan_code", CODE, nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=True),
    )
    op.create_table(
        "plan_overrides",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("from_at", sa.Double(), nullable=False),
        sa.Column("until_at", sa.Double(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
    )
    op.create_index("ix_plan_overrides_account", "plan_overrides", ["account_id", "until_at"])
    op.create_table(
        "spend_caps",
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
    )


def _first_version(
    code: str, name: str, requests_per_day: int | None, price: int
) -> dict[str, object]:
    return {
        "code": code,
        "version": 1,
        "name": name,
        "currency": "EUR",
        "unit": "request",
        "requests_per_day": requests_per_day,
        "vins_per_day": None,
        "price": price,
        "source_calls": None,
        "rate": None,
        "prices": "{}",
        "is_offered": True,
        "created_at": 0.0,
        "from_at": 0.0,
    }
