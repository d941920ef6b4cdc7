"""
Who has credentials, which ones, and who changed what.

Times are seconds since the epoch; scopes and networks are texts separated by blanks; `email_key`
and `name_key` are the forms in which the case of letters does not count. Secrets stand here as
keyed digests, or encrypted where the clear text is needed.

`audit_log` and `access_changes` refer to nothing, since they outlive what they tell of; the
database itself refuses to change a record of the former.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0002"
down_revision = "durable_0001"
branch_labels = None
depends_on = None


def exact(length: int, charset: str = "ascii") -> sa.String:
    """Return a text whose order and equality are those of its characters' codes."""
    plain = mysql.VARCHAR(length, charset=charset, collation=f"{charset}_bin")
    return (
        sa.String(length)
        .with_variant(plain, "mysql", "mariadb")
        .with_variant(sa.String(length, collation="C"), "postgresql")
    )


ID = exact(26)
DEVICE_ID = exact(128)
EMAIL_KEY = exact(254, "utf8mb4")
SUBJECT = exact(300, "utf8mb4")
FOLDED = sa.Text().with_variant(
    mysql.TEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
)
DIGEST = sa.LargeBinary(64).with_variant(mysql.VARBINARY(64), "mysql", "mariadb")
# SQLite numbers rows by itself only under the plain type.
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

DROPPED_IN_ORDER = (
    "access_changes",
    "audit_log",
    "signing_keys",
    "known_places",
    "login_failures",
    "mailed_links",
    "sessions",
    "device_nonces",
    "devices",
    "api_key_secrets",
    "api_keys",
    "accounts",
)

# What differs between the databases: how each is told that records are only added. SQLite would
# also replace one (INSERT OR REPLACE) without a word to the trigger on DELETE.
_SQLITE_REFUSAL = "BEGIN SELECT RAISE(ABORT, 'audit_log is insert-only'); END"
_MYSQL_REFUSAL = (
    "FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is insert-only'"
)
_MYSQL_GUARDS = (
    f"CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log {_MYSQL_REFUSAL}",
    f"CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log {_MYSQL_REFUSAL}",
)
GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log {_SQLITE_REFUSAL}",
        f"CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log {_SQLITE_REFUSAL}",
        f"""CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
        WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id) {_SQLITE_REFUSAL}""",  # noqa: S608 - ours
    ),
    "postgresql": (
        """CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit_log is insert-only'; END $$""",
        """CREATE TRIGGER audit_log_insert_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse()""",
    ),
    "mysql": _MYSQL_GUARDS,
    "mariadb": _MYSQL_GUARDS,
}
# A trigger goes with its table, the function of PostgreSQL does not.
UNGUARDS = {"postgresql": ("DROP FUNCTION audit_log_refuse()",)}


def upgrade() -> None:
    _create_accounts()
    _create_api_keys()
    _create_devices()
    _create_sessions()
    _create_log_in_helps()
    _create_signing_keys()
    _create_records()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in DROPPED_IN_ORDER:
        op.drop_table(table)
    for statement in UNGUARDS.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("last_login_at", sa.Double(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("email_key", EMAIL_KEY, nullable=False),
        sa.Column("name_key", FOLDED, nullable=True),
    )
    op.create_index("ux_accounts_email_key", "accounts", ["email_key"], unique=True)
    op.create_index("ix_accounts_role", "accounts", ["role", "is_active"])


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(32), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=True),
        sa.Column("allowed_networks", sa.Text(), nullable=False),
        sa.Column("rate_burst", sa.String(32), nullable=True),
        sa.Column("rate_sustained", sa.String(32), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("last_used_at", sa.Double(), nullable=True),
        sa.Column("last_used_address", sa.String(64), nullable=True),
        sa.Column("revoked_at", sa.Double(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
    )
    op.create_index("ix_api_keys_account", "api_keys", ["account_id", "id"])
    op.create_table(
        "api_key_secrets",
        sa.Column("public", exact(16), primary_key=True),
        sa.Column("key_id", ID, sa.ForeignKey("api_keys.id"), nullable=False),
        sa.Column("pepper_id", sa.String(16), nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=True),
    )
    op.create_index("ix_api_key_secrets_key", "api_key_secrets", ["key_id"])


def _create_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", DEVICE_ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("last_seen_at", sa.Double(), nullable=True),
        sa.Column("revoked_at", sa.Double(), nullable=True),
    )
    op.create_index("ix_devices_account", "devices", ["account_id", "id"])
    op.create_table(
        "device_nonces",
        sa.Column("device_id", DEVICE_ID, sa.ForeignKey("devices.id"), primary_key=True),
        sa.Column("nonce", exact(128, "utf8mb4"), primary_key=True),
        sa.Column("expires_at", sa.Double(), nullable=False),
    )
    op.create_index("ix_device_nonces_expires_at", "device_nonces", ["expires_at"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rotated_at", sa.Double(), nullable=False),
        sa.Column("device_id", DEVICE_ID, sa.ForeignKey("devices.id"), nullable=True),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
    )
    op.create_index("ix_sessions_account", "sessions", ["account_id", "ended_at"])
    op.create_index("ix_sessions_device", "sessions", ["device_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_ended_at", "sessions", ["ended_at"])


def _create_log_in_helps() -> None:
    op.create_table(
        "mailed_links",
        sa.Column("digest", DIGEST, primary_key=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("email_key", EMAIL_KEY, nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
    )
    op.create_index("ix_mailed_links_account", "mailed_links", ["account_id", "purpose"])
    op.create_index("ix_mailed_links_expires_at", "mailed_links", ["expires_at"])
    op.create_table(
        "login_failures",
        sa.Column("subject", SUBJECT, primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.Double(), nullable=False),
    )
    op.create_index("ix_login_failures_last_at", "login_failures", ["last_at"])
    op.create_table(
        "known_places",
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("place", exact(128, "utf8mb4"), primary_key=True),
        sa.Column("last_at", sa.Double(), nullable=False),
    )


def _create_signing_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", exact(64), primary_key=True),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("sealed_private", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("active_at", sa.Double(), nullable=True),
        sa.Column("retired_at", sa.Double(), nullable=True),
    )


def _create_records() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", ID, primary_key=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("actor_id", SUBJECT, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(128), nullable=True),
        sa.Column("action", exact(64), nullable=False),
        sa.Column("target", SUBJECT, nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
    )
    for column in ("actor_id", "account_id", "action", "target"):
        op.create_index(f"ix_audit_log_{column}", "audit_log", [column, "id"])
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_table(
        "access_changes",
        sa.Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("made_at", sa.Double(), nullable=False),
        sqlite_autoincrement=True,  # a number is never given twice, so readers can go on from one
    )
    op.create_index("ix_access_changes_made_at", "access_changes", ["made_at"])
