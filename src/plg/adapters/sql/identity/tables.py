"""The tables of identity, as the migrations of the durable version line make them."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

durable_metadata = MetaData()

accounts = Table(
    "accounts",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("email", String(254), nullable=False),
    Column("name", Text),
    Column("role", String(16), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("last_login_at", Double),
    Column("password_hash", Text),
    Column("email_key", String(254), nullable=False),
    Column("name_key", Text),
)

api_keys = Table(
    "api_keys",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("name", Text, nullable=False),
    Column("prefix", String(32), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double),
    Column("allowed_networks", Text, nullable=False),
    Column("rate_burst", String(32)),
    Column("rate_sustained", String(32)),
    Column("is_enabled", Boolean, nullable=False),
    Column("last_used_at", Double),
    Column("last_used_address", String(64)),
    Column("revoked_at", Double),
    Column("revoked_reason", Text),
    Column("updated_at", Double),
)

api_key_secrets = Table(
    "api_key_secrets",
    durable_metadata,
    Column("public", String(16), primary_key=True),
    Column("key_id", String(26), nullable=False),
    Column("pepper_id", String(16), nullable=False),
    Column("digest", LargeBinary(64), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("ends_at", Double),
)

devices = Table(
    "devices",
    durable_metadata,
    Column("id", String(128), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("name", Text),
    Column("platform", Text),
    Column("scopes", Text, nullable=False),
    Column("sealed_secret", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("last_seen_at", Double),
    Column("revoked_at", Double),
)

device_nonces = Table(
    "device_nonces",
    durable_metadata,
    Column("device_id", String(128), primary_key=True),
    Column("nonce", String(128), primary_key=True),
    Column("expires_at", Double, nullable=False),
)

sessions = Table(
    "sessions",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("digest", LargeBinary(64), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("rotated_at", Double, nullable=False),
    Column("device_id", String(128)),
    Column("ended_at", Double),
    Column("ended_reason", Text),
)

mailed_links = Table(
    "mailed_links",
    durable_metadata,
    Column("digest", LargeBinary(64), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("account_id", String(26), nullable=False),
    Column("email_key", String(254), nullable=False),
    Column("expires_at", Double, nullable=False),
)

login_failures = Table(
    "login_failures",
    durable_metadata,
    Column("subject", String(300), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Double, nullable=False),
)

known_places = Table(
    "known_places",
    durable_metadata,
    Column("account_id", String(26), primary_key=True),
    Column("place", String(128), primary_key=True),
    Column("last_at", Double, nullable=False),
)

signing_keys = Table(
    "signing_keys",
    durable_metadata,
    Column("id", String(64), primary_key=True),
    Column("public", Text, nullable=False),
    Column("sealed_private", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("active_at", Double),
    Column("retired_at", Double),
)

audit_log = Table(
    "audit_log",
    durable_metadata,
    Column("id", String(26), primary_key=True),
    Column("at", Double, nullable=False),
    Column("actor_id", String(300), nullable=False),
    Column("account_id", String(26)),
    Column("address", String(64)),
    Column("request_id", String(128)),
    Column("action", String(64), nullable=False),
    Column("target", String(300), nullable=False),
    Column("details", Text, nullable=False),
)

access_changes = Table(
    "access_changes",
    durable_metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", String(26)),
    Column("made_at", Double, nullable=False),
)
