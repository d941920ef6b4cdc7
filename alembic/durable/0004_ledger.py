"""
The ledger: what was billable, and the counters that decide about what comes next.

`usage_records` is only added to; the database itself refuses to change or remove one, save for
erasing a record key, of which the digest stays. A record is sealed with `mac`, a MAC over the
record before it of the same account, under the secret that `pepper_id` names; `group_first` is
the first of the account's records that became durable together with it. `at` is in microseconds,
`day` in days since the epoch, `unit_price` in billionths of the currency.

The other tables are counters: `ledger_accounts` (where an account's chain ends, and up to where
it was billed), `ledger_days` and `ledger_day_vins` (daily quotas), `ledger_lines` (sums of what is
not billed yet). `reservations` holds units for answers that take a while, each of a process with a
row in `incarnations`. `idempotency` binds clients' keys to records, and `unbilled_sums` counts what
nobody pays for. None refers to another: they are written tens of thousands of times a second.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0004"
down_revision = "durable_0003"
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
RESOURCE = exact(32)
RECORD_KEY = exact(128, "utf8mb4")
METERED = exact(16)
CURRENCY = exact(3)
PLAN_CODE = exact(32)
DIGEST = sa.LargeBinary(32).with_variant(mysql.VARBINARY(32), "mysql", "mariadb")

DROPPED_IN_ORDER = (
    "unbilled_sums",
    "idempotency",
    "incarnations",
    "reservations",
    "ledger_lines",
    "ledger_day_vins",
    "ledger_days",
    "usage_records",
    "ledger_accounts",
)

# All columns but those that change when a record key is erased.
FIXED = (
    "account_id", "sequence", "id", "at", "day", "key_id", "resource", "metered", "units",
    "unit_price", "currency", "plan_code", "plan_version", "request_id", "requests", "vins",
    "voids", "group_first", "pepper_id", "mac",
)  # fmt: skip


def _is_erasure(same: str) -> str:
    """Return the condition that only a record key is erased; `same` compares, null with null."""
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in FIXED)
    return (
        "NEW.record_key IS NULL AND NEW.key_digest IS NOT NULL AND OLD.record_key IS NOT NULL"
        f" AND OLD.key_digest IS NULL AND {kept}"
    )


_REFUSED = "usage_records is insert-only"
_SQLITE_REFUSAL = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
_MYSQL_REFUSAL = f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{_REFUSED}'"
_MYSQL_GUARDS = (
    f"""CREATE TRIGGER usage_records_no_update BEFORE UPDATE ON usage_records FOR EACH ROW
    IF NOT ({_is_erasure("<=>")}) THEN {_MYSQL_REFUSAL}; END IF""",
    f"""CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records FOR EACH ROW
    {_MYSQL_REFUSAL}""",
)
GUARDS = {
    # SQLite would also replace one (INSERT OR REPLACE): every connection of ours has its recursive
    # triggers on, so that this counts as a DELETE. A trigger on INSERT would cost a third of a row.
    "sqlite": (
        f"""CREATE TRIGGER usage_records_no_update BEFORE UPDATE ON usage_records
        WHEN NOT ({_is_erasure("IS")}) {_SQLITE_REFUSAL}""",
        f"CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records {_SQLITE_REFUSAL}",
    ),
    "postgresql": (
        f"""CREATE FUNCTION usage_records_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$""",
        f"""CREATE TRIGGER usage_records_no_update BEFORE UPDATE ON usage_records FOR EACH ROW
        WHEN (NOT ({_is_erasure("IS NOT DISTINCT FROM")}))
        EXECUTE FUNCTION usage_records_refuse()""",
        """CREATE TRIGGER usage_records_no_delete BEFORE DELETE OR TRUNCATE ON usage_records
        FOR EACH STATEMENT EXECUTE FUNCTION usage_records_refuse()""",
    ),
    "mysql": _MYSQL_GUARDS,
    "mariadb": _MYSQL_GUARDS,
}
# A trigger goes with its table, the function of PostgreSQL does not.
UNGUARDS = {"postgresql": ("DROP FUNCTION usage_records_refuse()",)}


def upgrade() -> None:
    _create_records()
    _create_counters()
    _create_reservations()
    _create_others()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in DROPPED_IN_ORDER:
        op.drop_table(table)
    for statement in UNGUARDS.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def _create_records() -> None:
    op.create_table(
        "usage_records",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("key_id", exact(128), nullable=True),
        sa.Column("resource", RESOURCE, nullable=False),
        sa.Column("record_key", RECORD_KEY, nullable=True),
        sa.Column("metered", METERED, nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", CURRENCY, nullable=False),
        sa.Column("plan_code", PLAN_CODE, nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("request_id", exact(128, "utf8mb4"), nullable=False),
        sa.Column("requests", sa.SmallInteger(), nullable=False),
        sa.Column("vins", sa.SmallInteger(), nullable=False),
        sa.Column("voids", sa.BigInteger(), nullable=True),
        sa.Column("group_first", sa.BigInteger(), nullable=False),
        sa.Column("pepper_id", exact(8), nullable=False),
        sa.Column("mac", DIGEST, nullable=False),
        sa.Column("key_digest", DIGEST, nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ux_usage_records_id", "usage_records", ["id"], unique=True)
    voids = sa.text("voids IS NOT NULL")
    op.create_index(
        "ux_usage_records_voids",
        "usage_records",
        ["account_id", "voids"],
        unique=True,
        sqlite_where=voids,
        postgresql_where=voids,
    )


def _create_counters() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("head", DIGEST, nullable=False),
        sa.Column("billed_to", sa.BigInteger(), nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_days",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("vins", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_day_vins",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("vin", RECORD_KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_day_vins_day", "ledger_day_vins", ["day"])
    op.create_table(
        "ledger_lines",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("currency", CURRENCY, primary_key=True),
        sa.Column("resource", RESOURCE, primary_key=True),
        sa.Column("metered", METERED, primary_key=True),
        sa.Column("unit_price", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("plan_code", PLAN_CODE, primary_key=True),
        sa.Column("plan_version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )


def _create_reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("id", ID, primary_key=True),
        sa.Column("incarnation", ID, nullable=False),
        sa.Column("deadline", sa.Double(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("vin", RECORD_KEY, nullable=True),
        sa.Column("requests", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", CURRENCY, nullable=False),
        sa.Column("idempotency_key", exact(255, "utf8mb4"), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "incarnations",
        sa.Column("id", ID, primary_key=True),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sqlite_with_rowid=False,
    )


def _create_others() -> None:
    op.create_table(
        "idempotency",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("idempotency_key", exact(255, "utf8mb4"), primary_key=True),
        sa.Column("resource", RESOURCE, nullable=False),
        sa.Column("record_key", RECORD_KEY, nullable=False),
        sa.Column("etag", exact(128), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("is_repeated", sa.SmallInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_idempotency_sequence", "idempotency", ["account_id", "sequence"])
    op.create_index("ix_idempotency_expires_at", "idempotency", ["expires_at"])
    op.create_table(
        "unbilled_sums",
        sa.Column("minute", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("account_id", exact(128), primary_key=True),
        sa.Column("resource", RESOURCE, primary_key=True),
        sa.Column("metered", METERED, primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
