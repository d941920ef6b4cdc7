"""The table of archives, as the migrations of the durable version line make it."""

from sqlalchemy import BigInteger, Column, Double, LargeBinary, String, Table, Text

from plg.adapters.sql.identity.tables import durable_metadata

ledger_archives = Table(
    "ledger_archives",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("last_sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("first_sequence", BigInteger, nullable=False),
    Column("previous_head", LargeBinary(32), nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("from_at", BigInteger, nullable=False),
    Column("to_at", BigInteger, nullable=False),
    Column("days", Text, nullable=False),
    Column("statements", LargeBinary(32), nullable=False),
    Column("archived_at", Double, nullable=False),
    Column("pepper_id", String(8), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("file", Text, nullable=False),
)
