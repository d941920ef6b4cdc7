"""The tables of notices and webhooks, as the migrations of the durable version line make them."""

from sqlalchemy import BigInteger, Column, Double, SmallInteger, String, Table, Text

from plg.adapters.sql.identity.tables import durable_metadata


def _delivery(channel: str) -> tuple[Column[object], ...]:
    return (
        Column(f"{channel}_state", String(32), nullable=False),
        Column(f"{channel}_tries", SmallInteger, nullable=False),
        Column(f"{channel}_due_at", Double),
        Column(f"{channel}_status", SmallInteger),
        Column(f"{channel}_reason", String(32)),
        Column(f"{channel}_done_at", Double),
    )


notices = Table(
    "notices",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("resource", String(32), primary_key=True),
    Column("period", BigInteger, primary_key=True, autoincrement=False),
    Column("percent", SmallInteger, primary_key=True, autoincrement=False),
    Column("id", String(26), nullable=False),
    Column("at", Double, nullable=False),
    Column("used", String(40), nullable=False),
    Column("most", String(40), nullable=False),
    Column("currency", String(3)),
    *_delivery("mail"),
    *_delivery("webhook"),
)

webhooks = Table(
    "webhooks",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("url", String(2048), nullable=False),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_until", Double),
    Column("created_at", Double, nullable=False),
    Column("failed_at", Double),
    Column("failure", String(32)),
    Column("failure_status", SmallInteger),
)

own_spend_caps = Table(
    "own_spend_caps",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("action", String(16), nullable=False),
)
