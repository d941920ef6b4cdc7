"""The tables of the ledger, as the migrations of the durable version line make them."""

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, SmallInteger, String, Table

from plg.adapters.sql.identity.tables import durable_metadata

usage_records = Table(
    "usage_records",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(26), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("day", Integer, nullable=False),
    Column("key_id", String(128)),
    Column("resource", String(32), nullable=False),
    Column("record_key", String(128)),
    Column("metered", String(16), nullable=False),
    Column("units", Integer, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("plan_code", String(32), nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("request_id", String(128), nullable=False),
    Column("requests", SmallInteger, nullable=False),
    Column("vins", SmallInteger, nullable=False),
    Column("voids", BigInteger),
    Column("group_first", BigInteger, nullable=False),
    Column("pepper_id", String(8), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("key_digest", LargeBinary(32)),
)

ledger_accounts = Table(
    "ledger_accounts",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("last_sequence", BigInteger, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("billed_to", BigInteger, nullable=False, server_default="0"),
)

ledger_days = Table(
    "ledger_days",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("resource", String(32), primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("vins", BigInteger, nullable=False),
)

ledger_day_vins = Table(
    "ledger_day_vins",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("vin", String(128), primary_key=True),
    Column("space", String(32), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)

ledger_lines = Table(
    "ledger_lines",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("resource", String(32), primary_key=True),
    Column("metered", String(16), primary_key=True),
    Column("unit_price", BigInteger, primary_key=True, autoincrement=False),
    Column("plan_code", String(32), primary_key=True),
    Column("plan_version", Integer, primary_key=True, autoincrement=False),
    Column("units", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
)

reservations = Table(
    "reservations",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("id", String(26), primary_key=True),
    Column("incarnation", String(26), nullable=False),
    Column("deadline", Double, nullable=False),
    Column("day", Integer, nullable=False),
    Column("vin", String(128)),
    Column("requests", SmallInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("idempotency_key", String(255)),
    Column("resource", String(32), nullable=False),
    Column("space", String(32)),
)

incarnations = Table(
    "incarnations",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("started_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
)

idempotency = Table(
    "idempotency",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("idempotency_key", String(255), primary_key=True),
    Column("resource", String(32), nullable=False),
    Column("record_key", String(128), nullable=False),
    Column("etag", String(128)),
    Column("sequence", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("is_repeated", SmallInteger, nullable=False),
)

free_usage_sums = Table(
    "free_usage_sums",
    durable_metadata,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("account_id", String(128), primary_key=True),
    Column("resource", String(32), primary_key=True),
    Column("metered", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
)
