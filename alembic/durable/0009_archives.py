"""
Archives: ranges of usage records that were moved to files.

A row of `ledger_archives` stands for the records of an account from `first_sequence` to
`last_sequence`, which are in `file`. `days` has what they add to `ledger_days`, as JSON: a list of
day, requests and vehicles; `statements` is a digest of the statements that cover them; `mac` seals
the row under the secret that `pepper_id` names. It is added when the file is on disk, and from then
on the database lets these records be removed, and no others.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0009"
down_revision = "durable_0008"
branch_labels = None
depends_on = None


def exact(length: int) -> sa.String:
    """Return a text whose order and equality are those of its characters' codes."""
    plain = mysql.VARCHAR(length, charset="ascii", collation="ascii_bin")
    return (
        sa.String(length)
        .with_variant(plain, "mysql", "mariadb")
        .with_variant(sa.String(length, collation="C"), "postgresql")
    )


DIGEST = sa.LargeBinary(32).with_variant(mysql.VARBINARY(32), "mysql", "mariadb")
LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")

_RECORDS_REFUSED = "usage_records is insert-only"
_REFUSED = "ledger_archives is insert-only"
_IS_ARCHIVED = (
    "EXISTS (SELECT 1 FROM ledger_archives WHERE account_id = OLD.account_id"
    " AND first_sequence <= OLD.sequence AND last_sequence >= OLD.sequence)"
)


def _signal(text: str) -> str:
    return f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{text}'"


def _abort(text: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{text}'); END"


_MYSQL_GUARDS = (
    "DROP TRIGGER usage_records_no_delete",
    f"""CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records FOR EACH ROW
    IF NOT {_IS_ARCHIVED} THEN {_signal(_RECORDS_REFUSED)}; END IF""",
    f"""CREATE TRIGGER ledger_archives_no_update BEFORE UPDATE ON ledger_archives FOR EACH ROW
    {_signal(_REFUSED)}""",
    f"""CREATE TRIGGER ledger_archives_no_delete BEFORE DELETE ON ledger_archives FOR EACH ROW
    {_signal(_REFUSED)}""",
)
_MYSQL_UNGUARDS = (
    "DROP TRIGGER usage_records_no_delete",
    f"""CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records FOR EACH ROW
    {_signal(_RECORDS_REFUSED)}""",
)
GUARDS = {
    "sqlite": (
        "DROP TRIGGER usage_records_no_delete",
        f"""CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records
        WHEN NOT {_IS_ARCHIVED} {_abort(_RECORDS_REFUSED)}""",
        f"""CREATE TRIGGER ledger_archives_no_update BEFORE UPDATE ON ledger_archives
        {_abort(_REFUSED)}""",
        f"""CREATE TRIGGER ledger_archives_no_delete BEFORE DELETE ON ledger_archives
        {_abort(_REFUSED)}""",
    ),
    "postgresql": (
        "DROP TRIGGER usage_records_no_delete ON usage_records",
        """CREATE TRIGGER usage_records_no_truncate BEFORE TRUNCATE ON usage_records
        FOR EACH STATEMENT EXECUTE FUNCTION usage_records_refuse()""",
        f"""CREATE FUNCTION usage_records_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NOT {_IS_ARCHIVED} THEN RAISE EXCEPTION '{_RECORDS_REFUSED}'; END IF;
        RETURN OLD; END $$""",
        """CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records
        FOR EACH ROW EXECUTE FUNCTION usage_records_refuse_delete()""",
        f"""CREATE FUNCTION ledger_archives_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$""",
        """CREATE TRIGGER ledger_archives_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE
        ON ledger_archives FOR EACH STATEMENT EXECUTE FUNCTION ledger_archives_refuse()""",
    ),
    "mysql": _MYSQL_GUARDS,
    "mariadb": _MYSQL_GUARDS,
}
UNGUARDS = {
    "sqlite": (
        "DROP TRIGGER usage_records_no_delete",
        f"""CREATE TRIGGER usage_records_no_delete BEFORE DELETE ON usage_records
        {_abort(_RECORDS_REFUSED)}""",
    ),
    "postgresql": (
        "DROP TRIGGER usage_records_no_delete ON usage_records",
        "DROP TRIGGER usage_records_no_truncate ON usage_records",
        "DROP FUNCTION usage_records_refuse_delete()",
        """CREATE TRIGGER usage_records_no_delete BEFORE DELETE OR TRUNCATE ON usage_records
        FOR EACH STATEMENT EXECUTE FUNCTION usage_records_refuse()""",
    ),
    "mysql": _MYSQL_UNGUARDS,
    "mariadb": _MYSQL_UNGUARDS,
}
# A trigger goes with its table, the function of PostgreSQL does not.
LEFT_OVER = {"postgresql": ("DROP FUNCTION ledger_archives_refuse()",)}


def upgrade() -> None:
    op.create_table(
        "ledger_archives",
        sa.Column("account_id", exact(26), primary_key=True),
        sa.Column("last_sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("first_sequence", sa.BigInteger(), nullable=False),
        sa.Column("previous_head", DIGEST, nullable=False),
        sa.Column("head", DIGEST, nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("days", LONG_TEXT, nullable=False),
        sa.Column("statements", DIGEST, nullable=False),
        sa.Column("archived_at", sa.Double(), nullable=False),
        sa.Column("pepper_id", exact(8), nullable=False),
        sa.Column("mac", DIGEST, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
    )
    op.create_index(
        "ux_ledger_archives_first", "ledger_archives", ["account_id", "first_sequence"], unique=True
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in UNGUARDS[dialect]:
        op.execute(statement)
    op.drop_table("ledger_archives")
    for statement in LEFT_OVER.get(dialect, ()):
        op.execute(statement)
