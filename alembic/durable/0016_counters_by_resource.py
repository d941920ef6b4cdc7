"""
Daily counters by resource, and distinct records of more than vehicles.

`ledger_days` counts each resource of a day on a row of its own; what was counted before is under
the empty name. A row of `ledger_day_vins` names the space of keys of its record, `vin` for those
that there are, and the record of the ledger that saw it first, 0 where that is not known. A
reservation names the resource that it is for. A notice names the resource whose quota it tells of,
the empty one for the limits of the account.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0016"
down_revision = "durable_0015"
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
WORD = exact(32)
AMOUNT = exact(40)
RECORD_KEY = exact(128, "utf8mb4")
CHANNELS = ("mail", "webhook")
COPY = "copy_of_"


NOTICE = "account_id, kind, period, percent, id, at, used, most, currency, " + ", ".join(
    f"{channel}_{name}"
    for channel in CHANNELS
    for name in ("state", "tries", "due_at", "status", "reason", "done_at")
)


def upgrade() -> None:
    _make_days(sa.Column("resource", WORD, primary_key=True))
    days = "account_id, day, requests, vins"
    _fill("ledger_days", f"{days}, resource", f"{days}, '' FROM ledger_days")
    _make_seen(
        sa.Column("space", WORD, primary_key=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
    )
    seen = "account_id, day, vin"
    _fill("ledger_day_vins", f"{seen}, space, sequence", f"{seen}, 'vin', 0 FROM ledger_day_vins")
    op.create_index("ix_ledger_day_vins_day", "ledger_day_vins", ["day"])
    op.add_column("reservations", sa.Column("resource", WORD, nullable=False, server_default=""))
    op.add_column("reservations", sa.Column("space", WORD))
    op.execute("UPDATE reservations SET space = 'vin' WHERE vin IS NOT NULL")
    _make_notices(sa.Column("resource", WORD, primary_key=True))
    _fill("notices", f"{NOTICE}, resource", f"{NOTICE}, '' FROM notices")
    _index_notices()


def downgrade() -> None:
    _make_days()
    days = "account_id, day, SUM(requests), SUM(vins) FROM ledger_days GROUP BY account_id, day"
    _fill("ledger_days", "account_id, day, requests, vins", days)
    _make_seen()
    seen = "account_id, day, vin"
    _fill("ledger_day_vins", seen, f"DISTINCT {seen} FROM ledger_day_vins")
    op.create_index("ix_ledger_day_vins_day", "ledger_day_vins", ["day"])
    with op.batch_alter_table("reservations") as reservations:
        reservations.drop_column("space")
        reservations.drop_column("resource")
    _make_notices()
    _fill("notices", NOTICE, f"{NOTICE} FROM notices WHERE resource = ''")
    _index_notices()


def _make_days(*more: sa.Column[str]) -> None:
    op.create_table(
        f"{COPY}ledger_days",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        *more,
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("vins", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )


def _make_seen(*more: sa.Column[str] | sa.Column[int]) -> None:
    op.create_table(
        f"{COPY}ledger_day_vins",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("vin", RECORD_KEY, primary_key=True),
        *more,
        sqlite_with_rowid=False,
    )


def _make_notices(*more: sa.Column[str]) -> None:
    op.create_table(
        f"{COPY}notices",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("kind", WORD, primary_key=True),
        *more,
        sa.Column("period", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("percent", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("used", AMOUNT, nullable=False),
        sa.Column("most", AMOUNT, nullable=False),
        sa.Column("currency", sa.String(3), nullable=True),
        *(column for channel in CHANNELS for column in _delivery(channel)),
    )


def _delivery(channel: str) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(f"{channel}_state", WORD, nullable=False),
        sa.Column(f"{channel}_tries", sa.SmallInteger(), nullable=False),
        sa.Column(f"{channel}_due_at", sa.Double(), nullable=True),
        sa.Column(f"{channel}_status", sa.SmallInteger(), nullable=True),
        sa.Column(f"{channel}_reason", WORD, nullable=True),
        sa.Column(f"{channel}_done_at", sa.Double(), nullable=True),
    )


def _index_notices() -> None:
    op.create_index("ux_notices_id", "notices", ["id"], unique=True)
    op.create_index("ix_notices_account", "notices", ["account_id", "id"])
    for channel in CHANNELS:
        op.create_index(f"ix_notices_{channel}_due", "notices", [f"{channel}_due_at"])


def _fill(table: str, columns: str, chosen: str) -> None:
    """Fill the copy of a table, and let it take the table's place."""
    op.execute(f"INSERT INTO {COPY}{table} ({columns}) SELECT {chosen}")
    op.drop_table(table)
    op.rename_table(f"{COPY}{table}", table)
