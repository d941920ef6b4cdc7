"""The tables of fleets, as the migrations of the durable version line make them."""

from sqlalchemy import BigInteger, Column, Double, String, Table, Text

from plg.adapters.sql.identity.tables import durable_metadata

fleets = Table(
    "fleets",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("code", String(64)),
    Column("name", Text, nullable=False),
    Column("vehicles", BigInteger, nullable=False),
    Column("imported_at", Double),
    Column("imports", BigInteger, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("listed_from", BigInteger, nullable=False),
    Column("swept", BigInteger, nullable=False),
)

fleet_vehicles = Table(
    "fleet_vehicles",
    durable_metadata,
    Column("fleet_id", String(26), primary_key=True),
    Column("vin", String(25), primary_key=True),
    Column("added", BigInteger, nullable=False),
    Column("listed", BigInteger, nullable=False),
)

fleet_bound_accounts = Table(
    "fleet_bound_accounts",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
)

account_fleets = Table(
    "account_fleets",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("fleet_id", String(26), primary_key=True),
)
