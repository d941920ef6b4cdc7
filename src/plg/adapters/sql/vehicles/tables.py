"""The tables of vehicles, as the migrations of the durable version line make them."""

from sqlalchemy import Column, Double, LargeBinary, String, Table

from plg.adapters.sql.identity.tables import durable_metadata

vehicle_observations = Table(
    "vehicle_observations",
    durable_metadata,
    Column("vin", String(25), primary_key=True),
    Column("observed_at", Double, primary_key=True),
    Column("soh", Double),
    Column("odometer", Double),
    Column("document", LargeBinary, nullable=False),
)
