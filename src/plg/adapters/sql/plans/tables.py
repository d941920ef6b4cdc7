"""The tables of plans, as the migrations of the durable version line make them."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, String, Table, Text

from plg.adapters.sql.identity.tables import durable_metadata

plans = Table(
    "plans",
    durable_metadata,
    Column("code", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("requests_per_day", BigInteger),
    Column("vins_per_day", BigInteger),
    Column("price", BigInteger, nullable=False),
    Column("source_calls", String(32)),
    Column("rate", String(32)),
    Column("prices", Text, nullable=False),
    Column("is_offered", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("from_at", Double, nullable=False),
    Column("resources", Text),
)

account_plans = Table(
    "account_plans",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("from_at", Double, primary_key=True),
    Column("plan_code", String(32), nullable=False),
    Column("plan_version", Integer),
)

plan_overrides = Table(
    "plan_overrides",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("from_at", Double, nullable=False),
    Column("until_at", Double),
    Column("terms", Text, nullable=False),
)

spend_caps = Table(
    "spend_caps",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
)
