"""The tables of statements, as the migrations of the durable version line make them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from plg.adapters.sql.identity.tables import durable_metadata

statements = Table(
    "statements",
    durable_metadata,
    Column("number", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("account_id", String(26), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", String(40), nullable=False),
    Column("balance", String(40), nullable=False),
    Column("closed_at", Double, nullable=False),
    Column("first_sequence", BigInteger),
    Column("last_sequence", BigInteger),
    Column("from_at", BigInteger),
    Column("to_at", BigInteger),
    Column("head", LargeBinary(32)),
    Column("credited", String(32)),
    Column("reason", Text),
    Column("minor_digits", SmallInteger),
)

statement_lines = Table(
    "statement_lines",
    durable_metadata,
    Column("number", String(32), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("resource", String(32), nullable=False),
    Column("metered", String(16), nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("plan_code", String(32), nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("units", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("amount", String(40), nullable=False),
    Column("credits", Integer),
)

statement_numbers = Table(
    "statement_numbers",
    durable_metadata,
    Column("series", String(8), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

closings = Table(
    "closings",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("idempotency_key", String(255), primary_key=True),
    Column("numbers", Text, nullable=False),
    Column("at", Double, nullable=False),
)
